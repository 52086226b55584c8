"""Which shops are being punished, and how: by the penalty log, and by the assessment of service."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.calc.assessment import Found, span_of
from servicescore.models import AssessmentPenalty
from servicescore.rules import compiled_assessment_rules
from servicescore.selectors.assessment import exams_taken
from stores.selectors.case_words import SANCTIONS
from stores.selectors.penalty_log import penalties_logged


def punished_now(shop_ids: Collection[int], *, day: date) -> dict[int, str]:
    """What runs in each punished shop on a day, in words. Two queries, one more for courses."""
    found: dict[int, list[str]] = {}
    for shop, penalties in penalties_logged(shop_ids, day=day).items():
        sanctions = [word for each in penalties for word in each["sanctions"]]
        found[shop] = [str(SANCTIONS.get(word, word)) for word in dict.fromkeys(sanctions)]
    for shop in _assessed(shop_ids, day):
        found.setdefault(shop, []).append(_("客服考核处罚"))
    return {shop: pgettext("list", "、").join(words) for shop, words in found.items()}


def _assessed(shop_ids: Collection[int], day: date) -> list[int]:
    rules = compiled_assessment_rules(day)
    since = day - timedelta(days=rules.course_days + rules.limit_days)
    rows = list(AssessmentPenalty.objects.filter(shop__in=shop_ids, found_on__range=(since, day)))
    exams = exams_taken({row.shop_id for row in rows}) if rows else {}
    return sorted(
        {
            row.shop_id
            for row in rows
            if span_of(
                Found(row.indicator, row.level, row.found_on, row.month),
                exams[row.shop_id],
                compiled_assessment_rules(row.found_on),
            ).covers(day)
        }
    )
