"""Writes what was judged: records, the touches of their days, and what follows from them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Field, Model

from stores.calc.cells import MISSING, Values, days_of, known
from stores.kinds._declare import Change, Columns, Kind, Mask
from stores.models import Order
from stores.services.imports.judging import Judged, Side
from stores.services.imports.storing import insert, look_up, stored_field, update

# More than any day number, and few enough for shop and day to share an integer.
DAYS_APART = 1 << 22
# Pairs of shop and day, each as shop × DAYS_APART + day: sorting and joining those is many times
# quicker than pairs.
Days = Values
NO_DAYS: Days = np.empty(0, dtype=np.int64)

TOUCH = """
    INSERT INTO stores_touch (shop_id, day, batch_id, created_at)
    SELECT shop, day, %s, clock_timestamp()
    FROM (
        SELECT k.shop, DATE '1970-01-01' + k.number AS day
        FROM unnest(string_to_array(%s, ',')::bigint[], string_to_array(%s, ',')::int[])
            AS k(shop, number)
        EXCEPT
        SELECT shop_id, day FROM stores_touch WHERE batch_id = %s AND consumed_by_id IS NULL
    ) AS fresh"""

# What binary COPY expects before the text of a jsonb.
JSONB_VERSION = "\x01"


def write(
    judged: Judged,
    kind: Kind,
    *,
    as_of: datetime,
    now: datetime,
    batch_id: int,
    user_id: int | None,
) -> None:
    """Write a judged chunk in the caller's transaction, which holds the lock of its shops."""
    changes = []
    days: list[Days] = []
    for side in judged.sides:
        change = _change(side, as_of, now, user_id)
        _write_side(side, change, now)
        changes.append(change)
        days += [_own_days(change, change.touched), _days_of_orders(change)]
    if judged.head is not None and not changes[0].touched.all():
        days.append(_own_days(changes[0], _among(changes[0], _named(changes[1], "order_ref"))))
    _touch(_together(days), batch_id)
    for change in changes:
        for follow_up in kind.follow_ups:
            follow_up(change)


def _change(side: Side, as_of: datetime, now: datetime, user_id: int | None) -> Change:
    decided = side.decided
    places = side.winner[decided]
    keys = {name: values[decided] for name, values in side.keys.items()}
    was, now_is = side.evaluated.before, side.evaluated.after
    before = {name: values[places] for name, values in was.items()}
    # What no row spoke of stays the same array, so that it need not be compared again.
    after = {
        name: before[name] if values is was[name] else values[places]
        for name, values in now_is.items()
    }
    created = side.created()
    return Change(
        target=side.target,
        shops=side.shops[decided],
        keys=keys,
        before=keys | before,
        after=keys | after,
        created=created,
        touched=created | side.changed(),
        as_of=as_of,
        now=now,
        user_id=user_id,
    )


def _write_side(side: Side, change: Change, now: datetime) -> None:
    """Insert the new records and overwrite the changed ones."""
    as_of = int(change.as_of.timestamp())
    created = change.created
    if created.any():
        columns = {name: values[created] for name, values in change.after.items()}
        count = int(created.sum())
        if side.target.scoped:
            columns["shop_id"] = change.shops[created]
        columns["as_of"] = np.full(count, as_of, dtype=np.int64)
        insert(side.target.model, columns | _constants(side.target.model, columns, count, now))
    changed = change.touched & ~created
    if changed.any():
        ids = side.stored.ids[side.decided][changed]
        was = side.stored.as_of[side.decided][changed]
        columns = {
            name: values[changed]
            for name, values in change.after.items()
            if values is not change.before[name]
            and bool((values[changed] != change.before[name][changed]).any())
        }
        columns["as_of"] = np.maximum(was, as_of)
        update(side.target.model, ids, columns)


def _constants(model: type[Model], given: Columns, count: int, now: datetime) -> Columns:
    """The fields of new rows that no file fills."""
    columns: Columns = {}
    for field in model._meta.concrete_fields:
        if field.attname in given or field.primary_key:
            continue
        value = _plain(now if getattr(field, "auto_now_add", False) else _default(field))
        numeric = stored_field(model, field.attname).numeric
        columns[field.attname] = np.full(count, value, dtype=np.int64 if numeric else object)
    return columns


def _default(field: "Field[Any, Any]") -> Any:
    return field.get_default()


def _plain(value: Any) -> Any:
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, list | dict):
        return JSONB_VERSION + json.dumps(value)
    return int(value) if isinstance(value, bool) else value


def _own_days(change: Change, which: Mask) -> Days:
    """The days of a record's own times, before and after."""
    shops = change.shops[which]
    return _together(
        _pairs(shops, days_of(values[name][which]))
        for name in change.target.own_days
        for values in (change.before, change.after)
    )


def _days_of_orders(change: Change) -> Days:
    """The days of the orders that changed records belong to, before and after."""
    if not change.target.order_days or not change.touched.any():
        return NO_DAYS
    named = sorted(_named(change, "order_ref"))
    keys = {
        "shop_id": np.array([shop for shop, _ in named], dtype=np.int64),
        "external_id": np.array([ref for _, ref in named], dtype=object),
    }
    at, found = look_up(Order, keys, change.target.order_days)
    return _together(_pairs(keys["shop_id"][at], days_of(values)) for values in found.values())


def _named(change: Change, field: str) -> set[tuple[int, str]]:
    """Every (shop, id) a reference of the changed records holds or held."""
    shops = change.shops[change.touched].tolist()
    found: set[tuple[int, str]] = set()
    for side in (change.before, change.after):
        found.update(zip(shops, side[field][change.touched].tolist(), strict=True))
    return {(shop, ref) for shop, ref in found if ref}


def _among(change: Change, orders: set[tuple[int, str]]) -> Mask:
    """Which records are one of some orders."""
    keys = zip(change.shops.tolist(), change.keys["external_id"].tolist(), strict=True)
    return np.fromiter((key in orders for key in keys), np.bool_, len(change.shops))


def _pairs(shops: Values, days: Values) -> Days:
    there = known(days)
    return shops[there] * DAYS_APART + days[there]


def _together(some: Iterable[Days]) -> Days:
    """Each pair once, in order."""
    return np.unique(np.concatenate([NO_DAYS, *some]))


def _touch(days: Days, batch_id: int) -> None:
    """Append touches, one for a day and batch as long as no run has taken it.

    A run takes touches under the lock of the shop, which this transaction holds, so an open touch
    stays open until the change it stands for is committed.
    """
    if not len(days):
        return
    # As texts: a driver turns a list of dates into an array one by one, which costs more than all.
    shops, numbers = (",".join(map(str, part.tolist())) for part in divmod(days, DAYS_APART))
    with connection.cursor() as cursor:
        cursor.execute(TOUCH, [batch_id, shops, numbers, batch_id])
