"""Totals of shops at the end of a week and of the week before, for the weekly digest."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from servicescore.models import ScoreRevision
from servicescore.rules import score_book
from shopguard.lib.rulesets import RuleError
from stores.models import Membership

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekTotal:
    """A shop's total on a date and a week earlier, None where there is none."""

    key: str
    name: str
    total: float | None
    before: float | None

    @property
    def order(self) -> tuple[float, str]:
        """Those that fell most stand first, those without a change last."""
        if self.total is None or self.before is None:
            return float("inf"), self.key
        return self.total - self.before, self.key


def week_totals(*, day: date, users: Collection[int]) -> dict[int, list[WeekTotal]]:
    """The shops of each person with their totals, those that fell most first; three queries."""
    now, then = _totals(day), _totals(day - WEEK)
    found = defaultdict[int, list[WeekTotal]](list)
    rows = Membership.objects.filter(user__in=users).order_by("pk")
    for user, shop, key, name in rows.values_list(
        "user_id", "shop_id", "shop__external_id", "shop__name"
    ):
        found[user].append(WeekTotal(key, name, now.get(shop), then.get(shop)))
    return {user: sorted(lines, key=lambda line: line.order) for user, lines in found.items()}


def _totals(day: date) -> dict[int, float | None]:
    try:
        rules = score_book().in_force(day)
    except RuleError:
        return {}
    rows = ScoreRevision.objects.finished().filter(date=day, rule_set=rules.id)
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return dict(newest.values_list("shop_id", "total"))
