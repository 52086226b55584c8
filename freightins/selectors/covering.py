"""Everything covers and claims are decided from, read for many shops at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from aftersales.models import AfterSaleCase
from freightins.calc.cover import Change, History, Line, Placed, Span
from freightins.models import Claim, Cover, Enrolment, EnrolmentEvent, QuoteRevision
from freightins.selectors.choices import choice_histories
from freightins.selectors.enrolments import charged_sets
from stores.models import Order, OrderLine, Product

CLAIMED_KINDS = (AfterSaleCase.Kind.RETURN_REFUND, AfterSaleCase.Kind.EXCHANGE)
FINAL = (Claim.State.PAID, Claim.State.REJECTED)
CASES_AT_ONCE = 2000
CLAIMING = """
    SELECT DISTINCT ON (c.order_ref) c.id, coalesce(o.province, ''), k.id
    FROM aftersales_aftersalecase c
    JOIN freightins_cover v ON v.shop_id = c.shop_id AND v.order_ref = c.order_ref
     AND v.reason = '' AND c.applied_at BETWEEN v.from_at AND v.to_at
    LEFT JOIN freightins_claim k ON k.shop_id = c.shop_id AND k.order_ref = c.order_ref
    LEFT JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
    WHERE c.shop_id = %s AND c.kind = ANY(%s) AND c.applied_at <= %s
      AND (k.id IS NULL OR (k.state <> ALL(%s) AND k.case_ref = c.external_id))
    ORDER BY c.order_ref, c.applied_at, c.id"""


def shops_enrolled(shop_ids: Iterable[int]) -> dict[int, datetime]:
    """Shops that ever opened cover, with the first time they did."""
    rows = Enrolment.objects.filter(shop__in=shop_ids).order_by("shop_id", "opened_at")
    return dict(rows.distinct("shop_id").values_list("shop_id", "opened_at"))


def histories(shop_ids: Sequence[int]) -> dict[int, History]:
    """What every shop opened and chose, from the beginning."""
    turns: defaultdict[int, list[tuple[datetime, str]]] = defaultdict(list)
    events = EnrolmentEvent.objects.filter(shop__in=shop_ids).order_by("at", "pk")
    for key, at, state in events.values_list("enrolment", "at", "state"):
        turns[key].append((at, state))
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for row in Enrolment.objects.filter(shop__in=shop_ids).order_by("opened_at"):
        spans[row.shop_id].append(Span(row.pk, row.opened_at, row.closed_at, turns[row.pk]))
    changes = choice_histories(shop_ids)
    return {
        shop: History(
            spans[shop],
            [Change(row.at, row.level, row.key, row.became) for row in changes.get(shop, ())],
        )
        for shop in shop_ids
    }


def orders_undecided(*, shop_id: int, since: datetime, until: datetime) -> QuerySet[Order]:
    """Orders placed since cover was first opened and shipped by ``until``, without a verdict."""
    verdicts = Cover.objects.filter(shop_id=OuterRef("shop_id"), order_ref=OuterRef("external_id"))
    rows = Order.objects.filter(shop_id=shop_id, placed_at__gte=since, shipped_at__lte=until)
    return rows.filter(~Exists(verdicts)).order_by("shipped_at", "pk")


@dataclass(frozen=True)
class Lines:
    """The lines of some orders of a shop."""

    by_order: Mapping[str, list[Line]]

    def placed(self, order: Order) -> Placed:
        """An order as cover sees it."""
        return Placed(
            placed_at=order.placed_at,
            has_logistics=order.logistics_mode != "none",
            is_fraud_risk=order.is_fraud_risk,
            lines=self.by_order.get(order.external_id, []),
        )


def lines_of(*, shop_id: int, orders: Sequence[Order]) -> Lines:
    """The lines of the orders with their products as they are now."""
    refs = [order.external_id for order in orders]
    rows = OrderLine.objects.filter(shop_id=shop_id, order_ref__in=refs).order_by("line_no")
    pairs = list(rows.values_list("order_ref", "product_ref"))
    wanted = {product for _, product in pairs}
    known = {
        product.external_id: product
        for product in Product.objects.filter(shop_id=shop_id, external_id__in=wanted)
    }
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for order, key in pairs:
        product = known.get(key)
        category, is_virtual = (product.category, product.is_virtual) if product else ("", False)
        found[order].append(Line(key, category, is_virtual))
    return Lines(found)


def fees_charged(shop_id: int) -> list[tuple[datetime, int]]:
    """When each fee came into effect, oldest first: first revisions of binding quotes, each from
    its publication on.
    """
    rows = QuoteRevision.objects.filter(
        shop_id=shop_id, rule_set__in=charged_sets(), revision=1, valid_from__isnull=False,
        run__finished_at__isnull=False,
    )  # fmt: skip
    return [(row.published_at, row.fee) for row in rows.order_by("date", "run_id")]


@dataclass(frozen=True)
class OpenCase:
    """A case of a covered order that has a claim still open, or should have one."""

    case: AfterSaleCase
    province: str
    claim: Claim | None


def cases_claiming(*, shop_id: int, until: datetime) -> Iterator[OpenCase]:
    """The first return or exchange within cover of every covered order without a final claim; a
    claim follows the case it was opened for.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIMING, [shop_id, list(CLAIMED_KINDS), until, list(FINAL)])
        rows = cursor.fetchall()
    for start in range(0, len(rows), CASES_AT_ONCE):
        some = rows[start : start + CASES_AT_ONCE]
        cases = AfterSaleCase.objects.in_bulk([case for case, _, _ in some])
        claims = Claim.objects.in_bulk([claim for _, _, claim in some if claim])
        for case, province, claim in some:
            yield OpenCase(cases[case], province, claims.get(claim))
