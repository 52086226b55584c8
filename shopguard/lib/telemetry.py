"""Tells of every request: one line in the log, and how many took how long.

Labels are names of views, methods and classes of status: never an address, a shop or a person, so
that neither a scanner nor a customer can grow or read them.
"""

import logging
import os
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

logger = logging.getLogger("shopguard.request")

GetResponse = Callable[[HttpRequest], HttpResponseBase]

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Asked every few seconds by machines: counted, not told.
QUIET = frozenset({"healthz", "readyz", "metrics"})

registry = CollectorRegistry()
REQUESTS = Counter(
    "shopguard_requests", "Requests answered.", ("view", "method", "status"), registry=registry
)
SECONDS = Histogram(
    "shopguard_request_seconds", "How long a request took.", ("view",), buckets=BUCKETS,
    registry=registry,
)  # fmt: skip


def request_registry() -> CollectorRegistry:
    """What was counted: by this process, or by all that share PROMETHEUS_MULTIPROC_DIR."""
    if MULTIPROCESS_FOLDER not in os.environ:
        return registry
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


class RequestTellingMiddleware:
    """Stands right behind the request's number, so that it sees everything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then tell."""
        begun = perf_counter()
        response = self.get_response(request)
        seconds = perf_counter() - begun
        view = view_name(request)
        method = request.method if request.method in KNOWN_METHODS else "OTHER"
        REQUESTS.labels(view, method, response.status_code).inc()
        SECONDS.labels(view).observe(seconds)
        if view not in QUIET:
            told = {
                "view": view, "method": method, "status": response.status_code,
                "seconds": round(seconds, 4), "user": person_of(request),
            }  # fmt: skip
            level = logging.ERROR if response.status_code >= 500 else logging.INFO
            logger.log(level, "request", extra=told)
        return response


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def view_name(request: HttpRequest) -> str:
    """The name of the address; ``none`` where there is nothing at it."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "none"


def person_of(request: Any) -> int | None:
    """The key of whoever asked, if the answer came to know; asks the database nothing."""
    token = getattr(request, "api_token", None)
    if token is not None:
        return int(token.user_id)
    person = getattr(request, "_cached_user", None)
    return getattr(person, "pk", None)
