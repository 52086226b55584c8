"""质量抽检: sessions drawn by lot, and their marks."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.calc.sampling import CRITERIA, sample_score
from servicescore.models import QualitySample
from servicescore.rules import compiled_sampling_rules
from servicescore.selectors.samples import sample_of
from servicescore.services.samples import (
    REMARK_CHARS,
    SampleRefusedError,
    StaleSampleError,
    sample_mark,
    samples_draw,
)
from shopguard.lib.api.bodies import ReadSerializer, RowId, text
from shopguard.lib.api.filters import exact, known, on_day
from shopguard.lib.api.problems import Conflict, refused_as_conflict
from stores.api.base import SERVICE, ApiRequest, ShopRecordList, ShopView
from stores.api.once import once
from stores.api.reasons import ReasonInput, reasoned

CLAUSE_CHARS = 16


class SampleSerializer(ReadSerializer):
    """A session of a sample."""

    id = RowId(source="pk", read_only=True, help_text=_("抽检的编号。"))
    consultation_id = text("consultation_ref", _("会话的编号。"))
    score = serializers.SerializerMethodField(help_text=_("四项的平均分；还没打分为 null。"))

    class Meta:
        model = QualitySample
        fields = (
            "id", "consultation_id", "agent", "started_at", "week", "drawn_by", "drawn_at",
            *CRITERIA, "score", "clause", "remark", "scored_by", "scored_at", "version",
        )  # fmt: skip
        extra_kwargs = {
            "started_at": {"help_text": _("会话开始的时间。")},
            "week": {"help_text": _("哪一周抽的，写周一。")},
            "drawn_by": {"help_text": _("谁抽的。")},
            "drawn_at": {"help_text": _("什么时候抽的。")},
            "solved": {"help_text": _("问题解决，1 分起；还没打分为 null。")},
            "tone": {"help_text": _("态度语气，1 分起；还没打分为 null。")},
            "accuracy": {"help_text": _("回答准确，1 分起；还没打分为 null。")},
            "conduct": {"help_text": _("遵守条款，1 分起；还没打分为 null。")},
            "clause": {"help_text": _("像是违反了哪一条；没有为空。")},
            "remark": {"help_text": _("评语。")},
            "scored_by": {"help_text": _("谁打的分；还没打分为空。")},
            "scored_at": {"help_text": _("什么时候打的分。")},
        }

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_score(self, sample: QualitySample) -> float | None:
        """The mean of its marks."""
        return sample_score(sample.marks) if sample.marks else None


class SampleFilters(filters.FilterSet):
    """How samples can be narrowed."""

    agent = exact("agent", _("客服的名字。"))
    week = on_day("week", _("哪一周抽的，写周一。"))
    is_scored = known("scored_at", _("是否打过分。"))


class SampleList(ShopRecordList):
    """Sessions of samples, newest first."""

    serializer_class = SampleSerializer
    filterset_class = SampleFilters
    orderings = ("-started_at",)
    title, about, tag = _("质量抽检"), _("每周随机抽出的会话和打分。"), SERVICE


class DrawnSerializer(serializers.Serializer):
    """What came of it."""

    drawn = serializers.IntegerField(help_text=_("新抽出几段会话。"))


class SampleDraw(ShopView):
    """The way the sample of this week is drawn."""

    serializer_class = DrawnSerializer
    title, tag = _("抽检本周"), SERVICE
    about = _("从近 7 天的会话里随机抽；再抽只补足数量，没有会话时 409。")

    @extend_schema(request=ReasonInput)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Draw it."""
        said = reasoned(ReasonInput, request)
        with refused_as_conflict(SampleRefusedError):
            count = samples_draw(actor=request.user, shop=request.shop, now=timezone.now(), **said)
        return Response({"drawn": count})


class SampleMarkInput(ReasonInput):
    """Marks of a session."""

    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("看到的版本；不符时不改。")
    )
    clause = serializers.CharField(
        max_length=CLAUSE_CHARS, required=False, default="", allow_blank=True,
        help_text=_("像是违反了哪一条，可以不写。"),
    )  # fmt: skip
    remark = serializers.CharField(
        max_length=REMARK_CHARS, required=False, default="", allow_blank=True,
        help_text=_("评语，可以不写。"),
    )  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """A whole number for each criterion, up to the best mark of the rules."""
        best, words = compiled_sampling_rules().best_mark, SampleSerializer.Meta.extra_kwargs
        marks = {
            name: serializers.IntegerField(
                min_value=1, max_value=best, help_text=words[name]["help_text"]
            )
            for name in CRITERIA
        }
        return super().get_fields() | marks


class SampleMark(ShopView):
    """The way a session is scored."""

    serializer_class = SampleSerializer
    title, about, tag = _("给会话打分"), _("再打一次就是更正；别人先打过时 409。"), SERVICE

    @extend_schema(request=SampleMarkInput)
    @once
    def post(self, request: ApiRequest, sample: int, **kwargs: Any) -> Response:
        """Score it."""
        found = sample_of(shop=request.shop, key=sample)
        if found is None:
            raise Http404
        said = reasoned(SampleMarkInput, request)
        marks = {name: said.pop(name) for name in CRITERIA}
        try:
            with refused_as_conflict(SampleRefusedError):
                marked = sample_mark(
                    actor=request.user, sample=found, marks=marks, now=timezone.now(), **said
                )
        except StaleSampleError as error:
            raise Conflict(_now("刚刚有人打过分，没有覆盖。看过现在的分数再改。")) from error
        return Response(SampleSerializer(marked).data)
