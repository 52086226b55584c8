"""导入: the files that came in, what became of their rows and what was wrong with them."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import ReadSerializer
from shopguard.lib.api.filters import exact, one_of, since, until
from stores.api.base import IMPORTS, ApiList, ApiRequest, ShopView
from stores.models import ImportBatch
from stores.selectors.records import import_batches, import_problems
from stores.services.imports.problems import problem_reported, refusal_text

SHOWN_PROBLEMS = 1000
COUNTS = ("rows", "new", "changed", "unchanged", "rejected", "warnings")


class ImportSerializer(ReadSerializer):
    """One file: rows = new + changed + unchanged + rejected."""

    id = serializers.CharField(source="pk", read_only=True)
    upload = serializers.CharField(
        source="upload.pk", default=None, allow_null=True, read_only=True,
        help_text=_("所发文件的编号，可以下载被拒的行；命令行导入为空。"),
    )  # fmt: skip
    reason = serializers.SerializerMethodField(help_text=_("整个拒绝的原因；没有拒绝为空。"))
    by = serializers.CharField(
        source="user.username", default="", read_only=True, help_text=_("上传的人；命令行为空。")
    )

    class Meta:
        model = ImportBatch
        fields: tuple[str, ...] = (
            "id", "kind", "preset", "file_name", "encoding", "as_of", "status", "reason", *COUNTS,
            "started_at", "finished_at", "by", "upload",
        )  # fmt: skip

    def get_reason(self, batch: ImportBatch) -> str:
        """In the language of who asks."""
        return refusal_text(batch)


class ImportProblemSerializer(serializers.Serializer):
    """What was wrong with one row."""

    line = serializers.IntegerField(help_text=_("文件里的行号。"))
    column = serializers.CharField(help_text=_("列名；整行有误时为空。"))
    value = serializers.CharField(help_text=_("文件里的值；不含个人信息。"))
    reason = serializers.CharField(help_text=_("错在哪里，怎么改。"))
    severity = serializers.ChoiceField(("error", "warning"))


class ImportDetailSerializer(ImportSerializer):
    """One file with its first problems."""

    problems = ImportProblemSerializer(many=True, help_text=_("前 1000 条问题，按行号。"))

    class Meta(ImportSerializer.Meta):
        fields = (*ImportSerializer.Meta.fields, "problems")


class ImportFilters(filters.FilterSet):
    """How imports can be narrowed."""

    kind = exact("kind", _("文件种类。"))
    status = one_of(ImportBatch.Status.values, _("导入的状态。"))
    started_from = since("started_at")
    started_before = until("started_at")


class ImportList(ApiList, ShopView):
    """Imports, newest first."""

    serializer_class = ImportSerializer
    filterset_class = ImportFilters
    orderings = ("-started_at",)
    title, about, tag = _("导入记录"), _("导入到这家店铺的文件和结果。"), IMPORTS

    def rows(self) -> QuerySet[ImportBatch]:
        """The files of the shop."""
        return import_batches(shop=self.request.shop)


class ImportDetail(ShopView):
    """One import."""

    serializer_class = ImportDetailSerializer
    title, about, tag = _("一次导入"), _("一个文件的结果和有问题的行。"), IMPORTS

    def get(self, request: ApiRequest, batch: int, **kwargs: Any) -> Response:
        """The counts and the first problems."""
        found = import_batches(shop=request.shop).filter(pk=batch).first()
        if found is None:
            raise Http404
        stored = import_problems(batch=found, limit=SHOWN_PROBLEMS)
        found.problems = [problem_reported(one) for one in stored]  # type: ignore[attr-defined]
        return Response(ImportDetailSerializer(found).data)
