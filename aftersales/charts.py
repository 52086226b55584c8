"""Figures of after-sales as plotly reads them: plain dicts, colours as token names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

# The top of a figure above what is drawn in it.
ROOM_ABOVE = 1.15


def bar_figure(bars: Sequence[tuple[str, int, int, bool]]) -> dict[str, Any]:
    """One bar per (label, n, k, is_own): k by n in per cent, the own ones filled in cobalt."""
    return {
        "data": [
            {
                "type": "bar",
                "x": [label for label, *_ in bars],
                "y": [100 * k / n if n else None for _, n, k, _ in bars],
                "text": [f"{k}/{n}" for _, n, k, _ in bars],
                "textposition": "none",
                "hovertemplate": "%{y:.1f}% · %{text}<extra></extra>",
                "marker": {"color": ["c-1" if own else "text-3" for *_, own in bars]},
            }
        ],
        "layout": {
            "margin": {"l": 40, "r": 8, "t": 10, "b": 56},
            "bargap": 0.25,
            "xaxis": {"type": "category", "automargin": True},
            "yaxis": {"ticksuffix": "%", "rangemode": "tozero", "nticks": 5},
        },
    }


def control_figure(
    days: Sequence[date],
    rates: Sequence[float | None],
    low: Sequence[float],
    high: Sequence[float],
    outside: Sequence[bool],
    words: Mapping[str, str],
) -> dict[str, Any]:
    """A daily rate over its usual range; days outside are larger and red, unknown ones left out.

    ``words`` names the ``range``, the ``rate`` and what is ``outside``.
    """
    x = [day.isoformat() for day in days]
    red = [
        (day, rate) for day, rate, is_out in zip(x, rates, outside, strict=True)
        if is_out and rate is not None
    ]  # fmt: skip
    return {
        "data": [
            _edge(x, low, words["range"], is_upper=False),
            _edge(x, high, words["range"], is_upper=True),
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": words["rate"],
                "x": x,
                "y": [None if rate is None else 100 * rate for rate in rates],
                "connectgaps": False,
                "line": {"color": "c-1", "width": 2},
                "marker": {"size": 4, "color": "c-1"},
                "hovertemplate": "%{y:.2f}%",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "name": words["outside"],
                "x": [day for day, _rate in red],
                "y": [100 * rate for _day, rate in red],
                "marker": {"size": 10, "color": "urgent"},
                "hovertemplate": "%{y:.2f}%",
            },
        ],
        "layout": {
            "margin": {"l": 44, "r": 12, "t": 10, "b": 28},
            "xaxis": {"type": "date", "tickformat": "%m-%d", "hoverformat": "%Y-%m-%d"},
            "yaxis": {"ticksuffix": "%", "range": [0, _top(rates, high)], "nticks": 5},
        },
    }


def _top(rates: Sequence[float | None], high: Sequence[float]) -> float:
    """The height of the figure: a day of a handful of lines has a range nobody needs to see."""
    ends = sorted(rate for rate in high if rate == rate)
    middle = ends[len(ends) // 2] if ends else 0.0
    most = max((rate for rate in rates if rate is not None), default=0.0)
    return 100 * min(max(most, middle) * ROOM_ABOVE, 1.0) or 1.0


def _edge(x: list[str], rates: Sequence[float], label: str, *, is_upper: bool) -> dict[str, Any]:
    """One side of the range; the upper one fills down to the lower. NaN is no JSON."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label,
        "x": x,
        "y": [None if rate != rate else 100 * rate for rate in rates],
        "fill": "tonexty" if is_upper else "none",
        "fillcolor": "h-1",
        "line": {"width": 0, "color": "h-1"},
        "hoverinfo": "skip",
    }
