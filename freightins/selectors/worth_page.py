"""值不值: what cover cost, what came of it, and how sure that is."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from freightins.calc.compare import Compared, compared, converted
from freightins.calc.ratios import Interval
from freightins.calc.sums import ProductSums, Sums, added
from freightins.calc.worth import Account, account_of, break_even, verdict
from freightins.calc.worth_rules import WorthRules
from freightins.models import Costs
from freightins.rules import worth_rules_on
from freightins.selectors.lever_page import LeverPage, lever_page
from freightins.selectors.trial_page import Told, newest_told
from freightins.selectors.worth_sums import (
    ShopSums,
    costs_newest,
    said_of,
    shop_sums,
    visitors_of,
    whole_sums,
)
from freightins.selectors.worth_words import (
    change_word,
    measure_word,
    thin_word,
    unit_word,
    value_word,
    warning_word,
)
from shopguard.lib.days import shanghai_day
from shopguard.lib.drawing import share
from shopguard.lib.formats import number, percent, signed
from stores.models import Shop

FEN = 100
LEAST = -0.99  # of an uplift, so that what would have come stays finite


@dataclass(frozen=True)
class CompareLine:
    """One measure on both sides, drawn on a scale of its own with nought in the middle."""

    found: Compared
    label: str
    on: str
    off: str
    change: str
    thin: str
    warning: str
    within: str
    marks: dict[str, str]


@dataclass(frozen=True)
class CategoryLine:
    """A category: products on cover and in all, its month in fen, and its break-even."""

    code: str
    on: int
    products: int
    sums: Sums
    whole: Sums
    fees: float
    payouts: float
    need: float | None
    verdict: str


@dataclass(frozen=True)
class WorthPage:
    """What the page shows; sums are of ``first`` to ``last``."""

    first: date
    last: date
    rules: WorthRules
    sums: ShopSums
    account: Account
    net: Interval | None
    trial: Told | None
    need: float | None
    fees: float
    payouts: float
    costs: Costs | None
    lines: list[CompareLine]
    has_warning: bool
    has_traffic: bool
    categories: list[CategoryLine]
    total: CategoryLine
    levers: LeverPage | None
    sentence: str

    @property
    def covered(self) -> Sums:
        """Covered orders of the whole shop."""
        return self.sums.whole.on


def shown_days(now: datetime) -> tuple[date, date]:
    """First and last of the days that are ripe."""
    day = shanghai_day(now)
    return worth_rules_on(day).shown(day)


def orders_a_month(*, shop: Shop, now: datetime) -> float:
    """Covered orders a month; all orders where none was covered."""
    first, last = shown_days(now)
    whole = whole_sums(shop=shop, first=first, last=last)
    return worth_rules_on(shanghai_day(now)).monthly(whole.on.orders or whole.whole.orders)


def worth_page(*, shop: Shop, now: datetime) -> WorthPage:
    """Everything of the days that are ripe."""
    day = shanghai_day(now)
    rules = worth_rules_on(day)
    first, last = rules.shown(day)
    sums = shop_sums(shop=shop, first=first, last=last)
    costs = costs_newest(shop=shop)
    said, whole = said_of(costs), sums.whole
    found = compared(sums.products, rules)
    visitors = visitors_of(shop=shop, products=sums.products, first=first, last=last)
    if visitors:
        found.append(converted(sums.products, visitors, rules))
    lines = [_line(one, rules) for one in found]
    need = break_even(whole.on, whole.whole, said)
    trial = newest_told(shop=shop, now=now, need=need)
    uplift = trial.effect.uplift if trial else None
    total = _category("", sums.products, whole, rules, need, uplift)
    orders = rules.monthly(whole.on.orders or whole.whole.orders)
    measured = {name: _told(found, name) for name in ("dispute_rate", "return_rate")}

    def account(at: float | None) -> Account:
        return account_of(
            whole.on, whole.whole, said,
            uplift=at, disputes=measured["dispute_rate"], returns=measured["return_rate"],
        )  # fmt: skip

    return WorthPage(
        first=first,
        last=last,
        rules=rules,
        sums=sums,
        account=account(uplift.value if uplift else None),
        net=_net(account, uplift),
        trial=trial,
        need=need,
        fees=rules.monthly(whole.on.fees),
        payouts=rules.monthly(whole.on.payouts),
        costs=costs,
        lines=lines,
        has_warning=any(line.found.warning for line in lines),
        has_traffic=bool(visitors),
        categories=categories_of(sums, rules, costs, uplift),
        total=total,
        levers=lever_page(shop=shop, orders=orders, now=now),
        sentence=_sentence(whole, rules, need, _net(account, uplift)),
    )


def _net(account: Callable[[float | None], Account], uplift: Interval | None) -> Interval | None:
    """What is left over the days shown, at the uplift measured and at the ends of its interval."""
    if uplift is None:
        return None
    nets = [account(at).net for at in (uplift.value, max(uplift.low, LEAST), uplift.high)]
    if any(net is None for net in nets):
        return None
    value, low, high = (net or 0.0 for net in nets)
    return Interval(value, low, high)


def categories_of(
    sums: ShopSums, rules: WorthRules, costs: Costs | None, uplift: Interval | None
) -> list[CategoryLine]:
    """Each category of the products sold, the dearest cover first."""
    groups: defaultdict[str, list[ProductSums]] = defaultdict(list)
    for product in sums.products:
        groups[product.category].append(product)
    said = said_of(costs)
    lines = []
    for code, members in groups.items():
        whole = ProductSums(
            "", code, added(m.on for m in members), added(m.off for m in members),
            added(m.other for m in members),
        )  # fmt: skip
        need = break_even(whole.on, whole.whole, said)
        lines.append(_category(code, members, whole, rules, need, uplift))
    return sorted(lines, key=lambda line: (-line.fees, line.code))


def _category(
    code: str,
    members: Sequence[ProductSums],
    whole: ProductSums,
    rules: WorthRules,
    need: float | None,
    uplift: Interval | None,
) -> CategoryLine:
    return CategoryLine(
        code=code,
        on=sum(member.on.orders > member.off.orders for member in members),
        products=len(members),
        sums=whole.on,
        whole=whole.whole,
        fees=rules.monthly(whole.on.fees),
        payouts=rules.monthly(whole.on.payouts),
        need=need,
        verdict=verdict(need, uplift if whole.on.orders else None),
    )


def _told(found: Sequence[Compared], name: str) -> float | None:
    """A difference that may be counted on: told from chance inside categories, or in all where
    there are none, and without a warning.
    """
    one = next(one for one in found if one.measure == name)
    interval = one.within or one.crude
    if interval is None or one.warning or not interval.excludes_zero:
        return None
    return interval.value


def _line(found: Compared, rules: WorthRules) -> CompareLine:
    name = found.measure
    return CompareLine(
        found=found,
        label=measure_word(name),
        on=value_word(name, found.on),
        off=value_word(name, found.off),
        change=_interval(name, found.crude),
        thin=thin_word(found.thin, rules),
        warning=warning_word(found.warning),
        within=_interval(name, found.within),
        marks=marks_of(found.crude),
    )


def _interval(name: str, interval: Interval | None) -> str:
    if interval is None:
        return ""
    value, low, high = (
        change_word(name, at) for at in (interval.value, interval.low, interval.high)
    )
    told = {"value": value, "low": low, "high": high, "unit": unit_word(name)}
    return _("%(value)s %(unit)s，%(low)s 至 %(high)s") % told


def marks_of(interval: Interval | None) -> dict[str, str]:
    """Where an interval is drawn, nought being the middle."""
    if interval is None:
        return {}
    reach = max(abs(interval.low), abs(interval.high)) or 1.0
    low, high = max(interval.low, -reach), min(interval.high, reach)
    return {
        "x1": share(low, -reach, reach),
        "x2": share(high, -reach, reach),
        "dot": share(interval.value, -reach, reach),
        "kind": "is-filled" if interval.excludes_zero else "is-hollow",
    }


def _sentence(
    whole: ProductSums, rules: WorthRules, need: float | None, net: Interval | None
) -> str:
    if not whole.on.orders:
        return _("还没有满期的有保障订单，值不值还不能算")
    told = {
        "fees": number(rules.monthly(whole.on.fees) / FEN),
        "paid": number(rules.monthly(whole.on.payouts) / FEN),
    }
    if net is not None:
        told["net"] = _("%(n)s 元") % {"n": signed(rules.monthly(net.value) / FEN, 0)}
        if net.excludes_zero:
            return _("开着运费险每月净 %(net)s，区间不含 0") % told
        return _("开着运费险每月净 %(net)s，但区间跨过 0") % told
    if need is None:
        return _("每月保费约 %(fees)s 元，赔给买家约 %(paid)s 元；填上毛利就能算保本") % told
    told["need"] = percent(need)
    return _("每月保费约 %(fees)s 元，赔给买家约 %(paid)s 元；订单要多 %(need)s 才保本") % told
