"""Figures of the service score as plotly reads them: plain dicts, colours as token names.

Nothing here imports plotly: a test checks every figure against it, and pages stay quick. Values are
plain lists, so that the JSON can be read. ``static/js/charts.js`` adds the theme and draws.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

# One dash each, so that no line is told from another by its colour alone; six at most.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
OWN_WIDTH = 2
OTHER_WIDTH = 1.5
# Labels at the ends of lines keep this share of the height between them.
LABEL_GAP = 0.062
PAD = 0.06
# A label of a level looks at this share of the lines, at either end.
LABEL_REACH = 0.15
# Half of a character's width in px at 12 px text, near enough to leave room for the labels.
NARROW, WIDE = 6.6, 12.2
MONTHS_BETWEEN_TICKS = 1
# Half the height of a waterfall in which nothing moved.
LEAST_WATERFALL = 0.01
# Up to this height its axis is marked in thousandths.
FINE_WATERFALL = 0.05


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
    """A level drawn across the figure, with its label at the end where the lines keep off."""

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
                "automargin": True,  # ticks such as 85.0% need more room than the margin has
            },
            "shapes": [_level(ref) for ref in inside],
            "annotations": [
                *_level_labels(
                    inside, [line.values for line in lines], (high - low) * LABEL_GAP / 4
                ),
                *_end_labels(lines, texts, low, high),
            ],
        },
    }


def band_figure(
    days: Sequence[date],
    past: Line,
    ahead: Sequence[date],
    expected: Line,
    band: tuple[Sequence[float], Sequence[float]],
    references: Sequence[Reference] = (),
    *,
    month_format: str,
    band_label: str,
) -> dict[str, Any]:
    """A line over ``days`` that goes on over ``ahead`` as expected, inside a band of low and high.

    Only ``expected`` is labelled where it ends. References outside the values are left out.
    """
    low, high = _span([past, expected, *(Line("", side, "") for side in band)])
    inside = _apart([ref for ref in references if low <= ref.value <= high], low, high)
    figure = line_figure(days, [past], month_format=month_format, value_format=".2f")
    edges = [_edge(ahead, side, band_label, is_upper=place > 0) for place, side in enumerate(band)]
    line = _trace(ahead, expected, 1, "")
    line["line"] |= {"color": "c-1", "width": OWN_WIDTH}
    figure["data"] += [*edges, line]
    figure["layout"]["margin"]["r"] = _room([expected.end])
    figure["layout"]["xaxis"]["range"][1] = ahead[-1].isoformat()
    figure["layout"]["yaxis"] |= {"range": [low, high], "hoverformat": ".2f"}
    figure["layout"]["shapes"] = [_level(ref) for ref in inside]
    figure["layout"]["annotations"] = [
        *_level_labels(inside, [[*past.values, *expected.values]], (high - low) * LABEL_GAP / 4),
        *_end_labels([expected], [expected.end], low, high),
    ]
    return figure


def _edge(
    days: Sequence[date], values: Sequence[float], label: str, *, is_upper: bool
) -> dict[str, Any]:
    """One side of a band; the upper one fills down to the lower."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label,
        "x": [day.isoformat() for day in days],
        "y": list(values),
        "fill": "tonexty" if is_upper else "none",
        "fillcolor": "h-1",
        "line": {"width": 0, "color": "h-1"},
        "hovertemplate": "%{y}",
    }


@dataclass(frozen=True)
class Step:
    """One place of a waterfall: a level (``points`` None), or points added to the level before."""

    label: str
    level: float
    points: float | None
    text: str


def waterfall_figure(steps: Sequence[Step], references: Sequence[Reference] = ()) -> dict[str, Any]:
    """Levels as marks and what lies between them as floating bars, each with its text.

    ``level`` is where a step ends. The axis does not start at zero, so levels are no bars.
    References outside the levels shown are left out.
    """
    levels = [step.level for step in steps]
    low, high = min(levels), max(levels)
    pad = (high - low) * 0.25 or LEAST_WATERFALL
    inside = [ref for ref in references if low - pad <= ref.value <= high + pad]
    return {
        "data": [_floating_bars(steps), *_level_marks(steps, inside, pad)],
        "layout": {
            "margin": {"l": 48, "r": 8, "t": 22, "b": 30},
            "bargap": 0.35,
            "xaxis": {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": [step.label for step in steps],
                "automargin": True,
            },
            "yaxis": {
                "range": [low - pad, high + pad],
                "tickformat": ".2f" if high - low > FINE_WATERFALL else ".3f",
                "nticks": 6,
            },
            "shapes": [*(_level(ref) for ref in inside), *_ledges(steps)],
            "annotations": _level_labels(inside, [levels], 0),
        },
    }


def _ledges(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Thin lines from where one step ends to where the next begins."""
    return [
        _level(Reference(step.level, ""))
        | {"xref": "x", "x0": step.label, "x1": following.label}
        | {"line": {"color": "line-strong", "width": 1}}
        for step, following in pairwise(steps)
    ]


def _floating_bars(steps: Sequence[Step]) -> dict[str, Any]:
    bars = [step for step in steps if step.points is not None]
    return {
        "type": "bar",
        "x": [step.label for step in bars],
        "y": [step.points for step in bars],
        "base": [step.level - (step.points or 0.0) for step in bars],
        "text": [step.text for step in bars],
        "textposition": "outside",
        "textfont": {"size": 12},
        "constraintext": "none",
        "textangle": 0,
        "cliponaxis": False,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": [_tone(step.points or 0.0) for step in bars]},
    }


def _level_marks(
    steps: Sequence[Step], references: Sequence[Reference], pad: float
) -> list[dict[str, Any]]:
    """The marks, and their texts over them: under them where a reference lies close above."""
    marks = [step for step in steps if step.points is None]
    crowded = [any(0 <= ref.value - step.level < pad for ref in references) for step in marks]
    where = {"x": [step.label for step in marks], "y": [step.level for step in marks]}
    line = {"symbol": "line-ew", "size": 34, "line": {"width": 3, "color": "c-1"}}
    texts = {
        "mode": "markers+text",
        "marker": {"size": 8, "opacity": 0},
        "text": [step.text for step in marks],
        "textposition": [f"{'bottom' if under else 'top'} center" for under in crowded],
        "textfont": {"size": 12},
        "hoverinfo": "skip",
    }
    marked = {"mode": "markers", "marker": line, "text": texts["text"]}
    shared = {"type": "scatter", "cliponaxis": False}
    return [
        shared | where | marked | {"hovertemplate": "%{text}<extra></extra>"},
        shared | where | texts,
    ]


def _tone(points: float) -> str:
    return "good" if points > 0 else "urgent" if points < 0 else "c-gate"


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


def _level_labels(
    references: Sequence[Reference], series: Sequence[Sequence[float | None]], gap: float
) -> list[dict[str, Any]]:
    """The labels over their levels, at the end of the figure where the lines keep further off; on
    the levels and hiding what is below where the lines come nearer than ``gap`` at both ends.
    """
    if not references:
        return []
    reach = max(1, round(len(series[0]) * LABEL_REACH))
    left = _nearest(references, [values[:reach] for values in series])
    right = _nearest(references, [values[-reach:] for values in series])
    place: dict[str, Any] = {"xanchor": "left", "yanchor": "bottom", "xshift": 4}
    if max(left, right) < gap:
        place |= {"yanchor": "middle", "bgcolor": "surface"}
    elif right > left:
        place |= {"xanchor": "right", "xshift": -4}
    x = int(place["xanchor"] == "right")
    return [_label(ref.label, x, ref.value, "c-gate", **place) for ref in references]


def _nearest(references: Sequence[Reference], series: Sequence[Sequence[float | None]]) -> float:
    """How near any of the series comes to any of the levels; nothing where it crosses one."""
    found = [math.inf]
    for values in series:
        known = [value for value in values if value is not None]
        for ref in references if known else ():
            found.append(max(min(known) - ref.value, ref.value - max(known), 0.0))
    return min(found)


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


def _label(text: str, x: float | str, y: float, color: str, **more: Any) -> dict[str, Any]:
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
