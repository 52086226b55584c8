"""A shop that sells clothes, its scores and quotes worked out as the night does."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from freightins.models import QuoteRevision
from freightins.services.quotes import quotes_compute
from freightins.services.windows import windows_count
from servicescore.models import ScoreRevision, ScoreState
from stores.models import Run, Shop
from tests.freight.laying import finished_run, shop_named
from tests.imports.files import Desk

Quoting = Callable[..., QuoteRevision]


@pytest.fixture(scope="module", autouse=True)
def present(steady_present: None) -> None:
    """Every test here takes place at the steady present."""


@pytest.fixture
def shop(db: None) -> Shop:
    """The shop of Alice and Bob, opened on the weekday of day zero."""
    return shop_named("plum", name="梅子小铺")


def score_of(shop: Shop, run: Run, total: float | None) -> ScoreRevision:
    """A score row of the run, with a total or without."""
    return ScoreRevision.objects.create(
        shop=shop,
        date=run.day,
        rule_set=run.rule_set,
        rule_hash="",
        revision=run.sequence,
        run=run,
        cause=ScoreRevision.Cause.FIRST,
        industry=shop.industry,
        state=ScoreState.TOO_FEW_ORDERS if total is None else ScoreState.SCORED,
        total=total,
        estimate=False,
        peers_n=0,
        signed_orders=0,
        dimensions={},
        metrics={},
    )


def quoted(shop: Shop, day: date, total: float | None = 4.7, sequence: int = 1) -> Run:
    """A finished run of the day with a score of the shop and its quotes."""
    run = finished_run(day, sequence=sequence)
    score_of(shop, run, total)
    windows_count(run_id=run.pk, shop_ids=[shop.pk])
    quotes_compute(run_id=run.pk, shop_ids=[shop.pk])
    return run


@pytest.fixture
def quote(shop: Shop, day_zero: date) -> Quoting:
    """``quote(total=4.7)``: the quote of day zero under the rules in force."""

    def of_day(
        day: date = day_zero,
        total: float | None = 4.7,
        rule_set: str = "fee-2023",
        sequence: int = 1,
    ) -> QuoteRevision:
        run = quoted(shop, day, total, sequence)
        rows = QuoteRevision.objects.for_shop(shop).filter(date=day, rule_set=rule_set)
        return rows.filter(run_id__lte=run.pk).order_by("-revision")[0]

    return of_day


@pytest.fixture
def desk(shop: Shop, tmp_path: Path) -> Desk:
    """The desk of a database in which the shop ``plum`` exists."""
    return Desk(tmp_path)
