"""What came back to a shop is counted the same beside a shop whose records bear the same ids."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from aftersales.models import Fix, FixEffect, ReturnLoyalty
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.around_returns import days_around
from aftersales.selectors.finding_lines import lines_returned, lines_sold
from aftersales.selectors.fix_counts import sold_around
from aftersales.selectors.loyalty_counts import loyalty_counts
from aftersales.services.fixes import FixRefusedError, fix_record, fixes_measure, sample_note
from aftersales.services.win_back import OfferRefusedError, loyalty_keep, offer_note
from shopguard.lib.days import at_hour
from stores.models import Shop, User
from tests.access.test_twins import FRESH
from tests.conftest import SignedIn
from tests.findings.chance import lay_chance

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
WINDOW = 90
RULES = diagnostic_rules_on(DAY)
FIXED = ["p1"]
DIAGNOSTICS = "/s/plum/diagnostics/"
PAGES = (
    "", "daily/", "cuts/", "cuts/?by=sku", "product/?product=p1", "product/?sku=s", "fixes/",
    "money/", "rows/?product=p1", "rows/?reason=质量问题", "week/", "prevention/?show=late",
    "prevention/?show=hint", "prevention/?show=ask", "prevention/?show=back", "rows.csv?product=p1",
    "prevention.csv?show=back",
)  # fmt: skip


def counted(shop: Shop) -> dict[str, Any]:
    """All that the night counts of a shop when it is asked for this one."""
    frames = {
        read.__name__: read(shop_ids=[shop.pk], day=DAY, window_days=WINDOW)
        for read in (lines_sold, lines_returned)
    }
    told: dict[str, Any] = {
        name: sorted(map(repr, frame.to_dict("records"))) for name, frame in frames.items()
    }
    fix = Fix(shop=shop, products=FIXED, started_on=DAY - timedelta(days=60))
    sold = sold_around(fix=fix, fixed=FIXED, rules=RULES.effect, day=DAY)
    told["fix"] = sorted(map(repr, sold))
    told["came_again"] = loyalty_counts(shop_ids=[shop.pk], day=DAY, rules=RULES)
    told["around"] = days_around(shop_ids=[shop.pk], day=DAY, window_days=WINDOW)
    return told


@pytest.mark.parametrize("seed", range(3))
def test_what_the_night_counts_is_the_same_beside_a_namesake(
    shop: Shop, other_shop: Shop, seed: int
) -> None:
    lay_chance(shop, DAY, Random(seed))
    alone = counted(shop)
    assert all(alone.values())
    lay_chance(other_shop, DAY, Random(seed + 100))
    assert counted(shop) == alone


def test_who_came_again_is_kept_shop_by_shop(shop: Shop, other_shop: Shop) -> None:
    for number, one in enumerate((shop, other_shop)):
        lay_chance(one, DAY, Random(number))
        loyalty_keep(shop_ids=[one.pk], day=DAY + timedelta(days=number))
    kept = dict(ReturnLoyalty.objects.values_list("shop", "date"))
    assert kept == {shop.pk: DAY, other_shop.pk: DAY + timedelta(days=1)}
    loyalty_keep(shop_ids=[shop.pk], day=DAY)
    assert dict(ReturnLoyalty.objects.values_list("shop", "date")) == kept


def test_no_page_of_returns_changes_beside_a_namesake(
    shop: Shop, other_shop: Shop, alice: User, signed_in: SignedIn
) -> None:
    with time_machine.travel(at_hour(DAY, 12), tick=False):
        lay_chance(shop, DAY, Random(5))
        call_command("recompute", "--date", f"{DAY}", "--quiet")
        fix = fix_record(
            actor=alice, shop=shop, action="sampling", products=["p1", "p2"], started_on=DAY
        )
        paths = [*PAGES, f"fixes/{fix.pk}/"]
        before = {path: page(signed_in(alice), DIAGNOSTICS + path) for path in paths}
        lay_chance(other_shop, DAY, Random(6), orders=120)
        for path, text in before.items():
            assert page(signed_in(alice), DIAGNOSTICS + path) == text, path


def page(client: Client, path: str) -> str:
    cache.clear()
    response = client.get(path)
    assert response.status_code == 200, path
    return FRESH.sub("", response.getvalue().decode())


def test_nothing_of_a_namesake_is_mended_tried_or_made_up_for(
    shop: Shop, other_shop: Shop, alice: User, charlie: User
) -> None:
    lay_chance(other_shop, DAY, Random(7))
    fixing = {"action": "sampling", "products": FIXED, "started_on": DAY}
    with time_machine.travel(at_hour(DAY, 12), tick=False):
        theirs = fix_record(actor=charlie, shop=other_shop, **fixing)  # type: ignore[arg-type]
        with pytest.raises(FixRefusedError):
            fix_record(actor=alice, shop=shop, **fixing)  # type: ignore[arg-type]
        with pytest.raises(Fix.DoesNotExist):
            sample_note(actor=alice, shop=shop, pk=theirs.pk, order_ref="o1", is_good=True)
        with pytest.raises(OfferRefusedError):
            offer_note(actor=alice, shop=shop, order_ref="o1", version=0, offer="coupon")
        fixes_measure(shop_ids=[shop.pk], day=DAY)
    assert not FixEffect.objects.exists()
