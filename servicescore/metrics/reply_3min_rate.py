"""3分钟回复率: the share of consultations answered within three minutes all the way through."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import UNKNOWN, Facts, daily_sums
from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS

ID = "reply_3min_rate"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Consultations answered in time and consultations that count, per shop and day."""
    chats = facts.consultations
    clock = (chats["started"] + SHANGHAI_OFFSET_SECONDS) % SECONDS_PER_DAY
    in_hours = (clock >= rules.reply_opens) & (clock < rules.reply_closes)
    rows = chats[in_hours & (chats["started_by"] == "buyer")]
    out = facts.excluded_rows(rows["id"], "consultation", ID)
    # Unknown queue or gap is stored below zero and so passes as 0 s; an unknown first reply
    # means that nobody ever replied.
    replied = rows["first_reply"] != UNKNOWN
    waits = rows[["queue", "first_reply", "longest_gap"]]
    in_time = replied & (waits < rules.reply_limit).all(axis="columns")
    return daily_sums(rows, num=in_time & ~out, den=~out, excl=out)


METRIC = Metric(
    id=ID,
    label_zh="3分钟回复率",
    label_en="Replied within 3 minutes",
    dimension="consult",
    unit="fraction",
    better="high",
    anchor_zh="咨询开始日",
    anchor_en="the day the consultation started",
    counted_zh=(
        "买家在 09:00–23:00（不含 23:00 整）发起的咨询",
        "排队、首次人工回复、最长间隔都小于 180 秒才算达标",
    ),
    counted_en=(
        "consultations a buyer starts from 09:00 until before 23:00",
        "met only when queue, first human reply and longest gap are each below 180 seconds",
    ),
    not_counted_zh=("商家主动发起的会话", "夜间发起的咨询"),
    not_counted_en=("conversations the shop starts", "consultations started at night"),
    source="3分钟回复率=排队、首响、最大回复间隔均小于3分钟的咨询量/用户主动发起的咨询量（09:00:00–22:59:59）",
    daily=daily,
)
