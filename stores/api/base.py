"""What every resource of the API stands on. A resource declares; this file does the rest.

A list of records is a serializer, its filters and four lines:

    class ReviewList(ShopRecordList):
        serializer_class = ReviewSerializer
        filterset_class = ReviewFilter
        orderings = ("-created_at", "rating")
        title, about = _("评价"), _("买家对订单的评价。")
        tag = RECORDS

Its rows are always those of the shop the door let the person into.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from shopguard.lib.api.bodies import BoundedJsonParser
from shopguard.lib.api.filters import StrictFilters, refuse_unknown
from shopguard.lib.api.pages import PAGE_PARAMETERS, CursorPages
from shopguard.lib.api.problems import handle_exception
from shopguard.lib.api.schema import ApiSchema
from shopguard.lib.api.throttle import PersonThrottle
from stores.access import Audience, admin_page, policy_of, shop_page, signed_in
from stores.api.door import DoorAuthentication, TokenMayWrite
from stores.api.once import is_once
from stores.models import ApiToken, Shop, User
from stores.selectors.records import nothing_of, records_of

# The parts of the documentation, in its order.
SHOPS = _("店铺")
SCORE = _("服务分")
RECORDS = _("记录")
CONDUCT = _("违规与申诉")
SERVICE = _("客服考核")
ONBOARDING = _("入驻")
IMPORTS = _("导入")
INSURANCE = _("运费险")
OVERSIGHT = _("运行与审计")
ME = _("我")
PARTS = (
    SHOPS, ONBOARDING, SCORE, RECORDS, SERVICE, CONDUCT, IMPORTS, INSURANCE, OVERSIGHT, ME,
)  # fmt: skip

METHODS = ("get", "post", "put", "patch", "delete")
# A copy may be kept, but has to be asked about every time.
ASK_AGAIN = "private, no-cache"


class ApiRequest(Request):
    """A request as views see it, for annotations; ``shop`` and ``role`` behind a shop's door."""

    user: User
    auth: ApiToken | None
    shop: Shop
    role: str


class ApiView(GenericAPIView):
    """A view of the API behind a door of its own.

    ``door`` is one of the policies of ``stores.access``, for instance
    ``staticmethod(partial(shop_page, roles=OWNERS))``; ``title``, ``about`` and ``tag`` go into
    the documentation; ``is_conditional`` gives reads an ETag; ``parameters`` are query parameters
    beside those of filters and pages.
    """

    request: ApiRequest
    door: ClassVar[Callable[..., Any]] = staticmethod(signed_in)
    title: ClassVar[Promise | str]
    about: ClassVar[Promise | str]
    tag: ClassVar[Promise | str]
    is_conditional: ClassVar[bool] = False
    parameters: ClassVar[frozenset[str]] = frozenset()
    orderings: ClassVar[tuple[str, ...]] = ()

    authentication_classes = (DoorAuthentication,)
    permission_classes = (TokenMayWrite,)
    throttle_classes = (PersonThrottle,)
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = (BoundedJsonParser,)
    filter_backends = (StrictFilters,)
    pagination_class: type[CursorPages] | None = None
    metadata_class = None
    schema = ApiSchema()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view with its policy. Raises TypeError for a POST that could happen twice."""
        own = {method.upper() for method in METHODS if hasattr(cls, method)}
        if "POST" in own and not is_once(cls.post):  # type: ignore[attr-defined]
            raise TypeError(f"{cls.__qualname__}.post is not decorated with @once")
        view = super().as_view(**initkwargs)
        if cls.is_conditional:
            view = conditional_page(view)
        view.csrf_exempt = False  # checked like any form; a token is excused at the door
        methods = frozenset(own | ({"HEAD"} if "GET" in own else set()))
        return cls.door(methods=methods)(view)

    @property
    def door_hides(self) -> bool:
        """Whether the address does not exist for some people."""
        policy = policy_of(type(self).door()(lambda: None))
        return policy is not None and policy.audience in (Audience.SHOP, Audience.ADMIN)

    def get_exception_handler(self) -> Callable[..., Any]:
        """Problem details for everything."""
        return handle_exception

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse query parameters nobody declared."""
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.query_names())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """A conditional read may be kept by the client."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.is_conditional and response.status_code == 200:
            response.headers["Cache-Control"] = ASK_AGAIN
        return response

    @classmethod
    def query_names(cls) -> frozenset[str]:
        """Every query parameter the view knows."""
        filterset = getattr(cls, "filterset_class", None)
        filters = frozenset(filterset.base_filters) if filterset else frozenset()
        return cls.parameters | filters | (PAGE_PARAMETERS if cls.orderings else frozenset())


class ApiList(ListModelMixin, ApiView):
    """A list in pages. ``orderings`` are fields of the model it can be ordered by, the first as it
    is written without a wish; :meth:`rows` gives all of it.
    """

    pagination_class = CursorPages

    def get_queryset(self) -> QuerySet[Any]:
        """The rows; none while the view is only being described and nobody asks."""
        if getattr(self, "swagger_fake_view", False):
            return nothing_of(self.get_serializer_class().Meta.model)  # type: ignore[attr-defined]
        return self.rows()

    def rows(self) -> QuerySet[Any]:
        """Every row the person may see, in no particular order."""
        raise NotImplementedError

    def get(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        context = {**self.get_serializer_context(), **self.beside(rows or [])}
        serializer = self.get_serializer_class()(self.told(rows or []), many=True, context=context)
        return self.get_paginated_response(serializer.data)

    def told(self, rows: Sequence[Any]) -> Sequence[Any]:
        """What is serialized: the rows of a page, where a list does not say more about each."""
        return rows

    def beside(self, rows: Iterable[Any]) -> dict[str, Any]:
        """What serializing these rows needs from elsewhere, read once for the whole page."""
        return {}


class ShopView(ApiView):
    """A view of one shop, for its members and admins."""

    door = staticmethod(shop_page)


class AdminView(ApiView):
    """A view for admins; for everybody else it does not exist."""

    door = staticmethod(admin_page)


class ShopRecordList(ApiList, ShopView):
    """The records of one kind in one shop. The model is the serializer's."""

    tag = RECORDS

    def rows(self) -> QuerySet[Any]:
        """The rows of the shop the door let the person into."""
        model = self.get_serializer_class().Meta.model  # type: ignore[attr-defined]
        return records_of(model, shop=self.request.shop)
