"""The penalty log as it stands, and what it should say by the records."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from shopguard.lib.days import shanghai_day
from stores.calc.standing import standing_on
from stores.models import Appeal, PenaltyLogRow, Shop, Violation
from stores.selectors.conduct import cases_of, ladders_on, weight_of

Content = dict[str, Any]


def case_key(external_id: str) -> str:
    """The key of the lines about a violation."""
    return f"case:{external_id}"


def shops_concerned(shop_ids: Collection[int]) -> set[int]:
    """Those of the shops that have a violation or a line in the log."""
    found: set[int] = set()
    for model in (Violation, PenaltyLogRow):
        rows = model.objects.filter(shop__in=shop_ids)
        found.update(rows.order_by().values_list("shop_id", flat=True).distinct())
    return found


def effects_due(shop: Shop, *, today: date) -> dict[str, Content]:
    """What holds by the records now, by key: cases, appeals, penalties that cases began.

    It follows from the records alone, in whatever order they came.
    """
    violations = list(Violation.objects.for_shop(shop).order_by("external_id"))
    due = {case_key(row.external_id): _case(row) for row in violations}
    for appeal in _appeals(shop):
        due[f"appeal:{appeal.violation_ref}:{appeal.attempt}"] = _appeal(appeal)
    tomorrow = today + timedelta(days=1)
    for penalty in standing_on(tomorrow, cases_of(violations), ladders_on(today)).penalties:
        due[f"penalty:{penalty.case_id}:{penalty.node.id}"] = {
            "node": penalty.node.id,
            "first": penalty.first.isoformat(),
            "last": penalty.last.isoformat() if penalty.last else None,
            "sanctions": list(penalty.node.sanctions),
        }
    return due


def effects_logged(shop_ids: Collection[int]) -> dict[int, dict[str, Content]]:
    """What the log says holds: the newest line of each key, taken back ones left out."""
    found: dict[int, dict[str, Content]] = {}
    rows = PenaltyLogRow.objects.filter(shop__in=shop_ids).order_by("shop_id", "key", "-id")
    for row in rows.distinct("shop_id", "key"):
        if row.content:
            found.setdefault(row.shop_id, {})[row.key] = row.content
    return found


def penalties_logged(shop_ids: Collection[int], *, day: date) -> dict[int, list[Content]]:
    """What the log says runs in each of the shops on a day; shops without a penalty are absent."""
    found: dict[int, list[Content]] = {}
    today = day.isoformat()
    rows = PenaltyLogRow.objects.filter(shop__in=shop_ids, key__startswith="penalty:")
    newest = rows.order_by("shop_id", "key", "-id").distinct("shop_id", "key")
    for shop, content in newest.values_list("shop_id", "content"):
        if content and content["first"] <= today <= (content["last"] or today):
            found.setdefault(shop, []).append(content)
    return found


def lines_of(shop: Shop, external_id: str) -> list[PenaltyLogRow]:
    """Every line about a violation, its appeals and its penalties, in the order written."""
    keys = [case_key(external_id)]
    rows = PenaltyLogRow.objects.filter(shop=shop)
    about = rows.filter(key__in=keys) | rows.filter(key__startswith=f"appeal:{external_id}:")
    about |= rows.filter(key__startswith=f"penalty:{external_id}:")
    return list(about.order_by("id"))


def last_lines(count: int) -> list[PenaltyLogRow]:
    """The end of the chain over all shops, the newest last."""
    return list(PenaltyLogRow.objects.order_by("-pk")[:count])[::-1]


def _case(row: Violation) -> Content:
    kind, points = weight_of(row)
    return {
        "clause": row.clause,
        "kind": kind,
        "points": points,
        "state": row.state,
        "occurred": _written(row.occurred_at),
        "notified": _written(row.notified_at),
        "executed": _written(row.executed_at),
        "counterfeit": row.is_counterfeit,
        "day": shanghai_day(row.occurred_at).isoformat(),
    }


def _appeals(shop: Shop) -> QuerySet[Appeal, Any]:
    """Every appeal with ``digests``, those of its papers, sorted."""
    papers = ArrayAgg(
        "papers__digest", filter=Q(papers__isnull=False), order_by="papers__digest", default=[]
    )
    rows = Appeal.objects.for_shop(shop).annotate(digests=papers)
    return rows.order_by("violation_ref", "attempt")


def _appeal(row: Any) -> Content:
    told = {
        "attempt": row.attempt,
        "state": row.state,
        "filed": _written(row.filed_at),
        "decided": _written(row.decided_at),
    }
    return told | ({"papers": row.digests} if row.digests else {})


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
