"""The forecast on made-up histories: its error against "stays as today", and its band."""

from __future__ import annotations

from collections.abc import Iterator

from bench.foresight import HORIZONS, Tried, tried
from bench.histories import Shape
from bench.workbench import Result, Workbench

REACH, REACH_AFTER_CHANGE = 1.0, 0.95
SEED = 20220820
SHAPES = (
    (Shape("steady shops"), 8, REACH),
    (Shape("small shops", volume=(1, 5)), 4, REACH),
    (Shape("shops alike", apart=0.3), 4, REACH),
    (Shape("growing and shrinking shops", growth=0.006), 4, REACH),
    (Shape("shops with bad streaks", streaks=0.5), 4, REACH),
    (Shape("industries of six", shops=6), 14, REACH),
    (Shape("shops that changed 40 days ago", changed=1.0), 4, REACH_AFTER_CHANGE),
)


def measure(bench: Workbench) -> Iterator[Result]:
    """One line a shape; the ratio is that of the mean absolute errors, in points of the total."""
    for shape, industries, reach in SHAPES:
        found = tried(shape, industries, SEED, only_changed=shape.changed > 0)
        yield Result(
            f"forecast of {shape.name}, {len(found.came)} shop-horizons",
            found.error,
            "today's total",
            found.error_of_today,
            reach,
            _band(found),
            unit="points",
        )


def _band(found: Tried) -> str:
    """What the band held, over all, by thirds of size and by days ahead, and what it costs."""
    thirds = "/".join(f"{part.held:.0%}" for part in found.thirds())
    ahead = [found.at(days) for days in HORIZONS]
    held = "/".join(f"{part.held:.0%}" for part in ahead)
    costs = "/".join(f"{part.cost / part.cost_of_best_constant:.2f}" for part in ahead)
    days = "/".join(map(str, HORIZONS))
    return (
        f"band of 80 % held {found.held:.1%} ({thirds} by size), "
        f"{held} over {days} days at {costs} of the cost of the best constant"
    )
