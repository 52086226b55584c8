"""What was said of the returns of each finding, in the words it was said."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from aftersales.calc.keywords import excerpt, keywords, marked
from aftersales.models import FindingSet
from aftersales.selectors.root_cause import MOST_WORDS, NOTES, Pieces
from aftersales.templates_data import keyword_rules
from shopguard.lib import formats
from shopguard.lib.keeping import kept_for
from stores.models import Shop
from stores.models.facts import LOW_RATING

KEPT_SECONDS = 10 * 60
QUOTED, MOST_CHARS = 2, 40
# Of a finding the newest lines are looked at, and so many texts read for what they speak of.
MOST_LINES, MOST_TEXTS = 200, 40
# Low reviews of the goods first, then what was noted of the cases; the newest first.
SAID = f"""
    WITH line AS MATERIALIZED (
        SELECT f.rank, l.order_ref, l.line_no, l.product_ref
        FROM aftersales_findingrow f
        CROSS JOIN LATERAL (
            SELECT key FROM unnest(f.lines) key ORDER BY key DESC LIMIT {MOST_LINES}) k
        JOIN stores_orderline l ON l.id = k.key AND l.shop_id = f.shop_id
        WHERE f.shop_id = %(shop)s AND f.found_id = %(found)s),
    told AS (
        SELECT n.rank, r.rating, r.text, r.created_at AS at
        FROM line n JOIN stores_review r ON r.shop_id = %(shop)s AND r.order_ref = n.order_ref
         AND r.product_ref IN ('', n.product_ref)
        WHERE r.rating <= {LOW_RATING} AND r.text <> ''
        UNION
        SELECT n.rank, NULL, e.note, e.at
        FROM line n
        JOIN aftersales_aftersalecase c ON c.shop_id = %(shop)s AND c.order_ref = n.order_ref
         AND (c.line_no IS NULL OR c.line_no = n.line_no)
        JOIN aftersales_caseevent e ON e.shop_id = %(shop)s AND e.case_ref = c.external_id
        WHERE e.name = ANY(%(notes)s::text[]) AND e.note <> '')
    SELECT rank, rating, text, at FROM (
        SELECT *, row_number() OVER (
            PARTITION BY rank ORDER BY rating IS NULL, at DESC, text COLLATE "C") AS place
        FROM told) numbered
    WHERE place <= {MOST_TEXTS} ORDER BY rank, place"""


@dataclass(frozen=True)
class Said:
    """A text; ``stars`` of a review, None of a note."""

    stars: int | None
    text: str
    at: datetime


@dataclass(frozen=True)
class FindingQuote:
    """The telling part of a text with its keywords marked."""

    pieces: Pieces
    stars: int | None
    at: datetime

    @property
    def told(self) -> str:
        """Where it is from."""
        return _("处理记录") if self.stars is None else formats.stars(self.stars)


def finding_quotes(*, shop: Shop, found: FindingSet) -> dict[int, list[FindingQuote]]:
    """At most two quotes of each finding of a search, by rank. One query, kept for minutes."""
    key = f"finding-quotes:{found.pk}:{found.computed_at.timestamp()}"
    return kept_for(KEPT_SECONDS, key, lambda: _read(shop, found))


def _read(shop: Shop, found: FindingSet) -> dict[int, list[FindingQuote]]:
    by_rank: dict[int, list[Said]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"shop": shop.pk, "found": found.pk, "notes": list(NOTES)})
        for rank, *said in cursor.fetchall():
            by_rank[rank].append(Said(*said))
    return {rank: _chosen(said) for rank, said in by_rank.items()}


def _chosen(said: Sequence[Said]) -> list[FindingQuote]:
    """Reviews before notes, the lowest first, then by how much many speak of; no text twice."""
    words = [word for word, _n in keywords([one.text for one in said], keyword_rules(), MOST_WORDS)]

    def order(one: Said) -> tuple[bool, int, int]:
        return one.stars is None, one.stars or 0, -sum(word in one.text for word in words)

    newest: dict[str, Said] = {}
    for one in said:
        newest.setdefault(one.text, one)
    return [
        FindingQuote(marked(excerpt(one.text, words, MOST_CHARS), words), one.stars, one.at)
        for one in sorted(newest.values(), key=order)[:QUOTED]
    ]
