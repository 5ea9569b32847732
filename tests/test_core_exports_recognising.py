"""Which file it is, by its headers alone; what is missing, what it looks like, and what to do."""

import pytest

from reporting_core.exports.asking import Unreadable
from reporting_core.exports.columns import COLUMNS, LABELS, SPELLINGS
from reporting_core.exports.recognising import layout
from reporting_core.words.terms import Kind


def headers(text: str) -> list[str]:
    return text.split(",")


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("dress", [str, str.upper, lambda name: name.replace("_", " ").capitalize()])
def test_a_kind_is_known_by_all_its_columns_and_by_those_it_needs(kind: Kind, dress: object) -> None:
    assert callable(dress)
    columns = COLUMNS[kind]
    needed = [*columns.needed, *(["autodesk_id"] if columns.person else [])]
    if kind is Kind.ASSIGNMENT_RULES:
        needed.append("assigned_by")
    every = [concept for concept in columns.known if not (kind is Kind.SEAT_USAGE and concept == "access")]
    for concepts in (needed, every):
        assert layout([dress(SPELLINGS[concept][0]) for concept in concepts]).kind is kind


def test_every_listed_column_has_a_label() -> None:
    assert {concept for columns in COLUMNS.values() for concept in columns.known} <= LABELS.keys()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Day used,Email,First name,Last name,Product,Team", Kind.SEAT_USAGE),
        ("Day used,Email,First name,Last name,Product,Team,Feature,Tokens used", Kind.TOKEN_USAGE),
        ("day_used,email,offering_name,team,tokens_used,access_option", Kind.TOKEN_USAGE),
        ("email,group,group_type,role,team", Kind.GROUPS),
        ("email,role,team", Kind.USERS),
        ("team,product,group", Kind.ASSIGNMENT_RULES),
        ("team,tokens_purchased,tokens_remaining", Kind.TOKEN_BALANCES),
    ],
)
def test_neighbours_are_told_apart(header: str, kind: Kind) -> None:
    assert layout(headers(header)).kind is kind


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        (
            "day_used,email,team,access_option,Prodcut",
            ["Usage file", "“Offering name”", "“Prodcut” looks like", "Rename"],
        ),
        ("dya_used,email,team,access_option,version,product", ["Usage file", "“Day used” is missing", "“dya_used”"]),
        ("day_used,email,team,acess_option,product", ["“acess_option” looks like “Access option”"]),
        ("day_used,email,team,product,tokens_usd", ["“tokens_usd” looks like “Tokens used”"]),
        ("day_used,email,team,product,version", ["Usage file", "“Access option” is missing"]),
        ("day_used,team,access_option,product", ["“Email” is missing"]),
        ("day_used,emial,team,access_option,product", ["“Email” is missing", "“emial” looks like"]),
        ("day_used,email", ["Seat Usage file", "“Team” and “Offering name” are missing", "with all columns"]),
        ("seat_assignment,days_used,team,email,product", ["a Usage Report file", "“Assigned date”"]),
        ("seat_quantity,team,product,start_date,end_dat", ["Subscriptions file", "“end_dat” looks like “End date”"]),
        ("account_status,email,team", ["Users file", "“Role”"]),
        ("group_type,email", ["Groups file", "“Group”"]),
        ("team,tokens_remaining", ["token balances file", "“Tokens purchased”"]),
        ("colour,shoe size", ["“colour”, “shoe size”", "Known are Token Usage, Usage", "assignment rules"]),
        (",".join(f"c{number}" for number in range(20)), ["“c11” and 8 more"]),
        ("team,team,day_used,email,product", ["Two columns are called “Team”"]),
        ("", ["columns none"]),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(header: str, parts: list[str]) -> None:
    with pytest.raises(Unreadable) as failed:
        layout(headers(header))
    assert [part for part in parts if part not in str(failed.value)] == []


def test_of_two_columns_for_one_thing_the_vendors_own_is_taken_and_the_other_named() -> None:
    found = layout(headers("day_used,email,team_alias,team,access_option,product,offering_name"))
    assert (found.places["team"], found.places["offering"]) == (3, 6)
    assert found.ignored == ("team_alias", "product")


def test_empty_headers_at_the_end_are_no_columns() -> None:
    assert layout(headers("day_used,email,team,product,,")).width == 4
