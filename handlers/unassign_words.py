"""Words behind `/usage unassign` that are no question: the switch for everybody, and what an owner sets.

A team that is called like one of them is reached as `team="policy"`.
"""

from collections.abc import Awaitable, Callable, Mapping

from handlers import seats
from handlers.desk import Visit
from handlers.sentences import sentence
from handlers.views import seat_rules as view
from reporting_core.words.errors import AskAgain, NotAllowed

_NAME_AND_VALUE = 2


async def answer(visit: Visit, rest: str) -> None:
    """Answer `/usage unassign …`."""
    word, *more = rest.split()[: _NAME_AND_VALUE + 2] or [""]
    tell = _WORDS.get(word.casefold())
    if tell is None or (more and word.casefold() != "policy"):
        await seats.command(visit, rest)
    else:
        await tell(visit, more)


async def switch_off(visit: Visit, _more: list[str]) -> None:
    """Let nobody take seats back any more; any admin may, since nothing is lost by it."""
    await _switch(visit, on=False)


async def switch_on(visit: Visit, _more: list[str]) -> None:
    """Let admins take seats back again; for owners."""
    await _switch(visit, on=True)


async def policy(visit: Visit, more: list[str]) -> None:
    """Show what is set, after the change that was asked for, if any; for owners."""
    if not visit.asker.owner:
        raise NotAllowed(sentence("need_owner"))
    if len(more) not in {0, _NAME_AND_VALUE}:
        raise AskAgain(sentence("seat_policy_how"))
    rules = visit.desk.core.seat_rules
    if more:
        name, value = more
        await rules.set_policy(visit.asker, name.casefold(), value)
    await visit.reply.say(view.policy(await rules.standing(), changed=more[0].casefold() if more else ""))


async def _switch(visit: Visit, *, on: bool) -> None:
    rules = visit.desk.core.seat_rules
    before = await rules.standing()
    if before.policy.switched_on != on or (on and not visit.asker.owner):
        await rules.set_policy(visit.asker, "switched_on", "on" if on else "off")
        await visit.reply.say(view.switched(await rules.standing(), before=False))
    else:
        await visit.reply.say(view.switched(before, before=True))


_WORDS: Mapping[str, Callable[[Visit, list[str]], Awaitable[None]]] = {
    "off": switch_off,
    "on": switch_on,
    "policy": policy,
}
