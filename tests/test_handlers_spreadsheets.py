"""Spreadsheets in Slack: made once, put where names may be read, kept whatever goes wrong, fetched again by who may."""

import asyncio
import io
import json
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from handlers import language, spreadsheets
from handlers.delivery import Thread
from handlers.desk import Visit
from handlers.limits import problems
from handlers.uploads import Parcel, UploadFailed, Why, is_safe, post, upload
from handlers.views import exports as view
from handlers.views import spreadsheet
from reporting_core.usecases.exporting import Exports
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import KEPT, LEASE, Fetched, Spreadsheet, State, Withheld
from tests import hand_made
from tests.bot_under_test import Bot, bot_under_test
from tests.company import NOW, open_company
from tests.playground_cast import until
from tests.slack_stand_in import Call

HASHED = hand_made.report(3, hashed=True, hashed_because=("Design",))


class Desk:
    """The bot with real spreadsheets, and a clock that is moved by hand."""

    def __init__(self, bot: Bot, exports: Exports) -> None:
        self.bot = bot
        self.slack = bot.slack
        self.exports = exports
        self.now = NOW
        exports.clock = lambda: self.now
        bot.core.exports = exports
        bot.slack.channel("C1", "U1")
        self.work(looks=(0.0, 0.0, 0.0))

    def work(self, **changes: Any) -> None:
        """Make spreadsheets in another way."""
        self.bot.desk.workshop = replace(self.bot.desk.workshop, **changes)

    @property
    def sent(self) -> list[Call]:
        """Files that were put anywhere."""
        return self.slack.named("files.completeUploadExternal")

    @property
    def said(self) -> str:
        return str(self.slack.posted[-1].arguments["text"])

    @property
    def files(self) -> list[Path]:
        folder = self.exports.folder
        assert folder is not None
        return sorted(folder.rglob("*.*")) if folder.exists() else []

    async def press(self, action_id: str, value: object = None, **changes: Any) -> None:
        await self.bot.press({"type": "button", "action_id": action_id, "value": json.dumps(value)}, **changes)

    async def mention(self, text: str, channel: str = "C1") -> None:
        event = {"type": "app_mention", "user": "U1", "text": f"<@UBOT> {text}", "ts": "7.7", "channel": channel}
        await self.bot.event(event)

    async def listed(self) -> list[Spreadsheet]:
        asker = await self.bot.core.identify(await self.bot.desk.directory.person("U1"))
        return await self.exports.listed(asker)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    company = open_company(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path)
    company.core.exports.folder = tmp_path / "exports"
    async with bot_under_test() as bot:
        yield Desk(bot, company.core.exports)
    company.core.store.close()


def rows_of(content: bytes) -> int:
    """Rows of the first sheet, without its heading."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheet = book.worksheets[0]
    found = sum(1 for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row))
    book.close()
    return found


async def test_a_command_puts_the_spreadsheet_into_the_direct_message_and_says_so(desk: Desk) -> None:
    await desk.bot.command("export team=Design last=30d")
    (done,) = desk.sent
    assert done.arguments["channel_id"] == "D-U1"
    assert "40 rows" in done.arguments["initial_comment"]
    assert "`/usage team=Design last=30d`" in done.arguments["initial_comment"]
    assert desk.said == "Spreadsheet with 40 rows is in our direct message. /usage team=Design last=30d"
    assert "https://acme.slack.com/files/F1" in str(desk.slack.posted[-1].blocks)
    assert desk.slack.sent["F1"] == desk.files[-1].read_bytes()
    assert rows_of(desk.slack.sent["F1"]) >= 40


async def test_the_page_that_is_shown_makes_no_other_file(desk: Desk) -> None:
    await desk.bot.command("export last=30d page=2")
    await desk.bot.command("export last=30d")
    (kept,) = await desk.listed()
    assert kept.query == "last=30d"
    assert kept.rows == 40


async def test_without_words_the_last_question_is_meant(desk: Desk) -> None:
    desk.bot.core.last = "last=90d"
    await desk.bot.command("export")
    assert desk.bot.core.asked == ["last=90d"]
    assert len(desk.sent) == 1


async def test_without_any_question_yet_it_says_what_to_type(desk: Desk) -> None:
    await desk.bot.command("export")
    assert "A spreadsheet of what?" in desk.said
    assert desk.sent == []


async def test_a_press_leaves_the_report_and_says_beside_it_where_the_file_is(desk: Desk) -> None:
    await desk.bot.command("last=30d")
    await desk.bot.press(desk.bot.button("spreadsheet"))
    assert [each.arguments["channel_id"] for each in desk.sent] == ["D-U1"]
    answer = desk.slack.posted[-1]
    assert answer.arguments["replace_original"] is False
    assert "Spreadsheet with 40 rows is in our direct message" in desk.said


@pytest.mark.parametrize("place", [{"channel": {"id": "D-U1"}}, {"channel": {}, "container": {"type": "view"}}])
async def test_where_the_file_comes_anyway_nobody_is_told_to_look_for_it_elsewhere(
    desk: Desk, place: dict[str, Any]
) -> None:
    await desk.bot.command("last=30d")
    await desk.bot.press(desk.bot.button("spreadsheet"), **place)
    assert [each.arguments["channel_id"] for each in desk.sent] == ["D-U1"]
    assert "direct message" not in str([each.arguments for each in desk.slack.posted])


async def test_two_presses_at_once_make_and_send_one(desk: Desk) -> None:
    await desk.bot.command("last=30d")
    button = desk.bot.button("spreadsheet")
    await asyncio.gather(*(desk.bot.press(button) for _ in range(4)))
    assert len(desk.sent) == 1
    texts = [str(each.arguments["text"]) for each in desk.slack.named("response")]
    assert sum("being made already" in text for text in texts) == 3
    assert len(await desk.listed()) == 1


async def test_pressed_again_later_the_same_file_is_sent_again(desk: Desk) -> None:
    for _ in range(2):
        await desk.bot.command("export last=30d")
    assert len(desk.sent) == 2
    assert desk.slack.sent["F1"] == desk.slack.sent["F2"]
    assert len(await desk.listed()) == 1


async def test_a_file_without_names_goes_into_the_thread_that_asked(desk: Desk) -> None:
    desk.bot.core.report = HASHED
    body = {"event": {"type": "app_mention", "user": "U1", "ts": "7.7", "channel": "C1"}}
    await thread(desk, body, "last=30d")
    (done,) = desk.sent
    assert (done.arguments["channel_id"], done.arguments["thread_ts"]) == ("C1", "7.7")


async def thread(desk: Desk, body: dict[str, Any], text: str) -> None:
    """Ask for a spreadsheet in words, in a channel or a direct message."""

    async def ack() -> None:
        pass

    person = await desk.bot.desk.directory.person("U1")
    reply = Thread(desk.bot.desk.client, body["event"]["channel"], body["event"]["ts"])
    visit = Visit(desk.bot.desk, body, ack, reply, person, await desk.bot.core.identify(person))
    await spreadsheets.deliver(visit, text)


@pytest.mark.parametrize(
    ("report", "text", "shared"),
    [
        (hand_made.report(3), "last=30d", {}),
        (HASHED, 'user="Ann Lee" last=30d', {}),
        (HASHED, "last=30d", {"is_ext_shared": True}),
        (HASHED, "last=30d", {"is_archived": True}),
        (HASHED, "last=30d", {"is_member": False}),
    ],
    ids=["names", "a name asked for", "readers from outside", "archived", "bot not there"],
)
async def test_what_not_everybody_may_read_goes_to_the_asker_alone(
    desk: Desk, report: UsageReport, text: str, shared: dict[str, Any]
) -> None:
    desk.bot.core.report = report
    desk.slack.channel("C1", "U1", **shared)
    await thread(desk, {"event": {"channel": "C1", "ts": "7.7"}}, text)
    (done,) = desk.sent
    assert done.arguments["channel_id"] == "D-U1"
    assert "thread_ts" not in done.arguments
    assert "is in our direct message" in desk.said


async def test_in_a_direct_message_it_goes_into_the_thread_with_names(desk: Desk) -> None:
    await thread(desk, {"event": {"channel": "D1", "ts": "7.7"}}, "last=30d")
    (done,) = desk.sent
    assert (done.arguments["channel_id"], done.arguments["thread_ts"]) == ("D1", "7.7")
    assert desk.slack.posted == [], "the words beside the file say it all"


@pytest.mark.parametrize("word", ["is_archived", "not_in_channel", "channel_not_found"])
async def test_a_channel_closed_at_the_last_moment_makes_it_a_direct_message(desk: Desk, word: str) -> None:
    desk.bot.core.report = HASHED
    desk.slack.faults["files.completeUploadExternal"] = [word]
    await thread(desk, {"event": {"channel": "C1", "ts": "7.7"}}, "last=30d")
    first, second = desk.sent
    assert (first.arguments["channel_id"], second.arguments["channel_id"]) == ("C1", "D-U1")
    said = second.arguments["initial_comment"]
    assert ("archived" if word == "is_archived" else "not in that channel") in said


@pytest.mark.parametrize(
    ("method", "faults", "told"),
    [
        ("files.getUploadURLExternal", ["missing_scope"], "files:write"),
        ("files.getUploadURLExternal", ["file_uploads_disabled"], "takes no more files"),
        ("files.getUploadURLExternal", ["file_upload_size_restricted"], "too big"),
        ("files.getUploadURLExternal", [500, 500, 500], "could not be reached"),
        ("files.getUploadURLExternal", [429, 429], "asks me to wait"),
        ("upload", [500, 500, 500], "could not be reached"),
        ("upload", [413], "too big"),
        ("files.completeUploadExternal", ["storage_limit_reached"], "takes no more files"),
        ("files.completeUploadExternal", ["is_archived"], "archived"),
        ("files.completeUploadExternal", ["not_in_channel"], "not in that channel"),
        ("files.completeUploadExternal", ["never_heard_of"], "never＿heard＿of"),
        ("conversations.open", ["missing_scope"], "files:write"),
    ],
)
async def test_an_upload_that_fails_says_why_and_keeps_the_file(
    desk: Desk, method: str, faults: list[str | int], told: str
) -> None:
    desk.slack.faults[method] = list(faults)
    await desk.bot.command("export last=30d")
    assert told in desk.said
    assert "with 40 rows is kept until 8 Dec 2026" in desk.said
    (kept,) = await desk.listed()
    assert kept.state is State.READY
    assert kept.reason
    made = desk.files[-1].read_bytes()
    before = len(desk.sent)
    await desk.bot.press(desk.bot.button("fetch_0"))
    assert len(desk.sent) == before + 1
    assert desk.sent[-1].arguments["channel_id"] == "D-U1"
    assert made in desk.slack.sent.values()
    assert "is in our direct message" in desk.said
    assert [each.reason for each in await desk.listed()] == [""]


@pytest.mark.parametrize("fault", [500, "internal_error"])
async def test_bytes_are_sent_again_before_anybody_could_see_them(desk: Desk, fault: str | int) -> None:
    desk.slack.faults["upload"] = [500]
    desk.slack.faults["files.getUploadURLExternal"] = [fault]
    await desk.bot.command("export last=30d")
    assert len(desk.slack.named("upload")) == 2
    assert len(desk.sent) == 1
    assert "is in our direct message" in desk.said


async def test_a_lost_answer_is_no_failure_where_the_file_is_there(desk: Desk) -> None:
    desk.slack.faults["files.completeUploadExternal"] = [500]
    desk.slack.file("F1", channels=["D-U1"])
    await desk.bot.command("export last=30d")
    assert len(desk.sent) == 1, "it could be there twice"
    assert "is in our direct message" in desk.said


async def test_a_lost_answer_is_told_as_lost_where_the_file_is_not_there(desk: Desk) -> None:
    desk.slack.faults["files.completeUploadExternal"] = [500]
    await desk.bot.command("export last=30d")
    assert len(desk.sent) == 1
    assert "Slack lost the file on the way" in desk.said


async def test_what_nobody_knows_is_told_as_unknown(desk: Desk) -> None:
    desk.slack.faults["files.completeUploadExternal"] = [500]
    desk.slack.faults["files.info"] = ["missing_scope"] * 3
    await desk.bot.command("export last=30d")
    assert len(desk.sent) == 1
    assert "did not say whether the file arrived" in desk.said
    assert (await desk.listed())[0].reason == "unknown"


async def test_nothing_found_makes_no_file_and_shows_the_way(desk: Desk) -> None:
    desk.bot.core.report = hand_made.report(0)
    await desk.bot.command("export last=30d")
    assert desk.sent == []
    assert await desk.listed() == []
    assert desk.bot.button("run_0")["value"] == '{"q":"last=30d"}'


async def test_while_slack_is_slow_to_take_a_file_it_is_said_and_nobody_sends_it_too(desk: Desk) -> None:
    desk.work(every=0.02)
    desk.slack.faults["upload"] = ["hang"]
    exporting = asyncio.create_task(desk.bot.command("export last=30d"))
    await until(lambda: "Slack is still taking it" in str(desk.slack.posted))
    # A lease from before would be over; signs of life keep it.
    desk.now += LEASE * 2
    await asyncio.sleep(0.6)
    lease = (await desk.listed())[0].lease_until
    assert lease is not None
    assert lease > desk.now
    exporting.cancel()
    with suppress(asyncio.CancelledError):
        await exporting


async def test_a_full_disk_is_told_and_frees_the_way(desk: Desk) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    desk.work(write=full)
    await desk.bot.command("export last=30d")
    assert "disk of the bot's machine is full" in desk.said
    assert (await desk.listed())[0].reason == "disk"
    assert [each for each in desk.files if each.is_file()] == []


async def test_a_fault_of_ours_gets_a_number_and_the_next_press_tries_again(desk: Desk) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ann@example.com")

    desk.work(write=broken)
    await desk.bot.command("export last=30d")
    assert "ab12" in desk.said
    desk.work(write=spreadsheet.write)
    await desk.bot.command("export last=30d")
    assert len(desk.sent) == 1
    assert [each.state for each in await desk.listed()] == [State.READY, State.FAILED]


async def test_long_work_shows_how_far_it_is_and_is_replaced_by_the_end(desk: Desk) -> None:
    go_on = threading.Event()

    def slowly(report: UsageReport, path: Path, about: Any, tell: Any, daily: Any) -> Any:
        tell(30, 40)
        go_on.wait(5)
        return spreadsheet.write(report, path, about, tell, daily)

    desk.work(write=slowly, every=0.02)
    asking = asyncio.create_task(desk.bot.command("export last=30d"))
    await until(lambda: len(desk.slack.named("response")) >= 2)
    go_on.set()
    await asking
    said = desk.slack.named("response")
    assert "30 of 40 rows" in said[0].arguments["text"]
    assert [each.arguments["replace_original"] for each in said] == [False, True, True]
    assert "is in our direct message" in desk.said


async def test_rights_taken_away_while_it_is_made_withhold_it(desk: Desk) -> None:
    def meanwhile(*arguments: Any) -> Any:
        desk.bot.core.admins.clear()
        return spreadsheet.write(*arguments)

    desk.work(write=meanwhile)
    await desk.bot.command("export last=30d")
    assert desk.sent == []
    assert desk.slack.sent == {}
    assert "You are no administrator" in desk.said


async def test_somebody_else_can_neither_fetch_nor_delete(desk: Desk) -> None:
    await desk.bot.command("export last=30d")
    (sheet,) = await desk.listed()
    desk.slack.person("U2")
    desk.bot.core.admins.add("U2")
    await desk.press("fetch_0", {"x": sheet.token}, user="U2")
    assert "I know no such spreadsheet of yours" in desk.said
    await desk.press("export_delete_0", {"x": sheet.token}, user="U2")
    assert len(desk.sent) == 1
    assert (await desk.listed())[0].deleted_at is None


@pytest.mark.parametrize("action", ["fetch_0", "export_delete_0", "spreadsheet"])
@pytest.mark.parametrize("value", [None, [], {}, {"x": 7}, {"x": None}, {"q": 1}])
async def test_buttons_altered_by_hand_lead_nowhere(desk: Desk, action: str, value: object) -> None:
    await desk.press(action, value)
    assert "too old or was altered" in desk.said
    assert desk.sent == []


@pytest.mark.parametrize("action", ["fetch_0", "export_delete_0", "spreadsheet", "exports_older"])
async def test_whoever_may_not_see_reports_is_refused_at_each_button(desk: Desk, action: str) -> None:
    desk.slack.person("U3")
    await desk.press(action, {"x": "token", "q": "last=30d"}, user="U3")
    assert "You are no administrator" in desk.said
    assert desk.sent == []


async def test_a_file_of_which_the_time_is_over_can_be_made_anew(desk: Desk) -> None:
    await desk.bot.command("export last=30d")
    await desk.bot.command("exports")
    button = desk.bot.button("fetch_0")
    desk.now += KEPT
    await desk.bot.press(button)
    assert "no longer there" in desk.said
    await desk.bot.press(desk.bot.button("spreadsheet"))
    assert len(desk.sent) == 2


async def test_fetched_twice_at_once_it_is_sent_once(desk: Desk) -> None:
    await desk.bot.command("export last=30d")
    await desk.bot.command("exports")
    button = desk.bot.button("fetch_0")
    await asyncio.gather(*(desk.bot.press(button) for _ in range(3)))
    assert len(desk.sent) == 2


async def test_the_history_lists_what_there_is_with_buttons(desk: Desk) -> None:
    await desk.bot.command("export last=30d")
    await desk.bot.command("export team=Design last=90d")
    await desk.bot.command("exports")
    said = desk.said
    assert said.startswith("2 spreadsheets of the last 14 days.")
    for part in (
        "40 rows",
        "KB",
        "asked 24 Nov 2026, 12:00",
        "kept until 8 Dec 2026",
        "usage Design 90d 2026-11-24.xlsx",
    ):
        assert part in said
    assert "/usage team=Design last=90d" in str(desk.slack.posted[-1].blocks)
    delete = desk.bot.button("export_delete_0")
    assert delete["confirm"]["title"]["text"] == "Delete this spreadsheet?"
    await desk.bot.press(delete)
    assert "deleted 24 Nov 2026" in desk.said
    assert desk.slack.posted[-1].arguments["replace_original"] is True
    assert len([each for each in desk.files if each.is_file()]) == 1


async def test_an_empty_history_says_how_to_begin(desk: Desk) -> None:
    await desk.bot.command("exports")
    assert "You have no spreadsheets of the last 14 days" in desk.said


async def test_a_long_history_is_turned_by_pages(desk: Desk) -> None:
    for days in range(1, 20):
        await desk.bot.command(f"export last={days}d")
        desk.now += timedelta(minutes=1)
    await desk.bot.command("exports")
    assert "19 spreadsheets of the last 14 days, 1 to 8 shown" in desk.said
    await desk.bot.press(desk.bot.button("exports_older"))
    await desk.bot.press(desk.bot.button("exports_older"))
    assert "17 to 19 shown" in desk.said
    await desk.bot.press(desk.bot.button("exports_newer"))
    assert "9 to 16 shown" in desk.said


def sheet(**changes: Any) -> Spreadsheet:
    made = Spreadsheet("t", "last=30d", State.READY, "", frozenset(), False, 3, 10, NOW, None, NOW + KEPT, None)
    return replace(made, **changes)


HOSTILE = [*hand_made.HOSTILE, "x" * 40_000, 'user="<!channel>" team=`a`']


@pytest.mark.parametrize("spoken", ["en", "de"])
@pytest.mark.parametrize("query", HOSTILE)
def test_every_message_keeps_slacks_limits_and_pings_nobody(query: str, spoken: str) -> None:
    with language.speaking(spoken):
        states = [
            sheet(query=query),
            sheet(query=query, reason="archived"),
            sheet(query=query, state=State.MAKING, lease_until=NOW),
            sheet(query=query, state=State.FAILED, reason="abandoned"),
            sheet(query=query, deleted_at=NOW),
        ]
        messages = [
            view.history(states * 4, NOW),
            view.history([], NOW),
            view.history([sheet(query=" ".join([query] * 20))] * 8, NOW),
            view.making(1, 100_000),
            view.under_way(states[0]),
            view.sent(states[0], here=True),
            view.sent(states[0], here=False, permalink="https://acme.slack.com/files/F1"),
            view.nothing(replace(hand_made.report(0), canonical=query)),
            *(view.not_sent(states[0], UploadFailed(why, "<!channel>")) for why in Why),
            *(view.withheld(Fetched(each, withheld=why)) for why in Withheld for each in (states[0], None)),
        ]
        comment, name = view.comment(states[0]), view.name(states[0])
    assert [problem for each in messages for problem in problems(each.blocks)] == []
    for text in [comment, *(each.text for each in messages)]:
        assert "<!" not in text
        assert "<@" not in text
    assert len(name) <= 120
    assert not set(name) & set('/\\<>:"|?*\x00\n')


REASONS = {*map(str, Why), *map(str, Withheld), "disk", "error", "abandoned"}


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_has_words_in_the_history(reason: str) -> None:
    shown = view.history([sheet(reason=reason)], NOW)
    assert "not sent: " in shown.text
    assert reason not in {"teams", "names"} or "team" in shown.text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://files.slack.com/upload/1", True),
        ("http://127.0.0.1:3000/upload/1", True),
        ("http://127.0.0.1:3001/upload/1", False),
        ("http://files.slack.com/upload/1", False),
        ("http://127.0.0.1.evil.example:3000/", False),
        ("file:///etc/passwd", False),
        ("ftp://127.0.0.1:3000/", False),
        ("", False),
    ],
)
def test_bytes_go_only_over_tls_or_to_the_server_that_plays_slack(url: str, safe: bool) -> None:
    assert is_safe(url, "http://127.0.0.1:3000/api/") is safe


async def test_a_file_of_any_kind_is_put_into_a_thread_by_its_id(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"
    path.write_bytes(b"a,b\n" * 100_000)
    client = desk.bot.desk.client
    assert await upload(client, "D1", path, "refused.csv", thread_ts="7.7", comment="3 rows") == "F1"
    assert desk.slack.sent["F1"] == path.read_bytes()
    assert desk.slack.named("files.getUploadURLExternal")[0].arguments["length"] == "400000"


async def test_a_redirect_of_the_upload_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    desk.slack.faults["upload"] = [302, 302, 302]
    with pytest.raises(UploadFailed, match="could not be reached"):
        await post(desk.bot.desk.client, Parcel("D1", path, "a.txt"))
