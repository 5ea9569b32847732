"""The exports of the made-up company as tables: headers in the vendor's three generations, rows as values."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.demo_company.company import Company, Seat
from bot.demo_company.people import Employee
from bot.demo_company.teams import TEAMS, Generation, Team

Row = list[Any]
Days = tuple[int, int]
"""The first and the last, as ordinals."""
MASK = "*****"


class Table(NamedTuple):
    """A header and its rows; dates are dates."""

    header: Sequence[str]
    rows: list[Row]


def usage_report(company: Company, generation: Generation, *teams: Team) -> Table:
    """One row for each assignment, over the last 30 days."""
    header = {
        "2023": "team_alias email first_name last_name offering_name access_option seat_assignment assigned_date "
        "unassigned_date user_activity days_used monthly_average last_accessed days_inactive tokens_used groups "
        "version autodesk_id hashed_autodesk_id",
        "2026": "team email first_name last_name offering_name access_option seat_assignment assigned_date "
        "unassigned_date user_activity days_used monthly_average last_accessed days_inactive tokens_used group version "
        "autodesk_id hashed_autodesk_id assigned_by",
        "title": "Team,Email,First name,Last name,Product,Access option,Seat assignment,Assigned date,Unassigned date,"
        "User activity,Days used,Monthly average,Last accessed,Days inactive,Tokens used,Group,Version",
    }[generation]
    names = header.split(",") if generation == "title" else header.split()
    rows = [_reported(company, seat)[: len(names)] for seat in company.seats_of(*teams)]
    if generation == "2026":
        for row, seat in zip(rows, company.seats_of(*teams), strict=True):
            row[-1] = seat.origin
    return Table(names, rows)


def _reported(company: Company, seat: Seat) -> Row:
    last = company.through.toordinal()
    recent = [use for use in seat.uses if use.day > last - 30]
    used = len({use.day for use in recent})
    newest = max(seat.days, default=None)
    groups = [name for name, person in company.groups[seat.team.name] if person == seat.person]
    activity = "" if seat.flex else ("Active" if used else "Inactive")
    return [
        *(seat.team.name, *_person(seat)[:3], seat.product, _access(seat)),
        *("Unassigned" if seat.unassigned_on else "Assigned", _date(seat.assigned_on), _date(seat.unassigned_on)),
        *("" if seat.unassigned_on else activity, used, float(used), _date(newest)),
        *("" if newest is None else last - newest, float(sum(use.tokens for use in recent)), "; ".join(groups)),
        *(max((use.release for use in seat.uses), default=""), *_person(seat)[3:], ""),
    ]


def usage(company: Company, generation: Generation, *teams: Team, days: Days | None = None) -> Table:
    """One row for each person, product and day, over days (ordinals) or all of them."""
    team = {"2023": "team_alias", "2026": "team", "title": "Team"}[generation]
    header = f"day_used email first_name last_name autodesk_id hashed_autodesk_id {team} access_option version"
    rows = [
        [date.fromordinal(use.day), *_person(seat), seat.team.name, _access(seat), use.release, seat.product, use.child]
        for seat in company.seats_of(*teams)
        for use in seat.uses
        if not use.feature and _within(use.day, days)
    ]
    return Table([*header.split(), "offering_name", "product_name"], sorted(rows, key=_by_day))


def seat_usage(company: Company, *teams: Team, days: Days | None = None) -> Table:
    """Use of named seats in Title Case; this kind knows neither child product nor release."""
    rows = [
        [date.fromordinal(day), *_person(seat)[:3], seat.product, seat.team.name]
        for seat in company.seats_of(*teams)
        if not seat.flex
        for day in seat.days
        if _within(day, days)
    ]
    return Table(["Day used", "Email", "First name", "Last name", "Product", "Team"], sorted(rows, key=_by_day))


def token_usage(company: Company, generation: Generation, *teams: Team, days: Days | None = None) -> Table:
    """Tokens charged, a row for each feature."""
    titles = ["Day used", "Email", "First name", "Last name", "Product", "Team", "Feature", "Tokens used"]
    names = titles if generation == "title" else [title.lower().replace(" ", "_") for title in titles]
    wide = [] if generation == "title" else ["autodesk_id", "hashed_autodesk_id"]
    rows = [
        [
            *(date.fromordinal(use.day), *_person(seat)[:3], seat.product, seat.team.name, use.feature, use.tokens),
            *(_person(seat)[3:] if wide else ()),
        ]
        for seat in company.seats_of(*teams)
        if seat.flex
        for use in seat.uses
        if _within(use.day, days)
    ]
    return Table([*names, *wide], sorted(rows, key=_by_day))


def subscriptions(company: Company) -> Table:
    """Seats bought, in Title Case: a running term for each product, and one that ended last year."""
    header = "Contract number,Team,Product,Subscription ID,Seat quantity,Start date,End date,Subscription status,Term"
    rows = [
        [
            f"C-{100 + index}",
            team.name,
            offer.product,
            f"S-{1000 + index}",
            offer.seats,
            *_term(company, index),
            "Active",
        ]
        for index, (team, offer) in enumerate((team, offer) for team in TEAMS for offer in team.offers)
        if offer.seats
    ]
    old = company.first.replace(day=1)
    ended = ["C-99", "Design", "Revit", "S-999", 12, date(old.year - 1, 1, 1), date(old.year - 1, 12, 31), "Expired"]
    return Table(header.split(","), [[*row, "Annual"] for row in [*rows, ended]])


def _term(company: Company, index: int) -> tuple[date, date]:
    start = date.fromordinal(company.made_through.toordinal() - 40 - 17 * index)
    return start, date.fromordinal(start.toordinal() + 364)


def users(company: Company) -> Table:
    """Who is in which team, and as what. Of the masked team only admins are listed, who are known by other teams."""
    names = ["email", "first_name", "last_name", "autodesk_id", "role", "account_status", "team"]
    rows = [
        [person.email, person.first, person.last, person.autodesk_id, role, status, team.name]
        for team in TEAMS
        for person, role, status in _roles(company, team)
    ]
    return Table(names, rows)


def _roles(company: Company, team: Team) -> Iterator[tuple[Any, str, str]]:
    people = company.people
    admins = {"Design": (("tomas.lindqvist", "Secondary admin"), ("ruth.feldmann", "Contract manager"))}
    yield people["maeve.ohara"], "Primary admin", "Active"
    named = dict(admins.get(team.name, ()))
    for key, role in named.items():
        yield people[key], role, "Active"
    for person in company.members[team.name] if not team.masked else ():
        if person.key not in named:
            yield person, "User", "Inactive" if person.key == "oskar.nowak" else "Active"


def groups(company: Company) -> Table:
    """Members of groups by e-mail, the first of each its admin, or who leads; the masked team has none here."""
    found = [each for team in TEAMS if not team.masked for each in company.groups[team.name]]
    found += [each for each in _leads(company) if each not in found]
    admins = dict(reversed(found)) | dict(_leads(company))
    rows = [[person.email, name, "Team", "Admin" if admins[name] is person else "Member"] for name, person in found]
    return Table(["email", "group", "group_type", "role"], rows)


def _leads(company: Company) -> list[tuple[str, Employee]]:
    """Whoever sits in the workspace of the demo looks after the groups that bring seats, so that they can be asked."""
    return [("BIM authors", company.people["tomas.lindqvist"]), ("Project leads", company.people["ruth.feldmann"])]


def balances(company: Company) -> Table:
    """Tokens that are left, as somebody in the office writes them down."""
    ends = date.fromordinal(company.made_through.toordinal() + 75)
    rows = [[team.name, *_tokens(company, team), ends, company.through] for team in TEAMS if team.tokens]
    return Table(["team", "tokens_purchased", "tokens_remaining", "expires_on", "as_of"], rows)


def _tokens(company: Company, team: Team) -> tuple[int, int]:
    """Purchased, and what is left of them since the office wrote the first balance down."""
    purchased, left = team.tokens or (0, 0)
    since = company.made_through.toordinal()
    gone = sum(use.tokens for seat in company.seats_of(team) for use in seat.uses if use.day > since)
    return purchased, max(0, left - gone)


def rules(company: Company) -> Table:
    """How products are assigned in teams whose exports do not say."""
    silent = [team for team in TEAMS if team.generation != "2026" and company.members[team.name]]
    rows = [
        [team.name, offer.product, offer.origin]
        for team in silent
        for offer in team.offers
        if offer.origin != "Individual"
    ]
    return Table(["team", "product", "assigned_by"], rows)


def _person(seat: Seat) -> Row:
    """E-mail, first and last name, id, hashed id; with personal data off the hashed id alone."""
    person = seat.person
    if seat.team.masked:
        return [MASK, MASK, MASK, MASK, person.hashed_id]
    return [person.email, person.first, person.last, person.autodesk_id, person.hashed_id]


def _access(seat: Seat) -> str:
    return "Flex" if seat.flex else "Subscription"


def _date(day: int | None) -> date | str:
    return "" if day is None else date.fromordinal(day)


def _within(day: int, days: Days | None) -> bool:
    return days is None or days[0] <= day <= days[1]


def _by_day(row: Row) -> tuple[Any, ...]:
    return row[0], str(row[1:])
