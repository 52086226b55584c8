"""Points of violations executed in some days, as the clauses in force when they happened weigh."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from freightins.calc.quotes import Conduct
from shopguard.lib.days import day_start, shanghai_day
from stores.calc.clauses import Clause, catalogue
from stores.models import Violation
from stores.rules import conduct_book


def conduct_of(shop_ids: Sequence[int], first: date, last: date) -> dict[int, Conduct]:
    """Severe and general points executed from ``first`` to ``last`` by shop; shops without any
    are absent. A case whose clause a reviewer has not weighed yet counts nothing.
    """
    rows = Violation.objects.filter(
        shop__in=shop_ids,
        state=Violation.State.EXECUTED,
        executed_at__gte=day_start(first),
        executed_at__lt=day_start(last + timedelta(days=1)),
    )
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    clauses: dict[date, dict[str, Clause]] = {}
    for row in rows:
        happened = shanghai_day(row.occurred_at)
        if happened not in clauses:
            clauses[happened] = catalogue(conduct_book(), happened)
        found[row.shop_id].append(_weight(row, clauses[happened].get(row.clause)))
    return {shop: _added(weights) for shop, weights in found.items()}


def _weight(row: Violation, clause: Clause | None) -> tuple[str, int]:
    if clause is None or clause.is_open:
        return row.kind, row.points or 0
    return clause.kind, clause.points or 0


def _added(weights: Iterable[tuple[str, int]]) -> Conduct:
    sums = {Violation.Kind.SEVERE.value: 0, Violation.Kind.GENERAL.value: 0}
    for kind, points in weights:
        if kind in sums:
            sums[kind] += points
    return Conduct(severe=sums["severe"], general=sums["general"])
