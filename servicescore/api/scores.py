"""服务分: the history of a shop, and the receipt of one date."""

from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.models import ScoreRevision, ScoreState
from servicescore.models.scores import ScoreQuerySet, published_through
from servicescore.selectors.listed import scores_listed
from servicescore.selectors.metric_words import label
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import ScoreView, score_on, score_revisions
from shopguard.lib.api.bodies import ReadSerializer, text
from shopguard.lib.api.filters import exact, on_day, one_of
from stores.api.base import SCORE, ApiList, ApiRequest, ShopView
from stores.models import Shop


class ScoreSerializer(ReadSerializer):
    """The score of one date."""

    shop = text("shop.external_id", _("店铺编号。"))
    state = serializers.ChoiceField(ScoreState.choices)
    dimensions = serializers.SerializerMethodField(help_text=_("各维度得分；缺失时为 null。"))
    pending = serializers.SerializerMethodField(help_text=_("还没有公布；只有运营和管理员看得到。"))

    class Meta:
        model = ScoreRevision
        fields = (
            "shop", "date", "rule_set", "rule_hash", "revision", "cause", "state", "total", "stars",
            "estimate", "percentile", "peers_n", "signed_orders", "dimensions", "pending",
        )  # fmt: skip

    @extend_schema_field(serializers.DictField(child=serializers.FloatField(allow_null=True)))
    def get_dimensions(self, row: ScoreRevision) -> dict[str, float | None]:
        """Scores by dimension."""
        return {name: part["score"] for name, part in row.dimensions.items()}

    def get_pending(self, row: ScoreRevision) -> bool:
        """Whether owners do not see it yet."""
        return row.date > published_through(timezone.now())


class MetricReceiptSerializer(serializers.Serializer):
    """One metric of a score, with everything its score rests on."""

    id = serializers.CharField(source="metric.id")
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    unit = serializers.CharField(source="metric.unit")
    value = serializers.FloatField(allow_null=True, help_text=_("加权后的值，单位见 unit。"))
    num = serializers.IntegerField(help_text=_("分子的和，存储单位。"))
    den = serializers.IntegerField(help_text=_("分母的和。"))
    n = serializers.IntegerField(help_text=_("窗口内的记录数。"))
    minimum = serializers.IntegerField(help_text=_("至少要多少条记录才计分。"))
    excluded = serializers.IntegerField(source="excl", help_text=_("按规则排除的记录数。"))
    present = serializers.BooleanField(help_text=_("记录够数，参与计分。"))
    percentile = serializers.FloatField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField(help_text=_("在总分里的份额。"))
    estimate = serializers.BooleanField()
    peers = serializers.IntegerField()
    peer_mid = serializers.FloatField(allow_null=True, help_text=_("同行中位数。"))
    peer_top = serializers.FloatField(allow_null=True, help_text=_("同行前列的值。"))

    def get_label(self, score: Any) -> str:
        """The metric's name in the person's language."""
        return label(score.metric)


class DimensionReceiptSerializer(serializers.Serializer):
    """One dimension of a score with its metrics."""

    id = serializers.CharField(source="dimension.id")
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    score = serializers.FloatField(allow_null=True)
    percentile = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField(help_text=_("规则里的权重。"))
    metrics = MetricReceiptSerializer(many=True)

    def get_label(self, score: Any) -> str:
        """The dimension's name in the person's language."""
        return label(score.dimension)


class RevisionSerializer(serializers.Serializer):
    """One computation of the same date: restating adds one, nothing is overwritten."""

    revision = serializers.IntegerField()
    cause = serializers.ChoiceField(ScoreRevision.Cause.choices)
    computed_at = serializers.DateTimeField(help_text=_("计算开始的时间；此前的数据都在内。"))
    run = serializers.CharField(source="run_id", help_text=_("运行编号。"))
    total = serializers.FloatField(allow_null=True)
    stars = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(ScoreState.choices)


class ReceiptSerializer(serializers.Serializer):
    """Everything the score of one date rests on."""

    shop = text("shop.external_id", _("店铺编号。"))
    date = serializers.DateField()
    rule_set = serializers.CharField(source="rule_set.id", help_text=_("所用规则的版本。"))
    rule_hash = serializers.CharField(help_text=_("规则内容的哈希。"))
    revision = serializers.IntegerField()
    cause = serializers.ChoiceField(ScoreRevision.Cause.choices)
    computed_at = serializers.DateTimeField()
    pending = serializers.BooleanField()
    state = serializers.ChoiceField(ScoreState.choices)
    total = serializers.FloatField(allow_null=True)
    stars = serializers.FloatField(allow_null=True)
    estimate = serializers.BooleanField()
    percentile = serializers.FloatField(allow_null=True)
    peers_n = serializers.IntegerField()
    signed_orders = serializers.IntegerField()
    dimensions = DimensionReceiptSerializer(many=True)
    revisions = RevisionSerializer(many=True, help_text=_("同一天同一规则的各次计算，新的在前。"))


class ScoreFilters(filters.FilterSet):
    """How the history can be narrowed."""

    date_from = on_day("date", _("不早于这一天（含）。"), "gte")
    date_to = on_day("date", _("不晚于这一天（含）。"), "lte")
    state = one_of(ScoreState.values, _("有总分，或没有的原因。"))
    rule_set = exact("rule_set", _("规则的版本。"))


class ScoreList(ApiList, ShopView):
    """The history of the total, newest first."""

    serializer_class = ScoreSerializer
    filterset_class = ScoreFilters
    is_conditional = True
    orderings = ("-date",)
    title, tag = _("服务分历史"), SCORE
    about = _("每个分数日期一行。当天的分数在中午 12 点公布，此前只有运营和管理员看得到。")

    def rows(self) -> ScoreQuerySet:
        """One revision per date."""
        staff = self.request.role in STAFF_ROLES
        return scores_listed(shop=self.request.shop, now=timezone.now(), staff=staff)


class ScoreReceipt(ShopView):
    """The score of one date with everything it rests on."""

    serializer_class = ReceiptSerializer
    is_conditional = True
    title, tag = _("一天的服务分"), SCORE
    about = _("总分、维度、指标的来历，所用规则的版本和哈希，以及同一天的各次计算。")

    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The receipt."""
        seen: dict[str, Any] = {"now": timezone.now(), "staff": request.role in STAFF_ROLES}
        view = score_on(request.shop, day=day, **seen)
        if view is None:
            raise Http404
        revisions = score_revisions(request.shop, day=day, rule_set=view.rule_set.id, **seen)
        return Response(ReceiptSerializer(_Receipt(request.shop, view, revisions)).data)


class _Receipt:
    """A score with its revisions, as the serializer reads it."""

    def __init__(self, shop: Shop, view: ScoreView, revisions: list[ScoreView]) -> None:
        self.shop, self.view, self.revisions = shop, view, revisions

    def __getattr__(self, name: str) -> Any:
        return getattr(self.view, name)
