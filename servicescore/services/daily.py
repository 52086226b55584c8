"""Keeps the daily statistics true: counts again exactly the days that changed."""

from collections.abc import Collection, Sequence
from datetime import date

import pandas as pd
from django.db import connection

from servicescore.models import DailyRow
from servicescore.selectors.daily import STORED_COLUMNS, days_counted, outdated_days
from servicescore.selectors.facts import spans_of
from shopguard.lib.days import number_day
from shopguard.lib.frames import rows_write
from stores.models import Shop
from stores.services.deadlines import deadlines_renew

TAKE_TOUCHES = """
    UPDATE stores_touch SET consumed_by_id = %s
    WHERE shop_id = ANY(%s) AND consumed_by_id IS NULL
    RETURNING shop_id, day"""
NOTE_TOUCHES = """
    INSERT INTO stores_touch (shop_id, day, created_at, consumed_by_id)
    SELECT shop, day, statement_timestamp(), %s
    FROM unnest(%s::bigint[], %s::date[]) AS outdated(shop, day)"""
DELETE_DAYS = """
    DELETE FROM servicescore_dailyrow d
    USING unnest(%s::bigint[], %s::date[], %s::date[]) AS span(shop, first, last)
    WHERE d.shop_id = span.shop AND d.day BETWEEN span.first AND span.last"""


def days_rebuild(*, run_id: int, shop_ids: list[int]) -> int:
    """Count the stale days of the shops again; returns how many shop-days that were.

    Stale is a day with an unconsumed touch, or whose row was counted under other rules. The run
    consumes exactly the touches it read, and leaves one of its own for every day it counted again
    because of the rules. Must run inside the caller's transaction: the shops stay
    locked until it ends, so that facts, touches and rows agree whenever an import arrives.
    """
    locked = Shop.objects.locked(shop_ids)
    deadlines_renew(shop_ids=locked)
    touched = _touches_take(run_id, locked)
    outdated = outdated_days(locked) - touched
    _touches_note(run_id, outdated)
    stale = touched | outdated
    for table in days_counted(stale):
        _rows_replace(table)
    return len(stale)


def _touches_take(run_id: int, shop_ids: list[int]) -> set[tuple[int, date]]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TOUCHES, [run_id, shop_ids])
        return set(cursor.fetchall())


def _touches_note(run_id: int, pairs: Collection[tuple[int, date]]) -> None:
    shops, days = [shop for shop, _ in pairs], [day for _, day in pairs]
    with connection.cursor() as cursor:
        cursor.execute(NOTE_TOUCHES, [run_id, shops, days])


def _rows_replace(table: pd.DataFrame) -> None:
    """Put the counted rows in the place of whatever stands for their days."""
    shops = table["shop"].tolist()
    days = [number_day(number) for number in table["day"].tolist()]
    _rows_delete(list(zip(shops, days, strict=True)))
    columns = ("events_hash", *STORED_COLUMNS)
    values = (table[name].tolist() for name in columns)
    rows = zip(shops, days, *values, strict=True)
    rows_write(DailyRow._meta.db_table, ("shop_id", "day", *columns), rows)


def _rows_delete(pairs: Sequence[tuple[int, date]]) -> None:
    spans = spans_of(pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            DELETE_DAYS,
            [
                [span.shop_id for span in spans],
                [span.first for span in spans],
                [span.last for span in spans],
            ],
        )
