"""The search finds in the situations of the golden file what the file says, and nothing else."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.findings.recipes import cut_text, found_in

CASES = tomllib.loads((Path(__file__).parent / "golden" / "findings.toml").read_text("utf-8"))
PARTS = {"n": "n_inside", "k": "k_inside", "n_out": "n_outside", "k_out": "k_outside"}


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["says"])
def test_a_situation_shows_its_findings(case: dict[str, Any]) -> None:
    found = found_in(case["groups"]).findings
    assert [(one.outcome, cut_text(one.cut)) for one in found] == [
        (wanted["outcome"], wanted["cut"]) for wanted in case["expect"]
    ]
    for one, wanted in zip(found, case["expect"], strict=True):
        assert {part: getattr(one, name) for part, name in PARTS.items()} == {
            part: wanted[part] for part in PARTS
        }
        if "yuan" in wanted:
            assert one.excess_fen == pytest.approx(wanted["yuan"] * 100)
