"""Rows of the files that are lists: Usage Report, Subscriptions, Users, Groups, token balances, assignment rules."""

from collections.abc import Callable, Sequence

from reporting_core.exports.asking import Refused
from reporting_core.exports.cells import Cells, origin_of
from reporting_core.exports.columns import LABELS
from reporting_core.words.imports import (
    BalanceRow,
    GroupRow,
    PersonKey,
    Record,
    ReportRow,
    RuleRow,
    SubscriptionRow,
    UserRow,
)
from reporting_core.words.terms import Kind, Origin

Builder = Callable[[Cells, Sequence[str], int], Record]

YES = frozenset({"yes", "y", "true", "1", "x", "default", "ja", "oui"})
NO = frozenset({"", "no", "n", "false", "0", "-", "nein", "non"})


def report_row(cells: Cells, row: Sequence[str], line: int) -> ReportRow:
    """Read a row of the Usage Report. Monthly average and user activity are not taken: they follow from the rest."""
    origin, group = _origin(cells, row)
    return ReportRow(
        line=line,
        team=cells.name(row, "team"),
        person=cells.person(row),
        offering=cells.name(row, "offering"),
        access=cells.access(row),
        assigned=cells.assigned(row),
        assigned_on=cells.day(row, "assigned_on"),
        unassigned_on=cells.day(row, "unassigned_on"),
        days_used=cells.whole(row, "days_used"),
        days_inactive=cells.whole(row, "days_inactive"),
        last_accessed=cells.past_day(row, "last_accessed"),
        millitokens=cells.milli(row, "tokens_used"),
        groups=_groups(cells, row),
        release=cells.text(row, "version"),
        origin=origin,
        origin_group=group,
    )


def _origin(cells: Cells, row: Sequence[str]) -> tuple[Origin | None, str]:
    text = cells.text(row, "assigned_by")
    return origin_of(text) if text else (None, "")


def _groups(cells: Cells, row: Sequence[str]) -> tuple[str, ...] | None:
    """Read the groups of a cell; a comma belongs to a name, a semicolon stands between names."""
    if not cells.has("groups"):
        return None
    names = [name.strip() for name in cells.text(row, "groups").split(";")]
    return tuple(dict.fromkeys(name for name in names if name))


def subscription_row(cells: Cells, row: Sequence[str], line: int) -> SubscriptionRow:
    """Read a pool of seats."""
    starts, ends = cells.day(row, "start_date"), cells.day(row, "end_date")
    if starts and ends and ends < starts:
        raise Refused("End date is before Start date")
    return SubscriptionRow(
        line=line,
        team=cells.name(row, "team"),
        offering=cells.name(row, "offering"),
        subscription_id=cells.text(row, "subscription_id"),
        seats=_needed(cells.whole(row, "seat_quantity"), "seat_quantity"),
        starts=starts,
        ends=ends,
        status=cells.text(row, "subscription_status"),
        contract=cells.text(row, "contract_number"),
        term=cells.text(row, "term"),
    )


def user_row(cells: Cells, row: Sequence[str], line: int) -> UserRow:
    """Read a person's role in a team."""
    return UserRow(
        line=line,
        team=cells.name(row, "team"),
        person=cells.person(row),
        role=cells.text(row, "role"),
        account_status=cells.text(row, "account_status"),
        offering=cells.text(row, "offering"),
    )


def group_row(cells: Cells, row: Sequence[str], line: int) -> GroupRow:
    """Read a membership; the Groups export knows people by e-mail only."""
    person = cells.person(row)
    return GroupRow(
        line=line,
        team=cells.text(row, "team"),
        email=person.email,
        group=cells.name(row, "groups"),
        group_type=cells.text(row, "group_type"),
        role=cells.text(row, "role"),
    )


def balance_row(cells: Cells, row: Sequence[str], line: int) -> BalanceRow:
    """Read a hand-kept balance of tokens."""
    return BalanceRow(
        line=line,
        team=cells.name(row, "team"),
        purchased=_needed(cells.milli(row, "tokens_purchased"), "tokens_purchased"),
        remaining=_needed(cells.milli(row, "tokens_remaining"), "tokens_remaining"),
        expires_on=cells.day(row, "expires_on"),
        as_of=cells.past_day(row, "as_of"),
    )


def rule_row(cells: Cells, row: Sequence[str], line: int) -> RuleRow:
    """Read how a product is assigned in a team: `assigned_by` as in the report, or a group's name, or `default`.

    The column may be `assigned_by`, `group`, `group or default`, or `default` (yes / no) beside `group`.
    """
    origin, group = _rule(cells, row)
    if origin is Origin.GROUP and not group:
        raise Refused("the rule names no group")
    return RuleRow(line, cells.name(row, "team"), cells.name(row, "offering"), origin, group)


def _rule(cells: Cells, row: Sequence[str]) -> tuple[Origin, str]:
    group = cells.text(row, "groups") or cells.text(row, "rule")
    by_default = _ticked(cells.text(row, "default"))
    if text := cells.text(row, "assigned_by"):
        origin, name = origin_of(text)
        return origin, (name or group if origin is Origin.GROUP else "")
    if group and by_default:
        raise Refused("the rule says both a group and default")
    if by_default or group.casefold() == "default":
        return Origin.DEFAULT, ""
    if group.casefold() == "individual":
        return Origin.INDIVIDUAL, ""
    if not group:
        raise Refused("the rule says neither a group nor default")
    prefix, colon, name = group.partition(":")
    return Origin.GROUP, name.strip() if colon and prefix.strip().casefold() == "group" else group


def _ticked(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise Refused(f"{LABELS['default']} “{text[:40]}” is neither yes nor no")


def _needed(number: int | None, concept: str) -> int:
    if number is None:
        raise Refused(f"{LABELS[concept]} is blank")
    return number


BUILDERS: dict[Kind, Builder] = {
    Kind.USAGE_REPORT: report_row,
    Kind.SUBSCRIPTIONS: subscription_row,
    Kind.USERS: user_row,
    Kind.GROUPS: group_row,
    Kind.TOKEN_BALANCES: balance_row,
    Kind.ASSIGNMENT_RULES: rule_row,
}


def newest_of(record: Record, today: int) -> int:
    """Return the newest date on which the export can be known to have existed, 0 if the row shows none.

    Terms, expiry and assignment dates may lie ahead and say nothing about it.
    """
    if isinstance(record, BalanceRow):
        return record.as_of or 0
    if isinstance(record, ReportRow) and record.last_accessed:
        # Days inactive are counted up to the day of the export.
        return min(today, record.last_accessed + (record.days_inactive or 0))
    return 0


def person_of(record: Record) -> PersonKey | None:
    """Return the person of a record that has one."""
    return record.person if isinstance(record, ReportRow | UserRow) else None
