"""Saved views of the penalty log, each admin's own."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, RowId
from shopguard.lib.api.problems import Conflict
from stores.api.base import CONDUCT, AdminView, ApiList, ApiRequest
from stores.api.once import once
from stores.models import PenaltyView
from stores.selectors.penalty_page import views_of
from stores.services.penalty_views import TooManyViewsError, penalty_view_drop, penalty_view_save

NAME_CHARS, QUERY_CHARS = 40, 500


class PenaltyViewSerializer(ReadSerializer):
    """A selection somebody kept."""

    id = RowId(source="pk", read_only=True, help_text=_("视图的编号。"))

    class Meta:
        model = PenaltyView
        fields = ("id", "name", "query")
        extra_kwargs = {"query": {"help_text": _("处罚日志网页地址里问号后面的部分。")}}


class PenaltyViewInput(InputSerializer):
    """A selection to keep."""

    name = serializers.CharField(max_length=NAME_CHARS, help_text=_("名字；同名的被替换。"))
    query = serializers.CharField(
        max_length=QUERY_CHARS, required=False, default="", allow_blank=True,
        help_text=_("处罚日志网页地址里问号后面的部分。"),
    )  # fmt: skip


class PenaltyViewList(ApiList, AdminView):
    """The views, by name, and the way to keep one."""

    serializer_class = PenaltyViewSerializer
    orderings = ("name",)
    title, about, tag = _("保存的视图"), _("自己给处罚日志保存的筛选。"), CONDUCT

    def rows(self) -> QuerySet[PenaltyView]:
        """Those of the person."""
        return views_of(user=self.request.user)

    @extend_schema(
        request=PenaltyViewInput, responses={201: PenaltyViewSerializer},
        summary=_("保存视图"), description=_("已有 20 个时 409。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Keep one."""
        given = PenaltyViewInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            kept = penalty_view_save(user=request.user, **given.validated_data)
        except TooManyViewsError as error:
            raise Conflict(_now("最多保存 20 个视图，先删掉不用的。")) from error
        return Response(PenaltyViewSerializer(kept).data, status=201)


class PenaltyViewDetail(AdminView):
    """One view."""

    serializer_class = PenaltyViewSerializer
    title, about, tag = _("删除视图"), _("不影响别人的视图。"), CONDUCT

    @extend_schema(responses={204: None})
    @once
    def delete(self, request: ApiRequest, penalty_view: int) -> Response:
        """Forget it."""
        if not penalty_view_drop(user=request.user, view=penalty_view):
            raise Http404
        return Response(status=204)
