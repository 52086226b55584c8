"""What states, steps and reasons are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_states import IllegalStepError

KIND_WORDS: Mapping[str, Promise] = {
    "refund_unshipped": _("仅退款 未发货"),
    "refund_shipped": _("仅退款 已发货"),
    "return_refund": _("退货退款"),
    "exchange": _("换货"),
    "freight_only": _("仅退运费"),
}
STATE_WORDS: Mapping[str, Promise] = {
    "review": _("待审核"),
    "buyer_sends": _("等买家寄回"),
    "receipt": _("待收货"),
    "refund_due": _("待退款"),
    "ship_back": _("待换出"),
    "buyer_confirms": _("等买家确认"),
    "platform": _("平台介入"),
    "completed": _("已完成"),
    "rejected": _("已驳回"),
    "closed": _("已关闭"),
    "cancelled": _("买家已撤销"),
}
STEP_WORDS: Mapping[str, Promise] = {
    "approve": _("同意申请"),
    "refund": _("退款"),
    "sent": _("买家已寄出"),
    "receive": _("确认收货"),
    "extend": _("延长收货期"),
    "ship_back": _("换货已发出"),
    "confirm": _("买家已确认"),
    "reject": _("驳回"),
    "expire": _("买家逾期未寄，关闭"),
    "involve": _("平台介入"),
    "rule_return": _("平台判退货"),
    "rule_refund": _("平台判退款"),
    "rule_close": _("平台判关闭"),
    "cancel": _("买家撤销"),
}
NOTE_WORDS: Mapping[str, Promise] = {
    "reply": _("已回复买家"),
    "contact": _("已联系买家"),
    "chase": _("买家催促"),
    "note": _("内部备注"),
    "condition": _("登记商品状况"),
    "imported": _("随文件导入"),
    "undo": _("撤销上一步"),
    "apply": _("买家申请"),
}
FAST_REFUND_WORD = _("极速退款")
CONDITION_WORDS: Mapping[str, Promise] = {
    "intact": _("完好"),
    "packaging": _("外包装破损"),
    "unsealed": _("已拆封"),
    "used": _("有使用痕迹"),
}
STANDING_WORDS: Mapping[str, Promise] = {
    "inside": _("期内"),
    "outside": _("超期"),
    "exempt": _("不适用"),
}
VERDICT_WORDS: Mapping[str, Promise] = {
    "within": _("申请时还在保障期内"),
    "after_end": _("申请时保障期已过"),
    "not_signed": _("还没签收，保障期还没开始"),
    "quality": _("首次原因属品质问题，品质问题总是符合"),
    "made_to_order": _("定制商品，不适用无理由退货"),
    "virtual": _("虚拟商品，不适用无理由退货"),
    "category": _("这个类目不适用无理由退货"),
    "unsealed": _("这个类目拆封后不适用"),
    "packaging": _("外包装破损不影响"),
    "used": _("有使用痕迹，可能不符合，请核对"),
    "estimated": _("没有那一年的节假日安排，按自然日估算"),
}
REFUSALS: Mapping[str, Promise] = {
    "state": _("现在是「%(state)s」，不能%(step)s。"),
    "kind": _("「%(kind)s」没有这一步：%(step)s。"),
    "unknown": _("没有这一步。"),
    "reason": _("驳回要写明理由。"),
    "contact": _("驳回前要先登记与买家的联系。"),
    "once": _("收货期只能延长一次，已经延长过了。"),
}


def state_word(state: str) -> str:
    """What a state is called."""
    return str(STATE_WORDS.get(state, state))


def kind_word(kind: str) -> str:
    """What a kind of case is called."""
    return str(KIND_WORDS.get(kind, kind))


def event_word(name: str) -> str:
    """What an event is called."""
    return str(STEP_WORDS.get(name) or NOTE_WORDS.get(name) or name)


def refusal(error: IllegalStepError) -> str:
    """Why a step was refused, in a sentence."""
    return str(REFUSALS[error.why]) % {
        "state": state_word(error.state),
        "kind": kind_word(error.kind),
        "step": STEP_WORDS.get(error.name, error.name),
    }
