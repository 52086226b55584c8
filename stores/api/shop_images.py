"""店铺照片: the pictures an owner shows of the shop."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from shopguard.lib.api.bodies import ReadSerializer, RowId, text
from shopguard.lib.api.problems import refused_as_invalid
from shopguard.lib.paper_answers import paper_answer
from stores.access import OWNERS, shop_page
from stores.api.appeals import PaperFile
from stores.api.base import SHOPS, ApiList, ApiRequest, ApiView
from stores.api.once import once
from stores.api.reasons import REASON, ReasonInput, reason_asked, reasoned
from stores.models import ShopImage
from stores.selectors.shop_settings import image_of, images_of
from stores.services.shop_settings import MOST_BYTES, image_add, image_drop

FORMAT = OpenApiParameter("format", exclude=True)


class ShopImageSerializer(ReadSerializer):
    """A picture, without what is in it."""

    id = RowId(source="pk", read_only=True, help_text=_("照片的编号。"))
    shop = text("shop.external_id", _("店铺编号。"))
    media_type = serializers.CharField(
        source="media", read_only=True, help_text=_("按内容认出的类型。")
    )

    class Meta:
        model = ShopImage
        fields = ("id", "shop", "media_type", "size", "width", "height", "created_at")
        extra_kwargs = {
            "size": {"help_text": _("字节数。")},
            "width": {"help_text": _("宽，像素。")},
            "height": {"help_text": _("高，像素。")},
        }


class ShopImageInput(ReasonInput):
    """A picture to add."""

    file = serializers.FileField(help_text=_("PNG 或 JPEG，最大 5 MB。"))


class OwnersImages(ApiView):
    """A view of a shop's pictures, for its owners and admins."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = ShopImageSerializer
    tag = SHOPS


class ShopImageList(ApiList, OwnersImages):
    """The pictures, the oldest first, and the way to add one."""

    parser_classes = (MultiPartParser,)
    orderings = ("created_at",)
    title, about = _("店铺照片"), _("店主展示的照片，最多 5 张；内容另外下载。")

    def rows(self) -> QuerySet[ShopImage]:
        """Those of the shop."""
        return images_of(shop=self.request.shop).select_related("shop")

    @extend_schema(
        request=ShopImageInput, responses={201: ShopImageSerializer}, summary=_("添加店铺照片"),
        description=_("按内容认类型，不看文件名，照片里的拍摄信息不保留；不是照片或已满时 400。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Add one."""
        said = reasoned(ShopImageInput, request)
        # One byte more than allowed is enough to refuse what is too large.
        data = said["file"].read(MOST_BYTES + 1)
        with refused_as_invalid("file", ValidationError):
            image = image_add(
                actor=request.user, shop=request.shop, data=data, reason=said["reason"]
            )
        return Response(ShopImageSerializer(image).data, status=201)


class ShopImageFile(OwnersImages):
    """A picture, and the way it is taken away."""

    renderer_classes = (JSONRenderer, PaperFile)
    parameters = frozenset({"reason"})
    title, about = _("下载店铺照片"), _("原样的内容，总是作为附件。")

    @extend_schema(
        parameters=[FORMAT],
        responses={(200, kind): OpenApiTypes.BINARY for kind in ("image/png", "image/jpeg")},
    )
    def get(self, request: ApiRequest, image: int, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        found = image_of(shop=request.shop, image=image)
        if found is None:
            raise Http404
        return paper_answer(bytes(found.content), found.media, name=f"image-{image}")

    @extend_schema(
        parameters=[FORMAT, REASON], responses={204: None}, summary=_("删除店铺照片"),
        description=_("没有这张照片时 404。"),
    )  # fmt: skip
    @once
    def delete(self, request: ApiRequest, image: int, **kwargs: Any) -> Response:
        """Take it away."""
        if image_of(shop=request.shop, image=image) is None:
            raise Http404
        why = reason_asked(request)
        image_drop(actor=request.user, shop=request.shop, image=image, reason=why)
        return Response(status=204)
