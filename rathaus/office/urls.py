from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def _x(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


app_name = "office"
urlpatterns = [
    path("", _x, name="worklist"),
    path("a/", _x, name="automatic"),
    path("personen/", _x, name="people"),
    path("p/", _x, name="journal"),
]
