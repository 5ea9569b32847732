"""Enumerations of the vendor's terms (domain.md §1-§2), spelt as they stand in the JSON contract."""

from enum import StrEnum


class Access(StrEnum):
    """How a person may start a product: a named seat, or prepaid tokens charged by the day."""

    SUBSCRIPTION = "subscription"
    FLEX = "flex"


class Status(StrEnum):
    """What an assignment is for one range of dates; exactly one of these."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    NOT_YET_ACTIVE = "not_yet_active"
    UNKNOWN = "unknown"
    UNASSIGNED = "unassigned"
    NOT_APPLICABLE = "not_applicable"


class Origin(StrEnum):
    """How an assignment was made; the exports usually do not say, hence `UNKNOWN`."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    DEFAULT = "default"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a person may do in a team; `OWNER` is set at installation and holds for the account."""

    OWNER = "owner"
    PRIMARY_ADMIN = "primary_admin"
    SECONDARY_ADMIN = "secondary_admin"
    SSO_ADMIN = "sso_admin"
    CONTRACT_MANAGER = "contract_manager"
    REPORTER = "reporter"
    USER = "user"


class Kind(StrEnum):
    """The kinds of file that can be imported; recognised by their headers alone."""

    USAGE_REPORT = "usage_report"
    USAGE = "usage"
    SEAT_USAGE = "seat_usage"
    TOKEN_USAGE = "token_usage"  # noqa: S105 - the vendor's name of an export, not a secret
    SUBSCRIPTIONS = "subscriptions"
    USERS = "users"
    GROUPS = "groups"
    TOKEN_BALANCES = "token_balances"  # noqa: S105 - see above
    ASSIGNMENT_RULES = "assignment_rules"


DAILY_KINDS = frozenset({Kind.USAGE, Kind.SEAT_USAGE, Kind.TOKEN_USAGE})
