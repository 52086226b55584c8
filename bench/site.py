"""The product's pages and, below `/base/`, what each costs at least: its SQL and an empty frame.

`gunicorn bench.site:application` serves both from one process.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")
settings.ROOT_URLCONF = "bench.site"
settings.MIDDLEWARE = ["bench.counting.Counted", *settings.MIDDLEWARE]
application = get_wsgi_application()

from shopguard.urls import urlpatterns as product_urls  # noqa: E402  (needs the set-up above)
from stores.access import DoorMiddleware, signed_in  # noqa: E402

FRAME = "shell.html"

Statement = tuple[str, Any]
_statements: dict[str, list[Statement]] = {}


def asked(work: Callable[[], object]) -> list[Statement]:
    """The SQL that `work` sends."""
    heard: list[Statement] = []

    def hear(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        heard.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(hear):
        work()
    return heard


def statements_of(request: Any, page: str) -> list[Statement]:
    """The SQL of a page beyond that of the frame around it."""
    found = resolve(page, urlconf="shopguard.urls")
    DoorMiddleware(lambda _: HttpResponse()).process_view(
        request, found.func, list(found.args), found.kwargs
    )
    whole = asked(lambda: found.func(request, *found.args, **found.kwargs))
    frame = Counter(sql for sql, _ in asked(lambda: render(request, FRAME)))
    rest = []
    for sql, parameters in whole:
        if frame[sql]:
            frame[sql] -= 1
        else:
            rest.append((sql, parameters))
    return rest


@signed_in()
def base(request: HttpRequest, page: str) -> HttpResponse:
    """The page's SQL, its rows fetched and forgotten, and the frame without a page in it."""
    address = request.get_full_path()
    if address not in _statements:
        _statements[address] = statements_of(request, f"/{page}")
    with connection.cursor() as cursor:
        for sql, parameters in _statements[address]:
            cursor.execute(sql, parameters)
            cursor.fetchall()
    return render(request, FRAME)


urlpatterns = [*product_urls, path("base/<path:page>", base)]
