"""Who works on a case: take it, hand it back, give it to somebody. Two people never overwrite each other."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.cases.models import Actor, Case, Step
from rathaus.cases.timeline import record
from rathaus.catalogue.service import version_with
from rathaus.people.models import User


class CaseTakenError(Exception):
    """Somebody else works on the case."""

    def __init__(self, holder: User) -> None:
        super().__init__(f"{holder} works on this case")
        self.holder = holder


class CaseChangedError(Exception):
    """The case changed since it was shown: look again before deciding."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is at revision {case.revision} by now")
        self.case = case


class CaseClosedError(Exception):
    """Nothing is left to do in the case."""


def locked(case: Case | int) -> Case:
    """The case as it is now, locked until the transaction ends; the order of locks is always case first.

    Only what never changes is joined: after waiting for the lock, PostgreSQL reads the case anew but not the rows it
    was joined with, so a joined holder or office could be that of before.
    """
    primary_key = case if isinstance(case, int) else case.pk
    row: Case = Case.objects.select_related("application").select_for_update(of=("self",)).get(pk=primary_key)
    row.application.service = version_with(row.application.service_id)
    return row


@transaction.atomic
def take(case: Case, user: User, *, revision: int | None = None) -> Case:
    """Assign the case to `user`; its open steps count as taken from now on. Taking one's own case changes nothing.

    Raises `CaseTakenError`, `CaseClosedError`, and `CaseChangedError` if `revision` (as shown) is not current.
    """
    row = _checked(case, revision)
    if row.assigned_to is not None:
        if row.assigned_to.pk == user.pk:
            return row
        raise CaseTakenError(row.assigned_to)
    return _assign(row, user, by=user, action="case.taken")


@transaction.atomic
def assign(case: Case, to: User, *, by: User, revision: int | None = None) -> Case:
    """Give the case to somebody, also when it lies with somebody else. Raises like `take`, but never for a holder."""
    row = _checked(case, revision)
    return _assign(row, to, by=by, action="case.assigned")


@transaction.atomic
def hand_back(case: Case, user: User, *, revision: int | None = None) -> Case:
    """Give the case back to the office; raises `CaseTakenError` if it lies with somebody else."""
    row = _checked(case, revision)
    if row.assigned_to is None:
        return row
    if row.assigned_to.pk != user.pk:
        raise CaseTakenError(row.assigned_to)
    return _assign(row, None, by=user, action="case.handed_back")


def _checked(case: Case, revision: int | None) -> Case:
    row = locked(case)
    if revision is not None and row.revision != revision:
        raise CaseChangedError(row)
    if row.closed_at is not None:
        raise CaseClosedError(f"case {row.pk} is closed")
    return row


def _assign(row: Case, user: User | None, *, by: User, action: str) -> Case:
    now = timezone.now()
    row.assigned_to = user
    Case.objects.filter(pk=row.pk).update(assigned_to=user, revision=F("revision") + 1)
    row.revision += 1
    Step.objects.filter(case=row, actor=Actor.PERSON, ended_at=None).update(
        taken_by=user, taken_at=now if user else None
    )
    record(row, action, actor=Actor.PERSON, user=by, to=str(user) if user and user != by else "")
    audit.write(action, "case", row.application.reference, actor=by)
    return row
