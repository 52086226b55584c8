"""`export_forecast` writes a band for every shop that has a total and every day asked for."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from servicescore.models import ScoreRevision
from servicescore.selectors.forecast import bad_days, forecast_of
from servicescore.selectors.scores import score_on
from stores.models import Shop
from tests.explain.test_export_changes import compute
from tests.factories import START
from tests.score.landing import land
from tests.score.markets import DAY, FEW, random_market

pytestmark = pytest.mark.django_db


def exported(*options: str) -> list[dict[str, str]]:
    """The rows of the file."""
    out = StringIO()
    call_command("export_forecast", "--date", DAY.isoformat(), *options, stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


@pytest.fixture
def market() -> dict[str, Shop]:
    """Shops with scores of the day."""
    shops = land(random_market(5, FEW))
    compute(DAY)
    return shops


def test_every_shop_with_a_total_has_a_row_for_every_day(market: dict[str, Shop]) -> None:
    rows = exported("--days", "9")
    assert list(rows[0]) == ["shop_id", "date", "target", "expected", "low", "high"]
    scored = ScoreRevision.objects.filter(total__isnull=False)
    names = set(scored.values_list("shop__external_id", flat=True))
    assert {row["shop_id"] for row in rows} <= names
    assert [row["shop_id"] for row in rows] == sorted(row["shop_id"] for row in rows)
    targets = [row["target"] for row in rows if row["shop_id"] == "clothing-big"]
    assert targets == [str(DAY + timedelta(days=ahead)) for ahead in range(1, 10)]
    for row in rows:
        low, expected, high = (float(row[name]) for name in ("low", "expected", "high"))
        assert 3 <= low <= expected <= high <= 5


def test_sixty_days_when_nothing_is_said_and_the_same_every_time(
    market: dict[str, Shop], tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("one.csv", "other.csv")]
    for file in files:
        call_command("export_forecast", "--date", str(DAY), "--output", str(file))
    assert files[0].read_text() == files[1].read_text()
    assert files[0].read_text().count("\nclothing-big,") == 60


def test_a_page_shows_what_the_file_says(market: dict[str, Shop]) -> None:
    view = score_on(market["clothing-big"], day=DAY, now=START, staff=True)
    assert view is not None
    found = forecast_of(view, 3)
    rows = [row for row in exported("--days", "3") if row["shop_id"] == "clothing-big"]
    assert [f"{one.expected:.9f}" for one in found] == [row["expected"] for row in rows]


def test_bad_days_are_named_with_the_day_they_leave(market: dict[str, Shop]) -> None:
    """A day enters tomorrow's window at most 180 times."""
    view = score_on(market["clothing-big"], day=DAY, now=START, staff=True)
    assert view is not None
    found = bad_days(view, limit=5)
    assert len(found) == 5
    assert all(one.leaves_on == one.day + timedelta(days=181) for one in found)
    assert [one.effect for one in found] == sorted((one.effect for one in found), reverse=True)
    assert all(one.day < DAY < one.leaves_on for one in found)


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--days", "0"], "must be fewer"), (["--days", "180"], "must be fewer")],
)
def test_days_that_make_no_sense_are_refused(
    market: dict[str, Shop], options: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        exported(*options)


def test_a_date_without_scores_is_refused(shop: Shop) -> None:
    with pytest.raises(CommandError, match="has been computed"):
        exported()
