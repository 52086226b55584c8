"""Figures of the service score as plotly reads them: plain dicts, colours as token names.

Nothing here imports plotly: a test checks every figure against it, and pages stay quick. Values are
plain lists, so that the JSON can be read. ``static/js/charts.js`` adds the theme and draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# One dash each, so that no line is told from another by its colour alone; six at most.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
OWN_WIDTH = 2
OTHER_WIDTH = 1.5
# Labels at the ends of lines keep this share of the height between them.
LABEL_GAP = 0.062
PAD = 0.06
# Half of a character's width in px at 12 px text, near enough to leave room for the labels.
NARROW, WIDE = 6.6, 12.2
MONTHS_BETWEEN_TICKS = 1


@dataclass(frozen=True)
class Line:
    """One series over the days of a figure; None where there is no value.

    ``end`` is what stands where the line ends: its newest value, with its name if there are others.
    ``is_peers`` draws it as the middle of others, not as one of the shop's own.
    """

    label: str
    values: Sequence[float | None]
    end: str
    is_peers: bool = False


@dataclass(frozen=True)
class Reference:
    """A level drawn across the figure, with its label at the left."""

    value: float
    label: str


def line_figure(
    days: Sequence[date],
    lines: Sequence[Line],
    references: Sequence[Reference] = (),
    *,
    month_format: str,
    value_format: str,
    suffix: str = "",
) -> dict[str, Any]:
    """Lines over days, the first being the shop's own; each is labelled where it ends.

    ``month_format`` and ``value_format`` are d3 formats of the ticks. References outside the
    values shown, or too near to another, are left out. Returns a dict with ``data`` and ``layout``.
    """
    low, high = _span(lines)
    inside = _apart([ref for ref in references if low <= ref.value <= high], low, high)
    texts = [line.end for line in lines]
    return {
        "data": [_trace(days, line, index, suffix) for index, line in enumerate(lines)],
        "layout": {
            "margin": {"l": 44, "r": _room(texts), "t": 10, "b": 28},
            "xaxis": {
                "type": "date",
                "tickformat": month_format,
                "hoverformat": "%Y-%m-%d",
                "dtick": f"M{MONTHS_BETWEEN_TICKS}",
                "range": [days[0].isoformat(), days[-1].isoformat()],
            },
            "yaxis": {
                "range": [low, high],
                "tickformat": value_format,
                "ticksuffix": suffix,
                "nticks": 6,
            },
            "shapes": [_level(ref) for ref in inside],
            "annotations": [
                *(_level_label(ref) for ref in inside),
                *_end_labels(lines, texts, low, high),
            ],
        },
    }


def _span(lines: Sequence[Line]) -> tuple[float, float]:
    known = [value for line in lines for value in line.values if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    pad = (high - low) * PAD or abs(high) * PAD or 1.0
    return low - pad, high + pad


def _apart(references: Sequence[Reference], low: float, high: float) -> list[Reference]:
    """The references from the highest down whose labels do not lie on each other."""
    kept: list[Reference] = []
    for reference in sorted(references, key=lambda reference: -reference.value):
        if not kept or kept[-1].value - reference.value >= (high - low) * LABEL_GAP:
            kept.append(reference)
    return kept


def _trace(days: Sequence[date], line: Line, index: int, suffix: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": line.label,
        "x": [day.isoformat() for day in days],
        "y": list(line.values),
        "connectgaps": False,
        "hovertemplate": f"%{{y}}{suffix}",
        "line": {
            "color": _colour(line, index),
            "width": OTHER_WIDTH if index else OWN_WIDTH,
            "dash": "dot" if line.is_peers else DASHES[index],
        },
    }


def _level(reference: Reference) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": reference.value,
        "y1": reference.value,
        "layer": "below",
        "line": {"color": "c-gate", "width": 1.2, "dash": "dash"},
    }


def _level_label(reference: Reference) -> dict[str, Any]:
    place = {"xanchor": "left", "yanchor": "middle", "xshift": 4, "bgcolor": "surface"}
    return _label(reference.label, 0, reference.value, "c-gate", **place)


def _end_labels(
    lines: Sequence[Line], texts: Sequence[str], low: float, high: float
) -> list[dict[str, Any]]:
    """Labels beside the last values, pushed apart where they would lie on each other."""
    ends = sorted(
        (value, index)
        for index, line in enumerate(lines)
        if (value := _last(line.values)) is not None
    )
    gap = (high - low) * LABEL_GAP
    places: list[float] = []
    for value, _ in ends:
        places.append(max(value, places[-1] + gap) if places else value)
    over = max(places[-1] - high, 0.0) if places else 0.0
    for place in reversed(range(len(places))):
        limit = high if place == len(places) - 1 else places[place + 1] - gap
        places[place] = min(places[place], limit) if over else places[place]
    beside: dict[str, Any] = {"xanchor": "left", "yanchor": "middle", "xshift": 8}
    return [
        _label(texts[index], 1, at, _colour(lines[index], index), **beside)
        for at, (_, index) in zip(places, ends, strict=True)
    ]


def _colour(line: Line, index: int) -> str:
    return "text-2" if line.is_peers else f"c-{index + 1}"


def _label(text: str, x: float, y: float, color: str, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": x,
        "y": y,
        "showarrow": False,
        "font": {"size": 12, "color": color},
        **more,
    }


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _room(texts: Sequence[str]) -> int:
    widths = [sum(NARROW if char.isascii() else WIDE for char in text) for text in texts]
    return int(max(widths, default=0)) + 14
