"""Whole answers in German hold no English, keep Slack's limits, and go to those whose Slack is German, at any time."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers import language, limits
from handlers.sentences import label, sentence
from handlers.views import buttons, faults, guide, home, people, wording
from handlers.views import report as view
from handlers.views.form import form, loading
from reporting_core import grammar
from reporting_core.metrics import caveats
from reporting_core.metrics.why import Grounds, why
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed, StoreBusy
from reporting_core.words.query import UsageQuery, Vocabulary
from reporting_core.words.report import Chart, ChartPoint, Period
from reporting_core.words.said import both, say
from reporting_core.words.terms import Access, Origin, Status
from tests import facts, hand_made
from tests.bot_under_test import Bot, bot_under_test
from tests.core_stand_in import Known

DAY = date(2026, 11, 24)

ENGLISH_WORDS = re.compile(
    r"\b(the|and|of|to|is|are|were|for|with|not|this|that|you|your|it|they|there|from|by|or|any|all|but|has|have|"
    r"be|been|can|cannot|did|does|who|what|which|when|where|why|page|row|rows|days|date|dates|used|seat|seats|use|"
    r"unknown|inactive|active|assigned|ask|please|nothing|only|more|first|last|next|previous|open|show|since)\b",
    re.IGNORECASE,
)


def words_of(block: Any, inside: str = "") -> Iterator[str]:
    """Whatever of a block is read by a person."""
    if isinstance(block, Mapping):
        for key, each in block.items():
            if key not in {"value", "action_id", "block_id", "callback_id", "private_metadata", "type", "initial_date"}:
                yield from words_of(each, key)
    elif isinstance(block, list | tuple):
        for each in block:
            yield from words_of(each, inside)
    elif isinstance(block, str):
        yield block


def english_in(*texts: str) -> list[str]:
    """English words, but for commands, keys and what stands in quotes or code."""
    found = []
    for each in texts:
        spoken = re.sub(r"`[^`]*`|/usage [^„“\n]*|\S*=\S*|„[^“]*“|\"[^\"]*\"|usagebot|IT desk", " ", each)
        spoken = re.sub(r"Meinten Sie [^?]*\?|kann \S+ oder \S+ sein", " ", spoken)  # what can be typed
        spoken = re.sub(r"Usage Report|[A-Z]\w+[- ]Usage|\w+-Export\w*|Token balances", " ", spoken)
        found += [f"{hit[0]} in: {each}" for hit in ENGLISH_WORDS.finditer(spoken)]
    return found


@contextmanager
def german() -> Iterator[None]:
    with language.speaking("de"):
        yield


QUERY = UsageQuery(guesses=(say("“{raw}” read as {pair}{also}.", raw="Design", pair="team=Design", also=""),))


def everything() -> Any:
    """A report with each status, each access, notes and caveats."""
    rows = [
        hand_made.row(status=status, access=access, assigned_by=origin)
        for status in Status
        for access in Access
        for origin in Origin
    ]
    points = tuple(ChartPoint(date(2026, 3, day), date(2026, 3, day + 6), 3, 2) for day in (1, 8, 15))
    made = hand_made.report(rows=rows)
    return replace(
        made,
        query=QUERY,
        team=None,
        hashed=True,
        hashed_because=("Design",),
        chart=Chart("week", points),
        caveats=(caveats.OFFLINE, caveats.UNCOUNTED, caveats.NO_POOLS),
        notes=(say("You see {teams}, because your role is there.", teams=both(["Design", "West"])),),
    )


def bad(typed: str) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        grammar.parse(typed, Vocabulary(("Design",), ("Revit",), ("CAD",), ("2026",)), date(2026, 11, 25))
    return caught.value


BAD = (
    "team=Desing",
    "tem=Design",
    "last=30x",
    "from=2026-02-30",
    "unused",
    'team="Design',
    "top=0",
    "last=2q",
    "sort=x",
)


def answers() -> Iterator[tuple[str, Any]]:
    report = everything()
    yield "report", view.message(report, {"q": "last=30d"})
    yield "report as text", view.message(report, {"q": "last=30d"}).fallback
    yield "nothing", view.message(replace(report, rows=(), row_count=0, nearest=("last=1y",)), {"q": "last=30d"})
    yield "form", form(UsageQuery(), Vocabulary(("Design",), ("Revit",)), "")
    yield "loading", loading("")
    yield "help", guide.about("")
    yield "help filters", guide.about("filters")
    yield "examples", guide.examples()
    yield "working", guide.working()
    yield "outsider", home.outsider(sentence("need_reports"), "Ann")
    yield "people", people.people(Known(("U9 Zoe",), (("U1", "ann@example.com"),), (("ann@example.com", None),)))
    yield "not yet", faults.not_yet("audit")
    yield "apology", faults.apology("ab12", "Ann")
    yield (
        "busy",
        faults.store_busy(
            StoreBusy(say("The database is busy with another change. Try again in a minute. Nothing was changed."))
        ),
    )
    yield "refused", faults.not_allowed(NotAllowed(sentence("guest")), "Ann")
    yield "ask again", faults.ask_again(AskAgain(sentence("stale_button"), ["last=30d"]))
    yield from ((typed, faults.bad_query(bad(typed))) for typed in BAD)


def test_whole_answers_hold_no_english() -> None:
    with german():
        told = {name: [*words_of(vars_of(each))] for name, each in answers()}
    assert {name: english_in(*texts) for name, texts in told.items() if english_in(*texts)} == {}


def vars_of(made: Any) -> Any:
    return made if isinstance(made, Mapping) else {"text": made.text, "blocks": made.blocks}


FACTS = [
    make(assigned=assigned, assigned_on=on, unassigned_on=off, used=used, days=days, last=last, stale=stale)
    for make in (facts.seat, facts.flex)
    for assigned in (1, 0, None)
    for on, off in ((DAY, None), (None, date(2026, 11, 20)))
    for used, days in ((1, 1), (1, 5), (1, None), (0, 0), (None, None))
    for last in (None, DAY, date(2026, 11, 23), date(2026, 8, 1))
    for stale in (0, 1)
]


@pytest.mark.parametrize("status", Status)
def test_every_why_is_told_in_german(status: Status) -> None:
    grounds = Grounds(Period(date(2026, 10, 26), DAY), DAY, {1: [(739910, 739912), (739915, 739915)]})
    with german():
        told = {wording.shown(why(each, status, grounds), 1000) for each in FACTS}
    assert english_in(*told) == []
    assert all(each.endswith(".") and not re.search(r"\d{4}-\d\d", each) for each in told)


# -- to each person in their own language


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def test_the_language_of_a_locale() -> None:
    assert [language.best(each) for each in ("de-DE", "de_AT", "DE", "en-GB", "fr-FR", "", "deutsch")] == [
        *("de", "de", "de", "en", "en", "en", "en")
    ]
    assert [language.of(each, "de") for each in ("en-US", "")] == ["de", "de"]
    assert language.of("de-DE", "en") == "en"


async def test_each_person_is_answered_in_their_own_language_also_at_once(bot: Bot) -> None:
    bot.slack.person("U2", real_name="Uwe", locale="de-DE")
    bot.core.admins.add("U2")
    bot.core.takes = 0.02
    await asyncio.gather(*(bot.command("team=Design", user, response_url="") for user in ("U1", "U2") * 5))
    said = {
        (call.arguments["user"], call.arguments["text"].split()[0]) for call in bot.slack.named("chat.postEphemeral")
    }
    assert said - {("U1", "⏳"), ("U2", "⏳")} == {("U1", "Usage"), ("U2", "Nutzung")}
    assert language.current() == "en"


async def test_refusals_are_said_in_the_language_too(bot: Bot) -> None:
    bot.slack.person("U2", locale="de-DE", is_restricted=True)
    await bot.command("team=Design", "U2")
    assert "Gäste" in bot.slack.posted[-1].arguments["text"]
    bot.slack.person("U3", locale="de-DE")
    await bot.command("people", "U3")
    assert (
        "Bitte fragen Sie" in bot.slack.posted[-1].arguments["text"]
        or "Ask Ann" in bot.slack.posted[-1].arguments["text"]
    )


async def test_a_failure_is_told_in_the_language(bot: Bot) -> None:
    bot.slack.person("U2", locale="de-DE")
    bot.core.admins.add("U2")
    bot.core.fails = RuntimeError("boom")
    await bot.command("team=Design", "U2")
    assert "Vorfall ab12" in bot.slack.posted[-1].arguments["text"]


async def test_the_setting_decides_for_everybody(bot: Bot) -> None:
    bot.desk.language = "de"
    await bot.command("help")
    assert label("guide.help") not in bot.slack.posted[-1].arguments["text"]
    assert "Was usagebot kann" in bot.slack.posted[-1].arguments["text"]


async def test_the_form_and_what_is_wrong_in_it_are_in_the_language(bot: Bot) -> None:
    bot.slack.person("U2", locale="de-DE")
    bot.core.admins.add("U2")
    await bot.command("", "U2")
    assert "Nutzungsbericht" in str(bot.slack.named("views.update")[-1].arguments["view"])


TYPED = (
    "team=Design last=30d",
    "help",
    "help filters",
    "examples",
    "people",
    "why user=ann",
    "exports",
    "faq",
    "faq was heißt inaktiv",
    "faq wann ist Weihnachten",
    "questions",
    "agent",
    "audit",
    "tem=Design",
    "",
)


@pytest.mark.parametrize("typed", TYPED)
async def test_whatever_is_typed_a_german_reads_german(bot: Bot, typed: str) -> None:
    bot.slack.person("U2", real_name="Uwe", locale="de-DE")
    bot.core.owners.add("U2")
    await bot.command(typed, "U2")
    shown = [*bot.slack.posted, *bot.slack.named("views.open"), *bot.slack.named("views.update")]
    assert shown
    assert english_in(*(each for call in shown for each in words_of(read_by_people(call.arguments)))) == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_home_opened", "user": "U2", "tab": "home", "channel": "D2"},
        {"type": "message", "channel_type": "im", "user": "U2", "channel": "D2", "ts": "1.1", "text": "Hilfe"},
        {
            "type": "message",
            "channel_type": "im",
            "user": "U2",
            "channel": "D2",
            "ts": "1.1",
            "text": "was heißt inaktiv?",
        },
        {"type": "app_mention", "user": "U2", "channel": "C1", "ts": "1.1", "text": "<@UBOT> was heißt inaktiv?"},
    ],
)
async def test_wherever_it_is_asked_a_german_reads_german(bot: Bot, event: dict[str, Any]) -> None:
    bot.slack.person("U2", real_name="Uwe", locale="de-DE")
    bot.core.owners.add("U2")
    await bot.event(event)
    assert bot.slack.posted
    read = (each for call in bot.slack.posted for each in words_of(read_by_people(call.arguments)))
    assert english_in(*read) == []


def read_by_people(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {key: decoded(arguments[key]) for key in ("text", "blocks", "view") if arguments.get(key)}


def decoded(argument: Any) -> Any:
    return json.loads(argument) if isinstance(argument, str) and argument[:1] in "[{" else argument


@pytest.mark.parametrize("rows", [0, 1, 16, 100_000])
@pytest.mark.parametrize("page", [1, 7_000])
def test_german_is_longer_and_keeps_every_limit(rows: int, page: int) -> None:
    made = replace(hand_made.hostile_report(rows), query=UsageQuery(page=page), nearest=tuple(hand_made.HOSTILE))
    with german():
        sent = view.message(made, {"q": "x" * buttons.LONGEST_QUESTION})
        others = [each for _, each in answers()]
    assert sent.fallback is not None
    assert limits.problems(sent.blocks) == limits.problems(sent.fallback.blocks) == []
    for each in others:
        wrong = limits.view_problems(each) if isinstance(each, Mapping) else limits.problems(each.blocks)
        assert wrong == []
