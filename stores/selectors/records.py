"""Rows of one shop, for lists that show records as they were imported."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Model, QuerySet

from stores.models import ImportBatch, OrderLine, Shop, ShopRecord


def records_of(model: type[ShopRecord], *, shop: Shop) -> QuerySet[Any]:
    """The rows of ``model`` that belong to the shop."""
    return model.objects.for_shop(shop)


def record_key(model: type[ShopRecord], *, shop: Shop, ref: str) -> int | None:
    """The key of the shop's record with an id of the platform; None where it has none."""
    return records_of(model, shop=shop).filter(external_id=ref).values_list("pk", flat=True).first()


def nothing_of(model: type[Model]) -> QuerySet[Any]:
    """No row of ``model``."""
    return model._default_manager.none()


def order_lines(*, shop: Shop, orders: Collection[str]) -> dict[str, list[OrderLine]]:
    """The lines of some orders by order id, in line order."""
    lines: dict[str, list[OrderLine]] = defaultdict(list)
    rows = records_of(OrderLine, shop=shop).filter(order_ref__in=orders)
    for line in rows.order_by("order_ref", "line_no"):
        lines[line.order_ref].append(line)
    return lines


def import_batches(*, shop: Shop) -> QuerySet[ImportBatch]:
    """The files that were imported into the shop."""
    return ImportBatch.objects.filter(shop=shop).select_related("user", "upload")


def import_batch(*, batch_id: int) -> ImportBatch | None:
    """A file that was imported, by its key."""
    return ImportBatch.objects.filter(pk=batch_id).first()


def import_problems(*, batch: ImportBatch, limit: int) -> list[dict[str, Any]]:
    """The first problems of a file, in the order of its lines."""
    found: list[dict[str, Any]] = []
    for problems in batch.chunks.order_by("number").values_list("problems", flat=True):
        found += problems[: limit - len(found)]
        if len(found) >= limit:
            break
    return found
