"""Whoever opens the demo meets every state that freight cover can be in."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db.models import Model

from freightins.models import (
    ChoiceSet,
    Claim,
    Cover,
    Enrolment,
    EnrolmentEvent,
    FraudSignal,
    InvoiceRequest,
    QuoteRevision,
    Reconciled,
    Trial,
)
from shopguard.demo import generate

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 6)
# The shops that opened cover are among the first, the oldest of them opened it 80 days ago.
SHOPS, DATES = 10, 82
STATES: tuple[tuple[type[Model], str], ...] = (
    (ChoiceSet, "source"),
    (Claim, "method"),
    (Claim, "state"),
    (Cover, "reason"),
    (Enrolment, "product"),
    (EnrolmentEvent, "state"),
    (FraudSignal, "kind"),
    (InvoiceRequest, "state"),
    (QuoteRevision, "basis"),
    (Reconciled, "status"),
    (Trial, "kind"),
)


def test_every_state_of_freight_cover_occurs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "DAYS_OF_FACTS", 180 + DATES)
    call_command("seed_demo", date=TODAY, shops=SHOPS, score_dates=DATES)
    missing = {}
    for model, name in STATES:
        possible = {value for value, _ in model._meta.get_field(name).flatchoices}
        there = set(model._default_manager.values_list(name, flat=True))
        missing[model.__name__, name] = possible - there
    assert {key: lost for key, lost in missing.items() if lost} == {}
