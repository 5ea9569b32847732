"""Plain questions and their tables, for the tests of reading them: the company of the grammar's tests, on its day."""

import tomllib
from pathlib import Path

from bot.demo_company import company as demo
from bot.demo_company.teams import TEAMS
from reporting_core.grammar import canonical
from reporting_core.questions import prepare, read
from reporting_core.words.query import Vocabulary
from reporting_core.words.questions import Readings
from tests.grammar_vocabularies import COMPANY, TODAY

SAMPLES = Path(__file__).parent / "samples" / "questions"
_TABLE = tomllib.loads((SAMPLES / "table.toml").read_text("utf-8"))
TABLE = {**_TABLE, "questions": [each[:3] for each in _TABLE["questions"]]}
MISSPELT = [each[0] for each in _TABLE["questions"] if each[3:] == ["typo"]]
HELD_OUT = tomllib.loads((SAMPLES / "held_out.toml").read_text("utf-8"))
FRESH = [tomllib.loads((SAMPLES / f"{name}.toml").read_text("utf-8")) for name in ("fresh", "fresh_again")]
PREPARED = prepare(COMPANY)


def reading(text: str, **more: tuple[str, ...]) -> Readings:
    if not more:
        return read(text, PREPARED, TODAY)
    names = {each: getattr(COMPANY, each) for each in ("teams", "products", "groups", "versions", "people")}
    return read(text, Vocabulary(**{**names, **more}), TODAY)


def sure(text: str, **more: tuple[str, ...]) -> str:
    found = reading(text, **more).sure
    return canonical(found.query) if found else ""


def near(text: str, **more: tuple[str, ...]) -> list[str]:
    found = reading(text, **more)
    assert found.sure is None, canonical(found.sure.query)
    return [canonical(each.query) for each in found.near]


DEMO = demo.make_up(TODAY)
NORTHGATE = Vocabulary(
    teams=tuple(team.name for team in TEAMS),
    products=tuple(dict.fromkeys(offer.product for team in TEAMS for offer in team.offers)),
    groups=tuple(group for team in TEAMS for group in team.groups),
    versions=("2025", "2026"),
    people=tuple(each for person in DEMO.people.values() for each in (f"{person.first} {person.last}", person.email)),
)
