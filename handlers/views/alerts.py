"""Alerts: one that is told, and the list of what is watched."""

from collections.abc import Sequence

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import Block, Message, button, context, header, mrkdwn, plain, section
from reporting_core.words.alerts import Alert, AlertItem, AlertKind, AlertRule

SHOWN = 8
"""Things named in one alert."""


def message(alert: Alert, *, aloud: bool = False) -> Message:
    """Return an alert: what began, with the report that helps."""
    title = label(f"alerts.{alert.kind}")
    items = alert.items[:SHOWN]
    lines = [_line(each) for each in items]
    more = alert.count - len(items)
    tail = [context(plain(label("alerts.more").format(count=wording.number(more))))] if more > 0 else []
    where = context(mrkdwn(sentence("alert_how", kind=alert.kind, aloud=aloud)))
    blocks = [
        header(f"🔔 {title}"),
        *(section(plain(line), accessory=_open(place, items[place])) for place, line in enumerate(lines)),
        *tail,
        where,
    ]
    text = "\n".join([f"🔔 {title}", *(wording.harmless(line, 600) for line in lines)])
    return Message(text, tuple(blocks), Message(text))


def rules(found: Sequence[AlertRule], changed: AlertKind | None = None, *, owner: bool) -> Message:
    """List what is watched, from when on and where it is told; an owner has a switch beside each."""
    blocks: list[Block] = [header(label("alerts.title"))]
    lines = []
    for rule in found:
        line = sentence("alert_rule", rule=rule, name=label(f"alerts.{rule.kind}"), changed=rule.kind == changed)
        lines.append(line)
        blocks.append(section(mrkdwn(line), accessory=_switch(rule) if owner else None))
    blocks += [context(mrkdwn(sentence("alerts_how")))] if owner else []
    text = "\n".join(lines)
    return Message(text, tuple(blocks), Message(text))


def _line(item: AlertItem) -> str:
    said = wording.shown(item.said, 600)
    return f"{wording.shown(item.team, 60)}: {said}" if item.team else said


def _open(index: int, item: AlertItem) -> Block | None:
    if not item.question or not buttons.fits(item.question):
        return None
    spoken = wording.shown(f"{label('digest.report')}: {item.team or item.said}", 75)
    return button(f"alert_report_{index}", label("digest.report"), buttons.value(q=item.question), spoken=spoken)


def _switch(rule: AlertRule) -> Block:
    name = "off" if rule.on else "on"
    text = label(f"alerts.turn_{name}")
    spoken = wording.shown(f"{text}: {label(f'alerts.{rule.kind}')}", 75)
    return button(f"alert_{name}_{rule.kind}", text, str(rule.kind), spoken=spoken)
