"""Who sits in the local workspace of the demo: people of the made-up company in every role, a guest, a stranger."""

from bot.demo_company import Company
from bot.demo_company.company import NAME
from bot.playground import App, Cast, Command, Person, Place, Suggestion

OWNER = "maeve.ohara"
REPORTER = "priya.raman"
REPORTER_TEAM = "Structural West"
GERMAN = "ruth.feldmann"
GERMAN_TEAM = "Design"
SUPPORT = "C0ITHELP"
"""Id of the channel that questions are handed over to."""

TRY = (
    Suggestion("Who uses what in Design", "/usage team=Design last=30d"),
    Suggestion("Ask with a form", "/usage"),
    Suggestion("Who has not opened anything for 90 days", "/usage team=Design status=inactive last=90d"),
    Suggestion("Take an idle seat back", "/usage unassign user=ines product=AutoCAD"),
    Suggestion("All teams, idle seats first", "/usage status=inactive last=90d"),
    Suggestion("A team with a hole in its data", "/usage team=Manufacturing last=30d"),
    Suggestion("Tokens of the Field Office", '/usage team="Field Office" access=flex last=3mo'),
    Suggestion("With a typing mistake", "/usage team=Desing last=30d"),
    Suggestion("In plain words", "@usagebot who hasn't used Revit in Design for 90 days?"),
    Suggestion("A question about words", "@usagebot what does inactive mean?"),
    Suggestion("A digest every Monday", "/usage subscribe team=Design weekly mon 9:00 here"),
    Suggestion("What can be asked", "/usage help"),
)

COMPLETIONS = (
    "team=Design last=30d",
    'team="Structural West" product=Revit last=90d',
    "team=Visualisation last=30d",
    "team=Manufacturing last=quarter",
    'team="Field Office" access=flex last=3mo',
    "status=inactive last=90d",
    "status=not_yet_active",
    "access=flex sort=-tokens last=12mo",
    "assigned=group team=Design",
    "user=me last=12mo",
    "unassign team=Design status=inactive last=90d",
    "subscribe team=Design weekly mon 9:00 here",
    "subscriptions",
    "doctor",
    "help",
    "help filters",
    "examples",
    "people",
)

ROLES = (
    (OWNER, "U0MAEVE", "Primary admin, owner of the bot", "#7a4e9c"),
    ("tomas.lindqvist", "U0TOMAS", "Secondary admin of Design", "#2f7d5b"),
    (REPORTER, "U0PRIYA", f"Reporter of {REPORTER_TEAM}", "#b3592b"),
    (GERMAN, "U0RUTH", f"Reporter of {GERMAN_TEAM}, Slack in German", "#8a5a2b"),
    ("ben.carter", "U0BEN", "Ordinary member", "#3a6ea5"),
)
LOCALES = {GERMAN: "de-DE"}
"""Key of the employee, Slack id, what the page says, colour."""


def cast(company: Company) -> Cast:
    """Return the workspace: the people to act as, four channels, and the command with what to try."""
    members = tuple(_member(company, *role) for role in ROLES)
    guest = Person(
        "U0GUEST", "robin", "Robin Hale", "robin@freelance.example", "Guest", is_restricted=True, avatar_color="#8a8a2f"
    )
    gone = Person(
        "U0OSKAR", "oskar.nowak", "Oskar Nowak", company.people["oskar.nowak"].email, "Deactivated", deleted=True
    )
    stranger = Person(
        *("U0LENA", "lena", "Lena Vogt (Partner Ltd)", "lena@partner.example", "From another company"),
        is_stranger=True,
        team_id="T0PARTNER",
        avatar_color="#a03a3a",
    )
    return Cast(
        people=(*members, guest, gone, stranger),
        places=_places(tuple(person.id for person in members)),
        commands=(Command("/usage", "Who uses which seats and tokens", "team=Design last=30d · help", COMPLETIONS),),
        app=App(description=f"Who uses what at {NAME}", suggestions=TRY),
        team_id="T0NORTHGATE",
        team_name=NAME,
        team_domain="northgate-studio",
    )


def _member(company: Company, key: str, slack_id: str, role: str, color: str) -> Person:
    employee = company.people[key]
    return Person(
        *(slack_id, key, f"{employee.first} {employee.last}", employee.email, role),
        avatar_color=color,
        locale=LOCALES.get(key, "en-US"),
        is_admin=key == OWNER,
        is_owner=key == OWNER,
    )


def _places(members: tuple[str, ...]) -> tuple[Place, ...]:
    made_up = "Everything here is made up"
    return (
        Place("C0GENERAL", "general", members=(*members, "U0GUEST"), has_bot=True, topic=made_up),
        Place(SUPPORT, "it-help", members=members, has_bot=True, topic="Ask about seats and software"),
        Place("C0LICENCES", "licences", members=members[:3], has_bot=True, is_private=True, topic="Who needs what"),
        Place(
            *("C0PARTNER", "partner", "channel", (*members[:2], "U0LENA")),
            has_bot=True,
            is_ext_shared=True,
            topic="Shared with Partner Ltd",
        ),
    )
