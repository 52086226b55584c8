"""What the operator asks: does the process live, and can it work.

``/readyz`` is red (503) when the database does not answer, lacks a migration, or the disk is nearly
full. A broker that is away makes it ``degraded``, still 200: pages, forms and imports go on without
it. Each probe opens a connection of its own with a short limit, so that a database that hangs turns
the answer red instead of leaving it open.
"""

import shutil
from functools import cache
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from stores.access import public

# Three limits one after the other stay below the ten seconds a fault may go unseen.
DATABASE_SECONDS = 3
BROKER_SECONDS = 1.5


@public("asked by the operator's health check; tells nothing but that the process answers")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so a lost database does not restart the web."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public("asked by the operator's load balancer; tells yes or no per part, never a detail")
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be answered, 503 when the database, its shape or the disk is not fit."""
    applied = migrations_applied()
    needed = {
        "database": applied is not None,
        "migrations": applied is not None and migrations_known() <= applied,
        "disk": disk_has_room(),
    }
    is_ready, has_broker = all(needed.values()), broker_answers()
    status = "not ready" if not is_ready else "ready" if has_broker else "degraded"
    answer = {"status": status, **needed, "broker": has_broker}
    return JsonResponse(answer, status=200 if is_ready else 503)


def migrations_applied() -> set[tuple[str, str]] | None:
    """What the database says was migrated; None when it does not answer in time."""
    try:
        with psycopg.connect(**_parameters()) as asking:
            rows = asking.execute("SELECT app, name FROM django_migrations").fetchall()
    except psycopg.errors.UndefinedTable:
        return set()
    except psycopg.Error:
        return None
    return {(app, name) for app, name in rows}


def _parameters() -> dict[str, Any]:
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    limit = f"-c statement_timeout={DATABASE_SECONDS * 1000}"
    return {
        **{name: known[name] for name in names if name in known},
        "connect_timeout": DATABASE_SECONDS,
        "options": limit,
        "autocommit": True,
        "tcp_user_timeout": DATABASE_SECONDS * 1000,
    }


@cache
def migrations_known() -> frozenset[tuple[str, str]]:
    """The newest migration of every app in this code."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def disk_has_room() -> bool:
    """Whether the disk under the state folder has DISK_MIN_FREE_BYTES left."""
    try:
        return bool(shutil.disk_usage(settings.STATE_DIR).free >= settings.DISK_MIN_FREE_BYTES)
    except OSError:
        return False


def broker_answers() -> bool:
    """Whether the broker answers a ping in time."""
    asking = redis.Redis.from_url(
        broker_url(), socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    )
    try:
        return bool(asking.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        asking.close()


def broker_url() -> str:
    """The broker's address as its own client writes it: Celery calls a socket ``redis+socket``."""
    scheme, _slashes, rest = settings.REDIS_URL.partition("://")
    if scheme == "redis+socket":
        return f"unix://{rest.partition('?')[0]}"
    return f"{scheme}://{rest}"
