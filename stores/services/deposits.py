"""What shops have to have deposited, worked out on the 2nd of each month; and who owes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Sum

from shopguard.lib.days import day_start
from stores.calc.deposit import (
    DepositRules,
    applies_from,
    deposit_due,
    deposit_rules,
    month_computed,
    payable_until,
)
from stores.models import DepositDue, DepositEntry, Order, Shop
from stores.rules import deposit_book
from stores.services.notices import notice_put


def deposits_compute(*, shop_ids: Sequence[int], today: date) -> int:
    """Work out this month's deposit of shops that lack it, and have owners of those that owe told.

    Must run inside the caller's transaction. Returns how many were worked out; before the 2nd, and
    a second time, none.
    """
    rules_set = deposit_book().in_force(today)
    rules = deposit_rules(rules_set)
    month = month_computed(rules, today)
    if month is None:
        return 0
    there = DepositDue.objects.filter(shop__in=shop_ids, month=month).values("shop")
    shops = list(Shop.objects.filter(pk__in=shop_ids).exclude(pk__in=there).order_by("pk"))
    if not shops:
        return 0
    paid = _paid([shop.pk for shop in shops], month)
    rows = [
        _due(shop, month, paid.get(shop.pk, 0), rules, (rules_set.id, rules_set.hash))
        for shop in shops
    ]
    DepositDue.objects.bulk_create(rows, ignore_conflicts=True)
    _remind(rows, month)
    return len(rows)


def _paid(shop_ids: Sequence[int], month: date) -> Mapping[int, int]:
    """What buyers paid in the month before, in fen."""
    first = (month - timedelta(days=1)).replace(day=1)
    rows = Order.objects.filter(
        shop__in=shop_ids, paid_at__gte=day_start(first), paid_at__lt=day_start(month)
    )
    return dict(rows.values("shop").annotate(sum=Sum("order_paid")).values_list("shop", "sum"))


def _due(
    shop: Shop, month: date, paid: int | None, rules: DepositRules, told: tuple[str, str]
) -> DepositDue:
    due = deposit_due(rules, shop.shop_type, [shop.industry], paid or 0)
    return DepositDue(
        shop=shop, month=month, by_category=due.by_category, floating=due.floating,
        paid_last_month=paid or 0, applies_on=applies_from(rules, month),
        payable_until=payable_until(rules, month), rule_set=told[0], rule_hash=told[1],
    )  # fmt: skip


def _remind(rows: Sequence[DepositDue], month: date) -> None:
    """Tell owners of shops whose deposit does not reach. A shop nobody ever entered a deposit of
    keeps it elsewhere, and is not reminded.
    """
    sums = DepositEntry.objects.filter(shop__in=[row.shop_id for row in rows])
    balances = dict(sums.values("shop").annotate(sum=Sum("amount")).values_list("shop", "sum"))
    for row in rows:
        balance = balances.get(row.shop_id)
        short = None if balance is None else max(row.by_category, row.floating) - balance
        if short is not None and short > 0:
            notice_put(
                kind="deposit_short", key=f"{row.shop_id}:{month.isoformat()}",
                payload={"shop": row.shop_id, "month": month.isoformat(), "short": short},
            )  # fmt: skip
