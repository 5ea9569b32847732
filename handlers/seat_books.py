"""What handlers ask the core about seats: the machine, cards, tasks, requests, the audit, and what an owner set."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from reporting_core.usecases.seats.healing import Healed
from reporting_core.usecases.seats.machine import May
from reporting_core.usecases.seats.requesting import Press
from reporting_core.usecases.seats.tasks import Waiting
from reporting_core.words.audit import Page
from reporting_core.words.cards import Admins, Card, Kept, News
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Confirmed, Policy, Seat, Standing, Verdict
from reporting_core.words.tasks import Task


class Tasks(Protocol):
    """Tasks for admins, as `reporting_core.usecases.seats.tasking` keeps them."""

    async def due(self) -> Sequence[Waiting]:
        """Take the turn for every message about a task that is due now."""

    async def give_back(self, task: Task) -> bool:
        """Give the turn back after a message that reached nobody."""

    async def seat(self, asker: Asker, action: Action) -> Seat | None:
        """Return the seat of an action as this person may see it; None without rights."""

    async def close(self, asker: Asker, token: str, *, done: bool) -> Action:
        """End a task and its action by an admin's word; raises AskAgain, NotAllowed."""


class Seats(Protocol):
    """Taking seats back, as `reporting_core.usecases.seats.facade` does it."""

    async def heal(self, now: datetime | None = ..., may: May | None = ...) -> Healed:
        """Do one round of finding out what became of actions that nobody works on; raises StoreBusy, SettingWrong."""

    async def preview(self, asker: Asker, what: Sequence[int], /) -> Sequence[Verdict]:
        """Judge seats as they are now; those of teams that this person does not see are left out."""

    async def policy(self) -> Policy:
        """Return what an owner set."""

    async def set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        """Set one value; raises NotAllowed, AskAgain."""

    async def confirm(self, asker: Asker, batch: str, seats: Sequence[tuple[int, str]], /) -> Confirmed:
        """Begin to take seats back; the same batch again begins nothing anew. Raises NotAllowed, AskAgain."""

    async def second(self, asker: Asker, batch: str) -> Confirmed:
        """Confirm, as a second admin, what somebody else asked for; raises NotAllowed, AskAgain."""

    async def decline(self, asker: Asker, batch: str) -> Sequence[Action]:
        """Withdraw what waits for a second admin; raises NotAllowed, AskAgain."""

    async def undo(self, asker: Asker, token: str, /) -> Action:
        """Begin to give a seat back; raises AskAgain with the reason, NotAllowed."""

    async def carry_out(self, token: str, may: May | None = ...) -> Action | None:
        """Carry a confirmed action out, or find that somebody else does."""

    async def told(self, token: str) -> bool:
        """Note that an action was told; False if it was before, or there is no news."""

    async def placed(self, batch: str, place: tuple[str, str]) -> None:
        """Note in which message (channel, timestamp) a card stands."""


class Cards(Protocol):
    """What became of seats, as `reporting_core.usecases.seats.cards` shows it."""

    @property
    def provider(self) -> str:
        """Name of whoever carries actions out."""

    async def card(self, asker: Asker, batch: str) -> Card:
        """Return everything of one press that is about this person's teams."""

    async def with_action(self, asker: Asker, token: str) -> Card | None:
        """Return the card on which an action, or the one that it undoes, stands."""

    async def open(self, asker: Asker) -> Card:
        """Return what is under way or waits in this person's teams."""

    async def admins(self, card: Card) -> Admins:
        """Return who could confirm all of a card as second admin."""

    async def kept(self, asker: Asker) -> Sequence[Kept]:
        """Return the exemptions in this person's teams, those that end first in front."""

    async def news(self) -> Sequence[News]:
        """Return the cards that somebody has yet to hear of."""


class Requests(Protocol):
    """Requests to whoever owns a group, as `reporting_core.usecases.seats.requesting` keeps them."""

    async def about(self, asker: Asker, ids: Sequence[int]) -> Sequence[Verdict]:
        """Return those of the seats about which the owner of the first one's group may be asked."""

    async def owners(self, about: Sequence[Verdict]) -> Admins:
        """Return who owns the group of these seats."""

    async def begin(self, press: Press, to: Sequence[str]) -> Sequence[Verdict]:
        """Write down that these Slack ids are asked; returns the seats about which they have not been asked yet."""

    async def unsent(self, press: Press, about: Sequence[Verdict], to: Sequence[str]) -> None:
        """Write down that a request reached nobody."""


class SeatRules(Protocol):
    """Exemptions as they are typed, and what an owner set, as `reporting_core.usecases.seats.ruling` keeps them."""

    async def standing(self) -> Standing:
        """Return what an owner set, and who and when."""

    async def set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        """Set one value; raises NotAllowed, AskAgain."""

    async def exempt(self, asker: Asker, text: str, mentions: Mapping[str, str] | None = ...) -> Kept:
        """Keep the seat of whoever is meant by typed words; raises AskAgain, NotAllowed."""

    async def unexempt(self, asker: Asker, token: str) -> bool:
        """Take an exemption back; False if there is none any more. Raises NotAllowed."""


class Audit(Protocol):
    """Who did what, as `reporting_core.usecases.auditing` reads it."""

    async def page(self, asker: Asker, text: str = ..., *, whole: bool = ...) -> Page:
        """Return the page of rows that typed words name, or all they pick; raises NotAllowed, AskAgain."""
