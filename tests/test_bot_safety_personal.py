"""Personal data off means none: not shown, said, carried, suggested, sorted by, searched, printed or logged."""

import io
import itertools
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.printing import contract
from bot.printing import imported as printed_imports
from bot.printing import report as printed
from handlers.views import report as view
from handlers.views.blocks import Message
from reporting_core.core import Core
from reporting_core.metrics.personal import Pseudonyms
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.query import Vocabulary
from reporting_core.words.report import UsageReport
from tests.safe_company import KEY, Holder, Seat, opened, write
from tests.safe_typist import Typist, typing

TEAMS = ("Vault", "Build", "Rail", "Water")
OWNER = "U1@example.com"
CANARY = "zanary"


def seats() -> list[Seat]:
    """Three people a team, one of them in all teams; names and e-mails begin with the canary's word."""
    everywhere = [Seat(f"{CANARY}.all@example.com", "Zanaryall", "Zanarybird", team, number="A99") for team in TEAMS]
    return everywhere + [
        Seat(f"{CANARY}.{team}{n}@example.com", f"Zanary{team}{n}", "Zanarybird", team, number=f"A{place}{n}")
        for place, team in enumerate(TEAMS)
        for n in range(2)
    ]


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    holders = [Holder(OWNER, team=team) for team in TEAMS]
    with opened(f"sqlite:///{tmp_path / 'x.db'}", write(tmp_path / "in", seats(), holders, days=3)) as made:
        yield made


@pytest.fixture
async def typist(core: Core) -> AsyncIterator[Typist]:
    async with typing(core) as made:
        yield made


def set_off(core: Core, off: frozenset[str]) -> None:
    for team in TEAMS:
        core.set_personal_data(team, shown=team not in off)


def everything(answer: UsageReport) -> str:
    """All that any surface can get of a report."""
    message: Message | None = view.message(answer, {"q": answer.canonical})
    parts = [
        json.dumps(contract.report(answer)),
        printed.text(answer, printed.Screen()),
        repr(answer),
        repr([*answer.rows]),
    ]
    while message is not None:
        parts += [message.text, json.dumps(message.blocks)]
        message = message.fallback
    return "\n".join(parts)


def test_one_team_that_is_off_among_those_asked_hides_everybody_for_all_settings_of_four_teams(core: Core) -> None:
    for count in range(len(TEAMS) + 1):
        for off in itertools.combinations(TEAMS, count):
            set_off(core, frozenset(off))
            asked = [("", TEAMS), *((f"team={team}", (team,)) for team in TEAMS)]
            asked += [(f"team={','.join(pair)}", pair) for pair in itertools.combinations(TEAMS, 2)]
            asked += [(f"team!={team}", tuple(each for each in TEAMS if each != team)) for team in TEAMS]
            for text, teams in asked:
                answer = core.answer(f"{text} sort=person", core.operator)
                hidden = bool(set(teams) & set(off))
                assert (CANARY not in everything(answer).casefold()) is hidden, f"off: {off}, asked: {text}"
                assert answer.hashed is hidden


async def test_nothing_that_is_sent_or_logged_names_anybody_while_one_team_is_off(
    typist: Typist, core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    set_off(core, frozenset({"Rail"}))
    texts = (
        "", "last=30d", "sort=person", "sort=-person page=2", "team=all", "team!=Vault", "Zanari", "Zanaribird",
        "user=Zana*", "zanary.all", "user=me", "group=none", "team=Rail", "Rail Vault", "help", "examples",
        "user=nobody", "status=inactive", "version=2026", "last=1y top=3",
    )  # fmt: skip
    for text in texts:
        _status, said = await typist.command(text)
        told = json.dumps([call.arguments for call in said]).casefold()
        for typed in sorted({text.casefold(), *text.casefold().replace("=", " ").split()}, key=len, reverse=True):
            told = told.replace(typed, "") if typed else told
        assert CANARY not in told, text
    await typist.press("change", '{"q":"last=30d"}')
    for field in ("team", "product"):
        assert CANARY not in json.dumps(await typist.look_up(field, "")).casefold()
    await typist.submit({"typed": {"value": "sort=person"}})
    await typist.event({"type": "app_home_opened", "tab": "home", "user": "U1", "channel": "D1"})
    sent = [call for call in typist.slack.calls if "views" in call.method]
    assert CANARY not in json.dumps([call.arguments for call in sent]).casefold()
    assert CANARY not in typist.log.getvalue().casefold()
    assert CANARY not in caplog.text.casefold()


async def test_logs_name_nobody_even_where_names_are_shown(typist: Typist, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for text in (
        "last=30d",
        "user=zanary.all@example.com",
        "user=Zanaryall",
        "Zanari",
        "team=Zanary",
        "user=Zanaryall",
    ):
        await typist.command(text)
    typist.slack.faults["response"] = [500, "invalid_blocks", "used_url"]
    typist.slack.faults["chat.postEphemeral"] = ["channel_not_found"]
    typist.slack.faults["chat.postMessage"] = [500]
    await typist.command("last=30d page=2")
    assert CANARY not in typist.log.getvalue().casefold() + caplog.text.casefold()


@pytest.mark.parametrize("text", ["zanaryall", "user=zanaryall", "user=zanary.all@example.com", "user=zan*"])
def test_a_search_by_name_or_e_mail_finds_nobody_who_is_hidden(core: Core, text: str) -> None:
    assert core.answer(f"{text} team=Rail", core.operator).row_count
    set_off(core, frozenset({"Rail"}))
    assert CANARY not in _found(core, f"{text} team=Rail").replace(text.removeprefix("user="), "")


def _found(core: Core, text: str) -> str:
    """What a question finds or suggests, without the words in which it was asked."""
    try:
        answer = core.answer(text, core.operator)
    except AskAgain as error:
        return " ".join(error.suggestions).casefold()
    return f"{[row.person for row in answer.rows]} {answer.nearest} {answer.notes}".casefold()


def test_a_hidden_person_is_found_by_the_hash_which_is_the_same_in_every_report(core: Core) -> None:
    set_off(core, frozenset({"Rail"}))
    everybody = core.answer("last=30d", core.operator)
    rail = core.answer("team=Rail last=60d", core.operator)
    hashes = {row.person for row in rail.rows}
    assert hashes <= {row.person for row in everybody.rows}
    assert all(len(each) >= 12 and set(each) <= set("0123456789abcdef") for each in hashes)
    one = next(iter(hashes))
    assert {row.person for row in core.answer(f"user={one}", core.operator).rows} == {one}


def test_hashes_cannot_be_worked_out_from_names_or_e_mails(core: Core) -> None:
    """Whoever holds the database but not the key gets no further by guessing; another key or account gives others."""
    set_off(core, frozenset(TEAMS))
    hashes = {row.person for row in core.answer("last=30d", core.operator).rows}
    for key, account in ((b"another key of sixteen", 1), (KEY, 2)):
        assert hashes.isdisjoint(Pseudonyms(key, account).of(person) for person in range(100))


def test_the_order_of_hidden_rows_says_nothing_about_their_names(core: Core) -> None:
    set_off(core, frozenset(TEAMS))
    for text in ("sort=person", "", "sort=last", "team=Rail", "sort=-person"):
        rows = core.answer(text, core.operator).rows
        hashes = [row.person for row in rows if row.status == rows[0].status]
        assert hashes == sorted(hashes, reverse="-person" in text), text


@pytest.mark.parametrize("masked", [False, True])
def test_the_result_of_an_import_names_nobody_of_a_team_that_is_off(
    core: Core, tmp_path: Path, *, masked: bool
) -> None:
    set_off(core, frozenset({"Rail", "Water"}))
    left = [seat for seat in seats() if not seat.email.startswith(f"{CANARY}.Rail0")]
    hidden = [
        replace(seat, email="*****", first="*****", last="*****") if masked and seat.team == "Water" else seat
        for seat in left
    ]
    result = core.load(write(tmp_path, hidden, days=1), LoadOptions())
    told = f"{result!r} {json.dumps(contract.imported(result))} {printed_imports.text(result)}".casefold()
    assert f"{CANARY}rail" not in told
    assert f"{CANARY}.rail" not in told
    assert f"{CANARY}water" not in told
    assert f"{CANARY}.water" not in told


class Hurried:
    """Vocabularies that a team leaves, at the moment between reading a question and answering it."""

    def __init__(self, core: Core) -> None:
        self.core, self.real, self.asked = core, core.names, 0

    def of(self, asker: Asker) -> Vocabulary:
        found = self.real.of(asker)
        self.asked += 1
        if self.asked == 1:
            set_off(self.core, frozenset({"Rail"}))
        return found


def test_names_that_were_guessed_just_before_a_team_went_off_are_not_shown_after(core: Core) -> None:
    assert core.answer("zanaryall", core.operator).query.guesses
    core.names = Hurried(core)  # type: ignore[assignment]
    with pytest.raises(AskAgain, match="I know no"):
        core.answer("zanaryall", core.operator)


def test_groups_of_a_hidden_team_are_shown_but_members_are_not(core: Core, tmp_path: Path) -> None:
    grouped = [replace(seat, group=f"Group {seat.team}") for seat in seats()]
    core.load(write(tmp_path, grouped, days=1))
    set_off(core, frozenset({"Rail"}))
    answer = core.answer('group="Group Rail"', core.operator)
    assert answer.row_count == 3
    assert CANARY not in everything(answer).casefold()


def test_nothing_a_library_logs_while_importing_and_asking_names_anybody(core: Core, tmp_path: Path) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    core.load(write(tmp_path, seats(), days=2))
    core.answer("sort=person", core.operator)
    root.removeHandler(handler)
    root.setLevel(before)
    assert CANARY not in stream.getvalue().casefold()
