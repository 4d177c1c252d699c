"""Addresses of the designer, below `/amt/leistungen/`: each area brings its own."""

from __future__ import annotations

from rathaus.designer.views import overview, pages, question, start

app_name = "designer"
urlpatterns = [
    *start.urls,
    *overview.urls,
    *pages.urls,
    *question.urls,
]
