"""Words of violations, penalties and appeals: kinds, states, sanctions, what log lines say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from shopguard.lib.rulesets import RuleSet
from stores.calc.clauses import Clause
from stores.calc.standing import Node, Penalty

KINDS: Mapping[str, Any] = {
    "general": gettext_lazy("一般违规"),
    "severe": gettext_lazy("严重违规"),
    "": gettext_lazy("待定性"),
}
# state -> (colour, icon, word)
STATES: Mapping[str, tuple[str, str, Any]] = {
    "pending": ("watch", "clock", gettext_lazy("待执行")),
    "in_review": ("info", "scale", gettext_lazy("申诉中")),
    "executed": ("urgent", "gavel", gettext_lazy("已执行")),
    "revoked": ("none", "undo-2", gettext_lazy("已撤销")),
}
APPEALS: Mapping[str, Any] = {
    "open": pgettext_lazy("appeal", "审理中"),
    "refused": pgettext_lazy("appeal", "已驳回"),
    "upheld": pgettext_lazy("appeal", "成立"),
}
SANCTIONS: Mapping[str, Any] = {
    "no_activities": gettext_lazy("禁报活动"),
    "traffic_limit": gettext_lazy("限流"),
    "no_listings": gettext_lazy("禁止上新"),
    "shielded": gettext_lazy("店铺屏蔽"),
    "clear_out": gettext_lazy("清退"),
}
SCOPES: Mapping[str, Any] = {
    "chat": gettext_lazy("在线客服"),
    "phone": gettext_lazy("电话"),
    "sms": gettext_lazy("短信"),
    "review": gettext_lazy("评价与回复"),
    "order_note": gettext_lazy("订单备注"),
    "shipping": gettext_lazy("发货"),
}
LINES: Mapping[str, Any] = {
    "noted": gettext_lazy("记入日志"),
    "changed": gettext_lazy("记录更新"),
    "withdrawn": gettext_lazy("不再成立"),
    "violation.register": gettext_lazy("登记违规"),
    "violation.weigh": gettext_lazy("认定性质与分值"),
    "violation.execute": gettext_lazy("执行"),
    "violation.revoke": gettext_lazy("撤销"),
    "violation.silence": gettext_lazy("期满未申诉，自动执行"),
    "appeal.file": gettext_lazy("提交申诉"),
    "violation.undo": gettext_lazy("撤回上一步"),
    "appeal.paper": gettext_lazy("补充申诉材料"),
    "appeal.refuse": gettext_lazy("驳回申诉"),
    "appeal.uphold": gettext_lazy("申诉成立"),
}


def clause_text(clause: Clause | None) -> str:
    """What a clause forbids, in the active language; — where no catalogue has it."""
    if clause is None:
        return "—"
    return clause.text_zh if (get_language() or "").startswith("zh") else clause.text_en


def rule_title(rules: RuleSet) -> str:
    """The name of a rule set in the active language."""
    return rules.title_zh if (get_language() or "").startswith("zh") else rules.title_en


def clause_word(code: str) -> str:
    """``条款 4``; late shipping and unattended by name."""
    named = {"late_shipping": _("延迟发货"), "unattended": _("未接待")}
    return named.get(code) or _("条款 %(code)s") % {"code": code}


def sanction_words(node: Node) -> str:
    """What a node brings, with its days."""
    words = pgettext("list", "、").join(str(SANCTIONS.get(each, each)) for each in node.sanctions)
    if node.days is None:
        return words
    return _("%(what)s %(n)s 天") % {"what": words, "n": node.days}


def penalty_words(penalty: Penalty) -> str:
    """The node's sanctions."""
    return sanction_words(penalty.node)


def node_word(node: Node) -> str:
    """``一般 25 分``."""
    kind = {"general": pgettext("points", "一般"), "severe": pgettext("points", "严重")}[node.kind]
    return _("%(kind)s %(n)s 分") % {"kind": kind, "n": node.points}


def line_word(action: str) -> str:
    """What a line of the penalty log tells; its own name when nobody gave it one."""
    return str(LINES.get(action, action))
