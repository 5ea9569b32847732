"""What comes by itself, looked after: subscribed, listed, paused, previewed, changed, handed over, ended."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers import limits
from reporting_core.words.schedules import Cadence, Kind, Rhythm, Schedule, Standing
from tests.bot_under_test import body_of
from tests.coming_bot import WEDNESDAY, Coming, coming
from tests.company import Company
from tests.seat_bot import button, pressed, said, typed


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: the machine behind it is tried on both elsewhere."""
    return f"sqlite:///{tmp_path / 'usagebot.sqlite3'}"


@pytest.fixture
async def it(company: Company) -> AsyncIterator[Coming]:
    async with coming(company) as made:
        made.slack.channel("C1", "U1", "UOWNER")
        yield made


async def subscribed(it: Coming, words: str = "team=Design weekly wed 9:00") -> str:
    await typed(it.bot, f"subscribe {words}")
    return (await it.schedule()).token


# -- by command


async def test_a_digest_is_subscribed_to_once(it: Coming) -> None:
    text = await typed(it.bot, "subscribe team=Design weekly mon 9:00")
    assert "Subscribed: *Digest* `team=Design last=30d`, every Monday at 09:00, Europe/Berlin time" in text
    assert "to your direct message" in text
    assert "30 Nov 2026 08:00 UTC" in text
    await it.later(minutes=1)
    assert "You have this already" in await typed(it.bot, "subscribe team=design mon 9:00 me")
    assert len(await it.company.core.schedules.listed(it.company.core.operator, everyone=True)) == 1


async def test_here_is_the_channel_it_was_typed_in(it: Coming) -> None:
    text = await typed(it.bot, "subscribe team=Design weekdays 7:30 here")
    assert "to <#C1>" in text
    assert "Names are shown there only if every member may see them" in text
    plan = await it.schedule()
    assert (plan.channel, plan.cadence) == ("C1", Cadence(Rhythm.WEEKDAYS, time(7, 30)))


PLACES: dict[str, tuple[dict[str, Any], str]] = {
    "direct": ({"channel_id": "D7"}, "in a direct message leave it out"),
    "not there": ({"channel_id": "C9"}, "/invite @usagebot"),
    "archived": ({"channel_id": "C2"}, "is archived"),
    "outsider": ({"channel_id": "C3"}, "no member of that private channel"),
    "foreign": ({"channel_id": "X1"}, "no channel of this workspace"),
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_place_that_cannot_be_is_refused_with_the_way_out(it: Coming, place: str) -> None:
    it.slack.channel("C2", "U1", is_archived=True)
    it.slack.channel("C3", "U2")
    changes, words = PLACES[place]
    await it.bot.command("subscribe team=Design weekly here", **changes)
    assert words in said(it.bot)
    assert await it.company.core.schedules.listed(it.company.core.operator, everyone=True) == []


BAD = {
    "team=Design weekly mon 25:00": "There is no 25:00",
    "team=Design daily 9:00 zone=Europe/Berlni": "I know no time zone",
    'team=Design cron "0 0 31 2 *"': "falls on no date",
    'team=Design cron "* * * * *"': "At most once an hour",
    "team=Desing weekly mon 9:00": "Did you mean",
}


@pytest.mark.parametrize("words", BAD)
async def test_bad_words_are_told_and_nothing_is_begun(it: Coming, words: str) -> None:
    assert BAD[words] in await typed(it.bot, f"subscribe {words}")
    assert await it.company.core.schedules.listed(it.company.core.operator, everyone=True) == []


@pytest.mark.parametrize("words", ["team=Design weekly mon 25:00", "team=Desing weekly mon 15:00"])
async def test_the_correction_runs_as_the_command_it_is(it: Coming, words: str) -> None:
    await typed(it.bot, f"subscribe {words}")
    assert "Subscribed" in await pressed(it.bot, "command_0")
    plan = await it.schedule()
    assert (plan.question, plan.cadence.at) == ("team=Design last=30d", time(15))


async def test_a_mention_is_kept_as_an_e_mail(it: Coming) -> None:
    await typed(it.bot, "subscribe user=<@U3|cleo> weekly")
    assert (await it.schedule()).question == "user=cleo@example.com last=30d"


async def test_a_person_has_fifty_at_most(it: Coming) -> None:
    core = it.company.core
    asker = await core.identify(await it.bot.desk.directory.person("U1"))
    for minute in range(50):
        await core.schedules.subscribe(
            asker, Kind.DIGEST, "team=Design", Cadence(Rhythm.DAILY, time(1, minute)), "UTC", ""
        )
    assert "more than 50 schedules" in await typed(it.bot, "subscribe team=Design weekly mon 9:00")
    text = await typed(it.bot, "subscriptions")
    assert "1 to 5 of 50" in text
    spoken = [each["accessibility_label"] for each in it.slack.posted[-1].arguments["blocks"][3]["elements"]]
    assert spoken[0].startswith("Pause: team=")
    assert spoken[3].startswith("Edit: team=")
    assert limits.problems(it.slack.posted[-1].blocks) == []
    assert "6 to 10 of 50" in await pressed(it.bot, "schedules_later")


async def test_the_list_says_owner_last_result_and_next_run(it: Coming) -> None:
    token = await subscribed(it)
    await it.at(WEDNESDAY)
    text = await typed(it.bot, "subscriptions")
    assert token[:8] in text
    assert "Next: " in text
    assert "Last: <!date^" in text
    assert ": sent" in text
    assert "<@U1>" in await typed(it.bot, "subscriptions all", user="UOWNER")
    assert "Only an owner" in await typed(it.bot, "subscriptions all")
    assert "nothing comes by itself" in (await typed(it.bot, "subscriptions", user="U2")).casefold()


async def test_others_neither_see_nor_change_it_but_for_the_owners(it: Coming) -> None:
    token = await subscribed(it)
    for verb in ("pause", "resume", "preview", "edit", "unsubscribe", "subscriptions", "send now"):
        assert "somebody else's" in await typed(it.bot, f"{verb} {token}", user="U2"), verb
    assert (await it.schedule()).standing is Standing.ON
    assert "Paused" in await typed(it.bot, f"pause {token}", user="UOWNER")


async def test_it_is_paused_and_resumed_by_word_and_by_button(it: Coming) -> None:
    token = await subscribed(it)
    assert "Paused" in await typed(it.bot, f"pause {token[:5]}")
    await it.at(WEDNESDAY)
    assert it.sent("D-U1") == []
    assert "Goes on" in await pressed(it.bot, "schedule_resume")
    assert "Paused" in await pressed(it.bot, "schedule_pause")
    assert (await it.schedule()).by == "U1"
    assert f"/usage resume {token[:8]}" in str(it.slack.posted[-1].arguments["blocks"])
    assert "Goes on" in await typed(it.bot, f"resume {token}")
    await it.at(WEDNESDAY + timedelta(days=7))
    assert len(it.sent("D-U1")) == 1


async def test_it_ends_and_stays_in_its_history(it: Coming) -> None:
    token = await subscribed(it)
    assert "Unsubscribed" in await pressed(it.bot, "schedule_end")
    await it.at(WEDNESDAY)
    assert it.sent("D-U1") == []
    assert "*Unsubscribed* by <@U1>" in await typed(it.bot, f"subscriptions {token}")


async def test_a_preview_is_for_whoever_asks_and_sends_nothing(it: Coming) -> None:
    token = await subscribed(it, "team=Design weekly wed 9:00 here")
    text = await typed(it.bot, f"preview {token}")
    assert "Nothing was sent" in text
    assert "Cleo Lee" in text
    assert "digest_keep" not in text
    assert limits.problems(it.slack.posted[-1].blocks) == []
    assert it.sent("C1") == it.sent("D-U1") == []
    it.slack.channel("C1", "U1", is_archived=True)
    assert "The channel is archived" in await typed(it.bot, f"preview {token}")


async def test_a_preview_has_no_names_where_another_organisation_reads_along(it: Coming) -> None:
    token = await subscribed(it)
    it.slack.channel("C1", "U1", is_ext_shared=True)
    text = await typed(it.bot, f"preview {token}")
    assert "Cleo" not in text
    assert "Another organisation reads along" in text


async def test_it_is_sent_now_once_for_a_press(it: Coming) -> None:
    token = await subscribed(it)
    await typed(it.bot, f"send now {token}")
    assert "on its way" in it.slack.named("response")[-1].arguments["text"]
    await typed(it.bot, f"send {token}")  # the stand-in gives every command the same trigger: the same press again
    assert len(it.sent("D-U1")) == 1
    await it.at(WEDNESDAY)
    assert len(it.sent("D-U1")) == 1  # nothing new since


async def test_words_change_what_they_say_and_leave_the_rest(it: Coming) -> None:
    token = await subscribed(it)
    assert "every second Friday at 17:30" in await typed(it.bot, f"edit {token} every 2 weeks fri 17:30")
    plan = await it.schedule()
    assert plan.question == "team=Design last=30d"
    assert "to <#C1>" in await typed(it.bot, f"edit {token} product=Revit here")
    plan = await it.schedule()
    assert (plan.question, plan.cadence.at, plan.channel) == ("product=Revit last=30d", time(17, 30), "C1")
    assert "There is no 26:00" in await typed(it.bot, f"edit {token} 26:00")


async def test_it_is_handed_over_to_who_may_see_it(it: Coming) -> None:
    token = await subscribed(it)
    assert "To whom?" in await typed(it.bot, f"hand over {token}")
    assert "may not see these reports" in await typed(it.bot, f"hand over {token} <@U3|cleo>")
    assert "may not see these reports" in await typed(it.bot, f"hand over {token} <@U2|ben>")  # of another team
    assert "nobody in “@ozzy”" in await typed(it.bot, f"hand over {token} @ozzy")
    handed = await typed(it.bot, f"hand over {token} to <@UOWNER|oz>")
    assert "Handed over to <@UOWNER>" in handed
    assert "to their direct message" in handed
    (given,) = it.sent("D-UOWNER")
    assert "Handed over to you: *Digest*" in given["text"]
    assert "<@U1> did this" in str(given["blocks"])
    assert limits.problems(given["blocks"]) == []
    await it.at(WEDNESDAY)
    assert it.sent("D-U1") == []
    assert len(it.sent("D-UOWNER")) == 2  # that it is theirs, and the digest


@pytest.mark.parametrize("verb", ["pause", "resume", "preview", "edit", "unsubscribe", "send now", "hand over"])
async def test_without_a_token_the_list_is_named_and_an_unknown_one_is_said(it: Coming, verb: str) -> None:
    assert "Which one?" in await typed(it.bot, verb)
    assert "There is no schedule “nosuch”. /usage subscriptions lists" in await typed(it.bot, f"{verb} nosuch")


# -- spreadsheets


async def test_an_export_with_a_rhythm_comes_by_itself(it: Coming) -> None:
    text = await typed(it.bot, "export team=Design daily 9:00")
    assert "Subscribed: *Spreadsheet*" in text
    await it.at(WEDNESDAY)
    await it.later(minutes=1)
    (sent,) = it.slack.named("files.completeUploadExternal")
    assert sent.arguments["channel_id"] == "D-U1"
    assert "3 rows" in sent.arguments["initial_comment"]
    assert ": sent" in await typed(it.bot, "subscriptions")
    assert "usage Design 30d 2026-11-25.xlsx" in await typed(it.bot, "exports")
    assert "have no preview" in await typed(it.bot, f"preview {(await it.schedule()).token}")


async def test_a_file_with_names_goes_to_its_owner_where_not_all_may_read_them(it: Coming) -> None:
    it.slack.channel("C1", "U1", "U3")
    await typed(it.bot, "export team=Design daily 9:00 here")
    await it.at(WEDNESDAY)
    (sent,) = it.slack.named("files.completeUploadExternal")
    assert sent.arguments["channel_id"] == "D-U1"
    assert "not everybody there may read them" in sent.arguments["initial_comment"]


async def test_a_file_goes_into_a_channel_where_all_may_read_it(it: Coming) -> None:
    await typed(it.bot, "export team=Design daily 9:00 here")
    await it.at(WEDNESDAY)
    (sent,) = it.slack.named("files.completeUploadExternal")
    assert sent.arguments["channel_id"] == "C1"


async def test_a_file_that_slack_refuses_lets_it_rest(it: Coming) -> None:
    await typed(it.bot, "export team=Design daily 9:00 here")
    it.slack.faults["files.completeUploadExternal"] = ["not_in_channel"]
    await it.at(WEDNESDAY)
    assert (await it.schedule()).cause == "not_in_channel"
    assert "/invite @usagebot" in it.sent("D-U1")[-1]["text"]


async def test_an_export_without_a_rhythm_comes_at_once(it: Coming) -> None:
    await typed(it.bot, "export team=Design last=30d")
    assert len(it.slack.named("files.completeUploadExternal")) == 1


# -- by form


def form(it: Coming) -> dict[str, Any]:
    opened = [call for call in it.slack.calls if call.method in {"views.open", "views.update"}]
    return dict(opened[-1].arguments["view"])


def filled(view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The form as it is sent: what stood there, but for the changes."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block["element"]
        name = element["action_id"]
        if element["type"] == "static_select":
            chosen = changes.get(name, element["initial_option"]["value"])
            values[name] = {name: {"type": "static_select", "selected_option": {"value": chosen}}}
        elif element["type"].endswith("_select"):
            kind = "selected_conversation" if element["type"].startswith("conv") else "selected_user"
            values[name] = {name: {kind: changes.get(name, element.get("initial_conversation"))}}
        else:
            values[name] = {name: {"value": changes.get(name, element.get("initial_value"))}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}}
    return body | {"view": {**view, "id": "V1", "state": {"values": values}}}


async def test_a_report_is_scheduled_with_its_filters(it: Coming) -> None:
    await typed(it.bot, "team=Design product=Revit last=90d")
    await it.bot.press(button(it.bot, "schedule"))
    view = form(it)
    assert limits.view_problems(view) == []
    assert body_of(await it.bot.dispatch(filled(view, rhythm="monthly", day="31", at="8:00", place="me"))) == {}
    plan = await it.schedule()
    assert (plan.question, plan.cadence) == (
        "team=Design product=Revit last=90d",
        Cadence(Rhythm.MONTHLY, time(8), day=31),
    )
    assert (plan.zone, plan.channel, plan.kind) == ("Europe/Berlin", "", Kind.DIGEST)
    assert "every month on day 31 at 08:00" in it.sent("D-U1")[-1]["text"]


async def test_faults_stand_beside_their_inputs(it: Coming) -> None:
    await typed(it.bot, "team=Design")
    await it.bot.press(button(it.bot, "schedule"))
    wrong = {"about": "team=Desing", "at": "25:00", "zone": "Mars", "place": "channel", "channel": "C9"}
    errors = body_of(await it.bot.dispatch(filled(form(it), **wrong)))["errors"]
    assert set(errors) == {"about", "at", "zone", "channel"}
    errors = body_of(await it.bot.dispatch(filled(form(it), rhythm="cron", cron="0 0 31 2 *", place="me")))["errors"]
    assert "falls on no date" in errors["cron"]
    assert "Nearest" not in errors["cron"]  # the sentence has it already
    assert await it.company.core.schedules.listed(it.company.core.operator, everyone=True) == []


async def test_the_form_of_one_that_is_there_changes_it_and_hands_it_over(it: Coming) -> None:
    token = await subscribed(it)
    await typed(it.bot, f"edit {token}")
    view = form(it)
    assert limits.view_problems(view) == []
    assert body_of(await it.bot.dispatch(filled(view, rhythm="daily", place="channel", channel="C1"))) == {}
    plan = await it.schedule()
    assert (plan.cadence, plan.channel) == (Cadence(Rhythm.DAILY, time(9)), "C1")
    await it.bot.dispatch(filled(view, owner="UOWNER"))
    assert (await it.schedule()).owner == "UOWNER"


async def test_a_form_altered_by_hand_changes_nobody_elses(it: Coming) -> None:
    plan = await other(it)
    await typed(it.bot, "team=Design")
    await it.bot.press(button(it.bot, "schedule"))
    altered = form(it) | {"private_metadata": f'{{"s":"{plan.token}"}}'}
    await it.bot.dispatch(filled(altered, rhythm="daily", place="me"))
    assert (await it.schedule()) == plan


async def other(it: Coming) -> Schedule:
    await typed(it.bot, "subscribe team=all weekly", user="UOWNER")
    return await it.schedule()


async def test_a_bare_subscribe_opens_the_form_for_the_last_question(it: Coming) -> None:
    await typed(it.bot, "team=Design product=Revit")
    await it.bot.command("subscribe")
    assert body_of(await it.bot.dispatch(filled(form(it), place="me"))) == {}
    assert (await it.schedule()).question == "team=Design product=Revit last=30d"


async def test_with_nothing_named_it_is_all_one_may_see(it: Coming) -> None:
    assert "Subscribed: *Digest* `last=30d`" in await typed(it.bot, "subscribe weekly wed 9:00")
    await it.at(WEDNESDAY)
    assert "Design" in it.sent("D-U1")[0]["text"]


# -- Home


async def test_the_home_lists_them_with_their_last_result(it: Coming) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY)
    await it.bot.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    view = it.slack.named("views.publish")[-1].arguments["view"]
    assert limits.view_problems(view) == []
    assert "What comes by itself" in str(view)
    assert "Every Wednesday at 09:00" in str(view)
    assert ": sent" in str(view)
    assert "schedule_manage" in str(view)
