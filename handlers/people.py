"""`/usage people`: who of Slack is who in the account, for owners."""

import re

from handlers.desk import Visit
from handlers.sentences import sentence
from handlers.views import people
from reporting_core.words.errors import AskAgain

_LINK = re.compile(r"link\s+<@([UW][A-Z0-9]+)(?:\|[^>]*)?>\s+(\S+@\S+)\s*", re.IGNORECASE)
_GRANT = re.compile(r"reporter\s+(\S+@\S+)(?:\s+(.+))?", re.IGNORECASE)
_REMOVE = re.compile(r"remove\s+(?:<@(?P<id>[UW][A-Z0-9]+)(?:\|[^>]*)?>|(?P<email>\S+@\S+))", re.IGNORECASE)


async def show(visit: Visit, rest: str) -> None:
    """Show who is matched, after the change that was asked for, if any."""
    if rest.strip():
        await _change(visit, rest.strip())
    await visit.reply.say(people.people(await visit.desk.core.people(visit.asker)))


async def _change(visit: Visit, rest: str) -> None:
    core = visit.desk.core
    if link := _LINK.fullmatch(rest):
        await visit.soon(core.link(visit.asker, link[1].upper(), _address(link[2])))
    elif grant := _GRANT.fullmatch(rest):
        team = (grant[2] or "").strip().strip('"“”') or None
        await visit.soon(core.grant(visit.asker, _address(grant[1]), team))
    elif remove := _REMOVE.fullmatch(rest):
        who = (remove["id"] or "").upper() or _address(remove["email"])
        if not await visit.soon(core.take_back(visit.asker, who)):
            raise AskAgain(sentence("people_nothing"))
    else:
        raise AskAgain(sentence("people_how"))


def _address(typed: str) -> str:
    """Slack turns a typed e-mail into `<mailto:ann@example.com|ann@example.com>`."""
    return typed.removeprefix("<mailto:").split("|")[0].rstrip(">")
