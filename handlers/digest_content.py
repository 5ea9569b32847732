"""What a digest's message is redrawn from: its figures, and ids in place of names (`Post.content`).

Names are looked up when it is drawn, with the rights and the personal data of that moment.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from handlers.views.digest import LISTS, SHOWN
from reporting_core.words.digests import Digest, DigestRow, Listed, Memo, Tokens
from reporting_core.words.report import Chart, ChartPoint, SubscriptionTiles
from reporting_core.words.said import Said, Value

_NAMED = (*LISTS, "waiting")
_PLAIN = ("question", "team", "team_count", "hashed", "stale")


@dataclass(frozen=True, slots=True)
class Content:
    """A digest as it was sent, without names.

    Of the seats that wait for a decision, `kept` says who keeps them, `batches` in which press they were to be taken.
    """

    digest: Digest
    named: bool = True
    reason: str = ""
    kept: Mapping[int, str] = field(default_factory=dict)
    batches: Mapping[int, str] = field(default_factory=dict)

    @property
    def ids(self) -> list[int]:
        """The seats that are shown with names."""
        return list(dict.fromkeys(row.assignment_id for row in _rows(self.digest)))


def packed(content: Content) -> str:
    """Return it as JSON."""
    digest = content.digest
    made = {name: getattr(digest, name) for name in _PLAIN} | {
        "as_of": digest.as_of.isoformat(),
        "since": _iso(digest.since),
        "off": list(digest.hashed_because),
        "teams": sorted(digest.team_ids),
        "lists": {name: _listed(getattr(digest, name)) for name in _NAMED if getattr(digest, name).count},
        "seats": asdict(digest.seats) if digest.seats else None,
        "tokens": _tokens(digest.tokens),
        "chart": _chart(digest.chart),
        "notes": [_value(each) for each in digest.notes],
        "memo": dict(digest.memo),
        "named": content.named,
        "reason": content.reason,
        "kept": {str(id_): who for id_, who in content.kept.items()},
        "batches": {str(id_): batch for id_, batch in content.batches.items()},
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Content:
    """Return what was packed; its rows have no names yet."""
    made = json.loads(text)
    lists: dict[str, Any] = {name: _listed_again(each) for name, each in made["lists"].items()}
    digest = Digest(
        **{name: made[name] for name in _PLAIN},
        as_of=date.fromisoformat(made["as_of"]),
        since=_day(made["since"]),
        hashed_because=tuple(made["off"]),
        team_ids=frozenset(made["teams"]),
        seats=SubscriptionTiles(**made["seats"]) if made["seats"] else None,
        tokens=_tokens_again(made["tokens"]),
        chart=_chart_again(made["chart"]),
        notes=tuple(_value_again(each) for each in made.get("notes", ())),
        memo=made["memo"],
        **lists,
    )
    kept, batches = ({int(id_): str(each) for id_, each in made[name].items()} for name in ("kept", "batches"))
    return Content(digest, bool(made["named"]), str(made["reason"]), kept, batches)


def memo(text: str) -> Memo:
    """Return what a digest left for the next one."""
    found = json.loads(text or "{}").get("memo")
    return found if isinstance(found, dict) else {}


def with_names(digest: Digest, names: Mapping[int, tuple[str, str, str]]) -> Digest:
    """Return a digest whose rows have person, team and product again; one without any stands for itself as a dash."""

    def told(listed: Listed) -> Listed:
        return replace(listed, rows=tuple(_called(row, names.get(row.assignment_id)) for row in listed.rows))

    lists: dict[str, Any] = {name: told(getattr(digest, name)) for name in _NAMED}
    return replace(digest, **lists)


def _called(row: DigestRow, name: tuple[str, str, str] | None) -> DigestRow:
    person, team, product = name or ("", "", "")
    return row._replace(person=person, team=team, product=product)


def _rows(digest: Digest) -> Iterator[DigestRow]:
    for name in _NAMED:
        yield from getattr(digest, name).rows


def _listed(listed: Listed) -> list[Any]:
    return [listed.count, [[row.assignment_id, *map(_iso, row[4:])] for row in listed.rows[:SHOWN]]]


def _listed_again(made: list[Any]) -> Listed:
    count, rows = made
    return Listed(count, tuple(DigestRow(id_, "", "", "", *map(_day, days)) for id_, *days in rows))


def _tokens(tokens: Tokens | None) -> dict[str, Any] | None:
    return {each.name: _value(getattr(tokens, each.name)) for each in fields(tokens)} if tokens else None


def _tokens_again(made: Mapping[str, Any] | None) -> Tokens | None:
    return Tokens(**{name: _value_again(each) for name, each in made.items()}) if made else None


def _chart(chart: Chart | None) -> list[Any] | None:
    if chart is None:
        return None
    points = [[_iso(each.first), _iso(each.last), each.subscription, each.flex] for each in chart.points]
    return [chart.grain, points]


def _chart_again(made: list[Any] | None) -> Chart | None:
    if made is None:
        return None
    grain, points = made
    return Chart(grain, tuple(ChartPoint(_sure(first), _sure(last), *use) for first, last, *use in points))


def _value(value: Value | None) -> Any:
    if isinstance(value, Said):
        return {"say": value.pattern, "with": {name: _value(each) for name, each in value.values.items()}}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value_again(made: Any) -> Any:
    if not isinstance(made, Mapping):
        return made
    if "day" in made:
        return _sure(made["day"])
    return Said(str(made["say"]), {name: _value_again(each) for name, each in made["with"].items()})


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _sure(value: str) -> date:
    return date.fromisoformat(value)
