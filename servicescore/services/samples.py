"""Quality samples: drawing the week's sessions, and scoring one. Audited."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from servicescore.calc.sampling import CRITERIA, drawn
from servicescore.models import QualitySample
from servicescore.rules import compiled_assessment_rules, compiled_sampling_rules
from servicescore.selectors.samples import sessions_to_draw, week_of
from shopguard.lib.days import shanghai_day
from shopguard.lib.scrub import scrub
from stores.models import Consultation, Shop, User
from stores.selectors.conduct import clauses_on
from stores.services.audit import audit_record

REMARK_CHARS = 1000


class SampleRefusedError(Exception):
    """A sample cannot be drawn or scored so; the message says why."""


class StaleSampleError(Exception):
    """Somebody else scored the session meanwhile."""


@transaction.atomic
def samples_draw(*, actor: User, shop: Shop, reason: str, now: datetime) -> int:
    """Draw the sessions of this week; returns how many are new. Again it only fills up.

    Raises SampleRefusedError when there is nothing to draw from.
    """
    Shop.objects.locked([shop.pk])
    rules, week = compiled_sampling_rules(), week_of(now)
    there = QualitySample.objects.for_shop(shop).filter(week=week).count()
    sessions = sessions_to_draw(
        shop, now=now, span=timedelta(days=rules.days), hours=compiled_assessment_rules(week)
    )
    if not sessions and not there:
        raise SampleRefusedError(_("近 7 天没有可抽的会话。"))
    names = drawn(sessions, size=max(0, rules.size - there), shop=shop.pk, week=week)
    rows = Consultation.objects.for_shop(shop).filter(external_id__in=names)
    QualitySample.objects.bulk_create(
        QualitySample(
            shop=shop, consultation_ref=row.external_id, agent=row.agent,
            started_at=row.started_at, week=week, drawn_by=actor.get_username(), drawn_at=now,
        )
        for row in rows
    )  # fmt: skip
    if names:
        audit_record(
            actor=actor, shop=shop, action="sample.draw", object_type="sample",
            object_id=week.isoformat(), after={"sessions": sorted(names)}, reason=reason,
        )  # fmt: skip
    return len(names)


@transaction.atomic
def sample_mark(
    *, actor: User, sample: QualitySample, version: int, marks: Mapping[str, int], clause: str,
    remark: str, reason: str, now: datetime,
) -> QualitySample:  # fmt: skip
    """Score a session, over ``version``; scoring again corrects it.

    Raises StaleSampleError, and SampleRefusedError for marks from 1 to 5 that are missing.
    """
    held = QualitySample.objects.select_for_update(no_key=True).get(pk=sample.pk)
    if held.version != version:
        raise StaleSampleError
    best = compiled_sampling_rules().best_mark
    if any(not 1 <= marks.get(name, 0) <= best for name in CRITERIA):
        raise SampleRefusedError(_("四项都要打 1 到 %(best)s 分。") % {"best": best})
    if clause and clause not in clauses_on(shanghai_day(held.started_at)):
        raise SampleRefusedError(_("没有这一条款。"))
    before = dict(held.marks) if held.marks else None
    for name in CRITERIA:
        setattr(held, name, marks[name])
    held.clause, held.remark = clause, scrub(remark)[:REMARK_CHARS]
    held.scored_by, held.scored_at, held.version = actor.get_username(), now, version + 1
    held.save()
    audit_record(
        actor=actor, shop=held.shop, action="sample.mark", object_type="sample",
        object_id=str(held.pk), before=before,
        after={**{name: marks[name] for name in CRITERIA}, "clause": clause}, reason=reason,
    )  # fmt: skip
    return held
