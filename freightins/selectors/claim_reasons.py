"""Claims by product and reason, and the findings of the diagnostics about the same products."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales.models import FindingRow, FindingSet
from freightins.selectors.claims_page import YEAR
from shopguard.lib.exports import Column
from stores.models import OrderLine, Product, Shop

REASONS_SHOWN = 6
PRODUCTS_SHOWN = 40
FEN = 100
REASON = "reason"  # the cut of that name
# The product of a claim is that of its case's line, else of all lines where they have the same.
CLAIMED = """
    SELECT coalesce(l.product, ''), coalesce(c.reason, ''), count(*), coalesce(sum(k.amount), 0)
    FROM freightins_claim k
    LEFT JOIN aftersales_aftersalecase c
      ON c.shop_id = k.shop_id AND c.external_id = k.case_ref
    LEFT JOIN LATERAL (
        SELECT CASE WHEN count(DISTINCT n.product_ref) = 1 THEN min(n.product_ref) END AS product
        FROM stores_orderline n
        WHERE n.shop_id = k.shop_id AND n.order_ref = k.order_ref
          AND (c.line_no IS NULL OR n.line_no = c.line_no)) l ON TRUE
    WHERE k.shop_id = %s AND k.opened_at >= %s GROUP BY 1, 2"""


@dataclass(frozen=True)
class Cell:
    """Claims of one product for one reason, and what they paid, fen."""

    product: str
    title: str
    reason: str
    claims: int
    payouts: int


@dataclass(frozen=True)
class ProductLine:
    """A product: claims by the reasons shown and by all others, its findings by rank."""

    product: str
    title: str
    counts: Sequence[int]
    others: int
    claims: int
    payouts: int
    findings: Sequence[int]


@dataclass(frozen=True)
class ReasonsPage:
    """What the page shows. ``reasons`` come with the ranks of the findings about them; ``unplaced``
    claims name no line of an order of several.
    """

    reasons: Sequence[tuple[str, Sequence[int]]]
    lines: Sequence[ProductLine]
    claims: int
    unplaced: int
    products: int


def claim_cells(*, shop: Shop, now: datetime) -> list[Cell]:
    """Claims of the last year by product and reason; an unknown product or reason is empty."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIMED, [shop.pk, now - YEAR])
        rows = cursor.fetchall()
    titles = _titles(shop, {product for product, *_ in rows})
    found = [
        Cell(product, titles.get(product, ""), reason, claims, int(payouts))
        for product, reason, claims, payouts in rows
    ]
    return sorted(found, key=lambda cell: (-cell.claims, cell.product, cell.reason))


def _titles(shop: Shop, products: set[str]) -> dict[str, str]:
    rows = Product.objects.for_shop(shop).filter(external_id__in=products)
    return dict(rows.values_list("external_id", "title"))


def reasons_page(*, shop: Shop, now: datetime) -> ReasonsPage:
    """The table: products with most claims first, the most frequent reasons as columns."""
    cells = claim_cells(shop=shop, now=now)
    placed = [cell for cell in cells if cell.product]
    by_reason: Counter[str] = Counter()
    by_product: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in placed:
        by_reason[cell.reason] += cell.claims
        by_product[cell.product].append(cell)
    ranked = sorted(by_reason.items(), key=lambda pair: (-pair[1], pair[0]))
    reasons = [reason for reason, _n in ranked if reason][:REASONS_SHOWN]
    findings = _findings(shop)
    lines = [_line(found, reasons, findings) for found in by_product.values()]
    lines.sort(key=lambda line: (-line.claims, line.product))
    about = _findings_by_reason(shop)
    return ReasonsPage(
        reasons=[(reason, about.get(reason, [])) for reason in reasons],
        lines=lines[:PRODUCTS_SHOWN],
        claims=sum(cell.claims for cell in cells),
        unplaced=sum(cell.claims for cell in cells if not cell.product),
        products=len(lines),
    )


def _line(
    cells: Sequence[Cell], reasons: Sequence[str], findings: Mapping[str, list[int]]
) -> ProductLine:
    counts = Counter({cell.reason: cell.claims for cell in cells})
    total = sum(counts.values())
    shown = [counts[reason] for reason in reasons]
    first = cells[0]
    return ProductLine(
        product=first.product,
        title=first.title or first.product,
        counts=shown,
        others=total - sum(shown),
        claims=total,
        payouts=sum(cell.payouts for cell in cells),
        findings=findings.get(first.product, []),
    )


def _newest(shop: Shop) -> QuerySet[FindingRow]:
    """The findings of the newest search, by rank."""
    newest = FindingSet.objects.for_shop(shop).order_by("-date").values("pk")[:1]
    return FindingRow.objects.for_shop(shop).filter(found__in=newest).order_by("rank")


def _findings_by_reason(shop: Shop) -> dict[str, list[int]]:
    """The ranks of the newest findings about a reason, by reason."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for rank, cut in _newest(shop).values_list("rank", "cut"):
        for part in cut if isinstance(cut, list) else ():
            if part[0] == REASON:
                found[part[1]].append(rank)
    return found


def _findings(shop: Shop) -> dict[str, list[int]]:
    """The ranks of the newest findings about a product, by product.

    A finding is about the product that half or more of the lines behind it are of.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    pairs = list(_newest(shop).values_list("rank", "lines"))
    wanted = {line for _rank, lines in pairs for line in lines}
    lines_of = OrderLine.objects.for_shop(shop).filter(pk__in=wanted)
    product_of = dict(lines_of.values_list("pk", "product_ref"))
    for rank, lines in pairs:
        counts = Counter(product_of[line] for line in lines if line in product_of)
        for product, n in counts.most_common(1):
            if 2 * n >= len(lines):
                found[product].append(rank)
    return found


def reason_columns() -> list[Column[Cell]]:
    """Products and reasons as columns of a file; money is yuan."""
    return [
        Column(_("商品编号"), lambda cell: cell.product),
        Column(_("商品"), lambda cell: cell.title),
        Column(_("原因"), lambda cell: cell.reason),
        Column(_("理赔"), lambda cell: cell.claims),
        Column(_("赔付，元"), lambda cell: cell.payouts / FEN),
    ]
