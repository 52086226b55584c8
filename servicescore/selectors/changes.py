"""Reads two nights and says what moved the totals between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from servicescore.calc.benchmarks import benchmarks_in_force
from servicescore.calc.changes import ChangeParts, Night, Turn, change_parts
from servicescore.calc.receipts import score_content, sums_of_receipts
from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import industry_scores
from servicescore.calc.windows import WindowSums, window_sums
from servicescore.metrics import metrics
from servicescore.models import DailyRow, ScoreRevision
from servicescore.selectors.benchmarks import benchmarks_of
from servicescore.selectors.daily import STORED_COLUMNS
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standpoint import Results, results_around_each, results_of
from servicescore.selectors.stored_window import stored_window

TURN_COLUMNS = ("shop_id", "day", *STORED_COLUMNS)


def change_of(
    view: ScoreView, before: ScoreView | None, turn: Turn | None = None
) -> ChangeParts | None:
    """What moved a total since ``before``; None without a score of the day before. ``turn`` is
    given where it was read already.

    The parts are empty where either night has no total, and where the text of the rules that the
    score was computed under is not the present one.
    """
    if before is None or before.date + timedelta(days=1) != view.date:
        return None
    after, earlier = results_around_each([view, before])
    turns = {view.shop_id: turn} if turn else None
    return changes_between(earlier, after, [view.shop_id], turns)[view.shop_id]


def changes_between(
    before: Results,
    after: Results,
    shop_ids: Sequence[int],
    turns: Mapping[int, Turn] | None = None,
) -> dict[int, ChangeParts]:
    """What moved the totals of shops that have a result of ``after``; ``turns`` where they were
    read already.
    """
    known = [shop for shop in shop_ids if shop in before.by_shop]
    if turns is None:
        turns = turns_of(known, after.day, after.rules)
    by_new_rules = before if _same_rules(before, after, known) else under_rules(before, after.rules)
    found = {}
    for shop in shop_ids:
        now, was = after.by_shop[shop], before.by_shop.get(shop)
        totals = was["total"] if was else None, now["total"]
        if None in totals or now["rule_hash"] != after.rules.hash:
            found[shop] = ChangeParts(*totals, {}, {})
            continue
        found[shop] = change_parts(
            Night(before.stand(shop), totals[0]),
            by_new_rules.stand(shop),
            Night(after.stand(shop), totals[1]),
            turns[shop],
        )
    return found


def _same_rules(before: Results, after: Results, shops: Iterable[int]) -> bool:
    """Whether yesterday's scores were computed under the very rules of today."""
    texts = {before.by_shop[shop]["rule_hash"] for shop in shops}
    return before.rules.id == after.rules.id and texts <= {after.rules.hash}


def turns_of(shop_ids: Sequence[int], day: date, rules: ScoreRules) -> dict[int, Turn]:
    """The day that entered each shop's window of ``day`` and the one that left it. One query."""
    entered = day - timedelta(days=1)
    left = entered - timedelta(days=rules.window_days)
    stored = DailyRow.objects.filter(shop__in=shop_ids, day__in=(entered, left))
    rows = {(row.pop("shop_id"), row.pop("day")): row for row in stored.values(*TURN_COLUMNS)}
    nothing = dict.fromkeys(STORED_COLUMNS, 0)
    return {
        shop: Turn(*(rows.get((shop, day), nothing) for day in (entered, left)))
        for shop in shop_ids
    }


def under_rules(before: Results, rules: ScoreRules) -> Results:
    """The results of a date as other rules would have had them, for the same shops.

    What has been computed under them is taken. Else the sums of each metric that both rule sets
    weigh alike are those of the receipts, so with the facts known then; of a metric that only the
    other set has, the receipts know nothing, and its days are read as they are now.
    """
    rows = ScoreRevision.objects.finished().filter(
        date=before.day, rule_set=rules.id, rule_hash=rules.hash
    )
    stored = results_of(rows, before.day, rules)
    if before.by_shop.keys() <= stored.by_shop.keys():
        return stored
    groups: dict[str, list[int]] = defaultdict(list)
    for shop, result in before.by_shop.items():
        groups[result["industry"]].append(shop)
    found = {}
    for industry, shops in groups.items():
        sums = _sums_under(before, rules, shops)
        tables = benchmarks_in_force(benchmarks_of(industry), metrics().values(), before.day)
        scores = industry_scores(sums, rules, industry, tables)
        for place, shop in enumerate(shops):
            frame = {"rule_hash": rules.hash, "industry": industry}
            found[shop] = score_content(scores, rules, place) | frame
    return Results(before.day, rules, found)


def _sums_under(before: Results, rules: ScoreRules, shops: Sequence[int]) -> WindowSums:
    """The window sums of shops for the metrics of ``rules``, as far as possible as known then."""
    window = stored_window(shops, before.day - timedelta(days=1), rules.window_days)
    sums = window_sums(window, STORED_COLUMNS, rules.half_life)
    results = [before.by_shop[shop] for shop in shops]
    weighed = (before.rules.window_days, before.rules.half_life)
    is_present_text = all(one["rule_hash"] == before.rules.hash for one in results)
    if weighed != (rules.window_days, rules.half_life) or not is_present_text:
        return sums
    kept = sums_of_receipts(results, before.rules)
    return WindowSums(
        plain={**sums.plain, **kept.plain}, weighted={**sums.weighted, **kept.weighted}
    )
