"""Tries at codes: counted for each visitor, so that nobody guesses their way in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from rathaus.applications.limits import WRONG_CODES, client_of, limiter
from rathaus.portal.errors import too_many_requests


def pause_after_wrong_codes(request: HttpRequest, purpose: str) -> HttpResponse | None:
    """The 429 page if this visitor was wrong too often, else None."""
    wait = limiter.wait(purpose, client_of(request), WRONG_CODES)
    return too_many_requests(request, wait) if wait else None


def count_wrong_code(request: HttpRequest, purpose: str) -> None:
    """Remember that this visitor was wrong once more."""
    limiter.count(purpose, client_of(request), WRONG_CODES)
