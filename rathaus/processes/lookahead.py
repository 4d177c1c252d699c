"""What a person's decision would set in motion, read from the drawn process before anything happens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rathaus.cases.models import Actor, Step
from rathaus.people.models import User
from rathaus.processes.definition import (
    APPLICANT_LANE,
    CHOOSING_GATEWAYS,
    MACHINE_TASKS,
    Definition,
    Element,
    Flow,
)
from rathaus.processes.somebody import OVERTAKEN


@dataclass(frozen=True, slots=True)
class Consequences:
    """What may follow an outcome before the next person has to act, in the order it is drawn.

    Where the process asks a rule that is not about this step, every branch is followed.
    """

    letters: tuple[Element, ...]  # tasks with the operation `letter`
    asks_applicant: Element | None  # the applicant's task it leads to
    next_person: Element | None  # the next task of somebody in the town hall


def consequences(definition: Definition, element_id: str, outcome: str) -> Consequences:
    """Follow the drawn flows from a step that ends with `outcome`."""
    letters: list[Element] = []
    asks: Element | None = None
    person: Element | None = None
    seen: set[str] = set()
    pending = _ways(definition, definition.elements[element_id], element_id, outcome)
    while pending:
        element = definition.elements[pending.pop(0).target]
        if element.id in seen:
            continue
        seen.add(element.id)
        if element.kind == "userTask":
            if element.lane == APPLICANT_LANE:
                asks = asks or element
            else:
                person = person or element
            continue
        if element.kind in MACHINE_TASKS and element.operation == "letter":
            letters.append(element)
        pending += _ways(definition, element, element_id, outcome)
    return Consequences(tuple(letters), asks, person)


def _ways(definition: Definition, element: Element, step: str, outcome: str) -> list[Flow]:
    """The flows out of an element that the outcome leaves open."""
    flows = [flow for flow in definition.flows if flow.source == element.id]
    about_step = any(f"facts.{step}." in flow.condition for flow in flows)
    if element.kind not in CHOOSING_GATEWAYS or not about_step:
        return flows
    named = [flow for flow in flows if f"'{outcome}'" in flow.condition or f'"{outcome}"' in flow.condition]
    return named or [flow for flow in flows if flow.id == element.default]


def first_persons(element: Element, steps: Iterable[Step], four_eyes: Iterable[str]) -> list[User]:
    """Who did what this step checks, and so must not do it: empty where two pairs of eyes are not asked for.

    `four_eyes` are the steps that the service's `service.toml` lists.
    """
    named = element.four_eyes_after
    if not named and element.id not in tuple(four_eyes):
        return []
    done = [
        step.taken_by
        for step in steps
        if step.actor == Actor.PERSON
        and step.ended_at is not None
        and step.outcome != OVERTAKEN
        and step.taken_by is not None
        and (not named or step.element in named)
    ]
    return list(dict.fromkeys(done))
