"""The rules of worth in the form calculations use."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from shopguard.lib.rulesets import RuleError, RuleSet


@dataclass(frozen=True)
class WorthRules:
    """What is counted and when it is ripe; days are Shanghai days, shares fractions."""

    id: str
    shown_days: int
    unripe_days: int
    kept_days: int
    recounted_days: int
    again_days: int
    month_days: int
    confidence: float
    least_groups: int
    least_orders: int
    least_weeks: int
    least_returns: int
    return_step: Fraction
    promotion_step: Fraction
    plan_weeks: int
    usual_days: int
    more_returns: Fraction
    least_promoted: int
    high_share: float
    trial_weeks: int
    most_trial_weeks: int
    least_pairs: int

    def shown(self, day: date) -> tuple[date, date]:
        """First and last day of what a page of ``day`` shows: ripe days only."""
        last = day - timedelta(days=self.unripe_days + 1)
        return last - timedelta(days=self.shown_days - 1), last

    def monthly(self, amount: float) -> float:
        """A sum over the days shown as a sum of a month."""
        return amount * self.month_days / self.shown_days


def worth_rules(rules: RuleSet) -> WorthRules:
    """Compile and check a rule set. Raises RuleError with the set, the parameter and the fault."""
    if rules["days.recounted"] > rules["days.kept"]:
        raise RuleError(f"rule set {rules.id}: days.recounted: is more than days.kept")
    return WorthRules(
        id=rules.id,
        shown_days=rules["days.shown"],
        unripe_days=rules["days.unripe"],
        kept_days=rules["days.kept"],
        recounted_days=rules["days.recounted"],
        again_days=rules["days.again"],
        month_days=rules["days.month"],
        confidence=rules["sure.confidence"],
        least_groups=rules["sure.groups"],
        least_orders=rules["sure.orders"],
        least_weeks=rules["check.weeks"],
        least_returns=rules["check.returns"],
        return_step=Fraction(str(rules["lever.return_rate"])),
        promotion_step=Fraction(str(rules["lever.promotion"])),
        plan_weeks=rules["promotion.weeks"],
        usual_days=rules["promotion.usual_days"],
        more_returns=Fraction(str(rules["promotion.more_returns"])),
        least_promoted=rules["promotion.least_orders"],
        high_share=rules["promotion.high_share"],
        trial_weeks=rules["trial.weeks"],
        most_trial_weeks=rules["trial.most_weeks"],
        least_pairs=rules["trial.pairs"],
    )
