"""Applicants may withdraw what is not decided yet; the process ends where it stands."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rathaus.cases.models import Actor, Case, CaseStatus, Step
from rathaus.cases.service import CaseClosedError, locked, record
from rathaus.processes.models import ProcessInstance

WITHDRAWN = "withdrawn"


@transaction.atomic
def withdraw(case: Case) -> None:
    """The applicant withdraws the application: all open steps end, nothing follows.

    Raises `CaseClosedError` if the case is decided or closed already.
    """
    row = locked(case)
    if row.decided_at is not None or row.closed_at is not None:
        raise CaseClosedError(f"case {row.pk} is decided")
    now = timezone.now()
    Step.objects.filter(case=row, ended_at=None).update(ended_at=now, outcome=WITHDRAWN, error="")
    ProcessInstance.objects.filter(case=row).update(ended_at=now, wakes_at=None, moved_at=now)
    Case.objects.filter(pk=row.pk).update(
        status=CaseStatus.WITHDRAWN,
        acts_next="",
        outcome=WITHDRAWN,
        closed_at=now,
        due_on=None,
        revision=F("revision") + 1,
    )
    record(row, "withdrawn", actor=Actor.APPLICANT, public=True)
