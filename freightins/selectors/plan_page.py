"""促销前估费: a promotion planned, its fees worked out before it is held, and what to prepare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.http import QueryDict
from django.utils.translation import gettext as _

from freightins.calc.fee_rules import FeeRules
from freightins.calc.promotion import (
    Ground,
    Plan,
    PlannedCost,
    Usual,
    planned,
    promoted_rate,
    usual_of,
)
from freightins.calc.worth_rules import WorthRules
from freightins.models import QuoteRevision
from freightins.rules import compiled_fee_rules, worth_rules_on
from freightins.selectors.enrolments import quote_newest
from freightins.selectors.fees import charged_now
from freightins.selectors.lever_page import inputs_of
from freightins.selectors.worth_sums import days_counted, whole_sums
from shopguard.lib.days import shanghai_day
from shopguard.lib.drawing import share
from shopguard.lib.formats import number, percent
from shopguard.lib.money import whole_fen
from stores.models import Shop

FEN, WHOLE = 100, 100
LEAD_DAYS, USUAL_LENGTH = 14, 3
MOST_ORDERS = 1_000_000
MOST_DAYS = 31


@dataclass(frozen=True)
class PlanForm:
    """What was typed, and what is wrong with it by field."""

    first: str
    last: str
    orders: str
    rate: str
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Prepare:
    """Something to have ready, and why now."""

    text: str
    why: str


@dataclass(frozen=True)
class WeekBar:
    """A week with both fees drawn against the dearest."""

    day: date
    last: date
    usual_fee: int
    fee: int
    promotion_share: float
    risk_rate: float
    orders: float
    more: int
    usual_width: str
    width: str
    is_peak: bool


@dataclass(frozen=True)
class PlanPage:
    """The page. ``cost`` is None without a quote, without usual orders or with a wrong form."""

    form: PlanForm
    cost: PlannedCost | None
    weeks: list[WeekBar]
    prepare: list[Prepare]
    usual: Usual
    own_rate: bool
    covered: float
    quote: QuoteRevision | None
    has_billing_day: bool
    sentence: str


def plan_page(*, shop: Shop, given: QueryDict, now: datetime) -> PlanPage:
    """The promotion a query describes, a usual one without."""
    today = shanghai_day(now)
    worth = worth_rules_on(today)
    quote = quote_newest(shop=shop, now=now)
    inputs = inputs_of(shop=shop, quote=quote) if quote else None
    first, last = worth.shown(today)
    whole = whole_sums(shop=shop, first=first, last=last)
    reach = compiled_fee_rules(quote.rule_set).window[0] if quote else worth.shown_days
    days = days_counted(shop=shop, first=today - timedelta(days=reach), last=today)
    usual = usual_of(worth, days, today)
    sold = whole.whole
    rate = promoted_rate(worth, sold.promotions, sold.promoted_returns, usual)
    form, plan = read(given, today, worth, usual, rate)
    covered = Fraction(whole.on.orders, sold.orders) if whole.on.orders else Fraction(1)
    cost = None
    if quote and inputs and plan and usual.orders:
        rules = compiled_fee_rules(quote.rule_set)
        charged = charged_now(shop=shop, now=now) or quote
        ground = Ground(
            today, days, usual, inputs, covered, charged.fee, billed(shop, today, rules, worth)
        )
        cost = planned(rules, worth, ground, plan)
    return PlanPage(
        form=form,
        cost=cost,
        weeks=_bars(cost, compiled_fee_rules(quote.rule_set)) if cost and quote else [],
        prepare=_prepare(cost, worth, plan) if cost and plan else [],
        usual=usual,
        own_rate=sold.promotions >= worth.least_promoted,
        covered=float(covered),
        quote=quote,
        has_billing_day=shop.opened_on is not None,
        sentence=_sentence(cost, quote),
    )


def billed(shop: Shop, today: date, rules: FeeRules, worth: WorthRules) -> list[date]:
    """The billing days to come; by today's weekday for a shop that has none."""
    weekday = (shop.opened_on or today).weekday()
    ahead = (weekday - today.weekday()) % rules.valid_days or rules.valid_days
    return [
        today + timedelta(days=ahead + week * rules.valid_days) for week in range(worth.plan_weeks)
    ]


def read(
    given: QueryDict, today: date, worth: WorthRules, usual: Usual, rate: Fraction
) -> tuple[PlanForm, Plan | None]:
    """The form with its faults, and the plan where there are none."""
    start = today + timedelta(days=LEAD_DAYS)
    defaults = {
        "first": start.isoformat(),
        "last": (start + timedelta(days=USUAL_LENGTH - 1)).isoformat(),
        "orders": str(max(round(usual.orders * USUAL_LENGTH * 2), 1)),
        "rate": f"{float(rate) * WHOLE:.1f}",
    }
    typed = {name: given.get(name, "").strip() or value for name, value in defaults.items()}
    errors: dict[str, str] = {}
    first, last = _days(typed, today, worth, errors)
    orders = _whole(typed["orders"], errors)
    share_back = _rate(typed["rate"], errors)
    form = PlanForm(**typed, errors=errors)
    if errors or first is None or last is None:
        return form, None
    return form, Plan(first, last, orders, share_back)


def _days(
    typed: Mapping[str, str], today: date, worth: WorthRules, errors: dict[str, str]
) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for name in ("first", "last"):
        try:
            found.append(date.fromisoformat(typed[name]))
        except ValueError:
            errors[name] = _("请写日期，如 2026-12-12。")
            found.append(None)
    first, last = found
    if first is None or last is None:
        return first, last
    if first < today:
        errors["first"] = _("开始日期已经过去。")
    if not first <= last < first + timedelta(days=MOST_DAYS):
        errors["last"] = _("结束日期要在开始之后 31 天内。")
    if last > today + timedelta(weeks=worth.plan_weeks):
        errors["last"] = _("只能估 %(n)s 周以内的活动。") % {"n": worth.plan_weeks}
    return first, last


def _whole(text: str, errors: dict[str, str]) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_ORDERS and len(text) < 9:
        return int(text)
    errors["orders"] = _("请写 1 到 1000000 之间的整数。")
    return 0


def _rate(text: str, errors: dict[str, str]) -> Fraction:
    whole, _dot, part = text.partition(".")
    is_number = (whole + part).isascii() and (whole + part).isdigit() and whole and len(text) < 6
    found = Fraction(text) / WHOLE if is_number else Fraction(2)
    if found <= 1:
        return found
    errors["rate"] = _("请写 0 到 100 之间的百分数。")
    return Fraction(0)


def _bars(cost: PlannedCost, rules: FeeRules) -> list[WeekBar]:
    dearest = max(max(week.fee, week.usual_fee) for week in cost.weeks)
    return [
        WeekBar(
            day=week.day,
            last=week.day + timedelta(days=rules.valid_days - 1),
            usual_fee=week.usual_fee,
            fee=week.fee,
            promotion_share=float(week.promotion_share),
            risk_rate=float(week.risk_rate),
            orders=float(week.orders),
            more=whole_fen(week.more),
            usual_width=share(week.usual_fee, 0, dearest),
            width=share(week.fee, 0, dearest),
            is_peak=week.fee == cost.peak.fee and week.fee > week.usual_fee,
        )
        for week in cost.weeks
    ]


def _prepare(cost: PlannedCost, worth: WorthRules, plan: Plan) -> list[Prepare]:
    """What to have ready before the first day, the most telling first."""
    found = []
    if cost.peak.promotion_share > worth.high_share:
        told = {
            "share": percent(float(cost.peak.promotion_share), 0),
            "high": percent(worth.high_share, 0),
        }
        found.append(
            Prepare(
                _("缩短活动或少放几件商品"),
                _("窗口里促销单占 %(share)s，超过 %(high)s 的店铺费率明显偏高") % told,
            )
        )
    returns = {"n": number(float(plan.orders * plan.return_rate))}
    found += [
        Prepare(_("尺码对照表，备齐多种尺码"), _("冲动下单最常退的是尺码不合")),
        Prepare(_("写明退换政策，图片和描述如实"), _("促销单预计退 %(n)s 单") % returns),
        Prepare(_("控制折扣力度"), _("折得太低，买家怀疑质量，退得也多")),
        Prepare(_("提前质检、备好包材"), _("品质问题是能先挡住的退货")),
        Prepare(_("排够客服，售前多问身高体重"), _("问清尺码的单退得少")),
        Prepare(
            _("看好第一批退货，再决定加不加场"),
            _("保费最高的一周从 %(day)s 起") % {"day": cost.peak.day.isoformat()},
        ),
    ]
    return found


def _sentence(cost: PlannedCost | None, quote: QuoteRevision | None) -> str:
    if cost is None:
        return _("促销前估费") if quote else _("还没有报价，先等今晚第一次计算")
    told = {
        "more": number(float(cost.whole) / FEN),
        "fee": number(cost.peak.fee / FEN, 2),
        "was": number(cost.peak.usual_fee / FEN, 2),
    }
    if cost.peak.fee > cost.peak.usual_fee:
        return _("这场促销约多付保费 %(more)s 元，每单最高到 %(fee)s 元（不办是 %(was)s）") % told
    return _("这场促销约多付保费 %(more)s 元，每单保费不会变贵") % told
