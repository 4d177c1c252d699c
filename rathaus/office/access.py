"""Finding a case for somebody: only if they may see it, and always leaving a trace in the audit log."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from rathaus.audit import service as audit
from rathaus.cases.models import Case
from rathaus.people.models import User
from rathaus.people.service import may_decide, may_see


def person(request: HttpRequest) -> User:
    """Who is signed in; the middleware lets nobody else come this far."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def visible_case(request: HttpRequest, reference: str) -> Case:
    """The case with this reference; 404 also where it exists but is another office's business."""
    found: Case | None = (
        Case.objects.select_related("application__service", "office", "assigned_to")
        .defer("application__service__package")
        .filter(application__reference=reference)
        .first()
    )
    if found is None or not may_see(person(request), found):
        raise Http404
    return found


def case_to_work_on(request: HttpRequest, reference: str) -> Case:
    """The case, for somebody who may also decide in it."""
    case = visible_case(request, reference)
    if not may_decide(person(request), case):
        raise PermissionDenied
    return case


def leave_trace(request: HttpRequest, action: str, case: Case, **detail: str | int) -> None:
    """Write to the audit log that the signed-in person did something with the case."""
    audit.write(action, "case", case.application.reference, actor=person(request), detail=detail)
