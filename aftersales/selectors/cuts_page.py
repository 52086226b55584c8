"""The page of cuts: one cut as bars, and first reasons by product as a heat map."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.evidence import DAYS_AFTER
from aftersales.calc.return_sums import APPLIED, FEN, LINES, REST, RETURNS
from aftersales.charts import bar_figure
from aftersales.findings import cuts
from aftersales.rules import finding_rules_on
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.finding_words import part_words, whole_yuan
from aftersales.selectors.findings_page import Rate
from aftersales.selectors.return_basis import Basis, Sums, Switch, basis_of, sums_newest, switch_of
from shopguard.lib import formats
from shopguard.lib.exports import Column
from stores.models import Shop

# Cuts as they are offered; "from an hour on" shows the same bars as the hour.
SHOWN = (
    "product", "sku", "spec", "category", "price_band", DAYS_AFTER, "hour", "weekday", "channel",
    "promotion", "province", "courier", "reply_bucket",
)  # fmt: skip
ORDERED = {"hour", "weekday", "price_band", "reply_bucket", DAYS_AFTER}
GOODS = {"product", "sku"}
COUNTS, SHARES = "counts", "shares"
TONES = 5


@dataclass(frozen=True)
class CutLine:
    """A value of a cut; ``is_more`` where it is more than chance, None where that was not asked."""

    value: str
    label: str
    rate: Rate
    quality: int
    fen: int
    q: float | None
    is_more: bool | None
    product_query: str
    rows_query: str

    @property
    def money(self) -> str:
        """What was refunded, in whole yuan."""
        return whole_yuan(self.fen)


@dataclass(frozen=True)
class Cell:
    """A cell of the heat map: returns of a product for a reason."""

    count: int
    share: float | None
    tone: int
    is_more: bool
    query: str


@dataclass(frozen=True)
class HeatRow:
    """A reason with its cells, product by product."""

    reason: str
    cells: list[Cell]


@dataclass(frozen=True)
class CutsPage:
    """One cut by one basis, and the heat map, worked out when they are asked for; ``titles`` are
    what products are called.
    """

    sums: Sums
    cut: str
    show: str
    titles: dict[str, str]
    today: date

    @property
    def mark(self) -> str:
        """Everything the drawing of the page depends on that can change."""
        return f"{self.sums.mark}:{self.cut}:{self.show}:{self.today}:{sorted(self.titles.items())}"

    @property
    def days_late(self) -> int:
        """Nights without sums."""
        return max((self.today - self.last_day).days, 0)

    @cached_property
    def lines(self) -> list[CutLine]:
        """The values of the cut."""
        return _lines(self.sums, self.cut, self.titles)

    @property
    def products(self) -> list[tuple[str, str, int]]:
        """Id, title and returns of each product of the heat map."""
        heat = self.sums.row.heat
        return [
            (ref, self.titles.get(ref) or ref, total)
            for ref, total in zip(heat["products"], heat["totals"], strict=True)
        ]

    @cached_property
    def heat(self) -> list[HeatRow]:
        """The heat map, reason by reason."""
        return _heat(self.sums, self.show)

    @property
    def basis(self) -> Basis:
        """By which day, divided by what."""
        return self.sums.basis

    @property
    def is_tested(self) -> bool:
        """Whether the returns are of the lines they are divided by."""
        return self.basis.day != APPLIED

    @property
    def is_share(self) -> bool:
        """Days after ordering are shares of returns."""
        return self.cut == DAYS_AFTER

    @property
    def first_day(self) -> date:
        """The first day of the window."""
        return self.sums.row.date - timedelta(days=len(self.sums.row.days) - 1)

    @property
    def last_day(self) -> date:
        """The last day of the window."""
        return self.sums.row.date

    @cached_property
    def switch(self) -> Switch:
        """The links that change the basis."""
        return switch_of(self.basis, urlencode({"cut": self.cut, "show": self.show}))

    @property
    def cuts(self) -> list[tuple[str, str, bool]]:
        """The links to every cut."""
        return [
            (cut_title(name), self._query(cut=name, show=self.show), name == self.cut)
            for name in SHOWN
        ]

    @property
    def shows(self) -> list[tuple[str, str, bool]]:
        """The links between counts and shares in the heat map."""
        words = {COUNTS: _("件数"), SHARES: _("比例")}
        return [
            (word, self._query(cut=self.cut, show=key) + "#heat", key == self.show)
            for key, word in words.items()
        ]

    @property
    def query(self) -> str:
        """What is on screen, for the export."""
        return self._query(cut=self.cut)

    def _query(self, **more: str) -> str:
        return "&".join(part for part in (self.basis.query, urlencode(more)) if part)

    @property
    def title(self) -> str:
        """What the bars are."""
        return cut_title(self.cut)

    @property
    def more(self) -> list[CutLine]:
        """The values that are more than chance."""
        return [line for line in self.lines if line.is_more]

    @property
    def figure(self) -> dict[str, Any]:
        """The bars; those beyond chance filled in cobalt."""
        told = [line for line in self.lines if line.value != REST]
        return bar_figure(
            [(line.label, line.rate.n, line.rate.k, bool(line.is_more)) for line in told]
        )


def cut_title(name: str) -> str:
    """What a cut is called."""
    if name == DAYS_AFTER:
        return _("下单后天数")
    cut = cuts()[name]
    return cut.label_en[:1].upper() + cut.label_en[1:] if formats.is_english() else cut.label_zh


def cuts_page(*, shop: Shop, asked: QueryDict, today: date) -> CutsPage | None:
    """The page ``asked`` names: basis, ``cut``, and what the heat map ``show``s. None without a
    night that counted.
    """
    cut = asked.get("cut", "")
    cut = cut if cut in SHOWN else SHOWN[0]
    sums = sums_newest(shop=shop, basis=basis_of(asked), cut=cut, heat=True)
    if sums is None:
        return None
    told = [row[0] for row in sums.values] if cut == "product" else []
    return CutsPage(
        sums=sums,
        cut=cut,
        show=SHARES if asked.get("show") == SHARES else COUNTS,
        titles=product_titles(shop=shop, refs=[*sums.row.heat["products"], *told]),
        today=today,
    )


def _lines(sums: Sums, cut: str, titles: dict[str, str]) -> list[CutLine]:
    limit = finding_rules_on(sums.row.date).false_discovery
    rows, sold = sums.values, sums.sold
    total = sum(row[1 + RETURNS] for row in rows)
    if cut in ORDERED:
        rows = sorted(rows, key=lambda row: _place(row[0]))
    return [
        CutLine(
            value=row[0],
            label=value_label(cut, row[0], titles),
            rate=Rate(row[1 + RETURNS], total if cut == DAYS_AFTER else sold.get(row[0], 0)),
            quality=row[1 + sums.basis.quality],
            fen=row[1 + FEN],
            q=row[-1],
            is_more=None if row[-1] is None else row[-1] <= limit,
            product_query=urlencode({cut: row[0]}) if cut in GOODS and row[0] != REST else "",
            rows_query="" if row[0] == REST else sums.basis.rows_query(cut, row[0]),
        )
        for row in rows
        if row[1 + RETURNS] or (cut != DAYS_AFTER and row[1 + LINES])
    ]


def _place(value: str) -> tuple[bool, int]:
    """Numbers and bands by their first number, everything else last."""
    head = value.split("-")[0].rstrip("+")
    return (not head.isdigit(), int(head) if head.isdigit() else 0)


def value_label(cut: str, value: str, titles: dict[str, str]) -> str:
    """A value of a cut in words, short where the head says the rest."""
    if value == REST:
        return _("其余合计")
    if cut in ("weekday", "channel", "promotion", "reply_bucket"):
        return part_words(cut, value, titles)
    if cut == "hour":
        return _("%(hour)s 点") % {"hour": value}
    if cut == DAYS_AFTER:
        return _("第 %(n)s 天") % {"n": value}
    return titles.get(value) or value if cut == "product" else value


def _heat(sums: Sums, show: str) -> list[HeatRow]:
    limit = finding_rules_on(sums.row.date).false_discovery
    heat = sums.row.heat
    totals = heat["totals"]
    found = {(i, j): (count, q) for i, j, count, q in heat["cells"]}
    most = max((count for count, _q in found.values()), default=1)
    rows = []
    # The last place, where there is one, is every reason that is not told by itself.
    width = max((j for _i, j in found), default=-1) + 1
    for j in range(width):
        reason = heat["reasons"][j] if j < len(heat["reasons"]) else None
        cells = []
        for i, ref in enumerate(heat["products"]):
            count, q = found.get((i, j), (0, None))
            share = count / totals[i] if totals[i] else None
            height = (share or 0) if show == SHARES else count / most
            query = {"product": ref} if reason is None else {"product": ref, "cause": reason}
            cells.append(
                Cell(
                    count=count,
                    share=share,
                    tone=0 if not count else 1 + min(int(height * TONES), TONES - 1),
                    is_more=q is not None and q <= limit,
                    query=urlencode(query),
                )
            )
        name = _("其余原因") if reason is None else reason or _("没写原因")
        rows.append(HeatRow(name, cells))
    return rows


def cut_columns(page: CutsPage) -> list[Column[CutLine]]:
    """The cut on screen as a file; the basis stands in the heads."""
    of = _("退货总件数") if page.is_share else page.basis.of_words
    return [
        Column(page.title, lambda line: line.label),
        Column(of, lambda line: line.rate.n),
        Column(_("退货件数（%(by)s）") % {"by": page.basis.day_words}, lambda line: line.rate.k),
        Column(_("占退货的比例") if page.is_share else _("退货率"), lambda line: line.rate.value),
        Column(
            _("品质退货件数（%(by)s）") % {"by": page.basis.reason_words}, lambda line: line.quality
        ),
        Column(_("退款金额，元"), lambda line: line.fen / 100),
        Column(_("校正后 q"), lambda line: line.q),
    ]
