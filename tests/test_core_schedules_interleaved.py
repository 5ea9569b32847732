"""Whatever two processes do in whatever order, dying and standing still, with clocks put: each slot is sent once."""

from random import Random

import pytest

from tests.company import Company
from tests.schedule_world import World

HOUR, DAY = 3600, 86_400
WALKS = 8
SEED = 20_261_126


def deed(world: World, dice: Random, *, put: bool) -> str:
    """Do something, and say what."""
    match dice.choice(["on"] * 10 + ["time"] * 4 + ["slot"] * 2 + ["dies", "lost"] + ["put"] * (2 * put)):
        case "on":
            number, steps = dice.randrange(2), dice.randint(1, 6)
            for _ in range(steps):
                world.processes[number].step()
            return f"{number} goes on by {steps}"
        case "dies":
            number = dice.randrange(2)
            world.dies(number)
            return f"{number} dies"
        case "lost":
            world.losing = 1
            return "an answer is lost"
        case "time":
            return _passes(world, dice.randint(1, 240))
        case "slot":
            return _passes(world, dice.randint(1, 3) * 3 * HOUR)
    return _passes(world, dice.choice([-1, 1]) * dice.choice([dice.randint(1, 20 * HOUR), dice.randint(1, 2 * DAY)]))


def _passes(world: World, seconds: int) -> str:
    world.passes(seconds)
    return f"{seconds} s: {world.now:%m-%d %H:%M:%S}"


@pytest.mark.parametrize("put", [False, True], ids=["steady", "clocks put"])
def test_a_slot_is_sent_once_in_whatever_order_two_processes_go_on(company: Company, *, put: bool) -> None:
    for walk in range(WALKS):
        dice = Random(SEED + walk)
        world = World(company.core.store, company.core.account_id)
        world.open()
        deeds = [deed(world, dice, put=put) for _ in range(60)]
        world.settles()
        assert world.wrong() == [], (walk, deeds)
        assert world.slack.messages
