"""The forecasts of a score date for machines: one row per shop and day ahead."""

from datetime import date

from servicescore.selectors.change_export import results_on
from servicescore.selectors.forecast import outlooks_of
from servicescore.selectors.score_export import ScoreTable, harmless, number

HEADER = ["shop_id", "date", "target", "expected", "low", "high"]


def forecast_table(*, day: date, days: int | None = None) -> ScoreTable:
    """The band of 80 % of every shop that has a total on ``day``, for the ``days`` after it.

    Raises NothingComputedError when no score of the date has been computed, ValueError when
    ``days`` is as long as the window.
    """
    results = results_on(day)
    found = {
        shop: outlooks
        for industry in {str(one["industry"]) for one in results.by_shop.values()}
        for shop, outlooks in outlooks_of(results, industry, days)
    }
    names = {shop: str(one["shop__external_id"]) for shop, one in results.by_shop.items()}
    rows = [
        [
            harmless(names[shop]),
            day.isoformat(),
            one.target.isoformat(),
            *(number(value, results.rules.decimals) for value in (one.expected, one.low, one.high)),
        ]
        for shop in sorted(found, key=names.__getitem__)
        for one in found[shop]
    ]
    return ScoreTable(rule_set=results.rules.id, header=HEADER, rows=rows)
