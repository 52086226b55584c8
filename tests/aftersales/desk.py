"""A desk full of cases and of what stands round them, by chance."""

from datetime import timedelta
from random import Random
from typing import Any

from aftersales.models import (
    AfterSaleCase,
    AssistantRule,
    CaseView,
    GuaranteeTerm,
    ReplyTemplate,
    ShopChoice,
)
from aftersales.selectors.case_goods import GUARANTEE, SERVICES
from stores.models import (
    Complaint,
    DelayReport,
    Order,
    OrderLine,
    Parcel,
    Product,
    Review,
    Shop,
    User,
)
from tests.conftest import NOON_ZERO

NUMBERS = range(24)
PRODUCTS = ("p1", "p2", "p3")
CATEGORIES = ("shirts", "socks")
KINDS = ("refund_unshipped", "return_refund", "exchange")
HOUR = timedelta(hours=1)


def lay_desk(shop: Shop, user: User, random: Random) -> None:
    """Everything bears the same ids in every shop, and is there or not and is told by chance."""
    known: dict[str, Any] = {"shop": shop, "as_of": NOON_ZERO}
    for ref in PRODUCTS:
        Product.objects.create(
            **known, external_id=ref, title=_word(random), category=random.choice(CATEGORIES)
        )
    shift = random.randrange(len(NUMBERS))
    for number in NUMBERS:
        if random.random() < 0.8:
            _order(known, f"o{number}", f"c{(number + shift) % len(NUMBERS)}", random)
    _chosen(shop, user, random)


def _order(known: dict[str, Any], ref: str, case_ref: str, random: Random) -> None:
    """An order and what followed; each of it is missing now and then."""
    hours = random.randrange(1, 300)
    is_sent = random.random() < 0.6
    Order.objects.create(
        **known, external_id=ref, placed_at=NOON_ZERO - 400 * HOUR, paid_at=NOON_ZERO - 400 * HOUR,
        signed_at=NOON_ZERO - hours * HOUR if is_sent else None, order_paid=random.randrange(9000),
        shipped_at=NOON_ZERO - 350 * HOUR if is_sent else None, logistics_mode="express",
        ship_by=NOON_ZERO + random.randrange(-40, 60) * HOUR, buyer_ref=random.choice("wxyz"),
    )  # fmt: skip
    for line in range(1, random.randint(2, 4)):
        OrderLine.objects.create(
            **known, order_ref=ref, line_no=line, quantity=1, product_ref=random.choice(PRODUCTS),
            sku=random.choice("st"), line_paid=random.randrange(9000),
        )  # fmt: skip
    told = known | {"external_id": ref, "order_ref": ref}
    if random.random() < 0.6:
        applied, is_over = NOON_ZERO - (hours - 1) * HOUR / 2, random.random() < 0.5
        AfterSaleCase.objects.create(
            **told | {"external_id": case_ref}, line_no=random.choice([None, 1, 2]),
            kind=random.choice(KINDS),
            reason=random.choice(["质量问题", "不想要"]), applied_at=applied, state_since=applied,
            outcome="completed" if is_over else "open", closed_at=NOON_ZERO if is_over else None,
            state="completed" if is_over else "review", requested=random.randrange(9000),
            due_at=NOON_ZERO + random.randrange(48) * HOUR,
        )  # fmt: skip
    if random.random() < 0.5:
        Review.objects.create(
            **told, product_ref=random.choice(PRODUCTS), rating=random.randint(1, 5),
            created_at=NOON_ZERO - hours * HOUR, text=_word(random),
            replied_at=random.choice([None, NOON_ZERO]),
        )  # fmt: skip
    if random.random() < 0.4:
        Complaint.objects.create(
            **told, opened_at=NOON_ZERO - hours * HOUR, text=_word(random),
            outcome=random.choice(["open", "settled"]),
        )  # fmt: skip
    if random.random() < 0.5:
        DelayReport.objects.create(**told, cause=_word(random), filed_at=NOON_ZERO - hours * HOUR)
    Parcel.objects.create(
        **told, status=random.choice(["in_transit", "out_for_delivery", "signed"]),
        last_event_at=NOON_ZERO - hours * HOUR, courier=random.choice("jk"),
    )  # fmt: skip


def _chosen(shop: Shop, user: User, random: Random) -> None:
    """What the shop and its people have chosen."""
    days = {"exclude_non_working_days": random.random() < 0.5}
    fast = {"fast_refund": True, "fast_most": random.randrange(9000), "assistant": True}
    for name, value in ((GUARANTEE, days), (SERVICES, fast)):
        ShopChoice.objects.create(shop=shop, name=name, value=value, version=random.randrange(99))
    AssistantRule.objects.create(
        shop=shop, name=_word(random), kinds=list(KINDS[1:]), most=random.randrange(9000)
    )
    for category in CATEGORIES:
        GuaranteeTerm.objects.create(shop=shop, category=category, days=random.randrange(1, 30))
    for key in ("sorry", "thanks"):
        ReplyTemplate.objects.create(
            shop=shop, key=key, group="review", title=_word(random), text=_word(random)
        )
    CaseView.objects.create(shop=shop, user=user, name="mine", query=_word(random))


def _word(random: Random) -> str:
    return "".join(random.choices("短袖衬衫起球掉色开线", k=5))
