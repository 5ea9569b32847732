"""Entra over real HTTP: memberships in Microsoft's directory, signed in by an app."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reporting_core.usecases.seats import memberships as words
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import Change, Done, Seen
from tests.company import Company, open_company
from tests.directory_contract import DirectoryContract
from tests.directory_world import DirectoryWorld
from tests.entra_stand_in import CLIENT, SECRET, TENANT, EntraStandIn, entra, guid


class InEntra(DirectoryWorld):
    prefix = "USAGEBOT_ENTRA"
    reads = ("group", "users", "check", "members")
    secrets = (SECRET, CLIENT, "eyJ0", guid("ann"), "127.0.0.1")
    here: EntraStandIn

    def environment(self) -> dict[str, str]:
        return {
            "USAGEBOT_PROVIDER": "entra",
            "USAGEBOT_ENTRA_TENANT": TENANT,
            "USAGEBOT_ENTRA_CLIENT_ID": CLIENT,
            "USAGEBOT_ENTRA_CLIENT_SECRET": SECRET,
            "USAGEBOT_ENTRA_GROUPS": ", ".join(f"{name}={id_.upper()}" for name, id_ in self.here.groups.items()),
            "USAGEBOT_ENTRA_ALLOW": "yes",
            "USAGEBOT_ENTRA_LOGIN_URL": self.here.address,
            "USAGEBOT_ENTRA_GRAPH_URL": f"{self.here.address}/",
        }

    def otherwise(self, group: str, person: str) -> None:
        self.here.members[group].discard(person)
        self.here.nested.setdefault(group, set()).add(person)

    def is_in(self, who: str = "ann", product: str = "Revit") -> bool:
        group = self.here.groups[product]
        return self.here.people[who] in self.here.members[group] | self.here.nested.get(group, set())


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    opened = open_company(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path)
    yield opened
    opened.core.store.close()


@pytest.fixture
async def world(company: Company) -> AsyncIterator[InEntra]:
    async with entra() as here:
        yield InEntra(company, here)


class TestContract(DirectoryContract):
    """The contract of directories, in Entra."""


async def test_a_membership_is_ended_and_the_person_is_not_deleted(world: InEntra) -> None:
    await world.provider.unassign(world.order())
    (sent,) = [each for each in world.here.asked if each.startswith("DELETE")]
    assert sent == f"DELETE /v1.0/groups/{world.here.groups['Revit']}/members/{guid('ann')}/$ref"
    assert world.here.deleted == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ({"groupTypes": ["DynamicMembership"], "membershipRule": "x"}, words.DYNAMIC),
        ({"onPremisesSyncEnabled": True}, words.SYNCED),
        ({"isAssignableToRole": True}, words.GUARDED),
        ({"mailEnabled": True}, words.GUARDED),
    ],
)
async def test_a_group_that_is_decided_about_elsewhere_is_left_alone(
    world: InEntra, kind: dict[str, Any], reason: str
) -> None:
    world.here.kinds[world.here.groups["Revit"]] = kind
    assert await world.refusal() == reason
    assert await world.provider.state(world.order()) is Seen.SAME


async def test_a_group_of_microsoft_365_will_do(world: InEntra) -> None:
    world.here.kinds[world.here.groups["Revit"]] = {"mailEnabled": True, "groupTypes": ["Unified"]}
    assert (await world.provider.unassign(world.order())).done is Done.DONE


async def test_several_people_of_one_e_mail_are_nobody(world: InEntra) -> None:
    world.here.mails["ben"] = ("other@example.com", "ann@example.com")
    assert await world.refusal() == words.SEVERAL


async def test_a_sign_in_name_will_do_and_signs_in_it_mean_nothing(world: InEntra) -> None:
    world.here.mails["ann"] = ("", "ann.o'neil+x&y=1#2@example.com")
    answer = await world.provider.unassign(replace(world.order(), email="Ann.O'Neil+x&y=1#2@example.com"))
    assert answer.done is Done.DONE


async def test_an_answer_about_somebody_else_counts_for_nobody(world: InEntra) -> None:
    world.here.mails["ben"] = ("ann@example.com", "ben@example.com")
    del world.here.mails["ann"]
    world.here.people["ben"] = "../groups"  # an id that would lead elsewhere
    error = await world.error()
    assert (error.sent, world.effects) == (False, 0)


async def test_a_group_of_another_id_is_no_answer(world: InEntra) -> None:
    world.here.kinds[world.here.groups["Revit"]] = {"id": guid("another")}
    error = await world.error()
    assert (error.sent, error.permanent, world.effects) == (False, False, 0)


async def test_without_a_date_a_lost_change_is_for_a_person(world: InEntra) -> None:
    world.here.faults.append(("remove", "500"))
    await world.error()
    assert await world.provider.state(world.order()) is Seen.UNKNOWN
    error = await world.error()
    assert (error.sent, world.effects) == (True, 0)


async def test_whoever_left_meanwhile_is_gone(world: InEntra) -> None:
    world.here.faults.append(("remove", "then_500"))
    await world.error()
    assert (await world.provider.unassign(world.order())).done is Done.DONE
    back = world.order(change=Change.ASSIGN, key="back")
    world.here.faults.append(("add", "then_hang"))
    await world.error(lambda _order: world.provider.assign(back))
    assert await world.provider.state(back) is Seen.SAME


# -- the sign-in


async def test_one_token_serves_until_shortly_before_its_end(world: InEntra) -> None:
    for minutes, tokens in ((0, 1), (50, 1), (5, 2), (54, 2), (1, 3)):
        world.now += timedelta(minutes=minutes)
        await world.provider.state(world.order())
        assert len(world.here.tokens) == tokens


async def test_a_token_that_is_not_taken_is_renewed_once(world: InEntra) -> None:
    await world.provider.state(world.order())
    world.here.dead.update(world.here.tokens)
    assert (await world.provider.unassign(world.order())).done is Done.DONE
    assert (len(world.here.tokens), world.effects) == (2, 1)


async def test_whose_tokens_are_never_taken_is_told_so(world: InEntra) -> None:
    world.here.dead.update(f"eyJ0.token-{number}" for number in range(9))
    error = await world.error()
    assert (error.sent, error.permanent, len(world.here.tokens)) == (False, True, 2)
    assert "USAGEBOT_ENTRA_CLIENT_SECRET" in error.message


async def test_a_wrong_secret_is_named(world: InEntra) -> None:
    world.provider = world.made(CLIENT_SECRET="another")
    error = await world.error()
    assert (error.sent, error.permanent, world.effects) == (False, True, 0)
    assert "_CLIENT_SECRET" in error.message


@pytest.mark.parametrize(
    "fault", ["html", "half", "empty", "success", "hang", "cut", "404", "500", "429", "busy", "redirect"]
)
async def test_without_a_token_nothing_is_asked(world: InEntra, fault: str) -> None:
    world.here.faults.append(("token", fault))
    error = await world.error()
    assert (error.sent, error.permanent) == (False, False)
    assert not any("/v1.0/" in each for each in world.here.asked)
    assert (await world.provider.unassign(world.order())).done is Done.DONE


@pytest.mark.parametrize("life", [None, 0, -1, "3599", True, 10**9])
async def test_a_token_without_a_life_is_none(world: InEntra, life: object) -> None:
    world.here.life = life
    assert not (await world.error()).sent


# -- settings


@pytest.mark.parametrize("name", ["TENANT", "CLIENT_ID", "CLIENT_SECRET", "GROUPS"])
def test_a_setting_that_misses_is_named(world: InEntra, name: str) -> None:
    with pytest.raises(SettingWrong, match=f"USAGEBOT_ENTRA_{name} is not set"):
        world.made(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TENANT", "../common"),
        ("LOGIN_URL", "http://login.example.com"),
        ("GRAPH_URL", "http://graph.example.com"),
        ("GRAPH_URL", "https://graph.example.com/v1.0"),
        ("GRAPH_URL", "https://me:secret@graph.example.com"),
        ("GRAPH_URL", "graph"),
    ],
)
def test_an_address_of_no_use_is_named(world: InEntra, name: str, value: str) -> None:
    with pytest.raises(SettingWrong, match=f"USAGEBOT_ENTRA_{name}") as caught:
        world.made(**{name: value})
    assert "secret@" not in str(caught.value)
