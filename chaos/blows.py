"""One operation of a process goes wrong: a statement, a commit or a request over HTTP, in one of five ways."""

import asyncio
import errno
import os
import signal
import time
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from sqlalchemy.exc import OperationalError

from tests.seat_faults import Faults, Mode

HANGS = 0.25
"""Seconds for which a statement hangs before its time limit ends it; a request hangs until its caller gives up."""


class Way(StrEnum):
    """How it goes wrong."""

    RAISE_BEFORE = "raise before"
    RAISE_AFTER = "raise after"
    HANG = "hang"
    """A statement is not carried out; a request is, and its answer never comes."""
    KILL_BEFORE = "kill before"
    KILL_AFTER = "kill after"


KILLS = frozenset({Way.KILL_BEFORE, Way.KILL_AFTER})


class _Lost(Exception):
    """Stands for a driver's own error."""


@dataclass
class Blow(Faults):
    """Strikes at the `at`-th operation of this process, whatever kind it is. `at` 0: only counts."""

    at: int = 0
    mode: Mode = Mode.RAISE_BEFORE  # of no meaning here: `way` decides
    way: Way = Way.RAISE_BEFORE
    struck: list[str] = field(default_factory=list)

    def before(self) -> int:
        """A statement or a commit begins."""
        self.count += 1
        if self.count == self.at:
            self._kill(Way.KILL_BEFORE)
            if self.way is Way.HANG:
                time.sleep(HANGS)
            if self.way in {Way.HANG, Way.RAISE_BEFORE}:
                raise self._lost()
        return self.count

    def after(self, number: int) -> None:
        """It has had its effect."""
        if number == self.at:
            self._kill(Way.KILL_AFTER)
            if self.way is Way.RAISE_AFTER:
                raise self._lost()

    async def over_http(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Stand between a client and the network: a middleware of aiohttp."""
        self.count += 1
        number = self.count
        if number == self.at:
            self._kill(Way.KILL_BEFORE)
            if self.way is Way.RAISE_BEFORE:
                self.struck.append("http")
                key = ConnectionKey(request.url.host or "", request.url.port, False, False, None, None, None)  # noqa: FBT003
                raise aiohttp.ClientConnectorError(key, OSError(errno.ECONNREFUSED, "refused"))
        response = await handler(request)
        if number == self.at:
            await self._answer_lost(response)
        return response

    async def _answer_lost(self, response: aiohttp.ClientResponse) -> None:
        self._kill(Way.KILL_AFTER)
        self.struck.append("http")
        response.close()
        if self.way is Way.HANG:
            await asyncio.Event().wait()
        raise aiohttp.ServerDisconnectedError

    def _kill(self, way: Way) -> None:
        if self.way is way:
            os.kill(os.getpid(), signal.SIGKILL)

    def _lost(self) -> OperationalError:
        self.struck.append("database")
        return OperationalError("", {}, _Lost("the connection to the server was lost"))
