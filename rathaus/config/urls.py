"""Every address of the town hall (see docs/architecture.md and the contract it names)."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("rathaus.api.urls")),
    path("amt/", include("rathaus.office.urls")),
    path("", include("rathaus.portal.urls")),
]
