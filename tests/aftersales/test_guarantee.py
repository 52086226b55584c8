"""The guarantee period ends when the sources say, and a verdict names its reason."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calc.guarantee import Claim, Goods, Terms, period_of, terms_of, verdict_on
from aftersales.rules import guarantee_book
from shopguard.lib.days import SHANGHAI

CASES = tomllib.loads((Path(__file__).parent / "golden" / "guarantee.toml").read_text("utf-8"))
RULES = guarantee_book().in_force(date(2024, 1, 1))
INSTANTS = st.datetimes(datetime(2005, 1, 1), datetime(2025, 6, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("case", CASES["period"], ids=lambda case: case["says"])
def test_a_period_ends_on_its_day(case: dict[str, Any]) -> None:
    period = period_of(
        instant(case["signed"]), case.get("days", 7), working_days=case.get("working_days", False)
    )
    assert period.last.isoformat() == case["ends"]
    assert period.is_estimated == case.get("estimated", False)
    assert period.ends_at.astimezone(SHANGHAI).isoformat().endswith("23:59:59+08:00")


@pytest.mark.parametrize("case", CASES["verdict"], ids=lambda case: case["says"])
def test_a_verdict_has_its_reason(case: dict[str, Any]) -> None:
    signed = case.get("signed", "2021-08-01 10:00")
    claim = Claim(
        instant(case["applied"]),
        instant(signed) if signed else None,
        case.get("quality", False),
        case.get("condition", ""),
    )
    verdict = verdict_on(claim, terms_of(RULES, Goods(**case.get("goods", {}))))
    told = "look" if verdict.qualifies is None else verdict.qualifies
    assert [verdict.standing, told, verdict.reasons[0]] == case["expect"]


@given(INSTANTS, st.integers(0, 60))
def test_working_days_never_end_sooner_than_calendar_days(signed: datetime, days: int) -> None:
    plain, working = period_of(signed, days), period_of(signed, days, working_days=True)
    assert plain.last <= working.last
    assert plain.first == working.first


@given(INSTANTS, st.integers(0, 60), st.integers(0, 120 * 86_400), st.booleans())
def test_whoever_applies_earlier_stands_no_worse(
    signed: datetime, days: int, after: int, working_days: bool
) -> None:
    terms, later = Terms(days), signed + timedelta(seconds=after)
    late = verdict_on(Claim(later, signed), terms, working_days=working_days)
    soon = verdict_on(Claim(signed, signed), terms, working_days=working_days)
    assert soon.standing == "inside"
    assert (late.standing == "inside") == (later <= period_of(
        signed, days, working_days=working_days).ends_at)  # fmt: skip


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        period_of(instant("2021-08-01 10:00"), -1)
