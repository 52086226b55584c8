"""Records how exams of forced courses ended."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servicescore.models import CourseExam
from stores.models import Shop, User
from stores.services.audit import audit_record

AGENT_CHARS = 60


class ExamRefusedError(Exception):
    """The exam cannot be recorded; the message says why."""


@transaction.atomic
def exam_record(
    *, actor: User, shop: Shop, day: date, outcome: str, today: date, agent: str = "",
    reason: str = "",
) -> CourseExam:  # fmt: skip
    """Add the result of an exam. Raises ExamRefusedError for a day to come or an unknown result."""
    agent = agent.strip()[:AGENT_CHARS]
    if day > today:
        raise ExamRefusedError(_("考试日期不能在将来。"))
    if outcome not in CourseExam.Outcome.values:
        raise ExamRefusedError(_("请选择考试结果。"))
    exam = CourseExam.objects.create(
        shop=shop, day=day, outcome=outcome, agent=agent, recorded_by=actor.get_username()
    )
    audit_record(
        actor=actor, shop=shop, action="exam.record", object_type="exam", object_id=str(exam.pk),
        after={"day": day.isoformat(), "outcome": outcome, "agent": agent}, reason=reason,
    )  # fmt: skip
    return exam
