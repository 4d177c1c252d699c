"""Published services: immutable versions of service packages, and which one is live in a town."""

from __future__ import annotations

from django.db import models

from rathaus.towns.owned import TownOwned


class ServiceVersion(TownOwned):
    """One published, never changed version of a service package."""

    key = models.SlugField(max_length=60)  # the service, for example `gewerbeanmeldung`
    number = models.PositiveIntegerField()  # 1, 2, 3 … per town and service
    content_hash = models.CharField(max_length=64)  # SHA-256 over the package's files
    package = models.BinaryField()  # the folder, packed to one deterministic ZIP file
    title = models.JSONField()  # language → text, copied out for lists
    published_at = models.DateTimeField()
    live_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "key", "number"], name="service_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.number}"
