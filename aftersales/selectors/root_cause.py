"""Why one product or SKU comes back: reasons, reviews, notes and consultations side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.keywords import keywords, marked
from aftersales.case_words import kind_word, state_word
from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.rules import diagnostic_rules_on
from aftersales.templates_data import keyword_rules
from shopguard.lib.days import day_start
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import Consultation, OrderLine, Product, Review, Shop
from stores.models.facts import LOW_RATING

PAGE_ROWS = 25
MOST_TEXTS = 80
MOST_WORDS = 12
QUOTED = 6
MOST_CHARS = 160
NOTES = ("note", "reply", "contact", "reject")
SOURCES = ("reviews", "notes", "consultations")
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Quote:
    """A text with its keywords marked, and where it is from."""

    pieces: Pieces
    told: str
    at: datetime


@dataclass(frozen=True)
class Source:
    """One kind of text (of :data:`SOURCES`): how many were read, the newest, and what many of them
    speak of.
    """

    kind: str
    title: str
    basis: str
    count: int
    quotes: list[Quote]
    words: list[tuple[str, int]]


@dataclass(frozen=True)
class RootCause:
    """The goods, their cases by first reason, their texts, one page of cases."""

    by: str
    ref: str
    title: str
    first_day: date
    last_day: date
    reasons: list[tuple[str, int, str, bool]]
    total: int
    cause: str | None
    sources: list[Source]
    words: list[tuple[str, int]]
    page: Page[AfterSaleCase]

    @property
    def query(self) -> str:
        """What is on screen, for the export."""
        given = {self.by: self.ref}
        if self.cause is not None:
            given["cause"] = self.cause
        return urlencode(given)

    @property
    def rows(self) -> list[tuple[AfterSaleCase, str, str]]:
        """The cases with kind and state in words."""
        return [(case, kind_word(case.kind), state_word(case.state)) for case in self.page.rows]


def goods_asked(asked: QueryDict) -> tuple[str, str] | None:
    """Which goods an address names: ``product`` or ``sku`` and the id; None without either."""
    for by in ("product", "sku"):
        ref = asked.get(by, "").replace("\x00", "")
        if ref:
            return by, ref
    return None


def root_cause(*, shop: Shop, asked: QueryDict, today: date) -> RootCause | None:
    """What is known about the goods ``asked`` names, of the last 90 days; ``cause`` keeps the
    cases of one first reason. None where nothing is named or nobody bought it.
    """
    goods = goods_asked(asked)
    if goods is None:
        return None
    by, ref = goods
    lines = OrderLine.objects.for_shop(shop).filter(**{_field(by): ref})
    title = Product.objects.filter(shop=OuterRef("shop"), external_id=OuterRef("product_ref"))
    named = list(lines.values_list(Subquery(title.values("title")[:1]), flat=True)[:1])
    if not named:
        return None
    first = today - timedelta(days=diagnostic_rules_on(today).window_days - 1)
    every = cases_of_goods(shop=shop, by=by, ref=ref, first=first, last=today)
    cause = asked.get("cause")
    shown = every if cause is None else every.filter(reason=cause)
    sources = _sources(shop, by, ref, every, first)
    texts = [quote for source in sources for quote in source[-1]]
    words = keywords([text for text, _told, _at in texts], keyword_rules(), MOST_WORDS)
    reasons = every.values("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    counts = [(row["reason"], row["n"]) for row in reasons]
    shown_total = sum(n for reason, n in counts if cause is None or reason == cause)
    return RootCause(
        by=by,
        ref=ref,
        title=(named[0] or ref) if by == "product" else ref,
        first_day=first,
        last_day=today,
        reasons=_reasons(counts, by, ref, cause),
        total=sum(n for _reason, n in counts),
        cause=cause,
        sources=[_source(*source, [word for word, _n in words]) for source in sources],
        words=words,
        page=page_of(shown.order_by("-applied_at", "pk"), asked, size=PAGE_ROWS, total=shown_total),
    )


def _field(by: str) -> str:
    return "product_ref" if by == "product" else "sku"


def cases_of_goods(
    *, shop: Shop, by: str, ref: str, first: date, last: date
) -> QuerySet[AfterSaleCase]:
    """Returns applied for in the days that are about a line of the goods."""
    rows = AfterSaleCase.objects.for_shop(shop).filter(
        is_return(), applied_at__gte=day_start(first),
        applied_at__lt=day_start(last + timedelta(days=1)),
    )  # fmt: skip
    return rows.filter(is_about(shop=shop, by=by, ref=ref))


def is_about(*, shop: Shop, by: str, ref: str) -> Q:
    """Cases about a line of the goods; one without a line is about every line of its order."""
    of_order = OrderLine.objects.for_shop(shop).filter(
        order_ref=OuterRef("order_ref"), **{_field(by): ref}
    )
    named = Exists(of_order.filter(line_no=OuterRef("line_no")))
    return named | (Q(line_no__isnull=True) & Exists(of_order))


def is_return() -> Q:
    """Cases that count as returns."""
    return ~Q(kind="freight_only") & ~Q(outcome="cancelled")


def _reasons(
    counts: Sequence[tuple[str, int]], by: str, ref: str, cause: str | None
) -> list[tuple[str, int, str, bool]]:
    """First reasons with their count, the link to their cases, and whether they are chosen."""
    return [
        (reason or _("没写原因"), n, urlencode({by: ref, "cause": reason}), reason == cause)
        for reason, n in counts
    ]


Told = tuple[str, str, str, list[tuple[str, str, datetime]]]


def _sources(
    shop: Shop, by: str, ref: str, cases: QuerySet[AfterSaleCase], first: date
) -> list[Told]:
    """Texts by where they are from, newest first."""
    since = day_start(first)
    newest = list(
        cases.order_by("-applied_at").values_list("external_id", "order_ref")[: MOST_TEXTS * 2]
    )
    refs = [case for case, _order in newest]
    orders = {order for _case, order in newest}
    about = Q(order_ref__in=orders) | (Q(product_ref=ref) if by == "product" else Q())
    if by == "sku":
        about = Q(order_ref__in=orders)
    reviews = Review.objects.for_shop(shop).filter(
        about, rating__lte=LOW_RATING, created_at__gte=since
    )
    events = CaseEvent.objects.for_shop(shop).filter(case_ref__in=refs, name__in=NOTES)
    talks = Consultation.objects.for_shop(shop).filter(about, started_at__gte=since)
    return [
        (
            "reviews", _("评价"), _("1–3 星，按评价日"),
            [
                (text, _("%(n)s 星") % {"n": rating}, at)
                for text, rating, at in reviews.exclude(text="").order_by("-created_at", "pk")
                .values_list("text", "rating", "created_at")[:MOST_TEXTS]
            ],
        ),
        (
            "notes", _("处理记录"), _("按登记时间"),
            [
                (text, case, at)
                for text, case, at in events.exclude(note="").order_by("-at", "pk")
                .values_list("note", "case_ref", "at")[:MOST_TEXTS]
            ],
        ),
        (
            "consultations", _("咨询"), _("按发起日"),
            [
                (text, order or _("没有订单"), at)
                for text, order, at in talks.exclude(text="").order_by("-started_at", "pk")
                .values_list("text", "order_ref", "started_at")[:MOST_TEXTS]
            ],
        ),
    ]  # fmt: skip


def _source(
    kind: str, title: str, basis: str, told: list[tuple[str, str, datetime]], words: Sequence[str]
) -> Source:
    texts = [text for text, _told, _at in told]
    return Source(
        kind=kind,
        title=title,
        basis=basis,
        count=len(told),
        quotes=[
            Quote(marked(text[:MOST_CHARS], words), where, at) for text, where, at in told[:QUOTED]
        ],
        words=keywords(texts, keyword_rules(), QUOTED),
    )


def cause_rows(
    *, shop: Shop, goods: tuple[str, str], asked: QueryDict, today: date
) -> QuerySet[AfterSaleCase]:
    """Every case of the goods on screen, newest first."""
    first = today - timedelta(days=diagnostic_rules_on(today).window_days - 1)
    by, ref = goods
    rows = cases_of_goods(shop=shop, by=by, ref=ref, first=first, last=today)
    cause = asked.get("cause")
    rows = rows if cause is None else rows.filter(reason=cause)
    return rows.order_by("-applied_at", "pk")


def cause_columns() -> list[Column[AfterSaleCase]]:
    """The cases of the goods as a file."""
    return [
        Column(_("售后单"), lambda case: case.external_id),
        Column(_("订单编号"), lambda case: case.order_ref),
        Column(_("类型"), lambda case: kind_word(case.kind)),
        Column(_("首次原因"), lambda case: case.reason),
        Column(_("最新原因"), lambda case: case.latest_reason),
        Column(_("申请"), lambda case: case.applied_at),
        Column(_("已退金额，元"), lambda case: _yuan(case.refunded)),
    ]


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100
