"""Accepted delay reports and excused complaints take records out of metrics, revocably."""

import pytest

from stores.models import Complaint, DelayReport, Exclusion
from tests.imports.files import COMPLAINT, DELAY_REPORT, ORDER, Desk, counts, reasons


def test_an_accepted_delay_report_excludes_its_order(desk: Desk) -> None:
    """From both logistics metrics, with the report as its source and the cause as its reason."""
    desk.rows("orders", ORDER)
    desk.rows("delay_reports", DELAY_REPORT)
    assert not Exclusion.objects.exists()
    desk.rows("delay_reports", DELAY_REPORT | {"decision": "accepted"})
    exclusion = Exclusion.objects.get()
    assert (exclusion.kind, exclusion.external_id) == ("order", "o1")
    assert {"ship_on_time_rate", "pay_to_sign_hours"} <= set(exclusion.metrics)
    assert (exclusion.source, exclusion.reason) == ("delay_report:d1", "台风")
    assert exclusion.revoked_at is None


def test_a_decision_that_is_taken_back_revokes_and_keeps_the_row(desk: Desk) -> None:
    """Accepted again, the same row lives again."""
    for decision, is_revoked in (("accepted", False), ("refused", True), ("accepted", False)):
        desk.rows("delay_reports", DELAY_REPORT | {"decision": decision})
        assert (Exclusion.objects.get().revoked_at is not None) is is_revoked


def test_a_report_that_moves_to_another_order_moves_its_exclusion(desk: Desk) -> None:
    """The first order counts again."""
    desk.rows("delay_reports", DELAY_REPORT | {"decision": "accepted"})
    desk.rows("delay_reports", DELAY_REPORT | {"decision": "accepted", "order_id": "o2"})
    assert Exclusion.objects.get(external_id="o1").revoked_at is not None
    assert Exclusion.objects.get(external_id="o2").revoked_at is None


@pytest.mark.parametrize("reason", ["malicious", "force_majeure"])
def test_an_excused_complaint_is_excluded(desk: Desk, reason: str) -> None:
    """From the dispute rate alone; without the reason it counts again."""
    desk.rows("complaints", COMPLAINT | {"excluded_reason": reason})
    exclusion = Exclusion.objects.get()
    assert (exclusion.kind, exclusion.external_id) == ("complaint", "t1")
    assert (exclusion.metrics, exclusion.reason) == (["dispute_rate"], reason)
    desk.rows("complaints", COMPLAINT | {"excluded_reason": "\\N"})
    assert Exclusion.objects.get().revoked_at is not None


def test_a_shops_own_people_cannot_excuse_anything(desk: Desk) -> None:
    """Their decision is ignored with a warning; the rest of the row lands."""
    for kind, row in (
        ("complaints", COMPLAINT | {"excluded_reason": "malicious"}),
        ("delay_reports", DELAY_REPORT | {"decision": "accepted"}),
    ):
        report = desk.rows(kind, row, is_trusted=False, shop="plum")
        assert counts(report) == (1, 0, 0, 0)
        assert "管理员" in reasons(report)[0]
    assert not Exclusion.objects.exists()
    assert Complaint.objects.get().excluded_reason == ""
    assert DelayReport.objects.get().decision == "pending"


def test_a_shops_own_people_cannot_undo_a_decision(desk: Desk) -> None:
    """Neither by another value nor by erasing it."""
    desk.rows("delay_reports", DELAY_REPORT | {"decision": "accepted"})
    for decision in ("refused", "\\N", "pending"):
        desk.rows(
            "delay_reports", DELAY_REPORT | {"decision": decision}, is_trusted=False, shop="plum"
        )
        assert DelayReport.objects.get().decision == "accepted"
    assert Exclusion.objects.get().revoked_at is None
