"""夜间运行: what was computed when, step by step, and what failed. For admins."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import ReadSerializer
from shopguard.lib.api.filters import exact, on_day, one_of
from stores.api.base import OVERSIGHT, AdminView, ApiList, ApiRequest
from stores.models import Run, Shard, State, Step
from stores.selectors.run_details import run_with_steps, runs_listed
from stores.selectors.runs import shards_failed

STATES = State.values


class RunSerializer(ReadSerializer):
    """One run."""

    id = serializers.CharField(source="pk", read_only=True)

    class Meta:
        model = Run
        fields: tuple[str, ...] = (
            "id", "day", "rule_set", "rule_hash", "sequence", "trigger", "state", "created_at",
            "finished_at",
        )  # fmt: skip


class StepSerializer(ReadSerializer):
    """One step of a run, with how many of its shards stand where."""

    shards = serializers.DictField(
        child=serializers.IntegerField(), source="shard_counts", help_text=_("各状态的分片数。")
    )

    class Meta:
        model = Step
        fields = ("position", "name", "state", "started_at", "finished_at", "shards")


class FailedShardSerializer(ReadSerializer):
    """A shard that used up its attempts."""

    id = serializers.CharField(source="pk", read_only=True)
    step = serializers.CharField(source="step.name")

    class Meta:
        model = Shard
        fields = ("id", "step", "key", "attempts", "error", "started_at", "finished_at")


class RunDetailSerializer(RunSerializer):
    """One run with its steps and what failed."""

    steps = StepSerializer(source="steps_in_order", many=True)
    failed = FailedShardSerializer(many=True, help_text=_("用尽次数的分片和原因，最多 100 个。"))

    class Meta(RunSerializer.Meta):
        fields = (*RunSerializer.Meta.fields, "steps", "failed")


class RunFilters(filters.FilterSet):
    """How runs can be narrowed."""

    day = on_day("day", _("分数日期。"))
    rule_set = exact("rule_set", _("规则的版本。"))
    trigger = one_of(Run.Trigger.values, _("由什么发起。"))
    state = one_of(STATES, _("走到哪一步。"))


class RunList(ApiList, AdminView):
    """Runs, newest first."""

    serializer_class = RunSerializer
    filterset_class = RunFilters
    orderings = ("-created_at", "day")
    title, about, tag = _("运行"), _("夜间计算和重算。"), OVERSIGHT

    def rows(self) -> QuerySet[Run]:
        """Every run."""
        return runs_listed()


class RunDetail(AdminView):
    """One run."""

    serializer_class = RunDetailSerializer
    title, about, tag = _("一次运行"), _("各步骤走到哪里，哪些分片失败，为什么。"), OVERSIGHT

    def get(self, request: ApiRequest, run: int, **kwargs: Any) -> Response:
        """Its steps and failures."""
        return Response(run_shown(run))


def run_shown(run: int) -> Any:
    """A run with its steps and failures. Raises Http404."""
    found = run_with_steps(run_id=run)
    if found is None:
        raise Http404
    found.failed = shards_failed(run_id=run)[:100]  # type: ignore[attr-defined]
    return RunDetailSerializer(found).data
