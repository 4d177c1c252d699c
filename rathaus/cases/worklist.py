"""The worklist: which cases need whom, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from rathaus.cases.models import Actor, Case, CaseStatus, Step
from rathaus.people.models import Membership, User
from rathaus.rules.functions import folded


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show. Everything left at its default does not narrow the list."""

    office: int | None = None  # primary key of an office
    mine: bool = False
    unassigned: bool = False
    overdue: bool = False
    waiting: bool = False  # for the applicant
    failed: bool = False  # a machine's step needs looking after
    closed: bool = False  # closed cases instead of open ones
    service: str = ""  # key of the service
    query: str = ""  # words of the reference or the applicant's name


def worklist(user: User, filters: Filters | None = None) -> QuerySet[Case]:
    """Cases of the offices `user` belongs to, the most urgent first.

    One query however many cases: reference, service title, office and holder come along. `acts_next` is the colour,
    `due_on` the nearest deadline.
    """
    wanted = filters or Filters()
    today = timezone.localdate()
    cases: QuerySet[Case] = (
        Case.objects.filter(office__in=Membership.objects.filter(user=user).values("office"))
        .select_related("application__service", "office", "assigned_to")
        .defer("application__service__package", "application__answers", "facts")
    )
    cases = cases.filter(closed_at__isnull=not wanted.closed).filter(_narrowed(wanted, user, today))
    if wanted.failed:
        cases = cases.filter(pk__in=_with_failed_step())
    # What is decided already (a fee to release, for instance) has met its deadline and comes after the rest.
    decided_last, nearest_first = F("decided_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True)
    return cases.order_by(decided_last, nearest_first, "opened_at", "pk")


def _narrowed(wanted: Filters, user: User, today: date) -> Q:
    condition = Q()
    if wanted.office is not None:
        condition &= Q(office=wanted.office)
    if wanted.mine:
        condition &= Q(assigned_to=user)
    if wanted.unassigned:
        condition &= Q(assigned_to=None, acts_next=Actor.PERSON)
    if wanted.overdue:
        condition &= Q(due_on__lt=today) & ~Q(status=CaseStatus.DECIDED)
    if wanted.waiting:
        condition &= Q(acts_next=Actor.APPLICANT)
    if wanted.service:
        condition &= Q(application__service__key=wanted.service)
    for word in folded(wanted.query).split():
        condition &= Q(search__contains=word)
    return condition


def _with_failed_step() -> QuerySet[Step, int]:
    return Step.objects.filter(ended_at=None).exclude(error="").values_list("case", flat=True)


def urgency(case: Case, today: date) -> str:
    """`overdue`, `today`, `soon` (within three days), `later` or `` for a case without deadline or already decided."""
    if case.due_on is None or case.status in (CaseStatus.DECIDED, CaseStatus.WITHDRAWN):
        return ""
    days = (case.due_on - today).days
    if days < 0:
        return "overdue"
    return "today" if days == 0 else "soon" if days <= 3 else "later"
