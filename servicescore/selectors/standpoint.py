"""Reads where a shop stands among its peers on a date, from stored receipts alone."""

from datetime import date
from typing import Any

from servicescore.calc.standpoint import Standpoint, standpoint
from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors.scores import ScoreView

READ = ("shop_id", "industry", "total", "signed_orders", "dimensions", "metrics")


def standpoint_of(view: ScoreView) -> Standpoint:
    """The shop of a score and the others it was ranked among. Two queries."""
    rule_set = view.rule_set.id
    industry = ScoreRevision.objects.values_list("industry", flat=True).get(
        shop=view.shop_id, date=view.date, rule_set=rule_set, revision=view.revision
    )
    found = ranked_together(day=view.date, rule_set=rule_set, industry=industry, run_id=view.run_id)
    return standpoint(
        found[view.shop_id],
        [one for shop, one in found.items() if shop != view.shop_id],
        compiled_score_rules(rule_set),
        industry,
    )


def ranked_together(
    *, day: date, rule_set: str, industry: str, run_id: int
) -> dict[int, dict[str, Any]]:
    """The results of an industry as a run left them, by shop: the newest revision up to it."""
    rows = ScoreRevision.objects.filter(date=day, rule_set=rule_set, run__lte=run_id)
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id").values("pk")
    found = ScoreRevision.objects.filter(pk__in=newest, industry=industry).order_by("shop_id")
    return {row["shop_id"]: row for row in found.values(*READ)}
