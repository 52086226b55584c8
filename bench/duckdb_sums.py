"""The weighted sums of all eight metrics of the window from the canonical files, by DuckDB alone.

Runs in an environment of its own (`bench/reference.py`), which holds DuckDB and nothing else:
`python duckdb_sums.py FOLDER SCORE_DAY`. Prints its seconds, start-up left out. It is what a
column store needs for the sums; it validates nothing, keeps nothing and scores nothing.
"""

import sys
import time
from pathlib import Path

import duckdb

THREADS = 2

ORDERS = """
CREATE TEMP TABLE o AS
SELECT shop_id, order_id, signed_at, paid_at,
       0.5 ** ((DATE '{day}' - signed_at::DATE - 1) / 45.0) w,
       0.5 ** ((DATE '{day}' - (paid_at + INTERVAL 48 HOUR)::DATE - 1) / 45.0) w_due,
       shipped_at <= paid_at + INTERVAL 48 HOUR AS in_time
FROM read_csv([{orders}], header = true)
"""
SUMS = (
    """SELECT shop_id, sum(w * epoch(signed_at - paid_at)), sum(w), count(*),
              sum(w_due * in_time::INT), sum(w_due) FROM o GROUP BY shop_id""",
    """SELECT o.shop_id, sum(w * rating), sum(w), count(*)
       FROM read_csv([{reviews}], header = true) r JOIN o USING (order_id) GROUP BY o.shop_id""",
    """SELECT o.shop_id, sum(w), count(*) FROM (
         SELECT DISTINCT order_id FROM c WHERE reason = '质量问题') q
       JOIN o USING (order_id) GROUP BY o.shop_id""",
    """SELECT shop_id, kind, sum(0.5 ** ((DATE '{day}' - closed_at::DATE - 1) / 45.0)
              * epoch(closed_at - applied_at)), count(*) FROM c GROUP BY shop_id, kind""",
    """SELECT shop_id, sum(0.5 ** ((DATE '{day}' - started_at::DATE - 1) / 45.0)
              * (greatest(queue_seconds, first_reply_seconds, longest_gap_seconds) < 180)::INT),
              count(*) FROM read_csv([{consultations}], header = true)
       WHERE started_by = 'buyer' AND hour(started_at) BETWEEN 9 AND 22 GROUP BY shop_id""",
    """SELECT o.shop_id, sum(w), count(*) FROM read_csv([{complaints}], header = true) d
       JOIN o USING (order_id) GROUP BY o.shop_id""",
)


def main(folder: str, day: str) -> None:
    """Prints the seconds."""
    kinds = ("orders", "reviews", "aftersales", "consultations", "complaints")
    files = {
        kind: ", ".join(f"'{Path(folder, name)}.csv'" for name in (kind, f"new_{kind}"))
        for kind in kinds
    }
    started = time.perf_counter()
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(ORDERS.format(day=day, **files))
        connection.execute(
            f"CREATE TEMP TABLE c AS FROM read_csv([{files['aftersales']}], header = true)"
        )
        for statement in SUMS:
            connection.execute(statement.format(day=day, **files)).fetchall()
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main(*sys.argv[1:])
