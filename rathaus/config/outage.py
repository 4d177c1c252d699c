"""What visitors see when something breaks: pages in the town's look, and nothing typed is lost."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg_pool import PoolClosed, PoolTimeout

from rathaus.portal.languages import LANGUAGE_COOKIE
from rathaus.towns.context import acting_for
from rathaus.towns.service import remembered_town

# How a database that went away shows itself, by driver and by pool.
DATABASE_OUTAGES = (OperationalError, InterfaceError, PoolTimeout, PoolClosed)
RETRY_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: 503 while the database is away, 500 for everything unforeseen.

    Called while the exception is being handled, which is how it knows the difference.
    """
    outage = isinstance(sys.exc_info()[1], DATABASE_OUTAGES)
    status = 503 if outage else 500
    if request.path.startswith("/api/"):
        title = (
            _("Die Datenbank ist gerade nicht erreichbar.")
            if outage
            else _("Bei uns ist ein Fehler aufgetreten.")
        )
        response: HttpResponse = JsonResponse(
            {"type": "about:blank", "title": title, "status": status},
            status=status,
            content_type="application/problem+json",
        )
    else:
        response = _page(request, status)
    if outage:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _page(request: HttpRequest, status: int) -> HttpResponse:
    town = remembered_town(request.get_host())
    typed: list[tuple[str, str]] = []
    if request.method == "POST" and town is not None:
        # The form is offered again with everything typed, so that trying again sends the same page.
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken"
        ]
        get_token(request)
    if town is None:
        # Nothing is known about the town yet: a page that needs nothing but itself.
        text = _(
            "Das Rathaus ist gerade nicht erreichbar. Bitte versuchen Sie es in einigen Minuten noch einmal."
        )
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    request.town = town  # type: ignore[attr-defined]
    language = "en" if request.COOKIES.get(LANGUAGE_COOKIE) == "en" else "de"
    with acting_for(town), translation.override(language):
        return render(request, f"errors/{status}.html", {"typed": typed}, status=status)
