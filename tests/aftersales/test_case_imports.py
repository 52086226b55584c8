"""Files say where a case stands; what was done here holds until a newer file says otherwise."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from aftersales.models import AfterSaleCase
from aftersales.services.cases import Given, case_step
from shopguard.lib.days import SHANGHAI
from stores.models import Shop, User
from tests.conftest import NOON_ZERO

HEADER = (
    "shop_id,case_id,order_id,kind,applied_at,outcome,state,waiting_buyer_seconds,deadline_at\n"
)
OPEN = "plum,c1,o1,return_refund,2024-02-29 10:00:00,open,{state},{waiting},{deadline}\n"


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def read(folder: Path, body: str, as_of: str) -> AfterSaleCase:
    file = folder / "cases.csv"
    file.write_text(HEADER + body, "utf-8")
    call_command("import_data", "aftersales", str(file), as_of=instant(as_of), verbosity=0)
    return AfterSaleCase.objects.get()


@pytest.fixture(autouse=True)
def buyer_keys(settings: Settings, tmp_path: Path) -> None:
    """Keys that no other test and no checkout knows."""
    settings.BUYER_KEYS_FILE = tmp_path / "keys" / "buyers.json"


def row(state: str = "", waiting: str = "", deadline: str = "") -> str:
    return OPEN.format(state=state, waiting=waiting, deadline=deadline)


def test_a_case_without_a_state_is_in_review_and_its_deadline_estimated(
    shop: Shop, tmp_path: Path
) -> None:
    case = read(tmp_path, row(), "2024-02-29 12:00:00")
    assert (case.state, case.due_is_estimated) == ("review", True)
    assert case.due_at == case.applied_at + timedelta(hours=48)


def test_the_deadline_of_the_record_is_taken_as_it_is(shop: Shop, tmp_path: Path) -> None:
    case = read(tmp_path, row("receipt", deadline="2024-03-05 10:00:00"), "2024-02-29 12:00:00")
    assert (case.state, case.due_at, case.due_is_estimated) == ("receipt", case.deadline_at, False)


def test_a_newer_file_decides_and_an_older_one_does_not(
    shop: Shop, bob: User, tmp_path: Path
) -> None:
    read(tmp_path, row(), "2024-02-29 12:00:00")
    with time_machine.travel(NOON_ZERO, tick=False):
        case_step(
            actor=bob, shop=shop, case_ref="c1", version=0, name="reject",
            given=Given(note="超期", contact_at=NOON_ZERO),
        )  # fmt: skip
    case = read(tmp_path, row("review"), "2024-03-01 11:00:00")
    assert (case.state, case.outcome) == ("rejected", "rejected")
    case = read(tmp_path, row("platform"), "2024-03-01 18:00:00")
    assert (case.state, case.outcome) == ("platform", "open")


def test_a_step_holds_where_a_newer_file_says_nothing_of_the_state(
    shop: Shop, bob: User, tmp_path: Path
) -> None:
    read(tmp_path, row(), "2024-02-29 12:00:00")
    with time_machine.travel(NOON_ZERO, tick=False):
        case_step(actor=bob, shop=shop, case_ref="c1", version=0, name="approve")
    case = read(tmp_path, row(waiting="60"), "2024-03-02 11:00:00")
    assert (case.state, case.state_since) == ("buyer_sends", NOON_ZERO)
    assert case.waiting_buyer_seconds == 60


def test_an_imported_outcome_ends_the_case(shop: Shop, tmp_path: Path) -> None:
    read(tmp_path, row("receipt"), "2024-02-29 12:00:00")
    case = read(tmp_path, row().replace(",open,", ",completed,"), "2024-03-01 12:00:00")
    assert (case.state, case.due_at) == ("completed", None)
