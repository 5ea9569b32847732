"""`/usage audit`: who reads what, page by page and as a file; with the real core behind it."""

import io
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from handlers import language
from handlers.views import audit
from handlers.workshop import Workshop
from reporting_core.storage.auditing import Entry
from reporting_core.words.audit import Line, Page
from reporting_core.words.query import UsageQuery
from reporting_core.words.seats import Cause, Policy, Reason, State
from tests.bot_under_test import Bot
from tests.company import NOW, WEST, Company
from tests.seat_bot import button, pressed, seat_bot, typed

KEEP = "exempt user=cleo product=Revit until=2027-01-31"


@pytest.fixture
async def bot(company: Company) -> AsyncIterator[Bot]:
    async with seat_bot(company) as bot:
        yield bot


def fill(company: Company, rows: int, days_ago: int = 0) -> None:
    core = company.core
    for number in range(rows):
        with core.store.writing() as connection:
            at = NOW - timedelta(days=days_ago, minutes=number)
            entry = Entry(at, "intent", "U1", f"token{number}", 1, 2, {"change": "unassign", "product": 1})
            core.audit.chain.append(connection, entry)


async def sheet(bot: Bot, user: str = "U1") -> list[tuple[object, ...]]:
    """Press *Spreadsheet*; returns the rows of the file that was sent."""
    await pressed(bot, "audit_sheet", user)
    book = openpyxl.load_workbook(io.BytesIO(next(reversed(bot.slack.sent.values()))))
    return list(book.worksheets[0].iter_rows(values_only=True))


async def test_it_says_who_did_what_newest_first(bot: Bot) -> None:
    await typed(bot, f"{KEEP} reason=leave")
    await typed(bot, "unassign policy grace_days 14", "UOWNER")
    told = await typed(bot, "audit", "UOWNER")
    assert told.index("Setting changed") < told.index("Exempted")
    for part in (
        "<@U1>",
        "<@UOWNER>",
        "Cleo Lee",
        "Revit",
        "Design",
        "leave",
        "days for which a newly assigned seat stays: as delivered → 14",
    ):
        assert part in told


async def test_an_admin_reads_the_own_teams_alone(bot: Bot, company: Company) -> None:
    await typed(bot, f"{KEEP} reason=leave")
    await typed(bot, f'exempt user=dan team="{WEST}" until=2027-01-31 reason=sick', "UOWNER")
    await typed(bot, "unassign off", "UOWNER")
    ann, ben = await typed(bot, "audit"), await typed(bot, "audit", "U2")
    assert ("Cleo" in ann, "Dan" in ann, "Setting" in ann) == (True, False, False)
    assert ("Cleo" in ben, "Dan" in ben, "Setting" in ben) == (False, True, False)
    assert "Cleo" not in await typed(bot, f'audit team="{WEST}"', "UOWNER")
    assert "does not cover" in await typed(bot, f'audit team="{WEST}"')


@pytest.mark.parametrize("user", ["U3", "U9"])
async def test_nobody_else_reads_it(bot: Bot, company: Company, user: str) -> None:
    fill(company, 1)
    bot.slack.person("U9", real_name="Zoe")
    assert "Confirmed" not in await typed(bot, "audit", user)


async def test_rights_are_looked_up_again_at_each_press(bot: Bot, company: Company) -> None:
    fill(company, 30)
    await typed(bot, "audit")
    older, spreadsheet = button(bot, "audit_older"), button(bot, "audit_sheet")
    bot.slack.person("U1", real_name="Ann", profile={"email": "cleo@example.com"})
    bot.now[0] += 60
    for each in (older, spreadsheet):
        await bot.press(each)
        assert "Confirmed" not in str(bot.slack.posted[-1].arguments)
    assert bot.slack.sent == {}


async def test_pages_are_turned(bot: Bot, company: Company) -> None:
    fill(company, 23)
    first = await typed(bot, "audit")
    assert "page 1 of 3" in first
    assert "audit_newer" not in first
    assert "page 2 of 3" in await pressed(bot, "audit_older")
    last = await pressed(bot, "audit_older")
    assert "page 3 of 3" in last
    assert "audit_older" not in last
    assert "page 2 of 3" in await pressed(bot, "audit_newer")


async def test_dates_pick_rows(bot: Bot, company: Company) -> None:
    fill(company, 1)
    fill(company, 2, days_ago=60)
    assert "1 row " in await typed(bot, "audit")
    assert "3 rows" in await typed(bot, "audit last=90d")
    assert "2 rows" in await typed(
        bot, f"audit from={NOW.date() - timedelta(days=61)} to={NOW.date() - timedelta(days=59)}"
    )
    assert "Nothing stands" in await typed(bot, "audit from=yesterday to=yesterday")


@pytest.mark.parametrize("text", ["status=inactive", "user=ann", "sort=days", "top=3", "team=Desing", "last=5000d"])
async def test_what_it_cannot_be_asked_is_told(bot: Bot, company: Company, text: str) -> None:
    fill(company, 1)
    told = await typed(bot, f"audit {text}")
    assert "Confirmed" not in told
    assert "incident" not in told


@pytest.mark.parametrize("value", ["", "{}", '{"q": 7}', '{"q": "team=Nowhere"}', '{"q": "page=99"}'])
async def test_an_altered_press_shows_nothing_of_others(bot: Bot, company: Company, value: str) -> None:
    fill(company, 30)
    await typed(bot, "audit", "U2")
    fake = {"type": "button", "action_id": "audit_older", "block_id": "audit", "value": value}
    await bot.press(fake, "U2")
    assert "Confirmed" not in str(bot.slack.posted[-1].arguments)
    assert "incident" not in str(bot.slack.posted)


# -- the file


async def test_the_file_holds_all_rows_and_goes_into_the_direct_message(bot: Bot, company: Company) -> None:
    fill(company, 23)
    await typed(bot, "audit")
    rows = await sheet(bot)
    assert len(rows) == 24
    assert not any("{" in str(cell) for row in rows for cell in row)
    assert rows[0][:5] == ("No.", "Date (UTC)", "Time (UTC)", "What", "Who")
    assert rows[1][3:9] == ("Confirmed: unassign the seat", "Ann", "U1", "Cleo Lee", "Revit", "Design")
    sent = bot.slack.named("files.completeUploadExternal")[-1].arguments
    assert str(sent["channel_id"]).startswith("D")
    assert "direct message" in str(bot.slack.posted[-1].arguments)


async def test_text_is_text_in_the_file(bot: Bot) -> None:
    await typed(bot, f"{KEEP} reason=\"=HYPERLINK('x')\"")
    await typed(bot, "audit")
    await pressed(bot, "audit_sheet")
    book = openpyxl.load_workbook(io.BytesIO(next(reversed(bot.slack.sent.values()))))
    cells = {cell.value: cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row}
    assert cells["=HYPERLINK('x')"].data_type == "s"


async def test_hidden_names_are_hidden_in_message_and_file(bot: Bot, company: Company) -> None:
    await typed(bot, f"{KEEP} reason=Cleo_is_ill")
    await typed(bot, f'exempt user=dan team="{WEST}" until=2027-01-31 reason=sick', "UOWNER")
    company.core.set_personal_data("Design", shown=False)
    told = await typed(bot, "audit", "UOWNER")
    rows = str(await sheet(bot, "UOWNER"))
    for text in (told, rows):
        assert "Cleo" not in text
        assert "Dan" not in text  # one team that is off hashes all, as in a report
    assert company.core.pseudonyms.of(2) in rows
    assert "Dan" in await typed(bot, f'audit team="{WEST}"', "UOWNER")


async def test_a_team_that_was_merged_away_counts_as_what_it_became(bot: Bot, company: Company) -> None:
    await typed(bot, f"{KEEP} reason=leave")
    company.core.set_personal_data(WEST, shown=False)
    company.core.merge_teams("Design", WEST)
    told = await typed(bot, "audit", "U2")
    assert "Exempted" in told
    assert "Cleo" not in told


async def test_a_place_that_takes_no_file_is_told(bot: Bot, company: Company) -> None:
    fill(company, 1)
    await typed(bot, "audit")
    bot.slack.faults["files.getUploadURLExternal"].append("storage_limit")
    assert "incident" not in await pressed(bot, "audit_sheet")
    assert "direct message with usagebot" not in str(bot.slack.posted[-1].arguments)


async def test_no_file_is_left_behind(bot: Bot, company: Company, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    bot.desk.workshop = Workshop(folder=folder)
    fill(company, 1)
    await typed(bot, "audit")
    assert len(await sheet(bot)) == 2
    assert list(folder.iterdir()) == []


async def test_german_words(bot: Bot, company: Company) -> None:
    fill(company, 1)
    bot.slack.person("U1", real_name="Ann", locale="de-DE", profile={"email": "ann@example.com"})
    assert "Bestätigt: Platz entziehen" in await typed(bot, "audit")
    assert (await sheet(bot))[0][3] == "Was"


# -- words


def line(kind: str, **details: object) -> Line:
    return Line(1, NOW, kind, "U1", "token", "Design", "Cleo Lee", dict(details))


@pytest.mark.parametrize(
    "kind",
    [*State, "exempt", "unexempt", "policy", "request_sent", "request_unsent"],
)
def test_every_kind_has_words(kind: str) -> None:
    assert audit.kind(line(str(kind))) != kind


@pytest.mark.parametrize("reason", [*Reason, *Cause])
def test_every_reason_has_words(reason: str) -> None:
    assert audit.reason(line("refused", reason=str(reason))) not in {str(reason), ""} or reason in {"exempt", "group"}


def test_the_longest_rows_fit() -> None:
    long = "&" * 400
    rows = tuple(Line(n, NOW, "exempt", "U1", "t", long, long, {"product": long, "reason": long}) for n in range(10))
    message = audit.page(Page(UsageQuery(), rows, 99, 2, 10, NOW.date(), NOW.date(), (long,)))
    assert max(len(block["text"]["text"]) for block in message.blocks if block["type"] == "section") <= 3_000
    assert len(message.blocks) <= 50


def test_what_a_decision_rested_on_is_told_in_words() -> None:
    about = {"assignment": 7, "assigned_on": "2026-02-03", "last_accessed": None, "days_30": 0, "days_90": 0}
    told = audit.rest(line("intent", change="unassign", product="Revit", reason="", **about, origin="group"))
    assert told == (
        "assignment 7; assigned on: 3 Feb 2026; last accessed: never; days used of 30: 0; days used of 90: 0; "
        "assigned by: Group"
    )
    assert (
        audit.rest(line("intent", days_30=None, provider="webhook")) == "days used of 30: not known; provider: webhook"
    )
    assert audit.rest(line("exempt", until="2027-01-31", reason="sick")) == "until 31 Jan 2027"
    assert audit.rest(line("request_sent", to=["U1", "U2"])) == "sent to U1, U2"
    assert audit.rest(line("policy", name="switched_on", before="on", after="off")) == (
        "whether seats can be unassigned at all: on → off"
    )
    alert = line("policy", name="alert tokens_low", before="on 20", after="off 20 C1")
    assert audit.rest(alert) == "alert “Few tokens left”: on 20 → off 20 C1"


@pytest.mark.parametrize("name", [each.name for each in fields(Policy)])
@pytest.mark.parametrize("spoken", ["en", "de"])
def test_every_rule_has_words_in_both_languages(name: str, spoken: str) -> None:
    with language.speaking(spoken):
        told = audit.more(line("policy", name=name, before="on", after="off"))
    assert f"{name}:" not in told
    assert ("aus" if spoken == "de" else "off") in told


def test_what_nobody_foresaw_is_shown_as_it_is() -> None:
    assert audit.kind(line("new_kind")) == "new_kind"
    assert audit.reason(line("refused", reason="because")) == "because"
    assert audit.rest(line("done", new_fact=3, origin="moon", assigned_on="?")) == (
        "new fact: 3; assigned by: moon; assigned on: ?"
    )
