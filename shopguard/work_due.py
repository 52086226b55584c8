"""How much work waits behind the pages of a shop, for the navigation."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from shopguard.lib.days import shanghai_day
from shopguard.lib.navigation import WorkDue
from stores.access import READ
from stores.duties import KEPT_SECONDS, forget_work, work_due
from stores.models import Shop
from stores.selectors.visit import Visit

logger = logging.getLogger(__name__)
# Says to every process that this person has just done something in a shop.
STEP_COOKIE = "step"


def work_behind(request: HttpRequest, shop: Shop, role: str) -> dict[str, WorkDue]:
    """The work behind each page by the name of its address; nothing where counting fails.

    Whoever has just done something sees what is left; for others it may be a little older.
    """
    anew = request.method not in READ or STEP_COOKIE in request.COOKIES
    now = timezone.now()
    try:
        waiting = work_due(Visit(shop, role, now), anew=anew)
    except Exception:
        logger.exception("the work of shop %s could not be counted", shop.pk)
        return {}
    today = shanghai_day(now)
    return {
        page: WorkDue(one.count, one.due_at is not None and shanghai_day(one.due_at) <= today)
        for page, one in waiting.items()
    }


class StepMiddleware:
    """Has the work of a shop counted anew after a request that may have changed it.

    Stands before the door, which says whose shop it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer, then forget what this process counted; a cookie tells the others."""
        response = self.get_response(request)
        if request.method in READ or request.shop is None:
            return response
        forget_work(request.shop)
        if request.api_token is None:
            response.set_cookie(
                STEP_COOKIE,
                "1",
                max_age=KEPT_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
