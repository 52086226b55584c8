"""The page of reviews: low ones that wait, the reply rate, whom to invite."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_clocks import clock_rules
from aftersales.models import AfterSaleCase
from aftersales.rules import clock_book
from aftersales.selectors.replies import Reply, replies_of
from shopguard.lib.days import shanghai_day
from shopguard.lib.paging import Page, page_of
from stores.models import Order, OrderLine, Product, Review, Shop
from stores.models.facts import LOW_RATING

PAGE_ROWS = 25
RETURNS_WITHIN = timedelta(days=90)
INVITED_FROM, INVITED_UNTIL = timedelta(days=15), timedelta(days=2)
LATE = LOW_RATING + 1  # as far back as a late review stands among ratings
_WAITS = Q(replied_at__isnull=True)
SHOWS: Mapping[str, Promise] = {
    "waiting": _("低分未回复"),
    "low": _("全部低分"),
    "all": _("全部评价"),
    "invite": _("可邀请评价"),
}


@dataclass(frozen=True)
class ReviewLine:
    """A review with its product, the product's returns of 90 days, and when a reply is due."""

    review: Review
    title: str
    returns: int
    due_at: datetime | None
    tone: str


@dataclass(frozen=True)
class ReviewsPage:
    """Everything the page shows; ``rate`` is None of nothing."""

    show: str
    shows: list[tuple[str, str, bool]]
    page: Page[Review] | Page[Order]
    lines: list[ReviewLine]
    waiting: int
    overdue: int
    rate: float | None
    rate_of: int
    wanted_rate: float
    rate_days: int
    deadline_hours: int
    replies: list[Reply]
    may_invite: bool
    held_back: int
    now: datetime


def reviews_page(*, shop: Shop, asked: QueryDict, now: datetime) -> ReviewsPage:
    """The page ``asked`` names: ``show`` is one of :data:`SHOWS`."""
    show = asked.get("show", "")
    show = show if show in SHOWS else "waiting"
    rules = clock_rules(clock_book().sets, shanghai_day(now))
    hours, days = rules["review_reply.deadline"], rules["review_reply.days"]
    may_invite = shop.service_mode == Shop.ServiceMode.OWN
    counts = _counts(shop, now - _allowed(now), since=now - timedelta(days=days))
    page: Page[Review] | Page[Order]
    if show == "invite":
        page, lines = page_of(orders_to_invite(shop=shop, now=now), asked, size=PAGE_ROWS), []
    else:
        rows = reviews_shown(shop, show, now)
        page = page_of(rows, asked, size=PAGE_ROWS, total=counts.get(show))
        lines = _lines(shop, list(page.rows), now)
    return ReviewsPage(
        show=show,
        shows=[(key, str(word), key == show) for key, word in SHOWS.items()],
        page=page,
        lines=lines,
        waiting=counts["waiting"],
        overdue=counts["overdue"],
        rate=counts["answered"] / counts["lately"] if counts["lately"] else None,
        rate_of=counts["lately"],
        wanted_rate=rules["review_reply.rate"],
        rate_days=days,
        deadline_hours=hours,
        replies=[one for one in replies_of(shop=shop) if one.group == "review"],
        may_invite=may_invite,
        held_back=_signed(shop, now).filter(_has_case(shop)).count() if show == "invite" else 0,
        now=now,
    )


def reviews_shown(shop: Shop, show: str, now: datetime) -> QuerySet[Review]:
    """The reviews of a list, one of :data:`SHOWS` without the invitations. Of those that wait the
    ones still in time stand first, the lowest and then the oldest of them in front; then the late
    ones, the newest in front.
    """
    rows = Review.objects.for_shop(shop)
    if show == "all":
        return rows.order_by("-created_at", "pk")
    rows = rows.filter(rating__lte=LOW_RATING)
    if show != "waiting":
        return rows.order_by("-created_at", "pk")
    is_late = Q(created_at__lt=now - _allowed(now))
    return rows.filter(_WAITS).order_by(
        Case(When(is_late, then=Value(LATE)), default=F("rating"), output_field=IntegerField()),
        Case(When(is_late, then=None), default=F("created_at")),
        "-created_at",
        "pk",
    )


def _counts(shop: Shop, late_before: datetime, *, since: datetime) -> dict[str, int]:
    """Of the low reviews: how many there are (``low``), are ``waiting``, are ``overdue``; how many
    were written ``lately`` and were ``answered`` of those. One query.
    """
    lately = Q(created_at__gte=since)
    found: dict[str, int] = (
        Review.objects.for_shop(shop)
        .filter(rating__lte=LOW_RATING)
        .aggregate(
            low=Count("pk"),
            waiting=Count("pk", filter=_WAITS),
            overdue=Count("pk", filter=_WAITS & Q(created_at__lt=late_before)),
            lately=Count("pk", filter=lately),
            answered=Count("pk", filter=lately & ~_WAITS),
        )
    )
    return found


def _signed(shop: Shop, now: datetime) -> QuerySet[Order]:
    """Orders signed for lately that have no review."""
    reviews = Review.objects.for_shop(shop).filter(order_ref=OuterRef("external_id"))
    return Order.objects.for_shop(shop).filter(
        ~Exists(reviews), signed_at__gte=now - INVITED_FROM, signed_at__lt=now - INVITED_UNTIL
    )


def _has_case(shop: Shop) -> Exists:
    return Exists(AfterSaleCase.objects.for_shop(shop).filter(order_ref=OuterRef("external_id")))


def orders_to_invite(*, shop: Shop, now: datetime) -> QuerySet[Order]:
    """Signed orders without a review; those with a case are held back. None where the platform
    answers the customers.
    """
    if shop.service_mode != Shop.ServiceMode.OWN:
        return Order.objects.none()
    return _signed(shop, now).filter(~_has_case(shop)).order_by("-signed_at", "pk")


def _allowed(now: datetime) -> timedelta:
    """How soon a low review is to be answered."""
    rules = clock_rules(clock_book().sets, shanghai_day(now))
    return timedelta(hours=rules["review_reply.deadline"])


def _lines(shop: Shop, reviews: list[Review], now: datetime) -> list[ReviewLine]:
    refs = {review.product_ref for review in reviews if review.product_ref}
    titles = dict(
        Product.objects.for_shop(shop).filter(external_id__in=refs)
        .values_list("external_id", "title")
    )  # fmt: skip
    returns = returns_by_product(shop=shop, refs=refs, since=now - RETURNS_WITHIN)
    allowed, lines = _allowed(now), []
    for review in reviews:
        waits = review.replied_at is None and review.rating <= LOW_RATING
        due = review.created_at + allowed if waits else None
        tone = "" if due is None else "urgent" if due < now + timedelta(hours=6) else "watch"
        title = titles.get(review.product_ref) or review.product_ref
        lines.append(ReviewLine(review, title, returns.get(review.product_ref, 0), due, tone))
    return lines


def returns_by_product(*, shop: Shop, refs: set[str], since: datetime) -> dict[str, int]:
    """How many orders of each product had a case applied for since an instant; one query."""
    cases = AfterSaleCase.objects.for_shop(shop).filter(applied_at__gte=since)
    lines = OrderLine.objects.for_shop(shop).filter(
        product_ref__in=refs, order_ref__in=cases.values("order_ref")
    )
    counted = lines.values("product_ref").annotate(n=Count("order_ref", distinct=True))
    return {row["product_ref"]: row["n"] for row in counted}
