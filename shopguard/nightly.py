"""The order of the day.

A run computes one score date under one rule set. Its steps follow each other; a step is cut into
shards that any number of workers take, and begins when every shard of the step before is done or
has failed for good. State lives in the ledger (``stores.services.runs``); this module only says
what is done, and works one shard.
"""

import logging
import time
import traceback
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from aftersales.services.findings import findings_compute
from freightins.services.checks import checks_score
from freightins.services.covers import covers_decide
from freightins.services.enrolments import enrolments_review
from freightins.services.outlooks import outlooks_tell
from freightins.services.product_sales import product_sales_count
from freightins.services.quotes import quotes_compute
from freightins.services.sale_days import sale_days_count
from freightins.services.windows import windows_count
from servicescore.models.scores import published_through
from servicescore.rules import score_book
from servicescore.services.assessment import days_judge
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from shopguard.lib.days import SHANGHAI, at_hour, shanghai_day
from shopguard.lib.rulesets import RuleError, RuleSet
from stores.models import Run, User
from stores.selectors.runs import (
    Night,
    first_shop_at,
    night_ended,
    nights_served,
    run_newest,
    run_state,
    runs_unfinished,
    shards_open,
    shop_industries,
    step_is_open,
)
from stores.services.cases import cases_settle
from stores.services.deposits import deposits_compute
from stores.services.notices import is_told, notice_put
from stores.services.retries import RetryRefusedError, run_retry
from stores.services.runs import (
    Claim,
    FencedOutError,
    Planner,
    ShardPlan,
    leases_sweep,
    run_advance,
    run_ensure,
    shard_claim,
    shard_fail,
    shard_finish,
    shard_hold,
)

logger = logging.getLogger(__name__)

DAILY, FINDINGS, SCORES, ASSESSMENT = "daily", "findings", "scores", "assessment"
WINDOWS, QUOTES = "windows", "quotes"
ENROLMENTS, COVERS, WORTH = "enrolments", "covers", "worth"
SCORE_GATE = "score_gate"
WEEKLY_DIGEST, DIGEST_LATEST = "weekly_digest", timedelta(days=2)


def groups_of_shops() -> list[ShardPlan]:
    """One shard per SHARD_SHOPS shops, keyed by the first of them."""
    shops = [pk for pk, _ in shop_industries()]
    size = settings.SHARD_SHOPS
    chunks = [tuple(shops[start : start + size]) for start in range(0, len(shops), size)]
    return [ShardPlan(f"shops-{chunk[0]}", chunk) for chunk in chunks]


def industries() -> list[ShardPlan]:
    """One shard per industry: its shops are ranked among each other."""
    rows = groupby(sorted(shop_industries(), key=itemgetter(1)), key=itemgetter(1))
    return [ShardPlan(industry, tuple(pk for pk, _ in shops)) for industry, shops in rows]


def rebuild_days(claim: Claim) -> None:
    """The touched days of the shard's shops, summed up again from the facts."""
    days_rebuild(run_id=claim.run_id, shop_ids=list(claim.shops))


def search_findings(claim: Claim) -> None:
    """What in the returns of the shard's shops is more than chance."""
    findings_compute(run_id=claim.run_id, shop_ids=list(claim.shops))


def compute_scores(claim: Claim) -> None:
    """Window sums, ranks, scores and stars of one industry."""
    scores_compute(run_id=claim.run_id, industry=claim.key)


def count_windows(claim: Claim) -> None:
    """The orders of the pricing windows of the shard's shops."""
    windows_count(run_id=claim.run_id, shop_ids=list(claim.shops))


def compute_quotes(claim: Claim) -> None:
    """What freight cover costs each of the shard's shops."""
    quotes_compute(run_id=claim.run_id, shop_ids=list(claim.shops))


def judge_days(claim: Claim) -> None:
    """Days of own customer service not judged yet, cases whose time to appeal is over, deposits."""
    days_judge(run_id=claim.run_id, shop_ids=list(claim.shops))
    cases_settle(shop_ids=list(claim.shops), now=timezone.now())
    deposits_compute(shop_ids=list(claim.shops), today=shanghai_day(timezone.now()))


def review_enrolments(claim: Claim) -> None:
    """Cover suspended where eligibility is lost, and resumed where it is back."""
    enrolments_review(run_id=claim.run_id, shop_ids=list(claim.shops))


def decide_covers(claim: Claim) -> None:
    """Which shipped orders are covered, and where the claims on them stand."""
    covers_decide(run_id=claim.run_id, shop_ids=list(claim.shops))


def tell_worth(claim: Claim) -> None:
    """Orders counted by product and cover, quotes of ripe weeks scored by them, and next week's
    fee told.
    """
    sale_days_count(run_id=claim.run_id, shop_ids=list(claim.shops))
    product_sales_count(run_id=claim.run_id, shop_ids=list(claim.shops))
    checks_score(run_id=claim.run_id, shop_ids=list(claim.shops))
    outlooks_tell(run_id=claim.run_id, shop_ids=list(claim.shops))


@dataclass(frozen=True)
class Step:
    """A step of the night: how it is cut into shards and what is done for each."""

    name: str
    plan: Planner
    work: Callable[[Claim], None]


STEPS: tuple[Step, ...] = (
    Step(DAILY, plan=groups_of_shops, work=rebuild_days),
    Step(FINDINGS, plan=groups_of_shops, work=search_findings),
    # barrier: an industry's ranks need the days of all its shops
    Step(SCORES, plan=industries, work=compute_scores),
    Step(ASSESSMENT, plan=groups_of_shops, work=judge_days),
    Step(WINDOWS, plan=groups_of_shops, work=count_windows),
    # barrier: a fee needs the score of its shop, and an estimated base the windows of all shops
    Step(QUOTES, plan=groups_of_shops, work=compute_quotes),
    Step(ENROLMENTS, plan=groups_of_shops, work=review_enrolments),
    Step(COVERS, plan=groups_of_shops, work=decide_covers),
    Step(WORTH, plan=groups_of_shops, work=tell_worth),
)


def shards_expected() -> int:
    """How many shards a run would have now, for a progress bar."""
    return sum(len(step.plan()) for step in STEPS)


def planners() -> dict[str, Planner]:
    """How each step of the day is cut into shards, by step name."""
    return {step.name: step.plan for step in STEPS}


def run_for(
    *, day: date, rules: RuleSet, trigger: Run.Trigger, without: Collection[str] = ()
) -> Run:
    """The open run of a day under a rule set, begun when there is none (see ``run_ensure``).

    ``without`` names steps a new run leaves out, for dates nobody will ask that of.
    """
    names = [step.name for step in STEPS if step.name not in without]
    return run_ensure(
        day=day, rule_set=rules.id, rule_hash=rules.hash, steps=names, trigger=trigger
    )


def run_again(*, actor: User, run_id: int) -> Run:
    """Another run of the day of one that ended with errors, with its first step begun.

    Raises Run.DoesNotExist, and RetryRefusedError (see ``run_retry``) also when the rule set of
    the run is no longer part of the product.
    """
    try:
        rules = score_book().by_id(run_state(run_id=run_id).rule_set)
    except RuleError as error:
        raise RetryRefusedError(str(error)) from error
    with transaction.atomic():
        again = run_retry(
            actor=actor, run_id=run_id, rule_hash=rules.hash, steps=[step.name for step in STEPS]
        )
        run_advance(run_id=again.pk, planners=planners())
    return again


def nights_due(*, now: datetime, since: datetime) -> Iterator[Night]:
    """The nights of the last NIGHTLY_CATCH_UP_DAYS whose run is due at ``now``, the newest first.

    A night before ``since``, when the first shop came, is nobody's. A night without a rule set in
    force has no score and no run.
    """
    at = time_of_day(settings.NIGHTLY_HOUR, settings.NIGHTLY_MINUTE, tzinfo=SHANGHAI)
    today = shanghai_day(now)
    for back in range(settings.NIGHTLY_CATCH_UP_DAYS):
        day = today - timedelta(days=back)
        due = datetime.combine(day, at)
        if not since <= due <= now:
            continue
        try:
            rules = score_book().in_force(day)
        except RuleError as error:
            logger.warning("no nightly run: %s", error)
            continue
        yield Night(day=day, rules=rules, due=due)


def nights_start(*, now: datetime) -> list[int]:
    """Make sure that every night that is due has its run; returns the runs this call found lacking.

    The scheduler calls it at 00:30 and the sweeper ever after, so that a night is not lost because
    the scheduler slept, and two schedulers do no harm.
    """
    since = first_shop_at()
    if since is None:
        return []
    nights = list(nights_due(now=now, since=since))
    served = nights_served(nights=nights)
    missed = [night for night in nights if night.day not in served]
    return [
        run_for(day=night.day, rules=night.rules, trigger=Run.Trigger.NIGHTLY).pk
        for night in missed
    ]


def sweep(*, now: datetime) -> None:
    """Put right whatever stopped half-way: lost leases, missed nights, barriers, ends of runs."""
    leases_sweep()
    nights_start(now=now)
    for run_id in runs_unfinished():
        run_advance(run_id=run_id, planners=planners())
    publication_tell(now=now)
    digest_tell(now=now)


def publication_tell(*, now: datetime) -> None:
    """Have owners told, once, what the scores published last brought."""
    night = night_ended(day=published_through(now))
    if night is not None and not is_told(kind=SCORE_GATE, key=str(night.pk)):
        payload = {"day": night.day.isoformat(), "rule_set": night.rule_set}
        notice_put(kind=SCORE_GATE, key=str(night.pk), payload=payload)


def digest_tell(*, now: datetime) -> None:
    """Have the weekly digest told, once, from Monday noon on; a missed one is not told days later.

    A Monday before the first shop came had no week.
    """
    monday = shanghai_day(now) - timedelta(days=shanghai_day(now).weekday())
    due = at_hour(monday, settings.PUBLISH_HOUR)
    since = first_shop_at()
    if since is None or not since <= due <= now < due + DIGEST_LATEST:
        return
    if not is_told(kind=WEEKLY_DIGEST, key=monday.isoformat()):
        payload = {"day": monday.isoformat()}
        notice_put(kind=WEEKLY_DIGEST, key=monday.isoformat(), payload=payload)


def shard_work(*, shard_id: int, doorbell: bool = True) -> bool:
    """Work one shard if it is free; False when there was nothing to do (a doubled message).

    Claimed in a transaction of its own; then the results and the mark are one transaction. A
    failure is written down and the shard given back or failed; the step moves on with its last
    shard.
    """
    claim = shard_claim(shard_id=shard_id)
    if claim is None:
        return False
    with bound_contextvars(run=claim.run_id, step=claim.step, shard=claim.shard_id):
        _try(claim)
    if doorbell and not step_is_open(run_id=claim.run_id, name=claim.step):
        run_advance(run_id=claim.run_id, planners=planners())
    return True


def _try(claim: Claim) -> None:
    """One attempt at a shard; what goes wrong is written down."""
    try:
        _attempt(claim)
    except FencedOutError as error:
        logger.warning("fenced out: %s", error)
    except Exception as error:  # whatever a step raises is the shard's reason, never the worker's
        logger.exception("shard %s of run %s failed", claim.key, claim.run_id)
        shard_fail(claim=claim, error=_reason(error))
    except BaseException:
        shard_fail(claim=claim, error="interrupted")
        raise


def _attempt(claim: Claim) -> None:
    work = {step.name: step.work for step in STEPS}
    with transaction.atomic():
        shard_hold(claim=claim)
        work[claim.step](claim)
        shard_finish(claim=claim)


def _reason(error: Exception) -> str:
    """What went wrong and where, in one line: the frame that raised, without values."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def day_compute(*, day: date, rules: RuleSet, told: Callable[[int], None]) -> Run:
    """Compute a day here and now from every fact there is; returns the run that did.

    A run that was under way already is worked to its end with the others at it. As it may have
    read its facts before this call, another run follows it.
    """
    under_way = run_newest(day=day, rule_set=rules.id)
    run = run_for(day=day, rules=rules, trigger=Run.Trigger.RECOMPUTE)
    ended = run_in_foreground(run_id=run.pk, told=told)
    if under_way is None or under_way.pk != run.pk:
        return ended
    run = run_for(day=day, rules=rules, trigger=Run.Trigger.RECOMPUTE)
    return run_in_foreground(run_id=run.pk, told=told)


def run_in_foreground(*, run_id: int, told: Callable[[int], None], patience: float = 0.2) -> Run:
    """Work a run to its end in this process; ``told`` hears how many shards have just ended.

    Shards that workers took meanwhile are waited for, asking every ``patience`` seconds and taking
    back what a dead worker left.
    """
    while True:
        waiting = run_advance(run_id=run_id, planners=planners(), doorbell=False)
        run = run_state(run_id=run_id)
        if run.finished_at is not None:
            return run
        waiting = waiting or shards_open(run_id=run_id)
        for shard_id in waiting:
            shard_work(shard_id=shard_id, doorbell=False)
            told(1)
        if not waiting:
            leases_sweep()
            time.sleep(patience)
