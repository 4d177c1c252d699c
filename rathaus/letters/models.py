"""Letters: decisions and receipts, written by Typst, sealed, and found again by their verification code."""

from __future__ import annotations

from django.db import models

from rathaus.cases.models import Case
from rathaus.towns.owned import TownOwned


class Letter(TownOwned):
    """A letter of a case. First promised with all its data, then produced; the data never changes afterwards."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    template = models.CharField(
        max_length=80
    )  # name of the file under `letters/` in the package, without `.typ`
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=12)
    data = models.JSONField()  # everything the template reads, frozen when the letter was promised
    created_at = models.DateTimeField()
    verification_code = models.CharField(max_length=32)
    seal_wanted = models.BooleanField()
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the finished file
    produced_at = models.DateTimeField(null=True)
    # Proof of provision (§ 9 Abs. 1 OZG, § 41 VwVfG). The regime is empty where the letter decides nothing.
    notice_regime = models.CharField(max_length=20, blank=True)  # a `law.notices.Regime`
    provided_at = models.DateTimeField(null=True)
    notice_sent_at = models.DateTimeField(null=True)
    retrieved_at = models.DateTimeField(null=True)
    posted_on = models.DateField(null=True)
    deemed_notified_on = models.DateField(null=True)
    delivery_channel = models.CharField(max_length=12, blank=True)  # portal, post

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["verification_code"], name="verification_code"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="letter_by_hash"),
            models.Index(fields=["created_at"], condition=models.Q(pdf=None), name="letter_unproduced"),
        ]

    def __str__(self) -> str:
        return self.title
