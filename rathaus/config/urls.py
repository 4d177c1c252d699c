"""Every address of the town hall (see docs/architecture.md and the contract it names)."""

from __future__ import annotations

from django.urls import include, path

from rathaus.config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include("rathaus.api.urls")),
    path("amt/", include("rathaus.people.urls")),
    path("amt/leistungen/", include("rathaus.designer.urls")),
    path("amt/", include("rathaus.office.urls")),
    path("", include("rathaus.portal.urls")),
]

handler400 = "rathaus.portal.errors.bad_request"
handler403 = "rathaus.portal.errors.forbidden"
handler404 = "rathaus.portal.errors.not_found"
handler500 = "rathaus.config.outage.server_error"
