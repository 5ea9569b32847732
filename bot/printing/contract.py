"""The JSON that programs rely on (`docs/report.schema.json`): reports, results of imports, errors."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from reporting_core.words.errors import BadQuery, UsagebotError
from reporting_core.words.imports import FileResult, ImportResult
from reporting_core.words.query import Filter, UsageQuery
from reporting_core.words.questions import Asked
from reporting_core.words.report import Row, UsageReport

Json = dict[str, Any]

# JSON escapes the first 32 signs itself. The rest could still steer a terminal, or turn its direction of writing.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

SCHEMA = 1
"""Changes when a program that reads the old form would misread the new one."""


def written(value: Json) -> str:
    """Return a value as it is printed; letters stay as they are, signs that could steer a terminal do not."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def report(answer: UsageReport) -> Json:
    """Return a report with all its rows."""
    return {
        "schema": SCHEMA,
        "query": _query(answer),
        "as_of": _day(answer.as_of),
        "data_through": _day(answer.data_through),
        "personal_data": "hashed" if answer.hashed else "shown",
        "tiles": {"subscriptions": asdict(answer.tiles.subscriptions), "flex": asdict(answer.tiles.flex)},
        "rows": [_row(row) for row in answer.rows],
        "row_count": answer.row_count,
        "withheld": dict(answer.withheld),
        "caveats": list(answer.caveats),
    }


def _query(answer: UsageReport) -> Json:
    query: UsageQuery = answer.query
    return {
        "canonical": answer.canonical,
        "from": _day(answer.period.first),
        "to": _day(answer.period.last),
        "team": answer.team,
        "filters": [_filter(each) for each in query.filters],
        "sort": [f"{'-' if each.descending else ''}{each.key}" for each in query.sort],
        "top": query.top,
        "notes": list(answer.notes),
        "nearest": list(answer.nearest),
    }


def _filter(one: Filter) -> Json:
    return {"key": str(one.key), "values": list(one.values), "negated": one.negated}


def _row(row: Row) -> Json:
    return {
        "team": row.team,
        "product": row.product,
        "access": str(row.access),
        "person": row.person,
        "email": row.email,
        "status": str(row.status),
        "assigned_by": str(row.assigned_by),
        "groups": list(row.groups),
        "assigned_on": _day(row.assigned_on),
        "unassigned_on": _day(row.unassigned_on),
        "days_used": row.days_used,
        "monthly_average": row.monthly_average,
        "last_accessed": _day(row.last_accessed),
        "days_inactive": row.days_inactive,
        "tokens_used": row.tokens_used,
        "why": row.why,
    }


def imported(result: ImportResult) -> Json:
    """Return what an import did, row for row: read = stored + unchanged + refused."""
    return {
        "files": [_file(file) for file in result.files],
        "totals": totals(result.files),
        "coverage": _coverage(result.coverage),
        "notes": list(result.notes),
    }


def totals(files: Sequence[FileResult]) -> dict[str, int]:
    """Return the sums over all files."""
    return {
        "read": sum(file.read for file in files),
        "stored": sum(file.stored for file in files),
        "unchanged": sum(file.unchanged for file in files),
        "refused": sum(len(file.refused) for file in files),
    }


def _file(file: FileResult) -> Json:
    found: Json = {
        "name": file.name,
        "kind": str(file.kind) if file.kind else None,
        "read": file.read,
        "stored": file.stored,
        "unchanged": file.unchanged,
        "refused": [{"line": line, "reason": reason} for line, reason in file.refused],
        "ignored_columns": list(file.ignored_columns),
    }
    return found if file.error is None else {**found, "error": file.error}


def _coverage(coverage: Mapping[str, Sequence[tuple[date, date]]]) -> dict[str, list[list[str]]]:
    return {
        team: [[first.isoformat(), last.isoformat()] for first, last in spans]
        for team, spans in sorted(coverage.items())
    }


def asked(made_out: Asked, told: str) -> Json:
    """Return what a plain question was taken for, and its answer (`docs/ask.schema.json`)."""
    return {
        "schema": SCHEMA,
        "kind": str(made_out.kind),
        "act": str(made_out.act) if made_out.canonical else None,
        "canonical": made_out.canonical or None,
        "faq": made_out.faq or None,
        "candidates": [
            {"kind": str(each.kind), "act": str(each.act), "canonical": each.canonical}
            if each.canonical
            else {"kind": str(each.kind), "faq": each.faq}
            for each in made_out.candidates
        ],
        "text": told,
    }


def error(problem: UsagebotError) -> Json:
    """Return an error: its kind, what to do, what to try; `corrected` is a whole command that would run."""
    found: Json = {"kind": problem.kind, "message": problem.message, "suggestions": list(problem.suggestions)}
    if isinstance(problem, BadQuery) and problem.corrected:
        found["corrected"] = problem.corrected
    return {"error": found}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
