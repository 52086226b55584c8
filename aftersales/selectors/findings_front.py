"""The front page of findings: the search, what it comes to, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.selectors.finding_quotes import FindingQuote, finding_quotes
from aftersales.selectors.finding_words import FEN_PER_YUAN
from aftersales.selectors.findings_page import Search, Shown, search_newest
from aftersales.selectors.findings_together import Together, together
from aftersales.selectors.fixes import FixStanding, fix_standing
from aftersales.selectors.money_page import cost_of_returns
from shopguard.lib import formats
from shopguard.lib.exports import Column
from shopguard.lib.keeping import kept_for
from stores.models import Shop

KEPT_SECONDS = 10 * 60


@dataclass(frozen=True)
class Card:
    """A finding with what was said of its returns."""

    shown: Shown
    quotes: Sequence[FindingQuote]


@dataclass(frozen=True)
class Front:
    """``cost_fen`` is what returns cost in all, as their page tells it."""

    search: Search
    together: Together
    cost_fen: int | None
    fixes: FixStanding
    cards: list[Card]

    @property
    def cost(self) -> str:
        """In whole yuan, without the unit."""
        return formats.number(None if self.cost_fen is None else self.cost_fen / FEN_PER_YUAN)


def findings_front(*, shop: Shop, today: date) -> Front | None:
    """The newest search with all around it, in three queries once seen; None without a search."""
    search = search_newest(shop=shop, today=today)
    if search is None:
        return None
    found = search.found
    key = f"findings-cost:{found.pk}:{found.computed_at.timestamp()}"
    quotes = finding_quotes(shop=shop, found=found)
    return Front(
        search=search,
        together=together(found),
        cost_fen=kept_for(KEPT_SECONDS, key, lambda: cost_of_returns(shop=shop)),
        fixes=fix_standing(shop=shop),
        cards=[Card(shown, quotes.get(shown.row.rank, ())) for shown in search.findings],
    )


def finding_columns() -> list[Column[Shown]]:
    """The table of findings as a file."""
    return [
        Column(_("名次"), lambda shown: shown.row.rank),
        Column(_("发现"), lambda shown: shown.sentence),
        Column(_("看的是"), lambda shown: shown.outcome),
        Column(_("组内件数"), lambda shown: shown.row.n_inside),
        Column(_("组内退货"), lambda shown: shown.row.k_inside),
        Column(_("其他件数"), lambda shown: shown.row.n_outside),
        Column(_("其他退货"), lambda shown: shown.row.k_outside),
        Column(_("倍数"), lambda shown: shown.row.lift),
        Column(_("多出件数"), lambda shown: round(shown.row.excess, 1)),
        Column(_("多出金额（元）"), lambda shown: _yuan(shown.row.excess_fen)),
        Column(pgettext("column", "p 值"), lambda shown: shown.row.p),
        Column(pgettext("column", "q 值"), lambda shown: shown.row.q),
    ]


def _yuan(fen: float | None) -> float | None:
    return None if fen is None else round(fen / FEN_PER_YUAN, 2)
