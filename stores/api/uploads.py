"""发文件: a file is sent, checked, imported by a worker, and can be followed to its end."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer
from shopguard.lib.api.files import FileNegotiation, describes_files
from shopguard.lib.api.filters import exact, one_of, since, until
from shopguard.lib.api.problems import Conflict, FieldError, InvalidRequest, problem
from shopguard.lib.days import SHANGHAI
from shopguard.lib.exports import table_response
from shopguard.lib.uploads import reopener
from stores.access import enter_shop
from stores.api.base import IMPORTS, ApiList, ApiRequest, ApiView, ShopView
from stores.api.imports import COUNTS, ImportProblemSerializer
from stores.api.once import once
from stores.kinds import kind_names
from stores.models import ImportUpload
from stores.presets import presets
from stores.selectors.uploads import rows_rejected, uploads_of
from stores.services.imports.problems import reason_text
from stores.services.imports.shown import counts_shown, problems_shown, rejected_columns
from stores.services.imports.source import RefusedError, Source
from stores.services.uploads import (
    UnclearError,
    UploadStateError,
    Wish,
    upload_begin,
    upload_drop,
    upload_stop,
    upload_take,
)

SHOWN_PROBLEMS = 200
State = ImportUpload.State
CHANGES: Mapping[str, Callable[..., Any]] = {
    State.IMPORTING.value: upload_begin,
    State.STOPPED.value: upload_stop,
    State.DROPPED.value: upload_drop,
}


class UploadCountsSerializer(serializers.Serializer):
    """rows = new + changed + unchanged + rejected."""

    def get_fields(self) -> dict[str, Any]:
        """One whole number each."""
        return {name: serializers.IntegerField() for name in COUNTS}


class UploadSerializer(ReadSerializer):
    """A file and where it stands."""

    id = serializers.CharField(source="pk", read_only=True, help_text=_("所发文件的编号。"))
    shop = serializers.CharField(
        source="shop.external_id", read_only=True, help_text=_("店铺编号。")
    )
    batch = serializers.CharField(
        source="batch_id", read_only=True, allow_null=True, help_text=_("导入编号；确认后才有。")
    )

    class Meta:
        model = ImportUpload
        fields: tuple[str, ...] = (
            "id", "shop", "kind", "preset", "file_name", "encoding", "as_of", "state", "done",
            "total", "batch", "error", "created_at", "begun_at", "finished_at",
        )  # fmt: skip
        extra_kwargs = {
            "state": {
                "help_text": _(
                    "checking 检查中，checked 等确认，importing 导入中，done 已导入，"
                    "stopped 已停止，failed 出错，dropped 没有导入。"
                )
            },
            "done": {"help_text": _("处理到第几行。")},
            "total": {"help_text": _("文件的行数。")},
            "error": {"help_text": _("出错的原因；没有出错为空。")},
            "begun_at": {"help_text": _("开始导入的时间。")},
        }


class UploadDetailSerializer(UploadSerializer):
    """A file with what became of its rows."""

    counts = serializers.SerializerMethodField(
        help_text=_("检查或导入的结果；两样都还没有时全是 0。")
    )
    problems = serializers.SerializerMethodField(
        help_text=_("前 200 条问题，被拒的在前；全部在 imports 里。")
    )

    class Meta(UploadSerializer.Meta):
        fields = (*UploadSerializer.Meta.fields, "counts", "problems")

    @extend_schema_field(UploadCountsSerializer)
    def get_counts(self, upload: ImportUpload) -> Any:
        """Of the import, before it of the check."""
        return UploadCountsSerializer(counts_shown(upload)).data

    @extend_schema_field(ImportProblemSerializer(many=True))
    def get_problems(self, upload: ImportUpload) -> Any:
        """Of the same."""
        found = problems_shown(upload, limit=SHOWN_PROBLEMS)
        return ImportProblemSerializer(found, many=True).data


class SendSerializer(InputSerializer):
    """A file and what is known about it."""

    shop = serializers.CharField(max_length=96, help_text=_("店铺编号。"))
    file = serializers.FileField(help_text=_("CSV、XLSX 或接口导出的 JSON。"))
    kind = serializers.ChoiceField(
        list(kind_names()), required=False, help_text=_("文件种类；不写就按表头识别。")
    )
    preset = serializers.ChoiceField(
        sorted(presets()), required=False, help_text=_("导出格式；不写就按表头识别。")
    )
    as_of = serializers.DateTimeField(
        required=False,
        default_timezone=SHANGHAI,
        help_text=_("文件导出的时间；不写就是现在。填了它，较新的数据不会被改回去。"),
    )
    dry_run = serializers.BooleanField(
        default=False, help_text=_("只检查，等确认后再导入；不确认就不写入。")
    )


class ChangeSerializer(InputSerializer):
    """Where the file is to go."""

    state = serializers.ChoiceField(
        sorted(CHANGES),
        help_text=_("importing 确认导入或接着导，stopped 停止，dropped 不导入。"),
    )


class UploadFilters(filters.FilterSet):
    """How files can be narrowed."""

    kind = exact("kind", _("文件种类。"))
    state = one_of(State.values, _("文件的状态。"))
    created_from = since("created_at")
    created_before = until("created_at")


class UploadSend(ApiView):
    """The way a file comes in."""

    serializer_class = UploadDetailSerializer
    parser_classes = (MultiPartParser,)
    title, tag = _("导入一个文件"), IMPORTS
    about = _(
        "好行由后台导入，坏行带着原因退回；回答里的 Location 可以看进度。写 dry_run 就只检查。"
        "表头认不出、格式不对的文件整个拒绝，什么都不写入。"
    )
    door_hides = True

    @extend_schema(request=SendSerializer, responses={201: UploadDetailSerializer})
    @once
    def post(self, request: ApiRequest) -> HttpResponseBase:
        """Take a file."""
        said = SendSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        sent = said.validated_data
        enter_shop(request, sent["shop"])
        try:
            upload = upload_take(
                shop=request.shop,
                user=request.user,
                is_trusted=request.role == "admin",
                source=Source(sent["file"].name, sent["file"].size, reopener(sent["file"])),
                wish=_wish(sent),
            )
        except RefusedError as error:
            # An answer, not an exception: the refusal stays in the shop's history.
            status = 413 if error.code == "too_large" else 400
            return _refused(request, reason_text(error.code, error.params), status)
        except UnclearError as unclear:
            return _refused(request, _unclear_text(unclear))
        shown = UploadDetailSerializer(upload).data
        address = reverse("api:upload", args=[request.shop.external_id, upload.pk])
        return Response(shown, status=201, headers={"Location": address})


class UploadList(ApiList, ShopView):
    """Files that were sent, newest first."""

    serializer_class = UploadSerializer
    filterset_class = UploadFilters
    orderings = ("-created_at",)
    title, about, tag = _("发来的文件"), _("发给这家店铺的文件和各自走到哪里。"), IMPORTS

    def rows(self) -> QuerySet[ImportUpload]:
        """The files of the shop."""
        return uploads_of(shop=self.request.shop)


class UploadDetail(ShopView):
    """One file."""

    serializer_class = UploadDetailSerializer
    title, about, tag = _("发来的一个文件"), _("走到哪里，收下和退回了多少。"), IMPORTS

    def get(self, request: ApiRequest, upload: int, **kwargs: Any) -> Response:
        """Where it stands."""
        return Response(UploadDetailSerializer(self._found(upload)).data)

    @extend_schema(
        request=ChangeSerializer,
        summary=_("确认、停止或放弃一个文件"),
        description=_("文件已经不在能这样做的状态时回答 409，并说明现在的状态。"),
    )
    @once
    def patch(self, request: ApiRequest, upload: int, **kwargs: Any) -> Response:
        """Begin, stop or drop it."""
        said = ChangeSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        found = self._found(upload)
        wanted = said.validated_data.get("state")
        try:
            if wanted:
                CHANGES[wanted](upload=found)
        except UploadStateError as error:
            text = _("文件现在的状态是 %(state)s，不能这样做。") % {"state": found.state}
            raise Conflict(text) from error
        return Response(UploadDetailSerializer(self._found(upload)).data)

    def _found(self, upload: int) -> ImportUpload:
        return _found(self.request, upload)


class UploadRejected(FileNegotiation, ShopView):
    """The rows of a file that did not land."""

    title, tag = _("下载被拒的行"), IMPORTS
    about = _(
        "没有收下的行，列名和值照原文件（个人信息的列除外），加一列 error 说明哪里不对。"
        "改好后可以原样再发；没有被拒的行时只有表头。"
    )

    @describes_files
    def get(self, request: ApiRequest, upload: int, kind: str, **kwargs: Any) -> HttpResponseBase:
        """The same file as on the page."""
        found = _found(request, upload)
        name = f"{found.file_name.rsplit('.', 1)[0]}-rejected"
        return table_response(kind, name, rejected_columns(found), rows_rejected(upload=found))


def _found(request: ApiRequest, upload: int) -> ImportUpload:
    found = uploads_of(shop=request.shop).filter(pk=upload).first()
    if found is None:
        raise Http404
    return found


def _wish(sent: Mapping[str, Any]) -> Wish:
    """What was said about the file. Raises InvalidRequest for a preset of another kind."""
    kind, preset = sent.get("kind", ""), sent.get("preset", "")
    if kind and preset and not presets()[preset].fits(kind):
        text = str(_("这种格式读不了这类文件。"))
        raise InvalidRequest([FieldError("body", "preset", text)])
    return Wish(
        kind=kind,
        preset=preset,
        as_of=sent.get("as_of"),
        is_sure=not sent["dry_run"],
    )


def _refused(request: ApiRequest, text: str, status: int = 400) -> HttpResponseBase:
    return problem(request._request, status, errors=[FieldError("body", "file", text)])


def _unclear_text(unclear: UnclearError) -> str:
    """Which columns are missing, and for what."""
    if unclear.best is None:
        return str(_("表头里没有认识的列。请写明 kind，或在网页上逐列对应一次。"))
    missing = ", ".join(unclear.best.missing)
    text = _("最像 %(kind)s，但缺少必需的列：%(columns)s")
    return str(text % {"kind": unclear.best.kind.name, "columns": missing})
