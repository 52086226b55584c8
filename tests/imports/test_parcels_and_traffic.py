"""Parcels and traffic come in; no metric reads them, so no day is touched."""

from datetime import date

import pytest

from stores.models import Parcel, Touch, Traffic
from tests.imports.files import PARCEL, TRAFFIC, Desk, counts, reasons, shanghai


def test_a_parcel_is_known_by_its_tracking_number(desk: Desk) -> None:
    assert counts(desk.rows("parcels", PARCEL)) == (1, 0, 0, 0)
    signed = {"status": "signed", "signed_at": "2024-03-04 12:00:00"}
    assert counts(desk.rows("parcels", PARCEL | signed)) == (0, 1, 0, 0)
    row = Parcel.objects.get()
    assert (row.external_id, row.order_ref, row.weight_grams) == ("SF007", "o1", 350)
    assert (row.status, row.signed_at) == ("signed", shanghai("2024-03-04 12:00"))
    assert not Touch.objects.exists()


@pytest.mark.parametrize("wrong", [{"order_id": ""}, {"status": "flying"}, {"weight_kg": "-1"}])
def test_a_parcel_that_cannot_be_is_rejected(desk: Desk, wrong: dict[str, str]) -> None:
    assert counts(desk.rows("parcels", PARCEL | wrong)) == (0, 0, 0, 1)


def test_a_parcel_signed_before_it_was_shipped_is_warned_about(desk: Desk) -> None:
    report = desk.rows("parcels", PARCEL | {"signed_at": "2024-03-01 12:00:00"})
    assert (counts(report), report["warnings"]) == ((1, 0, 0, 0), 1)
    assert "签收早于发货" in reasons(report)[0]


def test_traffic_is_known_by_product_and_day(desk: Desk) -> None:
    other_day = TRAFFIC | {"day": "2024-03-02"}
    assert counts(desk.rows("traffic", TRAFFIC, other_day)) == (2, 0, 0, 0)
    assert counts(desk.rows("traffic", TRAFFIC | {"visitors": 31}, other_day)) == (0, 1, 1, 0)
    row = Traffic.objects.get(day=date(2024, 3, 1))
    assert (row.product_ref, row.impressions, row.visitors) == ("p1", 1000, 31)
    assert not Touch.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"day": ""}, {"product_id": ""}, {"day": "2999-01-01"}, {"visitors": "-3"}]
)
def test_traffic_of_no_day_is_rejected(desk: Desk, wrong: dict[str, str]) -> None:
    assert counts(desk.rows("traffic", TRAFFIC | wrong)) == (0, 0, 0, 1)
