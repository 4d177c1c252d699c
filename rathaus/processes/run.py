"""Moving one case on: every step that can be done, its times, its effects and the state, in one transaction.

All machine steps of a run share a transaction, so nothing is half done and a green case costs one commit. If a step
fails, the run is undone and done again up to that step, which is then recorded with its error; it is tried again
with growing delays. Nothing is lost, nothing happens twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from rathaus.cases.conversation import REQUEST
from rathaus.cases.identity import describe
from rathaus.cases.models import Actor, Case, CaseStatus, Event, Step
from rathaus.cases.service import locked
from rathaus.catalogue.service import package_of
from rathaus.delivery.service import Backoff, describe_error, promise
from rathaus.processes.engine import EngineError, Instance, MoveError, ReadyTask
from rathaus.processes.models import ProcessInstance
from rathaus.processes.operations import OperationError, operation_named
from rathaus.processes.program import program_of
from rathaus.processes.somebody import OVERTAKEN, last_step_of_a_person, open_step
from rathaus.processes.work import Work
from rathaus.rules.expressions import RuleError

logger = logging.getLogger("rathaus.processes")

RETRY = Backoff(first=timedelta(seconds=2), longest=timedelta(minutes=30))
# A run that is repeated because a step failed may in theory fail elsewhere, for example after midnight.
_TRIES = 3


class StepFailedError(Exception):
    """A machine step failed; `moves` tells how far the run came before."""

    def __init__(self, task: ReadyTask | MoveError, moves: int, cause: Exception) -> None:
        super().__init__(f"{task.element.id if task.element else 'process'}: {cause}")
        self.task_id = task.id if isinstance(task, ReadyTask) else task.task_id
        self.element = task.element
        self.moves = moves
        self.cause = cause


Begin = Callable[["Run"], None]


def carry_on(case_id: int, begin: Begin | None = None) -> Case:
    """Move the case as far as machines can; `begin` may end a person's step first, in the same transaction.

    A failing machine step does not raise: it is recorded and promised again. What `begin` raises, raises.
    """
    failure: StepFailedError | None = None
    for _attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return Run(locked(case_id), failure).go(begin)
        except StepFailedError as error:
            failure = error
    assert failure is not None  # noqa: S101 - the loop ends only after failures
    raise failure.cause


class Run:
    """One attempt, inside a transaction, on a locked case."""

    def __init__(self, case: Case, failure: StepFailedError | None = None) -> None:
        self.case = case
        self.now = timezone.now()
        self._failure = failure
        package = package_of(case.application.service)
        self.work = Work(case, package, program_of(package), self.now)
        self.row: ProcessInstance | None = ProcessInstance.objects.filter(case=case).first()
        self.steps: dict[UUID, Step] = {}
        self._changed: list[Step] = []
        self._new: list[Step] = []

    def go(self, begin: Begin | None = None) -> Case:
        """Do everything that can be done and save it."""
        withdrawn = self.case.status == CaseStatus.WITHDRAWN  # possibly before the process began
        if withdrawn or (self.row is not None and self.row.ended_at is not None):
            if begin is not None:
                begin(self)
            return self.case
        self.instance = self._instance()
        if begin is not None:
            begin(self)
        self._pass_on_ended_steps()
        self._do_machine_steps()
        self._open_steps_of_people()
        self._save()
        return self.case

    def end_step(self, step: Step, outcome: str, result: dict[str, object]) -> None:
        """A person ended their step: note it, and let the token pass."""
        step.ended_at, step.outcome, step.result = self.now, outcome, {**step.result, **result}
        self._changed.append(step)
        self.work.person = step.taken_by

    def _instance(self) -> Instance:
        work, zone = self.work, timezone.get_default_timezone()
        process = work.program.process
        if self.row is None:
            if not self.case.search:
                describe(self.case, work.package.service)
            return Instance.start(process, work.evaluate, self.now, zone)
        if self.row.definition_hash != work.package.content_hash:
            raise EngineError("the case was started with another version of its service")
        self.steps = {step.task_id: step for step in self.case.steps.select_related("taken_by")}
        last = last_step_of_a_person(self.steps.values())
        work.person = last.taken_by if last else None
        return Instance.restore(process, self.row.state, work.evaluate, self.now, zone)

    def _pass_on_ended_steps(self) -> None:
        for task in self.instance.ready_tasks():
            step = self.steps.get(task.id)
            if step is not None and step.ended_at is not None:
                known = {
                    key: value
                    for key, value in step.result.items()
                    if key not in ("answers", "paths", "pages")
                }
                self.work.set_fact(task.element.id, {**known, "outcome": step.outcome})
                self.instance.complete(task.id)

    def _do_machine_steps(self) -> None:
        limit = self._failure.moves if self._failure else None
        while True:
            try:
                self.instance.settle(limit)
            except MoveError as error:
                self._raise_failed(error, error.moves, error.cause)
            ready = [task for task in self.instance.ready_tasks() if task.is_machine]
            if not ready or (limit is not None and self.instance.moves >= limit):
                break
            try:
                self._do(ready[0])
            except MoveError as error:
                self._raise_failed(error, error.moves, error.cause)
            except Exception as error:
                self._raise_failed(ready[0], self.instance.moves, error)

    def _raise_failed(self, task: ReadyTask | MoveError, moves: int, error: Exception) -> NoReturn:
        if isinstance(error, (OperationalError, InterfaceError)):
            raise error  # the database went away or broke a deadlock: the whole hand-over is tried again
        raise StepFailedError(task, moves, error) from error

    def _do(self, task: ReadyTask) -> None:
        started = timezone.now()
        operation = operation_named(task.element.operation)
        if operation is None:
            raise OperationError(f"there is no operation {task.element.operation!r}")
        operation.act(self.work, task.element)
        step = self._machine_step(task.id, task.element.id, task.element.names, started)
        step.taken_at = step.taken_at or started
        step.ended_at = timezone.now()
        step.attempts += 1
        step.error = ""
        self.instance.complete(task.id)

    def _machine_step(self, task_id: UUID, element: str, names: object, ready_at: datetime) -> Step:
        step = self.steps.get(task_id)
        if step is None:
            step = Step(
                case=self.case,
                task_id=task_id,
                element=element,
                name=names,
                actor=Actor.MACHINE,
                ready_at=ready_at,
            )
            self._add(step)
        else:
            self._changed.append(step)
        return step

    def _add(self, step: Step) -> None:
        self.steps[step.task_id] = step
        self._new.append(step)

    def _record_failure(self, failure: StepFailedError) -> None:
        names = failure.element.names if failure.element else {"de": "Ablauf", "en": "Process"}
        # A task that was not saved yet has another id in this run: look it up by its element.
        element = failure.element.id if failure.element else "process"
        waiting = [task for task in self.instance.ready_tasks() if task.element.id == element]
        task_id = waiting[0].id if waiting else self.instance.id_of_ready(element) or failure.task_id
        step = self._machine_step(task_id, element, names, self.now)
        step.taken_at = step.taken_at or self.now
        step.attempts += 1
        step.error = _explained(failure.cause)
        delay = RETRY.delay(step.attempts)
        promise("process.advance", self.case.pk, due_at=self.now + delay)
        logger.warning(
            "process.step_failed",
            extra={"element": element, "attempts": step.attempts, "error": step.error, "case": self.case.pk},
        )

    def _open_steps_of_people(self) -> None:
        ready = {task.id: task for task in self.instance.ready_tasks() if not task.is_machine}
        for step in self.steps.values():
            abandoned = step.ended_at is None and step.actor != Actor.MACHINE and step.element != REQUEST
            if abandoned and step.task_id not in ready:
                step.ended_at, step.outcome = self.now, OVERTAKEN
                self._changed.append(step)
        for task_id, task in ready.items():
            if task_id not in self.steps:
                step = open_step(self.work, task, list(self.steps.values()))
                if step.pk:
                    self.steps[task_id] = step
                else:
                    self._add(step)

    def _save(self) -> None:
        if self._failure is not None:
            self._record_failure(self._failure)
        if self.instance.is_finished:
            if self.case.decided_at is None:
                raise EngineError("the process ended without a decision")
            self.work.close()
        self._set_status()
        Step.objects.bulk_create(self._new)
        for step in {id(step): step for step in self._changed if step not in self._new}.values():
            step.save()
        Event.objects.bulk_create(self.work.events)
        self._save_state()
        self.case.revision += 1
        self.case.save(
            update_fields=[
                *(
                    "office",
                    "status",
                    "acts_next",
                    "assigned_to",
                    "due_on",
                    "applicant",
                    "search",
                    "likeness",
                ),
                *("outcome", "automatic", "decided_at", "closed_at", "facts", "revision"),
            ]
        )

    def _save_state(self) -> None:
        wakes_at = self.instance.wakes_at()
        ended_at = self.now if self.instance.is_finished else None
        values = {
            "state": self.instance.state(),
            "moved_at": timezone.now(),
            "ended_at": ended_at,
            "wakes_at": None if ended_at else wakes_at,
        }
        if self.row is None:
            self.row = ProcessInstance.objects.create(
                case=self.case,
                definition_hash=self.work.package.content_hash,
                started_at=self.now,
                **values,
            )
        else:
            ProcessInstance.objects.filter(pk=self.row.pk).update(**values)
        if wakes_at and not ended_at:
            promise("process.advance", self.case.pk, due_at=wakes_at)

    def _set_status(self) -> None:
        case = self.case
        waiting_for = {step.actor for step in self.steps.values() if step.ended_at is None}
        status = CaseStatus.IN_WORK
        if self.instance.is_finished:
            case.acts_next = ""
        elif Actor.APPLICANT in waiting_for:
            case.acts_next, status = Actor.APPLICANT, CaseStatus.WAITING
        elif Actor.PERSON in waiting_for:
            case.acts_next = Actor.PERSON
            if case.status == CaseStatus.RECEIVED:
                self.work.record("work.started", public=True)
        else:
            case.acts_next = Actor.MACHINE
        if case.decided_at is None and case.status != CaseStatus.WITHDRAWN:
            case.status = status


def _explained(error: Exception) -> str:
    """The error without anything that could be an answer; of a rule, its text, which belongs to the package."""
    rule = error.__cause__ if isinstance(error.__cause__, RuleError) else error
    source = rule.source if isinstance(rule, RuleError) else ""
    return f"{describe_error(error)}: {source}" if source else describe_error(error)
