"""Files of violations name clauses of the catalogue in force on the day it happened."""

from datetime import date

import pytest

from stores.calc.clauses import catalogue
from stores.models import Touch, Violation
from stores.rules import conduct_book
from tests.imports.files import VIOLATION, Desk, counts, reasons, shanghai


def test_a_violation_is_kept_with_its_clause(desk: Desk) -> None:
    report = desk.rows("violations", VIOLATION)
    assert counts(report) == (1, 0, 0, 0)
    row = Violation.objects.get()
    assert (row.external_id, row.clause, row.state, row.points) == ("v1", "3", "executed", None)
    assert row.executed_at == shanghai("2024-03-09 10:00")
    assert not Touch.objects.exists()


def test_a_reviewer_decides_kind_and_points_of_an_open_clause(desk: Desk) -> None:
    report = desk.rows("violations", VIOLATION | {"clause": "12", "kind": "severe", "points": 50})
    assert (counts(report), report["warnings"]) == ((1, 0, 0, 0), 0)
    assert Violation.objects.get().points == 50


def test_points_of_a_fixed_clause_are_warned_about(desk: Desk) -> None:
    report = desk.rows("violations", VIOLATION | {"kind": "severe", "points": 50})
    assert (counts(report), report["warnings"]) == ((1, 0, 0, 0), 1)
    assert "条款目录" in reasons(report)[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"clause": "13"},
        {"clause": ""},
        {"clause": "unattended"},
        {"points": "101"},
        {"state": "done"},
    ],
)
def test_what_no_catalogue_knows_is_rejected(desk: Desk, wrong: dict[str, str]) -> None:
    """A clause that was in force earlier is none of today."""
    assert counts(desk.rows("violations", VIOLATION | wrong)) == (0, 0, 0, 1)


def test_a_clause_of_the_earlier_set_holds_for_its_time(desk: Desk) -> None:
    early = {"clause": "unattended", "occurred_at": "2022-12-31 23:59:59"}
    assert counts(desk.rows("violations", VIOLATION | early)) == (1, 0, 0, 0)
    assert counts(desk.rows("violations", VIOLATION | {"clause": "unattended"})) == (0, 0, 0, 1)


def test_an_executed_case_without_a_time_is_warned_about(desk: Desk) -> None:
    report = desk.rows("violations", VIOLATION | {"executed_at": ""})
    assert (counts(report), report["warnings"]) == ((1, 0, 0, 0), 1)


def test_every_clause_says_what_it_weighs_or_waits_for_a_reviewer() -> None:
    now = catalogue(conduct_book(), date(2024, 3, 1))
    before = catalogue(conduct_book(), date(2022, 12, 31))
    points = {code: clause.points for code, clause in now.items()}
    assert points == {
        "1": 2, "2": 5, "3": 10, "4": 25, "5": None, "6": 25, "7": 25, "8": 25, "9": 25,
        "10": 25, "11": None, "12": None, "late_shipping": 5,
    }  # fmt: skip
    assert {code for code, clause in now.items() if clause.is_open} == {"5", "11", "12"}
    assert {code for code, c in now.items() if c.kind == "severe"} == {"6", "7", "8", "9", "10"}
    assert (before["3"].points, before["unattended"].points) == (5, 5)
    assert now["6"].scope == ("chat", "phone", "sms", "review", "order_note")
