"""A forced course that ended without an exam on record: a person has to say how it went."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servicescore.models import AssessmentPenalty
from servicescore.selectors.courses import courses_unrecorded
from shopguard.lib.days import shanghai_day
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[AssessmentPenalty]:
    """Courses of the last days nobody recorded a result of."""
    return courses_unrecorded(visit.shop, today=shanghai_day(visit.now))


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("补记客服课程的考试结果"), _("课程已到期，没有任何考试记录"))


DUTY = Duty(
    "course_unrecorded", "graduation-cap", words, rows=rows, page="service:service",
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
