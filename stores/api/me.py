"""The person who asks: who they are, what they prefer, which tokens they gave away."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer
from stores.api.base import ME, ApiList, ApiRequest, ApiView
from stores.api.once import once
from stores.models import ApiToken, User
from stores.selectors.people import entries_of
from stores.selectors.tokens import tokens_of
from stores.services.people import preference_set
from stores.services.tokens import token_revoke

MOST_SHOPS = 1000
THEMES = ("light", "dark", "system")


class EntrySerializer(serializers.Serializer):
    """A shop a person may enter, and as what."""

    id = serializers.CharField(source="shop.external_id", help_text=_("店铺编号。"))
    name = serializers.CharField(source="shop.name")
    role = serializers.ChoiceField(("owner", "ops", "admin"))


class MeSerializer(serializers.Serializer):
    """A person."""

    username = serializers.CharField()
    email = serializers.EmailField(allow_blank=True)
    is_admin = serializers.BooleanField()
    shops = EntrySerializer(many=True, help_text=_("能进入的店铺，按店名，最多 1000 家。"))


class PreferenceSerializer(InputSerializer):
    """Language and theme."""

    language = serializers.ChoiceField(sorted(dict(settings.LANGUAGES)))
    theme = serializers.ChoiceField(THEMES)


class TokenSerializer(ReadSerializer):
    """A token, without its secret."""

    id = serializers.CharField(source="pk", read_only=True)

    class Meta:
        model = ApiToken
        fields = (
            "id", "name", "prefix", "can_write", "created_at", "expires_at", "last_used_at",
        )  # fmt: skip


class Me(ApiView):
    """The person who asks."""

    serializer_class = MeSerializer
    title, about, tag = _("我是谁"), _("令牌或登录对应的人和能进入的店铺。"), ME

    def get(self, request: ApiRequest) -> Response:
        """Who asks."""
        user = request.user
        person = {
            "username": user.username,
            "email": user.email,
            "is_admin": user.is_admin,
            "shops": entries_of(user=user, limit=MOST_SHOPS),
        }
        return Response(MeSerializer(person).data)


class Preferences(ApiView):
    """What the person prefers."""

    serializer_class = PreferenceSerializer
    title, about, tag = _("偏好"), _("界面语言和外观。"), ME

    def get(self, request: ApiRequest) -> Response:
        """Language and theme."""
        return Response(_preferences(request.user))

    @extend_schema(summary=_("改偏好"), description=_("只改给出的字段。"))
    @once
    def patch(self, request: ApiRequest) -> Response:
        """Change what is given."""
        wanted = PreferenceSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        theme = wanted.validated_data.get("theme")
        preference_set(
            user=request.user,
            language=wanted.validated_data.get("language"),
            theme="" if theme == "system" else theme,
        )
        return Response(_preferences(request.user))


class TokenList(ApiList):
    """The person's tokens."""

    serializer_class = TokenSerializer
    orderings = ("-created_at",)
    title, tag = _("我的令牌"), ME
    about = _("没有停用的令牌。令牌只能在网页上新建，因为它只显示一次。")

    def rows(self) -> QuerySet[ApiToken]:
        """Those that were not revoked."""
        return tokens_of(user=self.request.user)


class TokenDetail(ApiView):
    """One of the person's tokens."""

    serializer_class = TokenSerializer
    title, about, tag = _("停用令牌"), _("立即停用，不能恢复。"), ME

    @once
    def delete(self, request: ApiRequest, token: int) -> Response:
        """End it at once."""
        found = tokens_of(user=request.user).filter(pk=token).first()
        if found is None:
            raise Http404
        token_revoke(actor=request.user, token=found)
        return Response(status=204)


def _preferences(user: User) -> dict[str, Any]:
    return {
        "language": user.language or settings.LANGUAGE_CODE,
        "theme": user.theme or "system",
    }
