"""Process instances: where each case stands in its BPMN process."""

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
    ended_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True, db_index=True)  # the next timer

    def __str__(self) -> str:
        return f"Process of case {self.case_id}"
