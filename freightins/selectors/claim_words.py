"""Covers and claims in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from freightins.models import Claim, Cover


def state_word(state: str) -> str:
    """Where a claim stands."""
    return {
        Claim.State.OPENED.value: pgettext("claim", "已发起"),
        Claim.State.WAITING_RECEIPT.value: pgettext("claim", "待商家收货"),
        Claim.State.IN_REVIEW.value: pgettext("claim", "审核中"),
        Claim.State.APPROVED.value: pgettext("claim", "已通过"),
        Claim.State.PAID.value: pgettext("claim", "已赔付"),
        Claim.State.REJECTED.value: pgettext("claim", "未赔付"),
    }[state]


def method_word(method: str) -> str:
    """How the goods come back."""
    return {
        Claim.Method.PICKUP.value: _("上门取件"),
        Claim.Method.LOCKER.value: _("快递柜"),
        Claim.Method.SELF.value: _("自行寄回"),
    }[method]


def reason_word(reason: str) -> str:
    """Why an order has no cover."""
    return {
        Cover.Reason.NOT_ACTIVE.value: _("下单时保障未生效"),
        Cover.Reason.NO_LOGISTICS.value: _("无物流发货"),
        Cover.Reason.FRAUD_RISK.value: _("订单有骗赔风险"),
        Cover.Reason.NOT_CHOSEN.value: _("商品选择不保"),
    }[reason]
