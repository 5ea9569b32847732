"""Exports dropped into the bot's direct message: fetched, loaded, and accounted for row by row (features.md §11)."""

import asyncio
import errno
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers import buttons, fetching
from handlers.desk import Visit
from handlers.door import member
from handlers.errors import answer
from handlers.fetching import SlackFile
from handlers.identity import full_member, part
from handlers.progress import Line, watched
from handlers.sentences import sentence
from handlers.uploads import upload
from handlers.views import dropped
from handlers.views.blocks import Message
from handlers.views.dropped import Again
from reporting_core.exports import Progress, asks_for_order
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.errors import AskAgain, NotAllowed, NothingRead, StoreBusy, UsagebotError, WouldRemove
from reporting_core.words.imports import ImportResult
from reporting_core.words.people import Need

MOST_FILES = 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


async def load(visit: Visit) -> None:
    """Load the exports that came with a direct message."""
    event = visit.body["event"]
    visit.asker = await member(visit.person, Need.ADMIN, visit.desk)
    files = [fetching.file_of(each) for each in event["files"]]
    line = Line(visit.desk.client, str(event["channel"]), str(event.get("thread_ts") or event["ts"]))
    await _Drop(visit, files, line, LoadOptions()).load()


async def load_again(visit: Visit) -> None:
    """Load the same files once more with what was asked for: the order of dates, or leave to take use away."""
    parts = buttons.carried(visit)
    ids = [each for each in str(parts.get("f") or "").split(",") if each][:MOST_FILES]
    files = await asyncio.gather(*(fetching.described(visit.desk.client, each) for each in ids))
    # Only the own files: a button can be altered, and another's file may be of a place the presser does not see.
    if not files or any(file.owner != visit.person.user_id for file in files):
        raise AskAgain(sentence("stale_button"))
    dates = {"dmy": "dmy", "mdy": "mdy"}.get(str(parts.get("d")))
    options = LoadOptions(dates=dates, replace=parts.get("r") == 1)  # type: ignore[arg-type]
    container = part(visit.body, "container")
    channel, ts = (
        str(container.get("channel_id") or part(visit.body, "channel").get("id")),
        str(container["message_ts"]),
    )
    await _Drop(
        visit, files, Line(visit.desk.client, channel, str(container.get("thread_ts") or ts), ts), options
    ).load()


@dataclass(slots=True)
class _Drop:
    """Files on their way into the account."""

    visit: Visit
    files: Sequence[SlackFile]
    line: Line
    options: LoadOptions

    async def load(self) -> None:
        """Load them, and put the result where the progress stood; whatever goes wrong is said there as well."""
        try:
            with tempfile.TemporaryDirectory(prefix="usagebot-", ignore_cleanup_errors=True) as folder:
                await self._load(Path(folder))
        except NothingRead as error:
            await self.line.end(self._told(ImportResult(error.files, {})))
        except WouldRemove as error:
            await self.line.end(dropped.would_remove(error, self._again(self.files, replace=True)))
        except (StoreBusy, NotAllowed) as error:
            await self.line.end(answer(error, self.visit.desk))
        except AskAgain as error:
            await self.line.end(dropped.fault(error.message))
        except Exception as error:  # noqa: BLE001 - the line says that it is loading: it has to hear of the end
            told = dropped.fault(_without_room("disk")) if _is_full(error) else answer(error, self.visit.desk)
            await self.line.end(told)

    async def _load(self, folder: Path) -> None:
        _bearable(self.files)
        await self.line.show(dropped.fetching([file.name for file in self.files]))
        paths = [await self._fetched(folder, number, file) for number, file in enumerate(self.files)]
        result = await self._loaded(paths)
        await self.line.end(self._told(result))
        await self._hand_over_refusals(result, folder)

    def _told(self, result: ImportResult) -> Message:
        doubtful = [
            file
            for file, told in zip(self.files, result.files, strict=True)
            if told.error and asks_for_order(told.error)
        ]
        return dropped.result(result, self._again(doubtful) if doubtful else None)

    async def _fetched(self, folder: Path, number: int, file: SlackFile) -> Path:
        own = folder / str(number)
        own.mkdir()
        return await fetching.fetch(self.visit.desk.client, file, own)

    async def _loaded(self, paths: Sequence[Path]) -> ImportResult:
        heard: list[Progress] = []
        desk, names = self.visit.desk, [path.name for path in paths]
        # One after the other: the second would only wait for the first one's hold on the database, and time out.
        async with desk.loading:
            # Fetching and waiting may have taken a while: a right may have been taken away since.
            person = full_member(await desk.directory.person(self.visit.person.user_id))
            asker = await member(person, Need.ADMIN, desk)
            work = desk.core.load_for(asker, paths, self.options, heard.append)
            return await watched(work, self.line, lambda: dropped.progress(heard[-1] if heard else None, names))

    async def _hand_over_refusals(self, result: ImportResult, folder: Path) -> None:
        if not any(file.refused for file in result.files):
            return
        path = folder / dropped.REFUSALS
        try:
            await asyncio.to_thread(dropped.write_refusals, result, path)
            client, thread = self.visit.desk.client, self.line.thread_ts
            await upload(client, self.line.channel, path, dropped.REFUSALS, thread_ts=thread)
        except UsagebotError as error:
            await self.visit.reply.refuse(answer(error, self.visit.desk))
        except OSError as error:
            # The rows are stored all the same, and the line above says so.
            self.visit.desk.log.warning("refusals_not_written", error=errno.errorcode.get(error.errno or 0, "OSError"))
            await self.visit.reply.refuse(dropped.fault(_without_room("list")))

    def _again(self, files: Sequence[SlackFile], *, replace: bool = False) -> Again:
        return Again(tuple(file.id for file in files), self.options.dates, replace or self.options.replace)


def _is_full(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL


def _without_room(what: str) -> str:
    return sentence("dropped_fault", why=what, file="", most=0)


def is_question(files: Sequence[object], text: str) -> bool:
    """Tell whether what came along are only pictures beside a question, so that the question is what is meant."""
    known = [fetching.file_of(each) for each in files if isinstance(each, dict)]
    return bool(text.strip()) and all(file.is_media for file in known)


def _bearable(files: Sequence[SlackFile]) -> None:
    if len(files) > MOST_FILES:
        raise AskAgain(sentence("dropped_fault", why="too_many", file="", most=MOST_FILES))
    for file in files:
        if file.is_media:
            raise AskAgain(sentence("dropped_fault", why="media", file=file.name, most=0))
