"""What one more agent in an hour changes, and how many an hour takes."""

from math import exp

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from servicescore.calc.rota import RotaRules, agents_needed, late_saved, waiting_share
from tests.conduct.test_worked_tables import rows_of

RULES = RotaRules(handling_seconds=420, live_factor=2)
LIMIT = 180
ARRIVALS = st.floats(0, 60)
AGENTS = st.integers(0, 12)


def share(arrivals: float, agents: int) -> float:
    return waiting_share(arrivals, agents, limit_seconds=LIMIT, handling_seconds=420)


def test_one_agent_is_a_queue_of_one() -> None:
    """With one server Erlang's formula is load × e^(−(1 − load) × limit / handling)."""
    load = 4 * 420 / 3600
    assert share(4, 1) == pytest.approx(load * exp(-(1 - load) * LIMIT / 420))


def test_hours_are_worth_what_is_written() -> None:
    for arrivals, late, agents, now, then, saved in rows_of("rota"):
        asked, on_duty = float(arrivals), int(agents)
        assert f"{share(asked, on_duty):.3f}" == now
        assert f"{share(asked, on_duty + 1):.3f}" == then
        found = late_saved(asked, float(late), on_duty, limit_seconds=LIMIT, rules=RULES)
        assert f"{found:.2f}" == saved


@given(ARRIVALS, AGENTS)
def test_a_share_is_a_share_and_more_agents_never_make_it_worse(
    arrivals: float, agents: int
) -> None:
    now, then = share(arrivals, agents), share(arrivals, agents + 1)
    assert 0 <= then <= now <= 1


@given(ARRIVALS, ARRIVALS, AGENTS)
def test_more_buyers_never_wait_less(few: float, more: float, agents: int) -> None:
    few, more = sorted((few, more))
    assert share(few, agents) <= share(more, agents) + 1e-12


@given(ARRIVALS, st.floats(0, 1), AGENTS)
def test_no_more_is_saved_than_was_late(arrivals: float, part: float, agents: int) -> None:
    late = arrivals * part
    saved = late_saved(arrivals, late, agents, limit_seconds=LIMIT, rules=RULES)
    assert 0 <= saved <= late


@given(ARRIVALS, st.floats(0.01, 1))
def test_the_fewest_agents_are_enough_and_one_less_is_not(arrivals: float, most: float) -> None:
    needed = agents_needed(arrivals, most_late=most, limit_seconds=LIMIT, rules=RULES)
    assert share(arrivals, needed) <= most
    assume(needed)
    assert share(arrivals, needed - 1) > most


def test_an_hour_without_buyers_takes_nobody() -> None:
    assert agents_needed(0, most_late=0.2, limit_seconds=LIMIT, rules=RULES) == 0
    assert late_saved(0, 0, 0, limit_seconds=LIMIT, rules=RULES) == 0
