"""Programs read the sums of returns that the pages show, by the basis they ask for."""

import pytest
from django.test import Client

from aftersales.models import ReturnLoyalty
from stores.models import Shop, User
from tests.conftest import DAY_ZERO, SignedIn
from tests.pages.returns import sums_build

API = "/api/v1/shops/plum/diagnostics/"
WHERE = ("daily/", "cuts/", "money/", "week/")


@pytest.fixture
def browser(bob: User, shop: Shop, signed_in: SignedIn) -> Client:
    """Bob's, in a shop whose sums were counted."""
    sums_build(shop, DAY_ZERO)
    return signed_in(bob)


def test_days_come_by_the_basis_that_is_asked_for(browser: Client) -> None:
    told = browser.get(API + "daily/?basis=applied&of=paid&days=90&reason=latest").json()
    assert (told["basis"], told["divided_by"], told["quality_reason"]) == (
        "applied", "paid", "latest",
    )  # fmt: skip
    assert (len(told["days"]), told["days"][0]["day"]) == (90, told["last_day"])
    assert told["last_day"] == DAY_ZERO.isoformat()
    assert told["reasons"][0] == {"reason": "R1", "returns": 140}


def test_a_cut_has_its_values_and_reasons_by_product(browser: Client) -> None:
    told = browser.get(API + "cuts/?cut=sku").json()
    first, *_others, rest = told["values"]
    assert (first["value"], first["lines"], first["returns"], first["is_more"]) == (
        "101001", 400, 120, True,
    )  # fmt: skip
    assert rest["value"] == ""
    cell = told["heat"][0]["products"][0]
    assert (cell["product_id"], cell["returns"], cell["is_more"]) == ("101001", 90, True)


def test_the_cost_is_told_part_by_part(browser: Client) -> None:
    told = browser.get(API + "money/").json()
    parts = {one["part"]: one for one in told["parts"]}
    assert parts["carrier"]["amount_fen"] == 90 * 700
    assert (parts["payouts"]["is_ours"], parts["fees"]["amount_fen"]) == (False, None)
    assert told["products"][0]["product_id"] == "101001"


def test_money_is_whole_fen_and_half_a_fen_goes_up(browser: Client, shop: Shop) -> None:
    ReturnLoyalty.objects.create(
        shop=shop, date=DAY_ZERO, kept_n=200, kept_k=101, others_n=200, others_k=100, mean_fen=300
    )
    told = browser.get(API + "money/").json()
    parts = {one["part"]: one["amount_fen"] for one in told["parts"]}
    assert parts["lost_buyers"] == 251  # 167 returns by one two-hundredth of 300 fen: 250.5
    assert all(fen is None or type(fen) is int for fen in parts.values())


def test_a_week_is_told_beside_the_one_before(browser: Client) -> None:
    told = browser.get(API + "week/?last=2024-02-20").json()
    assert (told["first_day"], told["last_day"], len(told["days"])) == (
        "2024-02-14", "2024-02-20", 7,
    )  # fmt: skip
    assert told["week"]["returns"] == sum(day["returns"] for day in told["days"])


@pytest.mark.parametrize(
    "asked", ["daily/?basis=shipped", "daily/?days=7", "cuts/?cut=moon", "week/?last=20240220"]
)
def test_what_is_none_is_refused(browser: Client, asked: str) -> None:
    answer = browser.get(API + asked)
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (400, "query")


@pytest.mark.parametrize("where", WHERE)
def test_before_a_night_there_is_nothing(
    bob: User, shop: Shop, signed_in: SignedIn, where: str
) -> None:
    assert signed_in(bob).get(API + where).status_code == 404
