"""Says in a header of every answer how many queries it took: session, person and door included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class Counted:
    """A middleware outside of all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def heard(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            nonlocal count
            count += 1
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(heard):
            answer = self.get_response(request)
        answer.headers["X-Queries"] = str(count)
        return answer
