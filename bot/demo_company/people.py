"""The people of the made-up company. None of them exists; `.example` is a domain that nobody can own."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

DOMAIN = "northgate.example"


@dataclass(frozen=True, slots=True)
class Employee:
    """A person with the ids that the vendor gives; `key` is what stands before the @ of the e-mail."""

    first: str
    last: str
    key: str
    autodesk_id: str
    hashed_id: str

    @property
    def email(self) -> str:
        """Address at the made-up company."""
        return f"{self.key}@{DOMAIN}"


CAST = (
    ("Maeve", "O'Hara", "maeve.ohara"),
    ("Tomás", "Lindqvist", "tomas.lindqvist"),
    ("Priya", "Raman", "priya.raman"),
    ("Ben", "Carter", "ben.carter"),
    ("Oskar", "Nowak", "oskar.nowak"),
    ("Ines", "Duarte", "ines.duarte"),
    ("Ruth", "Feldmann", "ruth.feldmann"),
    ("美咲", "佐藤", "misaki.sato"),
    ("Jean-Luc", "D'Amico", "jeanluc.damico"),
    ("Siobhán", "Ní Bhriain", "siobhan.nibhriain"),
    ("Łukasz", "Wójcik", "lukasz.wojcik"),
    ("伟", "王", "wei.wang"),
)
"""People with a story, or with a name that a careless program trips over."""

FIRST = (
    ("Aaron", "aaron"), ("Amira", "amira"), ("Anders", "anders"), ("Beatriz", "beatriz"), ("Björn", "bjorn"),
    ("Carla", "carla"), ("Chidi", "chidi"), ("Clara", "clara"), ("Daniel", "daniel"), ("Elif", "elif"),
    ("Emma", "emma"), ("Farid", "farid"), ("Femke", "femke"), ("Gabriel", "gabriel"), ("Greta", "greta"),
    ("Hannah", "hannah"), ("Hugo", "hugo"), ("Ingrid", "ingrid"), ("Ivan", "ivan"), ("Jonas", "jonas"),
    ("Julia", "julia"), ("Kofi", "kofi"), ("Laura", "laura"), ("Leon", "leon"), ("Lucía", "lucia"),
    ("Marta", "marta"), ("Mateo", "mateo"), ("Nadia", "nadia"), ("Noah", "noah"), ("Olivia", "olivia"),
    ("Paulo", "paulo"), ("Rosa", "rosa"), ("Samuel", "samuel"), ("Sofia", "sofia"), ("Tariq", "tariq"),
    ("Ulrike", "ulrike"), ("Viktor", "viktor"), ("Wanda", "wanda"), ("Yara", "yara"), ("Zoë", "zoe"),
)  # fmt: skip
LAST = (
    ("Abbott", "abbott"), ("Adeyemi", "adeyemi"), ("Bauer", "bauer"), ("Bianchi", "bianchi"), ("Castro", "castro"),
    ("Chen", "chen"), ("Dahl", "dahl"), ("de Vries", "devries"), ("Eriksen", "eriksen"), ("Ferrari", "ferrari"),
    ("Fischer", "fischer"), ("García", "garcia"), ("Haddad", "haddad"), ("Hughes", "hughes"), ("Ivanova", "ivanova"),
    ("Jansen", "jansen"), ("Kaya", "kaya"), ("Keller", "keller"), ("Kowalski", "kowalski"), ("Larsen", "larsen"),
    ("Lopes", "lopes"), ("Marchetti", "marchetti"), ("Meyer", "meyer"), ("Moreau", "moreau"), ("Müller", "mueller"),
    ("Novák", "novak"), ("O'Connor", "oconnor"), ("Okafor", "okafor"), ("Olsen", "olsen"), ("Patel", "patel"),
    ("Petrov", "petrov"), ("Quinn", "quinn"), ("Rossi", "rossi"), ("Sánchez", "sanchez"), ("Schmidt", "schmidt"),
    ("Silva", "silva"), ("Smith-Jones", "smithjones"), ("Sørensen", "sorensen"), ("Tanaka", "tanaka"),
    ("Weber", "weber"),
)  # fmt: skip


def employees(random: Random) -> Iterator[Employee]:
    """Return first the people with a story, then others without end in sight; no two have one name."""
    for number, (first, last, key) in enumerate(CAST):
        yield _employee(random, number, first, last, key)
    pairs = [(first, last) for first in FIRST for last in LAST]
    random.shuffle(pairs)
    for number, ((first, first_key), (last, last_key)) in enumerate(pairs, len(CAST)):
        yield _employee(random, number, first, last, f"{first_key}.{last_key}")


def _employee(random: Random, number: int, first: str, last: str, key: str) -> Employee:
    return Employee(first, last, key, f"NG{200_000 + 37 * number}", f"{random.getrandbits(160):040x}")
