"""`usagebot schedules …`: the list, what became of it, a run now, and a rehearsal that leaves nothing behind."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from reporting_core.core import Core
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Post, Rhythm, Schedule
from tests.command_line import Ran, Shell

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "schedules.schema.json").read_text(encoding="utf-8"))
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
Made = TypeVar("Made")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path).stocked()


def inside(shell: Shell, work: Callable[[Core], Awaitable[Made]]) -> Made:
    """Do something as the running bot would."""
    with shell.around().core() as core:
        return asyncio.run(work(core))  # type: ignore[arg-type]


def subscribed(shell: Shell, **changes: Any) -> Schedule:
    about: dict[str, Any] = {
        "kind": Kind.DIGEST,
        "question": "team=Design",
        "cadence": Cadence(Rhythm.WEEKLY, time(9)),
        "channel": "",
    }

    async def subscribe(core: Core) -> Schedule:
        asker = Asker(core.account_id, "U1", "Ann Lee", "ann@example.com", owner=True, every_team=True)
        wish = about | changes
        return await core.schedules.subscribe(
            asker, wish["kind"], wish["question"], wish["cadence"], "Europe/Berlin", wish["channel"]
        )

    return inside(shell, subscribe)


def checked(ran: Ran) -> Any:
    assert (ran.status, ran.err) == (0, "")
    jsonschema.validate(
        ran.json, SCHEMA, cls=jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker()
    )
    return ran.json


def test_nothing_yet_says_how_to_begin(shell: Shell) -> None:
    assert "/usage subscribe" in shell("schedules", "list").out
    assert checked(shell("schedules", "list", "--format", "json"))["schedules"] == []
    assert "Nothing is due by 2026-11-25 12:00 UTC" in shell("schedules", "dry-run").out


def test_the_list_says_owner_last_result_and_next_run_and_names_nobody(shell: Shell) -> None:
    schedule = subscribed(shell, channel="C0DESIGN")
    ran = shell("schedules", "list")
    for word in (schedule.token, "weekly mon 09:00", "Europe/Berlin", "U1", "C0DESIGN", "on", "Mon 2026-11-30 09:00"):
        assert word in ran.out
    (told,) = checked(shell("schedules", "list", "--format", "json"))["schedules"]
    assert told["next"] == {"slot": "2026-11-30T09:00", "due": "2026-11-30T08:00:00+00:00"}
    assert (told["last"], told["owner"], told["channel"]) == (None, "U1", "C0DESIGN")
    assert "ann" not in ran.out.casefold()


def test_what_became_of_it_is_told_newest_first(shell: Shell) -> None:
    schedule = subscribed(shell)
    shell.now = MONDAY

    async def send(core: Core) -> list[Post]:
        await core.schedules.due_now(MONDAY)
        (post,) = await core.schedules.claim(MONDAY)
        assert await core.schedules.may_post(post, None, None, "{}")
        assert await core.schedules.posted(post, "D1", "1.1")
        return [post]

    inside(shell, send)
    assert "posted 2026-11-30 09:00" in shell("schedules", "list").out  # as it is in Berlin
    assert "Nothing was due yet" not in shell("schedules", "history", schedule.token).out
    told = checked(shell("schedules", "history", schedule.token[:4], "--format", "json"))
    assert [(each["state"], each["slot"]) for each in told["posts"]] == [("posted", "2026-11-30T09:00")]
    assert told["schedule"]["last"]["state"] == "posted"
    shell.now = MONDAY + timedelta(days=21)
    inside(shell, lambda core: core.schedules.due_now(shell.now))
    states = [each["state"] for each in checked(_history(shell, schedule, "--most", "2"))["posts"]]
    assert states == ["due", "missed"]
    assert "posted 2026-11-30 09:00" not in shell("schedules", "list").out


def _history(shell: Shell, schedule: Schedule, *more: str) -> Ran:
    return shell("schedules", "history", schedule.token, "--format", "json", *more)


def test_run_now_makes_something_due_beside_the_slots_once_while_it_waits(shell: Shell) -> None:
    schedule = subscribed(shell)
    ran = shell("schedules", "run-now", schedule.token)
    assert (ran.status, "the running bot sends it" in ran.out) == (0, True)
    assert shell("schedules", "run-now", schedule.token).status == 0
    posts = checked(_history(shell, schedule))["posts"]
    assert [(each["state"], each["slot"]) for each in posts] == [("due", None)]
    there = shell.now.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"due {there:%Y-%m-%d %H:%M}" in shell("schedules", "list").out


def test_what_was_given_up_says_after_how_many_attempts_and_why(shell: Shell) -> None:
    schedule = subscribed(shell)
    shell.now = MONDAY

    async def give_up(core: Core) -> None:
        await core.schedules.due_now(shell.now)
        (post,) = await core.schedules.claim(shell.now)
        assert not await core.schedules.again(post, "network", 90_000)

    inside(shell, give_up)
    assert "given up after 1 attempt: network" in shell("schedules", "history", schedule.token).out
    (post,) = checked(_history(shell, schedule))["posts"]
    assert (post["state"], post["cause"], post["tries"]) == ("failed", "given up: network", 1)


@pytest.mark.parametrize("command", [["run-now"], ["history"], ["history", "--format", "json"]])
def test_a_token_of_nothing_is_told(shell: Shell, command: list[str]) -> None:
    ran = shell("schedules", command[0], "zzzz", *command[1:])
    assert (ran.status, "There is no schedule “zzzz”. usagebot schedules list" in ran.err) == (2, True)


def test_a_rehearsal_says_what_would_be_sent_missed_and_said_and_leaves_nothing_behind(shell: Shell) -> None:
    weekly = subscribed(shell)
    daily = subscribed(shell, cadence=Cadence(Rhythm.DAILY, time(7, 30)), kind=Kind.EXPORT)
    before = shell("schedules", "list").out
    ran = shell("schedules", "dry-run", "--at", "2026-11-30T09:05+01:00")
    assert "would be sent: Mon 2026-11-30 09:00" in ran.out
    assert "would be sent, late: Mon 2026-11-30 07:30" in ran.out
    assert "before: 4 (Thu 2026-11-26 07:30 to Sun 2026-11-29 07:30), missed unless" in ran.out
    told = checked(shell("schedules", "dry-run", "--at", "2026-11-30T09:05+01:00", "--format", "json"))
    by_token = {each["schedule"]["token"]: each for each in told["would"]}
    assert (by_token[weekly.token]["says"]["stale_days"], by_token[daily.token]["says"]) == (6, None)
    assert told["at"] == "2026-11-30T08:05:00+00:00"
    assert shell("schedules", "list").out == before
    assert checked(_history(shell, weekly))["posts"] == []


def test_a_digest_in_a_rehearsal_counts_what_it_would_tell(shell: Shell) -> None:
    subscribed(shell, cadence=Cadence(Rhythm.DAILY, time(18)))
    told = checked(shell("schedules", "dry-run", "--at", "2026-11-25T18:00+01:00", "--format", "json"))
    says = told["would"][0]["says"]
    assert (says["as_of"], says["since"], says["newly_inactive"]) == ("2026-11-24", None, 1)
    assert "newly inactive 1" in shell("schedules", "dry-run", "--at", "2026-11-25T18:00+01:00").out


def test_a_question_that_cannot_be_answered_any_more_is_told_in_a_rehearsal(shell: Shell) -> None:
    subscribed(shell, question='team="Design" product=Revit')
    assert shell("import", shell.file("other.csv", OTHER)).status == 0
    assert shell("team", "merge", "Design", "Build").status == 0
    ran = shell("schedules", "dry-run", "--at", "2026-11-30T10:00+01:00")
    assert ran.status == 0
    assert "would be sent" in ran.out
    assert "would say" in ran.out


OTHER = """team,email,first_name,last_name,offering_name,access_option,seat_assignment,assigned_date,last_accessed,\
days_inactive
Build,cy@example.com,Cy,Roe,Revit,Subscription,Assigned,2026-01-10,2026-11-24,0
"""


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("monday", "“monday” is no time"),
        ("2026-13-01T09:00", "is no time"),
        ("2026-11-01T09:00", "looks ahead"),
        ("2029-11-01T09:00", "by a year at most"),
        ("9999-12-31T23:59-12:00", "is no time"),
    ],
)
def test_a_time_that_makes_no_sense_is_told(shell: Shell, at: str, said: str) -> None:
    ran = shell("schedules", "dry-run", "--at", at)
    assert (ran.status, said in ran.err) == (2, True)
