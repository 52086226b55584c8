"""Reads where shops stood among their peers on a date, from stored receipts alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.ranking import Field
from servicescore.calc.receipts import benchmarks_of_receipts, sums_of_receipts
from servicescore.calc.rules import ScoreRules
from servicescore.calc.standpoint import Standpoint, field_of, field_without
from servicescore.models import ScoreRevision
from servicescore.models.scores import ScoreQuerySet
from servicescore.rules import compiled_score_rules
from servicescore.selectors.scores import ScoreView

READ = (
    "shop_id", "shop__external_id", "rule_hash", "industry", "state", "total", "signed_orders",
    "dimensions", "metrics",
)  # fmt: skip


@dataclass(frozen=True)
class Results:
    """The stored results of a date under one rule set, by shop: at least whole industries."""

    day: date
    rules: ScoreRules
    by_shop: Mapping[int, Mapping[str, Any]]

    @cached_property
    def _industries(self) -> dict[str, tuple[Field, dict[str, Benchmark]]]:
        groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for result in self.by_shop.values():
            groups[result["industry"]].append(result)
        return {
            name: (field_of(found, self.rules), benchmarks_of_receipts(found, self.rules))
            for name, found in groups.items()
        }

    def shops_of(self, industry: str) -> list[int]:
        """The shops of an industry, in the order of their ids."""
        return sorted(s for s, one in self.by_shop.items() if one["industry"] == industry)

    def benchmarks_of(self, industry: str) -> dict[str, Benchmark]:
        """The benchmark tables an industry was measured by, by stem."""
        return self._industries[industry][1]

    def stand(self, shop_id: int) -> Standpoint:
        """Where one of the shops stood."""
        own = self.by_shop[shop_id]
        field, benchmarks = self._industries[own["industry"]]
        return Standpoint(
            rules=self.rules,
            industry=own["industry"],
            sums=sums_of_receipts([own], self.rules),
            field=field_without(field, own, self.rules),
            benchmarks=benchmarks,
        )


def standpoint_of(view: ScoreView) -> Standpoint:
    """The shop of a score and the others it was ranked among. One query."""
    return results_around(view).stand(view.shop_id)


def results_around(view: ScoreView) -> Results:
    """The results of the industry of a score, as the run that computed it left them."""
    return results_around_each([view])[0]


def results_around_each(views: Sequence[ScoreView]) -> list[Results]:
    """The same for scores of different dates. One query."""
    left_by_run, industry = Q(), Q()
    for view in views:
        left_by_run |= Q(date=view.date, rule_set=view.rule_set.id, run__lte=view.run_id)
        industry |= Q(date=view.date, industry=view.industry)
    newest = ScoreRevision.objects.filter(left_by_run).order_by("date", "shop_id", "-revision")
    found = ScoreRevision.objects.filter(
        industry, pk__in=newest.distinct("date", "shop_id").values("pk")
    )
    nights: dict[date, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for row in found.order_by("shop_id").values("date", *READ):
        nights[row["date"]][row["shop_id"]] = row
    return [
        Results(view.date, compiled_score_rules(view.rule_set.id), nights[view.date])
        for view in views
    ]


def results_of(
    rows: ScoreQuerySet, day: date, rules: ScoreRules, *, industry: str | None = None
) -> Results:
    """The newest of some revisions of a date for each shop, of one industry or of all."""
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    found = ScoreRevision.objects.filter(pk__in=newest.values("pk")).order_by("shop_id")
    chosen = found.filter(industry=industry) if industry is not None else found
    return Results(day, rules, {row["shop_id"]: row for row in chosen.values(*READ)})
