"""What the operator asks: does the process live, and can it work."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from stores.access import public


@public("asked by the operator's health check; tells nothing but that the process answers")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so a lost database does not restart the web."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public("asked by the operator's load balancer; tells yes or no per part, never a detail")
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be answered, 503 when the database or its shape is not ready."""
    parts = {"database": False, "migrations": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = True
        parts["migrations"] = not _pending()
    except DatabaseError:
        connection.close()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _pending() -> bool:
    """Whether the database lacks a migration this code has."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
