"""The dated choices of the forecast, in the form calculations use."""

from dataclasses import dataclass

from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class OutlookRules:
    """How the days to come are simulated; the rule file says what each choice means."""

    days: int
    block: int
    paths: int
    low: float
    high: float
    widening: float
    change: float
    metric_changes: float
    jump: float
    volume_jump: float
    lean: float
    grid: int


def outlook_rules(rules: RuleSet) -> OutlookRules:
    """Compile a rule set of the forecast. Raises RuleError when a parameter is missing."""
    return OutlookRules(
        days=rules["horizon.days"],
        block=rules["simulation.block"],
        paths=rules["simulation.paths"],
        low=rules["band.low"],
        high=rules["band.high"],
        widening=rules["band.widening"],
        change=rules["level.change"],
        metric_changes=rules["level.metric_changes"],
        jump=rules["level.jump"],
        volume_jump=rules["level.volume_jump"],
        lean=rules["level.lean"],
        grid=rules["peers.grid"],
    )
