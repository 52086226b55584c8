"""The findings of a date for machines: one row per finding."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from aftersales.models import FindingRow, FindingSet
from shopguard.lib.exports import neutralised

HEADER = (
    "shop_id", "date", "basis", "outcome", "cut", "n_inside", "k_inside", "n_outside", "k_outside",
    "lift", "excess_cases", "excess_yuan", "p_value", "q_value", "rank",
)  # fmt: skip
DIGITS = 15
FEN_PER_YUAN = 100


class NothingSearchedError(Exception):
    """No shop was searched for findings on the date asked for."""


@dataclass(frozen=True)
class FindingTable:
    """A header and its rows, all texts ready to be written."""

    header: tuple[str, ...]
    rows: list[list[str]]


def finding_table(*, day: date) -> FindingTable:
    """Every finding of ``day``, shop by shop, by rank. Raises NothingSearchedError."""
    if not FindingSet.objects.filter(date=day).exists():
        raise NothingSearchedError(
            f"no findings of {day} have been computed; run: python manage.py recompute --date {day}"
        )
    rows = FindingRow.objects.filter(found__date=day).select_related("found", "shop")
    return FindingTable(
        HEADER, [list(_cells(row)) for row in rows.order_by("shop__external_id", "rank")]
    )


def cut_text(cut: list[list[str]]) -> str:
    """``sku=S1&hour=22``: dimension and value as imported, joined by & for pairs."""
    return "&".join(f"{name}={value}" for name, value in cut)


def _cells(row: FindingRow) -> Iterator[str]:
    yield neutralised(row.shop.external_id)
    yield row.found.date.isoformat()
    yield from (row.found.basis, row.outcome, cut_text(row.cut))
    yield from (str(n) for n in (row.n_inside, row.k_inside, row.n_outside, row.k_outside))
    yield _number(row.lift)
    yield _number(row.excess)
    yield _number(None if row.excess_fen is None else row.excess_fen / FEN_PER_YUAN)
    yield from (_number(row.p), _number(row.q), str(row.rank))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.{DIGITS}g}"
