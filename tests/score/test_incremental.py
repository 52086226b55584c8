"""Counting what changed night after night gives what counting everything at once gives."""

from contextvars import copy_context
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servicescore.calc.windows import Integers
from servicescore.models import DailyRow
from servicescore.selectors.daily import STORED_COLUMNS, days_counted
from servicescore.selectors.industry import industry_contents
from servicescore.selectors.stored_window import _kept, stored_window, windows_kept
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from shopguard.lib.days import number_day
from stores.models import Shop, Touch
from tests.score.arrivals import arrivals, bring
from tests.score.comparing import differing_cells
from tests.score.landing import make_run
from tests.score.markets import DAY, INDUSTRIES, random_market
from tests.score.reference import reference_scores

RULE_SET = "service-score-2022"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [103, 104, 107])
def test_incremental_equals_from_scratch(seed: int, tmp_path: Path) -> None:
    """Files arrive in any order, with nights between them; in the end nothing shows of it."""
    market, random = random_market(seed), Random(seed)
    bring("shops", market["shops"], tmp_path)
    with windows_kept():
        for kind, rows in arrivals(market, random):
            bring(kind, rows, tmp_path)
            if random.random() < 0.3:
                night(random.randrange(5))
        night(0)

    assert not Touch.objects.filter(consumed_by=None).exists()
    assert stored_days() == days_from_scratch()
    for industry, _ in INDUSTRIES:
        asked = {"day": DAY, "rule_set": RULE_SET, "industry": industry}
        assert industry_contents(**asked) == industry_contents(**asked, from_facts=True)
    assert differing_cells(DAY, reference_scores(market, DAY)) == []


@pytest.mark.django_db
def test_dates_in_a_row_read_what_changed_between_them_and_nothing_twice(tmp_path: Path) -> None:
    market = random_market(103)
    for kind, rows in market.items():
        bring(kind, rows, tmp_path)
    shops = list(Shop.objects.values_list("pk", flat=True))
    days_rebuild(run_id=make_run(DAY, RULE_SET).pk, shop_ids=shops)
    with windows_kept():
        for back in (3, 2, 1, 0, 2, 9, 0):
            row = DailyRow.objects.filter(shop__in=shops[:3], day=DAY - timedelta(days=20 + back))
            row.delete()
            last = DAY - timedelta(days=back)
            kept = stored_window(shops, last, 30)
            with CaptureQueriesContext(connection) as asked:
                assert (stored_window(shops, last, 30) == kept).all()
            assert "count(*)" in asked.captured_queries[0]["sql"]
            assert (copy_context().run(unkept, shops, last) == kept).all()


def unkept(shops: list[int], last: date) -> Integers:
    """The window as it is read without help."""
    _kept.set(None)
    return stored_window(shops, last, 30)


def night(back: int) -> None:
    """A run of the day, or of one ``back`` days before it."""
    run = make_run(DAY - timedelta(days=back), RULE_SET)
    days_rebuild(run_id=run.pk, shop_ids=list(Shop.objects.values_list("pk", flat=True)))
    for industry, _ in INDUSTRIES:
        scores_compute(run_id=run.pk, industry=industry)


def stored_days() -> dict[tuple[object, ...], tuple[object, ...]]:
    """Every stored daily row that is not empty."""
    rows = DailyRow.objects.values_list("shop_id", "day", "events_hash", *STORED_COLUMNS)
    return {row[:3]: row[3:] for row in rows if any(row[3:])}


def days_from_scratch() -> dict[tuple[object, ...], tuple[object, ...]]:
    """Every day from long before the first fact to long after the last, counted anew."""
    days = [DAY + timedelta(days=offset) for offset in range(-220, 30)]
    pairs = [(shop, day) for shop in Shop.objects.values_list("pk", flat=True) for day in days]
    return {
        (row.shop, number_day(row.day), row.events_hash): parts
        for table in days_counted(pairs)
        for row in table.itertuples()
        if any(parts := tuple(getattr(row, name) for name in STORED_COLUMNS))
    }
