"""Who may see which schedules and what became of them: their owner, and the owners of the account."""

from collections.abc import Iterable

from reporting_core.storage import post_rows as posts
from reporting_core.storage import schedule_rows as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.schedules.books import Books
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.names import storable
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.schedules import Post, Schedule, Standing, State


def listed(books: Books, asker: Asker, *, everyone: bool = False) -> list[Schedule]:
    """List the schedules that were not ended: one's own, or everybody's for an owner of the account."""
    if asker.account_id != books.account_id:
        return []
    if everyone and not asker.owner:
        raise NotAllowed(say("Only an owner of usagebot sees the schedules of everybody."))
    with books.store.reading() as connection:
        if everyone:
            return sql.living(connection, books.account_id)
        return sql.of_owner(connection, books.account_id, asker.slack_user_id)


def one(books: Books, asker: Asker, token: str) -> Schedule:
    """Return a schedule by its token or the beginning of it; also one that was ended."""
    with books.store.reading() as connection:
        return found(connection, books, asker, token)


def history(books: Books, asker: Asker, token: str, most: int) -> list[Post]:
    """List what became of the newest posts of a schedule, newest first."""
    with books.store.reading() as connection:
        schedule = found(connection, books, asker, token)
        return posts.history(connection, books.account_id, schedule.token, most)


def by_token(books: Books, tokens: Iterable[str]) -> dict[str, Schedule]:
    """Return schedules for the bot itself."""
    with books.store.reading() as connection:
        return sql.of_tokens(connection, books.account_id, tokens)


def last(books: Books, tokens: Iterable[str]) -> dict[str, Post]:
    """Return the newest post of each schedule that has one."""
    with books.store.reading() as connection:
        return posts.newest(connection, books.account_id, tokens)


def before(books: Books, tokens: Iterable[str]) -> dict[str, Post]:
    """Return the newest post of each schedule that arrived: its content says what was told."""
    with books.store.reading() as connection:
        return posts.newest(connection, books.account_id, tokens, [State.POSTED])


def found(connection: Connection, books: Books, asker: Asker, token: str) -> Schedule:
    """Return the schedule of a token or of the beginning of one. Raises `AskAgain`, `NotAllowed`."""
    typed = storable(token).strip().casefold()
    called = sql.called(connection, books.account_id, typed) if typed else []
    mine = [each for each in called if sees(books, asker, each)]
    if called and not mine:
        raise NotAllowed(say("That schedule is somebody else's. An owner of usagebot can change it."))
    living = [each for each in mine if each.standing is not Standing.ENDED] or mine
    exact = [each for each in mine if each.token == typed] or living
    if not exact:
        how = _LISTS if asker.slack_user_id else _LISTS_ALL
        raise AskAgain(say("There is no schedule “{token}”. {how} lists them.", token=typed, how=how))
    if len(exact) > 1:
        raise AskAgain(say("Several schedules begin with “{token}”. Give more of it.", token=typed))
    return exact[0]


def sees(books: Books, asker: Asker, schedule: Schedule) -> bool:
    """Tell whether a schedule is somebody's to see and to change."""
    return asker.account_id == books.account_id and (asker.owner or asker.slack_user_id == schedule.owner)


_LISTS, _LISTS_ALL = "/usage subscriptions", "usagebot schedules list"
"""What shows the tokens to a person in Slack, and to an operator."""
