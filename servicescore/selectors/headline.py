"""The answer a page begins with: one sentence with its number, built from what was computed."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from servicescore.models import ScoreState
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standing import levels
from shopguard.lib import formats, words
from shopguard.lib.rulesets import RuleSet

# A gate this near counts as near: ten times what a total usually shows as movement.
NEAR = 0.05


@dataclass(frozen=True)
class Gate:
    """A total that unlocks something, with the word for it."""

    value: float
    label: str


def gate_word(level_id: str) -> str:
    """What a level is called on the ruler and in sentences."""
    known = {
        "traffic_weight": pgettext("gate", "五星"),
        "freight_insurance": pgettext("gate", "运费险"),
        "activities": pgettext("gate", "活动"),
    }
    return known.get(level_id, level_id)


def gates_of(rules: RuleSet) -> list[Gate]:
    """The gates of a rule set, lowest first."""
    unlocking = [level for level in levels(rules) if not level.is_risk]
    return [Gate(level.bound, gate_word(level.id)) for level in reversed(unlocking)]


def crossed(before: float | None, now: float | None, gates: list[Gate]) -> Gate | None:
    """The gate between two totals; the lowest one fallen below, the highest one reached."""
    if before is None or now is None:
        return None
    between = [g for g in gates if min(before, now) < g.value <= max(before, now)]
    if not between:
        return None
    return between[0] if now < before else between[-1]


def total_state(view: ScoreView, before: float | None) -> str:
    """``good``, ``watch``, ``urgent`` or ``none`` for a total.

    Urgent: fell below a gate last night, or stands where the rules begin to throttle. Watch: below
    the middle gate, just above a gate, or below the middle of the industry.
    """
    if view.total is None:
        return "none"
    gates = gates_of(view.rule_set)
    risks = [level for level in levels(view.rule_set) if level.is_risk]
    fell = crossed(before, view.total, gates) is not None and view.total < (before or 0)
    if fell or any(view.total < level.bound for level in risks):
        return "urgent"
    middle = gates[len(gates) // 2].value
    is_near = any(0 <= view.total - gate.value < NEAR for gate in gates)
    below_peers = view.percentile is not None and view.percentile < view.rules.peer_middle
    return "watch" if view.total < middle or is_near or below_peers else "good"


def margin_text(total: float, bound: float) -> str:
    """The distance from a total to a bound as it is shown; never a rounded zero."""
    distance = abs(formats.rounded(total, 2) - formats.rounded(bound, 2))
    return _("不到 0.01") if distance == 0 and total != bound else formats.number(distance, 2)


def score_sentence(view: ScoreView, industry: str, before: float | None, state: str) -> SafeString:
    """The sentence about a total, its number marked by state; or why there is no total.

    ``industry`` is the shop's, ``before`` the total of the night before.
    """
    total = view.total
    if total is None:
        return _why_no_total(view, industry)
    gates = gates_of(view.rule_set)
    score = format_html('<em class="answer answer-{}">{}</em>', state, formats.score(total))
    gate = crossed(before, total, gates)
    if gate is not None:
        has_fallen = total < gate.value
        sentence = (
            _("服务分 {score}，昨夜跌破{gate}门槛 {limit}")
            if has_fallen
            else _("服务分 {score}，昨夜升过{gate}门槛 {limit}")
        )
        return _about_gate(sentence, score, gate, total)
    passed = [gate for gate in gates if gate.value <= total]
    if passed and total - passed[-1].value < NEAR:
        return _about_gate(
            _("服务分 {score}，离{gate}门槛 {limit} 只剩 {left}"), score, passed[-1], total
        )
    ahead = [gate for gate in gates if gate.value > total]
    if not ahead:
        return format_html(_("服务分 {score}，全部门槛都已过"), score=score)
    return _about_gate(
        _("服务分 {score}，离{gate}门槛 {limit} 还差 {left}"), score, ahead[0], total
    )


def _about_gate(sentence: str, score: SafeString, gate: Gate, total: float) -> SafeString:
    return format_html(
        sentence,
        score=score,
        gate=gate.label,
        limit=formats.score(gate.value),
        left=margin_text(total, gate.value),
    )


def _why_no_total(view: ScoreView, industry: str) -> SafeString:
    if view.state == ScoreState.TOO_FEW_ORDERS:
        n = view.orders_missing
        sentence = ngettext("再签收 {n} 单就有服务分", "再签收 {n} 单就有服务分", n)
        return format_html(sentence, n=formats.number(n))
    if view.state == ScoreState.TOO_FEW_DIMENSIONS:
        n = view.dimensions_missing
        sentence = ngettext("再有 {n} 项够数就有服务分", "再有 {n} 项够数就有服务分", n)
        return format_html(sentence, n=formats.number(n))
    sentence = _("{industry}行业不计服务分，各项数值照常看")
    return format_html(sentence, industry=words.industry(industry))
