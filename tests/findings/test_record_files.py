"""Reviews, complaints and orders come as files with exactly the rows on screen."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client

from stores.models import Complaint, Review, Shop, User
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
