"""`core.alerts`: rules, and a look every minute that tells each crossing once, whoever looks and whatever fails."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reporting_core.metrics.crossing import ALLOWED
from reporting_core.storage import alerting, catalog
from reporting_core.storage.alerting import OVER, RAISED, Place, Standing
from reporting_core.storage.auditing import Entry
from reporting_core.storage.engines import Connection
from reporting_core.usecases.alerts import telling
from reporting_core.usecases.alerts.crossings import begin, moved
from reporting_core.usecases.alerts.looking import OF_TIME, Look, Observation
from reporting_core.usecases.collecting import no_search_for_cycles
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.seats.records import Records
from reporting_core.words.alerts import Alert, AlertKind, AlertRule
from reporting_core.words.errors import AskAgain, ImportRefused, NotAllowed, StoreBusy
from reporting_core.words.imports import ImportResult
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.schedules import Kind

Enqueue = Callable[[str, Kind, str, str, datetime, str], Awaitable[bool]]
"""(key, kind, owner, channel, due, content): queues a post once, however often it is called with a key."""

_LOOKED: list[AlertKind] = [kind for kind in AlertKind if kind is not AlertKind.IMPORT_FAILED]
LISTED = 3
"""Names of files that a refused import is told with."""


@dataclass(slots=True)
class Alerts:
    """One account's alerts. `owners` are e-mails or Slack ids of those who are told where no channel is set.

    `enqueue` queues what goes out; until it is set, nothing is told and nothing is lost.
    """

    records: Records
    owners: Callable[[], Iterable[str]]
    mark: Callable[[], None] = lambda: None
    enqueue: Enqueue | None = None
    _looked: Any = field(default=None, repr=False)

    async def rules(self) -> list[AlertRule]:
        """List what is watched, in a fixed order."""
        return await asyncio.to_thread(self._rules)

    async def set_rule(
        self,
        asker: Asker,
        kind: AlertKind,
        *,
        on: bool | None = None,
        threshold: int | None = None,
        channel: str | None = None,
    ) -> AlertRule:
        """Change what is given of one rule; for owners. Raises `NotAllowed`, `AskAgain`, `StoreBusy`."""
        given = {"on": on, "threshold": threshold, "channel": channel}
        changes = {name: value for name, value in given.items() if value is not None}
        try:
            return await asyncio.to_thread(self._set_rule, asker, kind, changes)
        finally:
            await asyncio.to_thread(self.mark)

    async def look(self, now: datetime) -> list[Alert]:
        """Look once, queue what is news, and return it. Raises `StoreBusy`; then the next look does it."""
        await asyncio.to_thread(self._cross, now)
        batches = await asyncio.to_thread(self._untold)
        return [await self.drawn(batch.content) for batch in batches if await self._queue(batch, now)]

    async def drawn(self, content: str) -> Alert:
        """Draw an alert from the content of its post, with names as they are now."""
        return await asyncio.to_thread(self._drawn, content)

    def noted(self, paths: Sequence[Path], load: Callable[[], ImportResult], *, attended: bool) -> ImportResult:
        """Import, and note whether files were refused. Whoever waits for it hears that at once, and nobody else."""
        try:
            result = load()
        except ImportRefused:
            if not attended:
                self._note([path.name for path in paths])
            raise
        self._note([] if attended else [file.name for file in result.files if file.error])
        return result

    async def _queue(self, batch: "_Batch", now: datetime) -> bool:
        """Queue a post for each reader; without any, what began waits for somebody to tell."""
        readers = [""] if batch.channel else sorted(self.owners())
        if self.enqueue is None or not readers:
            return False
        for owner in readers:
            key = f"{batch.key}:{owner}" if owner else batch.key
            await self.enqueue(key, Kind.ALERT, owner, batch.channel, now, batch.content)
        await asyncio.to_thread(self._queued, batch)
        return True

    def _rules(self) -> list[AlertRule]:
        with self.records.store.reading() as connection:
            return list(alerting.rules(connection, self.records.account_id).values())

    def _set_rule(self, asker: Asker, kind: AlertKind, changes: dict[str, Any]) -> AlertRule:
        if not asker.owner:
            raise NotAllowed(say("Only an owner of usagebot may change this."))
        least, most = ALLOWED[kind]
        if not least <= changes.get("threshold", least) <= most:
            raise AskAgain(say("Give a number from {least} to {most}.", least=least, most=most))
        now, who = self.records.clock(), asker.slack_user_id or "operator"
        with self.records.store.writing() as connection:
            before = alerting.rules(connection, self.records.account_id)[kind]
            rule = replace(before, **changes, by=who, at=now)
            alerting.set_rule(connection, self.records.account_id, rule)
            details = {"name": f"alert {kind}", "before": _spelt(before), "after": _spelt(rule)}
            self.records.chain.append(connection, Entry(now, "policy", who, f"alert {kind}", details=details))
        return rule

    def _cross(self, now: datetime) -> None:
        with no_search_for_cycles, self.records.store.reading() as connection:
            looked, seen, about = self._seen(connection, now)
            changed, _known = self._moved(connection, looked, seen, now)
        if changed:
            with self.records.store.writing() as connection:
                # Another process may have seen the same meanwhile.
                alerting.put(connection, self.records.account_id, *self._moved(connection, looked, seen, now))
        self._looked = about

    def _seen(self, connection: Connection, now: datetime) -> tuple[list[AlertKind], list[Observation], object]:
        account_id = self.records.account_id
        rules = alerting.rules(connection, account_id)
        about = (catalog.data_version(connection, account_id), now.date(), rules)
        # Tokens and seats take a while to look at, and change with the data or the date alone.
        kinds = [kind for kind in _LOOKED if rules[kind].on and (about != self._looked or kind in OF_TIME)]
        return kinds, list(Look(Books(connection, account_id), rules, now).all(kinds)), about

    def _moved(
        self, connection: Connection, looked: Sequence[AlertKind], seen: Sequence[Observation], now: datetime
    ) -> tuple[dict[Place, Standing], dict[Place, Standing]]:
        known = alerting.standings(connection, self.records.account_id, looked)
        return moved(seen, known, looked, now, self.records.token()), known

    def _untold(self) -> list["_Batch"]:
        with self.records.store.reading() as connection:
            rules = alerting.rules(connection, self.records.account_id)
            standing = alerting.standings(connection, self.records.account_id, stage=RAISED)
        begun: dict[tuple[AlertKind, str], list[tuple[Place, Standing]]] = defaultdict(list)
        for place, each in sorted(standing.items()):
            if rules[place[0]].on:
                begun[place[0], str(each.value.get("word", ""))].append((place, each))
        return [_batch(rules[kind], word, some) for (kind, word), some in begun.items()]

    def _queued(self, batch: "_Batch") -> None:
        with self.records.store.writing() as connection:
            alerting.queued(connection, self.records.account_id, batch.places)

    def _drawn(self, content: str) -> Alert:
        with self.records.store.reading() as connection:
            return telling.alert(content, Books(connection, self.records.account_id))

    def _note(self, refused: Sequence[str]) -> None:
        """Begin or end the one crossing of imports; where the database cannot be had, the next import does."""
        kind, now, account_id = AlertKind.IMPORT_FAILED, self.records.clock(), self.records.account_id
        place = (kind, 0, "")
        with suppress(StoreBusy), self.records.store.noting() as connection:
            standing = alerting.standings(connection, account_id, [kind])
            known = standing.get(place)
            begun = known is not None and known.stage != OVER
            if refused and not begun:
                value = {"files": [*refused[:LISTED], *(["…"] if len(refused) > LISTED else [])]}
                new = begin(value, known, now, self.records.token())
                alerting.put(connection, account_id, {place: new}, standing)
            elif known is not None and begun and not refused:
                alerting.put(connection, account_id, {place: replace(known, stage=OVER, at=now)}, standing)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Crossings of one kind that began at the same look, and the post that tells them."""

    key: str
    channel: str
    places: tuple[Place, ...]
    content: str


def _batch(rule: AlertRule, word: str, some: Sequence[tuple[Place, Standing]]) -> _Batch:
    key = f"alert:{word}:{rule.kind}"
    at = max(each.at for _place, each in some)
    return _Batch(key, rule.channel, tuple(place for place, _each in some), telling.content(key, at, some))


def _spelt(rule: AlertRule) -> str:
    return f"{'on' if rule.on else 'off'} {rule.threshold} {rule.channel}".strip()
