"""The facts of some days are the same, whichever way the records are asked for."""

from datetime import date, timedelta

import pandas as pd
import pytest

from aftersales.models import AfterSaleCase
from servicescore.calc.facts import Facts
from servicescore.selectors import facts
from servicescore.selectors.facts import facts_load, spans_of
from stores.models import Complaint, Consultation, Review, Shop
from tests.factories import START, fill, make_order

FRAMES = ("signed", "due", "reviews", "cases", "complaints", "closed", "consultations")
DAYS = [START.date() + timedelta(days=n) for n in (0, 1, 3)]


@pytest.fixture
def pairs(shop: Shop) -> list[tuple[int, date]]:
    """Three days of a shop with a record of every kind on each of the first five."""
    for n in range(5):
        at, ref = START + timedelta(days=n), f"o{n}"
        make_order(shop, external_id=ref, signed_at=at, ship_by=at)
        of = {"shop": shop, "external_id": f"x{n}", "order_ref": ref}
        fill(Review, "QZ7", **of)
        fill(AfterSaleCase, "QZ7", closed_at=at, **of)
        fill(Complaint, "QZ7", **of)
        fill(Consultation, "QZ7", started_at=at, **of)
    return [(shop.pk, day) for day in DAYS]


def read(pairs: list[tuple[int, date]]) -> Facts:
    return facts_load(spans_of(pairs))


def test_short_and_long_spans_are_asked_for_alike(
    pairs: list[tuple[int, date]], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = read(pairs)
    monkeypatch.setattr(facts, "SHORT_DAYS", 0)
    long = read(pairs)
    for name in FRAMES:
        one, other = (getattr(found, name).sort_values("id") for found in (short, long))
        assert len(one) == len(DAYS), name
        pd.testing.assert_frame_equal(one, other, check_like=True)
