"""What comes without asking, as handlers use it: `schedules`, `digests` and `alerts` of `reporting_core.usecases`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from reporting_core.words.alerts import Alert, AlertKind, AlertRule
from reporting_core.words.digests import Digest, DigestWish
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Post, Schedule


class Posts(Protocol):
    """Messages that go out once. Whoever holds an older fence than the newest may not post and records nothing."""

    async def due_now(self, now: datetime) -> int:
        """Write down what is due; returns how many posts that were."""

    async def enqueue(self, key: str, kind: Kind, owner: str, channel: str, due: datetime, content: str) -> bool:
        """Write down a message that is due; False if one of this key is known."""

    async def claim(self, now: datetime, most: int) -> Sequence[Post]:
        """Take the turn for what is due, for as long as a lease lasts."""

    async def may_post(self, post: Post, as_of: date | None, since: date | None, content: str) -> bool:
        """Ask for leave right before sending; False where somebody else has the turn or the schedule does not go on."""

    async def posted(self, post: Post, channel: str, ts: str) -> bool:
        """Note where it stands; False if somebody else took over meanwhile, so that this message is one too many."""

    async def skipped(self, post: Post, cause: str) -> bool:
        """Note that there was nothing to say."""

    async def again(self, post: Post, cause: str, seconds: float) -> bool:
        """Give the turn back after a fault that passes, with nothing sent."""

    async def failed(self, post: Post, cause: str) -> bool:
        """Note that Slack refuses for good."""

    async def lost(self, post: Post) -> bool:
        """Note that Slack's answer was lost."""

    async def doubtful(self, now: datetime) -> Sequence[Post]:
        """Take the turn to find out what became of posts that may have been sent."""

    async def arrived(self, post: Post, ts: str) -> bool:
        """Note that it was found in Slack."""

    async def not_arrived(self, post: Post) -> bool:
        """Note that it is not in Slack: it is due again."""

    async def undecided(self, post: Post, seconds: float) -> bool:
        """Look again later: Slack could not be asked."""

    async def taken_back(self, post: Post, ts: str) -> bool:
        """Note that a message was deleted that was one too many."""

    def holds(self, post: Post) -> bool:
        """Tell, right before sending, whether this process was not frozen for too long."""

    async def handed(self, post: Post) -> bool:
        """Note that nobody can tell, and its owner is asked."""

    async def of_message(self, channel: str, ts: str) -> Post | None:
        """Return the post that is a message."""

    async def of_key(self, key: str) -> Post | None:
        """Return a post by its key."""

    async def expire(self) -> int:
        """Delete what ended long ago; returns how many those were."""

    async def keep_content(self, post: Post, content: str) -> bool:
        """Change what a message is redrawn from; False if somebody changed it since `post` was read."""


class Schedules(Posts, Protocol):
    """Digests and spreadsheets that come by themselves; raises AskAgain, NotAllowed."""

    async def subscribe(
        self, asker: Asker, kind: Kind, question: str, cadence: Cadence, zone: str, channel: str
    ) -> Schedule:
        """Make a schedule, or return the one that is the same."""

    async def listed(self, asker: Asker, *, everyone: bool = ...) -> Sequence[Schedule]:
        """Return the asker's own, or everybody's for an owner."""

    async def one(self, asker: Asker, token: str) -> Schedule:
        """Return a schedule by its token or the beginning of it."""

    async def pause(self, asker: Asker, token: str) -> Schedule:
        """Stop it until somebody resumes it."""

    async def resume(self, asker: Asker, token: str) -> Schedule:
        """Let it go on from now."""

    async def edit(
        self,
        asker: Asker,
        token: str,
        *,
        question: str | None = ...,
        cadence: Cadence | None = ...,
        zone: str | None = ...,
        channel: str | None = ...,
    ) -> Schedule:
        """Change what is given."""

    async def hand_over(self, asker: Asker, token: str, slack_user_id: str) -> Schedule:
        """Give it to somebody else."""

    async def end(self, asker: Asker, token: str) -> Schedule:
        """Stop it for good."""

    async def send_now(self, asker: Asker, token: str, press: str) -> bool:
        """Let it send something now, beside its slots; once for the same press."""

    async def history(self, asker: Asker, token: str, most: int = ...) -> Sequence[Post]:
        """Return what became of its newest posts, newest first."""

    async def by_token(self, tokens: Iterable[str]) -> Mapping[str, Schedule]:
        """Return schedules by their tokens, for the bot itself."""

    async def last(self, tokens: Iterable[str]) -> Mapping[str, Post]:
        """Return the newest post of each schedule that has one."""

    async def before(self, tokens: Iterable[str]) -> Mapping[str, Post]:
        """Return the newest post of each schedule that arrived."""

    async def trouble(self, token: str, cause: str) -> bool:
        """Let a schedule rest, by the bot: it cannot be delivered, or its owner may not see it any more."""


class Digests(Protocol):
    """What digests say."""

    async def of(self, wishes: Sequence[DigestWish]) -> Mapping[str, Digest | AskAgain | NotAllowed]:
        """Make all that are wished for, by their tokens; what cannot be answered has its error in its place."""


class Alerts(Protocol):
    """What is told as soon as it is so."""

    async def rules(self) -> Sequence[AlertRule]:
        """List what is watched."""

    async def set_rule(
        self,
        asker: Asker,
        kind: AlertKind,
        *,
        on: bool | None = ...,
        threshold: int | None = ...,
        channel: str | None = ...,
    ) -> AlertRule:
        """Change what is given, for owners; raises NotAllowed, AskAgain."""

    async def look(self, now: datetime) -> Sequence[Alert]:
        """Look once, and queue what is news; raises StoreBusy."""

    async def drawn(self, content: str) -> Alert:
        """Return an alert from the content of its post."""
