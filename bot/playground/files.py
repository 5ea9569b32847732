"""Files: the three steps of an upload, what people attach, and who may fetch one."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import quote

from bot.playground.errors import Refused
from bot.playground.identity import Clock, Ids
from bot.playground.messages import Channel
from bot.playground.schema import Json

Access: TypeAlias = Literal["visible", "check_file_info", "access_denied", "file_not_found"]

MOST_BYTES = 100 * 1024 * 1024
# Slack's client lets nobody attach more to one message.
MOST_ATTACHED = 10


@dataclass(slots=True)
class File:
    """One file; it is somewhere only once the upload is completed and shared.

    `external_type` and `external_url` make it a link into another service, which Slack lists like a file.
    """

    id: str
    name: str
    size: int
    user: str
    created: int
    title: str = ""
    alt_text: str | None = None
    data: bytes | None = None
    is_complete: bool = False
    is_deleted: bool = False
    access: Access = "visible"
    external_type: str = ""
    external_url: str = ""
    channels: set[str] = field(default_factory=set)

    @property
    def mimetype(self) -> str:
        """What the name says the content is."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def filetype(self) -> str:
        """The ending of the name, or Slack's word for a file without one."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else "binary"


class Files:
    """All files and the uploads under way."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._uploads: dict[str, File] = {}
        self.known: dict[str, File] = {}

    def _new(self, name: str, size: int, user: str) -> File:
        file = File(self._ids.of("F"), name, size, user, int(self._clock()), name)
        self.known[file.id] = file
        return file

    def announce(self, name: str, size: int, user: str, alt_text: str | None) -> tuple[File, str]:
        """Step one: the file and the secret last part of the address to send its bytes to."""
        if size > MOST_BYTES:
            raise Refused("file_upload_size_restricted")
        file = self._new(name, size, user)
        file.alt_text = alt_text
        key = self._ids.secret()
        self._uploads[key] = file
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

    def attach(self, user: str, name: str, data: bytes) -> File:
        """What somebody attaches on the page; it is seen once a message carries it."""
        file = self._new(name, len(data), user)
        file.data = data
        return file

    def link(self, user: str, name: str, external_type: str, url: str) -> File:
        """A document of another service, such as `gdrive`, that somebody shares: Slack has only its address."""
        file = self._new(name, 0, user)
        file.external_type, file.external_url = external_type, url
        return file

    def find(self, file_id: str) -> File:
        """The file with that id, or `file_not_found`, or `file_deleted`."""
        if file_id not in self.known:
            raise Refused("file_not_found")
        if self.known[file_id].is_deleted:
            raise Refused("file_deleted")
        return self.known[file_id]

    def delete(self, file: File) -> None:
        """Forget the content; that there was a file stays known."""
        file.is_deleted, file.data = True, None


def may_fetch(file: File, user: str, channels: dict[str, Channel]) -> bool:
    """Whether somebody may download a file: its owner, and the members of the places it was shared in."""
    shared = (channels[key] for key in file.channels if key in channels)
    has_content = file.is_complete and file.data is not None
    return has_content and (file.user == user or any(user in channel.members for channel in shared))


def shared_json(file: File, url: str, team: str, channel: Channel) -> Json:
    """A file in a message: nothing but its id once it is deleted, and little in a place shared with others.

    Slack: docs.slack.dev/reference/objects/file-object, and docs.slack.dev/apis/slack-connect for `check_file_info`.
    """
    if file.is_deleted:
        return {"id": file.id, "mode": "tombstone"}
    access: Access = "check_file_info" if channel.is_ext_shared and file.access == "visible" else file.access
    if access != "visible":
        return {"id": file.id, "created": 0, "timestamp": 0, "mode": "hosted", "user": "", "file_access": access}
    return file_json(file, url, team)


def file_json(file: File, url: str, team: str) -> Json:
    """A file as `files.info` shows it; `url` is where this workspace answers."""
    name = quote(file.name, safe="")
    place = f"{url}/files-pri/{team}-{file.id}"
    own = {"url_private": f"{place}/{name}", "url_private_download": f"{place}/download/{name}"}
    # Of a document elsewhere both addresses lead there, and nothing can be fetched with the app's token.
    elsewhere = {"url_private": file.external_url, "url_private_download": file.external_url}
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "alt_txt": file.alt_text,
        "mimetype": file.mimetype,
        "filetype": file.external_type or file.filetype,
        "pretty_type": file.filetype.upper(),
        "size": file.size,
        "user": file.user,
        "user_team": team,
        "created": file.created,
        "timestamp": file.created,
        "mode": "external" if file.external_type else "hosted",
        "editable": False,
        "is_external": bool(file.external_type),
        "external_type": file.external_type,
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "file_access": file.access,
        "channels": sorted(file.channels),
        "permalink": f"{url}/files/{file.user}/{file.id}/{name}",
        **(elsewhere if file.external_type else own),
    }
