"""What is said about the records behind a metric, and the SQL its parts share.

The days are counted from frames (``servicescore/metrics``), thousands of shop-days at a time; a
page wants fifty records of one shop by an index. So the same rule stands here once more, as SQL,
and ``tests/score/test_rows.py`` holds both to each other on random markets.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

# What Python strips from a reason text, for PostgreSQL.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
EVERY = "TRUE"
PAID = "(r.paid_at IS NOT NULL OR r.is_cod)"


@dataclass(frozen=True)
class RowSource:
    """The records of a metric, as parts of one SELECT.

    ``source`` is its FROM; the record is ``r``. ``anchor`` is the instant whose Shanghai day
    counts, ``counts`` whether a record belongs to the denominator, ``out`` whether an exclusion
    keeps it out of both parts, ``excl`` how many exclusions it stands for, ``num`` what it adds
    to the numerator where it counts. ``why`` gives a code of ``servicescore.selectors.row_words``.
    ``also`` are the external ids of records behind it that may be excluded themselves.
    ``numerator_only`` and ``excluded_only`` must hold for such records anyway; they name what an
    index can find. Parameters are ``shop`` and those of :data:`RULES_OF_DAY`.
    """

    metric: str
    record: str
    source: str
    anchor: str
    order: str
    began: str
    ended: str
    began_label: str | Promise
    ended_label: str | Promise
    num: str
    why: str
    out: str
    excluded_only: str
    counts: str = "TRUE"
    universe: str = "TRUE"
    excl: str = ""
    mode: str = "''"
    detail: str = "''"
    also: str = "ARRAY[]::text[]"
    numerator_only: str = EVERY

    @property
    def exclusions(self) -> str:
        """How many exclusions a record stands for: itself where it is out, or what is declared."""
        return self.excl or "(x.counts AND x.out)::int"


def seconds(expression: str) -> str:
    """An instant in whole epoch seconds, as calculations read it."""
    return f"floor(extract(epoch FROM {expression}))::bigint"


def excluded(kind: str, metric: str, record: str = "r.external_id") -> str:
    """Whether an exclusion in force keeps a record out of a metric."""
    return f"{record} IN ({excluded_ids(kind, metric)})"


def excluded_ids(kind: str, metric: str) -> str:
    """The external ids of the records of a kind that are kept out of a metric."""
    return (
        "SELECT e.external_id FROM stores_exclusion e WHERE e.shop_id = %(shop)s"
        f" AND e.kind = '{kind}' AND e.revoked_at IS NULL AND '{metric}' = ANY(e.metrics)"
    )


# The rules of events in force on the anchor day, one row of what is compared with.
RULES_OF_DAY = """
    CROSS JOIN LATERAL (
        SELECT * FROM unnest(%(rules_since)s::timestamptz[], %(reply_opens)s::int[],
            %(reply_closes)s::int[], %(reply_limit)s::int[], %(reasons)s::text[])
            AS one(since, opens, closes, lim, reasons)
        WHERE one.since <= {anchor} ORDER BY one.since DESC LIMIT 1
    ) v"""
