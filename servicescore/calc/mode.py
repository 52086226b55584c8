"""客服模式: what it takes to answer one's customers oneself, and what the platform charges."""

from dataclasses import dataclass

from shopguard.lib.rulesets import RuleSet

SIGNED, RUNNING, STAFFED, EXAMINED = "signed", "running", "staffed", "examined"
CONDITIONS = (SIGNED, RUNNING, STAFFED, EXAMINED)
# Waits for nobody to be met before a switch is asked for: the exam comes after.
BEFORE_ASKING = (SIGNED, RUNNING, STAFFED)


@dataclass(frozen=True)
class ModeRules:
    """The fewest agents of a shop, and fen the platform takes for one session."""

    least_agents: int
    session_fen: int


def mode_rules(rules: RuleSet) -> ModeRules:
    """Compile a rule set of modes. Raises RuleError when a parameter is missing."""
    return ModeRules(
        least_agents=rules["own.least_agents"], session_fen=rules["platform.session_fen"]
    )


def missing_conditions(
    *, is_signed: bool, is_running: bool, agents: int, needed: int
) -> tuple[str, ...]:
    """Which conditions of asking for own service are not met, in their order."""
    met = {SIGNED: is_signed, RUNNING: is_running, STAFFED: agents >= needed}
    return tuple(name for name in BEFORE_ASKING if not met[name])
