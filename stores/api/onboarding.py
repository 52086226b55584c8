"""入驻: the applications of the person who asks, from the first word to the open shop."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from shopguard.lib.api.problems import refused_as_conflict, refused_as_invalid
from shopguard.lib.paper_answers import paper_answer
from shopguard.lib.papers import ENDINGS
from stores.api.appeals import PaperFile
from stores.api.application_bodies import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    EditInput,
    OpenInput,
    PaperInput,
    SubmitInput,
)
from stores.api.base import ONBOARDING, ApiList, ApiRequest, ApiView
from stores.api.once import once
from stores.models import Application
from stores.selectors.onboarding import application_for, applications_of, paper_for
from stores.selectors.onboarding_page import application_page
from stores.services.onboarding import (
    MOST_BYTES,
    ApplicationRefusedError,
    application_begin,
    application_edit,
    application_submit,
    application_withdraw,
    paper_add,
    paper_drop,
)
from stores.services.opening import FirstProduct, shop_open


class ApplicationList(ApiList):
    """The person's applications."""

    serializer_class = ApplicationSerializer
    orderings = ("-created_at",)
    title, about, tag = _("我的入驻申请"), _("自己的申请，最新的在前。"), ONBOARDING

    def rows(self) -> QuerySet[Application]:
        """Those of the person."""
        return applications_of(user=self.request.user)

    @extend_schema(
        request=None, responses={201: ApplicationDetailSerializer},
        summary=_("开始一份申请"), description=_("一份空的草稿；在办的太多时 409。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest) -> Response:
        """Begin another."""
        with refused_as_conflict(ApplicationRefusedError):
            begun = application_begin(user=request.user)
        address = reverse("api:application", args=[begun.pk])
        return Response(shown_of(request, begun.pk), status=201, headers={"Location": address})


class ApplicationDetail(ApiView):
    """One application, for its applicant and for admins."""

    serializer_class = ApplicationDetailSerializer
    title, tag = _("一份入驻申请"), ONBOARDING
    about = _("资料、材料、步骤和经过；申请人和管理员能看。")

    def get(self, request: ApiRequest, application: int) -> Response:
        """As it stands."""
        return Response(shown_of(request, application))

    @extend_schema(
        request=EditInput, summary=_("填申请资料"),
        description=_("只改给出的字段；版本不符或已经提交时 409。"),
    )  # fmt: skip
    @once
    def patch(self, request: ApiRequest, application: int) -> Response:
        """Fill in what is given."""
        found, given = mine(request, application), EditInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        version, agrees = said.pop("version"), said.pop("agrees", False)
        with refused_as_conflict(ApplicationRefusedError):
            application_edit(
                actor=request.user, application=found, version=version, texts=said,
                agrees=agrees, now=timezone.now(),
            )  # fmt: skip
        return Response(shown_of(request, application))


class ApplicationSubmit(ApiView):
    """The way it is sent in."""

    serializer_class = ApplicationDetailSerializer
    title, tag = _("提交入驻申请"), ONBOARDING
    about = _("还有没填的、邀请码不对或已经提交时 409，并说明原因。")

    @extend_schema(request=SubmitInput)
    @once
    def post(self, request: ApiRequest, application: int) -> Response:
        """Send it in."""
        found, given = mine(request, application), SubmitInput(data=request.data)
        given.is_valid(raise_exception=True)
        code = given.validated_data["code"]
        with refused_as_conflict(ApplicationRefusedError):
            application_submit(actor=request.user, application=found, code=code, now=timezone.now())
        return Response(shown_of(request, application))


class ApplicationWithdraw(ApiView):
    """The way it is taken back."""

    serializer_class = ApplicationDetailSerializer
    title, about, tag = _("撤回申请"), _("撤回后不能恢复；已有结论时 409。"), ONBOARDING

    @extend_schema(request=None)
    @once
    def post(self, request: ApiRequest, application: int) -> Response:
        """Take it back."""
        found = mine(request, application)
        with refused_as_conflict(ApplicationRefusedError):
            application_withdraw(actor=request.user, application=found, now=timezone.now())
        return Response(shown_of(request, application))


class ApplicationOpen(ApiView):
    """The way a shop is opened."""

    serializer_class = ApplicationDetailSerializer
    title, tag = _("开店并发布第一个商品"), ONBOARDING
    about = _("没有通过审核或保证金没有到账时 409。")

    @extend_schema(request=OpenInput)
    @once
    def post(self, request: ApiRequest, application: int) -> Response:
        """Open it with its first product."""
        found, given = mine(request, application), OpenInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        first = FirstProduct(title=said["title"], price=said["price_fen"])
        with refused_as_conflict(ApplicationRefusedError):
            shop_open(actor=request.user, application=found, first=first, now=timezone.now())
        return Response(shown_of(request, application))


class ApplicationPaperSend(ApiView):
    """The way a paper comes in."""

    serializer_class = ApplicationDetailSerializer
    parser_classes = (MultiPartParser,)
    title, tag = _("上传材料"), ONBOARDING
    about = _("按内容认类型，不看文件名；已经提交时 409。")

    @extend_schema(request=PaperInput, responses={201: ApplicationDetailSerializer})
    @once
    def post(self, request: ApiRequest, application: int) -> Response:
        """Take a paper."""
        found, given = mine(request, application), PaperInput(data=request.data)
        given.is_valid(raise_exception=True)
        sent, kind = given.validated_data["file"], given.validated_data["kind"]
        # One byte more than allowed is enough to refuse what is too large.
        data = sent.read(MOST_BYTES + 1)
        with (
            refused_as_invalid("file", ValidationError),
            refused_as_conflict(ApplicationRefusedError),
        ):
            paper_add(actor=request.user, application=found, kind=kind, data=data)
        return Response(shown_of(request, application), status=201)


class ApplicationPaperFile(ApiView):
    """A paper, and the way it is taken back."""

    serializer_class = ApplicationDetailSerializer
    renderer_classes = (JSONRenderer, PaperFile)
    title, tag = _("下载入驻材料"), ONBOARDING
    about = _("原样的内容，总是作为附件；申请人和管理员能看。")

    @extend_schema(
        parameters=[OpenApiParameter("format", exclude=True)],
        responses={(200, kind): OpenApiTypes.BINARY for kind in ENDINGS},
    )
    def get(self, request: ApiRequest, application: int, sheet: int) -> HttpResponseBase:
        """The file."""
        found = paper_for(user=request.user, application=application, paper=sheet)
        if found is None:
            raise Http404
        return paper_answer(bytes(found.content), found.media, name=f"{found.kind}-{sheet}")

    @extend_schema(
        parameters=[OpenApiParameter("format", exclude=True)],
        responses={204: None}, summary=_("删除材料"), description=_("已经提交时 409。"),
    )  # fmt: skip
    @once
    def delete(self, request: ApiRequest, application: int, sheet: int) -> Response:
        """Take it back; it may be gone already."""
        found = mine(request, application)
        with refused_as_conflict(ApplicationRefusedError):
            paper_drop(actor=request.user, application=found, paper=sheet)
        return Response(status=204)


def mine(request: ApiRequest, application: int) -> Application:
    """An application of the person's own. Raises Http404."""
    found = applications_of(user=request.user).filter(pk=application).first()
    if found is None:
        raise Http404
    return found


def shown_of(request: ApiRequest, application: int) -> Any:
    """An application with its steps, papers and story, as its people read it. Raises Http404."""
    found = application_for(user=request.user, application=application)
    if found is None:
        raise Http404
    return ApplicationDetailSerializer(found, context={"page": application_page(found)}).data
