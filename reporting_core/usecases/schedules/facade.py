"""All that can be asked about what comes without asking, as coroutines that run in worker threads: `core.schedules`."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from reporting_core.storage.engines import Store
from reporting_core.usecases.schedules import falling_due, finding, sending, subscribing
from reporting_core.usecases.schedules.books import Books, Waits
from reporting_core.usecases.schedules.subscribing import Canonical, Changes, Wish
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Post, Schedule, State


class Schedules:
    """One account's schedules and posts, in one process.

    Whatever is said of a post needs it as it was claimed: its fencing number tells whether it is still one's own.
    """

    def __init__(self, books: Books, canonical: Canonical) -> None:
        self.books = books
        self.canonical = canonical

    def waiting(self, waits: Waits) -> None:
        """Set how long is waited for what."""
        self.books.waits = waits

    # What people do

    async def subscribe(
        self, asker: Asker, kind: Kind, question: str, cadence: Cadence, zone: str, channel: str = ""
    ) -> Schedule:
        """Begin a schedule, or return the person's own that is the same. An empty channel: the direct message.

        Raises what a question raises, `AskAgain` for a zone, a cadence or a schedule too many, `StoreBusy`.
        """

        def subscribe() -> Schedule:
            read = self.canonical(question, asker)
            return subscribing.subscribe(self.books, asker, Wish(kind, read, cadence, zone, channel))

        return await asyncio.to_thread(subscribe)

    async def listed(self, asker: Asker, *, everyone: bool = False) -> list[Schedule]:
        """List one's own schedules, or everybody's; those that were ended are left out. Raises `NotAllowed`."""
        return await asyncio.to_thread(finding.listed, self.books, asker, everyone=everyone)

    async def one(self, asker: Asker, token: str) -> Schedule:
        """Return a schedule by its token or the beginning of it. Raises `AskAgain`, `NotAllowed`."""
        return await asyncio.to_thread(finding.one, self.books, asker, token)

    async def pause(self, asker: Asker, token: str) -> Schedule:
        """Let a schedule rest. Raises as `one`, `StoreBusy`."""
        return await asyncio.to_thread(subscribing.pause, self.books, asker, token)

    async def resume(self, asker: Asker, token: str) -> Schedule:
        """Let a schedule go on, also one in trouble, with its next slot. Raises as `pause`."""
        return await asyncio.to_thread(subscribing.resume, self.books, asker, token)

    async def edit(
        self,
        asker: Asker,
        token: str,
        *,
        question: str | None = None,
        cadence: Cadence | None = None,
        zone: str | None = None,
        channel: str | None = None,
    ) -> Schedule:
        """Change what is given; `channel=""` is the direct message. Raises as `subscribe` and `one`."""

        def edit() -> Schedule:
            read = None if question is None else self.canonical(question, asker)
            return subscribing.edit(self.books, asker, token, Changes(read, cadence, zone, channel))

        return await asyncio.to_thread(edit)

    async def hand_over(self, asker: Asker, token: str, slack_user_id: str) -> Schedule:
        """Give a schedule to somebody else; that they may have it is for the caller to know. Raises as `pause`."""
        return await asyncio.to_thread(subscribing.hand_over, self.books, asker, token, slack_user_id)

    async def end(self, asker: Asker, token: str) -> Schedule:
        """End a schedule for good; its history stays for 400 days. Raises as `pause`."""
        return await asyncio.to_thread(subscribing.end, self.books, asker, token)

    async def send_now(self, asker: Asker, token: str, press: str) -> bool:
        """Let a schedule send something now, also while it is paused; once for the same `press`.

        Not while what was asked for before is on its way. Raises as `pause`.
        """
        return await asyncio.to_thread(falling_due.asked_for, self.books, asker, token, press)

    async def history(self, asker: Asker, token: str, most: int = 20) -> list[Post]:
        """List what became of the newest posts of a schedule, newest first. Raises as `one`."""
        return await asyncio.to_thread(finding.history, self.books, asker, token, most)

    # What the bot does with schedules

    async def by_token(self, tokens: Iterable[str]) -> dict[str, Schedule]:
        """Return schedules by their whole tokens, whoever they belong to: for the bot itself."""
        return await asyncio.to_thread(finding.by_token, self.books, list(tokens))

    async def last(self, tokens: Iterable[str]) -> dict[str, Post]:
        """Return the newest post of each of these schedules that has one."""
        return await asyncio.to_thread(finding.last, self.books, list(tokens))

    async def before(self, tokens: Iterable[str]) -> dict[str, Post]:
        """Return the newest post of each of these schedules that arrived; its content says what was told."""
        return await asyncio.to_thread(finding.before, self.books, list(tokens))

    async def trouble(self, token: str, cause: str) -> bool:
        """Stop a schedule that cannot go on; False if it did not go on anyway: somebody else was told."""
        return await asyncio.to_thread(subscribing.trouble, self.books, token, cause)

    async def due_now(self, now: datetime) -> int:
        """Write down a post for each slot that is due; returns how many. For one slot there is one, for ever."""
        return await asyncio.to_thread(falling_due.due_now, self.books, now.astimezone(UTC))

    # Posts on their way

    async def enqueue(self, key: str, kind: Kind, owner: str, channel: str, due: datetime, content: str = "{}") -> bool:
        """Write an alert or a notice down, as `enqueue_here`."""
        return await asyncio.to_thread(self.enqueue_here, key, kind, owner, channel, due, content)

    def enqueue_here(self, key: str, kind: Kind, owner: str, channel: str, due: datetime, content: str = "{}") -> bool:
        """Write down, in this thread, what is to be posted; False if that key was written down before.

        Raises `StoreBusy`.
        """
        post = Post(0, key, kind, State.DUE, due.astimezone(UTC), channel, owner, content=content)
        return sending.enqueue(self.books, post)

    async def claim(self, now: datetime, most: int = 50) -> list[Post]:
        """Take what is due, oldest first; owner and channel are those that its schedule has now.

        Each has to be sent, skipped or let go before `lease_until`.
        """
        return await asyncio.to_thread(sending.claim, self.books, now.astimezone(UTC), most)

    async def may_post(self, post: Post, as_of: date | None, since: date | None, content: str) -> bool:
        """Take the last turn before sending. False: it must not be sent, and nothing more is to be said of it.

        Either somebody else has it, or less than 30 seconds are left, or its schedule was paused meanwhile.
        """
        return await asyncio.to_thread(sending.may_post, self.books, post, (as_of, since), content)

    def holds(self, post: Post) -> bool:
        """Tell right before sending, after `may_post`, that this process was not frozen in between.

        False: it must not be sent; others look for it and send it.
        """
        return sending.holds(self.books, post)

    async def posted(self, post: Post, channel: str, ts: str) -> bool:
        """Note where a post stands. False: somebody else may have sent it too, so this message has to be deleted.

        After that `taken_back` is to be told.
        """
        return await asyncio.to_thread(sending.posted, self.books, post, channel, ts)

    async def taken_back(self, post: Post, ts: str) -> bool:
        """Note that a message was deleted that was one too many."""
        return await asyncio.to_thread(sending.taken_back, self.books, post, ts)

    async def skipped(self, post: Post, cause: str = "") -> bool:
        """Note that there was nothing to say. False here and below: somebody else has it."""
        return await asyncio.to_thread(sending.skipped, self.books, post, cause)

    async def failed(self, post: Post, cause: str) -> bool:
        """Note that Slack refuses for good."""
        return await asyncio.to_thread(sending.failed, self.books, post, cause)

    async def again(self, post: Post, cause: str, seconds: float = 0) -> bool:
        """Try a post again that certainly was not sent, after so many seconds or more.

        Eight attempts with growing pauses within a day (alerts and notices: a week). False: it was given up.
        """
        return await asyncio.to_thread(sending.again, self.books, post, cause, seconds)

    async def lost(self, post: Post) -> bool:
        """Note that nobody knows whether a post was sent."""
        return await asyncio.to_thread(sending.lost, self.books, post)

    async def doubtful(self, now: datetime, most: int = 50) -> list[Post]:
        """Take what may have been sent, to look for it; then say `arrived`, `not_arrived`, `undecided` or `handed`."""
        return await asyncio.to_thread(sending.doubtful, self.books, now.astimezone(UTC), most)

    async def arrived(self, post: Post, ts: str = "") -> bool:
        """Note that a doubtful or handed post is in Slack."""
        return await asyncio.to_thread(sending.arrived, self.books, post, ts)

    async def not_arrived(self, post: Post) -> bool:
        """Note that a doubtful or handed post certainly is not in Slack: it is due again, eight attempts in all."""
        return await asyncio.to_thread(sending.not_arrived, self.books, post)

    async def undecided(self, post: Post, seconds: float) -> bool:
        """Look for a doubtful post later."""
        return await asyncio.to_thread(sending.undecided, self.books, post, seconds)

    async def handed(self, post: Post) -> bool:
        """Leave it to the owner whether a doubtful post arrived."""
        return await asyncio.to_thread(sending.handed, self.books, post)

    async def under_way(self, now: datetime) -> int:
        """Count the posts that are due and have not come to their end."""
        return await asyncio.to_thread(sending.under_way, self.books, now.astimezone(UTC))

    async def hand_back(self) -> int:
        """Let go of what this process holds and has not begun to send: before it ends."""
        return await asyncio.to_thread(sending.hand_back, self.books)

    async def of_message(self, channel: str, ts: str) -> Post | None:
        """Return the post behind a message."""
        return await asyncio.to_thread(sending.of_message, self.books, channel, ts)

    async def of_key(self, key: str) -> Post | None:
        """Return the post of a key, as a message's metadata or a button names it."""
        return await asyncio.to_thread(sending.of_key, self.books, key)

    async def keep_content(self, post: Post, content: str) -> bool:
        """Replace the content of a post as it was read; False: somebody else did, so read it again."""
        return await asyncio.to_thread(sending.keep_content, self.books, post, content)

    async def expire(self) -> int:
        """Delete posts and schedules that ended 400 days ago; returns how many those were."""
        return await asyncio.to_thread(sending.expire, self.books)


def opened(
    store: Store, account_id: int, clock: Callable[[], datetime], token: Callable[[], str], canonical: Canonical
) -> Schedules:
    """Open an account's schedules for this process."""
    return Schedules(Books(store, account_id, clock, token, token()), canonical)
