"""店铺: the shops a person may enter, each with its newest score."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.models import ScoreState
from servicescore.selectors.listed import newest_scores, shops_listed
from shopguard.lib.api.bodies import ReadSerializer
from shopguard.lib.api.filters import exact, one_of
from stores.api.base import SHOPS, ApiList, ApiRequest, ShopView
from stores.models import Shop
from stores.selectors.people import entry_roles


class NewestScoreSerializer(serializers.Serializer):
    """The newest score of a shop."""

    date = serializers.DateField(help_text=_("分数日期。"))
    state = serializers.ChoiceField(ScoreState.choices, help_text=_("有总分，或没有的原因。"))
    total = serializers.FloatField(allow_null=True, help_text=_("总分，3.00 到 5.00。"))
    stars = serializers.FloatField(allow_null=True)
    estimate = serializers.BooleanField(help_text=_("同行太少，名次只是估计。"))
    percentile = serializers.FloatField(allow_null=True, help_text=_("超过多少同行，0 到 1。"))
    peers_n = serializers.IntegerField()
    signed_orders = serializers.IntegerField()
    pending = serializers.BooleanField(help_text=_("还没有公布；只有运营和管理员看得到。"))


class ShopSerializer(ReadSerializer):
    """One shop, what the person is in it, and its newest score."""

    id = serializers.CharField(source="external_id", read_only=True, help_text=_("店铺编号。"))
    role = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField(help_text=_("最新的分数；还没有时为 null。"))

    class Meta:
        model = Shop
        fields = (
            "id", "name", "platform", "shop_type", "industry", "main_category", "opened_on",
            "base_settings_complete", "service_mode", "return_province", "status", "role", "score",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(("owner", "ops", "admin")))
    def get_role(self, shop: Shop) -> str:
        """What the person is in the shop."""
        role: str = self.context["roles"][shop.pk]
        return role

    @extend_schema_field(NewestScoreSerializer(allow_null=True))
    def get_score(self, shop: Shop) -> Any:
        """The newest score, read once for the page."""
        score = self.context["scores"].get(shop.pk)
        return score and NewestScoreSerializer(score).data


class ShopFilters(filters.FilterSet):
    """How shops can be narrowed."""

    industry = exact("industry", _("行业代码。"))
    platform = exact("platform", _("平台代码。"))
    state = one_of(ScoreState.values, _("最新分数的状态。"), field_name="score_state")
    search = filters.CharFilter(method="by_name", help_text=_("店名或编号里包含的文字。"))

    def by_name(self, shops: QuerySet[Shop], name: str, value: str) -> QuerySet[Shop]:
        """Shops whose name or id contains the text."""
        return shops.filter(Q(name__icontains=value) | Q(external_id__icontains=value))


class ShopList(ApiList):
    """The shops of a person, by name."""

    serializer_class = ShopSerializer
    filterset_class = ShopFilters
    orderings = ("name", "external_id", "industry")
    title, about, tag = _("店铺"), _("你能进入的店铺和它们的最新服务分。"), SHOPS

    def rows(self) -> QuerySet[Shop]:
        """The shops the person may enter."""
        return shops_listed(user=self.request.user, now=timezone.now())

    def beside(self, rows: Iterable[Shop]) -> dict[str, Any]:
        """Roles and newest scores of the shops on the page."""
        roles = entry_roles(user=self.request.user, shops=rows)
        return {"roles": roles, "scores": newest_scores(roles=roles, now=timezone.now())}


class ShopDetail(ShopView):
    """One shop."""

    serializer_class = ShopSerializer
    is_conditional = True
    title, about, tag = _("一家店铺"), _("店铺资料和最新服务分。"), SHOPS

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The shop with its newest score."""
        roles = {request.shop.pk: request.role}
        context = {"roles": roles, "scores": newest_scores(roles=roles, now=timezone.now())}
        return Response(ShopSerializer(request.shop, context=context).data)
