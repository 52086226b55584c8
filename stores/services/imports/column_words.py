"""What the columns of canonical files are called on screen; one without a word shows its name."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def column_word(name: str) -> str:
    """The name of a column in the language in force."""
    return _words(get_language() or "").get(name, name)


@cache
def _words(language: str) -> dict[str, str]:
    """Every word in the language in force, which is ``language``."""
    return {**_of_orders(), **_of_times(), **_of_cases(), **_of_talk(), **_of_the_rest()}


def _of_orders() -> dict[str, str]:
    return {
        "shop_id": _("店铺编号"), "order_id": _("订单编号"), "line_no": _("行序号"),
        "product_id": _("商品编号"), "sku": _("规格编号"), "spec": _("规格"),
        "quantity": _("数量"), "line_paid": _("本行实付"), "is_cod": _("货到付款"),
        "trade_mode": _("贸易方式"), "channel": _("成交渠道"), "presale_mode": _("预售方式"),
        "presale_days": _("预售天数"), "logistics_mode": _("物流方式"),
        "is_promotion": _("大促订单"), "is_fraud_risk": _("风险订单"), "province": _("收货省份"),
        "order_paid": _("订单实付"), "freight": _("运费"), "buyer": _("买家（只存哈希）"),
    }  # fmt: skip


def _of_times() -> dict[str, str]:
    return {
        "placed_at": _("下单时间"), "paid_at": _("支付时间"), "presale_ship_by": _("预售发货日"),
        "promised_ship_at": _("承诺发货时间"), "shipped_at": _("发货时间"),
        "collected_at": _("揽收时间"), "signed_at": _("签收时间"), "finished_at": _("完成时间"),
        "cancelled_at": _("取消时间"), "created_at": _("创建时间"), "replied_at": _("回复时间"),
        "applied_at": _("申请时间"), "closed_at": _("完结时间"), "opened_at": _("提出时间"),
        "answered_at": _("答复时间"), "started_at": _("开始时间"), "ended_at": _("结束时间"),
        "filed_at": _("报备时间"), "decided_at": _("审核时间"), "occurred_at": _("发生时间"),
        "notified_at": _("通知时间"), "executed_at": _("执行时间"), "deadline_at": _("处理期限"),
        "merchant_received_at": _("商家收货时间"), "last_event_at": _("最近物流时间"),
        "as_of": _("数据时间"), "day": _("日期"), "opened_on": _("开店日期"),
    }  # fmt: skip


def _of_cases() -> dict[str, str]:
    return {
        "case_id": _("售后编号"), "kind": _("类型"), "reason": _("原因"),
        "latest_reason": _("最新原因"), "outcome": _("结果"),
        "waiting_buyer_seconds": _("等待买家秒数"), "requested": _("申请金额"),
        "refunded": _("退款金额"), "return_method": _("退货方式"),
        "return_weight_kg": _("退货重量（千克）"), "return_tracking_no": _("退货运单号"),
        "carrier_cost": _("承运费用"), "complaint_id": _("投诉编号"),
        "excluded_reason": _("剔除原因"), "topic": _("主题"), "text": _("内容"),
        "report_id": _("报备编号"), "cause": _("报备原因"), "evidence": _("凭证"),
        "decision": _("审核结果"), "violation_id": _("违规编号"), "clause": _("条款"),
        "state": _("状态"), "is_counterfeit": _("涉嫌售假"), "points": _("扣分"),
    }  # fmt: skip


def _of_talk() -> dict[str, str]:
    return {
        "review_id": _("评价编号"), "rating": _("评分"), "consultation_id": _("咨询编号"),
        "agent": _("客服"), "started_by": _("发起方"), "queue_seconds": _("排队秒数"),
        "first_reply_at": _("首次回复时间"), "first_reply_seconds": _("首次回复秒数"),
        "longest_gap_seconds": _("最长间隔秒数"),
        "last_message_by": _("最后发言方"),
    }  # fmt: skip


def _of_the_rest() -> dict[str, str]:
    return {
        "title": _("标题"), "category": _("类目"), "price": _("价格"),
        "net_weight_kg": _("净重（千克）"), "is_virtual": _("虚拟商品"),
        "is_made_to_order": _("定制商品"), "on_shelf": _("在售"),
        "guarantee_days": _("保修天数"), "tracking_no": _("运单号"), "courier": _("快递公司"),
        "weight_kg": _("重量（千克）"), "status": _("状态"), "impressions": _("曝光"),
        "visitors": _("访客"), "name": _("名称"), "platform": _("平台"),
        "shop_type": _("店铺类型"), "industry": _("行业"), "main_category": _("主营类目"),
        "base_settings_complete": _("基础设置完成"), "service_mode": _("客服方式"),
        "return_province": _("退货省份"), "metric": _("指标"), "source": _("来源"),
    }  # fmt: skip
