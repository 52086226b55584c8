"""How a case of misconduct goes its way: who may move it where, and until when it can be appealed.

pending → in_review (an appeal suspends) → pending again (refused), executed (refused for the last
time, or nobody appealed in time) or revoked (upheld).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopguard.lib.days import day_end, shanghai_day
from shopguard.lib.rulesets import RuleSet
from stores.calc.standing import SEVERE

PENDING, IN_REVIEW, EXECUTED, REVOKED = "pending", "in_review", "executed", "revoked"
EXECUTE, REVOKE, APPEAL, REFUSE, UPHOLD = "execute", "revoke", "appeal", "refuse", "uphold"
# What may be done in which state.
MOVES: Mapping[str, frozenset[str]] = {
    PENDING: frozenset({EXECUTE, REVOKE, APPEAL}),
    IN_REVIEW: frozenset({REFUSE, UPHOLD}),
    EXECUTED: frozenset({REVOKE}),
    REVOKED: frozenset(),
}


@dataclass(frozen=True)
class AppealRules:
    """Days from notice by kind, days after a refusal, and how often one may try."""

    general_days: int
    severe_days: int
    days_after_refusal: int
    tries: int


def appeal_rules(rules: RuleSet) -> AppealRules:
    """Compile a rule set of appeals. Raises RuleError when a parameter is missing."""
    return AppealRules(
        general_days=rules["appeal.general_days"],
        severe_days=rules["appeal.severe_days"],
        days_after_refusal=rules["appeal.days_after_refusal"],
        tries=rules["appeal.tries"],
    )


def deadline(
    kind: str, notified_at: datetime, refused_at: datetime | None, rules: AppealRules
) -> datetime:
    """The last second in which an appeal may be filed.

    The end of the 7th (severe: 3rd) Shanghai day after notice, after a refusal that of the 3rd day
    after it. A case whose kind is still open has the longer time.
    """
    if refused_at is not None:
        return day_end(shanghai_day(refused_at) + timedelta(days=rules.days_after_refusal))
    days = rules.severe_days if kind == SEVERE else rules.general_days
    return day_end(shanghai_day(notified_at) + timedelta(days=days))
