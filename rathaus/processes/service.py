"""The door of processes: start and advance cases, end people's steps, see what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.cases.models import Actor, Case, Event, Step
from rathaus.cases.service import CaseTakenError
from rathaus.catalogue.service import package_of
from rathaus.delivery.service import handler, promise, should_exist
from rathaus.people.models import User
from rathaus.processes.checks import check_process
from rathaus.processes.definition import Definition, Element, Outcome
from rathaus.processes.program import program_of
from rathaus.processes.run import Run, carry_on
from rathaus.processes.somebody import (
    FourEyesError,
    ReasonMissingError,
    UnknownOutcomeError,
    checked_outcome,
    four_eyes_conflict,
)

__all__ = [
    "FourEyesError",
    "HistoryEntry",
    "ReasonMissingError",
    "StepClosedError",
    "UnknownOutcomeError",
    "advance",
    "check_process",
    "complete_step",
    "definition_of",
    "element_of",
    "history",
    "open_steps",
    "outcomes_of",
    "start",
]


class StepClosedError(Exception):
    """The step is not open (any more): somebody ended it, or the case went on without it."""


def start(case: Case) -> None:
    """Promise that the case's process begins; call it in the transaction that makes the case."""
    promise("process.advance", case.pk)


@handler("process.advance")
def advance(subject: str) -> None:
    """Move the case with this primary key as far as machines can. Advancing what waits or has ended changes nothing."""
    with suppress(Case.DoesNotExist):
        carry_on(int(subject))


@transaction.atomic
def complete_step(step: Step, outcome: str, result: Mapping[str, Any] | None = None, *, user: User) -> Case:
    """End a person's step with one of its outcomes; the case goes on at once as far as machines can.

    `result` is kept with the step and readable as `facts.<step>`; keys with a meaning are `reason` (required by some
    outcomes), and for requests to the applicant `text`, `deadline` (last day, ISO), `pages`, `paths`. A step nobody
    has taken counts as taken by `user` now. Raises `StepClosedError`, `UnknownOutcomeError`, `ReasonMissingError`,
    `CaseTakenError`, `FourEyesError`; then nothing has changed.
    """
    given = dict(result or {})

    def end(run: Run) -> None:
        found = next((row for row in run.steps.values() if row.pk == step.pk), None)
        if found is None or found.ended_at is not None or found.actor != Actor.PERSON:
            raise StepClosedError(f"step {step.pk} is not open")
        element = run.work.program.process.definition.elements[found.element]
        checked_outcome(element, outcome, given)
        if found.taken_by is not None and found.taken_by.pk != user.pk:
            raise CaseTakenError(found.taken_by)
        if conflict := four_eyes_conflict(run.work, element, run.steps.values(), user):
            raise FourEyesError(user, conflict)
        found.taken_by, found.taken_at = user, found.taken_at or run.now
        if run.case.assigned_to is None:
            run.case.assigned_to = user
        run.end_step(found, outcome, given)
        run.work.record("step.completed", user=user, element=element.id, outcome=outcome)

    case = carry_on(step.case_id, end)
    detail = {"step": step.element, "outcome": outcome}
    audit.write("case.step_completed", "case", case.application.reference, actor=user, detail=detail)
    return case


def open_steps(case: Case) -> QuerySet[Step]:
    """What is waiting for somebody, or failed and is tried again (`error` says why), the oldest first."""
    steps: QuerySet[Step] = case.steps.filter(ended_at=None).select_related("taken_by", "office")
    return steps.order_by("ready_at", "pk")


def definition_of(case: Case) -> Definition:
    """The process the case runs in: that of the service version it was made with."""
    return program_of(package_of(case.application.service)).process.definition


def element_of(step: Step) -> Element | None:
    """The drawn element of a step; None for steps beside the process."""
    return definition_of(step.case).elements.get(step.element)


def outcomes_of(step: Step) -> tuple[Outcome, ...]:
    """How a person may end the step."""
    element = element_of(step)
    return element.outcomes if element else ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step or an event of a case, for the record."""

    at: datetime
    kind: str  # `step` or the event's kind
    name: Mapping[str, str]  # language → text; empty for events
    actor: str
    user: User | None
    ready_at: datetime | None
    taken_at: datetime | None
    ended_at: datetime | None
    outcome: str
    error: str
    data: Mapping[str, Any]


def history(case: Case) -> list[HistoryEntry]:
    """Everything that happened in the case, the oldest first: each step with its honest times, and each event."""
    steps = [
        HistoryEntry(
            at=step.ended_at or step.ready_at,
            kind="step",
            name=step.name,
            actor=step.actor,
            user=step.taken_by,
            ready_at=step.ready_at,
            taken_at=step.taken_at,
            ended_at=step.ended_at,
            outcome=step.outcome,
            error=step.error,
            data={"element": step.element, **step.result},
        )
        for step in case.steps.select_related("taken_by")
    ]
    events = [_of_event(event) for event in case.events.select_related("user")]
    return sorted([*steps, *events], key=lambda item: item.at)


def _of_event(event: Event) -> HistoryEntry:
    return HistoryEntry(
        event.at, event.kind, {}, event.actor, event.user, None, None, None, "", "", event.data
    )


@should_exist("process.advance")
def cases_to_advance() -> Iterable[int]:
    """Cases that a machine could move: not started, a timer is due, a step failed, an answer has come."""
    now = timezone.now()
    unfinished = Case.objects.filter(closed_at=None)
    waiting = Q(process__wakes_at__gt=now)
    stuck = Q(process=None) | Q(process__wakes_at__lte=now) | (Q(acts_next=Actor.MACHINE) & ~waiting)
    found = set(unfinished.filter(stuck).values_list("pk", flat=True))
    open_of_cases = Step.objects.filter(case__closed_at=None)
    failed = open_of_cases.filter(ended_at=None).exclude(error="")
    answered = open_of_cases.filter(actor=Actor.APPLICANT, ended_at__gt=F("case__process__moved_at"))
    found |= set(failed.values_list("case_id", flat=True)) | set(answered.values_list("case_id", flat=True))
    return sorted(found)
