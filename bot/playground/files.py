"""Files: the three steps of an upload, and who may fetch one."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field

from bot.playground.errors import Refused
from bot.playground.identity import Clock, Ids
from bot.playground.messages import Channel
from bot.playground.schema import Json

MOST_BYTES = 100 * 1024 * 1024


@dataclass(slots=True)
class File:
    """One file; it is somewhere only once the upload is completed and shared."""

    id: str
    name: str
    size: int
    user: str
    created: int
    title: str = ""
    alt_text: str | None = None
    data: bytes | None = None
    is_complete: bool = False
    channels: set[str] = field(default_factory=set)

    @property
    def mimetype(self) -> str:
        """What the name says the content is."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """All files and the uploads under way."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._uploads: dict[str, File] = {}
        self.known: dict[str, File] = {}

    def announce(self, name: str, size: int, user: str, alt_text: str | None) -> tuple[File, str]:
        """Step one: the file and the secret last part of the address to send its bytes to."""
        if size > MOST_BYTES:
            raise Refused("file_upload_size_restricted")
        file = File(self._ids.of("F"), name, size, user, int(self._clock()), name, alt_text)
        key = self._ids.secret()
        self._uploads[key] = file
        self.known[file.id] = file
        return file, key

    def receive(self, key: str, data: bytes) -> File | None:
        """Step two: the bytes; nothing if the address is unknown or used."""
        file = self._uploads.pop(key, None)
        if file is not None:
            file.data = data
            file.size = len(data)
        return file

    def complete(self, file_id: str, title: str | None) -> File:
        """Step three: the file is there."""
        file = self.find(file_id)
        if file.data is None or file.is_complete:
            raise Refused("file_not_found")
        file.is_complete = True
        file.title = title or file.name
        return file

    def find(self, file_id: str) -> File:
        """The file with that id, or `file_not_found`."""
        if file_id not in self.known:
            raise Refused("file_not_found")
        return self.known[file_id]


def may_fetch(file: File, user: str, channels: dict[str, Channel]) -> bool:
    """Whether somebody may download a file: its owner, and the members of the places it was shared in."""
    shared = (channels[key] for key in file.channels if key in channels)
    return file.is_complete and (file.user == user or any(user in channel.members for channel in shared))


def file_json(file: File, page_url: str) -> Json:
    """A file as Slack shows it in a message."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "alt_txt": file.alt_text,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower(),
        "size": file.size,
        "user": file.user,
        "created": file.created,
        "timestamp": file.created,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "channels": sorted(file.channels),
        "url_private": f"{page_url}/files/{file.id}",
        "url_private_download": f"{page_url}/files/{file.id}",
    }
