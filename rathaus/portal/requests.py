"""What the portal's views know about a request besides Django's own attributes."""

from __future__ import annotations

from django.http import HttpRequest

from rathaus.towns.models import Town


class PortalRequest(HttpRequest):
    """A request after the middleware found its town and language."""

    town: Town
    content_language: str  # de, en, de-simple
