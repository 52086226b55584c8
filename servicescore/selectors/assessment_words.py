"""Words of the assessment of customer service."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from servicescore.calc.assessment import DISSATISFACTION, REPLY

INDICATORS: Mapping[str, Any] = {REPLY: _("3 分钟回复率"), DISSATISFACTION: _("不满意率")}


def indicator_word(indicator: str) -> str:
    """An indicator; its own name when nobody gave it one."""
    return str(INDICATORS.get(indicator, indicator))
