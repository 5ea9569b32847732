"""Taking seats back in Slack: the form, the press, the one message, undo, a second admin, what comes late."""

import json
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltResponse

from handlers import limits, seat_cards, seat_tasks
from handlers.sentences import sentence
from handlers.views import seats as view
from reporting_core.usecases.seats.tasks import Waiting
from reporting_core.words.cards import Admins, News
from reporting_core.words.report import Row
from reporting_core.words.seats import Cause, Exemption, GroupWay, Policy, Reason, State, Verdict
from reporting_core.words.tasks import Task, TaskState
from reporting_core.words.terms import Access, Origin, Status
from tests import hand_made
from tests.bot_under_test import Bot, body_of, bot_under_test
from tests.seats_stand_in import NOW, action, print_of, seat
from tests.test_handlers_views import all_text


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """Ann owns the bot; Ben administers as well; Cleo sees reports alone."""
    async with bot_under_test() as made:
        for user, name in (("U2", "Ben"), ("U3", "Cleo")):
            made.slack.person(user, real_name=name)
        made.core.owners |= {"U1", "U2"}
        made.core.admins = {"U3"}
        yield made


def text_of(block: Any) -> str:
    return "\n".join(all_text(block))


def form(bot: Bot) -> dict[str, Any]:
    """The form as it stands."""
    opened = [call for call in bot.slack.calls if call.method in {"views.open", "views.update"}]
    return dict(opened[-1].arguments["view"])


def few(bot: Bot, *rows: Row) -> None:
    bot.core.report = replace(bot.core.report, rows=rows, row_count=len(rows))


def acting(view_: dict[str, Any], user: str, view_id: str) -> dict[str, Any]:
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}}
    return body | {"view": {"type": "modal", **view_, "id": view_id}}


async def submit(
    bot: Bot, view_: dict[str, Any], *, untick: Collection[int] = (), user: str = "U1", view_id: str = "V1"
) -> BoltResponse:
    """Send a form as it was drawn, without those that are unticked."""
    values: dict[str, Any] = {}
    for block in view_["blocks"]:
        if block["type"] == "input":
            ticked = [each for each in block["element"].get("initial_options", []) if int(each["value"]) not in untick]
            values[block["block_id"]] = {block["element"]["action_id"]: {"selected_options": ticked}}
    return await bot.dispatch(acting(view_ | {"state": {"values": values}}, user, view_id))


def posted(bot: Bot) -> list[dict[str, Any]]:
    return [call.arguments for call in bot.slack.named("chat.postMessage")]


async def one(bot: Bot, number: int = 1, user: str = "U1") -> dict[str, Any]:
    """The form of one row."""
    few(bot, hand_made.row(number))
    await bot.command(f"unassign user=person{number}", user=user)
    return form(bot)


async def several(bot: Bot, count: int = 3) -> dict[str, Any]:
    few(bot, *(hand_made.row(number) for number in range(1, count + 1)))
    await bot.command("team=Design status=inactive")
    await bot.press(bot.button("review"))
    return form(bot)


# -- the form


async def test_one_row_shows_what_it_is_decided_from_and_what_it_does(bot: Bot) -> None:
    bot.core.seats.verdicts[1] = Verdict(seat(1), warnings=("Work while offline is never reported.",))
    shown = await one(bot)
    assert limits.view_problems(shown) == []
    text = text_of(shown)
    for words in (
        "Person 1 · Revit · Design",
        "31 Jan 2026",
        "9 Mar 2026",
        "0 in the last 30 days, 0 in the last 90 days",
        "Frees 1 of 12 Revit seats (10 assigned)",
        "The account and everything in it stay",
        "closes at the next authorization",
        "usagebot itself, at once",
        "Work while offline",
    ):
        assert words in text
    assert shown["submit"]["text"] == "Unassign"
    assert bot.slack.named("views.open")[0].arguments["view"]["blocks"][0]["text"]["text"].startswith("One moment")


@pytest.mark.parametrize(
    ("provider", "words"), [("task", "you get a task"), ("webhook", "Your own automation"), ("", "USAGEBOT_PROVIDER")]
)
async def test_who_carries_it_out_is_said(bot: Bot, provider: str, words: str) -> None:
    bot.core.seats.provider = provider
    assert words in text_of(await one(bot))


async def test_a_seat_that_is_kept_another_way_frees_none(bot: Bot) -> None:
    note = ("Frees no seat: the group CAD people gives Revit as well.",)
    bot.core.seats.verdicts[1] = Verdict(seat(1, other_ways=("CAD people",)), warnings=note, stays=note)
    assert text_of(await one(bot)).count("Frees no seat") == 1


async def test_where_more_are_assigned_than_bought_one_fewer_frees_none_yet(bot: Bot) -> None:
    bot.core.seats.verdicts |= {n: Verdict(seat(n, seats=8, assigned_seats=10)) for n in (1, 2, 3)}
    assert "Frees no seat yet: 10 seats of Revit are assigned, and 8 are bought. An undo" in text_of(await one(bot))
    assert "Revit · Design: frees up to 1 of 8 seats (10 assigned)" in text_of(await several(bot, 3))
    few_seats = "Revit · Design: frees no seat yet, because 10 are assigned and 8 bought; an undo would find none free"
    assert few_seats in text_of(await several(bot, 2))


REFUSED = {
    Reason.NO_RIGHTS: "Ask an admin of the team",
    Reason.SWITCHED_OFF: "is switched off",
    Reason.HOURS: "within those hours",
    Reason.EXEMPT: "until 1 Dec 2026, by <@U2>: “parental leave”",
    Reason.GRACE: "(until 1 Dec 2026)",
    Reason.DEFAULT: "Change the default",
    Reason.FLEX: "saves nothing",
    Reason.GONE: "was unassigned already",
    Reason.CHANGED: "Look at it again",
    Reason.OLD_DATA: "Load a newer Usage Report",
    Reason.BUSY: "by <@U2>",
}


def refused(reason: Reason) -> Verdict:
    end = NOW.date().replace(month=12, day=1)
    exemption = Exemption("t", 1, 1, None, end, "parental leave", "U2") if reason is Reason.EXEMPT else None
    rival = "U2" if reason is Reason.BUSY else ""
    return Verdict(seat(1), reason, exemption=exemption, until=end if reason is Reason.GRACE else None, rival=rival)


@pytest.mark.parametrize("reason", REFUSED)
async def test_a_refusal_says_why_and_the_way_forward(bot: Bot, reason: Reason) -> None:
    bot.core.seats.verdicts[1] = refused(reason)
    shown = await one(bot)
    assert limits.view_problems(shown) == []
    assert REFUSED[reason] in text_of(shown)
    assert "submit" not in shown


async def test_a_group_refusal_brings_a_request_to_copy(bot: Bot) -> None:
    way = GroupWay("BIM authors", 6, ("AutoCAD", "Navisworks"), ("Dan Lee",))
    found = seat(1, origin=Origin.GROUP, origin_group="BIM authors")
    bot.core.seats.verdicts[1] = Verdict(found, Reason.GROUP, group=way)
    shown = await one(bot)
    (request,) = [
        element["elements"][0]["text"]
        for block in shown["blocks"]
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_preformatted"
    ]
    request = " ".join(request.split())
    assert "take Person 1 (person1@example.com) out of the group “BIM authors” (team Design)" in request
    assert "AutoCAD, Navisworks" in request
    assert "(6 members). It also carries AutoCAD, Navisworks. Owner: Dan Lee." in text_of(shown)
    assert "submit" not in shown


async def test_several_are_ticked_and_the_refused_listed(bot: Bot) -> None:
    bot.core.seats.verdicts[2] = replace(refused(Reason.GRACE), seat=seat(2))
    shown = await several(bot, 13)
    assert limits.view_problems(shown) == []
    boxes = [block["element"] for block in shown["blocks"] if block["type"] == "input"]
    assert [len(each["options"]) for each in boxes] == [10, 2]
    assert all(each["initial_options"] == each["options"] for each in boxes)
    text = text_of(shown)
    assert "12 seats can be unassigned, 1 cannot" in text
    assert "Revit · Design: frees up to 12 of 12 seats (10 assigned)" in text
    assert "Person 2 · Revit · Design* (until 1 Dec 2026)" in text
    assert bot.core.asked[-1] == "team=Design status=inactive last=30d"


async def test_what_is_under_way_is_nobodys_race_before_anything_is_pressed(bot: Bot) -> None:
    bot.core.seats.verdicts[1] = replace(refused(Reason.BUSY), rival="U1")
    text = text_of(await one(bot))
    assert "A decision about this seat is under way already, or waits for a second admin. (by <@U1>)" in text


async def test_a_mistyped_command_is_corrected_to_one_that_unassigns(bot: Bot) -> None:
    near = {"of": "unassign off", "team=Desing user=ann": "unassign team=Design user=ann last=30d"}
    for typed_, corrected in near.items():
        await bot.command(f"unassign {typed_}")
        assert f"Run: /usage {corrected}" in str(bot.slack.posted[-1].arguments["blocks"])


async def test_an_undo_without_a_code_says_where_codes_are(bot: Bot) -> None:
    await bot.command("undo")
    assert "the code that stands under the message" in bot.slack.posted[-1].arguments["text"]


KEPT = ("Revit still opens through AEC Collection.",)


def keeping(number: int) -> Verdict:
    """Somebody whose seat can go and who still opens the product."""
    return Verdict(seat(number, collections=("AEC Collection",)), warnings=(*KEPT, "Work offline."), stays=KEPT)


async def test_what_is_to_be_known_of_one_person_stands_at_that_row(bot: Bot) -> None:
    bot.core.seats.verdicts |= {1: keeping(1), 2: Verdict(seat(2), warnings=("Work offline.",))}
    bot.core.seats.verdicts[3] = Verdict(seat(3, other_ways=("CAD people",)), warnings=("Work offline.",))
    shown = await several(bot)
    assert limits.view_problems(shown) == []
    (boxes,) = [block for block in shown["blocks"] if block["type"] == "input"]
    first, second, third = [each["description"]["text"] for each in boxes["element"]["options"]]
    assert first == "⚠️ Still opens through AEC Collection · last accessed 9 Mar 2026"
    assert second == "Assigned 31 Jan 2026 · last accessed 9 Mar 2026 · used on 0 of 90 days"
    assert third == "⚠️ Frees no seat: also through CAD people"
    notes = [block["elements"][0]["text"] for block in shown["blocks"] if block["type"] == "context"]
    assert notes == ["⚠️ Work offline.", f"⚠️ Person 1: {KEPT[0]}"]


async def test_more_notes_than_are_listed_are_counted(bot: Bot) -> None:
    for number in range(1, 12):
        bot.core.seats.verdicts[number] = Verdict(seat(number), warnings=(f"Note {number}.",))
    assert "3 more notes stand at the people" in text_of(await several(bot, 11))


@pytest.mark.parametrize("count", [2, 12])
async def test_what_the_person_keeps_is_said_in_the_result_at_that_seat(bot: Bot, count: int) -> None:
    bot.core.seats.verdicts[1] = keeping(1)
    bot.core.seats.rules = Policy(second_above=50)
    await submit(bot, await several(bot, count))
    for told in (text_of(form(bot)), text_of(posted(bot)[-1]["blocks"])):
        assert told.count("Revit still opens through AEC Collection") == 1
        line = next(each for each in told.splitlines() if "Person 1 ·" in each)
        after = told[told.index(line) :]
        assert after.index("still opens through AEC") < after.index("Person 2 ·")
        assert "Work offline" not in told


async def test_a_seat_given_back_keeps_nothing_to_tell(bot: Bot) -> None:
    bot.core.seats.verdicts[1] = keeping(1)
    await submit(bot, await one(bot))
    await pressed(bot, "seats_undo", {"t": "token1"})
    assert "still opens through AEC" not in text_of(bot.slack.named("chat.update")[-1].arguments["blocks"])


async def test_whoever_uses_it_is_offered_but_not_ticked(bot: Bot) -> None:
    used, flex = hand_made.row(2, status=Status.ACTIVE), hand_made.row(3, access=Access.FLEX)
    gone = hand_made.row(4, status=Status.UNASSIGNED)
    few(bot, hand_made.row(1), used, flex, gone)
    await bot.command("unassign team=Design")
    (box,) = [block["element"] for block in form(bot)["blocks"] if block["type"] == "input"]
    assert [each["value"] for each in box["options"]] == ["1", "2"]
    assert [each["value"] for each in box["initial_options"]] == ["1"]


async def test_more_than_a_form_holds_are_turned_over(bot: Bot) -> None:
    bot.core.seats.verdicts = {number: Verdict(seat(number)) for number in range(1, 151)}
    shown = await several(bot, 150)
    assert limits.view_problems(shown) == []
    first = view.sent(shown).prints
    pressed = {"action_id": "seats_next", "value": '{"p":2}'}
    await bot.press(pressed, container={"type": "view"}, view=shown | {"id": "V1"}, channel={})
    second = form(bot)
    assert limits.view_problems(second) == []
    assert [*first, *view.sent(second).prints] == list(range(1, 151))
    await submit(bot, second)
    assert bot.core.seats.presses[-1][1] == "V1-2"


async def test_a_seat_taken_back_after_the_data_ends_is_not_offered_again(bot: Bot) -> None:
    taken = hand_made.row(2, unassigned_on=NOW.date())
    few(bot, hand_made.row(1), taken)
    await bot.command("unassign team=Design")
    assert list(view.sent(form(bot)).prints) == [1]
    few(bot, taken)
    await bot.command("why user=person2")
    assert "unassign_row" not in str(bot.slack.posted[-1].arguments)


async def test_a_question_of_nobody_says_so(bot: Bot) -> None:
    few(bot)
    await bot.command("unassign user=nobody@example.com")
    assert "Nobody matches" in text_of(form(bot))
    assert form(bot)["title"]["text"] == "Unassign seats"


async def hidden(bot: Bot, *near: str) -> dict[str, Any]:
    """Ask for somebody where one team hides its names; `near` are the questions that other teams would answer."""
    bot.core.report = replace(bot.core.report, rows=(), row_count=0, hashed=True, nearest=near)
    await bot.command("unassign user=ann product=Revit")
    return form(bot)


async def test_where_a_team_hides_names_the_one_that_shows_the_person_is_asked(bot: Bot) -> None:
    await hidden(bot, "team=Design product=Revit user=ann last=30d", "product=Revit last=30d")
    assert bot.core.asked[-2:] == ["user=ann product=Revit", "team=Design product=Revit user=ann last=30d"]


async def test_where_several_teams_show_such_a_person_they_are_named(bot: Bot) -> None:
    teams = [f"team={team} product=Revit user=ann last=30d" for team in ("Design", "Build")]
    text = text_of(await hidden(bot, *teams))
    assert all(f"/usage unassign {each}" in text for each in teams)
    assert bot.core.asked == ["user=ann product=Revit"]


async def test_a_question_of_no_seats_says_so(bot: Bot) -> None:
    few(bot, hand_made.row(3, access=Access.FLEX))
    await bot.command("unassign team=Design")
    assert "nothing to unassign" in text_of(form(bot))
    assert "submit" not in form(bot)


async def test_a_mistype_is_answered_beside_the_command(bot: Bot) -> None:
    await bot.command("unassign team=Desing")
    assert bot.slack.named("views.open") == []
    assert "Design" in bot.slack.posted[-1].arguments["text"]


async def test_the_bare_command_says_how(bot: Bot) -> None:
    await bot.command("unassign")
    assert "/usage unassign @ann product=Revit" in bot.slack.posted[-1].arguments["text"]


async def test_the_button_under_the_evidence_opens_the_form(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    await bot.press(bot.button("unassign_row"))
    assert "Person 1 · Revit · Design" in text_of(form(bot))


async def test_the_evidence_loses_the_button_once_it_is_decided(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    await bot.press(bot.button("unassign_row"))
    few(bot, hand_made.row(1, unassigned_on=NOW.date() + timedelta(days=1)))
    await submit(bot, form(bot))
    anew = bot.slack.named("response")[-1].arguments
    assert anew["replace_original"]
    for words in ("unassigned by <@U1>", "Undo until <!date^", "told as they were then"):
        assert words in anew["text"]
    assert "unassigned by <@U1>" in text_of(anew["blocks"])
    assert "unassign_row" not in str(anew)


async def test_evidence_that_is_in_no_answer_any_more_becomes_what_became_of_the_seat(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    await bot.press(bot.button("unassign_row"))
    few(bot)
    await submit(bot, form(bot))
    anew = bot.slack.named("response")[-1].arguments
    assert "unassigned by <@U1>" in anew["text"]
    assert "Nobody" not in anew["text"]
    assert [each["action_id"] for each in anew["blocks"][-1]["elements"]] == ["run_0"]


async def test_in_a_direct_message_the_evidence_is_changed_by_its_time_stamp(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    lasting: dict[str, Any] = {
        "container": {"type": "message", "message_ts": "7.7", "channel_id": "D7"},
        "channel": {"id": "D7"},
    }
    await bot.press(bot.button("unassign_row"), **lasting)
    await submit(bot, form(bot))
    changed = [call.arguments for call in bot.slack.named("chat.update") if call.arguments["ts"] == "7.7"]
    assert [each["channel"] for each in changed] == ["D7"]
    assert "unassigned by <@U1>" in changed[0]["text"]


async def test_evidence_that_others_can_read_stays(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    lasting: dict[str, Any] = {"container": {"type": "message", "message_ts": "7.7", "channel_id": "C1"}}
    await bot.press(bot.button("unassign_row"), **lasting)
    before = len(bot.slack.named("response"))
    await submit(bot, form(bot))
    assert len(bot.slack.named("response")) == before
    assert [call for call in bot.slack.named("chat.update") if call.arguments["ts"] == "7.7"] == []


async def test_a_fault_in_the_explanation_hides_nothing_of_what_was_done(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.core.seats.rules = Policy(second_above=0)
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    await bot.press(bot.button("unassign_row"))
    monkeypatch.setattr(bot.core, "evidence", None)
    await submit(bot, form(bot))
    assert "waits for a second admin" in text_of(form(bot))
    assert "Nobody was asked" in posted(bot)[-1]["text"]


async def test_evidence_of_a_seat_that_was_taken_after_the_data_ends_says_so(bot: Bot) -> None:
    few(bot, hand_made.row(1, unassigned_on=NOW.date() + timedelta(days=1)))
    await bot.command("why user=person1")
    assert "so its status and its use are told as they were then" in bot.slack.posted[-1].arguments["text"]


async def test_the_evidence_stays_as_it_was_where_another_organisation_has_come_in(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("why user=person1")
    await bot.press(bot.button("unassign_row"))
    before = len(bot.slack.named("response"))
    bot.slack.channel("C1", "U1", is_ext_shared=True)
    await submit(bot, form(bot))
    assert len(bot.slack.named("response")) == before
    assert "unassigned by <@U1>" in posted(bot)[-1]["text"]


async def test_evidence_of_a_seat_that_is_decided_about_says_so_in_place_of_the_button(bot: Bot) -> None:
    few(bot, hand_made.row(1), hand_made.row(2))
    bot.core.seats.verdicts[1] = Verdict(seat(1), Reason.HOURS, under_way="U2")
    await bot.command("why team=Design")
    shown, text = (bot.slack.posted[-1].arguments[name] for name in ("blocks", "text"))
    for told in (text_of(shown), text):
        assert "A decision about this seat is under way already, or waits for a second admin. (by <@U2>)" in told
    assert [each["block_id"] for each in shown if "unassign_row" in str(each)] == ["unassign_2"]


async def test_many_are_explained_shortly_and_nothing_is_said_of_decisions(bot: Bot) -> None:
    few(bot, *(hand_made.row(number) for number in range(1, 6)))
    bot.core.seats.verdicts[1] = Verdict(seat(1), Reason.BUSY, rival="U2", under_way="U2")
    await bot.command("why team=Design")
    assert "under way" not in str(bot.slack.posted[-1].arguments)
    assert "Person 5" in bot.slack.posted[-1].arguments["text"]


async def test_inside_the_evidence_form_it_takes_its_place(bot: Bot) -> None:
    pressed = {"action_id": "unassign_row", "value": '{"a":1}'}
    await bot.press(pressed, container={"type": "view"}, view={"id": "V7", "type": "modal"}, channel={})
    assert bot.slack.named("views.open") == []
    assert bot.slack.named("views.update")[-1].arguments["view_id"] == "V7"
    assert form(bot)["submit"]["text"] == "Unassign"


async def test_buttons_stand_only_where_somebody_may_use_them(bot: Bot) -> None:
    few(bot, hand_made.row(1))
    await bot.command("team=Design", user="U3")
    assert "Review inactive" not in str(bot.slack.posted[-1].arguments)
    await bot.command("why user=person1", user="U3")
    assert "Unassign…" not in str(bot.slack.posted[-1].arguments)
    await bot.command("unassign user=person1", user="U3")
    assert "admins of a team" in bot.slack.posted[-1].arguments["text"]
    assert bot.core.seats.presses == []


# -- the press


async def test_a_press_takes_the_seat_and_tells_it_once(bot: Bot) -> None:
    answer = await submit(bot, await one(bot))
    assert "Processing" in text_of(body_of(answer)["view"])
    assert bot.core.seats.presses == [("U1", "V1", [(1, print_of(1))])]
    assert "unassigned by <@U1>" in text_of(form(bot))
    (message,) = posted(bot)
    assert message["channel"] == "D-U1"
    assert limits.problems(message["blocks"]) == []
    assert "unassigned by <@U1> at <!date^1795521600^{date_short} {time}|24 Nov 2026 12:00 UTC>" in message["text"]
    assert "Undo until <!date^" in message["text"]
    assert bot.core.seats.place["V1"] == ("D-U1", "1.1")
    assert bot.core.seats.tellings == ["token1"]


async def test_where_an_undo_would_find_no_seat_it_says_so(bot: Bot) -> None:
    bot.core.seats.verdicts[1] = Verdict(seat(1, seats=8, assigned_seats=8))
    await submit(bot, await one(bot))
    (message,) = posted(bot)
    assert ", once a seat is free: now 8 are assigned and 8 bought" in message["text"]
    bot.core.seats.verdicts[1] = Verdict(seat(1, seats=8, assigned_seats=7))
    await seat_cards.draw(bot.desk, "V1", "U1")
    assert "once a seat is free" not in bot.slack.named("chat.update")[-1].arguments["text"]


async def test_unticked_people_keep_their_seat(bot: Bot) -> None:
    await submit(bot, await several(bot), untick={2})
    assert [id_ for id_, _print in bot.core.seats.presses[-1][2]] == [1, 3]
    assert bot.core.seats.carried == ["token1", "token3"]


async def test_nothing_ticked_is_said_beside_the_boxes(bot: Bot) -> None:
    answer = await submit(bot, await several(bot), untick={1, 2, 3})
    assert body_of(answer) == {"response_action": "errors", "errors": {"seats_0": "Tick at least one person."}}
    assert bot.core.seats.presses == []


async def test_a_form_sent_twice_is_one_press_and_one_message(bot: Bot) -> None:
    shown = await one(bot)
    for _ in range(2):
        await submit(bot, shown)
    assert len(bot.core.seats.actions) == 1
    assert len(posted(bot)) == 1


ENDS: dict[State, tuple[dict[str, str], str]] = {
    State.REFUSED: ({"reason": "provider", "detail": "no such user"}, "“no such user”"),
    State.FAILED: ({"reason": Cause.NOT_REACHED}, "not carried out; the seat is as it was"),
    State.UNKNOWN: ({}, "not known yet whether it happened"),
    State.ACCEPTED: ({"provider": "task", "reference": "41"}, "task 41 is open"),
    State.PERSON: ({"reason": Cause.ASSIGNED_ANEW}, "was assigned anew meanwhile"),
}


@pytest.mark.parametrize("state", ENDS)
async def test_every_end_has_its_words(bot: Bot, state: State) -> None:
    changes, words = ENDS[state]
    bot.core.seats.outcomes[1] = action(1, state, **changes)
    await submit(bot, await one(bot))
    (message,) = posted(bot)
    assert words in message["text"]
    assert limits.problems(message["blocks"]) == []
    assert "seats_undo" not in str(message["blocks"])
    assert ("seats_settled" in str(message["blocks"])) is (state is State.PERSON)


@pytest.mark.parametrize("count", [1, 3])
async def test_a_task_is_ended_in_its_own_message_and_not_in_the_card_as_well(bot: Bot, count: int) -> None:
    for number in range(1, count + 1):
        bot.core.seats.outcomes[number] = action(number, State.ACCEPTED, provider="task", reference=f"4{number}")
    await submit(bot, await several(bot, count))
    (card,) = posted(bot)
    for shown in (card["blocks"], form(bot)["blocks"]):
        assert "seats_settled" not in str(shown)
        assert ("The task has" if count == 1 else "Each task has") in text_of(shown)
    for each in bot.core.seats.actions:
        bot.core.tasks.queue.append(Waiting(Task(41, each.token, each.change, TaskState.OPEN, NOW, NOW), each))
    await seat_tasks.remind(bot.desk)
    _card, *tasks = posted(bot)
    assert [str(each["blocks"]).count("seat_task_done") for each in tasks] == [1] * count


async def test_what_another_provider_accepted_is_settled_in_the_card(bot: Bot) -> None:
    bot.core.seats.outcomes[1] = action(1, State.ACCEPTED, provider="webhook")
    await submit(bot, await one(bot))
    assert "seats_settled" in str(posted(bot)[0]["blocks"])


async def test_what_changed_while_the_form_was_open_is_refused_at_the_press(bot: Bot) -> None:
    shown = await one(bot)
    bot.core.seats.verdicts[1] = Verdict(seat(1, print=print_of(99)))
    await submit(bot, shown)
    assert "has changed since it was shown" in posted(bot)[0]["text"]
    assert bot.core.seats.carried == []


async def test_the_loser_of_a_race_is_told_who_won(bot: Bot) -> None:
    shown = await one(bot)
    bot.core.seats.verdicts[1] = replace(refused(Reason.BUSY), seat=seat(1))
    await submit(bot, shown)
    assert "Somebody else was faster" in posted(bot)[0]["text"]
    assert "(by <@U2>)" in text_of(form(bot))


async def test_many_are_listed_in_one_message_that_slack_takes(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=100)
    bot.core.seats.outcomes[3] = action(3, State.FAILED, reason=Cause.NOT_REACHED)
    await submit(bot, await several(bot, 40))
    (message,) = posted(bot)
    assert limits.problems(message["blocks"]) == []
    assert "39 unassigned, 1 failed" in message["text"]
    await bot.press(bot.button("seats_choice"))
    assert limits.view_problems(form(bot)) == []
    assert str(form(bot)).count("'seats_undo'") == 39


@pytest.mark.parametrize("user", ["U3", "U9"])
async def test_a_form_sent_by_somebody_without_rights_does_nothing(bot: Bot, user: str) -> None:
    shown = await one(bot)
    bot.slack.person("U9", is_restricted=True)
    await submit(bot, shown, user=user)
    assert bot.core.seats.presses == []
    assert posted(bot) == []


async def test_from_another_workspace_nothing_is_heard(bot: Bot) -> None:
    body = acting(await one(bot), "U1", "V1") | {"team": {"id": "T9"}}
    body["user"]["team_id"] = "T9"
    await bot.dispatch(body)
    assert bot.core.seats.presses == []


@pytest.mark.parametrize(
    "metadata", ["", "[]", "{", '{"s":5}', '{"s":"x:y,1"}', '{"s":"1:!!","n":"x"}', '{"s":"-1:aa"}']
)
async def test_altered_payloads_do_no_harm(bot: Bot, metadata: str) -> None:
    shown = await one(bot)
    await submit(bot, shown | {"private_metadata": metadata})
    assert all(each.state is State.REFUSED for each in bot.core.seats.actions)
    assert bot.core.seats.carried == []
    assert "apolog" not in text_of(form(bot)).casefold()


async def test_a_message_that_fails_is_told_by_a_later_round(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"] = ["fatal_error"]
    await submit(bot, await one(bot))
    assert bot.core.seats.tellings == []
    bot.core.seats.queue = [News("V1", "U1", ("", ""), ("token1",), 130.0, 1)]
    await seat_cards.tell(bot.desk)
    assert "unassigned by <@U1>" in posted(bot)[-1]["text"]
    assert bot.core.seats.tellings == ["token1"]


# -- afterwards


async def pressed(bot: Bot, action_id: str, value: dict[str, Any], user: str = "U1") -> BoltResponse:
    container = {"type": "message", "message_ts": "1.1", "is_ephemeral": False}
    pressed_ = {"action_id": action_id, "value": json.dumps(value)}
    return await bot.press(pressed_, user=user, container=container, channel={"id": f"D-{user}"})


async def test_undo_changes_the_message_in_place(bot: Bot) -> None:
    await submit(bot, await one(bot))
    await pressed(bot, "seats_undo", {"t": "token1"})
    assert len(posted(bot)) == 1
    edited = bot.slack.named("chat.update")[-1].arguments
    assert (edited["channel"], edited["ts"]) == ("D-U1", "1.1")
    assert "given back by <@U1>" in edited["text"]
    assert "seats_undo" not in str(edited["blocks"])


async def test_undo_in_another_message_changes_both(bot: Bot) -> None:
    await submit(bot, await one(bot))
    await pressed(bot, "seats_undo", {"t": "token1"}, user="U2")
    edited = [call.arguments["channel"] for call in bot.slack.named("chat.update")]
    assert sorted(edited) == ["D-U1", "D-U2"]
    assert all("given back by <@U2>" in call.arguments["text"] for call in bot.slack.named("chat.update"))


async def test_undo_without_a_free_seat_says_so_beside_the_message(bot: Bot) -> None:
    await submit(bot, await one(bot))
    bot.core.seats.none_free = True
    await pressed(bot, "seats_undo", {"t": "token1"})
    assert "No seat is free any more" in bot.slack.posted[-1].arguments["text"]
    assert bot.slack.named("chat.update") == []


async def test_undo_by_command_answers_there_and_changes_the_message(bot: Bot) -> None:
    await submit(bot, await one(bot))
    await bot.command("undo token1", user="U2")
    assert "given back by <@U2>" in bot.slack.named("response")[-1].arguments["text"]
    assert "given back by <@U2>" in bot.slack.named("chat.update")[-1].arguments["text"]
    await bot.command("undo nothing")
    assert "nothing to undo" in bot.slack.posted[-1].arguments["text"]


async def test_an_admins_word_settles_what_nobody_knows(bot: Bot) -> None:
    bot.core.seats.outcomes[1] = action(1, State.PERSON, reason=Cause.UNRESOLVED)
    await submit(bot, await one(bot))
    await pressed(bot, "seats_settled", {"t": "token1"})
    await pressed(bot, "seats_not_settled", {"t": "token1"})
    assert [each[1:] for each in bot.core.tasks.closed] == [("token1", True), ("token1", False)]
    assert bot.slack.named("chat.update")


async def test_above_a_number_a_second_admin_confirms(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=2)
    await submit(bot, await several(bot))
    assert bot.core.seats.carried == []
    assert "/usage unassign second V1" in text_of(form(bot))
    message, nobody = posted(bot)
    assert "Nobody was asked" in nobody["text"]
    assert "unassign at most 2 seats in one go" in nobody["text"]
    assert "policy second_above 3`" in nobody["text"]
    assert "waits for a second admin" in message["text"]
    assert "types `/usage unassign second V1` within a day" in str(message["blocks"])
    await bot.command("unassign second V1")
    assert "ask another admin" in bot.slack.posted[-1].arguments["text"]
    assert "Please ask" not in bot.slack.posted[-1].arguments["text"]
    await bot.command("unassign second `V1`", user="U2")
    assert bot.core.seats.carried == ["token1", "token2", "token3"]
    assert "unassigned by <@U1> and <@U2>" in bot.slack.named("response")[-1].arguments["text"]
    assert "unassigned by <@U1> and <@U2>" in bot.slack.named("chat.update")[-1].arguments["text"]


async def test_other_admins_of_all_teams_are_asked_in_a_message(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=2)
    bot.core.seats.admins = Admins(("U1",), ("nobody@example.com", "U2@example.com", "U3@example.com"))
    bot.core.admins = set()
    await submit(bot, await several(bot))
    own, asked, told = posted(bot)
    assert (own["channel"], asked["channel"], told["channel"]) == ("D-U1", "D-U2", "D-U1")
    assert told["text"] == "<@U2> was asked in a direct message to confirm."
    assert limits.problems(asked["blocks"]) == []
    assert "<@U1> wants to unassign 3 seats" in asked["text"]
    assert "Person 1 · Revit · Design" in text_of(asked["blocks"])
    await pressed(bot, "seats_second", {"b": "V1"}, user="U2")
    assert bot.core.seats.carried == ["token1", "token2", "token3"]
    assert "unassigned by <@U1> and <@U2>" in bot.slack.named("chat.update")[-1].arguments["text"]


async def test_without_leave_to_look_admins_up_the_command_is_left(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=2)
    bot.core.seats.admins = Admins((), ("U2@example.com",))
    bot.slack.faults["users.lookupByEmail"] = ["missing_scope"]
    await submit(bot, await several(bot))
    card, nobody = posted(bot)
    assert "/usage unassign second V1" in text_of(card["blocks"])
    assert "Nobody was asked" in nobody["text"]


async def test_what_waits_can_be_withdrawn(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=2)
    await submit(bot, await several(bot))
    await pressed(bot, "seats_decline", {"b": "V1"})
    assert "withdrawn" in bot.slack.named("chat.update")[-1].arguments["text"]
    await pressed(bot, "seats_decline", {"b": "V1"})
    assert "Nothing there waits" in bot.slack.posted[-1].arguments["text"]


# -- telling


async def test_news_changes_the_message_or_is_posted_by_one_process(bot: Bot) -> None:
    bot.core.seats.actions = [action(1, State.DONE)]
    news = News("V1", "U1", ("", ""), ("token1",), 60.0)
    bot.core.seats.queue = [news, news]
    await seat_cards.tell(bot.desk)
    assert len(posted(bot)) == 1
    bot.core.seats.queue = [news]
    await seat_cards.tell(bot.desk)
    assert len(posted(bot)) == 1
    assert bot.slack.named("chat.update")


async def test_where_a_message_stands_is_noted_also_where_the_database_was_away(bot: Bot) -> None:
    bot.core.seats.actions = [action(1, State.DONE)]
    bot.core.seats.busy = 2
    bot.core.seats.queue = [News("V1", "U1", ("", ""), ("token1",), 60.0)]
    await seat_cards.tell(bot.desk)
    bot.core.seats.queue = [News("V1", "U1", ("D-U1", "1.1"), ("token1",), 200.0, 1)]
    await seat_cards.tell(bot.desk)
    assert len(posted(bot)) == 1
    assert bot.core.seats.place["V1"] == ("D-U1", "1.1")


async def test_a_deleted_message_is_posted_anew(bot: Bot) -> None:
    bot.core.seats.actions = [action(1, State.DONE)]
    bot.core.seats.place["V1"] = ("D-U1", "1.1")
    bot.slack.faults["chat.update"] = ["message_not_found"]
    bot.core.seats.queue = [News("V1", "U1", ("D-U1", "1.1"), ("token1",), 60.0)]
    await seat_cards.tell(bot.desk)
    assert len(posted(bot)) == 1


async def test_whoever_lost_the_rights_is_shown_nothing(bot: Bot) -> None:
    bot.core.seats.actions = [action(1, State.DONE, asked_by="U4"), action(2, State.DONE, asked_by="operator")]
    bot.slack.person("U4", deleted=True)
    bot.core.seats.queue = [
        News("V1", "U4", ("", ""), ("token1",), 60.0),
        News("V2", "operator", ("", ""), ("token2",), 60.0),
    ]
    await seat_cards.tell(bot.desk)
    assert posted(bot) == []
    assert bot.core.seats.tellings == ["token1", "token2"]


async def test_slack_being_away_leaves_it_for_the_next_round(bot: Bot) -> None:
    bot.core.seats.actions = [action(1, State.DONE)]
    bot.slack.faults["users.info"] = [500] * 5
    bot.now[0] += 100
    bot.core.seats.queue = [News("V1", "U1", ("", ""), ("token1",), 60.0)]
    await seat_cards.tell(bot.desk)
    assert bot.core.seats.tellings == []


# -- Home


async def home(bot: Bot, user: str = "U1") -> dict[str, Any]:
    await bot.event({"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"})
    return dict(bot.slack.named("views.publish")[-1].arguments["view"])


async def test_home_shows_what_is_under_way_and_the_switch(bot: Bot) -> None:
    bot.core.seats.actions = [action(1, State.ACCEPTED, provider="task", reference="41")]
    shown = await home(bot)
    assert limits.view_problems(shown) == []
    assert "task 41 is open" in text_of(shown)
    assert "Of more than 10 seats in one go, a second admin confirms" in text_of(shown)
    assert "seats_stop" in str(shown)
    assert "review_0" in str(shown)


AT_HOME: dict[str, Any] = {
    "container": {"type": "view"},
    "view": {"id": "V9", "type": "home"},
    "channel": {},
    "response_url": "",
}


def home_button(shown: dict[str, Any], action_id: str) -> dict[str, Any]:
    rows = [block for block in shown["blocks"] if block["type"] == "actions"]
    return next(each for row in rows for each in row["elements"] if each["action_id"] == action_id)


async def test_an_open_task_stands_in_the_home_with_where_to_do_it_and_its_end(bot: Bot) -> None:
    waiting = action(1, State.ACCEPTED, provider="task", reference="41")
    bot.core.seats.actions = [action(2, State.CONFIRMED), waiting]
    shown = await home(bot)
    text = text_of(shown)
    assert "<https://manage.autodesk.com/|manage.autodesk.com>" in text
    assert text.index("Person 1 ·") < text.index("Person 2 ·")
    assert home_button(shown, "seats_not_settled")["text"]["text"] == "Will not be done"
    done = home_button(shown, "seats_settled")
    assert done["text"]["text"] == "Done"
    await bot.press(done, **AT_HOME)
    assert bot.core.tasks.closed == [("U1", "token1", True)]


async def test_what_waits_for_a_second_admin_is_confirmed_in_the_home(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=2)
    await submit(bot, await several(bot))
    own = await home(bot)
    assert limits.view_problems(own) == []
    assert "/usage unassign second V1" in text_of(own)
    assert "seats_decline" in str(own)
    assert "'seats_second'" not in str(own)
    shown = await home(bot, "U2")
    assert limits.view_problems(shown) == []
    assert "<@U1> wants to unassign 3 seats" in text_of(shown)
    assert "Person 3 · Revit · Design" in text_of(shown)
    await bot.press(home_button(shown, "seats_second"), user="U2", **AT_HOME)
    assert bot.core.seats.carried == ["token1", "token2", "token3"]
    after = bot.slack.named("views.publish")[-1].arguments
    assert after["user_id"] == "U2"
    assert "Nothing is under way" in text_of(after["view"])
    assert posted(bot)[-1]["channel"] == "D-U2"
    assert "unassigned by <@U1> and <@U2>" in posted(bot)[-1]["text"]


async def test_what_oneself_asked_for_is_withdrawn_in_the_home(bot: Bot) -> None:
    bot.core.seats.rules = Policy(second_above=2)
    await submit(bot, await several(bot))
    before = len(posted(bot))
    await bot.press(home_button(await home(bot), "seats_decline"), **AT_HOME)
    assert "Nothing is under way" in text_of(bot.slack.named("views.publish")[-1].arguments["view"])
    assert "withdrawn" in bot.slack.named("chat.update")[-1].arguments["text"]
    assert len(posted(bot)) == before


async def test_more_than_the_home_lists_is_counted(bot: Bot) -> None:
    bot.core.seats.actions = [action(number, State.ACCEPTED, provider="task") for number in range(1, 13)]
    shown = await home(bot)
    assert limits.view_problems(shown) == []
    assert "and 4 more" in text_of(shown)


async def test_anybody_who_administers_stops_it_and_an_owner_allows_it_again(bot: Bot) -> None:
    await home(bot)
    at_home: dict[str, Any] = {"container": {"type": "view"}, "view": {"id": "V9", "type": "home"}, "channel": {}}
    await bot.press({"action_id": "seats_stop"}, **at_home)
    assert not bot.core.seats.rules.switched_on
    shown = bot.slack.named("views.publish")[-1].arguments["view"]
    assert "switched off" in text_of(shown)
    assert "seats_stop" not in str(shown)
    await bot.press({"action_id": "seats_go"}, **at_home)
    assert bot.core.seats.rules.switched_on


async def test_home_of_somebody_with_reports_alone_has_none_of_it(bot: Bot) -> None:
    shown = await home(bot, "U3")
    assert "Seats being unassigned" not in text_of(shown)
    assert "review_0" not in str(shown)


def test_refusals_all_have_their_own_words() -> None:
    told = [sentence("seat_refusal", reason=str(reason)) for reason in Reason]
    assert len(set(told)) == len(told)
    causes = [sentence("seat_cause", cause=str(cause)) for cause in Cause if cause is not Cause.DECLINED]
    assert len(set(causes)) == len(causes)
