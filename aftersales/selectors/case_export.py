"""The workbench as a table to download."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.case_words import VERDICT_WORDS
from aftersales.selectors.workbench import CaseLine, shop_hours
from shopguard.lib.exports import Column

PLACES = 2


def case_columns(now: datetime) -> list[Column[CaseLine]]:
    """The columns, as on screen and a little more."""
    return [
        Column(_("售后编号"), lambda line: line.case.external_id),
        Column(pgettext("column", "订单"), lambda line: line.case.order_ref),
        Column(_("类型"), lambda line: line.kind),
        Column(_("卡在哪一步"), lambda line: line.state),
        Column(_("到期时间"), lambda line: line.case.due_at),
        Column(_("期限为推算"), lambda line: line.case.due_is_estimated),
        Column(pgettext("column", "商品"), lambda line: line.about.title),
        Column(_("规格"), lambda line: line.about.line.spec if line.about.line else ""),
        Column(_("申请金额，元"), lambda line: _yuan(line.case.requested)),
        Column(_("已退金额，元"), lambda line: _yuan(line.case.refunded)),
        Column(_("首次原因"), lambda line: line.case.reason),
        Column(_("最新原因"), lambda line: line.case.latest_reason),
        Column(_("催促次数"), lambda line: line.case.chases),
        Column(_("保障期"), lambda line: line.standing),
        Column(_("保障期理由"), lambda line: str(VERDICT_WORDS[line.about.verdict.reasons[0]])),
        Column(_("申请时间"), lambda line: line.case.applied_at),
        Column(_("首次回复"), lambda line: line.case.first_reply_at),
        Column(_("结束时间"), lambda line: line.case.closed_at),
        Column(_("本店用时，小时"), lambda line: round(shop_hours(line.case, now), PLACES)),
    ]


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100
