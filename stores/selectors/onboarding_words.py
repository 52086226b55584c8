"""Applications in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

COMPANY_TYPES: Mapping[str, Any] = {
    "sole": _("个体工商户"),
    "limited": _("有限责任公司"),
    "joint_stock": _("股份有限公司"),
    "person": _("个人"),
    "other": _("其他"),
}
SHOP_TYPES: Mapping[str, Any] = {
    "individual": _("个人店、个体店"),
    "enterprise": _("普通企业店"),
    "flagship": _("旗舰店、专卖店"),
}
KINDS: Mapping[str, Any] = {"ordinary": _("普通商家"), "local_life": _("本地生活商家")}
MODES: Mapping[str, Any] = {"own": _("自主客服"), "platform": _("平台代运营")}
SCOPES: Mapping[str, Any] = {
    "catering": _("餐饮"),
    "travel": _("旅游"),
    "lodging": _("住宿"),
    "beauty_care": _("美容美发"),
    "fitness": _("健身"),
}
PAPER_WORDS: Mapping[str, Any] = {
    "licence": _("营业执照"),
    "logo": _("品牌标志"),
    "brand_papers": _("商标或授权书（选填）"),
    "organisation_code": _("组织机构代码证（旧证，选填）"),
    "tax_registration": _("税务登记证（旧证，选填）"),
    "other": _("其他材料"),
}
# Badge and word of each state.
STATES: Mapping[str, tuple[str, Any]] = {
    "draft": ("none", _("草稿")),
    "submitted": ("info", _("审核中")),
    "info_requested": ("watch", _("待补材料")),
    "approved": ("good", pgettext_lazy("application", "已通过")),
    "rejected": ("urgent", _("已驳回")),
    "opened": ("good", _("已开店")),
    "withdrawn": ("none", _("已撤回")),
}
REASON_WORDS: Mapping[str, Any] = {
    "unreadable": _("材料看不清"),
    "expired": _("证照过期"),
    "names_differ": _("主体名称不一致"),
    "scope": _("经营范围不符"),
    "brand": _("品牌授权不足"),
    "false_papers": _("材料不实"),
    "other": _("其他"),
}
MOVE_WORDS: Mapping[str, Any] = {
    "submit": _("提交申请"),
    "withdraw": _("撤回了申请"),
    "ask": _("被要求补充材料"),
    "approve": _("通过审核"),
    "reject": _("驳回申请"),
    "deposit": _("保证金到账"),
    "open": _("开店并发布第一个商品"),
}
STEP_WORDS: Mapping[str, Any] = {
    "account": _("注册账号"),
    "qualifications": _("填主体资质"),
    "brand": _("填品牌资料"),
    "shop": _("填店铺资料"),
    "agreement": _("同意服务协议"),
    "review": pgettext_lazy("step", "通过审核"),
    "deposit": _("缴纳保证金"),
    "open": _("开店"),
    "product": _("发布第一个商品"),
    "base_settings": _("完成基础设置"),
    "orders": _("导入第一批订单"),
}
MISSING_WORDS: Mapping[str, Any] = {
    "company_name": _("企业名称"),
    "company_type": _("企业类型"),
    "licence_no": _("统一社会信用代码"),
    "scope": _("经营范围"),
    "licence": _("营业执照"),
    "logo": _("品牌标志"),
    "brand_name": _("品牌名称"),
    "brand_intro": _("品牌介绍"),
    "shop_name": _("店铺名称"),
    "industry": _("行业"),
    "shop_address": _("店铺地址"),
    "contact_phone": _("联系电话"),
    "service_mode": _("客服方式"),
    "agreement": _("勾选同意"),
}
OTHER_FACTS: Mapping[str, Any] = {
    "kind": _("商家类型"),
    "main_category": _("主营类目"),
    "brand_story": _("品牌故事"),
    "shop_type": _("店铺类型"),
}


def missing_words(names: tuple[str, ...]) -> str:
    """What a step still needs, in words; empty where only time or somebody else helps."""
    known = (str(MISSING_WORDS[name]) for name in names if name in MISSING_WORDS)
    return pgettext("list", "、").join(known)
