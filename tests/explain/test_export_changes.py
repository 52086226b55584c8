"""`export_changes` says for every shop why its total moved, from stored receipts and two days."""

import csv
import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from servicescore.selectors.changes import change_of
from servicescore.selectors.scores import score_on
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Exclusion, Order, Run, Shop, Touch
from tests.factories import START, make_shop
from tests.score.landing import land, make_run
from tests.score.markets import DAY, FEW, Market, random_market

pytestmark = pytest.mark.django_db
PARTS = ("rule", "corrections", "aged_out", "ageing_and_new", "peers", "presence")
BEFORE = DAY - timedelta(days=1)
RULE_CHANGE = date(2022, 8, 20)


def compute(day: date, rule_set: str = "service-score-2022") -> Run:
    """A finished run over every industry."""
    run = make_run(day, rule_set)
    days_rebuild(run_id=run.pk, shop_ids=list(Shop.objects.values_list("pk", flat=True)))
    for industry in set(Shop.objects.values_list("industry", flat=True)):
        scores_compute(run_id=run.pk, industry=industry)
    return run


def exported(day: date = DAY) -> dict[str, dict[str, str]]:
    """The rows of the export by shop."""
    out = StringIO()
    call_command("export_changes", "--date", day.isoformat(), stdout=out)
    return {row["shop_id"]: row for row in csv.DictReader(StringIO(out.getvalue()))}


def adds_up(row: dict[str, str]) -> bool:
    """Whether the parts are the change; a row without two totals has none."""
    if not row["previous_total"] or not row["total"]:
        return not any(row[part] for part in PARTS)
    change = float(row["total"]) - float(row["previous_total"])
    return abs(sum(float(row[part]) for part in PARTS) - change) < 1e-9


def moved_back(market: Market, days: int) -> Market:
    """The market with all its times so many days earlier."""

    def earlier(cell: str) -> str:
        if not re.match(r"20\d\d-", cell):
            return cell
        return str(date.fromisoformat(cell[:10]) - timedelta(days=days)) + cell[10:]

    return {
        kind: [{name: earlier(cell) for name, cell in row.items()} for row in rows]
        for kind, rows in market.items()
    }


def test_the_header_and_a_row_for_every_shop() -> None:
    """One that came without any fact has a row of empty cells."""
    land(random_market(5))
    make_shop("zz", industry="clothing")
    compute(BEFORE)
    compute(DAY)
    rows = exported()
    assert list(rows["zz"]) == ["shop_id", "date", "previous_total", "total", *PARTS]
    assert len(rows) == Shop.objects.count()
    assert [rows["zz"][name] for name in ("previous_total", "total", *PARTS)] == [""] * 8
    assert all(adds_up(row) for row in rows.values())
    scored = [row for row in rows.values() if row["rule"]]
    assert len(scored) > 10
    assert {float(row["rule"]) for row in scored} == {0}
    assert {float(row["corrections"]) for row in scored} == {0}
    assert any(float(row["aged_out"]) for row in scored)
    assert any(float(row["peers"]) for row in scored)


def test_a_late_appeal_is_a_correction() -> None:
    """Granted between two nights, for orders both windows have."""
    shops = land(random_market(5, FEW))
    compute(BEFORE)
    shop = shops["clothing-big"]
    orders = Order.objects.filter(shop=shop, ship_by__lt=day_start(BEFORE))
    late = Q(shipped_at=None) | Q(shipped_at__gt=F("ship_by"))
    for order in orders.filter(late):
        Exclusion.objects.create(
            shop=shop,
            kind="order",
            external_id=order.external_id,
            metrics=["ship_on_time_rate", "pay_to_sign_hours"],
            source="appeal",
            reason="won",
            granted_at=START,
        )
        Touch.objects.create(shop=shop, day=shanghai_day(order.ship_by or START))
    compute(DAY)
    rows = exported()
    own = rows.pop("clothing-big")
    assert float(own["corrections"]) > 0
    assert adds_up(own)
    assert {float(row["corrections"]) for row in rows.values() if row["rule"]} == {0}
    assert all(adds_up(row) for row in rows.values())


def test_the_first_day_has_totals_and_no_parts() -> None:
    land(random_market(5, FEW))
    compute(DAY)
    rows = exported()
    assert {row["previous_total"] for row in rows.values()} == {""}
    assert any(row["total"] for row in rows.values())
    assert all(adds_up(row) for row in rows.values())


def test_a_date_without_scores_is_refused(shop: Shop) -> None:
    with pytest.raises(CommandError, match="no score of 2024-03-01 has been computed"):
        exported()


def test_the_day_the_rules_changed_has_a_part_for_them(tmp_path: Path) -> None:
    """Whether or not yesterday was also computed under the new rules, as a preview."""
    land(moved_back(random_market(5, FEW), (DAY - RULE_CHANGE).days))
    compute(RULE_CHANGE - timedelta(days=1), "shop-score")
    compute(RULE_CHANGE)
    rows = exported(RULE_CHANGE)
    assert all(adds_up(row) for row in rows.values())
    scored = {shop: row for shop, row in rows.items() if row["rule"]}
    assert any(float(row["rule"]) for row in scored.values())
    compute(RULE_CHANGE - timedelta(days=1))
    assert exported(RULE_CHANGE) == rows
    file = tmp_path / "changes.csv"
    call_command("export_changes", "--date", str(RULE_CHANGE), "--output", str(file))
    assert file.read_text().count("\n") == len(rows) + 1


def test_a_page_reads_the_same_parts_as_the_file() -> None:
    """For one shop, and nothing where the night before is missing."""
    shops = land(random_market(5, FEW))
    compute(BEFORE)
    compute(DAY)
    shop = shops["clothing-big"]
    views = [score_on(shop, day=day, now=START, staff=True) for day in (DAY, BEFORE)]
    assert views[0] is not None
    found = change_of(views[0], views[1])
    assert found is not None
    row = exported()["clothing-big"]
    assert [f"{points:.12f}" for points in found.parts.values()] == [row[part] for part in PARTS]
    assert change_of(views[0], None) is None
