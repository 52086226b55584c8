"""根因: which goods come back most, and why one product or SKU does."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.sums import (
    BASIS_PARAMETERS,
    CHOICES,
    CountedSerializer,
    CutValueSerializer,
    ReasonCountSerializer,
    counted,
    known_basis,
)
from aftersales.selectors.goods_page import goods_page
from aftersales.selectors.root_cause import SOURCES, Quote, RootCause, goods_asked, root_cause
from shopguard.lib.days import shanghai_day
from stores.api.base import RECORDS, ApiRequest, ShopView

GOODS = ("product_id", "sku")


class GoodsToChooseSerializer(CountedSerializer):
    """The goods to choose from, by the basis that is asked for."""

    products = CutValueSerializer(many=True, help_text=_("退得最多的商品，最多 25 个。"))
    skus = CutValueSerializer(many=True, help_text=_("退得最多的规格，最多 25 个。"))


class WordCountSerializer(serializers.Serializer):
    """A word many texts share."""

    word = serializers.CharField(help_text=_("反复出现的词。"))
    texts = serializers.IntegerField(help_text=_("有这个词的文字条数。"))


class CauseQuoteSerializer(serializers.Serializer):
    """A text about the goods."""

    text = serializers.CharField(help_text=_("文字，已去掉个人信息；太长时只有开头。"))
    words = serializers.ListField(
        child=serializers.CharField(), help_text=_("其中反复出现的词，按在文字里的顺序。")
    )
    told = serializers.CharField(help_text=_("出自哪里：星级、售后单或订单，用你的语言。"))
    at = serializers.DateTimeField(help_text=_("什么时候写的。"))


class CauseSourceSerializer(serializers.Serializer):
    """One kind of text."""

    kind = serializers.ChoiceField(SOURCES, help_text=_("哪一类文字。"))
    title = serializers.CharField(help_text=_("哪一类文字，用你的语言。"))
    counted_by = serializers.CharField(source="basis", help_text=_("按什么日期，用你的语言。"))
    count = serializers.IntegerField(help_text=_("读了多少条，最多 80 条。"))
    words = WordCountSerializer(many=True, help_text=_("这一类文字里反复出现的词。"))
    quotes = CauseQuoteSerializer(many=True, help_text=_("最近的几条。"))


class CauseSerializer(serializers.Serializer):
    """Why the goods come back: reasons and texts side by side."""

    product_id = serializers.CharField(help_text=_("商品编号；问的是规格时为空。"))
    sku = serializers.CharField(help_text=_("规格编号；问的是商品时为空。"))
    title = serializers.CharField(help_text=_("商品的标题，没有时是编号。"))
    first_day = serializers.DateField(help_text=_("第一天，按申请日。"))
    last_day = serializers.DateField(help_text=_("最后一天，按申请日。"))
    cases = serializers.IntegerField(
        source="total", help_text=_("售后件数，不含仅退运费和买家撤销的。")
    )
    reasons = ReasonCountSerializer(many=True, help_text=_("首次原因，多的在前。"))
    words = WordCountSerializer(many=True, help_text=_("三类文字合起来反复出现的词。"))
    sources = CauseSourceSerializer(many=True, help_text=_("评价、处理记录、咨询。"))


class RootCauseSerializer(serializers.Serializer):
    """The goods to choose from, or why those that were named come back."""

    goods = GoodsToChooseSerializer(
        allow_null=True, help_text=_("可选的商品和规格；指明了商品时为 null。")
    )
    cause = CauseSerializer(allow_null=True, help_text=_("指明的商品为什么退；没指明时为 null。"))


@extend_schema(
    parameters=[
        *BASIS_PARAMETERS,
        OpenApiParameter("product_id", OpenApiTypes.STR, description=_("哪个商品。")),
        OpenApiParameter(
            "sku", OpenApiTypes.STR, description=_("哪个规格；同时写了商品时看商品。")
        ),
    ]
)
class RootCauses(ShopView):
    """The way from the goods to why they come back."""

    serializer_class = RootCauseSerializer
    is_conditional = True
    parameters = frozenset({*CHOICES, *GOODS})
    title, tag = _("根因"), RECORDS
    about = _(
        "不指明商品时是退得最多的商品和规格，还没算过时没有；指明后是近 90 天的首次原因、评价、"
        "处理记录和咨询。背后的售后单在售后列表里，用同样的商品、原因、is_return 和申请时间筛选。"
    )

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Both ways. Raises Http404 for goods nobody bought."""
        known_basis(request)
        asked, today = request.query_params.copy(), shanghai_day(timezone.now())
        asked["product"] = asked.get("product_id", "")
        told: dict[str, Any] = {"goods": None, "cause": None}
        if goods_asked(asked) is None:
            goods = goods_page(shop=request.shop, asked=asked, today=today)
            if goods is None:
                raise Http404
            lists = {"products": goods.products, "skus": goods.skus}
            told["goods"] = counted(goods.cuts) | lists
        else:
            cause = root_cause(shop=request.shop, asked=asked, today=today)
            if cause is None:
                raise Http404
            told["cause"] = _cause(cause)
        return Response(RootCauseSerializer(told).data)


def _cause(page: RootCause) -> dict[str, Any]:
    same = {name: getattr(page, name) for name in ("title", "first_day", "last_day", "total")}
    return same | {
        "product_id": page.ref if page.by == "product" else "",
        "sku": page.ref if page.by == "sku" else "",
        "reasons": [{"reason": reason, "returns": n} for reason, n, _query, _is in page.reasons],
        "words": _words(page.words),
        "sources": [
            {
                "kind": source.kind, "title": source.title, "basis": source.basis,
                "count": source.count, "words": _words(source.words),
                "quotes": [_quote(quote) for quote in source.quotes],
            }
            for source in page.sources
        ],
    }  # fmt: skip


def _words(found: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"word": word, "texts": n} for word, n in found]


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": "".join(piece for piece, _is_word in quote.pieces),
        "words": [piece for piece, is_word in quote.pieces if is_word],
        "told": quote.told,
        "at": quote.at,
    }
