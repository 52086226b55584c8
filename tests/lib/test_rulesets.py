"""Rule files are checked when they are read, and found by the day they apply to."""

from datetime import date
from pathlib import Path

import pytest

from shopguard.lib.rulesets import RuleError, load, load_folder

HEADER = """
id = "{id}"
title_zh = "规则"
title_en = "Rules"
published_on = 2022-08-01
visible_to = "{visible_to}"
{dates}
"""
BODY = """
[window]
days = {value = 180, unit = "days", source = "S1 4.1"}
half_life = {value = 45, unit = "days", assumption = "nearer days weigh more, no figure published"}
"""


def write(
    folder: Path, name: str, *, dates: str = "", visible_to: str = "all", body: str = BODY
) -> Path:
    path = folder / f"{name}.toml"
    header = HEADER.format(id=name, dates=dates, visible_to=visible_to)
    path.write_text(header + body, encoding="utf-8")
    return path


def test_a_parameter_is_read_by_its_path_with_its_unit_and_origin(tmp_path: Path) -> None:
    rules = load(write(tmp_path, "one"))
    assert rules["window.days"] == 180
    assert rules.parameters["window.days"].unit == "days"
    assert rules.group("window") == {"days": 180, "half_life": 45}
    assert list(rules.assumptions()) == ["window.half_life"]


def test_an_unknown_parameter_names_the_set_and_the_path(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"rule set one has no parameter window\.weeks"):
        load(write(tmp_path, "one"))["window.weeks"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('[a]\nb = {value = 1, unit = "days"}', "needs a source or an assumption"),
        ('[a]\nb = {value = 1, unit = "days", source = "x", assumption = "y"}', "exactly one"),
        ('[a]\nb = {value = 1, unit = "fortnights", source = "x"}', "unknown unit"),
        ('[a]\nb = {value = 1, unit = "days", source = "x", note = "z"}', "unknown keys note"),
        ("[a]\nb = 1", "bare value"),
        ("[a\n", "not TOML"),
    ],
)
def test_a_parameter_without_unit_or_origin_is_refused(
    tmp_path: Path, body: str, reason: str
) -> None:
    with pytest.raises(RuleError, match=reason):
        load(write(tmp_path, "bad", body=body))


def test_a_header_that_lacks_a_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text('id = "bare"\n', encoding="utf-8")
    with pytest.raises(RuleError, match="header lacks published_on"):
        load(path)


def test_the_hash_follows_values_and_not_prose(tmp_path: Path) -> None:
    first = load(write(tmp_path, "one"))
    reworded = load(write(tmp_path, "one", body=BODY.replace("S1 4.1", "seed 001")))
    changed = load(write(tmp_path, "one", body=BODY.replace("180", "90")))
    assert first.hash == reworded.hash != changed.hash


def test_the_set_in_force_is_found_by_the_day(tmp_path: Path) -> None:
    write(tmp_path, "old", dates="ends_on = 2022-08-19")
    write(tmp_path, "new", dates="effective_on = 2022-08-20")
    write(tmp_path, "future", visible_to="preview")
    book = load_folder(tmp_path, "score")
    assert book.in_force(date(2022, 8, 19)).id == "old"
    assert book.in_force(date(2022, 8, 20)).id == "new"
    assert book.by_id("future").visible_to == "preview"


def test_a_day_without_rules_says_which_sets_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, "new", dates="effective_on = 2022-08-20")
    with pytest.raises(
        RuleError, match="no score rule set is in force on 2018-08-01; name one of new"
    ):
        load_folder(tmp_path, "score").in_force(date(2018, 8, 1))


def test_two_sets_in_force_on_one_day_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "old", dates="ends_on = 2022-08-20")
    write(tmp_path, "new", dates="effective_on = 2022-08-20")
    with pytest.raises(RuleError, match="old and new are in force on the same day"):
        load_folder(tmp_path, "score")


def test_an_unknown_id_names_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, "new", dates="effective_on = 2022-08-20")
    with pytest.raises(RuleError, match="known are new"):
        load_folder(tmp_path, "score").by_id("newer")
