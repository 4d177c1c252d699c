"""Steps of people: opening them for an office or the applicant, and who may end them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from rathaus.cases.models import Actor, Step
from rathaus.cases.service import request_information
from rathaus.people.models import User
from rathaus.processes.definition import APPLICANT_LANE, Element, Outcome
from rathaus.processes.engine import ReadyTask
from rathaus.processes.work import Work
from rathaus.towns.models import Office

OVERTAKEN = "overtaken"  # outcome of a step that a timer or the end of the process took away
DEFAULT_DAYS = 14  # to answer a request, if neither the person asking nor the process says how many


class FourEyesError(Exception):
    """Somebody else must do this step, because `user` did one that it checks."""

    def __init__(self, user: User, element: str) -> None:
        super().__init__(f"{user} did {element!r}; a second person has to do this step")
        self.user = user
        self.element = element


class UnknownOutcomeError(Exception):
    """The step has no such outcome."""


class ReasonMissingError(Exception):
    """The outcome needs a reason."""


def open_step(work: Work, task: ReadyTask, steps: Iterable[Step]) -> Step:
    """A new step for a person (not saved) or for the applicant (saved, with its request)."""
    if task.element.lane == APPLICANT_LANE:
        return _ask_applicant(work, task, steps)
    case, element = work.case, task.element
    office = _office_of(work, element)
    step = _step(work, task, Actor.PERSON, office)
    if office.pk != case.office.pk:
        case.office, case.assigned_to = office, None
    # Who already works on the case goes on, unless this step needs somebody else.
    if case.assigned_to is not None and four_eyes_conflict(work, element, steps, case.assigned_to):
        case.assigned_to = None
    if case.assigned_to is not None:
        step.taken_by, step.taken_at = case.assigned_to, work.now
    return step


def four_eyes_conflict(work: Work, element: Element, steps: Iterable[Step], user: User) -> str:
    """The step because of which `user` must not do this one; empty if they may.

    The process names the steps (`<rathaus:four-eyes after="…"/>`); a step that only `service.toml` lists under
    `four_eyes` must not be done by anybody who ended a step of the case before.
    """
    named = element.four_eyes_after
    if not named and element.id not in work.package.service.four_eyes:
        return ""
    done = (
        step
        for step in steps
        if step.actor == Actor.PERSON
        and step.ended_at
        and step.outcome != OVERTAKEN
        and step.taken_by is not None
        and step.taken_by.pk == user.pk
    )
    return next((step.element for step in done if not named or step.element in named), "")


def checked_outcome(element: Element, outcome: str, result: Mapping[str, object]) -> Outcome | None:
    """The outcome as the process draws it; raises `UnknownOutcomeError` and `ReasonMissingError`."""
    if not element.outcomes:
        return None
    found = element.outcome(outcome)
    if found is None:
        known = ", ".join(item.value for item in element.outcomes)
        raise UnknownOutcomeError(f"{element.id} has the outcomes {known}, not {outcome!r}")
    if found.requires_reason and not str(result.get("reason", "")).strip():
        raise ReasonMissingError(f"{outcome!r} of {element.id} needs a reason")
    return found


def _step(work: Work, task: ReadyTask, actor: Actor, office: Office | None) -> Step:
    return Step(
        case=work.case,
        task_id=task.id,
        element=task.element.id,
        name=dict(task.element.names),
        actor=actor,
        office=office,
        ready_at=work.now,
    )


def _office_of(work: Work, element: Element) -> Office:
    key = work.package.service.lanes.get(element.lane, work.package.service.office)
    if key == work.case.office.key:
        return work.case.office
    office: Office = Office.objects.get(key=key)
    return office


def _ask_applicant(work: Work, task: ReadyTask, steps: Iterable[Step]) -> Step:
    element = task.element
    asked_by = last_step_of_a_person(steps)
    asked = asked_by.result if asked_by else {}
    until = _answer_until(work, element, asked.get("deadline"))
    text = str(
        asked.get("text") or asked.get("reason") or element.parameters.get("text") or element.names["de"]
    )
    step = _step(work, task, Actor.APPLICANT, None)
    watches_itself = any(
        other.attached_to == element.id for other in work.program.process.definition.of_kind("boundaryEvent")
    )
    request_information(
        work.case,
        text,
        until,
        None,
        step=step,
        pages=asked.get("pages", ()),
        paths=asked.get("paths", ()),
        answered_as=element.outcomes[0].value if element.outcomes else "answered",
        watched=not watches_itself,
    )
    return step


def last_step_of_a_person(steps: Iterable[Step]) -> Step | None:
    """The step a person ended last; steps that were overtaken do not count."""
    ended = [
        step for step in steps if step.actor == Actor.PERSON and step.ended_at and step.outcome != OVERTAKEN
    ]
    return max(ended, key=lambda step: step.ended_at or step.ready_at, default=None)


def _answer_until(work: Work, element: Element, deadline: object) -> date:
    if isinstance(deadline, str):
        return date.fromisoformat(deadline)
    return work.today + timedelta(days=int(element.parameters.get("deadline_days", DEFAULT_DAYS)))
