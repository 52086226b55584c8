"""A seed is a schedule: which faults, in which order, after which pauses."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from tests.chaos.faults import FAULTS, Fault
from tests.chaos.stage import Stage

FEWEST, MOST = 2, 4
LONGEST_WAIT = 1.2


@dataclass(frozen=True)
class Outcome:
    """How a schedule ended: seconds until all was right again, and what was not."""

    seed: int
    faults: tuple[str, ...]
    seconds: float
    wrong: tuple[str, ...]


def schedule(seed: int) -> list[tuple[float, Fault]]:
    """Pauses and faults. Over any 16 seeds in a row every fault comes at least once."""
    chance = random.Random(seed)
    chosen = [FAULTS[seed % len(FAULTS)]]
    chosen += chance.sample(FAULTS, chance.randint(FEWEST, MOST) - 1)
    chance.shuffle(chosen)
    return [(chance.uniform(0, LONGEST_WAIT), fault) for fault in chosen]


def play(stage: Stage, seed: int) -> Outcome:
    """One night with its faults, to the end; then everything is looked at."""
    planned = schedule(seed)
    stage.begin(seed)
    started = time.monotonic()
    for pause, fault in planned:
        time.sleep(pause)
        fault(stage)
        stage.mend()
    wrong: list[str] = []
    try:
        stage.house.wait_for_end()
    except AssertionError as error:
        wrong.append(f"lost: {error}")
    seconds = time.monotonic() - started
    wrong += stage.judge()
    return Outcome(seed, tuple(fault.__name__ for _, fault in planned), seconds, tuple(wrong))
