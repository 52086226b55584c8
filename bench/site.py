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
from django.urls import ResolverMatch, path, resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")
settings.ROOT_URLCONF = "bench.site"
settings.MIDDLEWARE = ["bench.counting.Counted", *settings.MIDDLEWARE]
application = get_wsgi_application()

from shopguard.urls import urlpatterns as product_urls  # noqa: E402  (needs the set-up above)
from stores import duties  # noqa: E402
from stores.access import DoorMiddleware, signed_in  # noqa: E402

FRAME = "shell.html"
# Pages seen before are measured. The count of the navigation would be made anew in the midst of it,
# now by the page and now by its base.
duties.KEPT_SECONDS = 3600

Statement = tuple[str, Any]
_statements: dict[str, list[Statement]] = {}
door = DoorMiddleware(lambda _: HttpResponse())


def asked(work: Callable[[], object]) -> list[Statement]:
    """The SQL that `work` sends."""
    heard: list[Statement] = []

    def hear(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        heard.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(hear):
        work()
    return heard


def statements_of(request: Any, found: ResolverMatch) -> list[Statement]:
    """The SQL of a page beyond that of its door and of the frame around it."""
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
    """The page's SQL, its rows fetched and forgotten, and its frame without a page in it.

    Whoever asks comes through the door of the page: what that asks of the database belongs to
    the SQL of the page, and the shop it leads into to the frame.
    """
    address = request.get_full_path()
    found = resolve(f"/{page}", urlconf="shopguard.urls")
    door.process_view(request, found.func, list(found.args), found.kwargs)
    if address not in _statements:
        _statements[address] = statements_of(request, found)
    with connection.cursor() as cursor:
        for sql, parameters in _statements[address]:
            cursor.execute(sql, parameters)
            cursor.fetchall()
    return render(request, FRAME)


urlpatterns = [*product_urls, path("base/<path:page>", base)]
