"""The score agrees with a second, slow reading of the rule on markets nobody has looked at."""

from collections.abc import Mapping

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from servicescore.models import ScoreRevision
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from stores.models import Shop
from tests.score.comparing import differing_cells
from tests.score.landing import land, make_run
from tests.score.markets import DAY, FEW, TWINS, random_market
from tests.score.reference import reference_scores
from tests.score.reference_events import Out


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 5, 8])
def test_every_column_of_the_export_agrees(seed: int) -> None:
    """Values, counts, ranks, scores, dimensions, totals, stars and states, to a millionth."""
    market = random_market(seed)
    exclusions = appeals(market) if seed % 2 else []
    shops = land(market, exclusions)

    compute(shops)
    assert differing_cells(DAY, reference_scores(market, DAY, exclusions)) == []
    revisions = list(ScoreRevision.objects.all())
    ranked = {n for r in revisions for n, m in r.metrics.items() if m["percentile"] is not None}
    assert len(ranked) >= 7, f"the market ranks only {sorted(ranked)}"
    assert len({revision.state for revision in revisions}) >= 3, "the market lacks a state"


@pytest.mark.django_db
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_small_markets_agree_whatever_is_in_them(seed: int) -> None:
    """Markets nobody picked, without ranks."""
    with transaction.atomic():
        market = random_market(seed, FEW)
        exclusions = appeals(market)
        shops = land(market, exclusions)
        compute(shops)
        assert differing_cells(DAY, reference_scores(market, DAY, exclusions)) == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_shops_with_the_same_facts_have_the_same_score_and_rank() -> None:
    """Twins tie in everything, whatever lies between them in the table."""
    shops = land(random_market(2))
    compute(shops)
    one, other = (ScoreRevision.objects.get(shop=shops[name]) for name in TWINS)
    assert one.metrics == other.metrics
    assert (one.total, one.percentile) == (other.total, other.percentile)
    assert one.total is not None


def compute(shops: Mapping[str, Shop]) -> None:
    """The steps of a night over the landed shops."""
    run = make_run(DAY)
    days_rebuild(run_id=run.pk, shop_ids=[shop.pk for shop in shops.values()])
    for industry in sorted({shop.industry for shop in shops.values()}):
        scores_compute(run_id=run.pk, industry=industry)


def appeals(market: dict[str, list[dict[str, str]]]) -> list[Out]:
    """Some records of every kind excluded from the metrics they count in."""
    kinds = {
        "orders": ("order", "order_id", ("dispute_rate", "quality_refund_rate", "product_rating")),
        "reviews": ("review", "review_id", ("product_rating",)),
        "aftersales": (
            "case",
            "case_id",
            ("quality_refund_rate", "refund_only_hours", "return_refund_hours"),
        ),
        "consultations": ("consultation", "consultation_id", ("reply_3min_rate",)),
    }
    return [
        (row["shop_id"], kind, row[column], metric)
        for file, (kind, column, metrics) in kinds.items()
        for row in market[file][::9]
        for metric in metrics
    ]
