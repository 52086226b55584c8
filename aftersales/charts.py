"""Figures of after-sales as plotly reads them: plain dicts, colours as token names."""

from collections.abc import Sequence
from typing import Any


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
            "xaxis": {"type": "category"},
            "yaxis": {"ticksuffix": "%", "rangemode": "tozero", "nticks": 5},
        },
    }
