"""App Home: who one is here, figures of the own teams, what waits, spreadsheets, the age of the data, help, privacy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from handlers.sentences import label, sentence
from handlers.views import buttons, exempting, exports, faults, schedules, seat_home
from handlers.views.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    mrkdwn,
    plain,
    rich,
    said,
    section,
    words,
)
from handlers.views.tiles import tiles
from handlers.views.wording import dates, shown
from reporting_core.words.cards import Card, Kept
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport
from reporting_core.words.schedules import Post, Schedule
from reporting_core.words.seats import Policy
from reporting_core.words.spreadsheets import Spreadsheet

NEWEST = 3
"""Spreadsheets that are listed; the rest by `/usage exports`."""

MOST_SCHEDULES = 5
"""Digests and spreadsheets that are listed; the rest by `/usage subscriptions`."""

MOST_OPEN, MOST_KEPT = 8, 5

OLD_DAYS = 7
"""Days after which data is called old: most load their exports once a week."""


@dataclass(frozen=True, slots=True)
class TeamToday:
    """A team's figures: over the last 30 days, and over the 90 days after which a seat counts as idle here."""

    name: str
    month: UsageReport
    idle: UsageReport

    @property
    def waiting(self) -> int:
        """Idle seats that wait for a decision: those taken after the data ends are idle in it, and decided about."""
        idle = self.idle.tiles.subscriptions.inactive or 0
        # Idle rows stand in front.
        return idle - sum(row.unassigned_on is not None for row in islice(self.idle.rows, idle))


@dataclass(frozen=True, slots=True)
class SeatsToday:
    """What an admin sees of seats being taken back: the rules, what is under way, who is exempt."""

    policy: Policy
    open: Card
    kept: Sequence[Kept] = ()


@dataclass(frozen=True, slots=True)
class Today:
    """What the Home shows. `whole` is empty where nothing is loaded, for the reason in `trouble`."""

    whole: UsageReport | None = None
    teams: Sequence[TeamToday] = ()
    more: int = 0
    sheets: Sequence[Spreadsheet] = ()
    now: datetime | None = None
    trouble: str = ""
    seats: SeatsToday | None = None
    schedules: Sequence[Schedule] = ()
    last: Mapping[str, Post] = field(default_factory=dict)


def home(asker: Asker, today: Today) -> Block:
    """Return the Home of somebody who may see reports."""
    who = sentence("home_who", asker=asker, name=shown(asker.name or asker.email, 100), only=_only_team(today))
    blocks = [
        header("usagebot"),
        rich(words(said(label("home.you_are")), said(who, bold=True))),
        actions("home", [buttons.form(), buttons.help_about(0)]),
        *(_figures(today) if today.whole else [section(plain(shown(today.trouble, 1_000)))]),
        *(_seats(asker, today.seats) if today.seats else []),
        *_data(asker, today),
        *_settings(asker),
        divider(),
        section(plain(sentence("home_privacy"))),
    ]
    return {"type": "home", "blocks": blocks}


def outsider(reason: str, contact: str) -> Block:
    """Return the Home of a member who may see no reports: why, whom to ask, and what may be asked all the same."""
    why = faults.not_allowed(NotAllowed(reason), contact).blocks
    still = section(mrkdwn(sentence("home_outsider")))
    return {"type": "home", "blocks": [header("usagebot"), *why, still, actions("home", [buttons.help_about(0)])]}


def _figures(today: Today) -> list[Block]:
    coming = schedules.in_home(today.schedules, today.last, MOST_SCHEDULES)
    return [*_month(today), *_waiting(today), *coming, *_sheets(today)]


def _month(today: Today) -> list[Block]:
    whole = today.whole
    if whole is None:
        return []
    only = _only_team(today)
    title = header(" · ".join([label("home.month"), *([only] if only else []), dates(whole.period)]))
    more = [context(plain(sentence("home_more", teams=today.more)))] if today.more else []
    teams = _whole_report(today.teams[0]) if only else [_team(index, each) for index, each in enumerate(today.teams)]
    return [title, *tiles(whole), *teams, *more]


def _only_team(today: Today) -> str:
    return shown(today.teams[0].name, 60) if len(today.teams) == 1 and not today.more else ""


def _whole_report(team: TeamToday) -> list[Block]:
    opened = _open(0, team.month.canonical, label("buttons.report"), team.name)
    return [actions("home_team", [opened])] if opened else []


def _team(index: int, team: TeamToday) -> Block:
    tiles_ = team.month.tiles
    figures = sentence("home_team", team=shown(team.name, 80), seats=tiles_.subscriptions, flex=tiles_.flex)
    return section(plain(figures), accessory=_open(index, team.month.canonical, label("home.open"), team.name))


def _waiting(today: Today) -> list[Block]:
    idle = [(each, waiting) for each in today.teams if (waiting := each.waiting)]
    review = _review if today.seats else _open
    lines = [
        section(
            plain(sentence("home_idle", team=shown(team.name, 80), seats=waiting)),
            accessory=review(index, f"{team.idle.canonical} status=inactive", label("home.review"), team.name),
        )
        for index, (team, waiting) in enumerate(idle)
    ]
    if not lines:
        return [header(label("home.waiting")), section(plain(sentence("home_nothing_waits")))]
    return [header(label("home.waiting")), *lines, context(plain(sentence("home_offline")))]


def _seats(asker: Asker, seats: SeatsToday) -> list[Block]:
    """Return what is under way, who is exempt, the rules, and the switch."""
    under_way = seat_home.under_way(seats.open, seats.policy, asker.slack_user_id, MOST_OPEN)
    rules = section(
        mrkdwn(sentence("home_seats", policy=seats.policy, owner=asker.owner)), accessory=_switch(asker, seats)
    )
    nothing = [section(plain(label("seats.nothing_open")))]
    return [header(label("seats.taken_back")), *(under_way or nothing), *_kept(seats.kept), rules]


def _kept(kept: Sequence[Kept]) -> list[Block]:
    """Return who is exempt, those whose exemption ends first, and the button that exempts somebody."""
    more = len(kept) - MOST_KEPT
    counted = [context(mrkdwn(sentence("home_more_kept", count=more)))] if more > 0 else []
    title = section(mrkdwn(f"*{label('exempt.title')}*"), accessory=button("exempt_form", label("exempt.open")))
    return [title, *exempting.rows(kept[:MOST_KEPT]), *counted]


def _switch(asker: Asker, seats: SeatsToday) -> Block | None:
    if not seats.policy.switched_on:
        return button("seats_go", label("seats.go")) if asker.owner else None
    asked = {"title": plain(label("seats.stop_title")), "text": plain(label("seats.stop_text"))}
    answers = {"confirm": plain(label("seats.stop_yes")), "deny": plain(label("seats.stop_no")), "style": "danger"}
    return button("seats_stop", label("seats.stop"), style="danger") | {"confirm": asked | answers}


def _sheets(today: Today) -> list[Block]:
    now = today.now
    there = [(sheet, exports.line(sheet, now)) for sheet in today.sheets if sheet.is_there(now)] if now else []
    listed = [
        section(plain(text), accessory=exports.fetch_button(index, sheet))
        for index, (sheet, text) in enumerate(there[:NEWEST])
    ]
    return [header(label("home.sheets")), *(listed or [section(plain(sentence("home_no_sheets")))])]


def _data(asker: Asker, today: Today) -> list[Block]:
    whole = today.whole
    loads = asker.owner or bool(asker.administers)
    fresh = sentence("home_data", report=whole, age=_age(whole), old=OLD_DAYS, loads=loads)
    return [header(label("home.data")), section(mrkdwn(fresh))]


def _age(whole: UsageReport | None) -> int | None:
    return (whole.as_of - whole.data_through).days if whole and whole.data_through else None


def _settings(asker: Asker) -> list[Block]:
    return [header(label("home.settings")), section(mrkdwn(sentence("home_settings", owner=asker.owner)))]


def _open(index: int, query: str, text: str, team: str) -> Block | None:
    spoken = f"{text}: {shown(team, 60)}"
    return buttons.run(index, query, text) | {"accessibility_label": spoken[:75]} if buttons.fits(query) else None


def _review(index: int, query: str, text: str, team: str) -> Block | None:
    spoken = f"{label('seats.review_spoken')}: {shown(team, 60)}"[:75]
    if not buttons.fits(query) or index >= 10:  # noqa: PLR2004 - as many teams as are shown
        return None
    return button(f"review_{index}", text, buttons.value(q=query), spoken=spoken)
