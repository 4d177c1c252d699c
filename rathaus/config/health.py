"""Liveness, readiness and measurements: what operators and load balancers ask."""

from __future__ import annotations

import hmac
import os
from datetime import timedelta
from ipaddress import ip_address

from django.db import connection
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import REGISTRY, GaugeMetricFamily

from rathaus.config.outage import DATABASE_OUTAGES
from rathaus.delivery.models import HandOver

# Work older than this means that no worker is running or that it cannot keep up.
QUEUE_STUCK_AFTER = timedelta(minutes=5)


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers and the queue is worked on. 503 with the reason otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        oldest = HandOver.across_towns.filter(done_at=None, attempts=0).aggregate(at=Min("due_at"))["at"]
    except DATABASE_OUTAGES:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    stuck = oldest is not None and oldest < timezone.now() - QUEUE_STUCK_AFTER
    return JsonResponse(
        {"ready": not stuck, "database": "ok", "queue": "stuck" if stuck else "ok"},
        status=503 if stuck else 200,
    )


def _may_read_metrics(request: HttpRequest) -> bool:
    token = os.environ.get("METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    # A forwarded request comes from the proxy's loopback address, but not from this machine.
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ip_address(request.META["REMOTE_ADDR"]).is_loopback


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus measurements, for this machine or with `METRICS_TOKEN` only."""
    if not _may_read_metrics(request):
        raise Http404
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    return HttpResponse(generate_latest(registry) + _queue_measurements(), content_type=CONTENT_TYPE_LATEST)


def _queue_measurements() -> bytes:
    open_rows = HandOver.across_towns.filter(done_at=None)
    waiting = GaugeMetricFamily("rathaus_hand_overs_open", "Hand-overs not done yet", labels=["kind"])
    failing = GaugeMetricFamily(
        "rathaus_hand_overs_failing", "Open hand-overs that failed before", labels=["kind"]
    )
    for kind, count, tried in open_rows.values_list("kind").annotate(
        Count("pk"), failed=Count("pk", filter=Q(attempts__gt=0))
    ):
        waiting.add_metric([kind], count)
        failing.add_metric([kind], tried)
    registry = CollectorRegistry()
    registry.register(_Families([waiting, failing]))
    return generate_latest(registry)


class _Families:
    """Measurements computed at the moment they are asked for."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self._families
