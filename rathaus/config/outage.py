"""What visitors see when something breaks: pages in the town's look, and nothing typed is lost."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
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

    Called while the exception is being handled, which is how it knows the difference. Nothing here may ask the
    database, and no middleware may have run yet.
    """
    outage = isinstance(sys.exc_info()[1], DATABASE_OUTAGES)
    status = 503 if outage else 500
    with translation.override(_language(request)):
        response = _problem(status) if request.path.startswith("/api/") else _page(request, status)
    if outage:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _language(request: HttpRequest) -> str:
    if request.path.startswith("/api/"):
        return translation.get_language_from_request(request)
    return "en" if request.COOKIES.get(LANGUAGE_COOKIE) == "en" else "de"


def _title(status: int) -> str:
    return (
        _("Die Datenbank ist gerade nicht erreichbar.")
        if status == HTTPStatus.SERVICE_UNAVAILABLE
        else _("Bei uns ist ein Fehler aufgetreten.")
    )


def _problem(status: int) -> HttpResponse:
    return JsonResponse(
        {"type": "about:blank", "title": _title(status), "status": status},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _page(request: HttpRequest, status: int) -> HttpResponse:
    town = remembered_town(request.get_host())
    if town is None:
        # Nothing is known about the town yet: a page that needs nothing but itself.
        text = _(
            "Das Rathaus ist gerade nicht erreichbar. Bitte versuchen Sie es in einigen Minuten noch einmal."
        )
        return render(request, "errors/townless.html", {"title": _title(status), "text": text}, status=status)
    request.town = town  # type: ignore[attr-defined]
    request.content_language = translation.get_language()  # type: ignore[attr-defined]
    # Who is signed in is known to the database only.
    request.user = AnonymousUser()
    typed = _typed(request)
    if typed:
        # The middleware may not have seen the cookie yet that the form's token must fit.
        CsrfViewMiddleware(lambda _: HttpResponse()).process_request(request)
    with acting_for(town):
        return render(request, f"errors/{status}.html", {"typed": typed}, status=status)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, to be offered again so that trying again sends the same page.

    Passwords are not repeated; whoever was signing in types theirs once more.
    """
    if request.method != "POST":
        return []
    try:
        posted = request.POST
    except (SuspiciousOperation, OSError, MultiPartParserError):
        return []  # it never arrived whole
    if any("password" in name for name in posted):
        return []
    return [
        (name, value) for name, values in posted.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
