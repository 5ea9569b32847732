"""The form behind *Share to channel*: where to, who reads along there, and what exactly will be seen."""

import json
from collections.abc import Mapping
from typing import Any

from handlers.audience import Audience
from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    bullets,
    button,
    context,
    divider,
    header,
    plain,
    rich,
    said,
    section,
    words,
)
from handlers.views.table import whose_use
from handlers.views.tiles import tiles
from reporting_core.words.query import Key, Vocabulary
from reporting_core.words.report import UsageReport

CALLBACK = "share"
WHERE = "share_where"
EXAMPLES = 3
"""Rows of the preview."""


def loading() -> Block:
    """Return the form's frame, shown at once while the report is made."""
    return _view([section(plain(label("share.loading")))], {}, submit=False)


def form(report: UsageReport, audience: Audience | None, reference: Mapping[str, str]) -> Block:
    """Return the form: the place, who reads along, a preview. It can be sent only where something may be posted."""
    kept = dict(reference) | ({"c": audience.place.channel} if audience else {})
    if audience is None:
        return _view([_where(""), context(plain(label("share.choose")))], kept, submit=False)
    told = [_where(audience.place.channel), context(plain(reading_along(audience)))]
    if not may_post(report, audience):
        reason = [] if not audience.can_be_told else [section(plain(sentence("share_person")))]
        return _view([*told, *reason], kept, submit=False)
    return _view([*told, divider(), *_preview(report, audience)], kept, submit=True)


def may_post(report: UsageReport, audience: Audience) -> bool:
    """Tell whether anything of a report may stand there: the totals of one person are that person's data."""
    return audience.may_see_rows or (audience.can_be_told and not report.query.of(Key.USER))


def reading_along(audience: Audience) -> str:
    """Say who reads along, and what follows from it."""
    return sentence("guard", why=str(audience.why), barred=audience.barred, place=_named(audience))


def sharing() -> Block:
    """Return the frame while the message is posted."""
    return _view([section(plain(label("share.sharing")))], {}, submit=False)


def shared(audience: Audience, token: str) -> Block:
    """Say that it was posted, and let it be taken back."""
    back = button("share_undo", label("share.undo"), buttons.value(k=token), style="danger")
    text = sentence("shared", place=_named(audience), rows=audience.may_see_rows)
    return _view([section(plain(text)), actions("share_undo", [back])], {}, submit=False)


def attributed(message: Message, user_id: str) -> Message:
    """Return a message that says who shared it, since it stands there in the bot's name."""
    by = context({"type": "mrkdwn", "text": sentence("shared_by", user=user_id), "verbatim": True})
    return Message(
        message.text,
        (*message.blocks, by),
        attributed(message.fallback, user_id) if message.fallback and message.fallback is not message else None,
    )


def names(report: UsageReport) -> Vocabulary:
    """Return the names that the selects of a shared message offer: only those that stand in it anyway."""
    both = {(row.team, row.product) for row in report.rows}
    teams, products = ({each[place] for each in both} for place in (0, 1))
    return Vocabulary(tuple(sorted(teams)), tuple(sorted(products)))


def chosen(view: Mapping[str, Any]) -> str:
    """Return the channel that is chosen in a form, '' where none is."""
    values = (view.get("state") or {}).get("values") or {}
    picked = (values.get(WHERE) or {}).get(WHERE) or {}
    return str(picked.get("selected_conversation") or kept(view).get("c") or "")


def kept(view: Mapping[str, Any]) -> dict[str, object]:
    """Return what a form carries: its question, and the channel it was opened for."""
    return buttons.parts_of(str(view.get("private_metadata") or ""))


def _named(audience: Audience) -> str:
    return f"#{wording.shown(audience.place.name, 80)}"


def _preview(report: UsageReport, audience: Audience) -> list[Block]:
    title = f"{wording.shown(whose_use(report), 80)} · {wording.dates(report.period)} (UTC)"
    seen = sentence("share_seen", rows=audience.may_see_rows, report=report)
    return [header(title), *tiles(report), section(plain(seen)), *(_rows(report) if audience.may_see_rows else [])]


def _rows(report: UsageReport) -> list[Block]:
    some = [
        words(
            said(f"{wording.shown(row.person, 60)} · {wording.shown(row.product, 60)} · {wording.status(row.status)}")
        )
        for row in report.rows[:EXAMPLES]
    ]
    return [rich(bullets(some))] if some else []


def _where(channel: str) -> Block:
    element: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": WHERE,
        "placeholder": plain(label("share.where")),
        # No direct messages: there the answer stands already.
        "filter": {"include": ["public", "private"]},
    }
    initial = {"initial_conversation": channel} if channel else {}
    return section(plain(label("share.to")), accessory=element | initial) | {"block_id": WHERE}


def _view(blocks: list[Block], metadata: Mapping[str, object], *, submit: bool) -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(label("share.title")),
        "close": plain(label("share.close")),
        "private_metadata": json.dumps(dict(metadata), ensure_ascii=False),
        "blocks": blocks,
    }
    return view | ({"submit": plain(label("share.submit"))} if submit else {})
