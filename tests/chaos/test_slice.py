"""A short slice of the schedules of `make chaos`, played with every run of the suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.schedule import play, schedule
from tests.chaos.stage import Stage
from tests.nightly.house import House

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage(House())
    try:
        made.open()
        yield made
    finally:
        made.house.close()


@pytest.mark.parametrize("seed", [1007, 1013])
def test_a_night_full_of_faults_ends_with_the_scores_of_a_quiet_one(
    stage: Stage, seed: int
) -> None:
    outcome = play(stage, seed)
    assert outcome.wrong == ()


def test_a_seed_repeats_its_schedule_and_sixteen_in_a_row_meet_every_fault() -> None:
    assert schedule(7) == schedule(7)
    assert {fault for seed in range(16) for _, fault in schedule(seed)} == set(FAULTS)
    assert len(FAULTS) == 16
