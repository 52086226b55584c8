"""Tells after-sales which reasons count as quality: fills the slot ``aftersales`` offers."""

from datetime import date

from aftersales.quality_slot import IsQuality, fill_quality_slot
from servicescore.calc.events import normal_reason
from servicescore.rules import compiled_event_rules, event_book


def reader(day: date) -> IsQuality:
    """The list of the event rules of ``day``, brackets and slashes being alike."""
    reasons = compiled_event_rules(event_book().in_force(day).id).quality_reasons
    return lambda text: normal_reason(text) in reasons


def fill() -> None:
    """Fill the slot."""
    fill_quality_slot(reader)
