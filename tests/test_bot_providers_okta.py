"""Okta over real HTTP: memberships in Okta's own groups, signed in by an API token or as a service app."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from reporting_core.usecases.seats import memberships as words
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import Change, Done, Seen
from tests.company import Company, open_company
from tests.directory_contract import DirectoryContract
from tests.directory_world import DirectoryWorld
from tests.okta_stand_in import CLIENT, TOKEN, OktaStandIn, id_of, okta, rule
from tests.provider_contract import ProviderContract


class InOkta(DirectoryWorld):
    prefix = "USAGEBOT_OKTA"
    reads = ("group", "users", "members", "rules")
    secrets: tuple[str, ...] = (TOKEN, id_of("u", "ann"), "127.0.0.1")
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


# -- as a service app, by its private key


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def pem(of: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> str:
    sealed = BestAvailableEncryption(password) if password else NoEncryption()
    return of.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed).decode()


def jwk(name: str = "our-key") -> str:
    secret = key().private_numbers()
    numbers = {"n": secret.public_numbers.n, "e": secret.public_numbers.e, "d": secret.d}
    written = {
        each: base64.urlsafe_b64encode(number.to_bytes(256).lstrip(b"\0")).rstrip(b"=").decode()
        for each, number in numbers.items()
    }
    return json.dumps({"kty": "RSA", "kid": name, **written})


class AsAnApp(InOkta):
    secrets = (id_of("u", "ann"), "127.0.0.1", "eyJ", "PRIVATE KEY")

    def environment(self) -> dict[str, str]:
        self.here.keys, self.here.clock = {"our-key": key().public_key()}, lambda: self.now
        own = {"USAGEBOT_OKTA_CLIENT_ID": CLIENT, "USAGEBOT_OKTA_PRIVATE_KEY": pem(key())}
        return super().environment() | {"USAGEBOT_OKTA_TOKEN": "", **own}


@pytest.fixture
async def app(company: Company) -> AsyncIterator[AsAnApp]:
    async with okta() as here:
        yield AsAnApp(company, here)


async def test_an_app_takes_a_seat_and_gives_it_back(app: AsAnApp) -> None:
    assert (await app.provider.unassign(app.order())).done is Done.DONE
    assert not app.is_in()
    assert (await app.provider.assign(app.order(change=Change.ASSIGN, key="back"))).done is Done.DONE
    assert app.here.asked.count("POST /oauth2/v1/token") == 1


async def test_an_app_s_token_serves_until_shortly_before_its_end(app: AsAnApp) -> None:
    for minutes, tokens in ((0, 1), (54, 1), (2, 2), (54, 2), (1, 3)):
        app.now += timedelta(minutes=minutes)
        await app.provider.state(app.order())
        assert len(app.here.tokens) == tokens


async def test_an_app_s_token_that_is_not_taken_is_renewed_once(app: AsAnApp) -> None:
    await app.provider.state(app.order())
    app.here.dead.update(app.here.tokens)
    assert (await app.provider.unassign(app.order())).done is Done.DONE
    assert (len(app.here.tokens), app.effects) == (2, 1)
    app.here.dead.update(f"eyJraWQ.token-{number}" for number in range(9))
    error = await app.error()
    assert (error.sent, error.permanent, len(app.here.tokens)) == (False, True, 3)
    assert "USAGEBOT_OKTA_PRIVATE_KEY" in error.message


@pytest.mark.parametrize(
    "fault", ["html", "half", "empty", "success", "hang", "cut", "404", "500", "429", "busy", "redirect"]
)
async def test_without_an_app_s_token_nothing_is_asked(app: AsAnApp, fault: str) -> None:
    app.here.faults.append(("token", fault))
    error = await app.error()
    assert (error.sent, error.permanent, error.after) == (False, False, {"429": 90, "busy": 30}.get(fault, 0))
    assert not any("/api/v1/" in each for each in app.here.asked)
    assert (await app.provider.unassign(app.order())).done is Done.DONE


@pytest.mark.parametrize("life", [None, 0, -1, "3600", True, 10**9])
async def test_an_app_s_token_without_a_life_is_none(app: AsAnApp, life: object) -> None:
    app.here.life = life
    assert not (await app.error()).sent


async def test_what_an_app_lacks_is_said(app: AsAnApp) -> None:
    app.here.granted.discard("okta.groups.manage")
    assert "okta.groups.manage, okta.groups.read, okta.users.read" in (await app.error()).message
    app.here.proof = True
    assert "DPoP" in (await app.error()).message
    app.here.clock = lambda: app.now + timedelta(hours=1)
    error = await app.error()
    assert (error.permanent, error.sent, app.effects) == (True, False, 0)
    assert "clock" in error.message
    assert app.here.tokens == []


@pytest.mark.parametrize("how", ["pem", "one line", "jwk", "file", "key id"])
async def test_a_key_may_be_written_in_several_ways(app: AsAnApp, tmp_path: Path, how: str) -> None:
    file = tmp_path / "app.pem"
    file.write_text(pem(key()))
    ways = {"one line": pem(key()).replace("\n", "\\n"), "jwk": jwk(), "file": str(file)}
    named = {"KEY_ID": "our-key"} if how == "key id" else {}
    app.provider = app.made(PRIVATE_KEY=ways.get(how, pem(key())), **named)
    assert (await app.provider.unassign(app.order())).done is Done.DONE


@pytest.mark.parametrize("named", [{"KEY_ID": "another"}, {"PRIVATE_KEY": jwk("another")}])
async def test_another_key_is_not_let_in(app: AsAnApp, named: dict[str, str]) -> None:
    app.provider = app.made(**named)
    error = await app.error()
    assert (error.permanent, error.sent, app.here.tokens) == (True, False, [])


@pytest.mark.parametrize(
    "given",
    [
        "{}",
        '{"n": 1, "e": 2, "d": 3}',
        '{"n": "AQAB", "e": "AQAB", "d": "AQAB"}',
        "[" * 9_000,
        "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----",
        "/nowhere/key.pem",
        "secret\0",
        pem(key(1024)),
        pem(key(), b"password"),
        pem(ec.generate_private_key(ec.SECP256R1())),
    ],
)
def test_a_key_of_no_use_is_named_and_not_repeated(app: AsAnApp, given: str) -> None:
    with pytest.raises(SettingWrong, match="USAGEBOT_OKTA_PRIVATE_KEY") as caught:
        app.made(PRIVATE_KEY=given)
    assert "secret" not in str(caught.value)
    assert "BEGIN" not in str(caught.value)


@pytest.mark.parametrize(
    ("named", "variable"),
    [
        ({"CLIENT_ID": ""}, "USAGEBOT_OKTA_CLIENT_ID is not set"),
        ({"PRIVATE_KEY": ""}, "USAGEBOT_OKTA_PRIVATE_KEY is not set"),
        ({"CLIENT_ID": "0oa/../x"}, "USAGEBOT_OKTA_CLIENT_ID"),
        ({"TOKEN": TOKEN}, "USAGEBOT_OKTA_TOKEN is set beside"),
    ],
)
def test_an_app_s_setting_that_misses_or_contradicts_is_named(
    app: AsAnApp, named: dict[str, str], variable: str
) -> None:
    with pytest.raises(SettingWrong, match=variable) as caught:
        app.made(**named)
    assert TOKEN not in str(caught.value)


class TestContractAsAnApp(ProviderContract):
    """The contract of providers, signed in as an app."""

    @pytest.fixture
    def world(self, app: AsAnApp) -> AsAnApp:
        return app
