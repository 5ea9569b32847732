"""What comes by itself: whoever may see reports subscribes; a schedule is its subscriber's and the owners' alone; what
nobody has is taken over by owners, who alone set alerts; a digest's rows are for who administers their team
(features.md §8 and §9, decisions of 2026-11-26)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from chaos.acts import Names, Theme, Try
from chaos.rights import USERS, Stage
from handlers import posting
from handlers.digest_content import Content, packed
from handlers.views import schedule_form
from reporting_core.words.alerts import AlertKind
from reporting_core.words.digests import Digest, DigestWish
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Rhythm
from tests.company import NOW, TODAY

SUBSCRIBER, LEFT = "primary admin", "ULEFT"
QUESTION, ZONE = "team=Design", "Europe/Berlin"
HEIR, OUTSIDER = USERS["reporter"], USERS["guest"]
"""To whom a schedule is handed over: somebody who may have it, and somebody who may not."""

# All but *own*, where it is one's own, are about a schedule of the primary admin's about Design.
_TABLE = """
                  own pri sec sso els con use rep gue str dea
subscribe          +   +   +   +   -   -   -   +   -   -   -
own                +   +   +   +   -   -   -   +   -   -   -
pause              +   +   -   -   -   -   -   -   -   -   -
resume             +   +   -   -   -   -   -   -   -   -   -
edit               +   +   -   -   -   -   -   -   -   -   -
hand over          +   +   -   -   -   -   -   -   -   -   -
hand to outsider   -   -   -   -   -   -   -   -   -   -   -
send now           +   +   -   -   -   -   -   -   -   -   -
unsubscribe        +   +   -   -   -   -   -   -   -   -   -
preview            +   +   -   -   -   -   -   -   -   -   -
manage             +   +   -   -   -   -   -   -   -   -   -
of everybody       +   -   -   -   -   -   -   -   -   -   -
take over          +   -   -   -   -   -   -   -   -   -   -
send again         +   +   -   -   -   -   -   -   -   -   -
it arrived         +   +   -   -   -   -   -   -   -   -   -
keep               +   +   +   +   -   -   -   -   -   -   -
unassign from it   +   +   +   +   -   -   -   -   -   -   -
send alert         +   -   -   -   -   -   -   -   -   -   -
alert on           +   -   -   -   -   -   -   -   -   -   -
alert off          +   -   -   -   -   -   -   -   -   -   -
alert threshold    +   -   -   -   -   -   -   -   -   -   -
alert place        +   -   -   -   -   -   -   -   -   -   -
"""
_COMMANDS = {
    "subscribe": f"subscribe {QUESTION} weekly mon 9:00 me",
    "own": "send now {own}",
    "pause": "pause {token}",
    "resume": "resume {token}",
    "edit": "edit {token} daily 7:30",
    "hand over": f"hand over {{token}} <@{HEIR}>",
    "hand to outsider": f"hand over {{token}} <@{OUTSIDER}>",
    "send now": "send now {token}",
    "unsubscribe": "unsubscribe {token}",
    "preview": "preview {token}",
    "manage": "subscriptions {token}",
    "of everybody": "subscriptions all",
    "alert on": "alerts tokens_low on",
    "alert off": "alerts tokens_low off",
    "alert threshold": "alerts tokens_low 15",
    "alert place": "alerts tokens_low <#C2>",
}
_TOKEN, _KEY, _ROW = '{{"s":"{token}"}}', '{{"k":"{key}"}}', '{{"a":{seat},"d":"{key}"}}'
_BUTTONS = {
    "own": ("schedule_send", '{{"s":"{own}"}}'),
    "pause": ("schedule_pause", _TOKEN),
    "resume": ("schedule_resume", _TOKEN),
    "edit": ("schedule_edit", _TOKEN),
    "send now": ("schedule_send", _TOKEN),
    "unsubscribe": ("schedule_end", _TOKEN),
    "preview": ("schedule_preview", _TOKEN),
    "manage": ("schedule_manage", _TOKEN),
    "of everybody": ("schedules_earlier", '{{"o":0,"e":1}}'),
    "take over": ("schedule_take", _TOKEN),
    "send again": ("post_again", _KEY),
    "it arrived": ("post_arrived", _KEY),
    "send alert": ("post_now", _KEY),
    "keep": ("digest_keep", _ROW),
    "unassign from it": ("unassign_row", _ROW),
    "alert on": ("alert_on_tokens_low", "tokens_low"),
    "alert off": ("alert_off_tokens_low", "tokens_low"),
}
_FORMS = dict.fromkeys(("subscribe", "edit", "hand over", "hand to outsider"), schedule_form.CALLBACK)
_SENT = "SELECT 1 FROM posts WHERE kind = 'digest' AND state = 'posted'"
_EFFECTS = {
    "subscribe": "SELECT 1 FROM schedules WHERE owner = '{user}'",
    "own": _SENT,
    "pause": "SELECT 1 FROM schedules WHERE standing = 'paused'",
    "resume": "SELECT 1 FROM schedules WHERE standing = 'on'",
    "edit": "SELECT 1 FROM schedules WHERE cadence LIKE 'daily%'",
    "hand over": f"SELECT 1 FROM schedules WHERE owner = '{HEIR}'",
    "hand to outsider": f"SELECT 1 FROM schedules WHERE owner = '{OUTSIDER}'",
    "send now": _SENT,
    "unsubscribe": "SELECT 1 FROM schedules WHERE standing = 'ended'",
    "take over": "SELECT 1 FROM schedules WHERE owner = '{user}' AND standing = 'on'",
    "send again": "SELECT 1 FROM posts WHERE key = '{key}' AND state = 'due'",
    "it arrived": "SELECT 1 FROM posts WHERE key = '{key}' AND state = 'posted'",
    "keep": 'SELECT 1 FROM posts WHERE content LIKE \'%"kept":{{"{seat}"%\'',
    "send alert": "SELECT 1 FROM posts WHERE key = '{key}:now'",
    "alert on": 'SELECT 1 FROM alert_rules WHERE "on" = 1',
    "alert off": 'SELECT 1 FROM alert_rules WHERE "on" = 0',
    "alert threshold": "SELECT 1 FROM alert_rules WHERE threshold = 15",
    "alert place": "SELECT 1 FROM alert_rules WHERE channel = 'C2'",
}


async def _set_up(here: Stage, act: str, actor: str) -> Names:
    """Bring about a schedule of the primary admin's, and what else the act is about."""
    schedules, core = here.core.schedules, here.core
    names: Names = {"token": "none", "own": "none", "key": "none", "seat": here.seat}
    if act == "subscribe":
        return names
    whose = LEFT if act == "take over" else USERS[actor] if act == "own" else USERS[SUBSCRIBER]
    names["token"] = names["own"] = token = await _schedule(here, whose)
    match act:
        case "resume":
            await schedules.pause(core.operator, token)
        case "take over":
            await schedules.trouble(token, "rights")
        case "send again" | "it arrived":
            names["key"] = await _post(here, token, "state = 'handed'")
        case "keep" | "unassign from it":
            names["key"] = await _post(here, token, "state = 'posted', channel = 'D-U1', message_ts = '5.5'")
        case "send alert":
            names["key"] = "alert:1"
            await schedules.enqueue("alert:1", Kind.ALERT, "", "C2", NOW)
        case "alert on":
            await core.alerts.set_rule(core.operator, AlertKind.TOKENS_LOW, on=False)
    return names


async def _schedule(here: Stage, user: str) -> str:
    whoever = replace(here.base, slack_user_id=user)
    weekly = Cadence(Rhythm.WEEKLY)
    return (await here.core.schedules.subscribe(whoever, Kind.DIGEST, QUESTION, weekly, ZONE)).token


async def _post(here: Stage, token: str, became: str) -> str:
    """Have a digest asked for and say what became of it; returns its key."""
    await here.core.schedules.send_now(here.core.operator, token, "before")
    (key,) = here.read("SELECT key FROM posts")
    here.write(f"UPDATE posts SET {became}")
    post = await here.core.schedules.of_key(key)
    assert post is not None
    await here.core.schedules.keep_content(post, here.digest or await _drawn(here))
    return str(key)


async def _drawn(here: Stage) -> str:
    """Make the digest as it would have been sent, once for all tries; the seat waits in it."""
    made = (await here.core.digests.of([DigestWish("", here.base, QUESTION, None, TODAY)]))[""]
    assert isinstance(made, Digest)
    assert here.seat in {row.assignment_id for row in made.waiting.rows}
    here.digest = packed(Content(made))
    return here.digest


async def _happened(tried: Try) -> bool:
    about = f'"s":"{tried.names["token"]}"'
    match tried.act:
        case "preview" | "manage" | "of everybody":
            return about in tried.said
        case "edit" if about in tried.in_forms:
            return True  # filled in with it
        case "unassign from it":
            return "Canary Lee" in tried.in_forms
    statement = _EFFECTS[tried.act].format(user=tried.user, **tried.names)
    return bool(tried.here.read(statement))


async def _by_core(tried: Try, asker: Asker) -> bool:
    found = await _calls(tried, asker)[tried.act]()
    if tried.act == "of everybody":
        return any(each.token == tried.names["token"] for each in found)
    return tried.act == "manage"  # refused, it raises


def _calls(tried: Try, asker: Asker) -> dict[str, Callable[[], Awaitable[Any]]]:
    schedules, token = tried.here.core.schedules, tried.names["token"]
    rule = partial(tried.here.core.alerts.set_rule, asker, AlertKind.TOKENS_LOW)
    daily = Cadence(Rhythm.DAILY)
    return {
        "subscribe": lambda: schedules.subscribe(asker, Kind.DIGEST, QUESTION, Cadence(Rhythm.WEEKLY), ZONE),
        "own": lambda: _sent(tried, asker),
        "pause": lambda: schedules.pause(asker, token),
        "resume": lambda: schedules.resume(asker, token),
        "edit": lambda: schedules.edit(asker, token, cadence=daily),
        "hand over": lambda: schedules.hand_over(asker, token, HEIR),
        "send now": lambda: _sent(tried, asker),
        "unsubscribe": lambda: schedules.end(asker, token),
        "manage": lambda: schedules.history(asker, token),
        "of everybody": lambda: schedules.listed(asker, everyone=True),
        "take over": lambda: _taken_over(tried, asker),
        "alert on": lambda: rule(on=True),
        "alert off": lambda: rule(on=False),
        "alert threshold": lambda: rule(threshold=15),
        "alert place": lambda: rule(channel="C2"),
    }


async def _sent(tried: Try, asker: Asker) -> None:
    await tried.here.core.schedules.send_now(asker, tried.names["token"], "core")
    await posting.post_due(tried.here.bot.desk)


async def _taken_over(tried: Try, asker: Asker) -> None:
    await tried.here.core.schedules.hand_over(asker, tried.names["token"], tried.user)
    await tried.here.core.schedules.resume(asker, tried.names["token"])


def _form(tried: Try) -> Mapping[str, Any]:
    """Return the form of *Schedule…* as it is sent; but for a new one, it names the schedule and who is to have it."""
    chosen = {"kind": "digest", "rhythm": "weekly" if tried.act == "subscribe" else "daily", "weekday": "mon"}
    filled: dict[str, Any] = {name: {"selected_option": {"value": each}} for name, each in chosen.items()}
    filled |= {"place": {"selected_option": {"value": "me"}}}
    filled |= {name: {"value": each} for name, each in (("about", QUESTION), ("at", "7:30"), ("zone", ZONE))}
    to = {"hand over": HEIR, "hand to outsider": OUTSIDER}.get(tried.act)
    filled |= {"owner": {"selected_user": to}} if to else {}
    kept = "{}" if tried.act == "subscribe" else f'{{"s":"{tried.names["token"]}"}}'
    values = {name: {name: each} for name, each in filled.items()}
    return {"callback_id": schedule_form.CALLBACK, "private_metadata": kept, "state": {"values": values}}


_NOT_IN_CORE = frozenset(
    {"hand to outsider", "preview", "send again", "it arrived", "send alert", "keep", "unassign from it"}
)

_NOT_IN_FORMS = frozenset({"preview", "manage", "of everybody"})

SCHEDULES = Theme(_TABLE, _NOT_IN_CORE, _NOT_IN_FORMS, _COMMANDS, _BUTTONS, _FORMS, _set_up, _form, _by_core, _happened)
