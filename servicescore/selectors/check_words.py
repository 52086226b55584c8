"""What checking a receipt found, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.receipt_check import Difference, ReceiptCheck
from shopguard.lib import formats

PLACES = 6


@dataclass(frozen=True)
class DifferenceLine:
    """One figure that is not what was stored."""

    label: str
    stored: str
    found: str


def difference_lines(check: ReceiptCheck) -> list[DifferenceLine]:
    """Every difference: inputs with both figures, then results that do not follow from them."""
    lines = [_line(one) for one in check.of_facts]
    return lines + [
        DifferenceLine(path, formats.UNKNOWN, formats.UNKNOWN) for path in check.of_result
    ]


def _line(one: Difference) -> DifferenceLine:
    figures = {
        "num": _("分子"), "den": _("分母"), "excl": _("已剔除"),
        "wnum": _("加权分子"), "wden": _("加权分母"), "orders": _("签收订单"),
    }  # fmt: skip
    figure = figures.get(one.figure, one.figure)
    label = figure
    if one.metric:
        told = {"label": metric_words.label(metrics()[one.metric]), "part": figure}
        label = _("%(label)s：%(part)s") % told
    return DifferenceLine(label, _text(one.stored), _text(one.found))


def _text(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or formats.UNKNOWN
    text = formats.number(value, PLACES)
    return text.rstrip("0").rstrip(".")
