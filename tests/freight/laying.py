"""Puts canonical rows of orders, cases and shops into the records, every column a quote reads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from aftersales.models import AfterSaleCase
from shopguard.lib.days import SHANGHAI
from shopguard.lib.money import fen_from_yuan
from stores.models import Order, Run, Shop
from tests.factories import START, make_shop

ORDER_TIMES = ("placed_at", "paid_at", "shipped_at", "signed_at", "cancelled_at")
CASE_TIMES = ("applied_at", "closed_at", "merchant_received_at")


def instant(text: str) -> datetime | None:
    """A Shanghai time as files write it, None where it is empty."""
    if not text:
        return None
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def lay_orders(shop: Shop, rows: Sequence[Mapping[str, str]]) -> list[Order]:
    """Orders from rows of texts; ids count up where none is given."""
    orders = []
    for number, row in enumerate(rows, 1):
        times = {name: instant(row.get(name, "")) for name in ORDER_TIMES}
        times["placed_at"] = times["placed_at"] or times["paid_at"] or START
        orders.append(
            Order(
                shop=shop,
                external_id=row.get("order_id") or f"o{number}",
                as_of=START,
                is_cod=row.get("is_cod") == "yes",
                is_promotion=row.get("is_promotion") == "yes",
                is_fraud_risk=row.get("is_fraud_risk") == "yes",
                logistics_mode=row.get("logistics_mode") or "express",
                province=row.get("province", ""),
                **times,
            )
        )
    return Order.objects.bulk_create(orders)


def lay_cases(shop: Shop, rows: Sequence[Mapping[str, str]]) -> list[AfterSaleCase]:
    """After-sales cases from rows of texts."""
    cases = []
    for number, row in enumerate(rows, 1):
        times = {name: instant(row.get(name, "")) for name in CASE_TIMES}
        times["applied_at"] = times["applied_at"] or START
        refunded = row.get("refunded", "")
        cases.append(
            AfterSaleCase(
                shop=shop,
                external_id=row.get("case_id") or f"c{number}",
                order_ref=row.get("order_id") or "o1",
                kind=row.get("kind", "return_refund"),
                outcome=row.get("outcome") or "open",
                refunded=fen_from_yuan(refunded) if refunded else None,
                return_method=row.get("return_method", ""),
                as_of=START,
                **times,
            )
        )
    return AfterSaleCase.objects.bulk_create(cases)


def shop_named(external_id: str, **fields: Any) -> Shop:
    """A shop that sells clothes and opened on a Friday, as day zero is one."""
    given = {"industry": "apparel", "opened_on": date(2023, 9, 1), "return_province": "浙江"}
    return make_shop(external_id, **(given | fields))


def finished_run(day: date, rule_set: str = "service-score-2022", sequence: int = 1) -> Run:
    """A run of a day that has ended."""
    return Run.objects.create(
        day=day,
        rule_set=rule_set,
        rule_hash="",
        sequence=sequence,
        trigger=Run.Trigger.RECOMPUTE,
        finished_at=timezone.now(),
    )
