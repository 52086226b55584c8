"""A new score after an import: the days people look at are computed again.

Which imports wait for one stands in their rows, so a request is never lost and any number of files
share a run. A run under way may have read its facts before the last file came; it is waited for
and followed by another.
"""

from datetime import datetime

from django.db import transaction

from servicescore.models.scores import published_through
from servicescore.rules import score_book
from shopguard.lib.days import shanghai_day
from shopguard.lib.rulesets import RuleError
from shopguard.nightly import planners, run_for
from stores.models import Run
from stores.selectors.runs import OPEN, run_newest
from stores.selectors.uploads import uploads_unscored
from stores.services.runs import run_advance
from stores.services.uploads import uploads_scored


def follow_imports(*, now: datetime) -> list[int]:
    """Begin the runs that imports wait for; returns the runs begun by this call.

    The day whose score is on screen is computed again and, before noon, also the day whose score
    will be at noon. A day without rules has no score to renew.
    """
    waiting = uploads_unscored()
    if not waiting:
        return []
    shown, today = published_through(now), shanghai_day(now)
    try:
        wanted = [(day, score_book().in_force(day)) for day in sorted({shown, today})]
    except RuleError:
        return []
    newest = [run_newest(day=day, rule_set=rules.id) for day, rules in wanted]
    if any(run is not None and run.state in OPEN for run in newest):
        return []
    with transaction.atomic():
        begun = [
            run_for(day=day, rules=rules, trigger=Run.Trigger.RECOMPUTE) for day, rules in wanted
        ]
        for run in begun:
            run_advance(run_id=run.pk, planners=planners())
        uploads_scored(upload_ids=waiting, run=begun[0])
    return [run.pk for run in begun]
