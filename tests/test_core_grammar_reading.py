"""What is typed, and the canonical form it is read as: one row a habit of people who type commands."""

import pytest

from reporting_core.grammar import canonical, parse
from reporting_core.words.query import (
    DEFAULT_RANGE,
    Filter,
    Key,
    Sort,
    SortKey,
    UsageQuery,
    Vocabulary,
)
from tests.grammar_vocabularies import COMPANY, TODAY


def _canonical(text: str, vocabulary: Vocabulary = COMPANY) -> str:
    return canonical(parse(text, vocabulary, TODAY))


def test_no_words_are_everybody_in_the_last_thirty_days() -> None:
    assert parse("", COMPANY, TODAY) == UsageQuery(range=DEFAULT_RANGE)


def test_a_whole_command_is_a_value() -> None:
    text = 'team=Design,"Structural West" access!=flex status=inactive last=30d sort=-days,person top=5 page=2'
    query = parse(text, COMPANY, TODAY)
    assert query.filters == (
        Filter(Key.TEAM, ("Design", "Structural West")),
        Filter(Key.ACCESS, ("flex",), negated=True),
        Filter(Key.STATUS, ("inactive",)),
    )
    assert query.sort == (Sort(SortKey.DAYS, descending=True), Sort(SortKey.PERSON))
    assert (query.top, query.page) == (5, 2)
    assert canonical(query) == text


QUOTES = [
    'team="Structural West"',
    "team='Structural West'",
    "team=“Structural West”",
    "team=‘Structural West’",
    "team=”Structural West“",
    "team=’Structural West‘",
    "team=„Structural West“",
    "team=«Structural West»",
    "team=»Structural West«",
    "team=‹Structural West›",
    'team="Structural West”',
    "TEAM = “structural west”",
    "team= Structural West",
    "team =Structural  West",
    "team=structural west last=30d",
    "team=Structural West last 30 days",
    "team:Structural West",
    "team: “Structural West”",
    "team==“Structural West”",
    "team＝Structural West",
    "last=30d,team=Structural West,",
    "/usage team=Structural West",
    "team=structural west, STRUCTURAL WEST team=“Structural West”",
]


@pytest.mark.parametrize("text", QUOTES)
def test_a_name_of_two_words_however_it_is_typed(text: str) -> None:
    query = parse(text, COMPANY, TODAY)
    assert canonical(query) == 'team="Structural West" last=30d'
    assert query.guesses == ()


@pytest.mark.parametrize(
    "text",
    [
        "team=O'Brien Labs",
        "team=O’Brien Labs",
        "team='O'Brien Labs'",
        "team=‘O’Brien Labs’",
        'team="O\'Brien Labs"',
        "O'Brien Labs",
    ],
)
def test_an_apostrophe_inside_a_word_opens_and_closes_nothing(text: str) -> None:
    assert _canonical(f"{text} last=7d") == 'team="O\'Brien Labs" last=7d'


@pytest.mark.parametrize(
    ("text", "canonical_form"),
    [
        ("team=design,planning", "team=Design,Planning last=30d"),
        ("team=Design , Planning", "team=Design,Planning last=30d"),
        ("team=Design product=Revit team=Planning", "team=Design,Planning product=Revit last=30d"),
        ("team!=Design team!=Planning", "team!=Design,Planning last=30d"),
        ("team ≠ Design", "team!=Design last=30d"),
        ("team != Design product=Revit", "team!=Design product=Revit last=30d"),
        ("team=設計部", "team=設計部 last=30d"),
        ("team=ZÜRICH BÜRO", 'team="Zürich Büro" last=30d'),
        ("team=Zu\u0308rich Bu\u0308ro", 'team="Zürich Büro" last=30d'),
        ("team=Rail & Road", 'team="Rail & Road" last=30d'),
        ("group=Rail, Road & Bridge", 'group="Rail, Road & Bridge" last=30d'),
        ("group=Everyone, Rail, Road & Bridge", 'group=Everyone,"Rail, Road & Bridge" last=30d'),
        ("group=none", "group=none last=30d"),
        ("group!=NONE,everyone", "group!=none,Everyone last=30d"),
        ("product=autocad lt,AutoCAD", 'product="AutoCAD LT",AutoCAD last=30d'),
        ("version=2026", "version=2026 last=30d"),
        ("team=all", "last=30d"),
        ("TEAM=ALL product=Revit", "product=Revit last=30d"),
        ("team=Str*", "team=Str* last=30d"),
        ('product="AutoCAD *"', 'product="AutoCAD *" last=30d'),
        ("team=str*west", "team=str*west last=30d"),
    ],
)
def test_names(text: str, canonical_form: str) -> None:
    assert _canonical(text) == canonical_form


@pytest.mark.parametrize(
    ("text", "canonical_form"),
    [
        ("user=ann@example.com", "user=ann@example.com last=30d"),
        ("user=<@U1|ann>", "user=<@U1> last=30d"),
        ("user=<@u1a>", "user=<@U1A> last=30d"),
        ("user=@ann", "user=ann last=30d"),
        ("user=ME", "user=me last=30d"),
        ('user="me"', 'user="me" last=30d'),
        ("user=<mailto:ann@example.com|ann@example.com>", "user=ann@example.com last=30d"),
        ("user=Ann Lee last=7d", 'user="Ann Lee" last=7d'),
        ("user=Cleo O’Neil Revit", 'product=Revit user="Cleo O’Neil" last=30d'),
        ("user=Nobody Known Here product=Revit", 'product=Revit user="Nobody Known Here" last=30d'),
        ("user=Nobody Known Design", 'team=Design user="Nobody Known" last=30d'),
        ("user=nob@example.com Design", "team=Design user=nob@example.com last=30d"),
        ("user!=ann,ben", "user!=ann,ben last=30d"),
        ("user=ann*lee", "user=ann*lee last=30d"),
        ("user=CORP\\ann", 'user="CORP\\\\ann" last=30d'),
    ],
)
def test_people(text: str, canonical_form: str) -> None:
    assert _canonical(text) == canonical_form


@pytest.mark.parametrize(
    ("text", "canonical_form"),
    [
        ("status=not yet active", "status=not_yet_active last=30d"),
        ("status=Not-Yet-Active,ACTIVE", "status=not_yet_active,active last=30d"),
        ('status="never used"', "status=not_yet_active last=30d"),
        ("status=not applicable", "status=not_applicable last=30d"),
        ("status!=n/a", "status!=not_applicable last=30d"),
        ("access=seat", "access=subscription last=30d"),
        ("access=Flex,subscription", "access=flex,subscription last=30d"),
        ("assigned=No", "assigned=no last=30d"),
        ("assigned=individual,group,default,unknown", "assigned=individual,group,default,unknown last=30d"),
    ],
)
def test_fixed_values_and_their_spoken_forms(text: str, canonical_form: str) -> None:
    assert _canonical(text) == canonical_form


@pytest.mark.parametrize(
    ("text", "canonical_form"),
    [
        ("last=1d", "last=1d"),
        ("last=366D", "last=366d"),
        ("last=52w", "last=52w"),
        ("last=12mo", "last=12mo"),
        ("last=1y", "last=1y"),
        ("last=1 year", "last=1y"),
        ("last=30days", "last=30d"),
        ("last = 30 Days", "last=30d"),
        ("last=last 30 days", "last=30d"),
        ("last=3m", "last=3mo"),
        ("last 3 months", "last=3mo"),
        ("past 2 weeks", "last=2w"),
        ("Last Month", "last=month"),
        ("last 30d", "last=30d"),
        ("last=“quarter”", "last=quarter"),
        ("last=week", "last=week"),
        ("last year", "last=year"),
        ("last=2026-09", "last=2026-09"),
        ("last=2026-Q3", "last=2026-q3"),
        ("last=2026", "last=2026"),
        ("last=３０d", "last=30d"),
        ("from=2026-02-01 to=2026-02-28", "from=2026-02-01 to=2026-02-28"),
        ("to = 2026-02-28 from = 2026-02-01", "from=2026-02-01 to=2026-02-28"),
        ("from=2024-02-29", "from=2024-02-29"),
        ("from=yesterday to=Today", "from=yesterday to=today"),
        ("from 2026-02-01 to 2026-02-28", "from=2026-02-01 to=2026-02-28"),
    ],
)
def test_ranges(text: str, canonical_form: str) -> None:
    assert _canonical(text) == canonical_form
    assert _canonical(f"team=Design {text} product=Revit") == f"team=Design product=Revit {canonical_form}"


@pytest.mark.parametrize(
    ("text", "canonical_form"),
    [
        ("sort=person", "last=30d sort=person"),
        ("sort=-days, person", "last=30d sort=-days,person"),
        ("sort=days desc", "last=30d sort=-days"),
        ("sort=–last", "last=30d sort=-last"),
        ("sort=last accessed", "last=30d sort=last"),
        ("sort=team sort=-tokens", "last=30d sort=team,-tokens"),
        ("top=10 page=1", "last=30d top=10"),
        ("page=3", "last=30d page=3"),
        ("top=+007", "last=30d top=7"),
    ],
)
def test_order_and_pages(text: str, canonical_form: str) -> None:
    assert _canonical(text) == canonical_form


@pytest.mark.parametrize(
    ("text", "canonical_form", "guesses"),
    [
        ("Design", "team=Design last=30d", ["“Design” read as team=Design."]),
        ("structural west", 'team="Structural West" last=30d', ['“structural west” read as team="Structural West".']),
        ("revit", "product=Revit last=30d", ["“revit” read as product=Revit."]),
        ("CAD users", 'group="CAD users" last=30d', ['“CAD users” read as group="CAD users".']),
        ("ann", "user=ann last=30d", ["“ann” read as user=ann."]),
        ("<@U7|ben>", "user=<@U7> last=30d", ["“<@U7|ben>” read as user=<@U7>."]),
        ("me", "user=me last=30d", ["“me” read as user=me."]),
        ("x.y@example.com", "user=x.y@example.com last=30d", ["“x.y@example.com” read as user=x.y@example.com."]),
        ("all", "last=30d", ["“all” read as team=all."]),
        ("90d", "last=90d", ["“90d” read as last=90d."]),
        ("2026", "last=2026", ["“2026” read as last=2026; it can also be version=2026."]),
        ("“Design”", "team=Design last=30d", ["“Design” read as team=Design."]),
        ("team Design", "team=Design last=30d", ["“team Design” read as team=Design."]),
        ("top 3", "last=30d top=3", ["“top 3” read as top=3."]),
        ("never used", "status=not_yet_active last=30d", ["“never used” read as status=not_yet_active."]),
        ("status=idle", "status=inactive last=30d", ["“idle” read as status=inactive."]),
        ("Pla*", "team=Pla* last=30d", ["“Pla*” read as team=Pla*."]),
        (
            "Design team Revit flex 3 months",
            "team=Design product=Revit access=flex last=3mo",
            [
                "“Design” read as team=Design.",
                "“Revit” read as product=Revit.",
                "“flex” read as access=flex.",
                "“3 months” read as last=3 months.",
            ],
        ),
    ],
)
def test_bare_words_are_guessed_and_every_guess_is_stated(text: str, canonical_form: str, guesses: list[str]) -> None:
    query = parse(text, COMPANY, TODAY)
    assert canonical(query) == canonical_form
    assert list(query.guesses) == guesses


def test_a_word_that_is_a_team_and_a_group_is_the_team_and_the_other_is_named() -> None:
    both = Vocabulary(teams=("Design",), groups=("design",))
    assert parse("design", both, TODAY).guesses == ("“design” read as team=Design; it can also be group=design.",)


def test_the_longest_name_wins_over_the_first_kind() -> None:
    names = Vocabulary(teams=("Structural",), groups=("Structural West",))
    assert _canonical("Structural West", names) == 'group="Structural West" last=30d'
    assert _canonical("team=Structural", names) == "team=Structural last=30d"


KEYWORDS = Vocabulary(teams=("All", "none", "last=30d", "Active", "A*B", "=", "me"), groups=("None", "a,b", "a"))


@pytest.mark.parametrize(
    ("text", "canonical_form"),
    [
        ('team="all"', 'team="All" last=30d'),
        ("team=none,me", "team=none,me last=30d"),
        ('team="last=30d" last=7d', 'team="last=30d" last=7d'),
        ("team=last=30d last=7d", 'team="last=30d" last=7d'),
        ("team=active", "team=Active last=30d"),
        ("active", "team=Active last=30d"),
        (r"team=a\*b", r'team="A\*B" last=30d'),
        ('team="="', 'team="=" last=30d'),
        ('group="none"', 'group="None" last=30d'),
        ("group=none", "group=none last=30d"),
        ('group="a,b",a', 'group="a,b",a last=30d'),
    ],
)
def test_a_name_that_is_spelt_like_something_else_is_reached(text: str, canonical_form: str) -> None:
    assert _canonical(text, KEYWORDS) == canonical_form


def test_a_team_called_all_is_told_how_to_be_reached() -> None:
    query = parse("team=all", KEYWORDS, TODAY)
    assert query.filters == ()
    assert query.guesses == ('team=all means every team; for the team called “all” type team="all".',)


def test_keywords_in_quotes_keep_their_meaning_where_no_name_is_spelt_so() -> None:
    assert _canonical('team="all"') == "last=30d"
    assert _canonical('group="none"') == "group=none last=30d"


def test_two_names_equal_but_for_case_are_one() -> None:
    assert _canonical("team=DESIGN", Vocabulary(teams=("design", "Design"))) == "team=design last=30d"
