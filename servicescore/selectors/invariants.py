"""Whether the stored scores are what their facts, or else their receipts, make of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors.benchmarks import benchmarks_changed
from servicescore.selectors.daily import outdated_days
from servicescore.selectors.industry import counted_contents
from servicescore.selectors.receipts import RESULT, differences, receipts_recomputed
from shopguard.lib.rulesets import RuleError
from stores.models import Shard, Shop, State

TOLERANCE = 1e-9
# Score dates whose windows are counted from the facts together: memory against repeated counting.
DAYS_AT_A_TIME = 128
NEVER = datetime.max.replace(tzinfo=UTC)

# Per day the moment after which its rows were true for every touch there is.
LAST_TOUCHED = """
    SELECT t.day, bool_or(s.finished_at IS NULL), max(s.finished_at)
    FROM stores_touch t
    LEFT JOIN stores_step s ON s.run_id = t.consumed_by_id AND s.name = %s
    WHERE t.shop_id IN (SELECT id FROM stores_shop WHERE industry = %s)
    GROUP BY t.day"""


@dataclass(frozen=True)
class Computed:
    """The newest finished computation of an industry on a date under a rule set."""

    day: date
    rule_set: str
    industry: str
    run_id: int
    began: datetime


@dataclass
class ScoreCheck:
    """What was compared; every breach and every remark is a line that names the score."""

    from_facts: int = 0
    from_receipts: int = 0
    breaches: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def scores_checked(
    *, daily_step: str, scores_step: str, days: int | None = None
) -> Iterator[ScoreCheck]:
    """Compare every score of finished runs, one :class:`ScoreCheck` per industry and rule set.

    The newest scores of a date whose window no import touched after their run must equal a count
    from scratch to 1e-9. Those touched since, and earlier revisions, must follow from the sums in
    their receipts. ``days`` limits it to so many of the newest score dates.
    """
    groups: dict[tuple[str, str], list[Computed]] = defaultdict(list)
    for computed in _newest(scores_step, days):
        groups[computed.rule_set, computed.industry].append(computed)
    for (rule_set, industry), group in sorted(groups.items()):
        try:
            hash_now = compiled_score_rules(rule_set).hash
        except RuleError as error:
            yield ScoreCheck(remarks=[f"{industry}: not compared: {error}"])
            continue
        yield _group_checked(group, industry, hash_now, daily_step)


def _newest(scores_step: str, days: int | None) -> list[Computed]:
    shards = Shard.objects.filter(
        step__name=scores_step, state=State.DONE, step__run__finished_at__isnull=False
    )
    rows = shards.order_by("step__run_id").values_list(
        "step__run__day", "step__run__rule_set", "key", "step__run_id", "started_at"
    )
    newest = {
        (day, rules, key): Computed(day, rules, key, run, began)
        for day, rules, key, run, began in rows
        if began
    }
    dates = sorted({computed.day for computed in newest.values()})
    wanted = set(dates[-days:] if days else dates)
    return [computed for computed in newest.values() if computed.day in wanted]


def _group_checked(
    group: Sequence[Computed], industry: str, hash_now: str, daily_step: str
) -> ScoreCheck:
    check = ScoreCheck()
    touched = _last_touched(industry, daily_step)
    untouched: list[tuple[Computed, dict[int, ScoreRevision]]] = []
    by_receipt: list[tuple[Computed, int]] = []
    for computed in sorted(group, key=lambda one: one.day):
        revisions = _revisions(computed)
        reason = _since(computed, revisions, touched, hash_now)
        if reason:
            check.remarks.append(f"{computed.day} {industry}: {reason}")
        else:
            untouched.append((computed, revisions))
        by_receipt += [(computed, run) for run in _runs_superseded(computed, revisions)]
        if reason:
            by_receipt.append((computed, computed.run_id))
    for begin in range(0, len(untouched), DAYS_AT_A_TIME):
        _compare_facts(untouched[begin : begin + DAYS_AT_A_TIME], check)
    for computed, run_id in by_receipt:
        _compare_receipts(computed, run_id, hash_now, check)
    return check


def _revisions(computed: Computed) -> dict[int, ScoreRevision]:
    """The newest revision of each shop as the computation left it, keyed by shop."""
    rows = ScoreRevision.objects.filter(
        date=computed.day, rule_set=computed.rule_set, run__lte=computed.run_id
    )
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return {row.shop_id: row for row in newest}


def _runs_superseded(computed: Computed, newest: Mapping[int, ScoreRevision]) -> list[int]:
    """The runs that wrote a revision of the industry which is no longer the newest."""
    rows = ScoreRevision.objects.filter(
        date=computed.day,
        rule_set=computed.rule_set,
        industry=computed.industry,
        run__lt=computed.run_id,
    )
    rows = rows.exclude(pk__in=[row.pk for row in newest.values()])
    return sorted(set(rows.values_list("run_id", flat=True)))


def _last_touched(industry: str, daily_step: str) -> dict[date, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(LAST_TOUCHED, [daily_step, industry])
        touched = {day: NEVER if waits else at for day, waits, at in cursor.fetchall()}
    shops = Shop.objects.filter(industry=industry).values_list("pk", flat=True)
    return touched | {day: NEVER for _, day in outdated_days(list(shops))}


def _since(
    computed: Computed,
    revisions: Mapping[int, ScoreRevision],
    touched: Mapping[date, datetime],
    hash_now: str,
) -> str:
    """Why the facts of today cannot say what the scores had to be; empty when they can."""
    ranked = {shop for shop, row in revisions.items() if row.industry == computed.industry}
    if any(revisions[shop].rule_hash != hash_now for shop in ranked):
        return "computed under an earlier text of the rules"
    shops = set(Shop.objects.filter(industry=computed.industry).values_list("pk", flat=True))
    if ranked - shops or (shops - ranked) & revisions.keys():
        return "shops changed their industry since"
    changed = benchmarks_changed(computed.industry, day=computed.day)
    if changed is not None and changed > computed.began:
        return "a benchmark table came since"
    window = compiled_score_rules(computed.rule_set).window_days
    late = [
        day
        for day in (computed.day - timedelta(days=back) for back in range(1, window + 1))
        if touched.get(day, computed.began) > computed.began
    ]
    return f"facts of {len(late)} days of the window came since" if late else ""


def _compare_facts(
    part: Sequence[tuple[Computed, dict[int, ScoreRevision]]], check: ScoreCheck
) -> None:
    first = part[0][0]
    stored = {computed.day: revisions for computed, revisions in part}
    contents = counted_contents(days=list(stored), rule_set=first.rule_set, industry=first.industry)
    for day, expected in contents:
        for shop, row in stored[day].items():
            if row.industry == first.industry:
                check.from_facts += 1
                check.breaches += _named(row, _differences(row, expected[shop]), "facts")


def _compare_receipts(computed: Computed, run_id: int, hash_now: str, check: ScoreCheck) -> None:
    found = receipts_recomputed(
        day=computed.day, rule_set=computed.rule_set, run_id=run_id, industry=computed.industry
    )
    if any(one.revision.rule_hash != hash_now for one in found):
        return
    for one in found:
        check.from_receipts += 1
        check.breaches += _named(one.revision, one.differences(TOLERANCE), "receipt")


def _differences(row: ScoreRevision, expected: Mapping[str, Any]) -> list[str]:
    return [
        path
        for name in RESULT
        for path in differences(getattr(row, name), expected[name], TOLERANCE, name)
    ]


def _named(row: ScoreRevision, paths: Iterable[str], source: str) -> list[str]:
    found = list(paths)
    if not found:
        return []
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return [f"score {row.pk} ({row}) differs from its {source} in {', '.join(found[:3])}{more}"]
