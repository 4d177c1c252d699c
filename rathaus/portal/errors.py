"""Pages for requests that cannot be answered as asked: what happened, and what the visitor can do."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler400`: 413 if too much was sent, else 400."""
    return error_page(request, 413 if isinstance(exception, _TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler403`."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler404`."""
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the browser sent no cookie, or the form comes from another site."""
    return error_page(request, 403, template="csrf")


def too_many_requests(request: HttpRequest, wait: int) -> HttpResponse:
    """The page for somebody who tried too often; `wait` seconds from now they may again."""
    response = error_page(request, 429, wait=wait)
    response.headers["Retry-After"] = str(wait)
    return response


def error_page(request: HttpRequest, status: int, *, template: str = "", wait: int = 0) -> HttpResponse:
    """The page of an HTTP status in the town's look; machines get `application/problem+json`."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "about:blank", "title": _title(status), "status": status},
            status=status,
            content_type="application/problem+json",
        )
    if getattr(request, "town", None) is None:
        # No town answers under this host, so there is no look to show.
        return render(request, "errors/townless.html", {"title": _title(status), "text": ""}, status=status)
    return render(request, f"errors/{template or status}.html", {"wait": wait}, status=status)


def _title(status: int) -> str:
    return {
        400: _("Diese Anfrage können wir nicht verstehen."),
        403: _("Das dürfen Sie hier nicht."),
        404: _("Diese Seite gibt es nicht."),
        413: _("Das war zu viel auf einmal."),
        429: _("Zu viele Versuche."),
    }[status]
