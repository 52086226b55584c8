"""Advice as the score page and the API write it: where a metric stands and where it should go."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicescore.calc.advice import Step
from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.advice import advice_of
from servicescore.selectors.scores import ScoreView


@dataclass(frozen=True)
class AdviceRow:
    """One metric: where it stands, its next step, the points that brings, and how to get there."""

    metric: str
    label: str
    current: str
    target: str
    gain: float
    steps: tuple[str, ...]


def advice_rows(view: ScoreView, steps: Iterable[Step]) -> list[AdviceRow]:
    """The steps that bring something, in words."""
    current = {score.metric.id: score.value for score in view.metrics}
    return [
        AdviceRow(
            metric=one.metric,
            label=metric_words.label(metrics()[one.metric]),
            current=metric_words.value_text(metrics()[one.metric], current[one.metric]),
            target=metric_words.value_text(metrics()[one.metric], one.target),
            gain=one.gain,
            steps=one.steps,
        )
        for one in advice_of(steps)
    ]
