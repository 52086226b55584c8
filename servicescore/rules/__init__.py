"""The dated rules of the score and of the assessment, and what counts as an event."""

from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from servicescore.calc.assessment import AssessmentRules, assessment_rules
from servicescore.calc.events import EventRules, event_rules
from servicescore.calc.mode import ModeRules, mode_rules
from servicescore.calc.outlook_rules import OutlookRules, outlook_rules
from servicescore.calc.rota import RotaRules, rota_rules
from servicescore.calc.rules import ScoreRules, score_rules
from servicescore.calc.sampling import SamplingRules, sampling_rules
from servicescore.metrics import metrics
from shopguard.lib.days import days_between
from shopguard.lib.rulesets import RuleBook, RuleSet, load_folder

FOLDER = Path(__file__).parent


@cache
def score_book() -> RuleBook:
    """Every score rule set, checked against the declared metrics. Raises RuleError."""
    book = load_folder(FOLDER / "score", "score")
    for rules in book.sets:
        score_rules(rules, metrics())
    return book


@cache
def compiled_score_rules(rule_set: str) -> ScoreRules:
    """The score rule set of that id, ready to compute with. Raises RuleError when unknown."""
    return score_rules(score_book().by_id(rule_set), metrics())


@cache
def event_book() -> RuleBook:
    """Every version of what counts as an event. Raises RuleError."""
    return load_folder(FOLDER / "events", "events")


@cache
def compiled_event_rules(rule_set: str) -> EventRules:
    """The event rules of that id, ready to count with. Raises RuleError when unknown."""
    return event_rules(event_book().by_id(rule_set))


@cache
def compiled_outlook_rules() -> OutlookRules:
    """How days to come are simulated, by the newest choices. Raises RuleError."""
    return outlook_rules(load_folder(FOLDER / "outlook", "outlook").sets[-1])


@cache
def advice_rules() -> RuleSet:
    """The improvement steps of every metric and what levels mean, the newest. Raises RuleError."""
    return load_folder(FOLDER / "advice", "advice").sets[-1]


@cache
def compiled_rota_rules() -> RotaRules:
    """How the rota reckons, by the newest choices. Raises RuleError."""
    return rota_rules(load_folder(FOLDER / "rota", "rota").sets[-1])


@cache
def compiled_mode_rules() -> ModeRules:
    """What a switch of the mode takes, by the newest version. Raises RuleError."""
    return mode_rules(load_folder(FOLDER / "mode", "mode").sets[-1])


@cache
def compiled_sampling_rules() -> SamplingRules:
    """How sessions are sampled, by the newest choices. Raises RuleError."""
    return sampling_rules(load_folder(FOLDER / "sampling", "sampling").sets[-1])


@cache
def assessment_book() -> RuleBook:
    """Every version of the assessment of customer service. Raises RuleError."""
    book = load_folder(FOLDER / "assessment", "assessment")
    for rules in book.sets:
        assessment_rules(rules)
    return book


@cache
def compiled_assessment_rules(day: date) -> AssessmentRules:
    """The assessment rules in force on a day, ready to judge with. Raises RuleError."""
    return assessment_rules(assessment_book().in_force(day))


def assessment_spans(first: date, last: date) -> list[tuple[date, date, AssessmentRules]]:
    """The days from first to last in spans of the same rules, in order. Raises RuleError."""
    by_rules = groupby(days_between(first, last), key=compiled_assessment_rules)
    spans = ((rules, list(days)) for rules, days in by_rules)
    return [(days[0], days[-1], rules) for rules, days in spans]
