"""Past applications run again, by the versions of a service somebody wants to compare. Nothing is written anywhere.

Both versions see the same: what was sent, the town on the day of receipt, what steps found out about the town's other
rows, and what people decided, as far as a step can still end that way. So only the design makes a difference. An
outcome holds no answers, only what became of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rathaus.cases.models import Actor, Case
from rathaus.catalogue.package import Package
from rathaus.letters.content import ContentError, fee_content
from rathaus.processes.definition import MACHINE_TASKS
from rathaus.processes.engine import EngineError, MoveError
from rathaus.processes.examples import Decided, Run, expectation, follow
from rathaus.processes.program import program_of
from rathaus.processes.somebody import OVERTAKEN
from rathaus.rules.decisions import DecisionError
from rathaus.rules.expressions import RuleError

# Aspects of an outcome, in the order in which people ask about them.
ASPECTS = ("valid", "notices", "fault", "route", "reasons", "fee", "decision", "letters", "waiting")
# What the process does not see of a step's result.
_OWN_WORDS = frozenset({"answers", "paths", "pages"})

Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an application from outside of any version of its service."""

    answers: Mapping[str, Any]  # as they were sent
    language: str
    facts: Mapping[str, Mapping[str, Any]]  # what steps found out in the town's rows
    decided: tuple[Decided, ...]  # by people, in order


def past_of(case: Case) -> Past:
    """A case as it can be run again; `steps` and `application` should be loaded."""
    ended = [
        step
        for step in case.steps.all()
        if step.ended_at is not None and step.actor != Actor.MACHINE and step.outcome != OVERTAKEN
    ]
    return Past(
        case.application.answers,
        case.application.language,
        {key: value for key, value in case.facts.items() if isinstance(value, Mapping)},
        tuple(
            Decided(
                step.element,
                step.outcome,
                {key: value for key, value in step.result.items() if key not in _OWN_WORDS},
                step.result.get("answers") or {},
            )
            for step in sorted(ended, key=lambda step: (step.ended_at, step.pk))
        ),
    )


def outcome_of(package: Package, past: Past, context: Mapping[str, Any]) -> Outcome:
    """What would have become of the application; `context` holds the rules' `town` and `today`.

    The package must have passed `check_process`.
    """
    today: date = context["today"]
    judged = package.form.accept(
        dict(past.answers), town=context["town"], today=today, language=past.language
    )
    if judged.problems:
        return expectation(package, Run(judged))
    program = program_of(package)
    found_out = {
        # How far off a day is follows from the answers: of them a version may ask another.
        element.id: {key: value for key, value in past.facts[element.id].items() if key != "days_until"}
        for element in program.process.definition.of_kind(*MACHINE_TASKS)
        if element.operation == "facts" and element.id in past.facts
    }
    try:
        course = follow(package, program, judged.answers, context, found_out, past.language, past.decided)
    except (EngineError, RuleError, DecisionError) as error:
        return {"valid": True, "fault": _where(error)}
    outcome = expectation(package, Run(judged, course))
    del outcome["letter"]
    return outcome | {
        "fee": _fee(package, course.facts, today) or outcome["fee"],
        "letters": [element.parameters["template"] for element in course.letters],
        "decision": course.outcome,
        "waiting": sorted(element.id for element in course.waiting),
    }


def _where(error: Exception) -> str:
    """The step at which a process failed. What the error says may quote answers, so it is not kept."""
    return error.element.id if isinstance(error, MoveError) and error.element else "?"


def _fee(package: Package, facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    try:
        content = fee_content(package.service, facts, day)
    except ContentError:
        return {}
    return {"amount_cents": content["amount_cents"]} if content else {}


def differing(before: Outcome, after: Outcome) -> tuple[str, ...]:
    """The aspects in which two outcomes differ. Of an application that one of them refuses, only that."""
    if not (before["valid"] and after["valid"]):
        return () if _refusal(before) == _refusal(after) else ("valid",)
    return tuple(aspect for aspect in ASPECTS if (before.get(aspect) or None) != (after.get(aspect) or None))


def _refusal(outcome: Outcome) -> tuple[bool, list[dict[str, str]]]:
    return outcome["valid"], outcome.get("errors", [])
