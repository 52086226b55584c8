"""Where each shop truly stands, metric by metric and day by day: what the facts are drawn around.

A level wanders slowly, takes a turn now and then (people leave, a courier strikes) and never jumps
about: the noise of the market comes from counting few events, as it does in life.
"""

from typing import Any

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.draws import Draws, Floats, keyed
from shopguard.demo.market import Market, read

METRICS: tuple[str, ...] = tuple(read("levels")["metrics"])
_CALM_ROLES = {"healthy", "slipping", "shaken", "recovering"}
_CALM = 0.25  # how much of the usual wandering the characters keep, so that their story can be read


def _purpose_keys(market: Market, offset: int) -> Any:
    return keyed(market.numbers, np.full(market.numbers.size, offset))


def _calmness(market: Market) -> Floats:
    return np.array([_CALM if shop.role in _CALM_ROLES else 1.0 for shop in market.shops])


def _base(market: Market, draws: Draws) -> Floats:
    """Standing by metric and shop before anything happens."""
    table = read("levels")
    spread, calm = table["spread"], _calmness(market)
    standing = np.array([shop.standing for shop in market.shops])
    rows = []
    for place, (metric, rule) in enumerate(table["metrics"].items()):
        own = draws.normal(f"dimension/{rule['dimension']}", _purpose_keys(market, 0))
        fine = draws.normal("metric", _purpose_keys(market, place))
        strength = np.array([shop.strengths.get(metric, 0.0) for shop in market.shops])
        wander = spread["dimension"] * own + spread["metric"] * fine
        rows.append(standing + calm * wander + strength)
    return np.stack(rows)


def _drift(market: Market, draws: Draws) -> Floats:
    """Slow wandering by metric, shop and day."""
    spread = read("levels")["spread"]
    short, long = spread["drift_days"]
    result = np.zeros((len(METRICS), len(market.shops), market.days.size))
    for place in range(len(METRICS)):
        for wave, days in enumerate((short, long)):
            key = _purpose_keys(market, 10 * place + wave)
            phase = 2 * np.pi * draws.uniform("drift", key)
            length = days * (0.8 + 0.4 * draws.uniform("drift/days", key))
            angle = 2 * np.pi * market.days[None, :] / length[:, None] + phase[:, None]
            result[place] += spread["drift"] * np.sin(angle)
    return result * _calmness(market)[None, :, None]


def _pulse(market: Market, start: float, ramp: float, lasts: float) -> Floats:
    """0 before a turn, up to 1 over ``ramp`` days, back to 0 after ``lasts`` days, by day."""
    since = market.days - start
    turns = [0.0, ramp, ramp + lasts, 2 * ramp + lasts]
    return np.asarray(np.interp(since, turns, [0.0, 1.0, 1.0, 0.0]), dtype=np.float64)


def _between(edges: list[float], part: float) -> float:
    return edges[0] + (edges[1] - edges[0]) * part


def _add_turns(grades: Floats, market: Market, draws: Draws) -> None:
    """Turns that may meet any shop but the calm ones, once or twice a year."""
    calm = _calmness(market)
    halves = [
        calendar.on(year, start) for year in calendar.years(market) for start in ("01-01", "07-01")
    ]
    for kind, turn in enumerate(read("levels")["turns"]):
        for half in halves:
            key = keyed(
                market.numbers,
                np.full(market.numbers.size, kind),
                np.full(market.numbers.size, half),
            )
            parts = np.stack(
                [draws.uniform(f"turn/{what}", key) for what in ("when", "ramp", "lasts", "effect")]
            )
            met = draws.chance("turn", key, turn["chance"]) & (calm == 1.0)
            for shop in np.flatnonzero(met):
                when, ramp, lasts, effect = (float(part) for part in parts[:, shop])
                path = _pulse(
                    market,
                    half + 183 * when,
                    _between(turn["ramp"], ramp),
                    _between(turn["lasts"], lasts),
                )
                _apply(grades, int(shop), turn["metrics"], _between(turn["effect"], effect) * path)


def _apply(grades: Floats, shop: int, metrics: dict[str, float], path: Floats) -> None:
    for metric, part in metrics.items():
        grades[METRICS.index(metric), shop] += part * path


def _add_stories(grades: Floats, market: Market) -> None:
    """The turns of the characters, told in days from today."""
    today = calendar.number(market.today)
    for turn in read("characters")["turns"]:
        path = _pulse(market, today + turn["starts"], turn["ramp"], turn.get("lasts", 10_000))
        for shop in market.where(turn["role"]):
            _apply(grades, shop, turn["metrics"], turn["effect"] * path)


def standings(market: Market, draws: Draws) -> Floats:
    """True standing (about 3 … 5) by metric (order of ``METRICS``), shop and day."""
    grades = _base(market, draws)[:, :, None] + _drift(market, draws)
    _add_turns(grades, market, draws)
    _add_stories(grades, market)
    return grades


class Levels:
    """True levels in the units of the metrics, by shop and day."""

    def __init__(self, market: Market, draws: Draws) -> None:
        table = read("levels")
        grades = standings(market, draws)
        self._values: dict[str, Floats] = {
            metric: np.interp(grades[place], table["standings"], table["metrics"][metric]["values"])
            for place, metric in enumerate(METRICS)
        }

    def of(self, metric: str) -> Floats:
        """Level of one metric, shape (shops, days); units as in ``data/levels.toml``."""
        return self._values[metric]
