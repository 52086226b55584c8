"""Reviews, complaints and orders come as files with the rows on screen; fixes over the API."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client

from aftersales.models import Fix
from stores.models import Complaint, OrderLine, Review, Shop, User
from tests.conftest import NOON_ZERO
from tests.factories import make_order

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
NASTY = "=1+1<script>x7</script>"


def rows(client: Client, path: str) -> list[dict[str, str]]:
    lines = b"".join(client.get(path).streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(lines.decode("utf-8-sig"))))


def test_reviews_on_screen_are_the_rows_of_the_file(
    signed_in: SignedIn, bob: User, shop: Shop
) -> None:
    for number, rating in enumerate((1, 5, 2)):
        Review.objects.create(
            shop=shop, external_id=f"r{number}", order_ref="o1", rating=rating, text=NASTY,
            created_at=NOON_ZERO, as_of=NOON_ZERO,
            replied_at=NOON_ZERO if number == 2 else None,
        )  # fmt: skip
    client = signed_in(bob)
    told = {
        show: [row["评价编号"] for row in rows(client, f"/s/plum/reviews.csv?show={show}")]
        for show in ("waiting", "low", "all")
    }
    assert {show: sorted(refs) for show, refs in told.items()} == {
        "waiting": ["r0"], "low": ["r0", "r2"], "all": ["r0", "r1", "r2"],
    }  # fmt: skip
    assert rows(client, "/s/plum/reviews.csv")[0]["内容"] == f"'{NASTY}"


def test_complaints_and_orders_come_as_files(signed_in: SignedIn, bob: User, shop: Shop) -> None:
    Complaint.objects.create(
        shop=shop, external_id="k1", order_ref="o1", opened_at=NOON_ZERO, as_of=NOON_ZERO,
        text=NASTY,
    )  # fmt: skip
    make_order(shop, external_id="late", ship_by=NOON_ZERO - timedelta(days=1))
    client = signed_in(bob)
    [complaint] = rows(client, "/s/plum/complaints.csv")
    assert (complaint["投诉编号"], complaint["内容"]) == ("k1", f"'{NASTY}")
    late = rows(client, "/s/plum/orders.csv?show=overdue")
    assert [row["订单编号"] for row in late] == ["late"]
    assert rows(client, "/s/plum/orders.csv?show=overdue&channel=live") == []
    assert rows(client, "/s/plum/orders/parcels.csv") == []
    assert rows(client, "/s/plum/orders/delay-reports.csv") == []


def test_a_fix_is_recorded_once_over_the_api(signed_in: SignedIn, bob: User, shop: Shop) -> None:
    OrderLine.objects.create(
        shop=shop, order_ref="o1", line_no=1, product_ref="p1", as_of=NOON_ZERO
    )
    client, path = signed_in(bob), "/api/v1/shops/plum/fixes/"
    body = {"action": "photos", "products": ["p1"], "started_on": "2024-02-01"}
    for _ in range(2):
        answer = client.post(
            path, body, content_type="application/json", headers={"Idempotency-Key": "once"}
        )
        assert answer.status_code == 201
    assert Fix.objects.count() == 1
    [told] = client.get(path).json()["results"]
    assert (told["action"], told["products"], told["effects"]) == ("photos", ["p1"], [])
    strange = body | {"products": ["nobody"]}
    refused = client.post(
        path, strange, content_type="application/json", headers={"Idempotency-Key": "other"}
    )
    assert refused.status_code == 400
