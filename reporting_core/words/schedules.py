"""What comes without asking: when, about what, to whom, and what became of it (features.md §8, reliability.md)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Self


class Rhythm(StrEnum):
    """How often."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    """Monday to Friday."""
    WEEKLY = "weekly"
    FORTNIGHTLY = "every 2 weeks"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    """In January, April, July and October."""
    CRON = "cron"


@dataclass(frozen=True, slots=True)
class Cadence:
    """When something is due, in a time zone's wall time. `str()` is the canonical form, which can be typed back."""

    rhythm: Rhythm
    at: time = time(9)
    weekday: int = 0
    """0 is Monday; for weekly and fortnightly."""
    day: int = 1
    """1 to 31, where a shorter month has its last day; for monthly and quarterly."""
    cron: str = ""
    """Five fields; for cron alone."""

    def __str__(self) -> str:
        """Return the words that read back as this."""
        if self.rhythm is Rhythm.CRON:
            return f'cron "{self.cron}"'
        which = {
            Rhythm.WEEKLY: f" {WEEKDAYS[self.weekday]}",
            Rhythm.FORTNIGHTLY: f" {WEEKDAYS[self.weekday]}",
            Rhythm.MONTHLY: f" {self.day}",
            Rhythm.QUARTERLY: f" {self.day}",
        }.get(self.rhythm, "")
        return f"{self.rhythm}{which} {self.at:%H:%M}"

    @classmethod
    def of(cls, text: str) -> Self:
        """Read the canonical form, and no other; what people type is read by the grammar."""
        rhythm = next(each for each in Rhythm if text.startswith(each))
        rest = text.removeprefix(rhythm).strip()
        if rhythm is Rhythm.CRON:
            return cls(rhythm, cron=rest.strip('"'))
        which, _, at = rest.rpartition(" ")
        weekday = WEEKDAYS.index(which) if which in WEEKDAYS else 0
        return cls(rhythm, time.fromisoformat(at), weekday, int(which) if which.isdecimal() else 1)


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Slot:
    """One time at which something is due. `local` is the wall time that names it: once, whatever the clocks do."""

    local: datetime
    """Naive. The name of the slot is `f"{local:%Y-%m-%dT%H:%M}"`."""
    due: datetime
    """Aware, UTC: later than `local` says where that hour does not exist, the first of two where it exists twice."""

    @property
    def name(self) -> str:
        """What the slot is called in the database and in a message's metadata."""
        return f"{self.local:%Y-%m-%dT%H:%M}"


class Kind(StrEnum):
    """What is posted."""

    DIGEST = "digest"
    EXPORT = "export"
    ALERT = "alert"
    NOTICE = "notice"
    """A schedule is in trouble, or was handed over."""


class Standing(StrEnum):
    """Whether a schedule goes on."""

    ON = "on"
    PAUSED = "paused"
    """By a person."""
    TROUBLE = "trouble"
    """By the bot: it cannot be delivered, or its owner may not see it any more. `Schedule.cause` says which."""
    ENDED = "ended"
    """Unsubscribed; kept for the history."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A digest or a spreadsheet that comes by itself."""

    id: int
    token: str
    kind: Kind
    question: str
    """Canonical, with the owner's rights: read and checked again each time."""
    cadence: Cadence
    zone: str
    """IANA."""
    anchor: date
    """The Monday from which fortnights are counted."""
    channel: str
    """Slack's id; empty: the owner's direct message."""
    owner: str
    """Slack's user id."""
    made_at: datetime
    standing: Standing = Standing.ON
    cause: str = ""
    by: str = ""
    """Who paused or ended it."""
    next: Slot | None = None
    since: date | None = None
    """The as-of date of the digest before: what changed is counted from there."""
    quiet_since: datetime | None = None
    """When something was last said, a line that all is well included."""
    revision: int = 0
    """Grows with each change."""


class State(StrEnum):
    """Where a post stands. The last six are final."""

    DUE = "due"
    CLAIMED = "claimed"
    """A process prepares it, for as long as its lease lasts; nothing has been sent."""
    POSTING = "posting"
    """A process may have sent it: it is looked for in Slack before it is sent again."""
    UNKNOWN = "unknown"
    """Slack's answer was lost, or the process died while posting."""
    POSTED = "posted"
    SKIPPED = "skipped"
    """There was nothing new to say."""
    MISSED = "missed"
    """Due more than a day ago when somebody came to send it, or a newer one of its schedule was due as well."""
    FAILED = "failed"
    """Slack refuses for good, or it was given up; `Post.cause` says why."""
    HANDED = "handed"
    """Nobody can tell whether it arrived: the owner was asked to look."""
    WITHDRAWN = "withdrawn"
    """The schedule was paused or ended before it was sent, or its owner lost the rights."""


class Why(StrEnum):
    """Why the bot itself ended a post; other causes are what Slack or a person said."""

    TOO_LATE = "too late"
    OVERTAKEN = "overtaken"
    """A newer one of its schedule was due as well."""
    GIVEN_UP = "given up"
    """It was tried as often as things are tried, or for as long; behind a colon what was in the way the last time."""
    NOT_ON = "not on"
    """Its schedule was paused or ended."""


OPEN = frozenset({State.DUE, State.CLAIMED, State.POSTING, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Post:
    """One message that goes out once: a slot of a schedule, an alert, a notice. `key` names it for ever."""

    id: int
    key: str
    """`digest:<schedule token>:<slot>`, `export:…`, `alert:<token>`, `notice:<…>`; goes into the message's metadata."""
    kind: Kind
    state: State
    due: datetime
    channel: str
    """Where to, decided when it is claimed; empty: the direct message of `owner`."""
    owner: str
    schedule: str = ""
    """The token of its schedule, if any."""
    slot: str = ""
    fence: int = 0
    """Grows with each claim: whoever holds an older one may not post and records nothing."""
    attempt: int = 0
    lease_until: datetime | None = None
    posting_at: datetime | None = None
    message_ts: str = ""
    late: bool = False
    """Sent more than 15 minutes after it was due."""
    as_of: date | None = None
    since: date | None = None
    cause: str = ""
    content: str = "{}"
    """JSON with ids alone, never names: what a redrawn message is made from."""
    finished_at: datetime | None = None

    @property
    def is_given_up(self) -> bool:
        """Tell whether it was tried until it was given up, and not refused for good."""
        return self.state is State.FAILED and self.cause.startswith(Why.GIVEN_UP)

    @property
    def obstacle(self) -> str:
        """What was in the way, without the word that it was given up for that."""
        return self.cause.removeprefix(f"{Why.GIVEN_UP}: ") if self.is_given_up else self.cause

    @property
    def tries(self) -> int:
        """How often it was tried, once it came to its end."""
        return self.attempt + 1
