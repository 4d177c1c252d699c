"""Published services: immutable versions of service packages, and which one is live in a town."""

from __future__ import annotations

from django.conf import settings
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
    # From when on the version counts no more; before `live_from`: it was cancelled before it ever counted.
    retired_at = models.DateTimeField(null=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "key", "number"], name="service_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.number}"


class Retirement(TownOwned):
    """A service that the town no longer offers, and where people are sent instead. Ends when it is published again."""

    key = models.SlugField(max_length=60)
    text = models.JSONField()  # language → what people are told, German always
    address = models.URLField(blank=True)  # where to go instead
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    lifted_at = models.DateTimeField(null=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "key"], condition=models.Q(lifted_at=None), name="retired_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} retired"
