"""Everything is said in German as well as in English, to each person in their own language and to both at once."""

import ast
import asyncio
import copy
import json
import pickle
import re
import string
import tomllib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
from jinja2 import Environment, StrictUndefined, meta

from handlers import language, limits
from handlers.sentences import label, sentence
from handlers.views import buttons, faults, guide, home, people, wording
from handlers.views import report as view
from handlers.views.form import form, loading
from reporting_core import grammar
from reporting_core.exports import frames
from reporting_core.metrics import caveats
from reporting_core.metrics.why import Grounds, why
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed, StoreBusy
from reporting_core.words.query import UsageQuery, Vocabulary
from reporting_core.words.report import Chart, ChartPoint, Period
from reporting_core.words.said import Said, both, counted, either, joined, say
from reporting_core.words.terms import Access, Origin, Status
from tests import facts, hand_made
from tests.bot_under_test import Bot, bot_under_test
from tests.core_stand_in import Known

ROOT = Path(__file__).parents[1]
TEMPLATES, CORE = ROOT / "templates", ROOT / "reporting_core"
ENGLISH, *OTHERS = language.LANGUAGES

DAY = date(2026, 11, 24)

SAME = {"Person", "Team", "Status", "Flex", "Text", "Tokens", "MMM y"}
SAME |= {"Standard", "Premium", "Enterprise", "Business Success"}
SAME |= {"help"}  # typed for the asker
"""Texts that are the same in German."""

ENGLISH_WORDS = re.compile(
    r"\b(the|and|of|to|is|are|were|for|with|not|this|that|you|your|it|they|there|from|by|or|any|all|but|has|have|"
    r"be|been|can|cannot|did|does|who|what|which|when|where|why|page|row|rows|days|date|dates|used|seat|seats|use|"
    r"unknown|inactive|active|assigned|ask|please|nothing|only|more|first|last|next|previous|open|show|since)\b",
    re.IGNORECASE,
)


def files(spoken: str, pattern: str) -> set[str]:
    return {path.relative_to(TEMPLATES / spoken).as_posix() for path in (TEMPLATES / spoken).glob(pattern)}


def text(spoken: str, name: str) -> str:
    return (TEMPLATES / spoken / name).read_text("utf-8")


def labels(spoken: str, name: str) -> dict[str, str]:
    return tomllib.loads(text(spoken, name))


def holes(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


# -- one file of each name, with the same values in it


@pytest.mark.parametrize("spoken", OTHERS)
def test_every_sentence_has_its_twin(spoken: str) -> None:
    assert files(spoken, "*.j2") == files(ENGLISH, "*.j2")
    assert files(spoken, "labels/*.toml") == files(ENGLISH, "labels/*.toml")


class Anything(int):
    """A value that stands for any that a template may ask for."""

    def __new__(cls) -> Self:
        return super().__new__(cls, 1)

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: object) -> "Anything":
        return Anything()

    def __call__(self, *values: object) -> "Anything":
        return Anything()

    def __iter__(self) -> Iterator["Anything"]:
        return iter((Anything(), Anything()))

    def __len__(self) -> int:
        return 2


@pytest.mark.parametrize("name", sorted(files(ENGLISH, "*.j2")))
@pytest.mark.parametrize("spoken", OTHERS)
def test_a_twin_asks_for_the_same_values(spoken: str, name: str) -> None:
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - as the bot's own
    for each in ("told", "mrkdwn", "day", "dates", "number", "counted"):
        environment.filters[each] = lambda value, *_more: str(value)
    theirs, ours = environment.parse(text(ENGLISH, name)), environment.parse(text(spoken, name))
    needed = meta.find_undeclared_variables(theirs)
    assert meta.find_undeclared_variables(ours) == needed
    values = {each: Anything() for each in needed}
    assert environment.from_string(text(ENGLISH, name)).render(values).strip()
    assert environment.from_string(text(spoken, name)).render(values).strip()
    assert text(spoken, name) != text(ENGLISH, name)


@pytest.mark.parametrize("name", sorted(files(ENGLISH, "labels/*.toml")))
@pytest.mark.parametrize("spoken", OTHERS)
def test_every_label_has_its_twin_with_the_same_values(spoken: str, name: str) -> None:
    theirs, ours = labels(ENGLISH, name), labels(spoken, name)
    assert ours.keys() == theirs.keys()
    assert {key: holes(each) for key, each in ours.items()} == {key: holes(each) for key, each in theirs.items()}
    assert {each for key, each in ours.items() if each == theirs[key]} <= SAME, (
        "say it in the other language, or list it as the same"
    )


# -- what the core says


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(CORE.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def patterns() -> dict[str, set[str]]:
    """Every pattern with the values that are handed over for it."""
    found: dict[str, set[str]] = {}
    for _, tree in modules():
        for call in calls(tree, "say", "counted"):
            given = {each.arg or "" for each in call.keywords} | ({"count"} if called(call) == "counted" else set())
            for each in call.args:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    found.setdefault(each.value, given)
    return {
        pattern: given for pattern, given in found.items() if re.search("[A-Za-z]", re.sub(r"{[^}]*}", "", pattern))
    }


@pytest.mark.parametrize("spoken", OTHERS)
def test_whatever_the_core_says_is_translated_and_nothing_else(spoken: str) -> None:
    catalogue, said = labels(spoken, "core.toml"), patterns()
    assert sorted(said.keys() - catalogue.keys()) == []
    assert sorted(catalogue.keys() - said.keys()) == []
    assert {
        pattern: holes(ours) - said[pattern] for pattern, ours in catalogue.items() if holes(ours) - said[pattern]
    } == {}


OPEN = {"AskAgain", "NotAllowed", "BadQuery", "StoreBusy", "ImportRefused", "WouldRemove", "Unreadable"}
OPEN |= {"Misread", "Mend", "note"}
"""What takes a sentence that can reach Slack as its first value. Why single rows are refused stays English."""


def unsaid(tree: ast.Module) -> Iterator[str]:
    """Plain texts where a sentence is needed that remembers its pattern."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        plain = {
            target.id: ast.unparse(node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and is_plain(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in calls(function, *OPEN):
            first = call.args[0] if call.args else None
            if is_plain(first):
                yield ast.unparse(call)
            elif isinstance(first, ast.Name) and first.id in plain:
                yield plain[first.id]


def is_plain(node: ast.AST | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_sentence_leaves_the_core_that_no_language_can_be_found_for() -> None:
    found = {str(path.relative_to(CORE)): list(unsaid(tree)) for path, tree in modules()}
    assert {path: plain for path, plain in found.items() if plain} == {}


def test_a_sentence_is_english_and_remembers_what_it_is_made_of() -> None:
    made = say("Tokens remaining are as stated on {date}.", date=date(2026, 11, 24))
    within = say("No Usage Report is loaded for {listed}: who has a seat there is not known.", listed=made)
    assert within == f"No Usage Report is loaded for {made}: who has a seat there is not known."
    with language.speaking("de"):
        assert wording.told(made) == "Verbleibende Tokens nach dem Stand vom 24. Nov. 2026."
        assert wording.shown(made, 200) == wording.told(made)
        assert wording.told(made) in wording.told(within)
    assert wording.told(made) is made


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301
def test_a_copy_of_a_sentence_remembers_it_too(copied: Any) -> None:
    made = copied(say("{parts} and {last}", parts=joined(["A", "B"], ", "), last="C"))
    assert (made, type(made), made.pattern) == ("A, B and C", Said, "{parts} and {last}")


def test_a_sentence_comes_whole_out_of_the_child_process_that_reads_files() -> None:
    made = say("Is “{text}” {dmy}?", text="5/6/2026", dmy=say(" since {day}", day=DAY), day=DAY, count=3)
    again = frames.closed(frames.unpacked(frames.packed((frames.opened(made),))[frames.LENGTH :])[0])
    assert isinstance(again, Said)
    assert (again, again.pattern, dict(again.values)) == (made, made.pattern, dict(made.values))


@pytest.mark.parametrize("pattern", ["{text.__class__}", "{text[0]}", "{text!r}", "{0}", "{", "{text:>9999999}"])
def test_a_child_process_cannot_reach_into_values(pattern: str) -> None:
    told = frames.closed((pattern, {"text": "x"}))
    assert (told, type(told)) == (pattern, str)


def test_braces_and_percents_in_a_value_stay_as_they_are() -> None:
    made = say("I know no key “{raw}”.{hint}", raw="{0} %s {raw}", hint="")
    assert made == "I know no key “{0} %s {raw}”."
    with language.speaking("de"):
        assert wording.told(made) == "Ich kenne keinen Schlüssel „{0} %s {raw}“."


def test_lists_and_numbers_follow_the_language() -> None:
    told = [
        either(["a"]),
        either(["a", "b", "c"]),
        both(["a", "b"]),
        counted(1, "{gaps} and 1 more gap", "{gaps} and {count} more gaps", gaps="x"),
        counted(1234, "{gaps} and 1 more gap", "{gaps} and {count} more gaps", gaps="x"),
    ]
    assert told == ["a", "a, b or c", "a and b", "x and 1 more gap", "x and 1234 more gaps"]
    with language.speaking("de"):
        german = ["a", "a, b oder c", "a und b", "x und 1 weitere Lücke", "x und 1.234 weitere Lücken"]
        assert [wording.told(each) for each in told] == german


# -- dates and numbers


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        (
            "en",
            ["24 Nov 2026", "26 Oct – 24 Nov 2026", "24 Dec 2025 – 24 Nov 2026", "1,234.5", "1,234", "0.1"],
        ),
        (
            "de",
            ["24. Nov. 2026", "26. Okt. – 24. Nov. 2026", "24. Dez. 2025 – 24. Nov. 2026", "1.234,5", "1.234", "0,1"],
        ),
    ],
)
def test_dates_and_numbers_are_written_as_in_the_language(spoken: str, written: list[str]) -> None:
    with language.speaking(spoken):
        assert [
            wording.day(DAY),
            wording.dates(Period(date(2026, 10, 26), DAY)),
            wording.dates(Period(date(2025, 12, 24), DAY)),
            wording.number(1234.5),
            wording.number(1234),
            wording.number(0.123, 1),
        ] == written


def test_days_in_tables_stay_as_they_sort() -> None:
    with language.speaking("de"):
        assert wording.iso(DAY) == "2026-11-24"


# -- whole answers in German


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
    yield "later", guide.later("team=Design")
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
