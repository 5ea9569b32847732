"""The teams of the made-up company: what each bought, who shares it, in which generation of files it is exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Generation = Literal["2023", "title", "2026"]

CHILDREN: Mapping[str, tuple[str, ...]] = {
    "AEC Collection": ("Revit", "AutoCAD", "Civil 3D", "Navisworks"),
    "PD&M Collection": ("Inventor", "AutoCAD", "Vault"),
}
"""What people start who have a collection, the most usual first."""

RATES: Mapping[str, int] = {"AutoCAD": 7, "Revit": 10, "Inventor": 8, "Civil 3D": 9, "AutoCAD LT": 1}
"""Tokens a day; made up, but for AutoCAD and Revit, which the vendor gives as examples."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product in a team: how many people have it, how many seats were bought, and how it is assigned to most."""

    product: str
    people: int
    seats: int = 0
    flex: bool = False
    origin: str = "Individual"


@dataclass(frozen=True, slots=True)
class Team:
    """A team. `masked`: personal data is off. `tokens`: (purchased, remaining), if somebody keeps count."""

    name: str
    people: int
    offers: tuple[Offer, ...]
    generation: Generation = "2026"
    masked: bool = False
    tokens: tuple[int, int] | None = None
    groups: tuple[str, ...] = ()


DESIGN = Team(
    "Design",
    38,
    (
        Offer("AEC Collection", 18, 22, origin="Group: Project leads"),
        Offer("Revit", 14, 20, origin="Group: BIM authors"),
        Offer("AutoCAD", 12, 14),
        Offer("AutoCAD LT", 6, 10, origin="Default"),
        Offer("Inventor", 4, flex=True),
        Offer("Civil 3D", 3, flex=True),
    ),
    tokens=(6000, 2840),
    groups=("BIM authors", "Project leads", "Interns"),
)
STRUCTURAL = Team(
    "Structural West",
    30,
    (
        Offer("Revit", 16, 18),
        Offer("AEC Collection", 9, 10, origin="Group: Engineers"),
        Offer("Civil 3D", 9, 6),
        Offer("AutoCAD", 4, flex=True),
    ),
    generation="title",
    groups=("Engineers", "Drafting"),
)
VISUALISATION = Team(
    "Visualisation",
    18,
    (
        Offer("3ds Max", 14, 16, origin="Group: Artists"),
        Offer("Revit", 7, 8),
        Offer("AutoCAD", 2, flex=True),
    ),
    masked=True,
    groups=("Artists",),
)
MANUFACTURING = Team(
    "Manufacturing",
    26,
    (
        Offer("PD&M Collection", 14, 16, origin="Group: Machine design"),
        Offer("Inventor", 12, 12),
        Offer("AutoCAD LT", 5, 8, origin="Default"),
    ),
    generation="2023",
    groups=("Machine design", "Workshop"),
)
FIELD = Team(
    "Field Office",
    9,
    (Offer("AutoCAD LT", 5, 5), Offer("AutoCAD", 4, flex=True), Offer("Civil 3D", 2, flex=True)),
    tokens=(1200, 130),
    groups=("Site crew",),
)
TEAMS = (DESIGN, STRUCTURAL, VISUALISATION, MANUFACTURING, FIELD)
