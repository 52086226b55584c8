"""What returns cost: refunds, freight, insurance, goods lost, buyers who do not come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.return_sums import CARRIER, FEN, LOST, REST, RETURNS
from aftersales.models import ReturnLoyalty
from aftersales.money_slot import insurance_money
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.cuts_page import value_label
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.finding_words import whole_yuan
from aftersales.selectors.findings_page import Rate
from aftersales.selectors.return_basis import Basis, Sums, Switch, basis_of, sums_newest, switch_of
from shopguard.lib.exports import Column
from shopguard.lib.money import whole_fen
from stores.models import Shop

MOST_PRODUCTS = 12
# The parts of the cost, in the order they are told.
PARTS = ("refunds", "carrier", "lost_goods", "fees", "payouts", "lost_buyers")


@dataclass(frozen=True)
class CostLine:
    """A part of the cost in whole fen, None where it is unknown, with the day it counts by.

    What is not ours somebody else paid: it is told, not summed up.
    """

    part: str
    title: str
    fen: int | None
    basis: str
    note: str
    is_estimate: bool = False
    is_ours: bool = True

    @property
    def money(self) -> str:
        """In whole yuan."""
        return "—" if self.fen is None else whole_yuan(self.fen)


@dataclass(frozen=True)
class GoodsCost:
    """What returns of a product cost, in fen."""

    value: str
    title: str
    refunded: int
    carrier: int
    lost: int

    @property
    def total(self) -> str:
        """All three in whole yuan."""
        return whole_yuan(self.refunded + self.carrier + self.lost)


@dataclass(frozen=True)
class MoneyPage:
    """The parts, their sum, and the products that cost most."""

    sums: Sums
    lines: list[CostLine]
    goods: list[GoodsCost]
    loyalty: ReturnLoyalty | None
    days_late: int

    @property
    def basis(self) -> Basis:
        """By which day."""
        return self.sums.basis

    @property
    def switch(self) -> Switch:
        """The links that change the basis."""
        return switch_of(self.basis)

    @property
    def first_day(self) -> date:
        """The first day of the window."""
        return self.sums.row.date - timedelta(days=len(self.sums.row.days) - 1)

    @property
    def last_day(self) -> date:
        """The last day of the window."""
        return self.sums.row.date

    @property
    def total(self) -> str:
        """All that is known together, in whole yuan."""
        return whole_yuan(_total(self.lines))

    @property
    def groups(self) -> list[tuple[str, Rate]]:
        """How many buyers came again, group by group."""
        if self.loyalty is None:
            return []
        row = self.loyalty
        return [
            (_("没退货的买家"), Rate(row.kept_k, row.kept_n)),
            (_("退货后没收到挽回"), Rate(row.others_k, row.others_n)),
            (_("退货后收到挽回"), Rate(row.offered_k, row.offered_n)),
        ]


def money_page(*, shop: Shop, asked: QueryDict, today: date) -> MoneyPage | None:
    """What returns of the window cost, by the basis ``asked`` names. None without a night."""
    sums = sums_newest(shop=shop, basis=basis_of(asked))
    if sums is None:
        return None
    loyalty = ReturnLoyalty.objects.for_shop(shop).first()
    return MoneyPage(
        sums=sums,
        lines=_lines(shop, sums, loyalty),
        goods=_goods(shop, sums),
        loyalty=loyalty,
        days_late=max((today - sums.row.date).days, 0),
    )


def cost_of_returns(*, shop: Shop) -> int | None:
    """Fen that returns cost by the usual basis: the total of its page. None without a night."""
    sums = sums_newest(shop=shop, basis=Basis())
    if sums is None:
        return None
    return _total(_lines(shop, sums, ReturnLoyalty.objects.for_shop(shop).first()))


def _total(lines: Sequence[CostLine]) -> int:
    return sum(line.fen or 0 for line in lines if line.is_ours)


def _lines(shop: Shop, sums: Sums, loyalty: ReturnLoyalty | None) -> list[CostLine]:
    last = sums.row.date
    first = last - timedelta(days=len(sums.row.days) - 1)
    by = _("按%(day)s") % {"day": sums.basis.day_words}
    known = insurance_money(shop, first, last)
    closed = _("没有开通运费险") if known is None else ""
    return [
        CostLine("refunds", _("退款"), _sum(sums, FEN), by, _("最早一次申请实际退的钱")),
        CostLine("carrier", _("退回运费"), _sum(sums, CARRIER), by, _("本店付给快递的退回运费")),
        CostLine(
            "lost_goods", _("不能再卖的货"), _sum(sums, LOST), by,
            _("退回且有使用痕迹，或因品质退回，按成交价全额算"), is_estimate=True,
        ),
        CostLine(
            "fees", _("运费险保费"), known.fees if known else None, _("按保障开始日"), closed
        ),
        CostLine(
            "payouts", _("运费险赔付"), known.payouts if known else None, _("按赔付日"),
            closed or _("保险公司赔给买家，不计入合计"), is_ours=False,
        ),
        _lost_buyers(sums, loyalty),
    ]  # fmt: skip


def _sum(sums: Sums, place: int) -> int:
    return sum(day[place] for day in sums.row.days)


def _lost_buyers(sums: Sums, loyalty: ReturnLoyalty | None) -> CostLine:
    """Returns of the window by how much seldomer their buyers come again, by what such pay; an
    estimate, rounded to whole fen, a half up.
    """
    rules = diagnostic_rules_on(sums.row.date)
    title = _("少掉的复购")
    basis = _("按完结日和签收日，%(n)s 天内复购") % {"n": rules.repeat_days}
    least = rules.effect.least_lines
    n = loyalty.others_n + loyalty.offered_n if loyalty else 0
    if loyalty is None or loyalty.mean_fen is None or min(n, loyalty.kept_n) < least:
        return CostLine("lost_buyers", title, None, basis, _("可比的买家不足"), is_estimate=True)
    came = Fraction(loyalty.others_k + loyalty.offered_k, n)
    gap = max(Fraction(loyalty.kept_k, loyalty.kept_n) - came, Fraction(0))
    fen = whole_fen(gap * _sum(sums, RETURNS) * loyalty.mean_fen)
    return CostLine(
        "lost_buyers", title, fen, basis, _("退货买家比没退货的买家少回来的单"), is_estimate=True
    )


def _goods(shop: Shop, sums: Sums) -> list[GoodsCost]:
    rows = [row for row in sums.values if row[0] != REST]
    rows = sorted(rows, key=lambda row: -(row[1 + FEN] + row[1 + CARRIER] + row[1 + LOST]))
    told = rows[:MOST_PRODUCTS]
    titles = product_titles(shop=shop, refs=[row[0] for row in told])
    return [
        GoodsCost(
            row[0], value_label("product", row[0], titles), row[1 + FEN], row[1 + CARRIER],
            row[1 + LOST],
        )
        for row in told
        if row[1 + RETURNS]
    ]  # fmt: skip


def money_columns() -> list[Column[CostLine]]:
    """The parts as a file."""
    return [
        Column(_("项目"), lambda line: line.title),
        Column(_("金额，元"), lambda line: None if line.fen is None else line.fen / 100),
        Column(_("日期口径"), lambda line: line.basis),
        Column(_("说明"), lambda line: line.note),
        Column(_("估计"), lambda line: line.is_estimate),
        Column(_("计入合计"), lambda line: line.is_ours),
    ]
