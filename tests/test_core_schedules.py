"""Schedules: who may have which, when each is due next, and that a slot becomes one post, sent once."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from reporting_core.core import Core
from reporting_core.usecases.schedules.facade import Schedules
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Post, Rhythm, Schedule, Standing, State, Why
from tests.company import ANN, BEN, KEY, NOW, Company, open_company

BERLIN = "Europe/Berlin"
DAILY = Cadence(Rhythm.DAILY)
WEEKLY = Cadence(Rhythm.WEEKLY)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
PAUSES = (30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)


@dataclass
class Desk:
    """Two processes on one database, with one clock."""

    company: Company
    now: datetime = NOW
    others: list[Schedules] = field(default_factory=list)

    @property
    def here(self) -> Schedules:
        return self.others[0]

    @property
    def there(self) -> Schedules:
        return self.others[1]

    def asker(self, user: str = "U1", *, owner: bool = False) -> Asker:
        team = self.company.core.names.of(self.company.core.operator).teams
        return Asker(self.company.core.account_id, user, user, "", owner=owner, every_team=bool(team))

    async def subscribed(self, cadence: Cadence = DAILY, user: str = "U1", **more: str) -> Schedule:
        question = more.pop("question", "team=Design")
        return await self.here.subscribe(self.asker(user), Kind.DIGEST, question, cadence, BERLIN, **more)

    async def due(self) -> Post:
        """Go on to the next slot of the first schedule, and claim its post here."""
        (first, *_) = await self.here.listed(self.asker(owner=True), everyone=True)
        assert first.next is not None
        self.now = first.next.due
        await self.here.due_now(self.now)
        (post,) = await self.here.claim(self.now)
        return post

    async def state(self, post: Post) -> State:
        found = await self.here.of_key(post.key)
        assert found is not None
        return found.state


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    company = open_company(database_url, tmp_path)
    company.load(company.report(ANN.holds("Revit"), BEN.of("Structural West").holds("Revit")))
    made = Desk(company)
    for _ in range(2):
        core = Core(company.core.store, "main", company.core.account_id, lambda: made.now, KEY)
        made.others.append(core.schedules)
    yield made
    company.core.store.close()


@pytest.mark.parametrize(
    "cadence",
    [
        DAILY,
        Cadence(Rhythm.WEEKDAYS, time(7, 30)),
        Cadence(Rhythm.WEEKLY, weekday=6),
        Cadence(Rhythm.FORTNIGHTLY, time(17, 5), weekday=4),
        Cadence(Rhythm.MONTHLY, day=31),
        Cadence(Rhythm.QUARTERLY, time(0, 0), day=2),
        Cadence(Rhythm.CRON, cron="0 9 * * 1-5"),
    ],
)
def test_the_canonical_form_of_a_cadence_reads_back(cadence: Cadence) -> None:
    assert Cadence.of(str(cadence)) == cadence


async def test_a_question_is_kept_canonical_and_the_next_slot_is_in_the_zone(desk: Desk) -> None:
    made = await desk.subscribed(WEEKLY, question="Team = design")
    assert made.question.startswith("team=Design")
    assert made.next is not None
    assert (made.next.name, made.next.due) == ("2026-11-30T09:00", datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert await desk.subscribed(WEEKLY) == made
    assert [each.token for each in await desk.there.listed(desk.asker())] == [made.token]


async def test_nobody_sees_or_changes_what_is_somebody_elses_but_an_owner(desk: Desk) -> None:
    made = await desk.subscribed(user="U1")
    stranger, owner = desk.asker("U2"), desk.asker("U3", owner=True)
    assert await desk.here.listed(stranger) == []
    for refused in (desk.here.one, desk.here.pause, desk.here.resume, desk.here.end, desk.here.history):
        with pytest.raises(NotAllowed):
            await refused(stranger, made.token)
    with pytest.raises(NotAllowed):
        await desk.here.listed(stranger, everyone=True)
    assert await desk.here.listed(owner, everyone=True) == [made]
    assert (await desk.here.pause(owner, made.token[:4])).by == "U3"
    given = await desk.here.hand_over(owner, made.token, "U2")
    assert (given.owner, await desk.here.listed(desk.asker("U1"))) == ("U2", [])
    assert await desk.here.listed(stranger) == [given]


async def test_fifty_schedules_are_enough_for_anybody(desk: Desk) -> None:
    for minute in range(50):
        await desk.subscribed(Cadence(Rhythm.DAILY, time(9, minute)))
    with pytest.raises(AskAgain, match="more than 50 schedules"):
        await desk.subscribed(Cadence(Rhythm.DAILY, time(10)))
    assert (await desk.subscribed(Cadence(Rhythm.DAILY, time(9, 3)))).cadence.at == time(9, 3)
    with pytest.raises(AskAgain, match="no schedule"):
        await desk.here.one(desk.asker(), "")


@pytest.mark.parametrize(
    ("cadence", "zone", "told"),
    [
        (DAILY, "Europe/Atlantis", "no time zone “Europe/Atlantis”"),
        (Cadence(Rhythm.CRON, cron="0 0 31 2 *"), BERLIN, "never due"),
    ],
)
async def test_what_never_comes_is_refused(desk: Desk, cadence: Cadence, zone: str, told: str) -> None:
    with pytest.raises(AskAgain, match=told):
        await desk.here.subscribe(desk.asker(), Kind.DIGEST, "team=Design", cadence, zone)


async def test_a_fortnight_begins_with_the_first_one(desk: Desk) -> None:
    """The anchor is the Monday of the week in which it is due first, not of the week of the subscription."""
    made = await desk.subscribed(Cadence(Rhythm.FORTNIGHTLY))
    assert (made.anchor, made.next and made.next.name) == (date(2026, 11, 30), "2026-11-30T09:00")


async def test_a_slot_is_one_post_for_all_processes(desk: Desk) -> None:
    made = await desk.subscribed()
    assert await desk.here.due_now(desk.now) == 0
    post = await desk.due()
    assert (post.key, post.state, post.late) == (f"digest:{made.token}:2026-11-25T09:00", State.CLAIMED, False)
    assert (await desk.there.due_now(desk.now), await desk.there.claim(desk.now)) == (0, [])
    assert await desk.here.may_post(post, date(2026, 11, 24), None, "{}")
    assert await desk.here.posted(post, "D1", "1.1")
    assert await desk.there.posted(post, "D1", "1.1")
    assert not await desk.there.posted(post, "D1", "2.2")
    (after,) = await desk.here.listed(desk.asker())
    assert (after.since, after.quiet_since, after.next and after.next.name) == (
        date(2026, 11, 24),
        desk.now,
        "2026-11-26T09:00",
    )
    found = await desk.there.of_message("D1", "1.1")
    assert found is not None
    assert (await desk.here.before([made.token]), await desk.here.last([made.token])) == ({made.token: found},) * 2


async def test_after_a_weekend_away_one_is_sent_late_and_the_others_are_missed(desk: Desk) -> None:
    made = await desk.subscribed()
    desk.now = NOW + 3 * DAY
    assert await desk.here.due_now(desk.now) == 3
    (post,) = await desk.here.claim(desk.now)
    assert (post.slot, post.late) == ("2026-11-27T09:00", True)
    told = [(each.slot[:10], each.state, each.cause) for each in await desk.here.history(desk.asker(), made.token)]
    assert told[1:] == [
        ("2026-11-26", State.MISSED, Why.TOO_LATE),
        ("2026-11-25", State.MISSED, Why.TOO_LATE),
    ]


async def test_what_waits_for_more_than_a_day_is_missed_also_when_it_was_written_down(desk: Desk) -> None:
    await desk.subscribed(WEEKLY)
    post = await desk.due()
    assert await desk.here.hand_back() == 1
    desk.now += DAY + MINUTE
    assert (await desk.here.claim(desk.now), await desk.state(post)) == ([], State.MISSED)


async def test_a_lease_that_is_over_lets_others_send_and_its_holder_may_not(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    desk.now += 119 * SECOND
    assert await desk.there.claim(desk.now) == []
    desk.now += SECOND
    (taken,) = await desk.there.claim(desk.now)
    assert (taken.fence, taken.attempt) == (post.fence + 1, 1)
    assert not await desk.here.may_post(post, None, None, "{}")
    assert not await desk.here.skipped(post)
    assert await desk.there.may_post(taken, None, None, "{}")
    assert desk.there.holds(taken)


async def test_who_has_too_little_time_left_lets_others_send(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    desk.now += 91 * SECOND
    assert not await desk.here.may_post(post, None, None, "{}")
    (taken,) = await desk.there.claim(desk.now)
    assert (taken.attempt, await desk.there.may_post(taken, None, None, "{}")) == (0, True)


async def test_who_dies_while_posting_is_looked_for_and_not_repeated(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    assert await desk.here.may_post(post, None, None, "{}")
    assert await desk.there.doubtful(desk.now) == []
    desk.now += 3 * MINUTE - SECOND
    assert (await desk.there.claim(desk.now), await desk.there.doubtful(desk.now)) == ([], [])
    desk.now += SECOND
    (looked,) = await desk.there.doubtful(desk.now)
    assert await desk.here.doubtful(desk.now) == []
    assert not desk.here.holds(post)
    assert await desk.there.arrived(looked, "1.1")
    assert not await desk.there.not_arrived(looked)
    assert await desk.state(post) is State.POSTED


async def test_what_was_sent_after_all_counts_and_nobody_sends_it_again(desk: Desk) -> None:
    """Somebody frozen while sending; meanwhile others looked, found nothing and prepared it anew."""
    await desk.subscribed()
    post = await desk.due()
    await desk.here.may_post(post, None, None, "{}")
    desk.now += 3 * MINUTE
    (looked,) = await desk.there.doubtful(desk.now)
    assert await desk.there.not_arrived(looked)
    (taken,) = await desk.there.claim(desk.now)
    assert await desk.here.posted(post, "D1", "1.1")
    assert not await desk.there.may_post(taken, None, None, "{}")
    assert await desk.state(post) is State.POSTED


async def test_of_what_may_have_been_sent_after_all_somebody_looks_again(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    await desk.here.may_post(post, None, None, "{}")
    desk.now += 3 * MINUTE
    (looked,) = await desk.there.doubtful(desk.now)
    await desk.there.not_arrived(looked)
    (taken,) = await desk.there.claim(desk.now)
    assert await desk.here.lost(post)
    assert not await desk.there.may_post(taken, None, None, "{}")
    (looked,) = await desk.there.doubtful(desk.now + MINUTE)
    assert await desk.there.arrived(looked, "1.1")


async def test_of_two_messages_the_one_that_came_second_goes(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    await desk.here.may_post(post, None, None, "{}")
    desk.now += 3 * MINUTE
    (looked,) = await desk.there.doubtful(desk.now)
    await desk.there.not_arrived(looked)
    (taken,) = await desk.there.claim(desk.now)
    assert await desk.there.may_post(taken, None, None, "{}")
    assert not await desk.here.posted(post, "D1", "1.1")
    assert not await desk.here.taken_back(post, "1.1")
    assert await desk.there.posted(taken, "D1", "2.2")
    # Had a third one taken the message for the one that counts, it would be due again.
    assert await desk.here.taken_back(post, "2.2")
    assert await desk.state(post) is State.DUE


async def test_a_lost_answer_is_looked_for_and_then_handed_to_the_owner(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    await desk.here.may_post(post, None, None, "{}")
    assert await desk.here.lost(post)
    assert await desk.there.doubtful(desk.now) == []
    desk.now += MINUTE
    (looked,) = await desk.there.doubtful(desk.now)
    assert await desk.there.undecided(looked, 60)
    assert await desk.there.doubtful(desk.now) == []
    desk.now += MINUTE
    (looked,) = await desk.there.doubtful(desk.now)
    assert await desk.there.handed(looked)
    handed = await desk.here.of_key(post.key)
    assert handed is not None
    assert await desk.here.not_arrived(handed)
    assert [each.key for each in await desk.here.claim(desk.now)] == [post.key]


async def test_eight_attempts_with_growing_pauses(desk: Desk) -> None:
    await desk.subscribed(WEEKLY)
    post = await desk.due()
    pauses = list[timedelta]()
    while await desk.here.again(post, "ratelimited", 5):
        pause = timedelta(seconds=PAUSES[len(pauses)])
        assert await desk.here.claim(desk.now + pause - SECOND) == []
        desk.now += pause
        (post,) = await desk.here.claim(desk.now)
        pauses.append(pause)
    assert len(pauses) == len(PAUSES)
    found = await desk.here.of_key(post.key)
    assert found is not None
    assert (found.state, found.cause, found.tries) == (State.FAILED, "given up: ratelimited", 8)
    assert (found.is_given_up, found.obstacle) == (True, "ratelimited")


async def notices(desk: Desk) -> list[Post]:
    """Claim what is due now, of which all but notices is let go."""
    claimed = await desk.there.claim(desk.now)
    return [each for each in claimed if each.kind is Kind.NOTICE]


async def given_up_by_slack(desk: Desk, post: Post) -> None:
    desk.now += DAY - MINUTE
    (post,) = await desk.here.claim(desk.now)
    assert not await desk.here.again(post, "network", 120)


async def given_up_by_who_dies(desk: Desk, post: Post) -> None:
    for _ in PAUSES:
        desk.now += timedelta(minutes=3)
        assert [each.key for each in await desk.here.claim(desk.now)] == [post.key]
    desk.now += timedelta(minutes=3)
    assert await desk.here.claim(desk.now) == []


async def given_up_by_lost_answers(desk: Desk, post: Post) -> None:
    for _ in PAUSES:
        await doubted(desk, post)
        (post,) = await desk.here.claim(desk.now)
    await doubted(desk, post)


async def doubted(desk: Desk, post: Post) -> None:
    assert await desk.here.may_post(post, None, None, "{}")
    assert await desk.here.lost(post)
    desk.now += MINUTE
    (looked,) = await desk.there.doubtful(desk.now)
    assert await desk.there.not_arrived(looked)


GIVEN_UP = [(given_up_by_slack, "network"), (given_up_by_who_dies, "interrupted"), (given_up_by_lost_answers, "lost")]


@pytest.mark.parametrize(("way", "cause"), GIVEN_UP)
async def test_whoever_gives_up_writes_down_in_the_same_turn_that_the_owner_is_told(
    desk: Desk, way: Callable[[Desk, Post], Awaitable[None]], cause: str
) -> None:
    await desk.subscribed(WEEKLY)
    post = await desk.due()
    await way(desk, post)
    found = await desk.here.of_key(post.key)
    assert found is not None
    assert (found.state, found.cause) == (State.FAILED, f"given up: {cause}")
    (notice,) = await notices(desk)
    assert (notice.key, notice.owner, notice.channel) == (f"notice:{post.key}:U1", "U1", "")
    assert json.loads(notice.content) == {"what": "given up", "post": post.key}


async def test_nobody_is_told_of_a_notice_that_is_given_up(desk: Desk) -> None:
    await desk.here.enqueue("notice:x:U1", Kind.NOTICE, "U1", "", desk.now)
    (post,) = await desk.here.claim(desk.now)
    while await desk.here.again(post, "network", 30):
        desk.now += 6 * timedelta(hours=1)
        (post,) = await desk.here.claim(desk.now)
    assert await desk.here.claim(desk.now) == []


async def test_slack_says_how_long_to_wait(desk: Desk) -> None:
    await desk.subscribed(WEEKLY)
    post = await desk.due()
    assert await desk.here.again(post, "ratelimited", 90)
    assert await desk.here.claim(desk.now + timedelta(seconds=89)) == []
    assert len(await desk.here.claim(desk.now + timedelta(seconds=90))) == 1


async def test_a_pause_withdraws_what_waits_and_what_is_prepared(desk: Desk) -> None:
    made = await desk.subscribed()
    post = await desk.due()
    paused = await desk.there.pause(desk.asker(), made.token)
    assert (paused.standing, paused.next) == (Standing.PAUSED, None)
    assert not await desk.here.may_post(post, None, None, "{}")
    assert await desk.state(post) is State.WITHDRAWN
    desk.now += 5 * DAY - MINUTE
    assert await desk.here.due_now(desk.now) == 0
    resumed = await desk.here.resume(desk.asker(), made.token)
    assert (resumed.standing, resumed.next and resumed.next.name) == (Standing.ON, "2026-11-30T09:00")


async def test_trouble_stops_a_schedule_and_says_so_to_one(desk: Desk) -> None:
    made = await desk.subscribed()
    post = await desk.due()
    assert await desk.here.failed(post, "is_archived")
    assert await desk.here.trouble(made.token, "is_archived")
    assert not await desk.there.trouble(made.token, "is_archived")
    (stopped,) = await desk.here.listed(desk.asker())
    assert (stopped.standing, stopped.cause, stopped.next) == (Standing.TROUBLE, "is_archived", None)
    again = await desk.here.resume(desk.asker(), made.token)
    assert (again.cause, again.next and again.next.name) == ("", "2026-11-26T09:00")


async def test_sent_now_comes_once_a_press_also_while_it_is_paused(desk: Desk) -> None:
    made = await desk.subscribed()
    await desk.here.pause(desk.asker(), made.token)
    assert await desk.here.send_now(desk.asker(), made.token, "press 1")
    assert not await desk.there.send_now(desk.asker(), made.token, "press 1")
    (post,) = await desk.there.claim(desk.now)
    assert (post.slot, post.schedule) == ("", made.token)
    assert await desk.there.may_post(post, None, None, "{}")
    await desk.here.end(desk.asker(), made.token)
    with pytest.raises(AskAgain, match="was ended"):
        await desk.here.send_now(desk.asker(), made.token, "press 2")


async def test_a_change_keeps_what_is_due_and_does_not_repeat_a_slot(desk: Desk) -> None:
    made = await desk.subscribed()
    desk.now = datetime(2026, 11, 25, 8, 5, tzinfo=UTC)
    moved = await desk.here.edit(desk.asker(), made.token, cadence=Cadence(Rhythm.DAILY, time(10)), channel="C1")
    assert (moved.channel, moved.next and moved.next.name) == ("C1", "2026-11-25T10:00")
    (post,) = await desk.here.claim(desk.now)
    assert (post.slot, post.channel) == ("2026-11-25T09:00", "C1")
    back = await desk.here.edit(desk.asker(), made.token, cadence=DAILY, zone="America/New_York")
    assert back.next is not None
    assert back.next.name == "2026-11-26T09:00"


async def test_a_clock_that_was_put_back_finds_the_slots_again_that_it_ran_past(desk: Desk) -> None:
    made = await desk.subscribed()
    desk.now = NOW + 40 * DAY
    assert await desk.here.due_now(desk.now) == 40
    sent = [each.slot for each in await desk.here.claim(desk.now)]
    for days in range(1, 40):
        desk.now = NOW + days * DAY
        assert await desk.here.due_now(desk.now) == 0
        sent += [each.slot for each in await desk.here.claim(desk.now) if each.slot not in {*sent, ""}]
    assert (len(sent), len(set(sent))) == (40, 40)
    desk.now = NOW + 41 * DAY
    assert await desk.here.due_now(desk.now) == 1
    assert len(await desk.here.history(desk.asker(), made.token, 100)) == 41


async def test_an_alert_is_written_down_once_and_keeps_a_week(desk: Desk) -> None:
    assert await desk.here.enqueue("alert:tokens:1", Kind.ALERT, "U1", "", desk.now)
    assert not desk.there.enqueue_here("alert:tokens:1", Kind.ALERT, "U1", "", desk.now)
    desk.now += 6 * DAY
    (post,) = await desk.there.claim(desk.now)
    assert (post.kind, post.owner, post.late) == (Kind.ALERT, "U1", True)


async def test_of_two_who_change_a_message_the_second_reads_it_again(desk: Desk) -> None:
    await desk.subscribed()
    post = await desk.due()
    await desk.here.may_post(post, None, None, '{"rows": [1, 2]}')
    await desk.here.posted(post, "D1", "1.1")
    shown = await desk.here.of_message("D1", "1.1")
    assert shown is not None
    assert await desk.here.keep_content(shown, '{"rows": [1]}')
    assert not await desk.there.keep_content(shown, '{"rows": [2]}')
    assert await desk.there.keep_content(replace(shown, content='{"rows": [1]}'), "{}")


async def test_what_ended_400_days_ago_is_forgotten(desk: Desk) -> None:
    made = await desk.subscribed()
    post = await desk.due()
    await desk.here.skipped(post)
    await desk.here.end(desk.asker(), made.token)
    assert await desk.here.listed(desk.asker()) == []
    assert len(await desk.here.history(desk.asker(), made.token)) == 1
    desk.now += 399 * DAY
    assert await desk.here.expire() == 0
    desk.now += 2 * DAY
    assert await desk.here.expire() == 2
