"""The audit log: who did or saw what, when. Rows are added, never changed or removed by the application."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rathaus.towns.owned import TownOwned


class ActorKind(models.TextChoices):
    """What sort of actor did the act."""

    PERSON = "person", "Person"
    APPLICANT = "applicant", "Antragstellende"
    MACHINE = "machine", "System"


class AuditEntry(TownOwned):
    """One act: signing in, opening a case, deciding, changing a setting. Holds no content of the case.

    The database refuses to change or delete a row (see `triggers.py`).
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    action = models.CharField(max_length=60)  # for example `case.viewed`
    subject_type = models.CharField(max_length=40)  # for example `case`
    subject = models.CharField(max_length=64)  # its public reference or primary key
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)  # empty for the town's first entry
    hash = models.CharField(max_length=64)  # SHA-256 over the entry and the town's previous hash

    class Meta(TownOwned.Meta):
        constraints = [
            # Two entries after the same one would be a fork: the chain has exactly one order.
            models.UniqueConstraint(fields=["town", "previous_hash"], name="audit_chain_never_forks"),
        ]
        indexes = [models.Index(fields=["town", "subject_type", "subject"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
