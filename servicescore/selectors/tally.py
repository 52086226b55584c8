"""How the shops of a date fared, for a line in a terminal."""

from collections import Counter
from datetime import date

from servicescore.models import ScoreRevision, ScoreState


def shops_by_state(*, day: date, rule_set: str) -> Counter[ScoreState]:
    """How many shops are in each state on ``day`` by their newest finished revision."""
    rows = ScoreRevision.objects.finished().filter(date=day, rule_set=rule_set)
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return Counter(ScoreState(state) for state in newest.values_list("state", flat=True))
