"""Process instances: where each case stands in its BPMN process, and what its steps handed over to other bodies."""

from __future__ import annotations

from django.db import models

from rathaus.cases.models import Case
from rathaus.towns.owned import TownOwned


class ProcessInstance(TownOwned):
    """The saved state of one case's process, and the definition it was started with."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="process")
    definition_hash = models.CharField(max_length=64)  # SHA-256 of the package the definition came from
    state = models.JSONField()  # SpiffWorkflow's serialised instance without its specification
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when the state was saved last
    ended_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True, db_index=True)  # the next timer

    def __str__(self) -> str:
        return f"Process of case {self.case_id}"


class TransmissionState(models.TextChoices):
    """How far a transmission has come."""

    READY = "ready", "Bereit"
    SENT = "sent", "Übermittelt"


class Transmission(TownOwned):
    """Data of one application for one body that the law lets have it. The payload never changes afterwards."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transmissions")
    recipient = models.SlugField(max_length=60)  # key of the recipient in the package
    name = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=300)
    payload = (
        models.JSONField()
    )  # exactly the fields of the matrix: nested answers, reference, day of receipt
    state = models.CharField(
        max_length=10, choices=TransmissionState.choices, default=TransmissionState.READY
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "recipient"], name="transmission_once_per_recipient")
        ]
        indexes = [models.Index(fields=["town", "state", "created_at"], name="transmission_by_state")]

    def __str__(self) -> str:
        return f"{self.recipient} of case {self.case_id}"
