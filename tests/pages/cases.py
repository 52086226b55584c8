"""Cases to work on, for the pages that are walked through: of one buyer and of one SKU."""

from datetime import timedelta

from django.utils import timezone

from aftersales.models import AfterSaleCase, CaseEvent, GuaranteeTerm
from stores.models import OrderLine, Product, Shop
from tests.factories import make_order

CASE = 900_001  # beyond what any sequence has given out
CASES = 4
HOUR = timedelta(hours=1)


def cases_build(shop: Shop) -> None:
    """Some cases that wait for the shop, the first with everything a case can have."""
    now = timezone.now()
    Product.objects.create(
        shop=shop, external_id="101001", title="101001", category="ring", as_of=now
    )
    GuaranteeTerm.objects.create(shop=shop, category="ring", days=30)
    for number in range(CASES):
        ref = str(200_001 + number)
        make_order(
            shop, external_id=ref, buyer_ref="1:" + "ab" * 16, placed_at=now - 90 * HOUR,
            shipped_at=now - 80 * HOUR, signed_at=now - 40 * HOUR,
        )  # fmt: skip
        OrderLine.objects.create(
            shop=shop, order_ref=ref, line_no=1, as_of=now, product_ref="101001", sku="S1"
        )
        AfterSaleCase.objects.create(
            pk=CASE + number, shop=shop, external_id=ref, order_ref=ref, kind="return_refund",
            applied_at=now - (5 + number) * HOUR, as_of=now, requested=9900, reason="R1",
            due_at=now + (number - 1) * HOUR, chases=1,
        )  # fmt: skip
    CaseEvent.objects.create(
        shop=shop, case_ref="200001", sequence=1, at=now - HOUR, name="note", note="N1",
        state_from="review", state_to="review",
    )  # fmt: skip
