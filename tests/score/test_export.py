"""`export_scores` writes one row per shop, every column of the rule set, empty where unknown."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from stores.models import Shop
from tests.factories import make_shop
from tests.score.comparing import exported
from tests.score.landing import land, make_run
from tests.score.markets import DAY, FEW, random_market

pytestmark = pytest.mark.django_db
RULE_SET = "service-score-2022"
METRICS = (
    "product_rating", "quality_refund_rate", "ship_on_time_rate", "pay_to_sign_hours",
    "refund_only_hours", "return_refund_hours", "reply_3min_rate", "dispute_rate",
)  # fmt: skip


def compute(rule_set: str = RULE_SET, day: date = DAY) -> None:
    """A finished run over every industry."""
    run = make_run(day, rule_set)
    days_rebuild(run_id=run.pk, shop_ids=list(Shop.objects.values_list("pk", flat=True)))
    for industry in set(Shop.objects.values_list("industry", flat=True)):
        scores_compute(run_id=run.pk, industry=industry)


def test_the_header_is_the_one_that_was_promised(shop: Shop) -> None:
    """Column by column."""
    compute()
    figures = ("value", "n", "percentile", "score", "excluded")
    assert list(exported(DAY)["plum"]) == [
        *("shop_id", "date", "rule_set", "total", "stars", "state"),
        *("product", "logistics", "aftersales", "consult", "dispute"),
        *(f"{metric}_{figure}" for metric in METRICS for figure in figures),
        "estimate",
    ]


def test_an_empty_shop_has_empty_cells_and_counts_of_nothing(shop: Shop) -> None:
    """n and excluded are 0, the rest is empty."""
    compute()
    row = exported(DAY)["plum"]
    assert (row["state"], row["total"], row["stars"]) == ("too_few_orders", "", "")
    assert {row[f"{m}_n"] for m in METRICS} == {row[f"{m}_excluded"] for m in METRICS} == {"0"}
    assert {row[f"{m}_{f}"] for m in METRICS for f in ("value", "percentile", "score")} == {""}


def test_rates_have_ten_decimals_and_totals_nine() -> None:
    """Whatever their value."""
    land(random_market(2, FEW))
    compute()
    rows = [row for row in exported(DAY).values() if row["state"] == "scored"]
    assert rows
    for row in rows:
        assert len(row["total"].partition(".")[2]) == 9
        assert len(row["dispute_rate_value"].partition(".")[2]) >= 10


def test_every_shop_has_a_row_in_the_order_of_ids() -> None:
    """Also one that came after the run."""
    land(random_market(2, FEW))
    compute()
    make_shop("a-latecomer")
    rows = exported(DAY)
    assert list(rows) == sorted(rows)
    assert len(rows) == Shop.objects.count()
    assert rows["a-latecomer"]["state"] == "not_computed"


def test_an_id_that_looks_like_a_formula_is_disarmed() -> None:
    """An apostrophe before it, as in every file."""
    make_shop("=1+1")
    compute()
    assert list(exported(DAY)) == ["'=1+1"]


def test_the_rule_set_in_force_is_the_one_that_is_written(shop: Shop) -> None:
    """Before 20 August 2022 it is the shop score; any other must be named."""
    early = date(2022, 8, 19)
    compute("shop-score", early)
    compute(RULE_SET, early)
    compute(RULE_SET)
    assert in_force(early) == "shop-score"
    assert in_force(DAY) == RULE_SET


def in_force(day: date) -> str:
    """The rule set of an export that names none."""
    out = StringIO()
    call_command("export_scores", date=day, stdout=out)
    out.seek(0)
    return next(csv.DictReader(out))["rule_set"]


@pytest.mark.parametrize("rule_set", [None, RULE_SET])
def test_a_date_without_scores_is_refused(shop: Shop, rule_set: str | None) -> None:
    """With exit code 2 and the command that helps."""
    with pytest.raises(CommandError, match="recompute --date 2024-03-01") as refused:
        call_command("export_scores", date=DAY, rule_set=rule_set)
    assert refused.value.returncode == 2


def test_an_unknown_rule_set_is_refused_with_the_known_ones(shop: Shop) -> None:
    """So that nobody has to look for them."""
    with pytest.raises(CommandError, match="service-score-2022"):
        call_command("export_scores", date=DAY, rule_set="service-score-2033")


def test_a_file_is_written_with_line_feeds(shop: Shop, tmp_path: Path) -> None:
    """UTF-8, no mark."""
    compute()
    path = tmp_path / "scores.csv"
    call_command("export_scores", date=DAY, output=path)
    content = path.read_bytes()
    assert content.count(b"\n") == 2
    assert b"\r" not in content
    assert content.startswith(b"shop_id,")


def test_a_file_that_cannot_be_written_is_said(shop: Shop, tmp_path: Path) -> None:
    """The folder does not exist."""
    compute()
    with pytest.raises(CommandError, match="No such file"):
        call_command("export_scores", date=DAY, output=tmp_path / "no" / "scores.csv")
