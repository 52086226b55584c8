"""The deposit, and the opening of a shop with its first product."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shopguard.lib.days import shanghai_day
from stores.calc.onboarding import DEPOSIT, MOVES, OPEN
from stores.kinds.shops import create_categories
from stores.models import (
    Application,
    ApplicationEvent,
    DepositEntry,
    Membership,
    Product,
    Role,
    Shop,
    User,
)
from stores.services.audit import audit_record
from stores.services.notices import notice_put
from stores.services.onboarding import ApplicationRefusedError

KEY_DIGITS = 8
# Shop numbers are worked out from the application, in a space of our own.
SHOP_NUMBERS = UUID("6f1a2c58-3f0b-4f0e-9d3e-8a7b5c2d1e90")


@dataclass(frozen=True)
class FirstProduct:
    """What the shop opens with; ``price`` is in fen."""

    title: str
    price: int


@transaction.atomic
def deposit_enter(
    *, actor: User, application: Application, amount: int, note: str, now: datetime
) -> Application:
    """An admin has seen money of an approved application come in.

    Raises ApplicationRefusedError in another state, and for an amount that is none.
    """
    row = _locked(application, DEPOSIT)
    if amount <= 0:
        raise ApplicationRefusedError(_("金额要大于 0。"))
    row.deposit_paid += amount
    row.version += 1
    row.save(update_fields=["deposit_paid", "version"])
    _tell(row, actor, DEPOSIT, note, now)
    return row


@transaction.atomic
def shop_open(*, application: Application, actor: User, first: FirstProduct, now: datetime) -> Shop:
    """Open the shop of an approved application whose deposit is there, with its first product.

    Raises ApplicationRefusedError in another state, while money is missing, and without a product.
    """
    row = _locked(application, OPEN)
    if row.deposit_due is None or row.deposit_paid < row.deposit_due:
        raise ApplicationRefusedError(_("保证金还没有到账，到账后再开店。"))
    if not first.title.strip() or first.price <= 0:
        raise ApplicationRefusedError(_("填好第一个商品的名称和价格。"))
    shop = _shop_of(row, now)
    Membership.objects.create(shop=shop, user=row.applicant, role=Role.OWNER)
    if row.deposit_paid:
        DepositEntry.objects.create(
            shop=shop, amount=row.deposit_paid, at=now, note="", entered_by=actor.get_username()
        )
    Product.objects.create(
        shop=shop, external_id=f"{shop.external_id}-1", title=first.title.strip(),
        category=shop.main_category, price=first.price, as_of=now,
    )  # fmt: skip
    row.state, row.shop = MOVES[row.state][OPEN], shop
    row.version += 1
    row.save(update_fields=["state", "shop", "version"])
    _tell(row, actor, OPEN, "", now)
    return shop


def _shop_of(row: Application, now: datetime) -> Shop:
    create_categories([row.main_category])
    number = uuid5(SHOP_NUMBERS, f"{row.pk}:{row.shop_name}").hex[:KEY_DIGITS].upper()
    return Shop.objects.create(
        external_id=f"N{number}", name=row.shop_name,
        shop_type=row.shop_type, industry=row.industry, main_category=row.main_category,
        opened_on=shanghai_day(now), service_mode=row.service_mode or Shop.ServiceMode.OWN,
        contact_phone=row.contact_phone, introduction=row.brand_intro[:500], as_of=now,
    )  # fmt: skip


def _locked(application: Application, move: str) -> Application:
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("applicant")
        .get(pk=application.pk)
    )
    if move not in MOVES[row.state]:
        raise ApplicationRefusedError(_("申请现在的状态不能这样做。"))
    return row


def _tell(row: Application, actor: User, move: str, note: str, now: datetime) -> None:
    ApplicationEvent.objects.create(
        application=row, at=now, actor=actor.get_username(), move=move, note=note
    )
    payload = {"application": row.pk, "move": move}
    notice_put(kind="application", key=f"{row.pk}:{row.version}", payload=payload)
    audit_record(
        actor=actor, action=f"application.{move}", object_type="application",
        object_id=str(row.pk), shop=row.shop, reason=note,
        after={"state": row.state, "deposit_paid": row.deposit_paid, "version": row.version},
    )  # fmt: skip
