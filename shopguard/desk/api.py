"""Over the API too: trying again what failed in a run."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from shopguard import nightly
from shopguard.lib.api.problems import refused_as_conflict
from stores.api.base import OVERSIGHT, AdminView, ApiRequest
from stores.api.once import once
from stores.api.runs import RunDetailSerializer, run_shown
from stores.models import Run, Shard
from stores.services.retries import RetryRefusedError, shard_retry


class RunRetry(AdminView):
    """Another run for the day of one that ended with errors."""

    serializer_class = RunDetailSerializer
    title, tag = _("重新运行这一天"), OVERSIGHT
    about = _("原来的分数保留到新的算完；没有出错或已有新的运行时 409。")

    @extend_schema(request=None, responses={201: RunDetailSerializer})
    @once
    def post(self, request: ApiRequest, run: int) -> Response:
        """Begin it."""
        try:
            with refused_as_conflict(RetryRefusedError):
                again = nightly.run_again(actor=request.user, run_id=run)
        except Run.DoesNotExist as error:
            raise Http404 from error
        return Response(run_shown(again.pk), status=201)


class ShardRetry(AdminView):
    """Another attempt at a shard of a run that is under way."""

    serializer_class = RunDetailSerializer
    title, about, tag = _("重试分片"), _("没有失败或运行已经结束时 409。"), OVERSIGHT

    @extend_schema(request=None)
    @once
    def post(self, request: ApiRequest, shard: int, **kwargs: Any) -> Response:
        """Give it its attempts back."""
        try:
            with refused_as_conflict(RetryRefusedError):
                found = shard_retry(actor=request.user, shard_id=shard)
        except Shard.DoesNotExist as error:
            raise Http404 from error
        return Response(run_shown(found.step.run_id))
