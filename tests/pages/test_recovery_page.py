"""The days to come: totals with a band, when bad days leave, and which hurt most."""

from datetime import date, timedelta

import plotly.graph_objects as go

from servicescore.selectors.forecast import BadDay
from servicescore.selectors.recovery_page import DAYS_AHEAD, calendar
from tests.conftest import DAY_ZERO
from tests.pages.figures import figure_named
from tests.pages.market import Market
from tests.pages.reading import rows_of_table, text_of
from tests.pages.test_receipt_page import number
from tests.pages.test_score_page import coloured, page

RECOVERY = "/s/plum/score/recovery/"


def test_table_and_drawing_hold_the_same_sixty_days(market: Market) -> None:
    html = page(market.client("alice"), RECOVERY)
    rows = rows_of_table(html, "forecast-table")
    assert len(rows) == DAYS_AHEAD
    figure = figure_named(html, "forecast-figure")
    go.Figure(coloured(figure))
    _past, low, high, expected = figure["data"]
    ahead = [trace["y"][1:] for trace in (expected, low, high)]
    for row, *drawn in zip(rows, *ahead, strict=True):
        assert [number(cell) for cell in row[1:]] == [round(value + 1e-9, 2) for value in drawn]
        assert number(row[2]) <= number(row[1]) <= number(row[3])
    assert expected["x"][:2] == [str(DAY_ZERO), str(DAY_ZERO + timedelta(days=1))]


def test_same_day_gives_the_same_forecast_to_everybody(market: Market) -> None:
    pages = [page(market.client(who), RECOVERY) for who in ("alice", "bob")]
    first, second = (rows_of_table(html, "forecast-table") for html in pages)
    assert first == second


def test_days_that_hurt_open_their_records(market: Market) -> None:
    html = page(market.client("alice"), RECOVERY)
    text = text_of(html)
    assert "最拖后腿的日子" in text
    assert "show=counted&amp;from=2024-" in html


def test_calendar_starts_on_monday_and_shows_the_day_a_bad_day_leaves() -> None:
    leaves = DAY_ZERO + timedelta(days=10)
    bad = BadDay(leaves - timedelta(days=181), leaves, 0.0123, {"dispute_rate": 0.0123})
    weeks = calendar(DAY_ZERO, [bad])
    cells = [cell for week in weeks for cell in week]
    known = [cell for cell in cells if cell.day]
    assert all(len(week) == 7 for week in weeks)
    assert all(cell.day.weekday() == at % 7 for at, cell in enumerate(cells) if cell.day)
    assert [cell.day for cell in known] == [
        DAY_ZERO + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1)
    ]
    shown = {cell.day: cell.effect_text for cell in known if cell.effect_text}
    assert shown == {date(2024, 3, 11): "0.012"}


def test_shop_without_a_total_reads_what_is_missing(market: Market) -> None:
    text = text_of(page(market.client("bob"), "/s/twig/score/recovery/"))
    assert "有了总分才能往前看" in text
    assert "满 30 单才有总分" in text
    assert "行业不参与服务分" in text_of(page(market.client("dora"), "/s/class/score/recovery/"))
