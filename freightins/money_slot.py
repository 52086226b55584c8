"""Tells after-sales what cover cost and paid: fills the slot ``aftersales`` offers."""

from datetime import date, timedelta

from django.db.models import Sum

from aftersales.money_slot import InsuranceMoney, fill_money_slot
from freightins.models import Claim, Cover, Enrolment
from shopguard.lib.days import day_start
from stores.models import Shop


def money(shop: Shop, first: date, last: date) -> InsuranceMoney | None:
    """Fees by the day cover began, payouts by the day they were paid; None without an enrolment."""
    if not Enrolment.objects.for_shop(shop).exists():
        return None
    since, until = day_start(first), day_start(last + timedelta(days=1))
    covers = Cover.objects.for_shop(shop).filter(reason="", from_at__gte=since, from_at__lt=until)
    claims = Claim.objects.for_shop(shop).filter(paid_at__gte=since, paid_at__lt=until)
    fees = covers.aggregate(fen=Sum("fee"))["fen"] or 0
    return InsuranceMoney(fees, claims.aggregate(fen=Sum("amount"))["fen"] or 0)


def fill() -> None:
    """Fill the slot."""
    fill_money_slot(money)
