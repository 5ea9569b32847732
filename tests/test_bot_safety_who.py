"""Who gets what: every kind of person at every door, against a table that was written apart from the code."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from reporting_core.core import Core
from reporting_core.usecases.identity import Rules
from reporting_core.words.people import SlackPerson
from tests.safe_company import Holder, Seat, core_of, opened, write
from tests.safe_typist import Typist, typing
from tests.slack_stand_in import Call

TEAMS = ("Vault", "Build")
CANARIES = {"Vault": "Canaryvault", "Build": "Canarybuild"}

# What a person may see: the teams, and whether `/usage people` answers. "" stands for a person who may only be refused.
EXPECTED: dict[str, tuple[str, bool]] = {
    "owner by e-mail": ("Vault Build", True),
    "owner by Slack id": ("Vault Build", True),
    "primary admin of all": ("Vault Build", False),
    "primary admin in other letters": ("Vault Build", False),
    "secondary admin of one": ("Vault", False),
    "SSO admin of one": ("Build", False),
    "contract manager": ("", False),
    "ordinary user": ("", False),
    "reporter of one, by settings": ("Build", False),
    "reporter of all, by settings": ("Vault Build", False),
    "reporter of one, by hand": ("Vault", False),
    "reporter of all, by hand": ("Vault Build", False),
    "reporter of a team that is gone": ("", False),
    "deactivated admin": ("", False),
    "deactivated reporter": ("", False),
    "came back with the same e-mail": ("Build", False),
    "matched by hand": ("Vault", False),
    "unmatched e-mail": ("", False),
    "no e-mail at all": ("", False),
    "guest": ("", False),
    "single-channel guest": ("", False),
    "stranger": ("", False),
    "of another workspace": ("", False),
    "deactivated in Slack": ("", False),
    "a bot": ("", False),
}
EMAILS = {name: f"{number}@example.com" for number, name in enumerate(EXPECTED)}
USERS = {name: f"U{number}" for number, name in enumerate(EXPECTED)}
OUTSIDE: dict[str, dict[str, Any]] = {
    "guest": {"is_restricted": True},
    "single-channel guest": {"is_ultra_restricted": True, "is_restricted": True},
    "stranger": {"is_stranger": True, "team_id": "T9"},
    "of another workspace": {"team_id": "T9"},
    "deactivated in Slack": {"deleted": True},
    "a bot": {"is_bot": True},
}


def holders() -> list[Holder]:
    def held(name: str, role: str, *teams: str, status: str = "Active") -> list[Holder]:
        return [Holder(EMAILS[name], role, team, status) for team in teams]

    return [
        *held("primary admin of all", "Primary admin", *TEAMS),
        *held("primary admin in other letters", "Primary admin", *TEAMS),
        *held("secondary admin of one", "Secondary admin", "Vault"),
        *held("SSO admin of one", "SSO admin", "Build"),
        *held("contract manager", "Contract manager", *TEAMS),
        *held("ordinary user", "User", *TEAMS),
        *held("deactivated admin", "Primary admin", *TEAMS, status="Deactivated"),
        *held("deactivated reporter", "User", "Vault", status="Inactive"),
        *(each for name in OUTSIDE for each in held(name, "Primary admin", *TEAMS)),
        Holder("linked@example.com", "Primary admin", "Vault"),
    ]


def rules() -> Rules:
    return Rules(
        owners=frozenset({EMAILS["owner by e-mail"], USERS["owner by Slack id"]}),
        reporters={
            EMAILS["reporter of one, by settings"]: frozenset({"build"}),
            EMAILS["reporter of all, by settings"]: frozenset({None}),
            EMAILS["reporter of a team that is gone"]: frozenset({"Closed"}),
            EMAILS["deactivated reporter"]: frozenset({None}),
        },
    )


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    folder = tmp_path_factory.mktemp("who")
    back = EMAILS["came back with the same e-mail"]
    seats = [Seat(f"{n}@people.example", CANARIES[team], "Bird", team, number=f"A{n}", group=f"Group{team}")
             for n, team in enumerate(TEAMS)]  # fmt: skip
    with opened(f"sqlite:///{folder / 'x.db'}", write(folder, seats, holders()), rules()) as made:
        _came_back(made, back)
        yield made


def _came_back(core: Core, email: str) -> None:
    """Two persons of one e-mail, told apart by their ids: who left was admin of Vault, the other is admin of Build."""
    with core.store.writing() as connection:
        ids = {name: id_ for name, id_ in connection.execute(sql("SELECT name, id FROM teams"))}  # noqa: C416 - typed
        for number, (status, team) in enumerate((("Deactivated", "Vault"), ("Active", "Build"))):
            row = {"id": 9_000 + number, "key": email, "status": status, "hash": f"h{number}", "team": ids[team]}
            connection.execute(
                sql(
                    "INSERT INTO people (id, account_id, hashed_autodesk_id, email, email_key, account_status) "
                    "VALUES (:id, 1, :hash, :key, :key, :status)"
                ),
                row,
            )
            connection.execute(
                sql("INSERT INTO roles (account_id, person_id, team_id, role) VALUES (1, :id, :team, 'primary_admin')"),
                row,
            )


@pytest.fixture
async def typist(core: Core) -> AsyncIterator[Typist]:
    async with typing(core) as made:
        for name, user in USERS.items():
            email = {"no e-mail at all": "", "primary admin in other letters": EMAILS[name].upper()}.get(
                name, EMAILS[name]
            )
            made.slack.person(user, **({"profile": {"email": email}} | OUTSIDE.get(name, {})))
        await core.link(core.operator, USERS["matched by hand"], "Linked@Example.com")
        await core.grant(core.operator, EMAILS["reporter of one, by hand"].upper(), "VAULT")
        await core.grant(core.operator, EMAILS["reporter of all, by hand"], None)
        yield made


def leaks(said: list[Call], text: str = "") -> set[str]:
    """Teams whose people, names or groups occur in anything that was sent."""
    sent = f"{[(call.method, call.arguments) for call in said]} {text}"
    return {team for team in TEAMS for word in (CANARIES[team], team, f"Group{team}") if word in sent}


def seen_rows(said: list[Call]) -> set[str]:
    return {team for team in TEAMS if CANARIES[team] in str([call.arguments for call in said])}


@pytest.mark.parametrize("name", EXPECTED)
async def test_each_person_gets_exactly_what_the_table_says_at_every_door(typist: Typist, name: str) -> None:
    user, (teams, sees_people) = USERS[name], EXPECTED[name]
    mine = set(teams.split())
    _status, said = await typist.command("last=30d", user)
    assert seen_rows(said) == mine
    assert leaks(said) == mine
    for team in TEAMS:
        for text in (f"team={team}", f"team={team.casefold()}", team, f"team={team[:3]}*", f"team!={team}"):
            _status, said = await typist.command(text, user)
            assert seen_rows(said) <= mine, text
            assert (team in mine and seen_rows(said) == {team}) or team not in mine or "!=" in text, text
        value = f'{{"q":"team={team} last=30d","p":1}}'
        for action_id in ("page_next", "page_previous", "run_0"):
            _status, said, text = await typist.press(action_id, value, user)
            assert seen_rows(said) == {team} & mine, action_id
        _status, said, text = await typist.submit({"team": {"selected_options": [{"value": team}]}}, user)
        assert seen_rows(said) == {team} & mine
        assert leaks([], text) <= mine
        _status, said, text = await typist.submit({"typed": {"value": f"team={team}"}}, user)
        assert seen_rows(said) == {team} & mine
        assert leaks([], text.replace(f"team={team}", "")) <= mine
    assert {each["value"] for each in await typist.look_up("team", "", user)} == mine
    assert {each["value"] for each in await typist.look_up("team", "build", user)} == mine & {"Build"}
    await home_shows_only(typist, user, mine)
    await the_form_holds_only(typist, user, mine)
    _status, said = await typist.command("people", user)
    assert ("Reporters" in str(said[-1].arguments)) is sees_people
    assert "incident" not in typist.log.getvalue()


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_report_of_somebody_else_gives_each_presser_their_own_rows_alone(
    typist: Typist, core: Core, name: str
) -> None:
    user, mine = USERS[name], set(EXPECTED[name][0].split())
    opened = await core.shown.open("U999", "last=30d")
    place = {"block_id": f"filters:{opened.token}:1", "type": "static_select"}
    for action_id, value, rows in (
        ("filter_range", "90d", mine),
        ("filter_team", "#all", mine),
        ("filter_team", "Vault", mine & {"Vault"}),
        ("filter_status", "active", mine),
    ):
        action = place | {"action_id": action_id, "selected_option": {"value": value}}
        _status, said, _text = await typist.press("", "", user, actions=[action])
        assert seen_rows(said) == rows, (action_id, value)
        assert leaks(said) <= mine
    _status, said, _text = await typist.press("page_next", '{"q":"last=30d","p":1}', user)
    assert seen_rows(said) == mine
    assert await core.shown.of(opened.token) == opened
    assert leaks([], str(await typist.look_up("filter_team", "", user))) == mine
    assert "incident" not in typist.log.getvalue()


@pytest.mark.parametrize("name", EXPECTED)
async def test_evidence_is_told_of_own_teams_alone(typist: Typist, core: Core, name: str) -> None:
    user, mine = USERS[name], set(EXPECTED[name][0].split())
    everybody = await core.evidence("last=30d", core.operator)
    for text in ("last=30d", "Canaryvault", "Canarybuild"):
        _status, said = await typist.command(f"why {text}", user)
        assert seen_rows([_without(call, text) for call in said]) <= mine
    for each in everybody.evidence:
        typist.slack.calls.clear()
        value = f'{{"q":"last=30d","a":{each.row.assignment_id}}}'
        await typist.press("why_9", value, user)
        assert seen_rows(typist.slack.named("views.update")) <= mine
        assert (each.row.team in mine) == (f"Bird · Revit · {each.row.team}" in str(typist.slack.calls))
    assert "incident" not in typist.log.getvalue()


def _without(call: Call, text: str) -> Call:
    """What was said, but for the words that were typed."""
    return Call(call.method, {"said": str(call.arguments).replace(text, "")})


async def home_shows_only(typist: Typist, user: str, mine: set[str]) -> None:
    event = {"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"}
    assert leaks(await typist.event(event)) <= mine


async def the_form_holds_only(typist: Typist, user: str, mine: set[str]) -> None:
    for way in ("command", "change", "form"):
        typist.slack.calls.clear()
        if way == "command":
            await typist.command("", user)
        else:
            await typist.press(way, '{"q":"team=Vault,Build"}', user)
        shown = typist.slack.named("views.open") + typist.slack.named("views.update")
        assert leaks(shown) == mine if mine else shown == [], way


async def test_a_name_that_is_not_known_suggests_nothing_of_other_teams(typist: Typist) -> None:
    user = USERS["secondary admin of one"]
    for text in ("team=Biuld", "team=Buil*", "group=GroupBiuld", "group=", "team=", "GroupBuidl", "user=Canarybiuld",
                 "Canarybuild", "user=Canarybuild", "user!=nobody", "group=none"):  # fmt: skip
        _status, said = await typist.command(text, user)
        told = str([call.arguments for call in said]).replace(text, "")
        assert "GroupBuild" not in told, text
        assert "Canarybuild" not in told.replace(f"{text} ", "").replace("user=Canarybuild", ""), text


async def test_the_names_of_other_teams_cannot_be_found_out_letter_by_letter(typist: Typist) -> None:
    user = USERS["secondary admin of one"]
    answers = [(await typist.command(text, user))[1][0].arguments["text"] for text in ("team=Bui*", "team=Zui*")]
    assert answers[0].replace("Bui", "Zui") == answers[1]


async def test_what_somebody_kept_is_nobody_elses(typist: Typist, core: Core) -> None:
    owner = await core.identify(SlackPerson(USERS["owner by e-mail"], "T1", email=EMAILS["owner by e-mail"]))
    token = await core.keep(owner, "team=Build last=30d")
    for name in ("secondary admin of one", "primary admin of all", "ordinary user"):
        for action_id in ("page_next", "run_0"):
            _status, said, _text = await typist.press(action_id, f'{{"k":"{token}","p":1}}', USERS[name])
            assert leaks(said) == set()
    _status, said, _text = await typist.press("run_0", f'{{"k":"{token}"}}', USERS["owner by e-mail"])
    assert seen_rows(said) == {"Build"}


@pytest.mark.parametrize("name", EXPECTED)
async def test_plain_questions_tell_no_more_than_commands_and_no_name_aloud(typist: Typist, name: str) -> None:
    user, mine = USERS[name], set(EXPECTED[name][0].split())
    for team in TEAMS:
        for number, question in enumerate(QUESTIONS):
            text = question.format(team=team, person=CANARIES[team])
            asked = {"user": user, "text": text, "ts": f"{USERS[name]}.{TEAMS.index(team)}.{number}"}
            said = await typist.event(asked | {"type": "message", "channel_type": "im", "channel": "D1"})
            assert leaks([_unasked(call, team) for call in said]) <= mine, text
            if question == "team={team} last=30d":
                assert seen_rows(said) == {team} & mine, text
            said = await typist.event(asked | {"type": "app_mention", "channel": "C1", "text": f"<@UBOT> {text}"})
            assert leaks([_unasked(call, team) for call in said]) <= mine, text
            assert seen_rows([call for call in said if call.method == "chat.postMessage"]) == set(), text
    assert "incident" not in typist.log.getvalue()


async def test_a_role_that_a_newer_export_takes_away_is_gone_at_the_next_press(
    typist: Typist, core: Core, tmp_path: Path
) -> None:
    user, press = USERS["SSO admin of one"], '{"q":"team=Build last=30d","p":1}'
    assert seen_rows((await typist.press("page_next", press, user))[1]) == {"Build"}
    newer = [each for each in holders() if each.email != EMAILS["SSO admin of one"]]
    core.load(write(tmp_path, (), newer))
    assert seen_rows((await typist.press("page_next", press, user))[1]) == set()
    assert await typist.look_up("team", "", user) == []
    core.load(write(tmp_path, (), holders()))
    assert seen_rows((await typist.press("page_next", press, user))[1]) == {"Build"}


async def test_what_an_owner_gives_by_hand_can_be_taken_back_and_is_gone_at_once(typist: Typist) -> None:
    owner, user = USERS["owner by e-mail"], USERS["unmatched e-mail"]
    email = EMAILS["unmatched e-mail"]
    for give, take in (
        (f"people reporter {email} Build", f"people remove {email.upper()}"),
        (f"people link <@{user}> {EMAILS['SSO admin of one']}", f"people remove <@{user}|x>"),
    ):
        assert seen_rows((await typist.command("last=30d", user))[1]) == set()
        await typist.command(give, owner)
        assert seen_rows((await typist.command("last=30d", user))[1]) == {"Build"}
        await typist.command(take, owner)
        assert seen_rows((await typist.command("last=30d", user))[1]) == set()
    _status, said = await typist.command(f"people remove {email}", owner)
    assert "Nothing was given" in said[-1].arguments["text"]


async def test_only_owners_change_who_is_who(typist: Typist) -> None:
    user = USERS["primary admin of all"]
    for text in ("people", f"people reporter {EMAILS['ordinary user']}", f"people link <@{user}> x@example.com"):
        _status, said = await typist.command(text, user)
        assert "Only an owner" in said[-1].arguments["text"]
    assert seen_rows((await typist.command("last=30d", USERS["ordinary user"]))[1]) == set()


async def test_a_guest_of_today_is_refused_within_seconds_even_where_slack_did_not_say_so(typist: Typist) -> None:
    user = USERS["primary admin of all"]
    assert seen_rows((await typist.command("last=30d", user))[1]) == set(TEAMS)
    typist.slack.person(user, profile={"email": EMAILS["primary admin of all"]}, is_restricted=True)
    typist.now[0] += 5
    assert seen_rows((await typist.command("last=30d", user))[1]) == set()


async def test_an_empty_configuration_lets_nobody_in(tmp_path: Path) -> None:
    with opened(
        f"sqlite:///{tmp_path / 'x.db'}", write(tmp_path / "in", [Seat("a@example.com", "Canaryvault")])
    ) as core:
        async with typing(core_of(core.store)) as typist:
            typist.slack.person("U2", is_admin=True, is_owner=True, profile={"email": ""})
            for user in ("U1", "U2"):
                for text in ("last=30d", "team=Vault", "people", ""):
                    _status, said = await typist.command(text, user)
                    assert leaks(said) == set()
                assert await typist.look_up("team", "", user) == []
            assert typist.slack.named("views.open") == []


QUESTIONS = (
    "who in {team} is inactive?",
    "how often did {person} use Revit?",
    "why is {person} inactive?",
    "why is {person} inactive in {team}?",
    "who is in the group Group{team}?",
    "what does inactive mean in {team}?",
    "team={team} last=30d",
    "team={team} user={person}",
    "is {person} fond of {team}?",
)


def _unasked(call: Call, team: str) -> Call:
    """What was said, but for words that were asked about and are said back to somebody who may not see their team."""
    said = str(call.arguments)
    if "I know no" in said or "does not cover" in said:
        for word in (f"Group{team}", CANARIES[team], team):
            said = said.replace(word, "")
    return Call(call.method, {"said": said})
