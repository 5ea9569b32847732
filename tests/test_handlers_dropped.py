"""Exports dropped into the direct message: who may, what is fetched from where, and that every row is accounted for."""

import asyncio
import errno
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from handlers import language
from handlers.fetching import file_of, trusted
from handlers.limits import problems
from handlers.views import dropped as view
from reporting_core.words.errors import NothingRead, WouldRemove
from reporting_core.words.imports import FileResult, ImportResult, Refusal
from reporting_core.words.said import advised
from reporting_core.words.terms import Kind
from tests.bot_under_test import Bot, bot_under_test
from tests.core_stand_in import MARCH
from tests.playground_cast import until

SLACK = "https://slack.com/api/"
HERE = "http://127.0.0.1:4000/api/"
DOUBTFUL = "Is “03/04/2026” 3 April or 4 March? Import it with --dates dmy (…) or --dates mdy (…)."


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        made.core.owners.add("U1")
        yield made


async def drop(bot: Bot, *files: dict[str, Any], text: str = "", user: str = "U1", **changes: Any) -> str:
    """Drop files; returns the last thing that was said."""
    event = {"type": "message", "subtype": "file_share", "channel_type": "im", "channel": "D1", "user": user}
    await bot.event(event | {"ts": "7.7", "text": text, "files": list(files)} | changes)
    return str(bot.slack.posted[-1].arguments) if bot.slack.posted else ""


async def press(bot: Bot, button: dict[str, Any]) -> str:
    container = {"type": "message", "message_ts": "1.1", "channel_id": "D1", "thread_ts": "7.7"}
    await bot.press(button, channel={"id": "D1"}, container=container)
    return str(bot.slack.posted[-1].arguments)


async def test_a_dropped_export_is_loaded_and_accounted_for_in_one_message(bot: Bot) -> None:
    told = await drop(bot, bot.slack.file("F1", b"a,b\n1,2\n"))
    assert bot.core.loaded[0][0] == [b"a,b\n1,2\n"]
    assert "1 file: 3 rows read, 2 stored, 1 unchanged, 0 refused" in told
    assert "Design: 1 Mar" in told
    assert [call.method for call in bot.slack.posted] == ["chat.postMessage", "chat.update"]
    assert bot.slack.posted[0].arguments["thread_ts"] == "7.7"


async def test_the_same_event_again_loads_nothing(bot: Bot) -> None:
    file = bot.slack.file("F1", b"a")
    event = {"type": "message", "subtype": "file_share", "channel_type": "im", "channel": "D1", "user": "U1"}
    for _ in range(2):
        await bot.event(event | {"ts": "7.7", "files": [file]}, event_id="Ev1")
    assert len(bot.core.loaded) == 1


async def test_who_is_no_admin_hears_so_and_nothing_is_fetched(bot: Bot) -> None:
    bot.slack.person("U2")
    bot.core.admins.add("U2")
    told = await drop(bot, bot.slack.file("F1", b"a"), user="U2")
    assert "Only primary, secondary and SSO admins" in told
    assert not bot.slack.named("download")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_external": True}, "only a link to another service"),
        ({"size": 600 * 1024 * 1024}, "larger than 500 MB"),
        ({"mimetype": "image/png", "name": "seats.png"}, "pictures, sounds and films hold no rows"),
        ({"url_private_download": "https://evil.example.com/x"}, "cannot be fetched from Slack any more"),
        ({"size": 5_000}, "did not arrive whole"),
    ],
)
async def test_what_cannot_be_fetched_is_said_and_nothing_is_loaded(
    bot: Bot, changes: dict[str, Any], words: str
) -> None:
    assert words in await drop(bot, bot.slack.file("F1", b"abc", **changes))
    assert not bot.core.loaded


async def test_a_page_for_signing_in_means_that_a_scope_is_missing(bot: Bot) -> None:
    assert "files:read" in await drop(bot, bot.slack.file("F1", b"<html>"))


async def test_a_picture_beside_a_question_is_no_export(bot: Bot) -> None:
    await drop(bot, bot.slack.file("F1", b"x", mimetype="image/png"), text="what is active?")
    assert not bot.slack.named("download")
    assert "hold no rows" not in str(bot.slack.posted)


async def test_more_than_twenty_files_are_refused_at_once(bot: Bot) -> None:
    told = await drop(bot, *[bot.slack.file(f"F{number}", b"a") for number in range(21)])
    assert "More than 20 files" in told
    assert not bot.slack.named("download")


async def test_dates_that_read_both_ways_are_asked_about_and_loaded_on_a_press(bot: Bot) -> None:
    bot.core.result = FileResult("", None, 0, 0, 0, (), error=DOUBTFUL)
    assert "3 April or 4 March" in await drop(bot, bot.slack.file("F1", b"a"))
    bot.core.result = FileResult("", Kind.USAGE, 3, 3, 0, ())
    told = await press(bot, bot.button("drop_dmy"))
    assert "3 stored" in told
    assert bot.core.loaded[-1][1].dates == "dmy"
    assert bot.slack.posted[-1].method == "chat.update"


async def test_a_file_alone_whose_dates_read_both_ways_is_asked_about_as_well(bot: Bot) -> None:
    question = "Is “03/04/2026” 3 April 2026 or 4 March 2026?"
    reason = advised(question, "Import it with --dates dmy (3 April 2026) or --dates mdy (4 March 2026).")
    bot.core.fails = NothingRead("Nothing was stored.", [FileResult("x.csv", None, 0, 0, 0, (), error=reason)])
    told = await drop(bot, bot.slack.file("F1", b"a"))
    assert question in told
    assert "--dates" not in told
    bot.core.fails = None
    assert "2 stored" in await press(bot, bot.button("drop_mdy"))
    assert bot.core.loaded[-1][1].dates == "mdy"


async def test_use_is_taken_away_only_after_a_confirmed_press(bot: Bot) -> None:
    loss = "Nothing was stored: these files would take away 40 of the 100 days known."
    bot.core.fails = WouldRemove(advised(loss, "If that is right, run the same command with --replace."))
    assert "take away 40 of the 100" in await drop(bot, bot.slack.file("F1", b"a"))
    assert "--replace" not in str(bot.slack.posted[-1].arguments)
    button = bot.button("drop_replace")
    assert button["confirm"]["title"]["text"] == "Take this use away?"
    bot.core.fails = None
    await press(bot, button)
    assert [options.replace for _, options in bot.core.loaded] == [False, True]


async def test_anothers_file_cannot_be_loaded_by_an_altered_button(bot: Bot) -> None:
    bot.slack.file("F9", b"a", user="U2")
    await drop(bot, bot.slack.file("F1", b"a"))
    await press(bot, {"type": "button", "action_id": "drop_dmy", "value": '{"f": "F9", "d": "dmy"}'})
    assert len(bot.core.loaded) == 1


@pytest.mark.parametrize("letter", ["统", "ü", "😀", "x"])
async def test_a_long_name_in_any_script_fits_the_disk(bot: Bot, letter: str) -> None:
    assert "2 stored" in await drop(bot, bot.slack.file("F1", b"a", name=f"{letter * 300}.csv"))


async def test_a_full_disk_is_told(bot: Bot) -> None:
    bot.core.fails = OSError(errno.ENOSPC, "No space left on device")
    assert "disk of the bot’s machine is full" in await drop(bot, bot.slack.file("F1", b"a"))


async def test_what_was_stored_stays_told_when_the_list_of_refused_rows_cannot_be_written(bot: Bot) -> None:
    class Full(tuple[Refusal, ...]):
        """Rows whose list meets a full disk."""

        __slots__ = ()

        def __iter__(self) -> Iterator[Refusal]:
            raise OSError(errno.ENOSPC, "No space left on device")

    bot.core.result = FileResult("", Kind.USAGE, 3, 2, 0, Full([Refusal(2, "“x” is no date")]))
    told = await drop(bot, bot.slack.file("F1", b"a"))
    assert "Everything above is stored" in told
    assert "2 stored" in str(bot.slack.named("chat.update")[-1].arguments)


async def test_a_right_that_was_taken_away_while_files_waited_loads_nothing(bot: Bot) -> None:
    async with bot.desk.loading:
        dropping = asyncio.create_task(drop(bot, bot.slack.file("F1", b"a")))
        await until(lambda: bot.slack.named("download"))
        bot.core.owners.clear()
        bot.core.admins.clear()
    assert "You are no administrator" in await dropping
    assert not bot.core.loaded


async def test_refused_rows_come_as_a_file_of_all_of_them(bot: Bot, tmp_path: Any) -> None:
    formulas = ("=HYPERLINK(1)", "+1", "-1", "@a", "|a", "%a", "＝1")
    refused = (Refusal(2, "“=1+1” is no date"), *(Refusal(9, each) for each in formulas))
    result = ImportResult((FileResult("usage.csv", Kind.USAGE, 2, 0, 0, refused),), {})
    view.write_refusals(result, tmp_path / view.REFUSALS)
    lines = (tmp_path / view.REFUSALS).read_text("utf-8-sig").splitlines()
    told = [f"usage.csv,9,'{each}" for each in formulas]
    assert lines == ["File,Line,Reason", "usage.csv,2,“=1+1” is no date", *told]


async def test_progress_of_a_long_load_is_shown_in_place(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    bot.core.takes = 2.3
    await drop(bot, bot.slack.file("F1", b"a"))
    assert "Reading F1.csv: 50 %, 1,234 rows so far" in str(bot.slack.posted[1].arguments)
    assert [call.method for call in bot.slack.posted] == ["chat.postMessage", "chat.update", "chat.update"]


@pytest.mark.parametrize("spoken", language.LANGUAGES)
@pytest.mark.parametrize("files", [1, 3, 4, 20])
def test_the_result_of_twenty_hostile_files_fits_into_a_message(spoken: str, files: int) -> None:
    hostile = '<!channel> *_~`=HYPERLINK(1)&"' * 20
    told = FileResult(hostile[:130], Kind.USAGE_REPORT, 1, 1, 1, (Refusal(2, hostile),), error=hostile * 3)
    coverage = {f"{number}{hostile[:290]}": (MARCH,) * 9 for number in range(20)}
    result = ImportResult((told,) * files, coverage, (hostile,) * 20)
    with language.speaking(spoken):
        message = view.result(result, view.Again(("F0123456789",) * files))
    assert problems(message.blocks) == []


@pytest.mark.parametrize(
    ("url", "api", "may"),
    [
        ("https://files.slack.com/files-pri/T1-F1/x.csv", SLACK, True),
        ("http://files.slack.com/x", SLACK, False),
        ("https://files.slack.com.example.com/x", SLACK, False),
        ("https://evilslack.com/x", SLACK, False),
        ("https://files.slack.com@evil.example.com/x", SLACK, False),
        ("http://127.0.0.1:4000/files/F1", HERE, True),
        ("http://127.0.0.1:4001/files/F1", HERE, False),
        ("https://files.slack.com/x", HERE, False),
        ("", SLACK, False),
    ],
)
def test_our_token_goes_to_slack_alone(url: str, api: str, may: bool) -> None:
    assert trusted(url, api) is may


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202e.csv", "ab.csv"),
        ("..", "file"),
        ("", "file"),
        ("C:\\x\\y.csv", "y.csv"),
    ],
)
def test_a_name_stays_in_its_folder(name: str, kept: str) -> None:
    assert file_of({"name": name}).name == kept
