"""What to do next, by what it would bring; and what the levels of a total mean."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicescore.calc.advice import Step
from servicescore.rules import advice_rules
from servicescore.selectors.standing import Level, levels
from shopguard.lib import formats
from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class Advice:
    """A metric worth working on: its next anchor, the points that brings, and how to get there.

    ``source`` says where the steps come from.
    """

    metric: str
    target: float
    gain: float
    steps: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class LevelMeaning:
    """A level with what it opens or puts at risk, and why its bound is an assumption."""

    level: Level
    text: str
    assumption: str


def advice_of(steps: Iterable[Step]) -> list[Advice]:
    """Advice for the metrics that can bring this shop something, in the order of the steps."""
    rules, language = advice_rules(), _language()
    found = []
    for step in steps:
        path = f"steps.{step.metric}.{language}"
        if step.gain > 0 and path in rules:
            source = rules.parameters[path].source
            found.append(Advice(step.metric, step.target, step.gain, tuple(rules[path]), source))
    return found


def level_meanings(rule_set: RuleSet) -> list[LevelMeaning]:
    """Every privilege and risk of a score rule set in words, the highest bound first."""
    rules, language = advice_rules(), _language()
    return [
        LevelMeaning(
            level=level,
            text=rules[f"meaning.{level.id}.{language}"],
            assumption=_assumption(rule_set, level),
        )
        for level in levels(rule_set)
    ]


def _assumption(rule_set: RuleSet, level: Level) -> str:
    group = "below" if level.is_risk else "at_least"
    return rule_set.parameters[f"levels.{group}.{level.id}"].assumption


def _language() -> str:
    return "en" if formats.is_english() else "zh"
