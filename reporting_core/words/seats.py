"""Taking seats back and giving them again, as values (features.md §6; the states are those of reliability.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from reporting_core.words.terms import Access, Origin


class Change(StrEnum):
    """What is done to a seat; an assignment happens only as the undoing of an unassignment."""

    UNASSIGN = "unassign"
    ASSIGN = "assign"


class State(StrEnum):
    """Where an action stands. Only `DONE`, `REFUSED` and `FAILED` are final; `PERSON` ends when somebody settles it."""

    SECOND = "second"
    """Confirmed, and waiting for a second admin."""
    CONFIRMED = "confirmed"
    SENDING = "sending"
    """Claimed by a process, for as long as its lease lasts."""
    ACCEPTED = "accepted"
    """The provider took it, such as a task for an admin; done once it says so or newer data shows it."""
    UNKNOWN = "unknown"
    """Whether it happened is not known: the provider is read before anything is done again."""
    PERSON = "person"
    """A person has to decide: the seat was assigned anew meanwhile, or nobody can tell what happened."""
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


OPEN = frozenset({State.SECOND, State.CONFIRMED, State.SENDING, State.ACCEPTED, State.UNKNOWN, State.PERSON})
FINAL = frozenset({State.DONE, State.REFUSED, State.FAILED})


class Reason(StrEnum):
    """Why a seat is not taken back; each has its sentence and its way forward in `templates/*/seat_refusal.j2`."""

    NO_RIGHTS = "no_rights"
    SWITCHED_OFF = "switched_off"
    HOURS = "hours"
    """Outside the hours in which seats may be taken back."""
    EXEMPT = "exempt"
    GRACE = "grace"
    GROUP = "group"
    DEFAULT = "default"
    FLEX = "flex"
    GONE = "gone"
    """Unassigned already."""
    CHANGED = "changed"
    """No longer what was shown."""
    OLD_DATA = "old_data"
    BUSY = "busy"
    """Somebody else's action on the same seat is under way."""
    NO_SEAT = "no_seat"
    """Undoing: no seat is free any more."""
    TOO_LATE = "too_late"
    """Undoing: the time for it is over."""
    PROVIDER = "provider"
    """The provider refused, in its own words."""


class Cause(StrEnum):
    """What else stands in `Action.reason`: why an action failed, was withdrawn, or needs a person."""

    NOT_REACHED = "not_reached"
    """Failed: the provider could not be reached, however often it was tried; nothing was changed."""
    NO_EFFECT = "no_effect"
    """Failed: tried as often as may be, and the seat is still as it was."""
    CANNOT = "cannot"
    """Failed: the provider says that trying again is no use; nothing was changed."""
    DECLINED = "declined"
    """Refused: withdrawn before a second admin confirmed, or by that admin."""
    SETTLED = "settled"
    """A person said how it ended."""
    ASSIGNED_ANEW = "assigned_anew"
    """A person has to decide: the seat was assigned anew while the outcome was not known."""
    UNRESOLVED = "unresolved"
    """A person has to look: neither the provider nor newer data says what became of it."""


@dataclass(frozen=True, slots=True)
class GroupWay:
    """The group that carries a product: what a request to its owner has to say."""

    name: str
    members: int
    products: tuple[str, ...] = ()
    """Other products it carries."""
    owners: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    """E-mails of owners, as far as they are known; none where names are hidden."""
    hidden: bool = False
    """Names are hidden, so nobody may be written to about anybody."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """Somebody whose seat stays, for a reason and until a date (inclusive). `product` None: every product."""

    token: str
    team_id: int
    person_id: int
    product_id: int | None
    until: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat as it is now, with what a decision about it needs; personal data hashed where the team hides names.

    `print` identifies this very assignment as it was shown: it changes with the team, person, product, date and way of
    the assignment, so that what was drawn before is told from what is there now.
    """

    assignment_id: int
    print: str
    team_id: int
    team: str
    product_id: int
    product: str
    person_id: int
    person: str
    email: str | None
    access: Access
    assigned: bool | None
    origin: Origin
    origin_group: str
    assigned_on: date | None
    last_accessed: date | None
    days_30: int | None
    days_90: int | None
    seats: int | None
    """Bought in the team; None where no Subscriptions export says so."""
    assigned_seats: int
    other_ways: tuple[str, ...] = ()
    """Other assignments by which the person keeps the product: then removing this one frees no seat."""
    data_through: date | None = None
    collections: tuple[str, ...] = ()
    """Collections that the person holds and that open the product as well."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a seat may be taken back now. `reason` None: it may; `warnings` are said all the same."""

    seat: Seat
    reason: Reason | None = None
    warnings: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    """Those of them that are still so once the seat is taken."""
    group: GroupWay | None = None
    exemption: Exemption | None = None
    until: date | None = None
    """When a grace ends."""
    rival: str = ""
    """Slack id of whoever was faster."""
    under_way: str = ""
    """Slack id of whoever began what is under way on the seat, whatever else speaks against taking it."""

    @property
    def allowed(self) -> bool:
        """Tell whether it may be taken back."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class SeatOrder:
    """What a provider is asked to do: everything it may need to know whose seat of what this is.

    `key` is the action's id and the idempotency key: the same key twice is the same order.
    """

    key: str
    change: Change
    account: str
    team: str
    product: str
    assignment_id: int
    assigned_on: date | None
    origin: Origin
    origin_group: str
    email: str | None
    name: str
    autodesk_id: str | None = None
    hashed_autodesk_id: str | None = None
    asked_by: str = ""
    reference: str = ""
    """What the provider said when it accepted the order, such as the number of a task."""


class Done(StrEnum):
    """What a provider says."""

    DONE = "done"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """A provider's answer; `reference` finds an accepted order again, `reason` is for the admin."""

    done: Done
    reference: str = ""
    reason: str = ""


class Seen(StrEnum):
    """What a provider sees when it is asked how a seat stands: the seat itself, whatever the order asks.

    So for an order to assign, `GONE` means that it has had no effect, `SAME` and `OTHER` that the person has a seat.
    """

    SAME = "same"
    """Assigned, as it was when the order was given: an order to unassign has had no effect."""
    GONE = "gone"
    """Not assigned."""
    OTHER = "other"
    """Assigned, but anew or in another way: not for us to take away."""
    PENDING = "pending"
    """Accepted and not carried out yet."""
    UNKNOWN = "unknown"


class ProviderError(Exception):
    """A provider could not do it. `permanent`: trying again is no use. `sent`: it may have happened all the same.

    `after`: seconds for which the service asks to be left alone.
    """

    def __init__(self, message: str, *, permanent: bool = False, sent: bool = True, after: float = 0.0) -> None:
        """Keep what is known of the failure; `message` is for the admin and holds no secrets and no names."""
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.sent = sent
        self.after = after


class OutOfGroups(StrEnum):
    """Whether a provider takes single people out of the groups through which they have their seats."""

    NO = "no"
    ALONE = "yes"
    """Only where the group carries nothing but this product: then one membership is one seat."""
    SHARED = "also-shared"
    """Also where it carries other products, which the person loses too."""


class SeatControl(Protocol):
    """Whoever carries out what was decided (`bot/providers/`). Calls may be repeated with the same key.

    One that takes people out of groups has `out_of_groups: OutOfGroups`, too; without it, seats of groups are refused.
    """

    @property
    def name(self) -> str:
        """Name of the provider, as in USAGEBOT_PROVIDER."""

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Take the seat; raises ProviderError."""

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Give the seat again; raises ProviderError."""

    async def state(self, order: SeatOrder) -> Seen:
        """Read how the seat stands; raises ProviderError."""


@dataclass(frozen=True, slots=True)
class Action:
    """One decision about one seat, and what became of it. Times are aware UTC."""

    token: str
    batch: str
    """Actions confirmed in one press share it."""
    change: Change
    state: State
    seat_print: str
    assignment_id: int
    team_id: int
    person_id: int
    product_id: int
    asked_by: str
    """Slack id, or `operator`."""
    asked_at: datetime
    attempt: int = 0
    reason: str = ""
    detail: str = ""
    provider: str = ""
    reference: str = ""
    second_by: str = ""
    undoes: str = ""
    """Token of the action that this one undoes."""
    undo_until: datetime | None = None
    finished_at: datetime | None = None
    channel: str = ""
    message_ts: str = ""
    assigned_on: date | None = None
    """With `origin` and `origin_group`: the assignment as it was asked for."""
    origin: Origin = Origin.UNKNOWN
    origin_group: str = ""
    since: datetime | None = None
    """Since when it is in its state."""
    doubt: bool = False
    """The provider may have acted already: it is read before it is asked again."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an owner set about taking seats back. `hours` are UTC, [first, last); None: at any time."""

    switched_on: bool = True
    second_above: int = 10
    """Seats in one go above which a second admin confirms."""
    grace_days: int = 30
    undo_days: int = 14
    old_data_days: int = 14
    hours: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds now, and who set each value that is not as delivered: (Slack id or `operator`, when)."""

    policy: Policy
    changes: Mapping[str, tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a press brought: the actions begun, and the seats that were refused with their reasons."""

    actions: Sequence[Action] = ()
    refused: Sequence[Verdict] = field(default_factory=tuple)
    needs_second: bool = False
    missing: Sequence[int] = ()
    """Assignments that are not there, such as those of another account or of teams that were merged."""
