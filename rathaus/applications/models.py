"""Applications: drafts while people type, files they add, and what they finally sent."""

from __future__ import annotations

import uuid

from django.db import models

from rathaus.catalogue.models import ServiceVersion
from rathaus.towns.owned import TownOwned


class Draft(TownOwned):
    """An application that is being filled in. Saved with every page, found again by its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)  # canonical answers
    typed = models.JSONField(default=dict)  # page key → HTML name → list of strings that did not pass yet
    visited = models.JSONField(default=list)  # keys of the pages that were sent at least once
    # What the last move to a newer version of the service changed (`applications.moving`); empty: nothing to say.
    moved = models.JSONField(default=dict)
    language = models.CharField(max_length=12, default="de")
    revision = models.PositiveIntegerField(default=0)  # grows with every save: two tabs notice each other
    resume_code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    submitted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class Application(TownOwned):
    """What was sent, exactly as it was sent; never changed afterwards."""

    reference = models.CharField(max_length=24)
    service = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    language = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)  # portal, api
    received_at = models.DateTimeField()
    access_code_hash = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=255)
    body_hash = models.CharField(
        max_length=64
    )  # SHA-256 of the canonical request, to tell a retry from a clash
    identification = models.JSONField(default=dict)  # method, level, at (§ 9a Abs. 5 OZG)
    contact_email = models.EmailField(blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "reference"], name="reference_per_town"),
            models.UniqueConstraint(fields=["town", "idempotency_key"], name="idempotency_key_per_town"),
        ]

    def __str__(self) -> str:
        return self.reference


class Attachment(TownOwned):
    """A file an applicant added. Bytes lie under `DATA_DIR/attachments/<town>/<id>`, never in a web root."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, related_name="attachments")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    path = models.CharField(max_length=255)  # the answer it belongs to
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()  # bytes announced
    received = models.BigIntegerField(default=0)  # bytes stored so far: uploads can be resumed
    sha256 = models.CharField(max_length=64, blank=True)  # set when complete and checked
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
