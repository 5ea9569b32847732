"""Seats: who administers a team changes its seats, and asks the owners of groups; any admin may stop, owners alone
start and set rules; guests, strangers and whoever left get nothing (features.md §6 and §9, domain.md §5)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chaos.acts import Names, Theme, Try
from chaos.rights import QUESTION, REASON, Stage
from handlers.views import exempt_form
from handlers.views.seats import CALLBACK
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.usecases.seats.requesting import Press
from reporting_core.words.people import Asker
from tests.company import TODAY

_TABLE = """
                  own pri sec sso els con use rep gue str dea
look               +   +   +   +   -   -   -   -   -   -   -
take               +   +   +   +   -   -   -   -   -   -   -
second             +   +   +   +   -   -   -   -   -   -   -
decline            +   +   +   +   -   -   -   -   -   -   -
undo               +   +   +   +   -   -   -   -   -   -   -
settle             +   +   +   +   -   -   -   -   -   -   -
settle as not      +   +   +   +   -   -   -   -   -   -   -
task done          +   +   +   +   -   -   -   -   -   -   -
task declined      +   +   +   +   -   -   -   -   -   -   -
request            +   +   +   +   -   -   -   -   -   -   -
exempt             +   +   +   +   -   -   -   -   -   -   -
exempting form     +   +   +   +   +   -   -   -   -   -   -
unexempt           +   +   +   +   -   -   -   -   -   -   -
end exemption      +   +   +   +   -   -   -   -   -   -   -
stop               +   +   +   +   +   -   -   -   -   -   -
allow              +   -   -   -   -   -   -   -   -   -   -
audit              +   +   +   +   -   -   -   -   -   -   -
"""
_COMMANDS = {
    "look": f"unassign {QUESTION}",
    "second": "unassign second {batch}",
    "undo": "undo {token}",
    "exempt": f"exempt {QUESTION} until=2026-12-24 reason={REASON}",
    "stop": "unassign off",
    "allow": "unassign on",
    "audit": "audit",
}
_BUTTONS = {
    "look": ("unassign_row", '{{"a":{seat}}}'),
    "second": ("seats_second", '{{"b":"{batch}"}}'),
    "decline": ("seats_decline", '{{"b":"{batch}"}}'),
    "undo": ("seats_undo", '{{"t":"{token}"}}'),
    "settle": ("seats_settled", '{{"t":"{token}"}}'),
    "settle as not": ("seats_not_settled", '{{"t":"{token}"}}'),
    "task done": ("seat_task_done", '{{"t":"{token}"}}'),
    "task declined": ("seat_task_declined", '{{"t":"{token}"}}'),
    "request": ("seat_request", '{{"a":"{grouped}"}}'),
    "exempting form": ("exempt_form", "{{}}"),
    "unexempt": ("exempt_undo", '{{"x":"{token}"}}'),
    "end exemption": ("exempt_end_0", '{{"x":"{token}"}}'),
    "stop": ("seats_stop", "{{}}"),
    "allow": ("seats_go", "{{}}"),
    "audit": ("audit_newer", '{{"q":""}}'),
}
_FORMS = {"take": CALLBACK, "exempt": exempt_form.CALLBACK}
_ENDED = "SELECT 1 FROM seat_actions WHERE state <> 'person'"
_EFFECTS = {
    "take": "SELECT 1 FROM seat_actions WHERE change = 'unassign' AND state <> 'refused'",
    "second": "SELECT 1 FROM seat_actions WHERE state <> 'second'",
    "decline": "SELECT 1 FROM seat_actions WHERE state <> 'second'",
    "undo": "SELECT 1 FROM seat_actions WHERE change = 'assign'",
    "settle": _ENDED,
    "settle as not": _ENDED,
    "task done": _ENDED,
    "task declined": _ENDED,
    "request": "SELECT 1 FROM audit_rows WHERE kind = 'request_sent'",
    "exempt": "SELECT 1 FROM exemptions",
    "unexempt": "SELECT 1 FROM exemptions WHERE removed_at IS NOT NULL",
    "end exemption": "SELECT 1 FROM exemptions WHERE removed_at IS NOT NULL",
}


async def _set_up(here: Stage, act: str, _actor: str) -> Names:
    """Bring about what the act is about."""
    core, found = here.core, {"token": "none", "batch": "none", "seat": here.seat, "grouped": here.grouped}
    match act:
        case "second" | "decline":
            await core.seats.set_policy(core.operator, "second_above", "0")
            found["token"] = await here.begun()
        case "undo":
            found["token"] = await here.begun(done=True)
        case "settle" | "settle as not" | "task done" | "task declined":
            found["token"] = await here.begun()
            here.write("UPDATE seat_actions SET state = 'person'")
        case "unexempt" | "end exemption" | "audit":
            found["token"] = await here.exempted()
        case "allow":
            await core.seats.set_policy(core.operator, "switched_on", "off")
    found["batch"] = next(iter(here.read("SELECT batch FROM seat_actions")), "none")
    return found


async def _happened(tried: Try) -> bool:
    match tried.act:
        case "look":
            # The form, not a report: who reads reports may be shown one by a sentence.
            return "Canary Lee" in tried.in_forms
        case "exempting form":
            return exempt_form.CALLBACK in tried.in_forms
        case "audit":
            return REASON in tried.said
        case "stop" | "allow":
            return (await tried.here.core.seats.policy()).switched_on == (tried.act == "allow")
    return bool(tried.here.read(_EFFECTS[tried.act]))


async def _by_core(tried: Try, asker: Asker) -> bool:
    found = await _calls(tried, asker)[tried.act]()
    if tried.act == "look":
        return any(each.allowed for each in found)
    return tried.act == "audit" and REASON in str(found)


def _calls(tried: Try, asker: Asker) -> dict[str, Callable[[], Awaitable[Any]]]:
    here, core, names = tried.here, tried.here.core, tried.names
    press = Press(asker, f"core {next(here.numbers)}", [here.grouped])
    return {
        "look": lambda: core.seats.preview(asker, [here.seat]),
        "take": lambda: core.seats.confirm(asker, f"core {next(here.numbers)}", [(here.seat, here.print)]),
        "second": lambda: core.seats.second(asker, names["batch"]),
        "decline": lambda: core.seats.decline(asker, names["batch"]),
        "undo": lambda: core.seats.undo(asker, names["token"]),
        "settle": lambda: core.seats.settle(asker, names["token"], done=True),
        "settle as not": lambda: core.seats.settle(asker, names["token"], done=False),
        "task done": lambda: core.tasks.close(asker, names["token"], done=True),
        "task declined": lambda: core.tasks.close(asker, names["token"], done=False),
        "request": lambda: core.requests.begin(press, ["UOWNER"]),
        "exempt": lambda: core.seats.exempt(asker, _wish(here)),
        "unexempt": lambda: core.seats.unexempt(asker, names["token"]),
        "end exemption": lambda: core.seat_rules.unexempt(asker, names["token"]),
        "stop": lambda: core.seats.set_policy(asker, "switched_on", "off"),
        "allow": lambda: core.seats.set_policy(asker, "switched_on", "on"),
        "audit": lambda: core.audit.page(asker, ""),
    }


def _wish(here: Stage) -> Wish:
    ((team, person),) = here.rows(f"SELECT team_id, person_id FROM assignments WHERE id = {here.seat}")
    return Wish(team, person, None, TODAY.replace(month=12), REASON)


def _form(tried: Try) -> Mapping[str, Any]:
    """Return the form that is sent: drawn for somebody else, or filled in by hand."""
    if tried.act == "take":
        return {**tried.here.form, "state": {"values": {}}}
    filled = {
        exempt_form.WHO: {"value": QUESTION},
        exempt_form.UNTIL: {"selected_date": "2026-12-24"},
        exempt_form.REASON: {"value": REASON},
    }
    return {
        "callback_id": exempt_form.CALLBACK,
        "state": {"values": {name: {name: each} for name, each in filled.items()}},
    }


_NOT_IN_CORE = frozenset({"exempting form"})

SEATS = Theme(_TABLE, _NOT_IN_CORE, frozenset(), _COMMANDS, _BUTTONS, _FORMS, _set_up, _form, _by_core, _happened)
