"""A score rule file that cannot be meant is refused when it is loaded, with the fault named."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from servicescore.calc.rules import ScoreRules, score_rules
from servicescore.metrics import metrics
from servicescore.rules import FOLDER, compiled_score_rules, event_book, score_book
from shopguard.lib.rulesets import RuleError, load

FILE = "service-score-2022.toml"


def amended(folder: Path, old: str, new: str) -> ScoreRules:
    """The 2022 rules with one text replaced."""
    path = folder / FILE
    shutil.copy(FOLDER / "score" / FILE, path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return score_rules(load(path), metrics())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("value = 0.2\n", "value = 0.3\n", "the weights add up to 1.1"),
        ('["reply_3min_rate"]', '["reply_4min_rate"]', "no file declares reply_4min_rate"),
        ('["reply_3min_rate"]', '["dispute_rate"]', "a metric stands in two of them"),
        ('["reply_3min_rate"]', "[]", "one of them has no metric"),
        ("[72, 48, 24, 12, 6, 2]", "[72, 48, 24, 12, 6]", "one anchor per score"),
        ("[72, 48, 24, 12, 6, 2]", "[2, 6, 12, 24, 48, 72]", "the anchors must run one way"),
        ("[3.0, 3.5, 4.0, 4.5, 4.8]", "[3.0, 3.5, 4.5, 4.0, 4.8]", "stars.from: the values must"),
        ("[0.0, 0.10, 0.30", "[0.05, 0.10, 0.30", "the curve runs from 0 to 1"),
        ("[ranking.peers]\nvalue = 10", "[ranking.peers]\nvalue = 1", "a rank needs two shops"),
        ("[window.half_life]", "[window.half_time]", "no parameter window.half_life"),
    ],
)
def test_a_faulty_rule_file_is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """The message names the rule set and the parameter."""
    with pytest.raises(RuleError, match=fault) as refused:
        amended(tmp_path, old, new)
    assert "service-score-2022" in str(refused.value)


def test_a_fair_change_is_taken(tmp_path: Path) -> None:
    """And has another hash than the original."""
    rules = amended(tmp_path, "value = 45", "value = 30")
    assert rules.half_life == 30
    assert rules.hash != compiled_score_rules("service-score-2022").hash


@pytest.mark.parametrize(
    ("day", "rule_set"),
    [
        (date(2018, 8, 1), "shop-score"),
        (date(2022, 8, 19), "shop-score"),
        (date(2022, 8, 20), "service-score-2022"),
        (date(2026, 11, 20), "service-score-2022"),
    ],
)
def test_exactly_one_rule_set_is_in_force(day: date, rule_set: str) -> None:
    """The new score took over on 20 August 2022."""
    assert score_book().in_force(day).id == rule_set


def test_every_number_has_a_source_or_a_reason() -> None:
    """What nobody publishes says so."""
    for rules in (*score_book().sets, *event_book().sets):
        for path, parameter in rules.parameters.items():
            assert bool(parameter.source) != bool(parameter.assumption), f"{rules.id}: {path}"
