"""The languages of the pages, and the cookie that keeps the one a visitor chose."""

from __future__ import annotations

from django.http import HttpResponse

# `de-simple` (Leichte Sprache) is a variant of the services' own texts; buttons and messages stay German.
CONTENT_LANGUAGES = ("de", "en", "de-simple")
LANGUAGE_COOKIE = "sprache"
_KEPT_FOR_SECONDS = 365 * 24 * 3600


def remember_language(response: HttpResponse, language: str, *, secure: bool) -> None:
    """Keep a language the pages know in the visitor's cookie; anything else changes nothing."""
    if language in CONTENT_LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_KEPT_FOR_SECONDS, samesite="Lax", secure=secure, httponly=True
        )
