"""Files about violations in any order, or twice, end in the same points, penalties and log."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from shopguard.lib.days import shanghai_day
from stores.models import Shop
from stores.selectors.penalty_log import effects_due, effects_logged
from stores.services.penalty_log import log_renew, log_verify
from tests.conduct.violations import stands
from tests.imports.files import Desk, Row

DAYS = ("2024-03-04", "2024-03-12", "2024-12-31", "2025-01-01")
STATES = ("pending", "in_review", "executed", "revoked")
LONG = settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

cases = st.fixed_dictionaries(
    {
        "clause": st.sampled_from(["1", "4", "6", "9", "12", "late_shipping"]),
        "executed_at": st.sampled_from(
            ["2024-03-02 10:00:00", "2024-03-02 10:00:00", "2024-03-11 23:59:59",
             "2024-12-30 10:00:00"]
        ),
        "is_counterfeit": st.sampled_from(["yes", "no"]),
        # The state each file knows of; a case is unknown to the files before its first.
        "states": st.lists(st.sampled_from(STATES), min_size=1, max_size=3),
    }
)  # fmt: skip


def files_of(histories: Sequence[dict[str, Any]]) -> list[list[Row]]:
    """What three exports, one after another, say of the cases."""
    return [
        [row_of(number, case, back) for number, case in enumerate(histories)
         if back < len(case["states"])]
        for back in (2, 1, 0)
    ]  # fmt: skip


def row_of(number: int, case: dict[str, Any], back: int) -> Row:
    state = case["states"][-1 - back]
    weight = {"kind": "severe", "points": 40} if case["clause"] == "12" else {}
    was_executed = {"executed_at": case["executed_at"]} if state in ("executed", "revoked") else {}
    return {
        "shop_id": "plum", "violation_id": f"v{number}", "clause": case["clause"],
        "occurred_at": "2024-03-01 10:00:00", "notified_at": "2024-03-01 12:00:00",
        "executed_at": "", "state": state, "is_counterfeit": case["is_counterfeit"],
        "kind": "", "points": "",
    } | weight | was_executed  # fmt: skip


def told_in(order: Sequence[int], files: list[list[Row]], desk: Desk, shop: Shop) -> object:
    """How the shop stands, and what its log says holds, once the files came in an order."""
    with transaction.atomic():
        for number in order:
            if files[number]:
                desk.rows("violations", *files[number], as_of=f"2024-03-{number + 1:02} 10:00")
                log_renew(shops=[shop])
                assert log_renew(shops=[shop]) == 0
        standing = [stands(shop, day) for day in DAYS]
        logged = effects_logged([shop.pk]).get(shop.pk, {})
        assert logged == effects_due(shop, today=shanghai_day(timezone.now()))
        assert log_verify().is_intact
        transaction.set_rollback(True)
    return standing, logged


@pytest.mark.django_db
@LONG
@given(
    histories=st.lists(cases, min_size=1, max_size=4),
    order=st.permutations([0, 1, 2]),
    again=st.lists(st.integers(0, 2), max_size=2),
)
def test_files_in_any_order_or_twice_give_the_same(
    histories: list[dict[str, Any]], order: list[int], again: list[int],
    shop: Shop, tmp_path: Path, settings: Settings,
) -> None:  # fmt: skip
    settings.BUYER_KEYS_FILE = tmp_path / "keys" / "buyers.json"
    files, desk = files_of(histories), Desk(tmp_path)
    expected = told_in([0, 1, 2], files, desk, shop)
    assert told_in([*order, *again], files, desk, shop) == expected
