"""What a person is shown of actions on seats: each with its seat, and what was pressed together as a card."""

from dataclasses import dataclass
from datetime import datetime

from reporting_core.words.seats import Action, Change, Exemption, State, Verdict

_NOT_UNDONE = {State.REFUSED, State.FAILED}


@dataclass(frozen=True, slots=True)
class Line:
    """One action. `verdict` holds its seat as this reader may see it; `undoing` is the newest undo of it.

    `winner` is whose action on the same seat was faster, where this one was refused for that.
    """

    action: Action
    verdict: Verdict | None = None
    undoing: Action | None = None
    winner: Action | None = None

    def can_be_undone(self, now: datetime) -> bool:
        """Tell whether the seat can be given back, as far as can be told without looking at the seat."""
        action, undoing = self.action, self.undoing
        if action.change is not Change.UNASSIGN or action.state is not State.DONE or action.undo_until is None:
            return False
        return now <= action.undo_until and (undoing is None or undoing.state in _NOT_UNDONE)

    @property
    def none_free(self) -> bool:
        """Tell whether no seat is free at the moment by which this one could be given back."""
        seat = self.verdict.seat if self.verdict else None
        return seat is not None and seat.seats is not None and seat.assigned_seats >= seat.seats

    @property
    def newest(self) -> Action:
        """The action that is still to be decided or was decided last."""
        return self.undoing or self.action

    @property
    def waits_for_a_word(self) -> bool:
        """Tell whether a person can say how it ended."""
        return self.newest.state in {State.PERSON, State.ACCEPTED}

    @property
    def is_a_task(self) -> bool:
        """Tell whether it waits for an admin to do it in the vendor's portal."""
        return self.newest.state is State.ACCEPTED and self.newest.provider == "task"


@dataclass(frozen=True, slots=True)
class Card:
    """Everything of one press, for one reader. `place` is the message in which it is shown, '' where there is none."""

    batch: str
    lines: tuple[Line, ...]
    now: datetime
    provider: str = ""
    place: tuple[str, str] = ("", "")

    @property
    def asked_by(self) -> str:
        """Slack id of whoever pressed."""
        return self.lines[0].action.asked_by if self.lines else ""


@dataclass(frozen=True, slots=True)
class News:
    """A card of which somebody has yet to hear: whose it is, and the actions with news in it."""

    batch: str
    asked_by: str
    place: tuple[str, str]
    untold: tuple[str, ...]
    quiet: float
    """Seconds since the last change."""
    turn: int = 0
    """Which attempt to post it would be: each is made by one process."""


@dataclass(frozen=True, slots=True)
class Admins:
    """Who may confirm as second admin, as far as the account knows: Slack ids, and e-mails to be looked up in Slack."""

    slack_user_ids: tuple[str, ...]
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An exemption with names as this reader may see them. `product` empty: every product."""

    exemption: Exemption
    team: str
    person: str
    product: str
