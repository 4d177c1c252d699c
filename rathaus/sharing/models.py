"""What a town offers to others, whom it trusts, and what it adopted from whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rathaus.design.models import Design
from rathaus.towns.owned import TownOwned


class Offer(TownOwned):
    """A service that other towns may adopt in its live version. Withdrawn: deleted; the audit log remembers."""

    key = models.SlugField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "key"], name="offered_once")]

    def __str__(self) -> str:
        return self.key


class TrustedOrigin(TownOwned):
    """The key an origin signed with when the town first adopted something from it, or the last one it confirmed."""

    origin = models.CharField(max_length=80)  # slug of the town that shares
    fingerprint = models.CharField(max_length=64)  # SHA-256 of its certificate
    confirmed_at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "origin"], name="one_key_per_origin")]

    def __str__(self) -> str:
        return self.origin


class Received(TownOwned):
    """A file from another installation that waits to be adopted or merged; deleted with that."""

    origin = models.CharField(max_length=80)
    origin_name = models.CharField(max_length=200)
    origin_key = models.SlugField(max_length=60)
    origin_version = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    data = models.BinaryField()  # the file as it was sent
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "origin", "origin_key", "origin_version", "fingerprint"], name="received_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.origin_key} ({self.origin} v{self.origin_version})"


class Adoption(TownOwned):
    """One state of an origin's package that is in a design: the base of the town's own changes. Rows only add up."""

    key = models.SlugField(max_length=60)  # of the service here
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="adoptions")
    revision = models.PositiveIntegerField(default=1)  # number of the design's revision that it came with
    origin = models.CharField(max_length=80)
    origin_name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the seal the package came with
    origin_key = models.SlugField(max_length=60)
    origin_version = models.PositiveIntegerField()
    package = models.BinaryField()  # the origin's files, packed, exactly as they were signed
    at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        indexes = [models.Index(fields=["town", "key", "-at"], name="adopted_last")]

    def __str__(self) -> str:
        return f"{self.key} ({self.origin} v{self.origin_version})"
