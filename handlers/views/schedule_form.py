"""The form behind *Schedule…* and *Edit…*: what comes, how often, at what time, in which zone, where to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.sentences import label
from handlers.views import buttons, wording
from handlers.views.blocks import Block, field, option, plain, section
from reporting_core.words.schedules import WEEKDAYS, Cadence, Kind, Rhythm, Schedule

CALLBACK = "schedule_form"
KINDS = (Kind.DIGEST, Kind.EXPORT)
ME, CHANNEL = "me", "channel"

_RHYTHMS: Mapping[Rhythm, str] = {
    Rhythm.WEEKLY: "weekly",
    Rhythm.FORTNIGHTLY: "fortnightly",
    Rhythm.MONTHLY: "monthly",
    Rhythm.QUARTERLY: "quarterly",
    Rhythm.WEEKDAYS: "weekdays",
    Rhythm.DAILY: "daily",
    Rhythm.CRON: "cron",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form is filled in with. `token` is empty for a new schedule."""

    question: str
    cadence: Cadence
    zone: str
    channel: str = ""
    kind: Kind = Kind.DIGEST
    token: str = ""


def of(schedule: Schedule) -> Filled:
    """Return what a schedule fills the form in with."""
    about = (schedule.question, schedule.cadence, schedule.zone, schedule.channel)
    return Filled(*about, schedule.kind, schedule.token)


def loading() -> Block:
    """Return the form's frame, shown at once."""
    return _view([section(plain(label("schedules.form_loading")))], {}, submit=False)


def form(filled: Filled) -> Block:
    """Return the form filled in."""
    kind = [] if filled.token else [_needed(_select("kind", _kinds(), filled.kind))]
    owner = [_owner()] if filled.token else []
    blocks = [
        _needed(field("about", label("schedules.form_about"), _text("about", filled.question))),
        *kind,
        _needed(_select("rhythm", _rhythms(), filled.cadence.rhythm)),
        _hinted(_select("weekday", _weekdays(), WEEKDAYS[filled.cadence.weekday])),
        field("day", label("schedules.form_day"), _text("day", str(filled.cadence.day), 2), _hint("day")),
        field("at", label("schedules.form_at"), _text("at", f"{filled.cadence.at:%H:%M}", 10), _hint("at")),
        field("cron", label("schedules.form_cron"), _text("cron", filled.cadence.cron, 100), _hint("cron")),
        _needed(field("zone", label("schedules.form_zone"), _text("zone", filled.zone, 60))),
        _needed(_select("place", _places(), CHANNEL if filled.channel else ME)),
        _channel(filled.channel),
        *owner,
    ]
    return _view(blocks, {"s": filled.token, "c": filled.channel}, submit=True)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back with the form; none of it is trusted."""

    about: str
    kind: str
    rhythm: str
    weekday: str
    day: str
    at: str
    cron: str
    zone: str
    channel: str
    owner: str
    token: str
    wants_channel: bool = False

    @property
    def when(self) -> str:
        """The rhythm as it is typed."""
        if self.rhythm == Rhythm.CRON:
            return f'cron "{self.cron}"'
        which = {
            Rhythm.WEEKLY: self.weekday,
            Rhythm.FORTNIGHTLY: self.weekday,
            Rhythm.MONTHLY: self.day,
            Rhythm.QUARTERLY: self.day,
        }
        return " ".join(filter(None, (self.rhythm, which.get(Rhythm(self.rhythm), ""), self.at)))


def sent(view: Mapping[str, Any]) -> Sent:
    """Read the form."""
    values = _flat((view.get("state") or {}).get("values") or {})
    kept = buttons.parts_of(str(view.get("private_metadata") or ""))
    names = ("about", "kind", "rhythm", "weekday", "day", "at", "cron", "zone")
    rhythm = values.get("rhythm", "")
    read = {name: values.get(name, "").strip() for name in names}
    return Sent(
        **read | {"rhythm": rhythm if rhythm in set(Rhythm) else Rhythm.WEEKLY},
        channel=values.get("channel", "") if values.get("place") == CHANNEL else "",
        owner=values.get("owner", ""),
        token=str(kept.get("s") or ""),
        wants_channel=values.get("place") == CHANNEL,
    )


def _flat(state: Mapping[str, Any]) -> dict[str, str]:
    return {name: _one(element) for block in state.values() for name, element in block.items()}


def _one(element: Mapping[str, Any]) -> str:
    chosen = (element.get("selected_option") or {}).get("value")
    return str(
        chosen or element.get("selected_conversation") or element.get("selected_user") or element.get("value") or ""
    )


def _kinds() -> list[tuple[str, str]]:
    return [(each, label(f"schedules.form_kind_{each}")) for each in KINDS]


def _rhythms() -> list[tuple[str, str]]:
    return [(each, label(f"schedules.rhythm_{name}")) for each, name in _RHYTHMS.items()]


def _weekdays() -> list[tuple[str, str]]:
    return [(each, label(f"schedules.{each}")) for each in WEEKDAYS]


def _places() -> list[tuple[str, str]]:
    return [(each, label(f"schedules.form_place_{each}")) for each in (ME, CHANNEL)]


def _select(name: str, offered: Sequence[tuple[str, str]], chosen: str) -> Block:
    options = {value: option(wording.shown(text, 75), value) for value, text in offered}
    element = {"type": "static_select", "action_id": name, "options": [*options.values()]}
    return field(name, label(f"schedules.form_{name}"), element | {"initial_option": options[chosen]})


def _text(name: str, value: str, most: int = 1_000) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": name, "max_length": most}
    return element | ({"initial_value": value[:most]} if value else {})


def _channel(channel: str) -> Block:
    element: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": "channel",
        "filter": {"include": ["public", "private"]},
    }
    initial = {"initial_conversation": channel} if channel else {}
    return field("channel", label("schedules.form_channel"), element | initial)


def _owner() -> Block:
    element = {"type": "users_select", "action_id": "owner"}
    return field("owner", label("schedules.form_owner"), element, label("schedules.form_owner_hint"))


def _needed(block: Block) -> Block:
    return block | {"optional": False}


def _hinted(block: Block) -> Block:
    return block | {"hint": plain(_hint(str(block["block_id"])))}


def _hint(name: str) -> str:
    return label(f"schedules.form_{name}_hint")


def _view(blocks: list[Block], kept: Mapping[str, str], *, submit: bool) -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(label("schedules.form_title")),
        "close": plain(label("form.cancel" if submit else "form.close")),
        "private_metadata": buttons.value(**kept),
        "blocks": blocks,
    }
    return view | ({"submit": plain(label("schedules.form_save"))} if submit else {})
