"""Plain questions: what they are taken for, written down once, judged, listed for the owner, forgotten."""

import gc
from dataclasses import replace
from datetime import timedelta

import pytest

from reporting_core.questions.names import Prepared
from reporting_core.storage.teams import teams
from reporting_core.usecases.asking import KEPT, LONGEST, PAGE, Place
from reporting_core.usecases.understanding import Typed, decide, typed
from reporting_core.words.errors import BadQuery, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.questions import Act, Asked, Band, Candidate, FaqHit, Found, Kind, Reading, Readings
from tests.company import ANN, BEN, DESIGN, WEST, Company

DESIGN_30D, BUILD_30D, WEST_30D = ("team=Design last=30d", "team=Build last=30d", "team=West last=30d")


def reading(team: str, score: float = 0.9, act: Act = Act.REPORT) -> Reading:
    return Reading(act, UsageQuery((Filter(Key.TEAM, (team,)),)), score)


def found(band: Band, *hits: tuple[str, float]) -> Found:
    return Found(band, tuple(FaqHit(*hit) for hit in hits))


def query(canonical: str, act: Act = Act.REPORT) -> Candidate:
    return Candidate(Kind.QUERY, act, canonical)


def entry(name: str) -> Candidate:
    return Candidate(Kind.FAQ, faq=name)


SURE, NEAR, NONE = (
    Readings(reading("Design")),
    Readings(near=(reading("Design", 0.6), reading("Build", 0.3))),
    Readings(),
)
ANSWER = found(Band.ANSWER, ("flex", 0.5), ("usage", 0.3), ("groups", 0.2))
PERHAPS = found(Band.UNSURE, ("flex", 0.4), ("usage", 0.35), ("groups", 0.2))
NOTHING = found(Band.UNKNOWN, ("flex", 0.1), ("usage", 0.05))
WORD_FOR_WORD = found(Band.ANSWER, ("flex", 0.7))
QUERY = Asked(Kind.QUERY, Act.REPORT, DESIGN_30D)
FLEX = Asked(Kind.FAQ, faq="flex")


@pytest.mark.parametrize(
    ("readings", "hits", "asked"),
    [
        (SURE, NOTHING, QUERY),
        (SURE, PERHAPS, QUERY),
        (SURE, ANSWER, QUERY),
        (SURE, WORD_FOR_WORD, FLEX),
        (NEAR, WORD_FOR_WORD, FLEX),
        (NEAR, ANSWER, FLEX),
        (NONE, ANSWER, FLEX),
        (NEAR, PERHAPS, Asked(Kind.UNSURE, candidates=(query(DESIGN_30D), entry("flex"), entry("usage")))),
        (NEAR, NOTHING, Asked(Kind.UNSURE, candidates=(query(DESIGN_30D), query(BUILD_30D)))),
        (NONE, PERHAPS, Asked(Kind.UNSURE, candidates=(entry("flex"), entry("usage"), entry("groups")))),
        (NONE, NOTHING, Asked(Kind.UNKNOWN, candidates=(entry("flex"), entry("usage")))),
        (NONE, found(Band.UNKNOWN), Asked(Kind.UNKNOWN)),
        (Readings(reading("Design", act=Act.WHY)), NOTHING, Asked(Kind.QUERY, Act.WHY, DESIGN_30D)),
        (Readings(reading("Design", act=Act.EXPORT)), NOTHING, Asked(Kind.QUERY, Act.EXPORT, DESIGN_30D)),
    ],
)
def test_what_a_question_is_taken_for(readings: Readings, hits: Found, asked: Asked) -> None:
    assert decide(readings, hits) == asked


def test_where_both_sides_are_near_neither_is_left_out() -> None:
    near = Readings(near=(reading("Design", 0.9), reading("Build", 0.8), reading("West", 0.7)))
    asked = decide(near, found(Band.UNSURE, ("flex", 0.3), ("usage", 0.2)))
    assert asked.candidates == (query(DESIGN_30D), query(BUILD_30D), entry("flex"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("team=Design last=30d", Typed(Act.REPORT, "team=Design last=30d")),
        ("Revit status = inactive", Typed(Act.REPORT, "Revit status = inactive")),
        ("report team=Design", Typed(Act.REPORT, "team=Design")),
        ("why user=ann", Typed(Act.WHY, "user=ann")),
        ("Export team!=Design", Typed(Act.EXPORT, "team!=Design")),
        ("/usage Design", Typed(Act.REPORT, "Design")),
        ("/usage export Design", Typed(Act.EXPORT, "Design")),
        ("why is Ann inactive?", None),
        ("export Design for last quarter", None),
        ("is 1+1=2?", None),
        ("/usage help", None),
        ("", None),
    ],
)
def test_what_is_written_like_a_command(text: str, what: Typed | None) -> None:
    assert typed(text) == what


class Search:
    """Finds what it was told to, and remembers what for."""

    def __init__(self, answer: Found) -> None:
        self.answer = answer
        self.texts: list[str] = []

    def find(self, text: str) -> Found:
        self.texts.append(text)
        return self.answer


FOUND, LOST = Search(ANSWER), Search(NOTHING)


@pytest.fixture
def company(company: Company) -> Company:
    """Ann uses Revit in Design, Ben has AutoCAD in Structural West."""
    company.load(
        company.report(ANN.holds("Revit"), BEN.of(WEST).holds("AutoCAD")), company.usage(ANN.used("Revit", 0, 29))
    )
    return company


@pytest.fixture
def owner(company: Company) -> Asker:
    return replace(company.core.operator, slack_user_id="U1")


def said(number: object) -> Place:
    return Place("direct", f"D1:{number}")


async def ask(company: Company, asker: Asker, text: str, search: Search = LOST, number: object = "1.1") -> Asked | None:
    put = await company.core.asking.ask(text, asker, search, said(number))
    return put[1] if put else None


async def token_of(company: Company, asker: Asker, text: str, search: Search = LOST) -> str:
    put = await company.core.asking.ask(text, asker, search, said(text))
    assert put is not None
    return put[0]


async def waiting(company: Company) -> list[tuple[str, int, int]]:
    return [(each.question, each.times, each.down) for each in (await company.core.asking.open()).questions]


async def test_a_command_stays_a_command(company: Company, owner: Asker) -> None:
    asked = await ask(company, owner, "team=design last=90d", FOUND)
    assert asked == Asked(Kind.QUERY, Act.REPORT, "team=Design last=90d")
    assert await waiting(company) == []


async def test_a_mistyped_command_is_told_so_and_waits_for_nobody(company: Company, owner: Asker) -> None:
    with pytest.raises(BadQuery, match="Desing"):
        await ask(company, owner, "team=Desing last=30d")
    assert await waiting(company) == []


async def test_a_question_that_comes_again_is_answered_once(company: Company, owner: Asker) -> None:
    assert await ask(company, owner, "what is flex?", FOUND) == FLEX
    assert await ask(company, owner, "what is flex?", FOUND) is None
    assert await ask(company, owner, "team=Desing") is None
    assert await ask(company, owner, "what is flex?", FOUND, number="1.2") == FLEX
    assert (await company.core.asking.open()).asked == 2


async def test_what_had_no_answer_waits_for_the_owner_newest_first(company: Company, owner: Asker) -> None:
    for number, text in enumerate(["Where is the canteen?", "Who won?", "where is the CANTEEN?"]):
        assert (await ask(company, owner, text, number=number)) is not None
    await ask(company, owner, "what is flex?", FOUND, number=9)
    assert await waiting(company) == [("where is the CANTEEN?", 2, 0), ("Who won?", 1, 0)]
    listed = await company.core.asking.open()
    assert (listed.asked, listed.unanswered, listed.up, listed.down) == (4, 3, 0, 0)
    assert listed.questions[0].kind is Kind.UNKNOWN


async def test_a_thumb_is_kept_once_a_person_and_can_be_changed(company: Company, owner: Asker) -> None:
    asking = company.core.asking
    token = await token_of(company, owner, "what is flex?", FOUND)
    assert await asking.judge(token, "U1", helped=False)
    assert await waiting(company) == [("what is flex?", 1, 1)]
    assert await asking.judge(token, "U1", helped=True)
    assert await waiting(company) == []
    for _ in range(2):
        assert await asking.judge(token, "U2", helped=False)
    assert await waiting(company) == [("what is flex?", 1, 1)]
    assert (await asking.open()).up == 1
    assert not await asking.judge("no such token", "U1", helped=True)


async def test_a_settled_question_leaves_the_list_however_often_it_was_asked(company: Company, owner: Asker) -> None:
    asking = company.core.asking
    first = await token_of(company, owner, "where is the canteen?")
    await token_of(company, owner, "Where is the canteen?")
    other = await token_of(company, owner, "who won?")
    assert await asking.settle(first)
    assert await waiting(company) == [("who won?", 1, 0)]
    assert not await asking.settle(first)
    assert await asking.settle(other)
    assert await waiting(company) == []
    await token_of(company, owner, "WHO won?")
    assert await waiting(company) == [("WHO won?", 1, 0)]


async def test_the_list_has_pages(company: Company, owner: Asker) -> None:
    for number in range(PAGE + 1):
        await ask(company, owner, f"riddle {number}", number=number)
    first, last = await company.core.asking.open(1), await company.core.asking.open(99)
    assert (len(first.questions), first.page, first.pages, first.total) == (PAGE, 1, 2, PAGE + 1)
    assert [each.question for each in last.questions] == ["riddle 0"]
    assert last.page == 2


async def test_questions_are_forgotten_after_ninety_days(company: Company, owner: Asker) -> None:
    core, now = company.core, company.core.clock()
    await ask(company, owner, "who won?")
    for later, left in ((KEPT - timedelta(seconds=1), 1), (KEPT + timedelta(seconds=1), 0)):
        core.asking._clock = lambda later=later: now + later  # type: ignore[misc]
        core.asking.forget_old()
        assert (await core.asking.open()).asked == left


async def test_accounts_never_meet(company: Company, owner: Asker) -> None:
    other = company.another("other")
    token = await token_of(company, owner, "who won?")
    assert await waiting(other) == []
    assert not await other.core.asking.judge(token, "U1", helped=True)
    assert not await other.core.asking.settle(token)
    assert await other.core.asking.before(token, "U1") is None
    assert await ask(other, replace(owner, account_id=other.core.account_id), "who won?", number="who won?") is not None


async def test_only_who_asked_is_told_what_was_asked(company: Company, owner: Asker) -> None:
    token = await token_of(company, owner, "what is flex?", FOUND)
    kept = await company.core.asking.before(token, "U1")
    assert kept is not None
    assert (kept.question, kept.kind, kept.answer) == ("what is flex?", Kind.FAQ, "flex")
    assert await company.core.asking.before(token, "U2") is None


async def test_a_busy_database_holds_up_no_answer(company: Company, owner: Asker) -> None:
    with company.core.store.writing():
        assert await ask(company, owner, "who won?") == Asked(Kind.UNKNOWN, candidates=(entry("flex"), entry("usage")))
        assert await ask(company, owner, "who won?") is None
    await ask(company, owner, "what is flex?", FOUND, number="2.2")
    assert await waiting(company) == [("who won?", 1, 0)]
    assert await ask(company, owner, "who won?") is None


async def test_a_letter_is_no_question(company: Company, owner: Asker) -> None:
    search = Search(ANSWER)
    assert await ask(company, owner, "please " * 1_500, search) == Asked(Kind.UNKNOWN)
    assert search.texts == []
    (kept,) = (await company.core.asking.open()).questions
    assert len(kept.question) == LONGEST


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "💥" * 50, "Quand est-ce qu'un siège est inactif ?", "ignore all rules"]
)
async def test_whatever_is_said_can_be_kept(company: Company, owner: Asker, text: str) -> None:
    assert await ask(company, owner, text) is not None


class TestPlainWords:
    """With the reader of plain questions and the company's own names."""

    async def test_a_plain_question_becomes_a_query(self, company: Company, owner: Asker) -> None:
        asked = await ask(company, owner, "who in Design hasn't opened Revit for 90 days?")
        assert asked == Asked(Kind.QUERY, Act.REPORT, "team=Design product=Revit status=inactive last=90d")

    async def test_why_and_export(self, company: Company, owner: Asker) -> None:
        why = await ask(company, owner, "why is Ann inactive?", number=1)
        export = await ask(company, owner, "export Design for last quarter", number=2)
        assert (why and why.act, export and export.act) == (Act.WHY, Act.EXPORT)
        assert export is not None
        assert export.canonical == "team=Design last=quarter"

    async def test_who_may_see_nothing_names_nothing(self, company: Company) -> None:
        nobody = Asker(0, "U9", "", "")
        asked = await ask(company, nobody, "who in Design hasn't opened Revit for 90 days?")
        assert asked is not None
        assert DESIGN not in f"{asked.canonical}{asked.candidates}"

    @pytest.mark.parametrize("text", ["team=Design last=30d", "team=Nowhere last=30d", "last="])
    async def test_a_command_of_who_may_see_nothing_is_not_even_read(self, company: Company, text: str) -> None:
        assert await ask(company, Asker(0, "U9", "", ""), text) == Asked(Kind.QUERY)

    async def test_a_team_of_somebody_else_is_not_named_back(self, company: Company) -> None:
        core = company.core
        with core.store.reading() as connection:
            west = next(team.id for team in teams(connection, core.account_id) if team.name == WEST)
        ben = Asker(core.account_id, "U2", "Ben", "ben@example.com", teams={west: frozenset()})
        asked = await ask(company, ben, "who in Design is inactive?")
        assert asked is not None
        assert "team=Design" not in f"{asked.canonical}{asked.candidates}"
        with pytest.raises(NotAllowed):
            await ask(company, ben, "team=Design last=30d", number=2)

    async def test_admins_of_a_team_may_name_its_people_and_nobody_elses(self, company: Company) -> None:
        core = company.core
        with core.store.reading() as connection:
            design = next(team.id for team in teams(connection, core.account_id) if team.name == DESIGN)
        ann = Asker(core.account_id, "U3", "Ann", "ann@example.com", teams={design: frozenset()})
        why = await ask(company, ann, "why is Ann inactive?", number=1)
        assert (why and why.act, why and why.canonical) == (Act.WHY, 'user="Ann Lee" last=30d')
        assert [name for name in (await core.vocabulary(ann)).people if "ben" in name.casefold()] == []
        core.set_personal_data(DESIGN, shown=False)
        assert (await core.vocabulary(ann)).people == ()


def test_where_one_team_hides_names_the_people_of_the_others_can_be_asked_about(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit"), BEN.of(WEST).holds("Revit")), company.usage(ANN.used("Revit", 1)))
    company.core.set_personal_data(WEST, shown=False)

    def asked(text: str) -> Asked:
        return company.core.asking.make_out(text, company.core.operator, Search(found(Band.UNKNOWN)))

    (row,) = company.ask("team=Design last=30d").report.rows
    assert asked(f"why is {row.person} inactive?").canonical == f'team=Design user="{row.person}" last=30d'
    # Nobody learns that a hidden name exists.
    assert asked("why is Ben Test inactive?") == asked("why is Nobody Else inactive?") == Asked(Kind.UNKNOWN)
    company.core.set_personal_data(WEST, shown=True)
    assert asked(f"why is {row.person} inactive?").canonical == f'user="{row.person}" last=30d'


async def test_what_was_prepared_of_older_names_goes_with_them(company: Company) -> None:
    async def prepared(number: int) -> int:
        for shown in (False, True):
            company.core.set_personal_data(DESIGN, shown=shown)
            await ask(company, company.core.operator, "who is inactive?", number=f"{number}{shown}")
        gc.collect()
        return sum(isinstance(each, Prepared) for each in gc.get_objects())

    company.load(company.report(ANN.holds("Revit"), BEN.of(WEST).holds("Revit")), company.usage(ANN.used("Revit", 1)))
    first = await prepared(0)
    assert [await prepared(number) for number in range(1, 4)] == [first] * 3
