"""Where the marks of rulers, sparklines and histograms stand.

Positions are percentages or pixels as plain text for SVG attributes: the pages allow no inline
style. A ruler is drawn in percentages, so that its text keeps its size at every width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOP_SCORE = 5.0
FLOOR_SCORE = 3.0
# The ruler shows 4–5 to a shop that is there, so that a hundredth can be seen.
CLOSE_UP_FROM = 4.0
TICKS = 20
TICKS_PER_NUMBER = 5

# A histogram of a handful does not tower: one alone is this much of the height.
LEAST_TALLEST = 4

SPARK_WIDTH = 92
SPARK_HEIGHT = 28
SPARK_PAD = 3


def share(value: float, low: float, high: float) -> str:
    """Where ``value`` lies between ``low`` and ``high``, as a percentage held inside 0–100."""
    inside = min(max((value - low) / (high - low), 0.0), 1.0)
    return f"{inside * 100:.2f}%"


@dataclass(frozen=True)
class Tick:
    """A line on the ruler's scale; ``number`` is empty for a minor one."""

    x: str
    number: str


@dataclass(frozen=True)
class GateMark:
    """A gate on the ruler: its line, and its label to the left, the right or above."""

    x: str
    label: str
    value: str
    is_passed: bool
    side: str


@dataclass(frozen=True)
class Ruler:
    """A drawn ruler for one score."""

    value: str
    x: str
    ticks: tuple[Tick, ...]
    gates: tuple[GateMark, ...]
    is_close_up: bool
    band_x: str = ""
    band_width: str = ""


def ruler(
    value: float, gates: Sequence[tuple[float, str]], band: tuple[float, float] | None = None
) -> Ruler:
    """A ruler for a score between 3 and 5 with ``gates`` as (value, label), lowest first, and
    perhaps the ``band`` the score may lie in.
    """
    low = CLOSE_UP_FROM if value >= CLOSE_UP_FROM else FLOOR_SCORE
    step = (TOP_SCORE - low) / TICKS
    ticks = []
    for index in range(TICKS + 1):
        at = low + index * step
        text = f"{at:.2f}".removesuffix("0") if index % TICKS_PER_NUMBER == 0 else ""
        ticks.append(Tick(share(at, low, TOP_SCORE), text))
    sides = ("left", "right", "right" if low == CLOSE_UP_FROM else "above")
    marks = [
        GateMark(share(at, low, TOP_SCORE), label, f"{at:.1f}", value >= at, sides[min(i, 2)])
        for i, (at, label) in enumerate(gates)
    ]
    return Ruler(
        f"{value:.2f}",
        share(value, low, TOP_SCORE),
        tuple(ticks),
        tuple(marks),
        low == CLOSE_UP_FROM,
        share(band[0], low, TOP_SCORE) if band else "",
        share(low + band[1] - max(band[0], low), low, TOP_SCORE) if band else "",
    )


@dataclass(frozen=True)
class Spark:
    """A sparkline: one path per unbroken stretch, the last dot, and perhaps a gate."""

    stretches: tuple[str, ...]
    dot_x: str
    dot_y: str
    gate_y: str


def spark(
    values: Sequence[float | None], *, gate: float | None = None, least_span: float = 0.0
) -> Spark | None:
    """A sparkline of ``values`` (oldest first, None where unknown); None without two known values.

    ``least_span`` keeps a series that hardly moves from looking wild; ``gate`` is drawn when the
    last value is near enough to reach it within the height shown.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    if gate is not None and abs(known[-1] - gate) <= max(high - low, least_span):
        low, high = min(low, gate), max(high, gate)
    else:
        gate = None
    slack = max(least_span - (high - low), 0.0) / 2
    low, high = low - slack, high + slack
    if high == low:
        low, high = low - 0.5, high + 0.5
    span = high - low
    step = (SPARK_WIDTH - 2 * SPARK_PAD) / (len(values) - 1)

    def point(index: int, value: float) -> tuple[str, str]:
        return f"{SPARK_PAD + index * step:.1f}", f"{_spark_y(value, high, span):.1f}"

    stretches: list[list[str]] = [[]]
    dot = ("", "")
    for index, value in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        dot = point(index, value)
        stretches[-1].append(",".join(dot))
    gate_y = "" if gate is None else f"{_spark_y(gate, high, span):.1f}"
    return Spark(tuple(" ".join(s) for s in stretches if len(s) > 1), *dot, gate_y)


def _spark_y(value: float, high: float, span: float) -> float:
    return SPARK_PAD + (high - value) / span * (SPARK_HEIGHT - 2 * SPARK_PAD)


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: left edge, width, top and height, and what it counts."""

    x: str
    width: str
    y: str
    height: str
    tone: str
    low: float
    count: int


def bars(
    counts: Sequence[int], *, height: float, gate: float, near: float, gap: float = 0.3
) -> tuple[Bar, ...]:
    """Bars over the whole scale 3–5, as many as there are ``counts``; the tallest is ``height`` px.

    Bars from ``gate`` upwards are ``above``, those from ``near`` up to it ``near``. ``gap`` is the
    space between bars in per cent of the width.
    """
    width = 100 / len(counts)
    step = (TOP_SCORE - FLOOR_SCORE) / len(counts)
    most = max(*counts, LEAST_TALLEST)
    drawn = []
    for index, count in enumerate(counts):
        low = round(FLOOR_SCORE + index * step, 4)
        tall = max(count / most * height, 1.0) if count else 0.0
        tone = "above" if low >= gate else "near" if low >= near else "below"
        drawn.append(
            Bar(
                f"{index * width + gap / 2:.3f}%",
                f"{width - gap:.3f}%",
                f"{height - tall:.1f}",
                f"{tall:.1f}",
                tone,
                low,
                count,
            )
        )
    return tuple(drawn)
