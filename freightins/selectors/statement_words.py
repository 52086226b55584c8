"""Statements in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from freightins.models import Reconciled, StatementLine


def side_word(side: str) -> str:
    """What money moved for."""
    return {
        StatementLine.Entry.FEE.value: _("保费"),
        StatementLine.Entry.PAYOUT.value: _("赔付"),
    }[side]


def status_word(status: str) -> str:
    """How a statement and the ledger compare."""
    return {
        Reconciled.Status.MATCHED.value: pgettext("statement", "相符"),
        Reconciled.Status.DIFFERENT.value: pgettext("statement", "金额不同"),
        Reconciled.Status.MISSING.value: pgettext("statement", "对账单缺少"),
        Reconciled.Status.UNKNOWN.value: pgettext("statement", "账上没有"),
    }[status]


def note_word(note: str) -> str:
    """Why the ledger has nothing; empty where it has."""
    return {
        "": "",
        Reconciled.Note.NO_ORDER.value: _("没有这个订单的记录"),
        Reconciled.Note.NO_COVER.value: _("订单没有保障"),
        Reconciled.Note.NO_FEE.value: _("发货时还没有保费"),
        Reconciled.Note.NO_CLAIM.value: _("没有这单的理赔"),
    }[note]
