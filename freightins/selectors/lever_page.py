"""What lowers the fee: the quote of the shop with one thing changed, and what to do for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from freightins.calc import levers as moves
from freightins.calc.fee_rules import FeeRules
from freightins.calc.levers import Inputs, Lever, levers
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import ClaimCounts, Conduct
from freightins.models import PricingWindow, QuoteRevision
from freightins.rules import compiled_fee_rules, worth_rules_on
from freightins.selectors.enrolments import quote_newest
from freightins.selectors.quoting import category_counts, claims_paid, counts_of
from shopguard.lib.days import shanghai_day
from shopguard.lib.formats import number
from shopguard.lib.money import whole_fen
from stores.models import Shop

WHOLE = 100


@dataclass(frozen=True)
class LeverLine:
    """One lever in words: what is moved, why it does nothing (or nothing), what to do and where.

    ``is_for_owners`` says that the page where it is done is closed to ops.
    """

    lever: Lever
    title: str
    reason: str
    steps: list[str]
    page: str
    month: int
    is_for_owners: bool


@dataclass(frozen=True)
class LeverPage:
    """All levers; ``month`` of a line is fen saved a month over ``orders`` covered orders."""

    quote: QuoteRevision
    fee: int
    lines: list[LeverLine]
    together: Lever
    together_month: int
    orders: float
    is_entered: bool


def inputs_of(*, shop: Shop, quote: QuoteRevision) -> Inputs | None:
    """What a stored quote was computed from; None where its window is no longer kept."""
    rules = compiled_fee_rules(quote.rule_set)
    first, last = rules.window_days(quote.date)
    row = (
        PricingWindow.objects.for_shop(shop)
        .filter(day=quote.date, first_day=first, last_day=last)
        .first()
    )
    if row is None:
        return None
    since = quote.date - timedelta(days=rules.claim_days)
    paid = claims_paid([shop.pk], since, quote.date - timedelta(days=1))
    believed = portfolios(rules, category_counts(rules, quote.date))
    return Inputs(
        window=counts_of(row),
        portfolio=believed[quote.category],
        total=quote.total,
        conduct=Conduct(quote.severe_points, quote.general_points),
        claims=paid.get(shop.pk, ClaimCounts()),
    )


def lever_page(*, shop: Shop, orders: float, now: datetime) -> LeverPage | None:
    """Every lever of the newest quote, over ``orders`` covered orders a month; None without one."""
    quote = quote_newest(shop=shop, now=now)
    inputs = inputs_of(shop=shop, quote=quote) if quote else None
    if quote is None or inputs is None:
        return None
    rules, worth = compiled_fee_rules(quote.rule_set), worth_rules_on(shanghai_day(now))
    found, together = levers(rules, worth, inputs)
    return LeverPage(
        quote=quote,
        fee=moves.quoted(rules, inputs).computed_fee,
        lines=[_line(lever, rules, orders) for lever in found],
        together=together,
        together_month=whole_fen(together.saved * orders),
        orders=orders,
        is_entered=quote.basis == QuoteRevision.Basis.ENTERED,
    )


def _line(lever: Lever, rules: FeeRules, orders: float) -> LeverLine:
    return LeverLine(
        lever=lever,
        title=_title(lever),
        reason=_reason(lever, rules),
        steps=STEPS[lever.name](),
        page=PAGES[lever.name],
        month=whole_fen(lever.saved * orders),
        is_for_owners=PAGES[lever.name] in OWNER_PAGES,
    )


def _points(share: Fraction) -> str:
    return number(float(share * WHOLE), 0 if (share * WHOLE).denominator == 1 else 1)


def _title(lever: Lever) -> str:
    titles = {
        moves.RETURNS: _("退货率降 %(n)s 个百分点"),
        moves.PROMOTION: _("促销单占比降 %(n)s 个百分点"),
        moves.BAND: _("服务分升到 %(level)s 档"),
        moves.CONDUCT: _("近期违规满期"),
    }
    if lever.name == moves.BAND and lever.reason:
        return _("服务分升一档")
    if lever.reason in (moves.NOTHING_LEFT, moves.BY_CATEGORY):
        return _("降退货率") if lever.name == moves.RETURNS else _("降促销单占比")
    return titles[lever.name] % {"n": _points(lever.moved), "level": number(float(lever.moved), 2)}


def _reason(lever: Lever, rules: FeeRules) -> str:
    told = {
        "": "",
        moves.BY_CATEGORY: _("窗口不超过 %(n)s 单，按类目计费，本店退货率还不起作用。")
        % {"n": number(rules.threshold)},
        moves.NOTHING_LEFT: _("窗口里已经是 0，没有可降的。"),
        moves.TOP_BAND: _("已经在最高一档。"),
        moves.NO_TOTAL: _("还没有总分，信誉系数按 1 计。"),
        moves.BOUNDED: _("保费已到上下限，或差额不到 1 分。"),
    }
    return told[lever.reason]


def _return_steps() -> list[str]:
    return [
        _("按「退款诊断」先改退得最多的商品：质量检验、图片和描述如实"),
        _("尺码、颜色、材质写清楚，附尺码对照表"),
        _("售前按买家身高体重给尺码建议；售后配合、快速处理"),
    ]


def _promotion_steps() -> list[str]:
    return [
        _("活动前估一次费，少做不必要的活动"),
        _("控制折扣力度，别让买家怀疑质量"),
        _("活动商品先备好尺码表，写明退换政策"),
    ]


def _band_steps() -> list[str]:
    return [
        _("用「假如」页看哪个指标离下一档最近"),
        _("三分钟内回复、按时发货、退款快结，纠纷先沟通"),
    ]


def _conduct_steps() -> list[str]:
    return [_("不再新增违规，计入的天数过后系数回到 1"), _("判错的在期限内申诉")]


STEPS = {
    moves.RETURNS: _return_steps,
    moves.PROMOTION: _promotion_steps,
    moves.BAND: _band_steps,
    moves.CONDUCT: _conduct_steps,
}
PAGES = {
    moves.RETURNS: "diagnostics:findings",
    moves.PROMOTION: "freightins:plan",
    moves.BAND: "servicescore:what_if",
    moves.CONDUCT: "conduct",
}
OWNER_PAGES = frozenset({"conduct"})
