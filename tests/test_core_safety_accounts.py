"""Two accounts in one database, with equal names and ids: nothing of the one is ever in an answer to the other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.printing import contract
from reporting_core.core import Core
from reporting_core.usecases.identity import Rules
from reporting_core.words.errors import AskAgain, NotAllowed, SettingWrong
from reporting_core.words.people import Asker, SlackPerson
from tests.safe_company import Holder, Seat, core_of, opened, write


@dataclass(frozen=True)
class Twins:
    """The same teams, products, e-mails and ids twice; only names of people, groups and one team differ."""

    one: Core
    two: Core

    def __iter__(self) -> Iterator[tuple[Core, str, str]]:
        return iter([(self.one, "onecanary", "twocanary"), (self.two, "twocanary", "onecanary")])


def files(folder: Path, canary: str) -> list[Path]:
    team, group = f"Team {canary}", f"Group {canary}"
    seats = [
        Seat("ann@example.com", canary, "Ann", number="A1", group=group),
        Seat("bob@example.com", canary, "Bob", "Build", number="A2"),
        Seat("ann@example.com", canary, "Ann", team, f"Product {canary}", number="A1"),
    ]
    return write(folder, seats, [Holder("ann@example.com"), Holder("bob@example.com", "Secondary admin", team)])


@pytest.fixture
def twins(database_url: str, tmp_path: Path) -> Iterator[Twins]:
    with opened(database_url) as one:
        two = core_of(one.store, "other", Rules(reporters={"cleo@example.com": frozenset({None})}))
        for core, canary, _other in Twins(one, two):
            core.load(files(tmp_path / canary, canary))
        yield Twins(one, two)


def asker(core: Core) -> Asker:
    return Asker(core.account_id, "U1", "Ann", "ann@example.com", every_team=True)


async def test_reports_vocabularies_and_errors_hold_only_the_own_account(twins: Twins) -> None:
    for core, own, other in twins:
        for text in ("", "team=Design", "team!=Build", f"user={own}", "group=none", "ann@example.com", f"team={other}"):
            try:
                told = json.dumps(contract.report(core.answer(text, asker(core))))
            except AskAgain as error:
                told = f"{error.message} {error.suggestions}".replace(f"“{other}”", "")
            assert other not in told.casefold(), text
        vocabulary = repr(await core.vocabulary(asker(core))).casefold()
        assert own in vocabulary
        assert other not in vocabulary
        assert other not in repr(core.teams()).casefold()


async def test_what_is_kept_matched_and_given_stays_in_its_account(twins: Twins) -> None:
    one, two = twins.one, twins.two
    token = await one.keep(asker(one), "team=Design last=7d")
    assert await two.kept(asker(two), token) is None
    assert await two.last_query(asker(two)) is None
    await one.link(one.operator, "U7", "ann@example.com")
    await one.grant(one.operator, "dora@example.com", None)
    assert (await two.people(two.operator)).links == ()
    assert (await two.people(two.operator)).reporters == (("cleo@example.com", None),)
    assert await two.take_back(two.operator, "dora@example.com") == 0
    assert await two.take_back(two.operator, "U7") == 0
    assert (await one.people(one.operator)).links == (("U7", "ann@example.com"),)


async def test_a_workspace_belongs_to_one_account_and_its_people_to_no_other(twins: Twins) -> None:
    one, two = twins.one, twins.two
    await one.bind_workspace("T1")
    with pytest.raises(SettingWrong, match="belongs to the account “main”"):
        await two.bind_workspace("T1")
    await two.bind_workspace("T2")
    for core, workspace, foreign in ((one, "T1", "T2"), (two, "T2", "T1")):
        assert (
            await core.identify(SlackPerson("U1", workspace, email="ann@example.com"))
        ).account_id == core.account_id
        with pytest.raises(NotAllowed):
            await core.identify(SlackPerson("U1", foreign, email="ann@example.com"))
    with pytest.raises(NotAllowed):
        await one.identify(SlackPerson("U3", "T1", email="cleo@example.com"))


def test_imports_merges_and_settings_of_one_leave_the_other_as_it_was(twins: Twins, tmp_path: Path) -> None:
    def told(core: Core) -> str:
        return json.dumps([contract.report(core.answer(text, asker(core))) for text in ("", "team=Design", "last=60d")])

    one, two = twins.one, twins.two
    before = told(two)
    one.merge_teams("Build", "Design")
    assert told(two) == before
    one.merge_teams("Build", "Design", undo=True)
    one.set_personal_data("Design", shown=False)
    result = one.load(write(tmp_path / "newer", [Seat("ann@example.com", "New", "Name", number="A1")], days=20))
    assert "twocanary" not in f"{result}".casefold()
    assert told(two) == before
    assert all(team.personal_data for team in two.teams())
    hashes = {row.person for row in one.answer("team=Design", asker(one)).rows}
    two.set_personal_data("Design", shown=False)
    assert hashes.isdisjoint(row.person for row in two.answer("team=Design", asker(two)).rows)
