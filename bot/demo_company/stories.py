"""Seats of the made-up company that are told, not drawn, so that every state a seat can be in is certain to occur."""

from dataclasses import dataclass

from bot.demo_company.habits import HEAVY, NEVER, OCCASIONAL, REGULAR, Habit, lapsed
from bot.demo_company.teams import DESIGN, FIELD, MANUFACTURING, STRUCTURAL, VISUALISATION, Team


@dataclass(frozen=True, slots=True)
class Story:
    """One assignment; days are counted back from the last day with use."""

    team: Team
    key: str
    product: str
    habit: Habit
    assigned_ago: int | None = 700
    unassigned_ago: int | None = None
    origin: str = "Individual"
    flex: bool = False


STORIES = (
    # An admin who draws, in two teams: idle in the one, busy in the other.
    Story(DESIGN, "tomas.lindqvist", "Revit", HEAVY),
    Story(STRUCTURAL, "tomas.lindqvist", "Revit", NEVER, 420),
    # A newcomer of this week who has opened nothing yet, and one who has.
    Story(DESIGN, "misaki.sato", "AEC Collection", NEVER, 5, origin="Group: Project leads"),
    Story(DESIGN, "siobhan.nibhriain", "Revit", REGULAR, 12, origin="Group: BIM authors"),
    # A leaver: the seat was taken back 18 days ago and used until then. Another left long ago.
    Story(DESIGN, "oskar.nowak", "AutoCAD", HEAVY, 900, 18),
    Story(STRUCTURAL, "oskar.nowak", "Civil 3D", HEAVY, 900, 300),
    # Nobody knows since when: unused, but not inactive.
    Story(DESIGN, "wei.wang", "AutoCAD", NEVER, None),
    # A single product beside the collection that holds it: the classic wrong figure.
    Story(DESIGN, "ines.duarte", "AEC Collection", REGULAR, origin="Group: Project leads"),
    Story(DESIGN, "ines.duarte", "AutoCAD", NEVER, 650),
    # Idle for months, bought for one project.
    Story(DESIGN, "jeanluc.damico", "AutoCAD LT", lapsed(150), origin="Default"),
    Story(DESIGN, "lukasz.wojcik", "Inventor", OCCASIONAL, flex=True),
    Story(FIELD, "ben.carter", "AutoCAD", OCCASIONAL, flex=True),
    Story(FIELD, "ben.carter", "AutoCAD LT", lapsed(70)),
    Story(STRUCTURAL, "priya.raman", "Civil 3D", REGULAR),
    Story(MANUFACTURING, "ruth.feldmann", "Inventor", NEVER, 800),
    Story(VISUALISATION, "ruth.feldmann", "3ds Max", HEAVY),
)


def newest(weekday: int) -> tuple[Story, ...]:
    """Return seats that will have been idle for a month as soon as the next exports come: what a first digest tells.

    `weekday` is that of the last day with use. Nobody works on Sundays, so exports end on the Saturday before one.
    """
    stopped = {0: 28, 6: 30}.get(weekday, 29)
    return (Story(DESIGN, "lukasz.wojcik", "AutoCAD LT", Habit((1.0, 1.0, 1.0, 1.0, 1.0), 0.0, stopped), 400),)


def members(team: Team) -> list[str]:
    """Return the keys of the people with a story in a team."""
    return list(dict.fromkeys(story.key for story in STORIES if story.team is team))
