"""The score agrees with a second, slow reading of the rule on markets nobody has looked at."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from tests.score.landing import land, make_run
from tests.score.markets import DAY, INDUSTRIES, random_market
from tests.score.reference import reference_scores
from tests.score.reference_events import Out

TEXTS = {"state", "estimate"}
NOT_COMPARED = {"shop_id", "date", "rule_set"}


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

    expected = reference_scores(market, DAY, exclusions)
    rows = exported()
    assert rows.keys() == expected.keys()
    differing = [
        f"{shop}.{column}: {cell!r} instead of {expected[shop][column]!r}"
        for shop, row in rows.items()
        for column, cell in row.items()
        if column not in NOT_COMPARED and not agrees(column, cell, expected[shop][column])
    ]
    assert differing == []
    assert len({row["state"] for row in rows.values()}) >= 3, "the market lacks a state"


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


def exported() -> dict[str, dict[str, str]]:
    """The rows `export_scores` writes, by shop."""
    out = StringIO()
    options = {"date": DAY, "rule_set": "service-score-2022", "stdout": out}
    call_command("export_scores", **options)
    out.seek(0)
    return {row["shop_id"]: row for row in csv.DictReader(out)}


def agrees(column: str, cell: str, expected: object) -> bool:
    """Whether an exported cell says what the reference says."""
    if column in TEXTS or expected is None:
        return cell == (expected or "")
    return cell != "" and abs(float(cell) - float(str(expected))) <= 1e-6
