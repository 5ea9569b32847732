"""Why an assignment has its status, as single facts that can be shown one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reporting_core.words.report import Row, UsageReport

Dates = tuple[date, date]
"""First and last of some dates, both included."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row with what its status was decided from; the rule in a sentence is `row.why`."""

    row: Row
    gaps: tuple[Dates, ...] = ()
    """Dates of the range for which no daily data of the team is loaded."""
    launched: Mapping[str, int] = field(default_factory=dict)
    """For a collection: the products that were launched in the range, and on how many days each."""
    grace_until: date | None = None
    """For somebody assigned a short time ago: the last day on which that is no reason to take the seat back."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to a question that asks why: the report it is about, and the evidence of its first rows."""

    report: UsageReport
    evidence: tuple[Evidence, ...]
