"""Whether the model is right: every estimate scored by what came back, per week and in total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from statistics import NormalDist

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from freightins.calc.check import RIGHT, THIN, TOO_HIGH, TOO_LOW, Judgement, Week, judged
from freightins.calc.worth_rules import WorthRules
from freightins.models import QuoteCheck, QuoteRevision
from freightins.rules import cover_rules_on, fee_book, worth_rules_on
from freightins.selectors.enrolments import fee_rule_set
from shopguard.lib.days import shanghai_day
from shopguard.lib.drawing import share
from shopguard.lib.exports import Column
from shopguard.lib.formats import number
from stores.models import Shop

WEEKS_SHOWN = 26
FEN = 100


@dataclass(frozen=True)
class WeekLine:
    """A week: what was expected, how far chance may take it, what came, and where that is drawn."""

    check: QuoteCheck
    low: float
    high: float
    ceiling: float

    @property
    def actual(self) -> float | None:
        """The share that came back; None without orders."""
        return self.check.returns / self.check.orders if self.check.orders else None

    @property
    def is_inside(self) -> bool:
        """Whether chance alone explains it."""
        return self.actual is None or self.low <= self.actual <= self.high

    @property
    def marks(self) -> dict[str, str]:
        """Positions of the drawing."""
        return {
            "x": share(self.low, 0, self.ceiling),
            "width": share(self.high - self.low, 0, self.ceiling),
            "expected": share(self.check.expected_share, 0, self.ceiling),
            "actual": "" if self.actual is None else share(self.actual, 0, self.ceiling),
        }


@dataclass(frozen=True)
class RuleChoice:
    """A rule set to look at."""

    id: str
    is_chosen: bool
    is_charged: bool


@dataclass(frozen=True)
class CheckPage:
    """What the page shows of a shop under one rule set. ``next_on`` is the first day on which a
    quote already made will be scored, where none is yet.
    """

    judgement: Judgement
    lines: list[WeekLine]
    choices: list[RuleChoice]
    rules: WorthRules
    mature_days: int
    next_on: date | None
    sentence: str
    rule_set: str


def rule_set_asked(given: QueryDict, day: date) -> str:
    """The rule set a query asks for, else the one in force."""
    asked = given.get("rules", "")
    return asked if asked in {rules.id for rules in fee_book().sets} else fee_rule_set(day)


def checks_of(*, shop: Shop, rule_set: str) -> list[QuoteCheck]:
    """The scored weeks of a shop, the newest first."""
    rows = QuoteCheck.objects.for_shop(shop).filter(rule_set=rule_set)
    return list(rows.order_by("-date")[:WEEKS_SHOWN])


def checks_listed(*, shop: Shop) -> QuerySet[QuoteCheck]:
    """Every scored week of a shop."""
    return QuoteCheck.objects.for_shop(shop)


def check_page(*, shop: Shop, given: QueryDict, now: datetime) -> CheckPage:
    """The page a query asks for."""
    day = shanghai_day(now)
    rules, cover = worth_rules_on(day), cover_rules_on(day)
    rule_set = rule_set_asked(given, day)
    checks = checks_of(shop=shop, rule_set=rule_set)
    judgement = judged([week_of(one, str(one.date)) for one in checks], rules, cover.clip)
    return CheckPage(
        judgement=judgement,
        lines=_lines(checks, rules),
        choices=choices_shown(rule_set, day),
        rules=rules,
        mature_days=cover.mature_days,
        next_on=None if checks else _next_on(shop, rule_set, cover.mature_days),
        sentence=check_sentence(judgement, rules),
        rule_set=rule_set,
    )


def choices_shown(rule_set: str, day: date) -> list[RuleChoice]:
    """Every rule set quotes are made by."""
    charged = fee_rule_set(day)
    return [RuleChoice(one.id, one.id == rule_set, one.id == charged) for one in fee_book().sets]


def week_of(check: QuoteCheck, group: str) -> Week:
    """A scored week as the calculation reads it."""
    return Week(
        group=group,
        share=check.expected_share,
        own=check.own_share,
        category=check.category_share,
        orders=check.orders,
        returns=check.returns,
        fees=check.fees,
        payouts=check.payouts,
    )


def _lines(checks: Sequence[QuoteCheck], rules: WorthRules) -> list[WeekLine]:
    reach = NormalDist().inv_cdf((1 + rules.confidence) / 2)
    bands = []
    for check in checks:
        p = check.expected_share
        error = reach * sqrt(p * (1 - p) / check.orders) if check.orders else 0.0
        bands.append((check, max(p - error, 0.0), min(p + error, 1.0)))
    shares = [one.returns / one.orders for one in checks if one.orders]
    ceiling = max([high for _, _, high in bands] + shares, default=1.0) or 1.0
    return [WeekLine(check, low, high, ceiling) for check, low, high in bands]


def _next_on(shop: Shop, rule_set: str, mature_days: int) -> date | None:
    rows = QuoteRevision.objects.for_shop(shop).finished().filter(
        rule_set=rule_set, valid_to__isnull=False, is_backfilled=False
    )  # fmt: skip
    first = rows.order_by("date").values_list("valid_to", flat=True).first()
    return first + timedelta(days=mature_days + 1) if first else None


def verdict_word(verdict: str) -> str:
    """A verdict in words."""
    words = {RIGHT: _("看不出偏差"), TOO_LOW: _("估低了"), TOO_HIGH: _("估高了"), THIN: _("不足")}
    return words[verdict]


def check_sentence(found: Judgement, rules: WorthRules) -> str:
    """The answer of the page."""
    if not found.weeks:
        return _("还没有一周满期，模型准不准以后才知道")
    if found.calibration is None:
        told = {"n": number(found.groups), "need": number(rules.least_weeks)}
        return _("满期 %(n)s 周，要 %(need)s 周和足够的退货才判断") % told
    told = {"ratio": number(found.calibration.value, 2)}
    words = {
        RIGHT: _("看不出偏差：实际退货是预期的 %(ratio)s 倍，区间包含 1"),
        TOO_LOW: _("模型估低了：实际退货是预期的 %(ratio)s 倍"),
        TOO_HIGH: _("模型估高了：实际退货是预期的 %(ratio)s 倍"),
    }
    return words[found.verdict] % told


def check_columns() -> list[Column[QuoteCheck]]:
    """Scored weeks as columns of a file: money in yuan, rates as fractions."""
    return [
        Column(_("生效"), lambda check: check.first_day),
        Column(_("到"), lambda check: check.last_day),
        Column(_("规则集"), lambda check: check.rule_set),
        Column(_("订单"), lambda check: check.orders),
        Column(_("退货"), lambda check: check.returns),
        Column(_("预期退货率 R"), lambda check: check.expected_share),
        Column(_("本店原始率"), lambda check: check.own_share),
        Column(_("类目率"), lambda check: check.category_share),
        Column(_("每单保费，元"), lambda check: check.fee / FEN),
        Column(_("保费，元"), lambda check: check.fees / FEN),
        Column(_("赔付，元"), lambda check: check.payouts / FEN),
        Column(_("已定"), lambda check: check.is_final),
    ]
