"""Puts canonical rows into the records, as an import would leave them, without reading a file.

Rows are dictionaries of texts under the column names of the canonical files. The importers have
tests of their own; these loaders let a test of the score say facts in a line each.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from aftersales.models import AfterSaleCase
from shopguard.lib.days import SHANGHAI, day_number
from stores.calc.cells import MISSING, Values
from stores.calc.deadlines import ship_deadlines
from stores.models import Complaint, Consultation, Exclusion, Order, Review, Run, Shop, Touch
from stores.rules import shipping_book
from tests.factories import START
from tests.score.reference_events import Files, Out, Row, exclusions_of

ANCHOR_DAYS = """
    SELECT DISTINCT shop_id, (at AT TIME ZONE 'Asia/Shanghai')::date FROM (
        SELECT shop_id, signed_at FROM stores_order
        UNION ALL SELECT shop_id, ship_by FROM stores_order
        UNION ALL SELECT shop_id, closed_at FROM aftersales_aftersalecase
        UNION ALL SELECT shop_id, started_at FROM stores_consultation
    ) AS anchors(shop_id, at) WHERE at IS NOT NULL"""


def land(files: Files, exclusions: Sequence[Out] = ()) -> dict[str, Shop]:
    """Create every record of the files, the exclusions and the touches; returns shops by id."""
    shops = {
        row["shop_id"]: Shop.objects.create(
            external_id=row["shop_id"], name=row["shop_id"], industry=row["industry"], as_of=START
        )
        for row in files["shops"]
    }
    first_lines: dict[tuple[str, str], Row] = {}
    for row in files.get("orders", []):
        first_lines.setdefault((row["shop_id"], row["order_id"]), row)
    Order.objects.bulk_create(orders_of(list(first_lines.values()), shops))
    made = {
        "reviews": (Review, review_fields),
        "aftersales": (AfterSaleCase, case_fields),
        "complaints": (Complaint, complaint_fields),
        "consultations": (Consultation, consultation_fields),
    }
    for kind, (model, fields) in made.items():
        rows = [
            model(shop=shops[row["shop_id"]], as_of=START, **fields(row))
            for row in files.get(kind, [])
        ]
        model.objects.bulk_create(rows)
    exclusions_grant(exclusions_of(files) | set(exclusions), shops)
    touch_anchor_days()
    return shops


def touch_anchor_days() -> None:
    """A touch for every day a fact is anchored to."""
    with connection.cursor() as cursor:
        cursor.execute(ANCHOR_DAYS)
        pairs = cursor.fetchall()
    Touch.objects.bulk_create(Touch(shop_id=shop, day=day) for shop, day in pairs)


def exclusions_grant(outs: set[Out], shops: Mapping[str, Shop]) -> None:
    """Write an exclusion record for every (shop, kind, id, metric)."""
    Exclusion.objects.bulk_create(
        Exclusion(
            shop=shops[shop],
            kind=kind,
            external_id=record,
            metrics=[metric],
            source=f"test:{metric}",
            reason="test",
            granted_at=START,
        )
        for shop, kind, record, metric in sorted(outs)
    )


def orders_of(rows: Sequence[Row], shops: Mapping[str, Shop]) -> list[Order]:
    """Orders from their first lines, with the deadline an importer derives."""
    deadlines = deadlines_of(rows)
    return [
        Order(
            shop=shops[row["shop_id"]],
            external_id=row["order_id"],
            as_of=START,
            ship_by=None if deadline == MISSING else datetime.fromtimestamp(deadline, SHANGHAI),
            is_cod=flag(row.get("is_cod")),
            trade_mode=row.get("trade_mode") or "domestic",
            logistics_mode=row.get("logistics_mode") or "express",
            **times(row, "placed_at", "paid_at", "shipped_at", "collected_at"),
            **times(row, "signed_at", "cancelled_at"),
        )
        for row, deadline in zip(rows, deadlines.tolist(), strict=True)
    ]


def deadlines_of(rows: Sequence[Row]) -> Values:
    """Epoch seconds of the ship deadlines of canonical order rows."""

    def seconds(name: str) -> Values:
        return integers([epoch(row.get(name)) for row in rows])

    dates = [row.get("presale_ship_by") or "" for row in rows]
    return ship_deadlines(
        shipping_book(),
        {
            "placed_at": seconds("placed_at"),
            "paid_at": seconds("paid_at"),
            "promised_ship_at": seconds("promised_ship_at"),
            "is_cod": integers([int(flag(row.get("is_cod"))) for row in rows]),
            "presale_ship_by": integers(
                [day_number(date.fromisoformat(text)) if text else MISSING for text in dates]
            ),
            "presale_days": integers([int(row.get("presale_days") or MISSING) for row in rows]),
            "presale_mode": np.array([row.get("presale_mode") or "none" for row in rows], object),
            "trade_mode": np.array([row.get("trade_mode") or "domestic" for row in rows], object),
        },
    )


def review_fields(row: Row) -> dict[str, Any]:
    """Fields of a review."""
    return {
        "external_id": row["review_id"],
        "order_ref": row["order_id"],
        "rating": int(row["rating"]),
        "created_at": instant(row.get("created_at")) or START,
    }


def case_fields(row: Row) -> dict[str, Any]:
    """Fields of an after-sales case."""
    waiting = row.get("waiting_buyer_seconds")
    return {
        "external_id": row["case_id"],
        "order_ref": row["order_id"],
        "kind": row["kind"],
        "reason": row.get("reason", ""),
        "outcome": row.get("outcome") or "open",
        "waiting_buyer_seconds": int(waiting) if waiting else None,
        **times(row, "applied_at", "closed_at"),
    }


def complaint_fields(row: Row) -> dict[str, Any]:
    """Fields of a complaint."""
    return {
        "external_id": row["complaint_id"],
        "order_ref": row["order_id"],
        "outcome": row.get("outcome") or "open",
        "excluded_reason": row.get("excluded_reason", ""),
        "opened_at": instant(row.get("opened_at")) or START,
    }


def consultation_fields(row: Row) -> dict[str, Any]:
    """Fields of a consultation."""
    names = ("queue_seconds", "first_reply_seconds", "longest_gap_seconds")
    return {
        "external_id": row["consultation_id"],
        "started_by": row["started_by"],
        **times(row, "started_at"),
        **{name: int(row[name]) if row.get(name) else None for name in names},
    }


def times(row: Row, *names: str) -> dict[str, datetime | None]:
    """The named columns as instants."""
    return {name: instant(row.get(name)) for name in names}


def instant(text: str | None) -> datetime | None:
    """A Shanghai time as written in a file."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None


def epoch(text: str | None) -> int:
    """Epoch seconds of a Shanghai time, MISSING when empty."""
    at = instant(text)
    return int(at.timestamp()) if at else MISSING


def flag(text: str | None) -> bool:
    """Whether a flag is set."""
    return text in ("1", "yes")


def integers(values: list[int]) -> Values:
    """A column of integers."""
    return np.array(values, dtype=np.int64)


def make_run(day: date, rule_set: str = "service-score-2022", *, finished: bool = True) -> Run:
    """A run of a day that has ended, so that what it computes may be seen."""
    earlier = Run.objects.filter(day=day, rule_set=rule_set).count()
    return Run.objects.create(
        day=day,
        rule_set=rule_set,
        rule_hash="",
        sequence=earlier + 1,
        trigger=Run.Trigger.RECOMPUTE,
        finished_at=timezone.now() if finished else None,
    )
