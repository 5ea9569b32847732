"""The vendor's columns: what each generation calls them, and which kind of file has which. Data, no decisions."""

import re
from dataclasses import dataclass

from reporting_core.words.terms import Kind

SPELLINGS: dict[str, tuple[str, ...]] = {
    "team": ("team", "team_alias", "team_name"),
    # In Title Case and in Seat Usage the offering is called `product`; where both stand, `offering_name` is it.
    "offering": ("offering_name", "product", "offering"),
    "child": ("product_name",),
    "access": ("access_option", "access"),
    "email": ("email", "e_mail", "email_address", "e_mail_address"),
    "groups": ("group", "groups", "group_name", "group_names"),
    "assigned_on": ("assigned_date", "assigned_on"),
    "unassigned_on": ("unassigned_date", "unassigned_on"),
    "version": ("version", "product_version"),
    "assigned_by": ("assigned_by", "assigned_through"),
    "rule": ("group_or_default", "rule"),
    "autodesk_id": ("autodesk_id",),
    "hashed_autodesk_id": ("hashed_autodesk_id",),
    **{
        name: (name,)
        for name in (
            *(
                "first_name",
                "last_name",
                "days_used",
                "days_inactive",
                "monthly_average",
                "last_accessed",
                "tokens_used",
            ),
            *("seat_assignment", "user_activity", "day_used", "feature", "contract_number", "start_date", "end_date"),
            *("seat_quantity", "subscription_id", "subscription_status", "term", "autorenew_date", "reseller_name"),
            *("reseller_email", "account_status", "role", "group_type", "default", "tokens_purchased"),
            *("tokens_remaining", "expires_on", "as_of"),
        )
    },
}
"""Concept -> normalised headers, the preferred one first."""

CONCEPTS = {spelling: concept for concept, spellings in SPELLINGS.items() for spelling in spellings}

IDENTITY = ("hashed_autodesk_id", "autodesk_id", "email")
PERSON = (*IDENTITY, "first_name", "last_name")


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one kind: those it cannot do without (`person`: one of `IDENTITY` too), and the rest."""

    title: str
    needed: tuple[str, ...]
    listed: tuple[str, ...] = ()
    person: bool = False

    @property
    def known(self) -> frozenset[str]:
        """Every column the vendor (or the hand-kept file) has for this kind."""
        return frozenset((*self.needed, *self.listed, *(PERSON if self.person else ())))


DAILY_NEEDED = ("day_used", "team", "offering")

COLUMNS: dict[Kind, Columns] = {
    Kind.TOKEN_USAGE: Columns(
        "Token Usage", (*DAILY_NEEDED, "tokens_used"), ("feature", "child", "version", "access"), person=True
    ),
    Kind.USAGE: Columns("Usage", (*DAILY_NEEDED, "access"), ("child", "version"), person=True),
    Kind.SEAT_USAGE: Columns("Seat Usage", DAILY_NEEDED, (), person=True),
    Kind.USAGE_REPORT: Columns(
        "Usage Report",
        ("team", "offering", "access", "seat_assignment", "assigned_on", "last_accessed"),
        (
            *("unassigned_on", "groups", "days_used", "days_inactive", "monthly_average", "tokens_used", "child"),
            *("user_activity", "version", "assigned_by"),
        ),
        person=True,
    ),
    Kind.TOKEN_BALANCES: Columns(
        "token balances", ("team", "tokens_purchased", "tokens_remaining"), ("expires_on", "as_of")
    ),
    Kind.SUBSCRIPTIONS: Columns(
        "Subscriptions",
        ("team", "offering", "seat_quantity", "start_date", "end_date"),
        (
            *("subscription_id", "subscription_status", "contract_number", "term", "autorenew_date"),
            *("reseller_name", "reseller_email"),
        ),
    ),
    Kind.USERS: Columns("Users", ("team", "role"), ("account_status", "offering", "child"), person=True),
    Kind.GROUPS: Columns("Groups", ("email", "groups"), ("group_type", "role", "team")),
    Kind.ASSIGNMENT_RULES: Columns(
        "assignment rules", ("team", "offering"), ("assigned_by", "groups", "default", "rule")
    ),
}

REPORT_MARKS = frozenset({
    *("seat_assignment", "user_activity", "days_used", "days_inactive", "last_accessed", "unassigned_on"),
    "monthly_average",
})  # fmt: skip
SUBSCRIPTION_MARKS = frozenset({
    *("seat_quantity", "subscription_id", "subscription_status", "contract_number", "start_date", "end_date"),
})  # fmt: skip
RULE_MARKS = frozenset({"assigned_by", "groups", "default", "rule"})


QUOTES = "\"'`“”„«»\u2018\u2019"


def normal(header: str) -> str:
    """Return a header as the tables here spell it: lower case, `_` between words, no quotation or byte order mark."""
    bare = header.replace("\ufeff", "").strip().strip(QUOTES).strip()
    return re.sub(r"[\s_\-]+", "_", bare.casefold()).strip("_")


LABELS = {concept: spellings[0].replace("_", " ").capitalize() for concept, spellings in SPELLINGS.items()}
"""The header to show an operator for a concept, in Title Case: `day_used` is “Day used”."""
