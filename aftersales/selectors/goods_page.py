"""Which products and SKUs come back most: where the search for a root cause begins."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.selectors.cuts_page import CutLine, CutsPage, cuts_page
from aftersales.selectors.return_basis import Switch, switch_of
from shopguard.lib.exports import Column
from stores.models import Shop

MOST = 25


@dataclass(frozen=True)
class GoodsPage:
    """Products and SKUs by one basis, those with most returns first."""

    cuts: CutsPage
    by_sku: CutsPage

    @property
    def mark(self) -> str:
        """Everything the drawing of the page depends on that can change."""
        return f"{self.cuts.mark} {self.by_sku.mark}"

    @cached_property
    def products(self) -> list[CutLine]:
        """The products."""
        return _told(self.cuts)

    @cached_property
    def skus(self) -> list[CutLine]:
        """The SKUs."""
        return _told(self.by_sku)

    @property
    def switch(self) -> Switch:
        """The links that change the basis."""
        return switch_of(self.cuts.basis)


def goods_page(*, shop: Shop, asked: QueryDict, today: date) -> GoodsPage | None:
    """The goods to choose from. None while no night has counted."""
    found = []
    for cut in ("product", "sku"):
        query = asked.copy()
        query["cut"] = cut
        page = cuts_page(shop=shop, asked=query, today=today)
        if page is None:
            return None
        found.append(page)
    return GoodsPage(*found)


def _told(page: CutsPage) -> list[CutLine]:
    return [line for line in page.lines if line.product_query and line.rate.k][:MOST]


def goods_columns(page: GoodsPage) -> list[Column[CutLine]]:
    """Products and SKUs as a file; the basis stands in the heads."""
    basis = page.cuts.basis
    return [
        Column(_("商品或 SKU"), lambda line: line.value),
        Column(_("名称"), lambda line: line.label),
        Column(basis.of_words, lambda line: line.rate.n),
        Column(_("退货件数（%(by)s）") % {"by": basis.day_words}, lambda line: line.rate.k),
        Column(_("退货率"), lambda line: line.rate.value),
        Column(_("退款金额，元"), lambda line: line.fen / 100),
    ]
