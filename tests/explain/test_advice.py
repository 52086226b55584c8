"""Advice is ordered by what it would bring, and every metric and level has words."""

import pytest
from django.utils import translation

from servicescore.calc.advice import next_steps
from servicescore.calc.what_if import Move, outcome_of
from servicescore.metrics import metrics
from servicescore.rules import advice_rules, score_book
from servicescore.selectors.advice import advice_of, level_meanings
from servicescore.selectors.standing import levels
from tests.explain.test_worked_tables import usual

LANGUAGES = ("zh", "en")


def test_the_largest_gain_comes_first_and_is_what_the_next_anchor_brings() -> None:
    """From 60 % of replies in time to 70 %."""
    stand = usual(reply_3min_rate=(0.6, 50))
    steps = next_steps(stand)
    assert (steps[0].metric, steps[0].target) == ("reply_3min_rate", pytest.approx(0.7))
    assert [step.gain for step in steps] == sorted((step.gain for step in steps), reverse=True)
    now = outcome_of(stand, []).total or 0
    for step in steps:
        there = outcome_of(stand, [Move(step.metric, value=step.target)]).total or 0
        assert step.gain == pytest.approx(there - now)


def test_nothing_is_advised_where_nothing_can_be_won() -> None:
    """Rated as well as the last anchor asks; and a shop without a total."""
    stand = usual(product_rating=(5.0, 40))
    assert "product_rating" not in {one.metric for one in advice_of(next_steps(stand))}
    assert all(one.gain > 0 and one.steps and one.source for one in advice_of(next_steps(stand)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_has_steps_and_every_level_a_meaning(language: str) -> None:
    rules = advice_rules()
    for metric in metrics():
        assert len(rules[f"steps.{metric}.{language}"]) >= 2
    for rule_set in score_book().sets:
        for level in levels(rule_set):
            assert rules[f"meaning.{level.id}.{language}"]


def test_levels_are_told_in_the_reader_s_language_with_their_assumption() -> None:
    rule_set = score_book().by_id("service-score-2022")
    texts = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found = level_meanings(rule_set)
            texts[language] = [one.text for one in found]
            assert [one.level.bound for one in found] == [4.8, 4.6, 4.5, 4.5, 3.5]
            assert all(one.assumption for one in found)
    assert texts["zh-hans"] != texts["en"]
