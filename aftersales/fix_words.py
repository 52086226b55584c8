"""What actions, verdicts and offers are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ACTION_WORDS: Mapping[str, Promise] = {
    "size_chart": _("换了新尺码表"),
    "size_reference": _("尺寸配参照物展示"),
    "photos": _("重拍图片"),
    "disclosed": _("写明缺点"),
    "packaging": _("换了包装"),
    "arrival_check": _("到货全检"),
    "packing_check": _("打包复检"),
    "sampling": _("出库抽检"),
    "other": _("其他做法"),
}
SAMPLING = "sampling"
VERDICT_WORDS: Mapping[str, Promise] = {
    "improved": _("变好"),
    "unchanged": _("没变"),
    "worse": _("变差"),
    "too_few": _("件数不足"),
}
VERDICT_TONES: Mapping[str, str] = {
    "improved": "good", "unchanged": "info", "worse": "urgent", "too_few": "none",
}  # fmt: skip
OFFER_WORDS: Mapping[str, Promise] = {
    "coupon": _("大于运费的优惠券"),
    "gift": _("手写卡和小礼物"),
    "vip": _("会员专属服务"),
}


def fix_refusal(why: str, what: str) -> str:
    """Why a fix was not recorded, in a sentence; ``why`` and ``what`` as of FixRefusedError."""
    words = {
        "action": gettext("没有这种做法。"),
        "products": gettext("请选 1 到 50 个商品。"),
        "unknown": gettext("本店没有卖过：%(what)s") % {"what": what},
        "future": gettext("开始日期不能在今天之后。"),
        "order": gettext("订单「%(what)s」里没有这项整改的商品。") % {"what": what},
    }
    return words[why]
