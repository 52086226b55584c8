"""The page of the statement, its file, its to-do line and its API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from freightins.models import Reconciled
from stores.duties import lines_of
from stores.models import Shop, User
from stores.selectors.visit import Visit
from tests.conftest import SignedIn

PAGE = "/s/plum/insurance/statement/"
API = "/api/v1/shops/plum/insurance/statement/"
JSON = {"content_type": "application/json"}


def row(shop: Shop, order: str, **fields: object) -> Reconciled:
    """A comparison of yesterday, by itself a fee a fen too high."""
    when = timezone.now() - timedelta(days=1)
    given = {"side": "fee", "status": "different", "expected": 170, "stated": 171, "lines": 1}
    return Reconciled.objects.create(
        shop=shop, order_ref=order, at=when, changed_at=when, **(given | fields)
    )


@pytest.fixture
def rows(shop: Shop) -> list[Reconciled]:
    """One of every kind, and two that differ alike."""
    return [
        row(shop, "<b>1</b>"),
        row(shop, "order-2"),
        row(shop, "order-3", status="matched", stated=170),
        row(shop, "order-4", status="missing", stated=None, lines=0),
        row(shop, "order-5", side="payout", status="unknown", expected=None, note="no_claim"),
    ]


@pytest.fixture
def ops(shop: Shop, bob: User, signed_in: SignedIn) -> Client:
    """Bob's browser."""
    return signed_in(bob)


def test_differences_are_shown_first_with_what_they_share(
    ops: Client, rows: list[Reconciled]
) -> None:
    page = ops.get(PAGE).content.decode()
    assert "order-4" in page
    assert "order-3" not in page
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert "2 单：对账单 1.71 元，我们 1.70 元" in page
    assert "order-3" in ops.get(f"{PAGE}?tab=matched").content.decode()
    only = ops.get(f"{PAGE}?side=payout&q=R-5").content.decode()
    assert "没有这单的理赔" in only
    assert "order-4" not in only


def test_what_no_record_can_hold_is_left_out(ops: Client, rows: list[Reconciled]) -> None:
    assert "order-4" in ops.get(PAGE, {"q": "R-4\0"}).content.decode()
    ops.post(f"{PAGE}mark/", {"row": f"{rows[0].pk}:1", "reason": "asked\0 them"})
    assert Reconciled.objects.get(pk=rows[0].pk).seen_reason == "asked them"


def test_without_a_statement_the_page_says_how_to_get_one(ops: Client) -> None:
    page = ops.get(PAGE).content.decode()
    assert "还没有对账单" in page
    assert "/s/plum/imports/" in page


def test_chosen_rows_are_marked_for_a_reason(ops: Client, rows: list[Reconciled]) -> None:
    chosen = [f"{rows[0].pk}:1", f"{rows[3].pk}:1", "x:1", "7"]
    assert ops.post(f"{PAGE}mark/", {"row": chosen, "reason": " "}).status_code == 302
    assert not Reconciled.objects.filter(seen_at__isnull=False).exists()
    ops.post(f"{PAGE}mark/", {"row": chosen, "reason": "asked them"})
    seen = Reconciled.objects.filter(seen_at__isnull=False)
    assert set(seen.values_list("pk", "seen_by")) == {(rows[0].pk, "bob"), (rows[3].pk, "bob")}
    ops.post(f"{PAGE}mark/?tab=seen", {"row": chosen, "reason": "no", "to": "open"})
    assert not seen.all().exists()


def test_all_of_a_filter_are_marked_but_what_came_since(
    ops: Client, shop: Shop, rows: list[Reconciled]
) -> None:
    now = timezone.now()
    late = row(shop, "order-6")
    Reconciled.objects.filter(pk=late.pk).update(changed_at=now + timedelta(minutes=1))
    ops.post(
        f"{PAGE}mark/?tab=different&side=fee", {"all": now.isoformat(), "reason": "rate of May"}
    )
    seen = Reconciled.objects.filter(seen_at__isnull=False).values_list("pk", flat=True)
    assert set(seen) == {rows[0].pk, rows[1].pk}


def test_the_file_has_the_rows_on_screen(ops: Client, rows: list[Reconciled]) -> None:
    answer = ops.get(f"{PAGE}statement.csv?side=payout")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert lines[1].startswith("order-5,赔付,账上没有,没有这单的理赔,,1.71,1,")


def test_the_to_do_list_counts_what_nobody_looked_at(shop: Shop, rows: list[Reconciled]) -> None:
    Reconciled.objects.filter(pk=rows[1].pk).update(seen_at=timezone.now())
    (line,) = lines_of(Visit(shop, "ops", timezone.now()))
    assert (line.name, line.count) == ("statement_differences", 3)


def test_programs_read_and_mark(ops: Client, rows: list[Reconciled]) -> None:
    listed = ops.get(f"{API}?status=missing").json()["results"]
    assert [(one["order_id"], one["expected_fen"], one["stated_fen"]) for one in listed] == [
        ("order-4", 170, None)
    ]
    body = {
        "seen": True, "reason": "asked",
        "rows": [{"id": str(rows[3].pk), "version": 1}, {"id": str(rows[0].pk), "version": 9}],
    }  # fmt: skip
    answer = ops.post(f"{API}mark/", body, headers={"Idempotency-Key": "k1"}, **JSON)  # type: ignore[arg-type]
    assert answer.json() == {"marked": 1, "stale": 1}
    assert ops.get(f"{API}?is_seen=true").json()["results"][0]["order_id"] == "order-4"


def test_a_number_instead_of_an_id_is_refused(ops: Client, rows: list[Reconciled]) -> None:
    body = {"seen": True, "reason": 5, "rows": [{"id": rows[3].pk, "version": 1}]}
    answer = ops.post(f"{API}mark/", body, headers={"Idempotency-Key": "k1"}, **JSON)  # type: ignore[arg-type]
    assert [one["name"] for one in answer.json()["errors"]] == ["reason"]
    answer = ops.post(
        f"{API}mark/", body | {"reason": "asked"}, headers={"Idempotency-Key": "k2"}, **JSON  # type: ignore[arg-type]
    )  # fmt: skip
    assert [one["name"] for one in answer.json()["errors"]] == ["rows.0.id"]
    rows[3].refresh_from_db()
    assert rows[3].seen_at is None


def test_a_row_of_another_shop_is_not_marked(ops: Client, other_shop: Shop) -> None:
    foreign = row(other_shop, "order-1")
    ops.post(f"{PAGE}mark/", {"row": [f"{foreign.pk}:1"], "reason": "mine"})
    foreign.refresh_from_db()
    assert foreign.seen_at is None
