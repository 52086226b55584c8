"""Every metric says what it is: label, unit, examples, golden cases, a chapter."""

import tomllib
from pathlib import Path

import pytest

from servicescore.calc.declaration import DIMENSIONS, Metric
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules, score_book

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT.parent / "docs" / "algorithms" / "service-score.md"
EVERY_METRIC = pytest.mark.parametrize("metric", metrics().values(), ids=lambda m: m.id)


@EVERY_METRIC
def test_a_metric_has_words_in_both_languages(metric: Metric) -> None:
    """Labels, anchor day and examples, as many in English as in Chinese."""
    assert metric.label_zh != metric.label_en
    assert all((metric.label_zh, metric.label_en, metric.anchor_zh, metric.anchor_en))
    assert metric.source
    assert len(metric.counted_zh) == len(metric.counted_en) >= 1
    assert len(metric.not_counted_zh) == len(metric.not_counted_en) >= 1


@EVERY_METRIC
def test_a_metric_has_golden_cases(metric: Metric) -> None:
    """Some that count and some that do not, or are taken out."""
    cases = tomllib.loads((ROOT / "golden" / f"{metric.id}.toml").read_text("utf-8"))["case"]
    assert any(row["num"] for case in cases for row in case["expect"])
    assert any(not case["expect"] for case in cases)
    assert any(row.get("excl") for case in cases for row in case["expect"])


@EVERY_METRIC
def test_a_metric_has_a_chapter(metric: Metric) -> None:
    """A heading in the document that names it by id and Chinese label."""
    assert f"### {metric.label_zh} `{metric.id}`" in DOCUMENT.read_text("utf-8").splitlines()


@EVERY_METRIC
def test_a_metric_stands_in_a_rule_set(metric: Metric) -> None:
    """A metric no rule set scores by would be counted for nobody."""
    assert any(metric.id in compiled_score_rules(rules.id).metrics for rules in score_book().sets)


@EVERY_METRIC
@pytest.mark.parametrize(
    "wrong", [{"dimension": "taste"}, {"unit": "miles"}, {"better": "sideways"}], ids=str
)
def test_a_faulty_declaration_is_refused(metric: Metric, wrong: dict[str, str]) -> None:
    """A dimension, unit or direction that does not exist is found when the file is loaded."""
    fields = {name: getattr(metric, name) for name in metric.__dataclass_fields__}
    with pytest.raises(ValueError, match=metric.id):
        Metric(**(fields | wrong))


def test_every_dimension_of_a_rule_set_is_one_of_the_five() -> None:
    """Pages have words and icons for these and no others."""
    known = {dimension.id for dimension in DIMENSIONS}
    for rules in score_book().sets:
        compiled = compiled_score_rules(rules.id)
        assert {dimension.id for dimension in compiled.dimensions} <= known
        assert all(
            dimension.id in (metrics()[name].dimension, "service")
            for dimension in compiled.dimensions
            for name in dimension.metrics
        )
