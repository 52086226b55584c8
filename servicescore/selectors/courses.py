"""Forced courses of the assessment that wait for an exam, or ended without one on record."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    QuerySet,
    Value,
)

from servicescore.calc.assessment import COURSE, PASSED
from servicescore.models import AssessmentPenalty, CourseExam
from servicescore.rules import compiled_assessment_rules
from shopguard.lib.days import SHANGHAI
from stores.models import Shop

# A course without a result is listed for so long after its end.
ASKED_FOR = timedelta(days=7)
SECOND = timedelta(seconds=1)


def courses_running(shop: Shop, *, today: date) -> QuerySet[AssessmentPenalty]:
    """Courses whose exam can still be passed; ``until`` is the last second of their last day."""
    length = compiled_assessment_rules(today).course_days
    first = today - timedelta(days=length - 1)
    running = _courses(shop).filter(found_on__range=(first, today))
    return running.exclude(Exists(_exams(length).filter(outcome=PASSED))).annotate(
        until=_end(length)
    )


def courses_unrecorded(shop: Shop, *, today: date) -> QuerySet[AssessmentPenalty]:
    """Courses that ended within a week without any exam on record."""
    length = compiled_assessment_rules(today).course_days
    last = today - timedelta(days=length)
    ended = _courses(shop).filter(found_on__range=(last - ASKED_FOR, last))
    return ended.exclude(Exists(_exams(length)))


def _courses(shop: Shop) -> QuerySet[AssessmentPenalty]:
    return AssessmentPenalty.objects.for_shop(shop).filter(level=COURSE)


def _exams(length: int) -> QuerySet[CourseExam]:
    begun = OuterRef("found_on")
    end = ExpressionWrapper(begun + Value(timedelta(days=length)), output_field=DateTimeField())
    return CourseExam.objects.filter(shop=OuterRef("shop"), day__gte=begun, day__lt=end)


def _end(length: int) -> Any:
    span = Value(timedelta(days=length) - SECOND)
    clock = ExpressionWrapper(F("found_on") + span, output_field=DateTimeField())
    return Func(Value(SHANGHAI.key), clock, function="timezone", output_field=DateTimeField())
