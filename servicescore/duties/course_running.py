"""A forced course whose exam is still to be passed."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servicescore.models import AssessmentPenalty
from servicescore.selectors.courses import courses_running
from shopguard.lib.days import shanghai_day
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[AssessmentPenalty]:
    """Courses with time left."""
    return courses_running(visit.shop, today=shanghai_day(visit.now))


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("考过客服强制课程"), _("考过当天结束处罚；没考过或缺考接着限流"))


DUTY = Duty(
    "course_running", "graduation-cap", words, rows=rows, due="until",
    metric="reply_3min_rate", page="service:service",
)  # fmt: skip
