"""A score rule set in words: what the score page says about how it was computed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from servicescore.calc.declaration import DIMENSIONS
from servicescore.calc.rules import ScoreRules
from servicescore.selectors import metric_words
from shopguard.lib import formats
from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class RuleLine:
    """One rule in words; ``is_assumption`` where the platform publishes no value."""

    label: str
    text: str
    is_assumption: bool


def title(rules: RuleSet) -> str:
    """The name of a rule set."""
    return rules.title_en if formats.is_english() else rules.title_zh


def rule_lines(rules: RuleSet, compiled: ScoreRules) -> list[RuleLine]:
    """What a reader needs to understand a score under ``rules``."""
    share = compiled.rank_share
    return [
        _line(
            rules,
            "window.days",
            _("看多久"),
            _("评分日前 %(days)s 天的订单和服务") % {"days": compiled.window_days},
        ),
        _line(
            rules,
            "window.half_life",
            _("越近越重要"),
            _("每过 %(days)s 天，权重减半") % {"days": formats.number(compiled.half_life)},
        ),
        _line(
            rules, f"dimensions.{compiled.dimensions[0].id}.weight", _("总分"), _weights(compiled)
        ),
        _line(
            rules,
            "ranking.share",
            _("指标得分"),
            _("行业排名占 %(rank)s，数值本身占 %(value)s；同行不足 %(n)s 家时只看数值")
            % {
                "rank": formats.percent(share, 0),
                "value": formats.percent(1 - share, 0),
                "n": compiled.peers,
            },
        ),
        _line(
            rules,
            "total.signed_orders",
            _("何时有总分"),
            _("签收满 %(orders)s 单，且至少 %(dimensions)s 个维度够数")
            % {"orders": compiled.signed_orders, "dimensions": compiled.present_dimensions},
        ),
    ]


def _line(rules: RuleSet, path: str, label: str, text: str) -> RuleLine:
    return RuleLine(label, text, bool(rules.parameters[path].assumption))


def _weights(compiled: ScoreRules) -> str:
    if len({rule.weight for rule in compiled.dimensions}) == 1:
        weight = formats.percent(compiled.dimensions[0].weight, 0)
        return _("%(n)s 个维度各占 %(weight)s，缺的维度由其余分担") % {
            "n": len(compiled.dimensions),
            "weight": weight,
        }
    labels = {dimension.id: metric_words.label(dimension) for dimension in DIMENSIONS}
    return " · ".join(
        f"{labels[rule.id]} {formats.percent(rule.weight, 0)}" for rule in compiled.dimensions
    )
