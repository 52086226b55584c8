"""Signals in words: what was seen, with its figures, and what to do about it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from freightins.models import FraudSignal
from shopguard.lib import formats

BUYER_CHARS = 6  # of the keyed hash: enough to tell two buyers of a page apart


def kind_word(kind: str) -> str:
    """What a kind of signal is called."""
    return {
        FraudSignal.Kind.SAME_TRACKING.value: _("同一个退货单号用了几次"),
        FraudSignal.Kind.MANY_CLAIMS.value: _("同一买家多次理赔"),
        FraudSignal.Kind.NOT_DELIVERED.value: _("买家没有签收，却有退货到店"),
        FraudSignal.Kind.LIGHT.value: _("退回的比发出的轻得多"),
        FraudSignal.Kind.OVER_COST.value: _("赔付多次高于实际运费"),
    }[kind]


def evidence_words(signal: FraudSignal) -> str:
    """The figures behind a signal in one sentence."""
    figures: dict[str, int] = signal.figures
    n = figures.get("claims", 0)
    if signal.kind == FraudSignal.Kind.SAME_TRACKING:
        text = ngettext("%(n)s 件理赔都写 %(key)s", "%(n)s 件理赔都写 %(key)s", n)
        return text % {"n": n, "key": signal.key}
    if signal.kind == FraudSignal.Kind.MANY_CLAIMS:
        text = ngettext(
            "买家 %(buyer)s 在 %(days)s 天内 %(n)s 件",
            "买家 %(buyer)s 在 %(days)s 天内 %(n)s 件",
            n,
        )
        return text % {"n": n, "buyer": buyer_word(signal.key), "days": figures.get("days", 0)}
    if signal.kind == FraudSignal.Kind.LIGHT:
        words = {
            "back": formats.number(figures["returned"]),
            "out": formats.number(figures["sent"]),
        }
        return _("发出 %(out)s 克，退回 %(back)s 克") % words
    if signal.kind == FraudSignal.Kind.OVER_COST:
        text = ngettext(
            "买家 %(buyer)s %(n)s 件，共多得 %(gain)s",
            "买家 %(buyer)s %(n)s 件，共多得 %(gain)s",
            n,
        )
        gain = formats.yuan(figures.get("gain", 0))
        return text % {"n": n, "buyer": buyer_word(signal.key), "gain": gain}
    return _("物流没有签收记录，商家已登记收到退货")


def advice_words(kind: str) -> str:
    """What to do about a kind of signal."""
    return {
        FraudSignal.Kind.SAME_TRACKING.value: _("查这个单号的重量和签收，只认一件。"),
        FraudSignal.Kind.MANY_CLAIMS.value: _(
            "看这几单的原因和状况；真不合适的买家，请客服问清需求。"
        ),
        FraudSignal.Kind.NOT_DELIVERED.value: _("先向快递核实去程，再确认收货。"),
        FraudSignal.Kind.LIGHT.value: _("拆包录像，少件就按少件处理，向平台申诉。"),
        FraudSignal.Kind.OVER_COST.value: _("留好运单，向平台反馈；赔付由平台判断。"),
    }[kind]


def buyer_word(reference: str) -> str:
    """A short reference of a buyer: nobody's name is kept."""
    return reference.rpartition(":")[2][:BUYER_CHARS]
