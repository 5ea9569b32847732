"""Daily exports of any size, written line by line: what an import is measured with."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.company import AS_OF, CHILDREN, FIRST, LAST, PRODUCTS, SEED

HEADER = "day_used,email,first_name,last_name,team,access_option,version,offering_name,product_name\n"
DAYS = 140
PER_ASSIGNMENT = 100
"""Rows an assignment has in the file, on average."""
TEAMS = 100


def write(path: Path, rows: int) -> None:
    """Write a Usage export of `rows` rows, day after day, as an account's feed of many teams."""
    rng = random.Random(SEED)
    rests = list(_rests(rng, max(rows // PER_ASSIGNMENT, 1)))
    first, left = AS_OF.toordinal() - DAYS + 1, rows
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(DAYS):
            day = date.fromordinal(first + number).isoformat()
            count = left // (DAYS - number)
            some = rng.sample(rests, min(count, len(rests)))
            file.writelines([f"{day},{rest}" for rest in some])
            left -= len(some)


def _rests(rng: random.Random, assignments: int) -> Iterator[str]:
    """What stands behind the day: person, team, access option, release, product; two assignments a person."""
    for number in range(assignments):
        person = number // 2
        first, last = FIRST[person % len(FIRST)], f"{LAST[person // 7 % len(LAST)]} {person}"
        product = number % 2 + 2 * rng.randrange(len(PRODUCTS) // 2)
        child = rng.choice(CHILDREN.get(product, (product,)))
        access = "Flex" if rng.random() < 0.08 else "Subscription"
        yield (
            f"{first}.{LAST[person // 7 % len(LAST)]}.{person}@example.com,{first},{last},Team {person % TEAMS + 1},"
            f"{access},{rng.choice(('2026', '2027'))},{PRODUCTS[product]},{PRODUCTS[child]}\n"
        )
