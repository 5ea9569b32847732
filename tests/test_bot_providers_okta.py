"""Okta over real HTTP: memberships in Okta's own groups, signed in by an API token."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reporting_core.usecases.seats import memberships as words
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import Done, Seen
from tests.company import Company, open_company
from tests.directory_contract import DirectoryContract
from tests.directory_world import DirectoryWorld
from tests.okta_stand_in import TOKEN, OktaStandIn, id_of, okta, rule


class InOkta(DirectoryWorld):
    prefix = "USAGEBOT_OKTA"
    reads = ("group", "users", "members", "rules")
    secrets = (TOKEN, id_of("u", "ann"), "127.0.0.1")
    here: OktaStandIn

    def environment(self) -> dict[str, str]:
        return {
            "USAGEBOT_PROVIDER": "okta",
            "USAGEBOT_OKTA_URL": self.here.address,
            "USAGEBOT_OKTA_TOKEN": TOKEN,
            "USAGEBOT_OKTA_GROUPS": ",".join(f"{name}={self.here.groups[name]}" for name in ("Revit", "AutoCAD")),
            "USAGEBOT_OKTA_ALLOW": "yes",
        }

    def otherwise(self, group: str, person: str) -> None:
        self.here.rules.append(rule(group))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    opened = open_company(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path)
    yield opened
    opened.core.store.close()


@pytest.fixture
async def world(company: Company) -> AsyncIterator[InOkta]:
    async with okta() as here:
        yield InOkta(company, here)


class TestContract(DirectoryContract):
    """The contract of directories, in Okta."""


async def test_no_other_member_is_read(world: InOkta) -> None:
    await world.provider.unassign(world.order())
    assert not any(f"{world.here.groups['Revit']}/users?" in each for each in world.here.asked)
    assert world.here.asked[-1] == f"DELETE /api/v1/groups/{world.here.groups['Revit']}/users/{id_of('u', 'ann')}"


@pytest.mark.parametrize(("kind", "reason"), [("APP_GROUP", words.SYNCED), ("BUILT_IN", words.DYNAMIC)])
async def test_a_group_that_is_decided_about_elsewhere_is_left_alone(world: InOkta, kind: str, reason: str) -> None:
    world.here.kinds[world.here.groups["Revit"]] = kind
    assert await world.refusal() == reason
    assert await world.provider.state(world.order()) is Seen.SAME


async def test_rules_that_cannot_be_read_are_a_reason_to_stop(world: InOkta) -> None:
    world.here.faults.append(("rules", "403"))
    error = await world.error()
    assert (error.permanent, error.sent, world.effects) == (True, False, 0)
    assert "rights" in error.message


async def test_several_people_of_one_e_mail_are_nobody(world: InOkta) -> None:
    world.here.emails["ben"] = ("other@example.com", "ANN@example.com", "ACTIVE")
    assert await world.refusal() == words.SEVERAL


async def test_whoever_left_and_came_back_under_the_same_e_mail_is_one_person(world: InOkta) -> None:
    world.here.emails["dan"] = ("ann@example.com", "ann@example.com", "DEPROVISIONED")
    assert (await world.provider.unassign(world.order())).done is Done.DONE


async def test_signs_in_an_e_mail_mean_nothing(world: InOkta) -> None:
    world.here.emails["ann"] = ('a"n\\n+x&y=1#2@example.com', "ann", "ACTIVE")
    order = replace(world.order(), email='A"n\\n+x&y=1#2@example.com')
    assert (await world.provider.unassign(order)).done is Done.DONE


async def test_a_person_of_a_strange_id_is_no_answer(world: InOkta) -> None:
    world.here.people["ann"] = "../../groups/rules"
    error = await world.error()
    assert (error.sent, world.effects) == (False, 0)


async def test_a_lost_change_is_repeated_only_while_no_membership_has_changed(world: InOkta) -> None:
    world.here.faults.append(("remove", "500"))
    await world.error()
    assert await world.provider.state(world.order()) is Seen.SAME
    world.here.change(world.here.groups["Revit"], id_of("u", "cleo"), in_it=True)
    assert await world.provider.state(world.order()) is Seen.UNKNOWN
    assert (await world.error()).sent
    assert world.is_in()


async def test_a_lost_change_is_repeated_where_that_is_certain(world: InOkta) -> None:
    world.here.faults.append(("remove", "hang"))
    await world.error()
    assert (await world.provider.unassign(world.order())).done is Done.DONE
    assert world.effects == 1


async def test_a_limit_ends_by_okta_s_own_clock(world: InOkta) -> None:
    world.here.faults.append(("group", "429"))
    assert (await world.error()).after == 90


async def test_a_wrong_token_is_named(world: InOkta) -> None:
    world.provider = world.made(TOKEN="another-token-0123456789-0123456789")
    error = await world.error()
    assert (error.permanent, error.sent, len(world.here.asked)) == (True, False, 1)
    assert "USAGEBOT_OKTA_TOKEN" in error.message


@pytest.mark.parametrize("name", ["URL", "TOKEN", "GROUPS"])
def test_a_setting_that_misses_is_named(world: InOkta, name: str) -> None:
    with pytest.raises(SettingWrong, match=f"USAGEBOT_OKTA_{name} is not set"):
        world.made(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [("URL", "http://example.okta.com"), ("URL", "https://example.okta.com/api/v1"), ("TOKEN", f"SSWS {TOKEN}")],
)
def test_a_setting_of_no_use_is_named(world: InOkta, name: str, value: str) -> None:
    with pytest.raises(SettingWrong, match=f"USAGEBOT_OKTA_{name}") as caught:
        world.made(**{name: value})
    assert TOKEN not in str(caught.value)
