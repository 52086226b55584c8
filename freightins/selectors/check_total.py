"""The model over all shops of the installation, for its operators."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.http import QueryDict
from django.utils.translation import gettext as _

from freightins.calc.check import Judgement, judged
from freightins.calc.worth_rules import WorthRules
from freightins.models import QuoteCheck
from freightins.rules import cover_rules_on, worth_rules_on
from freightins.selectors.check_page import (
    WEEKS_SHOWN,
    RuleChoice,
    check_sentence,
    choices_shown,
    rule_set_asked,
    week_of,
)
from shopguard.lib.days import shanghai_day
from shopguard.lib.formats import number
from stores.models import Shop

# The middle sizes, where blending has to prove itself.
SMALL, LARGE = 20, 500


@dataclass(frozen=True)
class TotalLine:
    """Some weeks judged together; ``shop`` where they are of one."""

    label: str
    judgement: Judgement
    shop: Shop | None = None


@dataclass(frozen=True)
class CheckTotal:
    """The page of the desk: all shops together by size of their window, and one by one."""

    sentence: str
    totals: list[TotalLine]
    shops: list[TotalLine]
    choices: list[RuleChoice]
    rule_set: str


def check_total(*, given: QueryDict, now: datetime) -> CheckTotal:
    """Every scored week of the last half year under the rule set asked for."""
    day = shanghai_day(now)
    rules, clip = worth_rules_on(day), cover_rules_on(day).clip
    rule_set = rule_set_asked(given, day)
    checks = _newest(rule_set)
    by_shop: defaultdict[int, list[QuoteCheck]] = defaultdict(list)
    for check in checks:
        by_shop[check.shop_id].append(check)
    sizes = {
        _("全部店铺"): checks,
        _("窗口 20–500 单"): [one for one in checks if SMALL <= one.window_orders <= LARGE],
        _("窗口少于 20 单"): [one for one in checks if one.window_orders < SMALL],
        _("窗口多于 500 单"): [one for one in checks if one.window_orders > LARGE],
    }
    totals = [
        TotalLine(label, judged([week_of(one, str(one.shop_id)) for one in rows], rules, clip))
        for label, rows in sizes.items()
    ]
    shops = [
        TotalLine(
            rows[0].shop.name,
            judged([week_of(one, str(one.date)) for one in rows], rules, clip),
            rows[0].shop,
        )
        for rows in by_shop.values()
    ]
    return CheckTotal(
        sentence=_sentence(totals[0].judgement, rules),
        totals=[line for line in totals if line.judgement.weeks],
        shops=sorted(shops, key=_furthest_off),
        choices=choices_shown(rule_set, day),
        rule_set=rule_set,
    )


def _newest(rule_set: str) -> list[QuoteCheck]:
    rows = QuoteCheck.objects.filter(rule_set=rule_set)
    last = rows.aggregate(last=Max("date"))["last"]
    if last is None:
        return []
    since = last - timedelta(weeks=WEEKS_SHOWN)
    return list(rows.filter(date__gt=since).select_related("shop").order_by("shop_id", "date"))


def _sentence(found: Judgement, rules: WorthRules) -> str:
    if found.weeks and found.calibration is None:
        told = {"n": number(found.groups), "need": number(rules.least_weeks)}
        return _("%(n)s 家店有满期的周，要 %(need)s 家和足够的退货才判断") % told
    return check_sentence(found, rules)


def _furthest_off(line: TotalLine) -> tuple[bool, float, str]:
    calibration = line.judgement.calibration
    off = abs(calibration.value - 1) if calibration else 0.0
    return (calibration is None, -off, line.label)
