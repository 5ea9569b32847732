"""Digests, schedules, notices and alerts as messages: within Slack's limits, harmless, in German, redrawn alike."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers import language, limits
from handlers.digest_content import Content, memo, packed, unpacked, with_names
from handlers.slack_faults import Fault, Kind, fault
from handlers.views import alerts, notices, schedules
from handlers.views import digest as view
from handlers.views import schedule_form as form
from handlers.views.blocks import Message
from handlers.views.digest import Around
from handlers.views.schedules import Listing
from reporting_core.usecases import saying
from reporting_core.words.alerts import Alert, AlertItem, AlertKind, AlertRule
from reporting_core.words.digests import Digest, DigestRow, Listed, Tokens
from reporting_core.words.said import say
from reporting_core.words.schedules import Cadence, Post, Rhythm, Schedule, Slot, Standing, State, Why
from reporting_core.words.schedules import Kind as PostKind
from tests import hand_made
from tests.test_handlers_german import english_in, words_of
from tests.test_handlers_views import all_text

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
SINCE, RENEWAL = date(2026, 11, 17), date(2027, 3, 1)


def row(number: int, **changes: Any) -> DigestRow:
    made = DigestRow(number, f"Person {number}", "Design", "Revit", date(2026, 1, 31), date(2026, 3, 9), SINCE)
    return made._replace(**changes)


def listed(*numbers: int, count: int = 0) -> Listed:
    return Listed(count or len(numbers), tuple(row(number) for number in numbers))


def tokens(**changes: Any) -> Tokens:
    arithmetic = say("How long tokens last is worked out for whole teams only.")
    made = Tokens(100, SINCE, 500.0, hand_made.TODAY, 14.3, date(2027, 1, 3), RENEWAL, 0, arithmetic)
    return replace(made, **changes)


def digest(**changes: Any) -> Digest:
    made = Digest(
        "team=Design last=30d",
        "Design",
        1,
        hand_made.TODAY,
        SINCE,
        hashed=False,
        team_ids=frozenset({1}),
        seats=hand_made.seats(),
        newly_inactive=listed(*range(1, 9), count=12),
        back_again=listed(20),
        unused_14=listed(30, 31),
        freed=listed(40),
        corrected=listed(50),
        waiting=listed(1, 2, 3),
        tokens=tokens(),
        notes=saying.taken_since(2, hand_made.TODAY),
        chart=hand_made.chart(12, "week"),
        memo={"told": [1]},
    )
    return replace(made, **changes)


def hostile() -> Digest:
    def some(first: int) -> Listed:
        names = hand_made.HOSTILE
        rows = (
            row(n, person=names[n % len(names)], team=names[n % len(names)], product=names[n // 2 % len(names)])
            for n in range(first, first + 20)
        )
        return Listed(20_000, tuple(rows))

    lists = {name: some(at) for at, name in enumerate((*view.LISTS, "waiting"), 1)}
    off = {"hashed": True, "hashed_because": hand_made.HOSTILE}
    made: dict[str, Any] = {**lists, **off, "team": None, "team_count": 3, "question": f"team={'x' * 900}"}
    return digest(**made, tokens=tokens(team="<!channel> *x*"), chart=hand_made.chart(20, "week"))


AROUND = Around("token", "digest:token:2026-11-25T09:00", late=True, due=NOW)
TOTALS = Around("token", "digest:token:2026-11-25T09:00", named=False, reason="public")


def schedule(**changes: Any) -> Schedule:
    made = Schedule(
        1,
        "k3x9abcdef",
        PostKind.DIGEST,
        "team=Design last=30d",
        Cadence(Rhythm.WEEKLY),
        "Europe/Berlin",
        SINCE,
        "",
        "U1",
        NOW,
    )
    return replace(made, next=Slot(NOW.replace(tzinfo=None), NOW), **changes)


def post(state: State = State.POSTED, **changes: Any) -> Post:
    made = Post(1, "digest:k3x9abcdef:x", PostKind.DIGEST, state, NOW, "", "U1", "k3x9abcdef", "x")
    return replace(made, finished_at=NOW, **changes)


CAUSES = (
    *("archived", "not_in_channel", "channel_gone", "outsider", "scope", "token", "restricted", "person", "rights"),
    *(
        "question: There is no team “Design”.",
        "setting",
        "full",
        "too_big",
        Why.GIVEN_UP,
        "lost",
        "who",
        "busy",
        "disk",
    ),
    *("ratelimited", "something_else"),
)
CADENCES = (
    *(Cadence(each) for each in Rhythm if each is not Rhythm.CRON),
    Cadence(Rhythm.CRON, cron="0 9 * * 1-5"),
)
ITEM = AlertItem("Design", say("How long tokens last is worked out for whole teams only."), "team=Design")
ALERT = Alert("alert:x", AlertKind.TOKENS_LOW, NOW, 30, (ITEM,) * 20)


TOKENS: tuple[dict[str, Any], ...] = (
    {"run_out": None},
    {"run_out": None, "renewal": None},
    {"remaining": None, "stated_on": None},
    {"renewal": date(2027, 1, 2)},
)


def digests() -> Iterator[tuple[str, Message]]:
    yield "digest", view.message(digest(), AROUND)
    yield "first", view.message(digest(since=None), AROUND)
    yield "totals", view.message(digest(), TOTALS)
    yield "stale", view.message(digest(stale=9), AROUND)
    yield "well", view.all_well(digest(nothing_new=True), AROUND)
    yield "preview", schedules.as_preview(view.message(digest(), Around("token")), "archived")
    nothing = {name: Listed() for name in (*view.LISTS, "waiting")}
    yield "nothing", view.message(digest(**nothing, tokens=None, chart=None), AROUND)
    for changes in TOKENS:
        yield f"{changes}", view.message(digest(tokens=tokens(unused=7.5, **changes)), AROUND)
    for reason in ("shared", "many", "some_may_not", "unknown"):
        yield reason, view.message(digest(), replace(TOTALS, reason=reason))


def of_schedules() -> Iterator[tuple[str, Message]]:
    for change in ("subscribed", "known", "paused", "resumed", "edited", "handed", "taken", "ended", "sent"):
        yield change, schedules.told(schedule(channel="C1"), change)
    for cadence in CADENCES:
        yield f"{cadence}", schedules.told(schedule(cadence=cadence), "edited")
    history = [post(state, cause=cause) for state in State for cause in ("", *CAUSES, "no rows", Why.OVERTAKEN)]
    for at in range(0, len(history), 10):
        yield f"history {at}", schedules.one(schedule(), history[at : at + 10])
    for standing in Standing:
        every = [schedule(standing=standing, cause="archived", by="U1", token=f"t{n}") for n in range(12)]
        yield (
            standing,
            schedules.listed(Listing(every, {each.token: post() for each in every}, everyone=True, offset=5)),
        )
    yield "none", schedules.listed(Listing([]))


def others() -> Iterator[tuple[str, Message]]:
    for cause in CAUSES:
        yield cause, notices.message(notices.Notice("rests", {"cause": cause}, schedule(), "U2"))
    yield "orphan", notices.message(notices.Notice("orphan", {"cause": "rights"}, schedule()))
    yield "doubt", notices.message(notices.Notice("doubt", {"post": "x", "channel": "C1"}, None))
    yield "alert channel", notices.message(notices.Notice("alert", {"channel": "C1"}, None))
    for arrived, done in ((True, True), (False, True), (False, False)):
        yield f"settled {arrived} {done}", notices.settled(arrived=arrived, done=done)
    for kind in AlertKind:
        yield f"alert {kind}", alerts.message(replace(ALERT, kind=kind), aloud=kind is AlertKind.RUN_OUT)
    rules = [AlertRule(kind, kind is not AlertKind.RUN_OUT, 3, "C1") for kind in AlertKind]
    yield "rules", alerts.rules(rules, AlertKind.RUN_OUT, owner=True)


def messages() -> Iterator[tuple[str, Message]]:
    yield from digests()
    yield from of_schedules()
    yield from others()


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_message_keeps_slacks_limits(spoken: str) -> None:
    with language.speaking(spoken):
        for name, made in [
            *messages(),
            ("hostile", view.message(hostile(), AROUND)),
            ("x", view.message(hostile(), TOTALS)),
        ]:
            for each in (made, made.fallback):
                assert each is None or limits.problems(each.blocks) == [], name
            assert made.text
        for filled in (form.of(schedule(channel="C1")), form.Filled("x" * 3_000, Cadence(Rhythm.WEEKLY), "UTC")):
            assert limits.view_problems(form.form(filled)) == []
        home = {"type": "home", "blocks": schedules.in_home([schedule()] * 9, {"k3x9abcdef": post()}, 5)}
        assert limits.view_problems(home) == []


def own(text: str) -> str:
    """Our own words in a text: without Slack's dates and what the core said when a question failed."""
    return re.sub(r"<!date[^|]*\||: There is no team “Design”\.", " ", text)


def test_german_messages_hold_no_english() -> None:
    with language.speaking("de"):
        told = {name: [*words_of({"text": made.text, "blocks": made.blocks})] for name, made in messages()}
        told["form"] = [*words_of(form.form(form.of(schedule())))]
    found = {name: english_in(*map(own, texts)) for name, texts in told.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_name_pings_or_links() -> None:
    for around in (AROUND, replace(AROUND, settled={1: "settled"}), TOTALS):
        made = view.message(hostile(), around)
        for part in (made, made.fallback):
            assert part is not None
            formatted = [part.text, *mrkdwn_in(part.blocks)]
            assert not any(sign in each for each in formatted for sign in ("<!channel", "<!here", "<@U123", "<http"))


def mrkdwn_in(block: Any) -> Iterator[str]:
    if isinstance(block, dict):
        if block.get("type") == "mrkdwn":
            yield block["text"]
        for each in block.values():
            yield from mrkdwn_in(each)
    elif isinstance(block, list | tuple):
        for each in block:
            yield from mrkdwn_in(each)


def test_over_several_teams_the_arithmetic_says_whose_it_is() -> None:
    words = "How long tokens last is worked out for whole teams only."
    told = all_text(view.message(digest(tokens=tokens(team="Field Office")), AROUND).blocks)
    assert f"Field Office: {words}" in told
    assert words in all_text(view.message(digest(tokens=tokens(team="")), AROUND).blocks)


def test_it_is_redrawn_as_it_was_from_ids_alone() -> None:
    for made in (
        digest(),
        digest(since=None, tokens=tokens(run_out=None, team="Design")),
        digest(chart=None, seats=None, tokens=None),
    ):
        text = packed(Content(made, kept={2: "U1"}, batches={3: "V1~key"}))
        assert "Person" not in text
        again = unpacked(text)
        names = {id_: (f"Person {id_}", "Design", "Revit") for id_ in again.ids}
        assert view.message(with_names(again.digest, names), AROUND) == view.message(made, AROUND)
        assert again.digest.notes == made.notes
        assert (again.kept, again.batches, memo(text)) == ({2: "U1"}, {3: "V1~key"}, {"told": [1]})
    assert memo("{}") == memo("") == {}


def test_whose_name_is_not_known_any_more_is_a_dash() -> None:
    again = with_names(unpacked(packed(Content(digest()))).digest, {})
    assert "– · –" in "\n".join(all_text(view.message(again, AROUND).blocks))


def test_what_becomes_of_one_row_changes_nothing_else() -> None:
    before, after = (view.message(digest(), around).blocks for around in (AROUND, replace(AROUND, settled={2: "kept"})))
    changed = [block for block in after if block not in before]
    assert len(changed) == 1
    assert "Person 2" in str(changed)
    assert [block for block in before if block not in after] != []


def test_only_faults_of_slack_and_the_network_have_a_meaning() -> None:
    assert fault(TimeoutError()) == Fault(Kind.LOST, "lost")
    with pytest.raises(ValueError, match="ours"):
        fault(ValueError("ours"))
