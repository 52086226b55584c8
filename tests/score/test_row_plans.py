"""The rows of a shop with many orders are found by an index, whatever is asked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from servicescore.rules import compiled_score_rules
from servicescore.selectors.metric_rows import Selection, Window, rows_read
from stores.models import Shop
from tests.factories import make_shop
from tests.score.markets import DAY

ORDERS = 20_000
FILL = (
    """INSERT INTO stores_order (shop_id, external_id, as_of, placed_at, paid_at, is_cod,
        trade_mode, channel, presale_mode, shipped_at, signed_at, logistics_mode, is_promotion,
        is_fraud_risk, province, buyer_ref, ship_by)
    SELECT %(shop)s, 'o' || n, at, at, at, FALSE, 'domestic', 'normal', 'none',
        at + interval '1 day' * (1 + n %% 20 / 10.0), at + interval '3 days', 'express', FALSE,
        FALSE, '', '', at + interval '2 days'
    FROM (SELECT n, %(day)s::timestamptz - interval '540 days' * n / %(orders)s AS at
          FROM generate_series(1, %(orders)s) n) made""",
    """INSERT INTO stores_review (shop_id, external_id, as_of, order_ref, product_ref, rating, text,
        created_at)
    SELECT shop_id, 'r' || external_id, as_of, external_id, '', 5, '', signed_at
    FROM stores_order WHERE shop_id = %(shop)s AND id %% 3 = 0""",
    """INSERT INTO aftersales_aftersalecase (shop_id, external_id, as_of, order_ref, kind, reason,
        reason_code, latest_reason, applied_at, closed_at, outcome, return_method,
        return_tracking_no, told_state, state, due_is_estimated, is_extended, chases, condition,
        version)
    SELECT shop_id, 'c' || external_id, as_of, external_id, 'return_refund', '质量问题', '', '',
        signed_at, signed_at + interval '2 days', 'completed', '', '', '', 'completed', FALSE,
        FALSE, 0, '', 0
    FROM stores_order WHERE shop_id = %(shop)s AND id %% 20 = 0""",
    """INSERT INTO stores_consultation (shop_id, external_id, as_of, agent, started_at, started_by,
        first_reply_seconds, order_ref, product_ref, topic, text, last_message_by)
    SELECT shop_id, 'q' || external_id, as_of, '', placed_at, 'buyer', 30 + id %% 200, external_id,
        '', '', '', ''
    FROM stores_order WHERE shop_id = %(shop)s AND id %% 2 = 0""",
    """INSERT INTO stores_complaint (shop_id, external_id, as_of, order_ref, opened_at, outcome,
        excluded_reason, topic, text)
    SELECT shop_id, 't' || external_id, as_of, external_id, signed_at, 'upheld', '', '', ''
    FROM stores_order WHERE shop_id = %(shop)s AND id %% 200 = 0""",
    "ANALYZE stores_order, stores_review, stores_consultation, stores_complaint,"
    " aftersales_aftersalecase, stores_exclusion, stores_orderline, stores_product",
)
ASKED = (
    ("pay_to_sign_hours", "counted", ""),
    ("pay_to_sign_hours", "counted", "o77"),
    ("pay_to_sign_hours", "excluded", ""),
    ("ship_on_time_rate", "missed", ""),
    ("refund_only_hours", "counted", ""),
    ("return_refund_hours", "counted", ""),
    ("reply_3min_rate", "missed", ""),
    ("product_rating", "counted", ""),
    ("dispute_rate", "counted", ""),
    ("dispute_rate", "numerator", ""),
    ("quality_refund_rate", "numerator", ""),
)
LARGE = ("stores_order ", "stores_review", "stores_consultation", "aftersales_aftersalecase")


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
    """One of some shops, each with orders over three windows and what belongs to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        shops = [make_shop(name) for name in ("plum", "birch", "oak", "pine")]
        given = {"day": DAY - timedelta(days=4), "orders": ORDERS}
        with connection.cursor() as cursor:
            for shop in shops:
                for statement in FILL:
                    cursor.execute(statement, {**given, "shop": shop.pk})
        yield shops[0]
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(("metric", "show", "record"), ASKED)
def test_no_table_is_read_from_end_to_end(
    filled: Shop, metric: str, show: str, record: str
) -> None:
    plan = explained(filled, metric, Selection(show, record=record))
    assert not [table for table in LARGE if f"Seq Scan on {table}" in plan], plan


def explained(shop: Shop, metric: str, chosen: Selection) -> str:
    """The plan of the query behind a page of rows."""
    plans: list[str] = []

    def explain(run, sql, params, many, context):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        found = run("EXPLAIN " + sql, params, many, context)
        plans.extend(line for (line,) in context["cursor"].fetchall())
        run(sql, params, many, context)
        return found

    window = Window(DAY, compiled_score_rules("service-score-2022"))
    with connection.execute_wrapper(explain):
        assert len(rows_read(shop, metric, window, chosen, limit=25)) <= 25
    return "\n".join(plans)
