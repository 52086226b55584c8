"""Claims that are overdue, claims by product and reason, and cover on the page of a case."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aftersales.models import AfterSaleCase, FindingRow, FindingSet
from freightins.models import Claim, Cover, Enrolment
from stores.duties import lines_of
from stores.models import OrderLine, Product, Shop, User
from stores.selectors.visit import Visit
from tests.conftest import SignedIn
from tests.factories import START, fill, make_order
from tests.freight.laying import finished_run

DAY = timedelta(days=1)
CLAIMS = "/s/plum/insurance/claims/"
API = "/api/v1/shops/plum/insurance/claims/"


def claim(shop: Shop, key: str, *, reason: str = "尺码偏小", **fields: object) -> Claim:
    """A claim in review on an order of the product p1, due in a day."""
    now = timezone.now()
    make_order(shop, external_id=key, placed_at=now - 20 * DAY, shipped_at=now - 19 * DAY)
    OrderLine.objects.create(shop=shop, order_ref=key, line_no=1, product_ref="p1", as_of=START)
    AfterSaleCase.objects.create(
        shop=shop, external_id=f"c-{key}", order_ref=key, kind="return_refund", reason=reason,
        applied_at=now - 5 * DAY, as_of=START,
    )  # fmt: skip
    Cover.objects.create(
        shop=shop, order_ref=key, placed_at=now - 20 * DAY, fee=170, from_at=now - 19 * DAY,
        to_at=now + 71 * DAY,
    )  # fmt: skip
    given = {"state": "in_review", "review_due_at": now + DAY, "expected": 700, "method": "self"}
    return Claim.objects.create(
        shop=shop, order_ref=key, case_ref=f"c-{key}", opened_at=now - 5 * DAY, **(given | fields)
    )


@pytest.fixture
def ops(shop: Shop, bob: User, signed_in: SignedIn) -> Client:
    """Bob's browser."""
    Product.objects.create(shop=shop, external_id="p1", title="亚麻衬衫", as_of=START)
    return signed_in(bob)


@pytest.mark.parametrize(
    ("state", "days", "is_late"),
    [
        ("in_review", -1, True),
        ("approved", -1, False),
        ("in_review", 1, False),
        ("paid", -1, False),
    ],
)
def test_a_claim_is_overdue_once_its_review_should_be_over(
    ops: Client, shop: Shop, state: str, days: int, is_late: bool
) -> None:
    claim(shop, "order-1", state=state, review_due_at=timezone.now() + days * DAY)
    assert ("order-1" in ops.get(f"{CLAIMS}?state=overdue").content.decode()) == is_late
    assert ("state-urgent" in ops.get(CLAIMS).content.decode()) == is_late
    (row,) = ops.get(API).json()["results"]
    assert row["is_overdue"] == is_late
    assert len(ops.get(f"{API}?is_overdue=true").json()["results"]) == is_late
    lines = {line.name: line.count for line in lines_of(Visit(shop, "ops", timezone.now()))}
    assert lines.get("claims_overdue", 0) == is_late


def test_claims_are_counted_by_product_and_reason_beside_their_findings(
    ops: Client, shop: Shop
) -> None:
    claim(shop, "order-1", amount=700)
    claim(shop, "order-2", amount=700)
    claim(shop, "order-3", reason="色差", amount=800)
    found = fill(FindingSet, "f", shop=shop, run=finished_run(START.date()), date=START.date())
    lines = list(OrderLine.objects.values_list("pk", flat=True))
    fill(FindingRow, "f", shop=shop, found=found, rank=7, cut=[["spec", "M"]], lines=lines)
    fill(FindingRow, "f", shop=shop, found=found, rank=8, cut=[["spec", "L"]], lines=[0, 1, 2])
    fill(FindingRow, "f", shop=shop, found=found, rank=9, cut=[["reason", "色差"]], lines=[0])
    page = ops.get(f"{CLAIMS}reasons/").content.decode().replace("\xa0", " ")
    assert "理赔最多的是「亚麻衬衫」：3 件" in page
    assert "/diagnostics/findings/7/" in page
    assert "/diagnostics/findings/8/" not in page
    assert "/diagnostics/findings/9/" in page
    answer = ops.get(f"{CLAIMS}reasons/reasons.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[1:] == ["p1,亚麻衬衫,尺码偏小,2,14.0", "p1,亚麻衬衫,色差,1,8.0"]


def test_a_claim_on_an_order_of_several_products_is_of_its_line_or_of_none(
    ops: Client, shop: Shop
) -> None:
    for key in ("order-1", "order-2"):
        claim(shop, key)
        OrderLine.objects.create(shop=shop, order_ref=key, line_no=2, product_ref="p2", as_of=START)
    AfterSaleCase.objects.filter(external_id="c-order-2").update(line_no=2)
    page = ops.get(f"{CLAIMS}reasons/").content.decode().replace("\xa0", " ")
    assert "理赔最多的是「p2」：1 件" in page
    assert "1 件没说是哪件商品" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ("有运费险", "理赔审核中")),
        ({"reason": "no_logistics"}, ("没有保障", "无物流发货")),
        (None, ("还没有判定", "发货后的当晚判定")),
    ],
)
def test_the_page_of_a_case_says_whether_its_order_is_covered(
    ops: Client, shop: Shop, fields: dict[str, str] | None, said: tuple[str, str]
) -> None:
    Enrolment.objects.create(shop=shop, opened_at=START)
    claim(shop, "order-1")
    if fields is None:
        Cover.objects.all().delete()
    else:
        Cover.objects.update(**fields)
    case = AfterSaleCase.objects.get()
    page = ops.get(f"/s/plum/aftersales/cases/{case.pk}/").content.decode()
    assert all(word in page for word in said)


def test_a_shop_that_never_opened_cover_says_nothing_of_it(ops: Client, shop: Shop) -> None:
    claim(shop, "order-1")
    Cover.objects.all().delete()
    case = AfterSaleCase.objects.get()
    page = ops.get(f"/s/plum/aftersales/cases/{case.pk}/").content.decode()
    assert "还没有判定" not in page
