"""The same export in every dress: encodings, delimiters, line ends, quoting, generations, sheets. One answer."""

import csv
import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting_core.exports import Limits
from reporting_core.words.imports import ReportRow, SubscriptionRow
from reporting_core.words.terms import Access, Kind, Origin
from tests.exporting import TODAY, Outcome, csv_text, outcome, outcomes, write_csv, write_xlsx

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
NAMES = ("Zoë", "O'Neil, Jr.", 'the "Bear"', "Müller & Co")

GENERATIONS = {
    "2023 snake_case": (
        "access_option",
        "day_used",
        "email",
        "first_name",
        "last_name",
        "offering_name",
        "team_alias",
        "version",
    ),
    "Title Case": ("Access option", "Day used", "Email", "First name", "Last name", "Product", "Team", "Version"),
    "2026 snake_case": (
        "access_option",
        "day_used",
        "email",
        "first_name",
        "last_name",
        "offering_name",
        "team",
        "version",
    ),
}


def body(days: Sequence[str] = ("2026-11-02", "2026-11-03", "2026-11-30")) -> list[list[str]]:
    return [
        [access, day, f"{at}@example.com", name, "Lee", "Revit", "Büro", "2026"]
        for access, (at, name), day in itertools.product(("Subscription", "FLEX"), enumerate(NAMES), days)
    ]


def without_blank(found: Outcome) -> set[tuple[str, str, str, date]]:
    return {(key.person.email, key.person.first_name, key.access, day) for key, day in found.days()}


def test_encodings_delimiters_line_ends_quoting_and_generations_do_not_matter(tmp_path: Path) -> None:
    days = ("2026-11-02", "2026-11-03")
    paths, generations = list[Path](), list[str]()
    quoting = itertools.cycle((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    ends = itertools.cycle(("\n", "\r\n", "\r"))
    for encoding, delimiter, generation in itertools.product(ENCODINGS, ",;\t", GENERATIONS):
        text = csv_text([GENERATIONS[generation], *body(days)], delimiter, next(ends), next(quoting))
        paths.append(tmp_path / f"{len(paths)}.csv")
        paths[-1].write_bytes(text.encode(encoding))
        generations.append(generation)
    expected = {
        (f"{at}@example.com", name, access, date.fromisoformat(day))
        for access, (at, name), day in itertools.product(("subscription", "flex"), enumerate(NAMES), days)
    }
    found = outcomes(paths)
    assert [each.head and each.head.generation for each in found] == generations
    for path, each in zip(paths, found, strict=True):
        assert (each.done.read, each.done.refused) == (16, []), path.read_bytes()[:300]
        assert without_blank(each) == expected
        assert {key.team for key, _ in each.days()} == {"Büro"}


HEADERS = {
    "snake": "day_used,email,team,access_option,offering_name",
    "shouting": "DAY_USED,EMAIL,TEAM,ACCESS OPTION,OFFERING NAME",
    "title": "Day used,Email,Team,Access option,Product",
    "spaced": ' day used , Email , team_alias,Access  Option,"offering name"',
    "curly": "“day_used”,“email”,“team”,“access_option”,“product”",
    "hyphens": "Day-used,E-mail,Team,Access-option,Offering-name",
    "marked": "\ufeffday_used,email,team,access_option,offering_name",
    "with more": "day_used,email,team,access_option,offering_name,shoe_size,,Colour",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_headers_in_any_case_and_spacing(tmp_path: Path, header: str) -> None:
    row = "2026-11-02,ann@example.com,Design,Seat,Revit"
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{row}{',42,,red' if 'Colour' in header else ''}\n", encoding="utf-8")
    found = outcome(path)
    assert (found.kind, found.accepted) == (Kind.USAGE, 1)
    assert found.head is not None
    ignored = ("shoe_size", "column 7 (no header)", "Colour") if "Colour" in header else ()
    assert found.head.ignored_columns == ignored


@pytest.mark.parametrize("above", ["sep=,\n", "\n\n", "# made by hand\n", "Usage,,,,\nNovember 2026,,,,\n\n\n\n"])
def test_the_header_may_stand_below_a_few_other_lines(tmp_path: Path, above: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{above}{HEADERS['snake']}\n2026-11-02,ann@example.com,Design,Seat,\n", encoding="utf-8")
    found = outcome(path)
    assert found.refused == {above.count("\n") + 2: "Offering name is blank"}


def test_a_name_with_a_line_break_keeps_the_lines_counted_right(tmp_path: Path) -> None:
    rows = [
        ["day_used", "email", "team", "access_option", "product"],
        ["2026-11-02", "ann@example.com", "Design\nWest", "Seat", "Revit"],
        ["2026-11-02", "ann@example.com", "", "Seat", "Revit"],
    ]
    found = outcome(write_csv(tmp_path / "a.csv", rows, end="\r\n"))
    assert found.batches[0].keys[0].team == "Design West"
    assert found.refused == {4: "Team is blank"}


def test_a_quoted_name_across_the_edge_of_a_block_is_read_whole(tmp_path: Path) -> None:
    header = ["day_used", "email", "team", "access_option", "product"]
    rows = [["2026-11-02", f"p{at}@example.com", "Design,\nWest", "Seat", "Revit"] for at in range(30_000)]
    found = outcome(write_csv(tmp_path / "a.csv", [header, *rows]))
    assert (found.accepted, found.done.refused) == (30_000, [])
    assert {key.team for batch in found.batches for key in batch.keys} == {"Design, West"}


REPORT = {
    "Team": "Design", "Email": "ann@example.com", "Product": "Revit", "Access option": "subscription",
    "Seat assignment": "ASSIGNED", "Assigned date": date(2026, 1, 31), "Unassigned date": None,
    "Days used": "8.0", "Last accessed": datetime.fromisoformat("2026-11-20T13:05"), "Days inactive": 4,
    "Tokens used": 0.30000000000000004,
    "Group": "Rail, Road; CAD & Co ; ", "Version": 2026, "Assigned by": "group: Rail: Road & Bridge",
}  # fmt: skip


def test_a_workbook_gives_dates_numbers_and_numbers_stored_as_text(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "report", {"Notes": [["hello"]], "Data": [list(REPORT), list(REPORT.values())]})
    found = outcome(path)
    assert found.head is not None
    assert found.head.ignored_columns == ("sheet “Notes”",)
    (row,) = found.records
    assert isinstance(row, ReportRow)
    assert row.assigned_on == date(2026, 1, 31).toordinal()
    assert row.last_accessed == date(2026, 11, 20).toordinal()
    assert (row.days_used, row.days_inactive, row.millitokens, row.release) == (8, 4, 300, "2026")
    assert row.groups == ("Rail, Road", "CAD & Co")
    assert (row.origin, row.origin_group) == (Origin.GROUP, "Rail: Road & Bridge")
    assert found.done.newest == TODAY.toordinal()


def test_rows_of_a_workbook_are_known_by_their_numbers(tmp_path: Path) -> None:
    header: list[object] = ["Day used", "Email", "Team", "Access option", "Product"]
    good: list[object] = [date(2026, 11, 2), "ann@example.com", "Design", "Flex", "Revit"]
    rows: list[list[object]] = [
        ["Usage of our account"],
        header,
        good,
        [],
        [None, "", "  "],
        ["x", *good[1:]],
        [*good, "beyond"],
    ]
    found = outcome(write_xlsx(tmp_path / "a.xlsx", {"Sheet": rows}))
    assert found.accepted == 1
    assert found.refused == {
        6: "Day used “x” is no date (2026-11-24 is one)",
        7: "the row has 6 columns where the header has 5: a delimiter too many, or a name that needs quotes",
    }


def test_masked_rows_are_people_by_their_hash_and_mark_their_team(tmp_path: Path) -> None:
    rows = [
        ["day_used", "hashed_autodesk_id", "email", "first_name", "team", "access_option", "product"],
        ["2026-11-02", "a1b2", "*****", "*****", "Secret", "Seat", "Revit"],
        ["2026-11-02", "", "*****", "*****", "Secret", "Seat", "Revit"],
        ["2026-11-02", "", "ann@example.com", "Ann", "Open", "Seat", "Revit"],
    ]
    found = outcome(write_csv(tmp_path / "a.csv", rows))
    assert found.done.masked_teams == {"Secret"}
    assert found.batches[0].keys[0].person == ("a1b2", "", "", "", "")
    assert found.refused == {3: "the person is masked and the row has no id, so it cannot be told apart"}


def test_a_product_launched_under_its_own_name_is_no_child(tmp_path: Path) -> None:
    rows = [
        ["day_used", "email", "team", "access_option", "offering_name", "product_name"],
        ["2026-11-02", "ann@example.com", "Design", "Seat", "AEC Collection", "Revit"],
        ["2026-11-02", "ann@example.com", "Design", "Seat", "Revit", "REVIT"],
    ]
    found = outcome(write_csv(tmp_path / "a.csv", rows))
    assert [(key.offering, key.child) for key in found.batches[0].keys] == [("AEC Collection", "Revit"), ("Revit", "")]


def test_seat_usage_is_of_seats_and_token_usage_of_flex(tmp_path: Path) -> None:
    seat = write_csv(
        tmp_path / "1", [["Day used", "Email", "Product", "Team"], ["2026-11-02", "ann@example.com", "Revit", "Design"]]
    )
    token = write_csv(
        tmp_path / "2",
        [
            ["Day used", "Email", "Product", "Team", "Feature", "Tokens used"],
            ["2026-11-02", "ann@example.com", "Revit", "Design", "Cloud", "1,234.5"],
            ["2026-11-02", "ann@example.com", "Revit", "Design", "Cloud", "8"],
            ["2026-11-02", "ann@example.com", "Revit", "Design", "", "0"],
        ],
    )
    seats, tokens = outcomes([seat, token])
    assert (seats.kind, seats.batches[0].keys[0].access) == (Kind.SEAT_USAGE, Access.SUBSCRIPTION)
    assert (tokens.kind, tokens.batches[0].keys[0].access) == (Kind.TOKEN_USAGE, Access.FLEX)
    assert sorted((feature, amount) for (_, _, feature), amount in tokens.charges().items()) == [
        ("", 0),
        ("Cloud", 1_234_500),
    ]
    assert tokens.tail is not None
    assert tokens.tail.read == 3
    assert len(tokens.days()) == 1


def test_terms_and_balances(tmp_path: Path) -> None:
    pools = write_csv(
        tmp_path / "1",
        [
            [
                "Contract number",
                "End date",
                "Offering name",
                "Seat quantity",
                "Start date",
                "Subscription id",
                "Team",
                "Reseller email",
            ],
            ["C-1", "9999-12-31", "Revit", "10", "2026-01-01T00:00:00Z", "S-1", "Design", "seller@example.com"],
        ],
    )
    balances = tmp_path / "2"
    balances.write_text(
        "team, tokens_purchased, tokens_remaining, expires_on, as_of\nDesign, 5000, 1234.5, 2027-05-31, 2026-11-01\n"
    )
    pool, balance = outcomes([pools, balances])
    (row,) = pool.records
    assert isinstance(row, SubscriptionRow)
    assert (row.seats, row.starts, row.ends) == (10, date(2026, 1, 1).toordinal(), date.max.toordinal())
    assert (pool.done.newest, balance.done.newest) == (None, date(2026, 11, 1).toordinal())
    assert balance.records[0][1:4] == ("Design", 5_000_000, 1_234_500)


RULES = {
    "team,product,assigned_by,group": [
        ("Default,", Origin.DEFAULT, ""), ("Group,CAD & Co", Origin.GROUP, "CAD & Co"),
        ("group: a:b,", Origin.GROUP, "a:b"),
        ("Individual,", Origin.INDIVIDUAL, ""),
    ],
    "Team,Offering name,Group": [("default", Origin.DEFAULT, ""), ("Everyone", Origin.GROUP, "Everyone"),
        ("Group: Default", Origin.GROUP, "Default")],
    "team,product,group or default": [("Default", Origin.DEFAULT, ""), ("Everyone", Origin.GROUP, "Everyone")],
    "team,product,group,default": [("Everyone,no", Origin.GROUP, "Everyone"), (",yes", Origin.DEFAULT, "")],
}  # fmt: skip


@pytest.mark.parametrize("header", RULES)
def test_assignment_rules_in_the_ways_people_keep_them(tmp_path: Path, header: str) -> None:
    path = tmp_path / "rules.csv"
    path.write_text("\n".join([header, *(f"Design,Revit,{cells}" for cells, _, _ in RULES[header])]) + "\n")
    found = outcome(path)
    assert found.kind == Kind.ASSIGNMENT_RULES
    assert [row[-2:] for row in found.records] == [(origin, group) for _, origin, group in RULES[header]]


names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*"), min_size=1, max_size=12).filter(
    lambda name: bool(name.strip()) and not name.startswith("#")
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(names, names, st.dates(date(2026, 1, 1), TODAY)), min_size=1, max_size=20),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_stands_in_the_cells_is_read_back(
    tmp_path: Path,
    rows: list[tuple[str, str, date]],
    delimiter: str,
    encoding: str,
    quoting: int,
    end: str,
) -> None:
    table = [["day_used", "email", "team", "access_option", "product"]]
    table += [[day.isoformat(), "ann@example.com", team, "Flex", product] for team, product, day in rows]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text(table, delimiter, end, quoting).encode(encoding))
    found = outcome(path)
    assert found.done.refused == []
    assert {(key.team, key.offering, day) for key, day in found.days()} == {
        (team.strip(), product.strip(), day) for team, product, day in rows
    }


def test_a_file_in_several_batches_says_the_same_as_in_one(tmp_path: Path) -> None:
    header = ["day_used", "email", "team", "access_option", "product"]
    rows = [
        [f"2026-{month:02d}-{day:02d}", f"p{person}@example.com", "Design", "Seat", "Revit"]
        for month, day, person in itertools.product(range(1, 11), range(1, 26), range(80))
    ]
    path = write_csv(tmp_path / "a.csv", [header, *rows])
    small = replace(Limits(), batch_entries=100, keys=50)
    one, many = outcome(path), outcome(path, limits=small)
    assert (len(one.batches), len(many.batches) > 1) == (1, True)
    assert many.masks() == one.masks()
    assert many.accepted == one.accepted == 20_000
