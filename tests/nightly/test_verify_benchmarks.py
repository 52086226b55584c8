"""A benchmark table that came after a run is listed, not taken for a breach."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from servicescore.models import BenchmarkRow, ScoreRevision
from tests.factories import START
from tests.nightly.market import INDUSTRIES, market_build
from tests.nightly.test_verify import verify

pytestmark = pytest.mark.django_db
DAY_ZERO = date(2024, 3, 1)


def benchmark(**fields: object) -> BenchmarkRow:
    scale = BenchmarkRow.SCALE
    given = {
        "industry": INDUSTRIES[0], "metric": "refund_only_hours", "day": date(2024, 1, 1),
        "p10": 90 * scale, "p30": 60 * scale, "p60": 30 * scale, "p80": 15 * scale,
        "p95": 5 * scale, "source": "行业协会", "as_of": START,
    }  # fmt: skip
    return BenchmarkRow.objects.create(**(given | fields))


def compute() -> None:
    call_command("recompute", "--date", str(DAY_ZERO), "--quiet")


def test_scores_measured_by_a_benchmark_are_counted_from_the_facts() -> None:
    market_build(shops=4, last=DAY_ZERO - timedelta(days=1))
    benchmark()
    compute()
    receipts = ScoreRevision.objects.filter(industry=INDUSTRIES[0]).values_list(
        "metrics", flat=True
    )
    assert all(receipt["refund_only_hours"]["benchmark"] for receipt in receipts)
    code, told = verify()
    assert code == 0, told
    assert "4 from the facts, 0 from receipts" in told


def test_a_benchmark_that_came_after_the_run_is_listed_and_no_breach() -> None:
    market_build(shops=4, last=DAY_ZERO - timedelta(days=1))
    compute()
    benchmark()
    code, told = verify()
    assert code == 0, told
    assert "a benchmark table came since" in told
    assert "2 from the facts, 2 from receipts" in told


def test_a_benchmark_of_a_later_day_matters_to_nobody() -> None:
    market_build(shops=4, last=DAY_ZERO - timedelta(days=1))
    compute()
    benchmark(day=DAY_ZERO + timedelta(days=1))
    code, told = verify()
    assert code == 0, told
    assert "4 from the facts" in told
