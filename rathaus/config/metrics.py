"""What the installation measures about itself, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

_requests = Counter("rathaus_requests_total", "Requests answered", ["method", "route", "status"])
_seconds = Histogram(
    "rathaus_request_seconds",
    "Seconds to answer a request",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request under its route pattern (never its address)."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)
