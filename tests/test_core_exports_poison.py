"""Rows that cannot be taken: refused with line and reason, their neighbours read, and read = accepted + refused."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.exporting import USAGE_HEADER, Outcome, csv_text, outcome, outcomes, usage_row, write_csv


class Poison(NamedTuple):
    """Text put between good rows, the reason (a part of it) for each line that is refused, and how many are not."""

    text: str
    refused: dict[int, str]
    accepted: int = 0


def row(**changed: str) -> str:
    return csv_text([usage_row(person="eva", **changed)])


def cut(columns: int) -> str:
    return csv_text([usage_row(person="eva")[:columns]])


LONG = "x" * 501
FIRST = 4
"""Line of the first poison row: below a header and two good rows."""

POISONS = {
    "half-written": Poison(cut(5), {0: "5 of 8 columns"}),
    "a column too many": Poison(cut(8).rstrip("\n") + ",surplus\n", {0: "9 columns where the header has 8"}),
    "one lonely word": Poison("total\n", {0: "1 of 8 columns"}),
    "only delimiters": Poison(",,,,,,,\n", {0: "Day used is blank"}),
    "another delimiter": Poison(cut(8).replace(",", ";"), {0: "1 of 8 columns"}),
    "the header again": Poison(csv_text([USAGE_HEADER]), {0: "“day_used” is no date"}),
    "no team": Poison(row(team=""), {0: "Team is blank"}),
    "a team of spaces": Poison(row(team="   "), {0: "Team is blank"}),
    "a masked team": Poison(row(team="*****"), {0: "Team is blank"}),
    "a long team": Poison(row(team=LONG), {0: "Team is longer than 500"}),
    "no product": Poison(row(offering_name=""), {0: "Offering name is blank"}),
    "no person": Poison(row(email=""), {0: "names no person"}),
    "a masked person": Poison(row(email="*****"), {0: "cannot be told apart"}),
    "no access": Poison(row(access_option=""), {0: "Access option is blank"}),
    "unknown access": Poison(row(access_option="Site licence"), {0: "“Site licence” is neither"}),
    "no day": Poison(row(day=""), {0: "Day used is blank"}),
    "a day in words": Poison(row(day="yesterday"), {0: "“yesterday” is no date"}),
    "no such day": Poison(row(day="2026-02-30"), {0: "“2026-02-30” is no date"}),
    "a day to come": Poison(row(day="2026-11-25"), {0: "2026-11-25 is in the future"}),
    "a far day": Poison(row(day="9999-12-31"), {0: "in the future"}),
    "an old day": Poison(row(day="1026-11-02"), {0: "before 1980"}),
    "the day zero of spreadsheets": Poison(row(day="1900-01-00"), {0: "is no date"}),
    "a day before the vendor's exports": Poison(row(day="1999-12-31"), {0: "before the year 2000"}),
    "a serial number": Poison(row(day="46350"), {0: "“46350” is no date"}),
    "a time elsewhere": Poison(row(day="2026-11-02T23:30:00-05:00"), {0: "is no date"}),
    "two-figure year": Poison(row(day="02/11/26"), {0: "is no date"}),
    "NUL": Poison(row(team="Des\0ign"), {0: "NUL"}),
    "a spreadsheet's error": Poison(row(team="#REF!"), {0: "spreadsheet error #REF!"}),
    "a quote never closed": Poison(row(first_name="Eva").replace("Eva", '"Eva'), {0: "quotation mark"}),
    "two quotes that swallow": Poison(
        row().replace("Eva", '"Eva') + row(day="2026-11-09") + row().replace("Lee", 'Lee",x'),
        {0: "quotation mark", 2: "9 columns"},
        accepted=1,
    ),
    "a quote inside quotes": Poison(row().replace("Eva", '"E "v" a"'), {0: "quotation mark"}),
    "a quoted break in the wrong place": Poison(
        row().replace("Eva", '"Eva\nLee"').replace(",Revit", ""), {0: "", 1: ""}
    ),
    "a cell of a novel": Poison(row(first_name="x" * 200_000), {0: "longer than 500"}),
    "a quoted novel": Poison(row(first_name="x" * 200_000 + ","), {0: "longer than 131,072"}),
    "blank lines": Poison("\n   \n\r\n", {}),
    "delimiters too many, but blank": Poison(row().rstrip("\n") + ",,,\n", {}, accepted=1),
    "a quote in a name": Poison(row().replace("Eva", 'Eva "the Bear"'), {}, accepted=1),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Each poison between two good rows above and one below, without and with quotation marks around."""
    folder = tmp_path_factory.mktemp("poison")
    above, below = csv_text([USAGE_HEADER, usage_row(), usage_row(person="ben")]), csv_text([usage_row(person="cleo")])
    paths = []
    for name, poison in POISONS.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(above + poison.text + below, encoding="utf-8", newline="")
    return dict(zip(POISONS, outcomes(paths), strict=True))


@pytest.mark.parametrize("name", POISONS)
def test_a_poison_row_is_refused_by_its_line_and_nothing_else_is(name: str, read: dict[str, Outcome]) -> None:
    found, poison = read[name], POISONS[name]
    assert [line - FIRST for line in found.refused] == list(poison.refused)
    for line, part in poison.refused.items():
        assert part in found.refused[FIRST + line]
    people = {key.person.first_name for key, _ in found.days()}
    assert {"Ann", "Ben", "Cleo"} <= people
    assert found.accepted == 3 + poison.accepted
    assert found.done.read == found.accepted + len(found.done.refused)


def test_bytes_that_are_no_text_are_refused_by_row_and_the_rest_stays_utf_8(tmp_path: Path) -> None:
    good = csv_text([USAGE_HEADER, usage_row(team="Zürich Büro")]).encode()
    path = tmp_path / "a.csv"
    path.write_bytes(good + csv_text([usage_row(team="Des@gn")]).encode().replace(b"Des@gn", b"Des\xffgn"))
    found = outcome(path)
    assert {key.team for key, _ in found.days()} == {"Zürich Büro"}
    assert found.refused == {3: "Team holds bytes that are no text in the file's encoding"}


def test_a_whole_file_of_another_code_page_is_no_poison(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text([USAGE_HEADER, usage_row(team="Zürich – Büro"), usage_row(team="Ä")]).encode("cp1252"))
    assert {key.team for key, _ in outcome(path).days()} == {"Zürich – Büro", "Ä"}


REPORT = {
    "team": "Design", "email": "ann@example.com", "offering_name": "Revit", "access_option": "Subscription",
    "seat_assignment": "Assigned", "assigned_date": "2026-01-31", "unassigned_date": "", "days_used": "8",
    "last_accessed": "2026-11-20", "days_inactive": "4", "tokens_used": "0", "assigned_by": "Individual",
}  # fmt: skip

REPORT_POISONS = {
    "seat_assignment": {"Maybe": "neither Assigned nor Unassigned", "": "Seat assignment is blank"},
    "assigned_date": {"soon": "Assigned date “soon” is no date"},
    "unassigned_date": {"2026-02-30": "Unassigned date “2026-02-30” is no date"},
    "days_used": {
        "8.5": "Days used “8.5” is not a whole number",
        "-1": "Days used “-1” is negative",
        "x": "is no number",
    },
    "days_inactive": {"many": "Days inactive “many” is no number"},
    "last_accessed": {"2026-11-25": "Last accessed 2026-11-25 is in the future"},
    "tokens_used": {"-8": "Tokens used “-8” is negative", "1e9": "is no number"},
    "assigned_by": {"Somebody": "“Somebody” is none of Individual, Group: NAME, Default"},
    "email": {"": "names no person"},
}


def test_poison_in_a_usage_report(tmp_path: Path) -> None:
    cases = [(column, value, part) for column, some in REPORT_POISONS.items() for value, part in some.items()]
    rows = [list((REPORT | {column: value}).values()) for column, value, _ in cases]
    found = outcome(write_csv(tmp_path / "a.csv", [list(REPORT), *rows, list(REPORT.values())]))
    assert found.accepted == 1
    assert found.done.read == len(rows) + 1
    for line, (_, _, part) in enumerate(cases, 2):
        assert part in found.refused[line]


OTHERS = {
    "seats": (
        "team,product,seat_quantity,start_date,end_date",
        {
            "D,R,,,": "Seat quantity is blank",
            "D,R,-1,,": "is negative",
            "D,R,1,2026-02-01,2026-01-01": "is before Start date",
        },
    ),
    "tokens": (
        "day_used,email,team,product,tokens_used",
        {
            "2026-11-02,a@b,D,R,": "Tokens used is blank",
            "2026-11-02,a@b,D,R,-7": "is negative",
            "2026-11-25,a@b,D,R,7": "future",
        },
    ),
    "groups": ("email,group", {"*****,Everyone": "cannot be told apart", "a@b,": "Group is blank"}),
    "users": ("email,role,team", {",Primary admin,D": "names no person", "a@b,User,": "Team is blank"}),
    "balances": (
        "team,tokens_purchased,tokens_remaining,as_of",
        {"D,1,,": "Tokens remaining is blank", "D,1,1,2027-01-01": "As of 2027-01-01 is in the future"},
    ),
    "rules": (
        "team,product,group,default",
        {
            "D,R,,": "neither a group nor default",
            "D,R,G,yes": "both",
            "D,R,,perhaps": "neither yes nor no",
            "D,R,Group:,": "no group",
        },
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_poison_in_other_files(tmp_path: Path, name: str) -> None:
    header, cases = OTHERS[name]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, *cases]) + "\n")
    found = outcome(path)
    assert (found.accepted, found.done.read) == (0, len(cases))
    for line, part in enumerate(cases.values(), 2):
        assert part in found.refused[line]
