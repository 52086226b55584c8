"""/metrics for Prometheus: requests, runs, shards, the outbox, imports.

Who may read: whoever shows METRICS_TOKEN (``Authorization: Bearer …``). Where no token is set, only
the machine itself, and only directly: a request that any proxy forwarded comes from outside even
when the proxy stands on this machine. For everybody else the address does not exist.
"""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shopguard.last_night import last_night
from shopguard.lib.telemetry import request_registry
from stores.access import public
from stores.kinds import kind_names
from stores.selectors.figures import batches_by_status, open_shards_oldest, shards_by_state
from stores.selectors.run_story import messages_waiting
from stores.selectors.runs import run_ended_last

FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")
STANDINGS = ("none", "waiting", "running", "late", "errors", "done")


@public("asked by Prometheus; only with METRICS_TOKEN or from the machine itself, 404 otherwise")
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as Prometheus reads them; labels hold no shop and no person."""
    if not _may_read(request):
        raise Http404
    own = CollectorRegistry()
    own.register(LedgerFigures())
    text = generate_latest(request_registry()) + generate_latest(own)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class LedgerFigures(Collector):
    """What the database knows, asked when Prometheus asks; without it one figure says so."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure."""
        try:
            figures = list(_figures(timezone.now()))
        except DatabaseError:
            yield gauge("shopguard_database_up", "Whether the database answers.", 0)
            return
        yield gauge("shopguard_database_up", "Whether the database answers.", 1)
        yield from figures


def _figures(now: datetime) -> Iterator[GaugeMetricFamily]:
    yield from _runs(now)
    waiting, since = messages_waiting()
    yield gauge("shopguard_outbox_messages", "Messages of the outbox that wait.", waiting)
    yield gauge(
        "shopguard_outbox_age_seconds", "Age of the oldest message that waits.", age(since, now)
    )
    shards = GaugeMetricFamily(
        "shopguard_shards", "Shards of the runs of the last week.", labels=("step", "state")
    )
    for step, state, count in shards_by_state(now=now):
        shards.add_metric([step, state], count)
    yield shards
    batches = GaugeMetricFamily(
        "shopguard_import_batches", "Imported files by kind and status.", labels=("kind", "status")
    )
    known = frozenset(kind_names())
    for kind, status, count in batches_by_status():
        if kind in known:
            batches.add_metric([kind, status], count)
    yield batches


def _runs(now: datetime) -> Iterator[GaugeMetricFamily]:
    ended = run_ended_last()
    seconds = age(ended.finished_at if ended else None, now) if ended else -1.0
    yield gauge(
        "shopguard_run_age_seconds", "Time since the newest run ended; -1 without one.", seconds
    )
    yield gauge(
        "shopguard_open_shard_age_seconds",
        "Age of the oldest shard that waits or is worked on.",
        age(open_shards_oldest(), now),
    )
    night = GaugeMetricFamily(
        "shopguard_last_night", "1 for how the night due last stands.", labels=("standing",)
    )
    standing = last_night(now=now).standing
    for name in STANDINGS:
        night.add_metric([name], float(name == standing))
    yield night


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    """A figure without labels."""
    return GaugeMetricFamily(name, about, value=value)


def age(since: datetime | None, now: datetime) -> float:
    """Seconds since an instant; 0 when there is none."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0
