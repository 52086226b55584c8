"""Rulers, sparklines, histograms and line charts: where their marks stand."""

import itertools
from datetime import date, timedelta

import pytest

from servicescore.charts import Line, Reference, Step, line_figure, waterfall_figure
from shopguard.lib.drawing import bars, ruler, spark

GATES = [(4.5, "a"), (4.6, "b"), (4.8, "c")]
DAYS = [date(2024, 3, 1) + timedelta(days=back) for back in range(3)]


def test_ruler_closes_up_on_a_total_of_four_or_more() -> None:
    assert next(tick.number for tick in ruler(4.62, GATES).ticks if tick.number) == "4.0"
    assert next(tick.number for tick in ruler(3.9, GATES).ticks if tick.number) == "3.0"


def test_ruler_marks_only_gates_that_are_reached_as_passed() -> None:
    assert [gate.is_passed for gate in ruler(4.6, GATES).gates] == [True, True, False]


def test_value_outside_the_scale_stays_on_the_ruler() -> None:
    assert ruler(5.3, GATES).x == "100.00%"
    assert ruler(2.0, GATES).x == "0.00%"


@pytest.mark.parametrize("values", [[], [4.5], [None, 4.5, None]])
def test_one_night_is_no_sparkline(values: list[float | None]) -> None:
    assert spark(values) is None


def test_flat_series_runs_through_the_middle() -> None:
    drawn = spark([0.0, 0.0, 0.0])
    assert drawn is not None
    assert drawn.dot_y == "14.0"


def test_unknown_night_breaks_the_line() -> None:
    drawn = spark([4.1, 4.2, None, 4.3, 4.4])
    assert drawn is not None
    assert len(drawn.stretches) == 2


def test_gate_out_of_reach_is_not_drawn() -> None:
    near, far = spark([4.58, 4.59], gate=4.6, least_span=0.05), spark([3.1, 3.2], gate=4.6)
    assert near is not None
    assert far is not None
    assert near.gate_y
    assert not far.gate_y


def test_one_shop_alone_does_not_tower() -> None:
    alone = bars([1, 0, 0, 0], height=80, gate=4.6, near=4.5)
    assert alone[0].height == "20.0"


def test_labels_at_the_ends_of_lines_do_not_lie_on_each_other() -> None:
    lines = [Line(f"{n}", [4.5, 4.5, 4.5 + n / 1000], f"{n}") for n in range(5)]
    figure = line_figure(DAYS, lines, month_format="%b", value_format=".1f")
    low, high = figure["layout"]["yaxis"]["range"]
    places = sorted(note["y"] for note in figure["layout"]["annotations"])
    steps = [after - before for before, after in itertools.pairwise(places)]
    assert min(steps) >= (high - low) * 0.06


def test_references_outside_or_too_near_are_left_out() -> None:
    line = Line("x", [1.0, 2.0, 5.0], "5")
    marks = [Reference(at, f"{at}") for at in (0.5, 3.0, 4.9, 4.95, 9.0)]
    figure = line_figure(DAYS, [line], marks, month_format="%b", value_format=".1f")
    assert [shape["y0"] for shape in figure["layout"]["shapes"]] == [4.95, 3.0]


def test_series_without_any_value_is_a_figure_all_the_same() -> None:
    line = Line("x", [None, None, None], "—")
    figure = line_figure(DAYS, [line], month_format="%b", value_format=".1f")
    assert figure["layout"]["annotations"] == []


@pytest.mark.parametrize(
    ("values", "end", "is_masking"),
    [([4.1, 4.5, 4.6], "left", False), ([4.7, 4.5, 4.1], "right", False)],
)
def test_label_of_a_level_stands_where_the_line_keeps_off(
    values: list[float], end: str, *, is_masking: bool
) -> None:
    note = label_of_level([Line("x", values, "")])
    assert (note["xanchor"], "bgcolor" in note) == (end, is_masking)


def test_label_of_a_level_hides_the_lines_that_cross_it_at_both_ends() -> None:
    lines = [Line("x", [4.6, 4.5, 4.1], ""), Line("y", [4.1, 4.5, 4.6], "")]
    assert label_of_level(lines)["bgcolor"] == "surface"


def label_of_level(lines: list[Line]) -> dict[str, object]:
    marks = [Reference(4.6, "gate")]
    figure = line_figure(DAYS, lines, marks, month_format="%b", value_format=".1f")
    (note,) = [note for note in figure["layout"]["annotations"] if note["text"] == "gate"]
    found: dict[str, object] = note
    return found


def test_levels_of_a_waterfall_are_named_under_their_marks_where_a_gate_is_close_above() -> None:
    steps = [
        Step("before", 4.595, None, "4.595"),
        Step("rule", 4.595, 0.0, "0"),
        Step("peers", 4.57, -0.025, "-0.025"),
        Step("after", 4.57, None, "4.570"),
    ]
    figure = waterfall_figure(steps, [Reference(4.6, "gate")])
    named = next(trace for trace in figure["data"] if "textposition" in trace and "mode" in trace)
    assert named["textposition"] == ["bottom center", "top center"]
    ledges = [shape["y0"] for shape in figure["layout"]["shapes"] if shape["xref"] == "x"]
    assert ledges == [4.595, 4.595, 4.57]
