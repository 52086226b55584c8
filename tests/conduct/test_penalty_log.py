"""The penalty log follows from the facts, grows only, and shows what was done to it."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from stores.models import PenaltyLogRow, Run, Shop, User, Violation
from stores.selectors.penalty_log import effects_due, effects_logged
from stores.services.penalty_log import log_head, log_renew, log_verify
from tests.conduct.violations import violation
from tests.conftest import DAY_ZERO
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
TODAY = date(2024, 6, 1)
HISTORY = (
    {"id": "a", "executed": "2024-03-05 10:00"},
    {"id": "b", "executed": "2024-03-06 10:00"},
    {"id": "c", "clause": "6", "executed": "2024-03-07 10:00", "counterfeit": True},
    {"id": "d", "notified": "2024-03-07 10:00", "state": "pending"},
    {"id": "e", "executed": "2024-03-04 10:00", "state": "revoked"},
)


def logged(shop: Shop) -> dict[str, object]:
    return dict(effects_logged([shop.pk])[shop.pk])


def renew(*shops: Shop) -> int:
    with transaction.atomic():
        return log_renew(shops=shops)


@pytest.mark.parametrize("seed", range(6))
def test_facts_in_any_order_or_twice_end_in_the_same_lines(shop: Shop, seed: int) -> None:
    order = list(HISTORY)
    Random(seed).shuffle(order)
    for told in order:
        violation(shop, **told)
        renew(shop)
        assert renew(shop) == 0
    assert logged(shop) == effects_due(shop, today=TODAY)
    other = make_shop("other")
    for told in HISTORY:
        violation(other, **told)
    renew(other)
    assert logged(other) == logged(shop)
    assert log_verify().is_intact


def test_what_no_longer_holds_is_taken_back_by_a_line(shop: Shop) -> None:
    case = violation(shop, id="a", executed="2024-03-05 10:00")
    renew(shop)
    assert set(logged(shop)) == {"case:a", "penalty:a:general_25"}
    Violation.objects.filter(pk=case.pk).update(state="revoked")
    renew(shop)
    assert set(logged(shop)) == {"case:a"}
    words = PenaltyLogRow.objects.order_by("pk").values_list("action", "key")
    assert list(words)[2:] == [("withdrawn", "penalty:a:general_25"), ("changed", "case:a")]


def test_lines_form_a_chain_per_shop_and_one_over_all(shop: Shop) -> None:
    other = make_shop("other")
    for number in range(3):
        for each in (shop, other):
            violation(each, id=f"v{number}", executed="2024-03-05 10:00")
            renew(each)
    lines = list(PenaltyLogRow.objects.order_by("pk"))
    assert all(after.previous_hash == before.hash for before, after in pairwise(lines))
    own = [line for line in lines if line.shop_id == other.pk]
    assert all(after.shop_previous == before.hash for before, after in pairwise(own))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE stores_penaltylogrow SET reason = 'x'",
        "DELETE FROM stores_penaltylogrow",
    ],
)
def test_the_database_refuses_changes(shop: Shop, change: str) -> None:
    violation(shop, executed="2024-03-05 10:00")
    renew(shop)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        connection.cursor().execute(change)


def behind(statement: str) -> None:
    """A change behind the product's back: the trigger switched off for it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stores_penaltylogrow DISABLE TRIGGER penaltylog_final")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE stores_penaltylogrow ENABLE TRIGGER penaltylog_final")


@pytest.fixture
def four_lines(shop: Shop) -> list[int]:
    """The log of four cases that reached nothing, and a run that noted its end."""
    for number in range(4):
        violation(shop, id=f"v{number}", clause="1", executed="2024-03-05 10:00")
        renew(shop)
    head, row = log_head()
    Run.objects.create(
        day=DAY_ZERO, rule_set="rules", rule_hash="0" * 16, trigger="nightly", log_head=head,
        log_row=row,
    )  # fmt: skip
    return list(PenaltyLogRow.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("change", "place", "word"),
    [
        ("UPDATE stores_penaltylogrow SET content = '{{}}' WHERE id = {0}", 1, "altered"),
        ("DELETE FROM stores_penaltylogrow WHERE id = {0}", 2, "does not follow"),
        ("DELETE FROM stores_penaltylogrow WHERE id >= {0}", 3, "missing"),
        ("DELETE FROM stores_penaltylogrow WHERE id >= {0}", 0, "missing"),
    ],
)
def test_what_was_done_behind_the_products_back_is_named(
    four_lines: list[int],
    capsys: pytest.CaptureFixture[str],
    change: str,
    place: int,
    word: str,
) -> None:
    call_command("verify_log")
    assert "intact" in capsys.readouterr().out
    behind(change.format(four_lines[place - 1 if "DELETE" in change and place == 2 else place]))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log")
    assert ended.value.code == 1
    assert word in capsys.readouterr().err


def test_a_run_notes_the_end_of_the_log(shop: Shop) -> None:
    violation(shop, executed="2024-03-05 10:00")
    call_command("recompute", "--date", "2024-03-06", "--quiet")
    run = Run.objects.get()
    assert (run.log_head, run.log_row) == log_head()
    assert run.log_head


def test_nobody_writes_a_line_over_the_django_admin(
    signed_in: Callable[[User], object], dora: User, shop: Shop
) -> None:
    violation(shop, executed="2024-03-05 10:00")
    renew(shop)
    line = PenaltyLogRow.objects.first()
    assert line is not None
    client = signed_in(dora)
    answer = client.post(f"/admin/stores/penaltylogrow/{line.pk}/delete/")  # type: ignore[attr-defined]
    assert answer.status_code in (403, 404, 405)
    assert log_verify().rows == PenaltyLogRow.objects.count()
