"""The table of metrics of the score page as columns of a file: numbers as numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.selectors.score_cards import MetricRow
from shopguard.lib.exports import Column


def metric_columns() -> list[Column[MetricRow]]:
    """What the table shows, in its order. Rates are fractions, times are hours."""
    return [
        Column(_("指标"), lambda row: row.label),
        Column(pgettext("column", "维度"), lambda row: row.dimension),
        Column(_("加权值"), lambda row: row.score.value),
        Column(pgettext("column", "单位"), unit_word),
        Column(_("较昨日"), lambda row: row.change.amount if row.change else None),
        Column(_("分子"), lambda row: row.score.num / row.score.metric.scale),
        Column(_("分母"), lambda row: row.score.den),
        Column(_("已剔除"), lambda row: row.score.excl),
        Column(_("权重"), lambda row: row.score.weight),
        Column(_("得分"), lambda row: row.score.score),
        Column(_("超过同行"), lambda row: row.score.percentile),
        Column(_("同行中位"), lambda row: row.score.peer_mid),
        Column(_("同行前 5%"), lambda row: row.score.peer_top),
        Column(_("下一档"), lambda row: row.cutoff),
    ]


def unit_word(row: MetricRow) -> str:
    """The unit of the value and of its marks."""
    words = {"hours": _("小时"), "stars": _("星"), "fraction": pgettext("unit", "比例")}
    return words[row.score.metric.unit]
