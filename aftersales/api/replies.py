"""The replies of a shop and the saved views of its workbench: read, kept, taken away."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from aftersales.selectors.case_page import replies_of_case
from aftersales.selectors.replies import replies_of
from aftersales.selectors.workbench import case_views
from aftersales.services.case_views import (
    MOST_VIEWS,
    TooManyViewsError,
    case_view_drop,
    case_view_save,
)
from aftersales.services.replies import (
    ReplyConflictError,
    UnknownReplyError,
    reply_drop,
    reply_save,
)
from aftersales.templates_data import GROUPS
from shopguard.lib.api.bodies import InputSerializer, RowId
from shopguard.lib.api.problems import Conflict
from stores.api.base import RECORDS, ApiRequest, ShopView
from stores.api.once import once

LARGEST = 2**31 - 1
CASE_ID = OpenApiParameter("case_id", OpenApiTypes.STR, description=_("为哪件售后，写它的编号。"))
Kept = TypeVar("Kept")


class ReplySerializer(serializers.Serializer):
    """A reply as the shop has it."""

    key = serializers.CharField(help_text=_("模板的名字，改动时带上。"))
    group = serializers.ChoiceField(GROUPS, help_text=_("用在哪里。"))
    title = serializers.CharField(help_text=_("模板的标题。"))
    text = serializers.CharField(
        help_text=_("模板的内容；【商品】【订单】【金额】【期限】在售后单上换成实际的值。")
    )
    is_own = serializers.BooleanField(help_text=_("是否由本店改写。"))
    version = serializers.IntegerField(help_text=_("看到的版本；自带的模板是 0。"))


class CoverToldSerializer(serializers.Serializer):
    """What is known of the freight cover of an order."""

    is_covered = serializers.BooleanField(help_text=_("是否有运费险；有才能用讲运费险的模板。"))
    word = serializers.CharField(help_text=_("保障的状态，用你的语言。"))
    detail = serializers.CharField(help_text=_("到什么时候，或为什么没有；没有说明时为空。"))
    claim = serializers.CharField(help_text=_("理赔的状态；没有理赔时为空。"))


class RepliesSerializer(serializers.Serializer):
    """Every reply that was not taken away, or those for one case."""

    replies = ReplySerializer(many=True, help_text=_("按用处排列的模板。"))
    cover = CoverToldSerializer(
        allow_null=True, help_text=_("这件售后的订单的运费险；没指明售后或不知道时为 null。")
    )


class SeenReplyInput(InputSerializer):
    """A reply as it was seen."""

    key = serializers.CharField(max_length=40, help_text=_("模板的名字。"))
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST, help_text=_("看到的版本；被别人改过就不做。")
    )


class ReplyInput(SeenReplyInput):
    """A reply to word."""

    key = serializers.CharField(
        max_length=40, default="", allow_blank=True, help_text=_("模板的名字；空的是新添一条。")
    )
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST, default=0,
        help_text=_("看到的版本，新添时是 0；被别人改过就不做。"),
    )  # fmt: skip
    group = serializers.ChoiceField(GROUPS, help_text=_("用在哪里。"))
    title = serializers.CharField(max_length=60, help_text=_("模板的标题。"))
    text = serializers.CharField(max_length=1000, help_text=_("模板的内容。"))


def _told(request: ApiRequest, code: int = status.HTTP_200_OK) -> Response:
    replies = {"replies": replies_of(shop=request.shop), "cover": None}
    return Response(RepliesSerializer(replies).data, status=code)


def _kept(change: Callable[[], Kept]) -> Kept:
    """What a change leaves; no such reply, or one at another version, as Conflict."""
    try:
        return change()
    except (ReplyConflictError, UnknownReplyError) as error:
        raise Conflict(_("没有这条模板，或者它刚刚被别人改过。")) from error


class Replies(ShopView):
    """The replies, and wording one."""

    serializer_class = RepliesSerializer
    parameters = frozenset({"case_id"})
    title, tag = _("回复模板"), RECORDS
    about = _(
        "本店的回复模板；自带的可以改写，也可以添。指明售后时只有用得上的，已填好实际的值，"
        "没有这件售后时 404。"
    )

    @extend_schema(responses=RepliesSerializer, parameters=[CASE_ID])
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """All of them, or those for a case."""
        case_ref = request.query_params.get("case_id")
        if case_ref is None:
            return _told(request)
        found = replies_of_case(shop=request.shop, case_ref=case_ref)
        if found is None:
            raise Http404
        replies, cover = found
        return Response(RepliesSerializer({"replies": replies, "cover": cover}).data)

    @extend_schema(request=ReplyInput, responses={201: RepliesSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Word a reply or add one. Raises Conflict at another version."""
        given = ReplyInput(data=request.data)
        given.is_valid(raise_exception=True)
        _kept(lambda: reply_save(actor=request.user, shop=request.shop, **given.validated_data))
        return _told(request, status.HTTP_201_CREATED)


class ReplyDrop(ShopView):
    """Taking a reply away."""

    serializer_class = SeenReplyInput
    title, about, tag = _("去掉回复模板"), _("去掉一条模板；自带的也可以去掉。"), RECORDS

    @extend_schema(request=SeenReplyInput, responses=RepliesSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Those that are left. Raises Conflict at another version."""
        given = SeenReplyInput(data=request.data)
        given.is_valid(raise_exception=True)
        _kept(lambda: reply_drop(actor=request.user, shop=request.shop, **given.validated_data))
        return _told(request)


class CaseViewSerializer(serializers.Serializer):
    """A saved view."""

    id = RowId(source="pk", help_text=_("视图的编号。"))
    name = serializers.CharField(help_text=_("视图的名字。"))
    query = serializers.CharField(help_text=_("工作台地址里的筛选部分。"))


class CaseViewsSerializer(serializers.Serializer):
    """The person's own views."""

    views = CaseViewSerializer(many=True, help_text=_("按名字排列。"))


class CaseViewInput(InputSerializer):
    """A selection to keep."""

    name = serializers.CharField(max_length=40, help_text=_("视图的名字；同名的会换成这一个。"))
    query = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text=_("工作台地址里的筛选部分。")
    )


class CaseViews(ShopView):
    """The person's own saved views of the workbench."""

    serializer_class = CaseViewsSerializer
    title, tag = _("工作台的视图"), RECORDS
    about = _("你在这家店铺保存的视图，最多 20 个，别人看不到。")

    @extend_schema(responses=CaseViewsSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """All of them."""
        views = {"views": case_views(shop=request.shop, user=request.user)}
        return Response(CaseViewsSerializer(views).data)

    @extend_schema(request=CaseViewInput, responses={201: CaseViewSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The view kept. Raises Conflict where there are too many."""
        given = CaseViewInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            view = case_view_save(shop=request.shop, user=request.user, **given.validated_data)
        except TooManyViewsError as error:
            told = _("最多保存 %(n)s 个视图，先删掉不用的。") % {"n": MOST_VIEWS}
            raise Conflict(told) from error
        return Response(CaseViewSerializer(view).data, status=status.HTTP_201_CREATED)


class CaseViewDetail(ShopView):
    """Forgetting a view."""

    title, about, tag = _("删除视图"), _("删除你的一个视图；没有它时什么也不做。"), RECORDS

    @extend_schema(responses={204: None})
    @once
    def delete(self, request: ApiRequest, case_view: int, **kwargs: Any) -> Response:
        """Nothing is left to tell."""
        case_view_drop(shop=request.shop, user=request.user, view=case_view)
        return Response(status=status.HTTP_204_NO_CONTENT)
