"""Alerts in words: from the figures that a crossing began with to sentences. No person is ever in them."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from reporting_core import grammar
from reporting_core.metrics.forecast import Forecast
from reporting_core.storage.alerting import Place, Standing
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.digests.tokening import Lasting, amount, arithmetic
from reporting_core.words.alerts import MOST_ITEMS, Alert, AlertItem, AlertKind
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.said import Said, counted, joined, say
from reporting_core.words.terms import Access

Value = Mapping[str, Any]


def content(key: str, at: datetime, some: Sequence[tuple[Place, Standing]]) -> str:
    """Write what an alert is drawn from: ids and figures, no names."""
    items = [{"team": place[1], "subject": place[2], "value": dict(each.value)} for place, each in some[:MOST_ITEMS]]
    kind = str(some[0][0][0])
    return json.dumps({"alert": key, "kind": kind, "at": at.isoformat(), "count": len(some), "items": items})


def alert(written: str, books: Books) -> Alert:
    """Draw an alert from its content, with names as they are now; teams that are gone have none."""
    told = json.loads(written)
    kind = AlertKind(told["kind"])
    items = tuple(_item(kind, each, books) for each in told["items"])
    return Alert(told["alert"], kind, datetime.fromisoformat(told["at"]), told["count"], items)


def _item(kind: AlertKind, told: Mapping[str, Any], books: Books) -> AlertItem:
    team = books.teams.get(told["team"])
    product = books.products.get(int(told["subject"]), "") if kind is AlertKind.SEATS_FULL else ""
    said = _SAID[kind]({**told["value"], "product": product})
    return AlertItem(team.name if team else "", said, _question(kind, team.name, product) if team else "")


def _question(kind: AlertKind, team: str, product: str) -> str:
    filters = [Filter(Key.TEAM, (grammar.encode(team, Key.TEAM),))]
    if kind is AlertKind.SEATS_FULL:
        filters.append(Filter(Key.PRODUCT, (grammar.encode(product, Key.PRODUCT),)))
    else:
        filters.append(Filter(Key.ACCESS, (str(Access.FLEX),)))
    return grammar.canonical(UsageQuery(tuple(filters)))


def _tokens_low(value: Value) -> Said:
    return say(
        "{left} of {bought} tokens are left ({share} %), as stated on {stated}.",
        left=amount(value["left"]),
        bought=amount(value["bought"]),
        share=value["left"] * 100 // value["bought"],
        stated=_day(value["stated"]),
    )


def _run_out(value: Value) -> Said:
    rate = Fraction(*value["rate"]) if value["rate"] else None
    renewal = None if value["renewal"] is None else _day(value["renewal"])
    outcome = Forecast(_day(value["run_out"]), renewal, Fraction(value["lost"]))
    lasting = Lasting(0, value["left"], _day(value["stated"]), value["charged"], value["days"], rate, outcome)
    if renewal is None:
        return arithmetic(lasting)
    return say("{arithmetic} The last pack ends only on {renewal}.", arithmetic=arithmetic(lasting), renewal=renewal)


def _pack_ends(value: Value) -> Said:
    return say(
        "A pack with {left} tokens left ends on {end}: what is not used by then is lost.",
        left=amount(value["left"]),
        end=_day(value["ends"]),
    )


def _seats_full(value: Value) -> Said:
    free = value["bought"] - value["assigned"]
    figures = {"product": value["product"], "assigned": value["assigned"], "bought": value["bought"]}
    if free < 0:
        return say("{product}: more people than seats, {assigned} assigned and {bought} bought.", **figures)
    if not free:
        return say("{product}: no seat is free, {assigned} of {bought} are assigned.", **figures)
    return counted(
        free,
        "{product}: 1 seat is free, {assigned} of {bought} are assigned.",
        "{product}: {count} seats are free, {assigned} of {bought} are assigned.",
        **figures,
    )


def _data_stale(value: Value) -> Said:
    return say(
        "The newest data is of {through}, {days} days ago. Load newer exports; digests hold their numbers back.",
        through=_day(value["through"]),
        days=value["days"],
    )


def _import_failed(value: Value) -> Said:
    return say(
        "These files of an import were refused: {files}. Import them again to see why.",
        files=joined(value["files"], ", "),
    )


def _tasks_waiting(value: Value) -> Said:
    return counted(
        value["count"],
        "1 seat has been waiting to be taken back or decided about since {since}.",
        "{count} seats have been waiting to be taken back or decided about, the first since {since}.",
        since=_day(value["since"]),
    )


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


_SAID: Mapping[AlertKind, Callable[[Value], Said]] = {
    AlertKind.TOKENS_LOW: _tokens_low,
    AlertKind.RUN_OUT: _run_out,
    AlertKind.PACK_ENDS: _pack_ends,
    AlertKind.SEATS_FULL: _seats_full,
    AlertKind.DATA_STALE: _data_stale,
    AlertKind.IMPORT_FAILED: _import_failed,
    AlertKind.TASKS_WAITING: _tasks_waiting,
}
