"""Everything covers and claims are decided from, read for many shops at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from aftersales.models import AfterSaleCase
from freightins.calc.claims import may_claim
from freightins.calc.cover import Change, History, Line, Placed, Span
from freightins.models import Claim, Cover, Enrolment, EnrolmentEvent, QuoteRevision
from freightins.selectors.choices import choice_histories
from freightins.selectors.enrolments import charged_sets
from stores.models import Order, OrderLine, Product

CLAIMED_KINDS = (AfterSaleCase.Kind.RETURN_REFUND, AfterSaleCase.Kind.EXCHANGE)
FINAL = (Claim.State.PAID, Claim.State.REJECTED)


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
    cover: Cover
    province: str
    claim: Claim | None


def cases_claiming(*, shop_id: int, until: datetime) -> list[OpenCase]:
    """The first return or exchange within cover of every covered order without a final claim."""
    covers = Cover.objects.filter(shop_id=shop_id, reason="", from_at__isnull=False)
    by_order = {cover.order_ref: cover for cover in covers}
    claims = {claim.order_ref: claim for claim in Claim.objects.filter(shop_id=shop_id)}
    rows = AfterSaleCase.objects.filter(
        shop_id=shop_id, kind__in=CLAIMED_KINDS, applied_at__lte=until, order_ref__in=by_order
    ).order_by("applied_at", "pk")
    provinces = dict(
        Order.objects.filter(shop_id=shop_id, external_id__in=by_order).values_list(
            "external_id", "province"
        )
    )
    found: dict[str, OpenCase] = {}
    for case in rows:
        claim, cover = claims.get(case.order_ref), by_order[case.order_ref]
        if claim is not None and (claim.state in FINAL or claim.case_ref != case.external_id):
            continue
        if cover.from_at is None or cover.to_at is None:
            continue
        is_within = may_claim(case.applied_at, cover.from_at, cover.to_at)
        if case.order_ref in found or not is_within:
            continue
        found[case.order_ref] = OpenCase(case, cover, provinces.get(case.order_ref, ""), claim)
    return list(found.values())
