"""Spreadsheets of reports: asked for, made once, kept for two weeks, fetched again by whoever may still see them.

Files lie in a folder of the account's own under names that cannot be guessed, readable by the bot's user alone. What is
remembered of them lies in the database, so that several processes never make the same one at once.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from reporting_core import grammar
from reporting_core.metrics.personal import must_hash
from reporting_core.storage import catalog
from reporting_core.storage import exporting as sql
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.teams import merged_into, teams
from reporting_core.words.errors import SettingWrong
from reporting_core.words.names import storable
from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import KEPT, LEASE, Claimed, Fetched, Spreadsheet, State, Turn, Withheld

PATIENCE = 8.0
"""Seconds that whoever asks waits for a database that something else holds; told within ten."""

LONG_PATIENCE = 60.0
"""Seconds that a note about finished work waits: nobody does, and the work would be lost."""

WRITING = timedelta(hours=1)
"""No file is written for so long."""

ABANDONED = "abandoned"
"""The reason of a spreadsheet whose maker went away."""


@dataclass(slots=True)
class Exports:
    """One account's spreadsheets. `folder` is where the files of all accounts are; the process sets it."""

    store: Store
    account_id: int
    clock: Callable[[], datetime]
    token: Callable[[], str]
    folder: Path | None = None

    async def version(self) -> int:
        """Return the version of the data; asked before a report, whose data are then no older."""
        return await asyncio.to_thread(self._version)

    async def request(self, asker: Asker, report: UsageReport, version: int, flavour: str = "") -> Claimed:
        """Say whose turn it is to make the spreadsheet of a report, or to send the one that is there.

        `flavour` is what else makes two files differ, such as their language. Raises `StoreBusy`, `SettingWrong`.
        """
        return await asyncio.to_thread(self._request, asker, report, version, flavour)

    async def alive(self, token: str) -> None:
        """Say that somebody is still at it."""
        await asyncio.to_thread(self._alive, token)

    async def made(self, token: str, rows: int) -> Fetched:
        """Note that the file is whole, and return it; the turn to send it stays with who made it.

        Withheld as gone where it was deleted meanwhile, or its maker was away so long that others took over.
        """
        return await asyncio.to_thread(self._made, token, rows)

    async def settled(self, token: str, reason: str = "") -> None:
        """Note that the file was sent, or for what reason it was not: it is kept all the same."""
        await asyncio.to_thread(self._settled, token, reason)

    async def failed(self, token: str, reason: str) -> None:
        """Note that the file could not be made, and take away what there is of it."""
        await asyncio.to_thread(self._failed, token, reason)

    async def listed(self, asker: Asker) -> list[Spreadsheet]:
        """List what this person asked for in the last two weeks, newest first."""
        return await asyncio.to_thread(self._listed, asker)

    async def file_of(self, asker: Asker, token: str) -> Fetched:
        """Return a file that this person may have now, or why it is withheld."""
        return await asyncio.to_thread(self._file_of, asker, token)

    async def take(self, token: str) -> bool:
        """Take the turn to send a file that is there; False if somebody is sending it."""
        return await asyncio.to_thread(self._take, token)

    async def delete(self, asker: Asker, token: str) -> bool:
        """Delete a file of this person's; what is remembered of it stays. False if there is none."""
        return await asyncio.to_thread(self._delete, asker, token)

    async def expire(self) -> int:
        """Delete the files whose time is over, that were never finished, or that nobody knows; returns how many.

        Done twice or by several processes at once it does no harm.
        """
        return await asyncio.to_thread(self._expire)

    def place(self) -> Path:
        """Return the account's own folder, which is made if need be. Raises `SettingWrong`."""
        if self.folder is None:
            raise SettingWrong("USAGEBOT_EXPORTS is not set, so there is no folder for spreadsheets.")
        own = self.folder / str(self.account_id)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            own.mkdir(exist_ok=True, mode=0o700)
            own.chmod(0o700)
        except OSError as error:
            raise SettingWrong(
                f"The folder for spreadsheets, {own}, cannot be used ({error.strerror}). "
                "Let the bot's user write there, or name another folder in USAGEBOT_EXPORTS."
            ) from error
        return own

    def _version(self) -> int:
        with self.store.reading() as connection:
            return catalog.data_version(connection, self.account_id)

    def _request(self, asker: Asker, report: UsageReport, version: int, flavour: str) -> Claimed:
        place, wish = self.place(), self._wish(asker, report, version, flavour)
        with self.store.noting(PATIENCE) as connection:
            known = sql.of_kind(connection, self.account_id, wish.kind)
            turn = self._turn(connection, known, place) if known is not None else None
            if known is None or turn is None:
                turn, known = self._claimed(connection, wish)
        if known is None:
            return self._request(asker, report, version, flavour)  # who was faster has given up already
        path = _file(place, known.token)
        return Claimed(turn, known, _made_private(_unfinished(path)) if turn is Turn.MAKE else path)

    def _claimed(self, connection: Connection, wish: sql.Wish) -> tuple[Turn, Spreadsheet | None]:
        now = self.clock()
        mine = sql.claim(connection, self.account_id, wish, sql.Times(now, now + LEASE, now + KEPT))
        return Turn.MAKE if mine else Turn.WAIT, sql.of_kind(connection, self.account_id, wish.kind)

    def _wish(self, asker: Asker, report: UsageReport, version: int, flavour: str) -> sql.Wish:
        query = storable(report.canonical)
        # The same words mean other dates tomorrow, and other rows once a team hides its names.
        parts = (
            *(self.account_id, asker.slack_user_id, query, report.period.first, report.period.last, report.as_of),
            *(version, report.hashed, sorted(report.team_ids), flavour),
        )
        kind = hashlib.sha256(repr(parts).encode()).hexdigest()
        return sql.Wish(asker.slack_user_id, self.token(), kind, query, report.team_ids, report.hashed, version)

    def _turn(self, connection: Connection, known: Spreadsheet, place: Path) -> Turn | None:
        """Say whose turn it is with a spreadsheet that is known already; None: it has to be made anew."""
        now = self.clock()
        if known.lease_until is not None and known.lease_until > now:
            return Turn.WAIT
        if known.is_there(now) and _file(place, known.token).is_file():
            taken = sql.take(connection, self.account_id, known.token, now, now + LEASE)
            return Turn.SEND if taken else Turn.WAIT
        sql.give_up(connection, self.account_id, now, ABANDONED)
        if known.state is State.READY:
            sql.deleted(connection, self.account_id, known.token, now)
        return None

    def _alive(self, token: str) -> None:
        with self.store.noting(PATIENCE) as connection:
            sql.renew(connection, self.account_id, token, self.clock() + LEASE)

    def _made(self, token: str, rows: int) -> Fetched:
        path = _file(self.place(), token)
        try:
            size = _finished(path)
        except FileNotFoundError:
            return Fetched(None, withheld=Withheld.GONE)
        with self.store.noting(LONG_PATIENCE) as connection:
            mine = sql.made(connection, self.account_id, token, (rows, size), self.clock())
            sql.renew(connection, self.account_id, token, self.clock() + LEASE)
            found = sql.of_token(connection, self.account_id, token)
        if not mine:
            self._remove(token)
        return Fetched(found, path) if mine else Fetched(found, withheld=Withheld.GONE)

    def _settled(self, token: str, reason: str) -> None:
        with self.store.noting(LONG_PATIENCE) as connection:
            sql.settled(connection, self.account_id, token, reason)

    def _failed(self, token: str, reason: str) -> None:
        with self.store.noting(LONG_PATIENCE) as connection:
            sql.failed(connection, self.account_id, token, reason)
        self._remove(token)

    def _listed(self, asker: Asker) -> list[Spreadsheet]:
        with self.store.reading() as connection:
            found = sql.listed(connection, self.account_id, asker.slack_user_id, self.clock() - KEPT)
            hides = self._hiding(connection)
            return [self._masked(each) if hides(each) else each for each in found]

    def _file_of(self, asker: Asker, token: str) -> Fetched:
        place = self.place()
        with self.store.reading() as connection:
            found = sql.of_person(connection, self.account_id, asker.slack_user_id, storable(token))
            if found is None:
                return Fetched(None, withheld=Withheld.UNKNOWN)
            if reason := self._withheld(connection, asker, found):
                named = self._hiding(connection)(found)
                return Fetched(self._masked(found) if named else found, withheld=reason)
        path = _file(place, found.token)
        return Fetched(found, path) if path.is_file() else Fetched(found, withheld=Withheld.GONE)

    def _withheld(self, connection: Connection, asker: Asker, found: Spreadsheet) -> Withheld | None:
        now = self.clock()
        if found.state is State.MAKING and found.lease_until is not None and found.lease_until > now:
            return Withheld.BUSY
        if not found.is_there(now):
            return Withheld.GONE
        living = {team.id: team for team in teams(connection, self.account_id)}
        become = merged_into(connection, self.account_id)
        ids = {become.get(id_, id_) for id_ in found.team_ids}
        mine = living.keys() if asker.owner or asker.every_team else asker.teams.keys()
        if asker.account_id != self.account_id or not ids <= mine & living.keys():
            return Withheld.TEAMS
        return Withheld.NAMES if self._hiding(connection)(found) else None

    def _hiding(self, connection: Connection) -> Callable[[Spreadsheet], bool]:
        """Return what tells whether a spreadsheet holds names of which some have been hidden since."""
        hidden = {team.id for team in teams(connection, self.account_id) if not team.personal_data}
        become = merged_into(connection, self.account_id)
        return lambda sheet: (
            not sheet.hashed and bool(must_hash((become.get(each, each) for each in sheet.team_ids), hidden))
        )

    @staticmethod
    def _masked(sheet: Spreadsheet) -> Spreadsheet:
        return replace(sheet, query=grammar.masked(sheet.query))

    def _take(self, token: str) -> bool:
        now = self.clock()
        with self.store.noting(PATIENCE) as connection:
            return sql.take(connection, self.account_id, token, now, now + LEASE)

    def _delete(self, asker: Asker, token: str) -> bool:
        with self.store.reading() as connection:
            found = sql.of_person(connection, self.account_id, asker.slack_user_id, storable(token))
        return found is not None and self._drop(found.token, PATIENCE)

    def _expire(self) -> int:
        now = self.clock()
        with self.store.reading() as connection:
            abandoned = sql.abandoned(connection, self.account_id, now)
        if abandoned:
            with self.store.noting(PATIENCE) as connection:
                sql.give_up(connection, self.account_id, now, ABANDONED)
        with self.store.reading() as connection:
            due = sql.due(connection, self.account_id, now)
        return sum(self._drop(token, PATIENCE) for token in due) + self._sweep(now)

    def _drop(self, token: str, seconds: float) -> bool:
        # The file first: a record that says “deleted” is never wrong, and what is left undone is done the next time.
        self._remove(token)
        with self.store.noting(seconds) as connection:
            return sql.deleted(connection, self.account_id, token, self.clock())

    def _sweep(self, now: datetime) -> int:
        """Delete old files that nobody knows: of a database that was put back, or that is not there any more."""
        if self.folder is None or not (self.folder / str(self.account_id)).is_dir():
            return 0
        with self.store.reading() as connection:
            known = sql.living(connection, self.account_id)
        found = (self.folder / str(self.account_id)).iterdir()
        unknown = [each for each in found if each.suffix in _ENDINGS and each.name.partition(".")[0] not in known]
        old = [each for each in unknown if each.lstat().st_mtime <= (now - _kept(each)).timestamp()]
        for each in old:
            each.unlink(missing_ok=True)
        return len(old)

    def _remove(self, token: str) -> None:
        for ending in _ENDINGS:
            _file(self.place(), token).with_suffix(ending).unlink(missing_ok=True)


_ENDINGS = (".xlsx", ".part")


def _kept(unknown: Path) -> timedelta:
    """How long a file is left alone that nobody knows: another database with the same folder may know it."""
    # Hidden ones are being written, which takes minutes.
    return WRITING if unknown.name.startswith(".") else KEPT


def _file(place: Path, token: str) -> Path:
    return place / f"{token}.xlsx"


def _unfinished(path: Path) -> Path:
    """A file under its own name is always whole; until it is, it has another."""
    return path.with_suffix(".part")


def _made_private(path: Path) -> Path:
    """Make the file empty before it is written, so that it is never readable by others, not even for a moment."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    return path


def _finished(path: Path) -> int:
    """Give a written file its name and return its size in bytes."""
    part = _unfinished(path)
    part.chmod(0o600)
    part.replace(path)
    return path.stat().st_size
