"""What a case is about: product, specification, order, and what the guarantee says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from aftersales.calc.guarantee import Claim, Goods, Terms, Verdict, terms_of, verdict_on
from aftersales.models import AfterSaleCase, GuaranteeTerm
from aftersales.quality_slot import quality_on
from aftersales.rules import guarantee_book
from shopguard.lib.days import shanghai_day
from stores.models import Order, OrderLine, Product, Shop

# What a case tells of its goods: an order has thrice as many columns.
ORDER_FIELDS = (
    "shop", "external_id", "channel", "province", "placed_at", "shipped_at", "signed_at",
)  # fmt: skip
LINE_FIELDS = ("shop", "order_ref", "line_no", "product_ref", "sku", "spec", "line_paid")
PRODUCT_FIELDS = (
    "shop", "external_id", "title", "category", "is_made_to_order", "is_virtual", "guarantee_days",
    "net_weight_grams",
)  # fmt: skip
# One row at least: the choice as far as it was made, beside every term.
CHOSEN = """
    SELECT chosen.value -> 'exclude_non_working_days' = 'true', chosen.version,
           term.category, term.days, term.unsealed_exempt
    FROM (SELECT 1) one
    LEFT JOIN aftersales_shopchoice chosen
      ON chosen.shop_id = %(shop)s AND chosen.name = %(name)s
    LEFT JOIN aftersales_guaranteeterm term ON term.shop_id = %(shop)s
    ORDER BY term.category"""
GUARANTEE, SERVICES = "guarantee", "services"
NOBODY = Product()


@dataclass(frozen=True)
class About:
    """A case with its order, line and product as far as they are known."""

    case: AfterSaleCase
    order: Order | None
    line: OrderLine | None
    product: Product | None
    is_quality: bool
    terms: Terms
    verdict: Verdict

    @property
    def title(self) -> str:
        """What the goods are called, else their id; empty where neither is known."""
        if self.product is not None and self.product.title:
            return self.product.title
        return self.line.product_ref if self.line else ""


@dataclass(frozen=True)
class GuaranteeOfShop:
    """What a shop has chosen about the guarantee: the switch, and terms by category."""

    working_days: bool
    version: int
    terms: dict[str, GuaranteeTerm]


def guarantee_of(*, shop: Shop) -> GuaranteeOfShop:
    """A shop's choices, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, {"shop": shop.pk, "name": GUARANTEE})
        rows = cursor.fetchall()
    working_days, version = rows[0][:2]
    terms = [
        GuaranteeTerm(shop=shop, category=category, days=days, unsealed_exempt=exempt)
        for _, _, category, days, exempt in rows
        if category is not None
    ]
    return GuaranteeOfShop(
        working_days=working_days is True,
        version=version or 0,
        terms={term.category: term for term in terms},
    )


def cases_about(
    *, shop: Shop, cases: Sequence[AfterSaleCase], guarantee: GuaranteeOfShop | None = None
) -> list[About]:
    """The cases with their goods and verdicts, in four queries however many they are; in three
    where the shop's choices about the guarantee are known already. None of no cases.
    """
    if not cases:
        return []
    refs = {case.order_ref for case in cases}
    bought = Order.objects.for_shop(shop).filter(external_id__in=refs).only(*ORDER_FIELDS)
    orders = {order.external_id: order for order in bought}
    lines = OrderLine.objects.for_shop(shop).filter(order_ref__in=refs).only(*LINE_FIELDS)
    by_order: dict[str, list[OrderLine]] = {}
    for one in lines.order_by("line_no"):
        by_order.setdefault(one.order_ref, []).append(one)
    wanted = {one.product_ref for found in by_order.values() for one in found}
    goods = Product.objects.for_shop(shop).filter(external_id__in=wanted).only(*PRODUCT_FIELDS)
    products = {product.external_id: product for product in goods}
    guarantee = guarantee or guarantee_of(shop=shop)
    about = []
    for case in cases:
        line = line_of(case, by_order.get(case.order_ref, ()))
        product = products.get(line.product_ref) if line else None
        order = orders.get(case.order_ref)
        is_quality = quality_on(shanghai_day(case.applied_at))(case.reason)
        terms = terms_of(guarantee_book().in_force(_day(case)), goods_of(product, guarantee))
        verdict = _verdict(case, order, is_quality, terms, guarantee.working_days)
        about.append(About(case, order, line, product, is_quality, terms, verdict))
    return about


def line_of(case: AfterSaleCase, lines: Iterable[OrderLine]) -> OrderLine | None:
    """The line a case is about: the one it names, else the first."""
    found = list(lines)
    named = [line for line in found if line.line_no == case.line_no]
    return next(iter(named or found), None)


def goods_of(product: Product | None, guarantee: GuaranteeOfShop) -> Goods:
    """A product as the guarantee sees it."""
    known = product or NOBODY
    term = guarantee.terms.get(known.category)
    return Goods(
        category=known.category,
        is_made_to_order=known.is_made_to_order,
        is_virtual=known.is_virtual,
        own_days=known.guarantee_days,
        category_days=term.days if term else None,
        category_unsealed_exempt=term.unsealed_exempt if term else None,
    )


def _verdict(
    case: AfterSaleCase, order: Order | None, is_quality: bool, terms: Terms, working_days: bool
) -> Verdict:
    claim = Claim(
        applied_at=case.applied_at,
        signed_at=order.signed_at if order else None,
        is_quality=is_quality,
        condition=case.condition,
    )
    return verdict_on(claim, terms, working_days=working_days)


def _day(case: AfterSaleCase) -> date:
    return shanghai_day(case.applied_at)
