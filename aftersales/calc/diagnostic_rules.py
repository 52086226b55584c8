"""The rules of diagnostics in the form the calculations use."""

from collections.abc import Mapping
from dataclasses import dataclass

from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class ControlRules:
    """How wide the usual range of a rate is. ``tail`` is a chance on one side."""

    sigmas: float
    tail: float
    moving_range: float
    least_days: int


@dataclass(frozen=True)
class EffectRules:
    """How a fix is measured: days before and after, days a return has, lines that are enough."""

    horizons: tuple[int, ...]
    counted_days: int
    least_lines: int
    normal_95: float


@dataclass(frozen=True)
class DiagnosticRules:
    """Everything the pages of diagnostics go by. ``mature_days`` is by date basis."""

    window_days: int
    mature_days: Mapping[str, int]
    control: ControlRules
    effect: EffectRules
    unsellable_share: float
    repeat_days: int
    cohort_days: int
    compared_orders: int
    prevent: Mapping[str, int]
    sampling: tuple[float, float]


def diagnostic_rules(rules: RuleSet) -> DiagnosticRules:
    """Compile a rule set of diagnostics. Raises RuleError when a parameter is missing."""
    return DiagnosticRules(
        window_days=rules["window.days"],
        mature_days=rules.group("mature"),
        control=ControlRules(**rules.group("control")),
        effect=EffectRules(**rules.group("effect")),
        unsellable_share=rules["cost.unsellable_share"],
        repeat_days=rules["cost.repeat_days"],
        cohort_days=rules["cost.cohort_days"],
        compared_orders=rules["cost.compared_orders"],
        prevent=rules.group("prevent"),
        sampling=(rules["sampling.least"], rules["sampling.most"]),
    )
