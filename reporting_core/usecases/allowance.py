"""What an admin of some teams may load: exports of these teams alone, and none that says who somebody is.

An owner, and whoever runs commands on the bot's machine, may load everything.
"""

from collections.abc import Iterable, Iterator, Sequence

from reporting_core.storage.directory import Names
from reporting_core.storage.persons import People
from reporting_core.usecases.staging import Staged
from reporting_core.words.errors import NotAllowed
from reporting_core.words.names import fold
from reporting_core.words.people import Asker
from reporting_core.words.said import joined, say
from reporting_core.words.terms import Kind

FOR_OWNERS = {Kind.USERS: "Users", Kind.GROUPS: "Groups"}
"""Kinds that give roles, or that hold for all teams at once."""
SHOWN = 3
"""Names that a sentence lists."""


def teams_of(asker: Asker) -> frozenset[int] | None:
    """Return the teams whose data an asker may load, None for all. Raises `NotAllowed` where there are none."""
    if asker.owner:
        return None
    if not asker.administers:
        raise NotAllowed(
            say("Exports are loaded by admins of a team, each for their teams, and by owners of usagebot.")
        )
    return asker.administers


def check_files(files: Sequence[Staged], known: Names, allowed: frozenset[int]) -> None:
    """Refuse files that reach beyond the allowed teams. Raises `NotAllowed`; a new team needs an owner as well."""
    for file in files:
        if file.kind in FOR_OWNERS:
            raise NotAllowed(
                say(
                    "{file} is a {kind} export, which decides about all teams: "
                    "an owner of usagebot has to load it. Nothing was stored.",
                    file=file.name,
                    kind=FOR_OWNERS[file.kind],
                )
            )
        beyond = sorted({name for name in _teams(file) if known.ids.get(fold(name)) not in allowed})
        if beyond:
            raise NotAllowed(
                say(
                    "{file} holds rows of {teams}, and you are no admin there: export your own teams "
                    "alone, or ask an owner of usagebot to load it. Nothing was stored.",
                    file=file.name,
                    teams=_listed(beyond),
                )
            )


def check_people(people: People) -> None:
    """Refuse what would say anew who a known person is: roles follow e-mails and ids, also in other teams."""
    changed = len(people.renamed())
    if changed:
        raise NotAllowed(
            say(
                "These files give new e-mails or ids to {count} people of the account, which an owner of usagebot "
                "has to load. Nothing was stored.",
                count=changed,
            )
        )


def _teams(file: Staged) -> Iterator[str]:
    yield from (key.team for batch in file.batches for key in batch.keys)
    yield from (record.team for record in file.records)


def _listed(names: Iterable[str]) -> str:
    some = [f"“{name}”" for name in names]
    listed = joined(some[:SHOWN], ", ")
    beyond = len(some) - SHOWN
    return say("{names} and {count} more teams", names=listed, count=beyond) if beyond > 0 else listed
