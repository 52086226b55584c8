"""申诉: what the shop wrote against violations, and the papers that prove it."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, text
from shopguard.lib.api.filters import exact, one_of, since, until
from shopguard.lib.api.problems import refused_as_conflict, refused_as_invalid
from shopguard.lib.paper_answers import paper_answer
from shopguard.lib.papers import ENDINGS
from stores.access import OWNERS, shop_page
from stores.api.base import CONDUCT, ApiList, ApiRequest, ApiView
from stores.api.once import once
from stores.models import Appeal, AppealPaper, Shop
from stores.selectors.appeals import appeals_of, paper_content, paper_stem, papers_of
from stores.selectors.case_page import case_named
from stores.services.appeal_papers import PaperRefusedError, paper_read
from stores.services.cases import (
    TEXT_CHARS,
    CaseRefusedError,
    appeal_file,
    appeal_papers_add,
)


class OwnersView(ApiView):
    """A view of one shop for its owners and admins."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    tag = CONDUCT


class PaperFile(BaseRenderer):
    """Lets a program take whatever kind of file a paper is."""

    media_type, format = "*/*", "paper"


class AppealPaperSerializer(ReadSerializer):
    """A paper, without what is in it."""

    id = serializers.CharField(source="pk", read_only=True, help_text=_("材料的编号。"))

    class Meta:
        model = AppealPaper
        fields = ("id", "name", "media_type", "size", "digest", "added_by", "added_at")
        extra_kwargs = {
            "name": {"help_text": _("发来时的文件名，只用于显示。")},
            "media_type": {"help_text": _("按内容认出的类型。")},
            "size": {"help_text": _("字节数。")},
            "digest": {"help_text": _("内容的 SHA-256。")},
            "added_by": {"help_text": _("谁补的。")},
            "added_at": {"help_text": _("什么时候补的。")},
        }


class AppealSerializer(ReadSerializer):
    """One try."""

    id = serializers.CharField(source="pk", read_only=True, help_text=_("申诉的编号。"))
    violation_id = text("violation_ref", _("违规的编号。"))
    state = serializers.ChoiceField(
        Appeal.State.values, help_text=_("open 审理中，refused 已驳回，upheld 成立。")
    )
    papers = serializers.SerializerMethodField(help_text=_("申诉材料。"))

    class Meta:
        model = Appeal
        fields = (
            "id", "violation_id", "attempt", "statement", "filed_by", "filed_at", "state",
            "decided_by", "decided_at", "answer", "papers",
        )  # fmt: skip
        extra_kwargs = {
            "attempt": {"help_text": _("第几次申诉。")},
            "statement": {"help_text": _("申诉理由。")},
            "filed_by": {"help_text": _("谁提交的。")},
            "decided_by": {"help_text": _("谁审理的；还没有结论为空。")},
            "answer": {"help_text": _("结论的理由；还没有结论为空。")},
        }

    @extend_schema_field(AppealPaperSerializer(many=True))
    def get_papers(self, appeal: Appeal) -> Any:
        """Its papers."""
        return AppealPaperSerializer(self.context["papers"].get(appeal.pk, []), many=True).data


class AppealFilters(filters.FilterSet):
    """How appeals can be narrowed."""

    violation_id = exact("violation_ref", _("违规的编号。"))
    state = one_of(Appeal.State.values, _("有没有结论。"))
    filed_from = since("filed_at")
    filed_before = until("filed_at")


class FileAppealSerializer(InputSerializer):
    """An appeal to file."""

    violation_id = serializers.CharField(max_length=96, help_text=_("违规的编号。"))
    statement = serializers.CharField(
        max_length=TEXT_CHARS, help_text=_("申诉理由；提交后不能修改。")
    )


class SendPaperSerializer(InputSerializer):
    """A paper to add."""

    file = serializers.FileField(help_text=_("PNG、JPEG 或 PDF，最大 5 MB。"))


class AppealList(ApiList, OwnersView):
    """Appeals, newest first, and the way to file one."""

    serializer_class = AppealSerializer
    filterset_class = AppealFilters
    orderings = ("-filed_at", "decided_at")
    title, about = _("申诉"), _("店铺对违规的每一次申诉，连同材料和结论。")

    def rows(self) -> QuerySet[Appeal]:
        """Those of the shop."""
        return appeals_of(shop=self.request.shop)

    def beside(self, rows: Iterable[Appeal]) -> dict[str, Any]:
        """The papers of the appeals on the page."""
        return papers_by_appeal(self.request.shop, rows)

    @extend_schema(
        request=FileAppealSerializer,
        responses={201: AppealSerializer},
        summary=_("提交申诉"),
        description=_("没有这件违规时 404；已过期限、次数用完或不在待执行状态时 409，并说明原因。"),
    )
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """File one."""
        said = FileAppealSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        case = case_named(shop=request.shop, external_id=said.validated_data["violation_id"])
        if case is None:
            raise Http404
        statement = said.validated_data["statement"]
        with refused_as_conflict(CaseRefusedError):
            appeal = appeal_file(actor=request.user, case=case, statement=statement)
        shown = AppealSerializer(appeal, context={"papers": {}}).data
        address = reverse("api:appeal", args=[request.shop.external_id, appeal.pk])
        return Response(shown, status=201, headers={"Location": address})


class AppealDetail(OwnersView):
    """One appeal."""

    serializer_class = AppealSerializer
    title, about = _("一次申诉"), _("理由、材料和结论。")

    def get(self, request: ApiRequest, appeal: int, **kwargs: Any) -> Response:
        """With its papers."""
        return Response(shown_of(request, found_of(request, appeal)))


class AppealPaperSend(OwnersView):
    """The way a paper comes in."""

    serializer_class = AppealSerializer
    parser_classes = (MultiPartParser,)
    title = _("补充申诉材料")
    about = _("按内容认类型，不看文件名；同一份再发一次不会重复。已有结论或超过份数时 409。")

    @extend_schema(request=SendPaperSerializer, responses={201: AppealSerializer})
    @once
    def post(self, request: ApiRequest, appeal: int, **kwargs: Any) -> Response:
        """Take a paper."""
        said = SendPaperSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        found = found_of(request, appeal)
        with refused_as_invalid("file", PaperRefusedError), refused_as_conflict(CaseRefusedError):
            paper = paper_read(said.validated_data["file"])
            appeal_papers_add(actor=request.user, appeal=found, papers=[paper])
        return Response(shown_of(request, found), status=201)


class AppealPaperFile(OwnersView):
    """A paper as it was sent."""

    renderer_classes = (JSONRenderer, PaperFile)
    title, about = _("下载申诉材料"), _("原样的内容，总是作为附件。")

    @extend_schema(
        parameters=[OpenApiParameter("format", exclude=True)],
        responses={(200, kind): OpenApiTypes.BINARY for kind in ENDINGS},
    )
    def get(self, request: ApiRequest, paper: int, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        found = papers_of(shop=request.shop).filter(pk=paper).first()
        if found is None:
            raise Http404
        return paper_answer(paper_content(found), found.media_type, name=paper_stem(found))


def found_of(request: ApiRequest, appeal: int) -> Appeal:
    """An appeal of the shop. Raises Http404."""
    found = appeals_of(shop=request.shop).filter(pk=appeal).first()
    if found is None:
        raise Http404
    return found


def shown_of(request: ApiRequest, appeal: Appeal) -> Any:
    """One appeal with its papers."""
    return AppealSerializer(appeal, context=papers_by_appeal(request.shop, [appeal])).data


def papers_by_appeal(shop: Shop, rows: Iterable[Appeal]) -> dict[str, Any]:
    """Papers by the key of their appeal."""
    found: dict[int, list[AppealPaper]] = {}
    for paper in papers_of(shop=shop).filter(appeal__in=list(rows)).order_by("pk"):
        found.setdefault(paper.appeal_id, []).append(paper)
    return {"papers": found}
