"""The audit and exemptions for programs (`docs/audit.schema.json`)."""

from collections.abc import Sequence

from bot.printing.contract import Json
from reporting_core import grammar
from reporting_core.usecases.auditing import Verified
from reporting_core.words.audit import Line, Page
from reporting_core.words.cards import Kept

SCHEMA = 1
"""Changes when a program that reads the old form would misread the new one."""


def verified(found: Verified) -> Json:
    """Return whether the audit is whole, and the first row that is not right."""
    bad = found.finding
    return {
        "schema": SCHEMA,
        "whole": found.whole,
        "rows": found.rows,
        "marks": found.marks,
        "first_bad_row": bad.seq if bad else None,
        "what": bad.what if bad else None,
        "warnings": list(found.warnings),
    }


def page(found: Page) -> Json:
    """Return rows, newest first."""
    return {
        "schema": SCHEMA,
        "canonical": grammar.canonical(found.query),
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "personal_data": "hashed" if found.hashed_because else "shown",
        "rows": [_row(line) for line in found.lines],
        "row_count": found.count,
        "page": found.number,
        "pages": found.pages,
    }


def exemptions(found: Sequence[Kept]) -> Json:
    """Return who keeps a seat."""
    return {"schema": SCHEMA, "exemptions": [_exemption(each) for each in found]}


def _row(line: Line) -> Json:
    return {
        "number": line.seq,
        "at": line.at.isoformat(),
        "kind": line.kind,
        "actor": line.actor,
        "subject": line.subject or None,
        "team": line.team or None,
        "person": line.person or None,
        "details": line.details,
    }


def _exemption(kept: Kept) -> Json:
    return {
        "id": kept.exemption.token,
        "person": kept.person,
        "product": kept.product or None,
        "team": kept.team,
        "until": kept.exemption.until.isoformat(),
        "reason": kept.exemption.reason,
        "by": kept.exemption.by,
    }
