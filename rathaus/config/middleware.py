"""What surrounds every request: observation, security headers, the town, the language."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from rathaus.config import metrics
from rathaus.portal.languages import CONTENT_LANGUAGES, LANGUAGE_COOKIE
from rathaus.towns.context import acting_for
from rathaus.towns.service import default_town, town_for_host

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Addresses that machines ask about the installation as a whole, not about a town.
TOWNLESS_PATHS = ("/healthz", "/readyz", "/metrics", "/static/")

_CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - one directive a line reads better
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # KERN's icons are data addresses in its stylesheet
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

# No content, not modified: RFC 9110 wants no length of theirs.
_WITHOUT_BODY = frozenset({204, 304})

_log = logging.getLogger("rathaus.request")


def _route(request: HttpRequest) -> str:
    """The pattern that matched, never the address itself: addresses hold references and draft ids."""
    return request.resolver_match.route if request.resolver_match else ""


def _say_length(response: HttpResponseBase) -> None:
    """Say how long the answer is: else the server can only end it by closing the connection, after every page."""
    if isinstance(response, HttpResponse) and response.status_code not in _WITHOUT_BODY:
        response.headers.setdefault("Content-Length", str(len(response.content)))


class ObservationMiddleware:
    """One log line and one measurement a request, both without personal data."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        response.headers["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        _say_length(response)
        if not request.path.startswith("/static/"):
            route = _route(request)
            metrics.observe_request(request.method or "", route, response.status_code, seconds)
            town = getattr(request, "town", None)
            _log.info(
                "request",
                extra={
                    "request_id": request.id,  # type: ignore[attr-defined]
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "milliseconds": round(seconds * 1000, 1),
                    "town": town.slug if town else None,
                },
            )
        return response


class SecurityHeadersMiddleware:
    """Headers that keep foreign code, frames and curious caches out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        )
        # Pages hold personal data: a view that may be cached says so itself.
        headers.setdefault("Cache-Control", "no-store")
        if settings.TLS:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        return response


class TownMiddleware:
    """Finds the town by the request's host and lets everything below act for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(TOWNLESS_PATHS):
            return self.get_response(request)
        town = town_for_host(request.get_host())
        if town is None and settings.DEMO:
            town = default_town()
        if town is None:
            raise Http404("no town answers under this host")
        request.town = town  # type: ignore[attr-defined]
        with acting_for(town):
            return self.get_response(request)


class LanguageMiddleware:
    """German first; the language a visitor chose is kept in a cookie. Machines say theirs by `Accept-Language`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/"):
            chosen = translation.get_language_from_request(request)
        else:
            chosen = request.COOKIES.get(LANGUAGE_COOKIE, "de")
        if chosen not in CONTENT_LANGUAGES:
            chosen = "de"
        request.content_language = chosen  # type: ignore[attr-defined]
        with translation.override("en" if chosen == "en" else "de"):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en" if chosen == "en" else "de")
        if isinstance(response, HttpResponse):
            patch_vary_headers(
                response, ("Accept-Language",) if request.path.startswith("/api/") else ("Cookie",)
            )
        return response
