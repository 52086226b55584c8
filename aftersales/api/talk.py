"""Answers to reviews and complaints, and offers to buyers who returned."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from aftersales.fix_words import OFFER_WORDS
from aftersales.services.talk import AnsweredError, complaint_answer, review_answer
from aftersales.services.win_back import OfferConflictError, OfferRefusedError, offer_note
from shopguard.lib.api.bodies import InputSerializer
from shopguard.lib.api.problems import Conflict
from stores.api.base import RECORDS, ApiRequest, ShopView
from stores.api.once import once
from stores.models import Complaint, Review
from stores.selectors.records import record_key

LARGEST, MOST_FEN = 2**31 - 1, 2**53


class AnswerInput(InputSerializer):
    """The answer given on the platform."""

    id = serializers.CharField(max_length=96, help_text=_("平台上的编号。"))
    text = serializers.CharField(max_length=1000, help_text=_("回复的内容，记入审计。"))


class AnsweredSerializer(serializers.Serializer):
    """When it was answered."""

    id = serializers.CharField(help_text=_("平台上的编号。"))
    answered_at = serializers.DateTimeField(help_text=_("登记回复的时间。"))


def _answered(
    request: ApiRequest, model: type[Any], answer: Callable[..., Any], at: str
) -> Response:
    given = AnswerInput(data=request.data)
    given.is_valid(raise_exception=True)
    data = given.validated_data
    key = record_key(model, shop=request.shop, ref=data["id"])
    if key is None:
        raise Http404
    try:
        row = answer(actor=request.user, shop=request.shop, pk=key, text=data["text"])
    except AnsweredError as error:
        raise Conflict(_("已经登记过回复。")) from error
    told = {"id": row.external_id, "answered_at": getattr(row, at)}
    return Response(AnsweredSerializer(told).data)


class ReviewAnswers(ShopView):
    """Recording an answer to a review."""

    serializer_class = AnswerInput
    title, about, tag = _("登记评价回复"), _("登记已在平台上回复的评价。"), RECORDS

    @extend_schema(request=AnswerInput, responses=AnsweredSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """When it was answered. Raises Conflict where it was before."""
        return _answered(request, Review, review_answer, "replied_at")


class ComplaintAnswers(ShopView):
    """Recording an answer to a complaint."""

    serializer_class = AnswerInput
    title, about, tag = _("登记投诉回复"), _("登记已在平台上回复的投诉。"), RECORDS

    @extend_schema(request=AnswerInput, responses=AnsweredSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """When it was answered. Raises Conflict where it was before."""
        return _answered(request, Complaint, complaint_answer, "answered_at")


class OfferInput(InputSerializer):
    """What a buyer was offered."""

    order_id = serializers.CharField(max_length=96, help_text=_("订单编号。"))
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST, help_text=_("看到的版本，还没有时是 0。")
    )
    offer = serializers.ChoiceField(list(OFFER_WORDS), help_text=_("给了什么。"))
    worth_fen = serializers.IntegerField(
        default=None, allow_null=True, min_value=0, max_value=MOST_FEN,
        help_text=_("值多少分；不知道时为 null。"),
    )  # fmt: skip
    note = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text=_("备注。")
    )


class OfferSerializer(serializers.Serializer):
    """What is noted."""

    order_id = serializers.CharField(source="order_ref", help_text=_("订单编号。"))
    offer = serializers.CharField(help_text=_("给了什么。"))
    version = serializers.IntegerField(help_text=_("现在的版本。"))


class Offers(ShopView):
    """Noting what a buyer who returned was offered."""

    serializer_class = OfferInput
    title, about, tag = _("登记挽回"), _("登记给退货买家的优惠，效果每晚再数。"), RECORDS

    @extend_schema(request=OfferInput, responses={201: OfferSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """What is noted. Raises Conflict at another version, or where nothing came back."""
        given = OfferInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            row = offer_note(
                actor=request.user, shop=request.shop, order_ref=data["order_id"],
                version=data["version"], offer=data["offer"], worth=data["worth_fen"],
                note=data["note"],
            )  # fmt: skip
        except OfferRefusedError as error:
            raise Conflict(_("这个订单没有售后，不用挽回。")) from error
        except OfferConflictError as error:
            raise Conflict(_("这个订单的挽回刚刚被别人改过。")) from error
        return Response(OfferSerializer(row).data, status=status.HTTP_201_CREATED)
