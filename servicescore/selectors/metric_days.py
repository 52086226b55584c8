"""What the days of a metric add up to now, and whether that is still what a score was made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from servicescore.metrics import metrics
from servicescore.models import DailyRow
from servicescore.selectors.facts import spans_of
from servicescore.selectors.metric_rows import Selection, Window, day_sums
from stores.models import Shop, Touch

Parts = tuple[int, int, int]


@dataclass(frozen=True)
class MetricDays:
    """Numerator, denominator and excluded count by day and trade mode, from the facts of now.

    ``open_days`` counts the days whose facts changed and wait for the next night.
    """

    window: Window
    days: Mapping[tuple[date, str], Parts]
    open_days: int

    def over(self, chosen: Selection) -> Parts:
        """The sums over the days and the trade mode of a selection."""
        parts = [
            parts
            for (day, mode), parts in self.days.items()
            if chosen.mode in ("", mode) and (chosen.first or day) <= day <= (chosen.last or day)
        ]
        num, den, excl = (sum(part[at] for part in parts) for at in range(3))
        return num, den, excl

    def weighted(self) -> tuple[float, float]:
        """The weighted numerator and denominator of the whole window."""
        weights = {day: self.window.weight(day) for day, _ in self.days}
        num = sum(weights[day] * parts[0] for (day, _), parts in self.days.items())
        den = sum(weights[day] * parts[1] for (day, _), parts in self.days.items())
        return num, den


def metric_days(shop: Shop, metric: str, window: Window) -> MetricDays:
    """The daily sums, days with open touches counted anew. Two queries, three where any is open."""
    declared = metrics()[metric]
    span = {"day__gte": window.first, "day__lte": window.last}
    columns = list(declared.columns())
    days: dict[tuple[date, str], Parts] = {}
    rows = DailyRow.objects.for_shop(shop).filter(**span).values_list("day", *columns)
    for day, *values in rows:
        for at, mode in enumerate(declared.modes or ("",)):
            num, den, excl = values[3 * at : 3 * at + 3]
            days[day, mode] = (num, den, excl)
    touches = Touch.objects.for_shop(shop).filter(consumed_by__isnull=True, **span)
    open_days = set(touches.values_list("day", flat=True))
    if open_days:
        spans = spans_of((shop.pk, day) for day in open_days)
        found = day_sums(shop, metric, window, [(one.first, one.last) for one in spans])
        days = {key: parts for key, parts in days.items() if key[0] not in open_days} | found
    return MetricDays(window, days, len(open_days))
