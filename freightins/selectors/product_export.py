"""The table of products as columns of a file; imported again it changes nothing."""

from django.utils.translation import gettext as _

from freightins.selectors.choice_words import advice_reason, advice_word, level_word
from freightins.selectors.products import CoverRow, is_covered
from shopguard.lib.exports import Column

PLACES = 2
FEN = 100


def product_columns() -> list[Column[CoverRow]]:
    """What the table shows, in its order. Rates are fractions, money is yuan a month."""
    return [
        Column("product_id", lambda row: row.key),
        Column("covered", lambda row: _covered(row)),
        Column(_("商品"), lambda row: row.product.title),
        Column(_("类目"), lambda row: row.product.category),
        Column(_("近 60 天订单"), lambda row: row.facts.orders),
        Column(_("退货率"), lambda row: row.rate),
        Column(_("月保费，元"), lambda row: round(row.month_fee / FEN, PLACES)),
        Column(_("月赔付，元"), lambda row: round(row.month_payout / FEN, PLACES)),
        Column(_("建议"), lambda row: advice_word(row.advice.verdict)),
        Column(_("依据"), lambda row: advice_reason(row)),
        Column(_("现在"), lambda row: _("在保") if is_covered(row) else _("不保")),
        Column(_("由谁决定"), lambda row: level_word(row.decision.level)),
    ]


def _covered(row: CoverRow) -> str:
    """What is chosen for the product itself, as an import of choices reads it."""
    chosen = row.choice.is_covered if row.choice else None
    return {True: "yes", False: "no", None: "inherit"}[chosen]
