"""指标: what each metric means, as the rules in force define it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.calc.declaration import Metric
from servicescore.metrics import metrics
from servicescore.models.scores import published_through
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors import metric_words
from stores.api.base import SCORE, ApiRequest, ShopView


class MetricSerializer(serializers.Serializer):
    """The definition of one metric."""

    id = serializers.CharField(help_text=_("指标代码。"))
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    dimension = serializers.CharField(help_text=_("所属维度的代码。"))
    unit = serializers.ChoiceField(("stars", "fraction", "hours"))
    better = serializers.ChoiceField(("high", "low"), help_text=_("哪个方向更好。"))
    minimum = serializers.SerializerMethodField(help_text=_("至少要多少条记录才计分。"))
    counted_on = serializers.SerializerMethodField(help_text=_("一条记录计在哪一天。"))
    counted = serializers.SerializerMethodField()
    not_counted = serializers.SerializerMethodField()
    source = serializers.CharField(help_text=_("规则原文。"))  # type: ignore[assignment]

    def get_label(self, metric: Metric) -> str:
        """The name in the person's language."""
        return metric_words.label(metric)

    def get_minimum(self, metric: Metric) -> int:
        """How many records it needs."""
        minimum: int = self.context["rules"].metrics[metric.id].minimum
        return minimum

    def get_counted_on(self, metric: Metric) -> str:
        """The anchor day in words."""
        return metric_words.anchor(metric)

    def get_counted(self, metric: Metric) -> list[str]:
        """Examples of what counts."""
        return list(metric_words.counted(metric))

    def get_not_counted(self, metric: Metric) -> list[str]:
        """Examples of what does not."""
        return list(metric_words.not_counted(metric))


class MetricDefinitionsSerializer(serializers.Serializer):
    """The metrics of a rule set."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    rule_set = serializers.CharField(help_text=_("现行规则的版本。"))
    rule_hash = serializers.CharField(help_text=_("规则内容的哈希。"))
    metrics = MetricSerializer(many=True)


class MetricDefinitions(ShopView):
    """The metrics of the rules in force."""

    serializer_class = MetricDefinitionsSerializer
    is_conditional = True
    title, about, tag = _("指标定义"), _("现行规则下每个指标的名称、单位、方向和来源。"), SCORE

    @extend_schema(responses=MetricDefinitionsSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The definitions."""
        rules = score_book().in_force(published_through(timezone.now()))
        compiled = compiled_score_rules(rules.id)
        known = metrics()
        content = {
            "shop": request.shop.external_id,
            "rule_set": rules.id,
            "rule_hash": rules.hash,
            "metrics": [known[name] for name in compiled.metrics],
        }
        return Response(MetricDefinitionsSerializer(content, context={"rules": compiled}).data)
