"""Addresses of the JSON API (see the contract in docs/architecture.md)."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from rathaus.api import views
from rathaus.api.problems import answering_problems
from rathaus.api.views import endpoint

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("openapi.json", endpoint(GET=views.openapi), name="openapi"),
    path("services", endpoint(GET=views.services), name="services"),
    path("services/<str:key>", endpoint(GET=views.service), name="service"),
    path("services/<str:key>/schema", endpoint(GET=views.schema), name="schema"),
    path("services/<str:key>/applications", endpoint(POST=views.apply), name="applications"),
    path("services/<str:key>/uploads", endpoint(POST=views.upload), name="uploads"),
    path("applications/<str:reference>", endpoint(GET=views.application), name="application"),
    path("catalogue", endpoint(GET=views.catalogue), name="catalogue"),
    path("catalogue/<str:key>", endpoint(GET=views.catalogue_file), name="catalogue_file"),
    re_path(r"^(?P<rest>.*)$", answering_problems(views.unknown), name="unknown"),
]
