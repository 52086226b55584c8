"""The score agrees with a second, slow reading of the rule on markets nobody has looked at."""

import pytest

from servicescore.models import ScoreRevision
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from tests.score.comparing import differing_cells
from tests.score.landing import land, make_run
from tests.score.markets import DAY, INDUSTRIES, random_market
from tests.score.reference import reference_scores
from tests.score.reference_events import Out


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_every_column_of_the_export_agrees(seed: int) -> None:
    """Values, counts, ranks, scores, dimensions, totals, stars and states, to a millionth."""
    market = random_market(seed)
    exclusions = appeals(market) if seed % 2 else []
    shops = land(market, exclusions)

    run = make_run(DAY)
    days_rebuild(run_id=run.pk, shop_ids=[shop.pk for shop in shops.values()])
    for industry, _ in INDUSTRIES:
        scores_compute(run_id=run.pk, industry=industry)

    assert differing_cells(DAY, reference_scores(market, DAY, exclusions)) == []
    states = set(ScoreRevision.objects.values_list("state", flat=True))
    assert len(states) >= 3, "the market lacks a state"


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
