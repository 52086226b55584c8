"""账号: everybody who can sign in, and what they may do. For admins."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, RowId
from shopguard.lib.api.filters import exact
from shopguard.lib.api.problems import refused_as_conflict
from stores.api.base import OVERSIGHT, AdminView, ApiList, ApiRequest
from stores.api.once import once, told_once
from stores.models import Role, User
from stores.selectors.desk_lists import people_lines, people_listed
from stores.services.accounts import MOVES, account_invite, right_change

NAME_CHARS, REASON_CHARS = 150, 200


class PlaceSerializer(serializers.Serializer):
    """A shop somebody works in."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    role = serializers.ChoiceField(Role.values, help_text=_("owner 店主，ops 运营。"))


class PersonSerializer(ReadSerializer):
    """An account."""

    id = RowId(source="pk", read_only=True, help_text=_("账号的编号。"))
    is_admin = serializers.BooleanField(
        source="is_staff", read_only=True, help_text=_("是否管理员。")
    )
    email = serializers.CharField(read_only=True, help_text=_("邮箱；没有为空。"))
    shops = serializers.SerializerMethodField(help_text=_("在哪些店铺里，是什么角色。"))

    class Meta:
        model = User
        fields = ("id", "username", "email", "is_admin", "is_active", "last_login", "shops")
        extra_kwargs = {
            "is_active": {"help_text": _("是否可以登录；停用的不可以。")},
            "last_login": {"help_text": _("上次登录；没有登录过为 null。")},
        }

    @extend_schema_field(PlaceSerializer(many=True))
    def get_shops(self, user: User) -> Any:
        """Their places."""
        places = self.context["places"][user.pk]
        return [{"shop": shop.external_id, "role": role} for shop, role in places]


class PersonFilters(filters.FilterSet):
    """How accounts can be narrowed."""

    username = exact("username", _("账号。"))
    email = exact("email", _("邮箱。"))


class PersonInput(InputSerializer):
    """An account to make."""

    username = serializers.CharField(max_length=NAME_CHARS, help_text=_("账号。"))
    email = serializers.EmailField(
        required=False, default="", allow_blank=True, help_text=_("邮箱，可以不写。")
    )


class FirstPasswordSerializer(serializers.Serializer):
    """A new account."""

    id = RowId(help_text=_("账号的编号。"))
    username = serializers.CharField(help_text=_("账号。"))
    first_password = serializers.CharField(
        allow_null=True, help_text=_("第一次登录用的密码，只回答一次；重发同一请求时为 null。")
    )


class PersonList(ApiList, AdminView):
    """Every account, and the way to make one."""

    serializer_class = PersonSerializer
    filterset_class = PersonFilters
    orderings = ("username", "-date_joined")
    title, about, tag = _("账号"), _("所有能登录的人。只有管理员能看。"), OVERSIGHT

    def rows(self) -> QuerySet[User]:
        """All there are."""
        return people_listed("")

    def beside(self, rows: Iterable[Any]) -> dict[str, Any]:
        """The shops of the people on the page."""
        return {"places": {line.user.pk: line.shops for line in people_lines(list(rows))}}

    @extend_schema(
        request=PersonInput, responses={201: FirstPasswordSerializer}, summary=_("新建账号"),
        description=_("密码只在这次回答里，哪里都不保存；账号已有或邮箱不对时 409。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Make one."""
        given = PersonInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_conflict(ValidationError):
            made = account_invite(actor=request.user, **given.validated_data)
        told = {"id": str(made.key), "username": made.username, "first_password": made.password}
        return told_once(told, "first_password", status=201)


class RightInput(InputSerializer):
    """A right to change."""

    move = serializers.ChoiceField(
        MOVES,
        help_text=_("grant 设为管理员，revoke 取消管理员，close 停用账号，reopen 恢复账号。"),
    )
    reason = serializers.CharField(max_length=REASON_CHARS, help_text=_("理由，记入审计。"))


class PersonRight(AdminView):
    """The way a right is changed."""

    serializer_class = PersonSerializer
    title, tag = _("改账号权限"), OVERSIGHT
    about = _("自己的权限和最后一位管理员不能改，409；停用时它的令牌一起停用。")

    @extend_schema(request=RightInput)
    @once
    def post(self, request: ApiRequest, person: int, **kwargs: Any) -> Response:
        """Change it."""
        if not people_listed("").filter(pk=person).exists():
            raise Http404
        given = RightInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_conflict(ValidationError):
            right_change(actor=request.user, key=person, **given.validated_data)
        (line,) = people_lines(list(people_listed("").filter(pk=person)))
        context = {"places": {line.user.pk: line.shops}}
        return Response(PersonSerializer(line.user, context=context).data)
