"""店铺设置: what owners say about their shop, and the people who work in it."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.rules import score_book
from shopguard.lib.api.problems import Conflict, FieldError, InvalidRequest, refused_as_conflict
from stores.access import OWNERS, shop_page
from stores.api.base import SHOPS, ApiRequest, ApiView
from stores.api.once import once
from stores.api.reasons import ReasonInput, reason_said
from stores.models import Role, Shop
from stores.selectors.people import user_named
from stores.selectors.shop_settings import base_settings, categories_of, members_of
from stores.services.people import membership_grant, membership_revoke
from stores.services.shop_settings import Profile, StaleSettingsError, profile_set

TEXTS = (
    "name", "main_category", "introduction", "contact_phone", "return_province",
    "return_address", "score_rules",
)  # fmt: skip
WEEKDAYS = 7


class BaseSettingSerializer(serializers.Serializer):
    """One of the things base settings need."""

    name = serializers.CharField(help_text=_("哪一项。"))
    is_done = serializers.BooleanField(help_text=_("是否填好。"))


class MemberSerializer(serializers.Serializer):
    """Somebody who works in the shop."""

    username = serializers.CharField(source="user.username")
    role = serializers.ChoiceField(Role.values, help_text=_("owner 店主，ops 运营。"))


class OpenDaySerializer(serializers.Serializer):
    """The hours of one day."""

    opens = serializers.IntegerField(min_value=0, max_value=24, help_text=_("几点开始（上海）。"))
    closes = serializers.IntegerField(min_value=0, max_value=24, help_text=_("几点结束（上海）。"))


class SettingsSerializer(serializers.Serializer):
    """What is filled in."""

    version = serializers.IntegerField(help_text=_("保存过几次，修改时带上。"))
    name = serializers.CharField(help_text=_("店铺名称。"))
    main_category = serializers.CharField(help_text=_("主营类目，运费险按它定价。"))
    introduction = serializers.CharField(help_text=_("店铺简介。"))
    contact_phone = serializers.CharField(help_text=_("联系电话。"))
    return_province = serializers.CharField(help_text=_("退货省份。"))
    return_address = serializers.CharField(help_text=_("退货地址。"))
    score_rules = serializers.CharField(help_text=_("对照规则，为空就是不对照。"))
    hours = serializers.ListField(
        child=OpenDaySerializer(allow_null=True),
        help_text=_("营业时间，从周一起每天一项，休息为 null；没有填过为空。"),
    )
    base_settings_complete = serializers.BooleanField(help_text=_("基础设置是否完成。"))
    base_settings = BaseSettingSerializer(many=True, help_text=_("基础设置的五项。"))
    members = MemberSerializer(many=True, help_text=_("店铺成员，店主在前。"))


class SettingsInput(ReasonInput):
    """What to change; what is left out stays."""

    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("看到的版本；不符时不改。")
    )
    name = serializers.CharField(max_length=200, required=False, help_text=_("店铺名称。"))
    main_category = serializers.CharField(
        max_length=64, required=False, allow_blank=True, help_text=_("店铺商品的一个类目。")
    )
    introduction = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text=_("店铺简介。")
    )
    contact_phone = serializers.CharField(
        max_length=32, required=False, allow_blank=True, help_text=_("联系电话。")
    )
    return_province = serializers.CharField(
        max_length=32, required=False, allow_blank=True, help_text=_("退货省份。")
    )
    return_address = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text=_("退货地址。")
    )
    score_rules = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text=_("规则版本的编号。")
    )
    hours = serializers.ListField(
        child=OpenDaySerializer(allow_null=True), max_length=WEEKDAYS, required=False,
        help_text=_("从周一起七项，休息为 null；结束要晚于开始。"),
    )  # fmt: skip

    def validate_main_category(self, code: str) -> str:
        """One the shop sells in. Raises ValidationError."""
        if code and code not in categories_of(shop=self.context["shop"]):
            raise serializers.ValidationError(_now("店铺没有这个类目的商品。"))
        return code

    def validate_score_rules(self, key: str) -> str:
        """A rule set there is. Raises ValidationError."""
        if key and key not in {rules.id for rules in score_book().sets}:
            raise serializers.ValidationError(_now("没有这个版本的规则。"))
        return key

    def validate_hours(self, days: list[Any]) -> list[Any]:
        """Seven days, each ending after it begins. Raises ValidationError."""
        if len(days) != WEEKDAYS or any(day and day["opens"] >= day["closes"] for day in days):
            raise serializers.ValidationError(_now("选好开始和结束，结束要晚于开始。"))
        return days


class MemberInput(ReasonInput):
    """Somebody to let in, to change, or to let out."""

    username = serializers.CharField(max_length=150, help_text=_("账号。"))
    role = serializers.ChoiceField(
        Role.values, allow_null=True, help_text=_("owner 店主，ops 运营；null 移出店铺。")
    )


class OwnersSettings(ApiView):
    """A view of a shop's settings, for its owners and admins."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = SettingsSerializer
    tag = SHOPS


class ShopSettings(OwnersSettings):
    """What is filled in, and changing it."""

    title, about = _("店铺设置"), _("店铺资料、营业时间和成员。只有店主和管理员能看。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As it stands."""
        return Response(shown_of(request.shop))

    @extend_schema(
        request=SettingsInput, summary=_("改店铺设置"),
        description=_("只改给出的字段；别人先改过时 409。"),
    )  # fmt: skip
    @once
    def patch(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Change what is given."""
        given = SettingsInput(data=request.data, context={"shop": request.shop})
        given.is_valid(raise_exception=True)
        said = given.validated_data
        try:
            saved = profile_set(
                actor=request.user, shop=request.shop, version=said["version"],
                profile=_profile(request.shop, said), reason=reason_said(request, said),
                now=timezone.now(),
            )  # fmt: skip
        except StaleSettingsError as error:
            raise Conflict(_now("刚刚有人改过设置，没有覆盖。看过现在的内容再改一次。")) from error
        return Response(shown_of(saved))


class ShopMembers(OwnersSettings):
    """The people of a shop."""

    title, about = _("改店铺成员"), _("加人、改角色或移出；最后一位店主不能移出。")

    @extend_schema(request=MemberInput)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Let somebody in, change what they are, or let them out."""
        given = MemberInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        why = reason_said(request, said)
        person = user_named(said["username"])
        if person is None or person.is_admin or not person.is_active:
            detail = _now("没有这个账号，请核对。")
            raise InvalidRequest([FieldError("body", "username", detail)])
        both: dict[str, Any] = {"actor": request.user, "shop": request.shop, "user": person}
        with refused_as_conflict(ValidationError):
            if said["role"] is None:
                membership_revoke(**both, reason=why)
            else:
                membership_grant(**both, role=Role(said["role"]), reason=why)
        return Response(shown_of(request.shop))


def _profile(shop: Shop, said: dict[str, Any]) -> Profile:
    """What is given, and for the rest what stands in the record."""
    texts = {name: said.get(name, getattr(shop, name)) for name in TEXTS}
    hours = list(shop.open_hours)
    if "hours" in said:
        hours = [(day["opens"], day["closes"]) if day else None for day in said["hours"]]
    return Profile(**texts, hours=hours if any(hours) else [])


def shown_of(shop: Shop) -> Any:
    """The settings of a shop as programs read them."""
    days = [{"opens": day[0], "closes": day[1]} if day else None for day in shop.open_hours]
    content = {name: getattr(shop, name) for name in TEXTS} | {
        "version": shop.settings_version,
        "hours": days,
        "base_settings_complete": shop.base_settings_complete,
        "base_settings": base_settings(shop=shop),
        "members": members_of(shop=shop),
    }
    return SettingsSerializer(content).data
