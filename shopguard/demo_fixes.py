"""What the people of the demo did about returns: fixes with effects, a sample, offers to buyers."""

from datetime import date, timedelta

from aftersales.models import AfterSaleCase
from aftersales.services.fixes import fix_record, fixes_measure
from aftersales.services.win_back import loyalty_keep, offer_note
from shopguard.demo.cast import SLIPPING
from stores.models import OrderLine, Shop, User

CHANGED, SAMPLED = timedelta(days=52), timedelta(days=6)
OFFERED = 6


def fixes_work(*, owner: User, ops: User, today: date) -> None:
    """Record what the slipping shop did. Nothing where that shop is not, or nothing was sold."""
    shop = Shop.objects.filter(external_id=SLIPPING).first()
    if shop is None:
        return
    lines = OrderLine.objects.for_shop(shop).exclude(product_ref="")
    products = sorted(set(lines.values_list("product_ref", flat=True)))[:2]
    if not products:
        return
    fix_record(
        actor=owner, shop=shop, action="size_chart", products=products,
        started_on=today - CHANGED, cause="尺码/尺寸不合适占了一半", note="按实测重写，配真人试穿",
    )  # fmt: skip
    fix_record(
        actor=ops, shop=shop, action="sampling", products=products[:1],
        started_on=today - SAMPLED, cause="线头和色差",
    )  # fmt: skip
    _offers(shop, ops)
    fixes_measure(shop_ids=[shop.pk], day=today)
    loyalty_keep(shop_ids=[shop.pk], day=today)


def _offers(shop: Shop, ops: User) -> None:
    cases = AfterSaleCase.objects.for_shop(shop).filter(outcome="completed")
    cases = cases.exclude(kind="freight_only").order_by("-closed_at", "pk")
    refs = dict.fromkeys(cases.values_list("order_ref", flat=True)[: OFFERED * 2])
    for place, ref in enumerate(list(refs)[:OFFERED]):
        offer, worth = (("coupon", 1500), ("gift", None), ("vip", None))[place % 3]
        offer_note(actor=ops, shop=shop, order_ref=ref, version=0, offer=offer, worth=worth)
