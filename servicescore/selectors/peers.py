"""Where the middle of an industry stands."""

from collections import defaultdict

import numpy as np

from servicescore.models import ScoreRevision
from servicescore.selectors.scores import ScoreView
from stores.models import Shop


def dimension_middles(shop: Shop, view: ScoreView) -> dict[str, float]:
    """The median score of each dimension among the shops of the industry, on the date of ``view``.

    A dimension that fewer shops have than a rank needs is left out.
    """
    newest = (
        ScoreRevision.objects.finished()
        .filter(industry=shop.industry, date=view.date, rule_set=view.rule_set.id)
        .order_by("shop_id", "-run_id", "-revision")
        .distinct("shop_id")
    )
    scores: dict[str, list[float]] = defaultdict(list)
    for dimensions in newest.values_list("dimensions", flat=True):
        for name, part in dimensions.items():
            if part["score"] is not None:
                scores[name].append(part["score"])
    enough = {name: found for name, found in scores.items() if len(found) >= view.rules.peers}
    return {name: float(np.median(found)) for name, found in enough.items()}
