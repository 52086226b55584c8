"""One shop with very many orders, written inside the database: what pages are measured on.

The newest orders are of this moment, because pages of work look at what is due now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import psycopg

from bench.market import ORDERS_AT_FULL_SCALE
from bench.workbench import Database, Workbench, run
from shopguard.launcher.places import CHECKOUT
from shopguard.lib.days import shanghai_day

ORDERS = 1_000_000
ORDERS_PER_CASE = 16
DAYS = 180
SHOP = "LARGE"
PRODUCTS, BUYERS_SHARE = 300, 3
REASONS = (
    "不喜欢", "尺码不合适", "质量问题", "与描述不符", "发错货", "少件", "七天无理由", "做工粗糙",
)  # fmt: skip
PROVINCES = ("浙江省", "广东省", "江苏省", "四川省", "北京市", "山东省", "河南省", "湖北省")
# Stands for the values of columns nobody speaks about.
EMPTY = {
    "character varying": "''", "text": "''", "boolean": "false", "jsonb": "'{}'", "ARRAY": "'{}'",
    "integer": "0", "bigint": "0", "smallint": "0", "timestamp with time zone": "now()",
}  # fmt: skip


def _one_of(values: tuple[str, ...], number: str) -> str:
    return f"(array[{', '.join(repr(value) for value in values)}])[1 + ({number}) % {len(values)}]"


# Draws that are the same on every machine.
def _draw(size: int, salt: int) -> str:
    return f"abs(hashint8(i * 31 + {salt}) % {size})"


PAST = "CASE WHEN {0} < now() THEN {0} END"
ORDER_AT = "now() - (i::float / {orders}) * interval '{days} days' - interval '10 minutes'"
FIRST_PRODUCT = f"power({_draw(1000, 3)} / 1000.0, 2) * {PRODUCTS - 1}"
COMMON = {"shop_id": "{shop}", "as_of": "now()"}
Table = tuple[str, str, Mapping[str, str]]
TABLES: tuple[Table, ...] = (
    ("stores_product", f"generate_series(0, {PRODUCTS - 1}) i", {
        "external_id": "'p' || i", "title": "'商品 ' || i", "category": "'c' || i % 12",
        "price": "9900", "on_shelf": "true",
    }),
    ("stores_order", "generate_series(0, {orders} - 1) i, LATERAL (SELECT {at} AS at) t", {
        "external_id": "'o' || i", "placed_at": "at", "paid_at": "at + interval '5 minutes'",
        "trade_mode": "'domestic'", "channel": _one_of(("normal", "live", "normal"), "i"),
        "presale_mode": "'none'", "logistics_mode": "'express'",
        "is_promotion": f"{_draw(10, 1)} < 3", "province": _one_of(PROVINCES, _draw(8, 2)),
        "shipped_at": PAST.format("at + interval '1 day'"),
        "collected_at": PAST.format("at + interval '26 hours'"),
        "signed_at": PAST.format(f"at + interval '3 days' + {_draw(80, 4)} * interval '1 hour'"),
        "ship_by": "at + interval '2 days'", "order_paid": "9900", "freight": "0",
        "buyer_ref": f"'b' || {_draw(BUYERS_SHARE, 5)} * 100000 + {_draw(100_000, 6)}",
    }),
    ("stores_orderline", f"""generate_series(0, {{orders}} - 1) i,
        LATERAL (SELECT ({FIRST_PRODUCT})::int AS p) t,
        generate_series(1, CASE WHEN i % 20 = 0 THEN 2 ELSE 1 END) n""", {
        "order_ref": "'o' || i", "line_no": "n", "product_ref": f"'p' || (p + n - 1) % {PRODUCTS}",
        "sku": f"'p' || (p + n - 1) % {PRODUCTS} || '-' || i % 6",
        "spec": _one_of(("黑色/S", "黑色/M", "黑色/L", "白色/S", "白色/M", "白色/L"), "i"),
        "quantity": "1", "line_paid": f"4900 + {_draw(7, 7)} * 5000",
    }),
    ("stores_parcel", "generate_series(0, {orders} - 1) i, LATERAL (SELECT {at} AS at) t", {
        "external_id": "'t' || i", "order_ref": "'o' || i",
        "courier": _one_of(("顺丰", "中通", "圆通"), _draw(3, 8)),
        "shipped_at": "at + interval '1 day'",
        "last_event_at": "least(now(), at + interval '2 days')",
        "status": "CASE WHEN at > now() - interval '6 days' THEN 'in_transit' ELSE 'signed' END",
        "signed_at": PAST.format(f"at + interval '3 days' + {_draw(80, 4)} * interval '1 hour'"),
    }),
    ("stores_review", "generate_series(5, {orders} - 1, 3) i, LATERAL (SELECT {at} AS at) t", {
        "external_id": "'r' || i", "order_ref": "'o' || i",
        "product_ref": f"'p' || ({FIRST_PRODUCT})::int",
        "rating": f"(array[5,5,5,5,5,4,4,3,2,1])[1 + {_draw(10, 9)}]",
        "text": "'面料很好，尺码偏小'",
        "created_at": "least(now(), at + interval '7 days')",
        "replied_at": f"CASE WHEN i > 3000 AND {_draw(10, 10)} < 9 THEN at + interval '8 days' END",
    }),
    ("stores_consultation", """generate_series(0, {orders} - 1, 5) i,
        LATERAL (SELECT {at} AS at) t""", {
        "external_id": "'q' || i", "order_ref": "'o' || i", "started_at": "at",
        "started_by": "'buyer'", "first_reply_seconds": _draw(900, 11), "topic": "'尺码'",
        "product_ref": f"'p' || ({FIRST_PRODUCT})::int",
    }),
    ("stores_complaint", "generate_series(0, {orders} - 1, 250) i, LATERAL (SELECT {at} AS at) t", {
        "external_id": "'d' || i", "order_ref": "'o' || i",
        "opened_at": "least(now(), at + interval '6 days')",
        "answered_at": "CASE WHEN i > 5000 THEN at + interval '7 days' END",
        "outcome": "CASE WHEN i > 5000 THEN 'upheld' ELSE 'open' END",
    }),
    ("aftersales_aftersalecase", f"""generate_series(0, {{orders}} / {ORDERS_PER_CASE} - 1) k,
        LATERAL (SELECT k * {ORDERS_PER_CASE} + k % 5 AS n) s,
        LATERAL (SELECT CASE WHEN k % 4 = 0 THEN n - n % 3 + 1 ELSE n END AS i) t,
        LATERAL (SELECT {{at}} AS at) u,
        LATERAL (SELECT k < 900 AS is_open) v""", {
        "external_id": "'c' || k", "order_ref": "'o' || i",
        "kind": _one_of(("return_refund", "refund_shipped", "return_refund", "exchange"), "k"),
        "reason": _one_of(REASONS, _draw(8, 12)),
        "applied_at": "least(now() - interval '10 minutes',"
                      f" at + interval '4 days' + {_draw(90, 13)} * interval '1 hour')",
        "closed_at": "CASE WHEN NOT is_open THEN least(now(), at + interval '9 days') END",
        "outcome": "CASE WHEN is_open THEN 'open' ELSE 'completed' END",
        "state": "CASE WHEN is_open THEN (array['review', 'receipt', 'buyer_sends', 'refund_due'])"
                 "[1 + k % 4] ELSE 'completed' END",
        "due_at": "CASE WHEN is_open THEN now() + interval '1 hour' * (k % 70) END",
        "first_reply_at": PAST.format(
            f"at + interval '4 days' + {_draw(300, 13)} * interval '30 minutes'"
        ),
        "requested": "9900", "refunded": "9900",
    }),
    ("aftersales_caseevent", "generate_series(0, 899) k, generate_series(1, 3) n", {
        "case_ref": "'c' || k", "sequence": "n", "name": "'note'",
        "at": "now() - n * interval '1 hour'", "state_to": "'review'",
    }),
)  # fmt: skip
NIGHT = """
from datetime import UTC, date, datetime, timedelta
from django.db import transaction
from aftersales.services.findings import findings_compute
from aftersales.services.fixes import fix_record
from servicescore.rules import score_book
from stores.models import Run, Shop, State, User
shop, day = Shop.objects.get(external_id="{shop}"), date.fromisoformat("{day}")
rules = score_book().sets[-1]
run = Run.objects.create(day=day, rule_set=rules.id, rule_hash=rules.hash, state=State.DONE,
    trigger=Run.Trigger.NIGHTLY, finished_at=shop.as_of)
somebody = User.objects.create_user("night")
for number, action in enumerate(("size_chart", "photos", "packaging")):
    fix_record(actor=somebody, shop=shop, action=action, products=["p%d" % number],
        started_on=day - timedelta(days=70))
with transaction.atomic():
    findings_compute(run_id=run.pk, shop_ids=[shop.pk])
"""


def _today() -> date:
    return shanghai_day(datetime.now(UTC))


def large_shop(bench: Workbench) -> tuple[Database, int]:
    """The database with the shop, made once a day and kept, and how many orders it has."""
    orders = min(int(ORDERS_AT_FULL_SCALE * bench.scale), ORDERS)

    def make(database: Database) -> None:
        bench.migrate(database)
        write_large_shop(database, orders)

    kept = bench.kept(f"large_{_today():%m%d}", make)
    bench.forget("large", but=kept)
    return kept, orders


def write_large_shop(database: Database, orders: int) -> None:
    """Writes the shop into a database with tables, and counts its night of the day before."""
    with database.connect() as connection:
        _insert(connection, "stores_shop", "(SELECT 1) one", {
            "external_id": f"'{SHOP}'", "name": "'大店'", "industry": "'womens_clothing'",
            "as_of": "now()", "platform": "'xiaohongshu'", "service_mode": "'own'",
            "status": "'active'",
        })  # fmt: skip
        [(shop,)] = connection.execute("SELECT id FROM stores_shop").fetchall()
        at = ORDER_AT.format(orders=orders, days=DAYS)
        for table, source, columns in TABLES:
            given = COMMON if "as_of" in _columns(connection, table) else {"shop_id": "{shop}"}
            told = {
                name: text.replace("{shop}", str(shop))
                for name, text in (dict(given) | dict(columns)).items()
            }
            rows = source.replace("{at}", at).replace("{orders}", str(orders))
            _insert(connection, table, rows, told)
        connection.execute("VACUUM ANALYZE")
    day = _today() - timedelta(days=1)
    script = NIGHT.format(shop=SHOP, day=day.isoformat())
    run(str(CHECKOUT / "manage.py"), "shell", "-v0", "-c", script, DATABASE_URL=database.url)


def _columns(connection: psycopg.Connection, table: str) -> dict[str, str]:
    """Columns that must have a value and have none by themselves, with their types."""
    asked = """SELECT column_name, data_type FROM information_schema.columns
               WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
               AND is_identity = 'NO'"""
    return dict(connection.execute(asked, [table]).fetchall())


def _insert(
    connection: psycopg.Connection, table: str, source: str, columns: Mapping[str, str]
) -> None:
    """Writes rows; columns nobody speaks about are empty."""
    rest = {
        name: EMPTY[kind]
        for name, kind in _columns(connection, table).items()
        if name not in columns
    }
    told = rest | dict(columns)
    statement = f"INSERT INTO {table} ({', '.join(told)}) SELECT {', '.join(told.values())}"
    connection.execute(f"{statement} FROM {source}")  # type: ignore[arg-type]
