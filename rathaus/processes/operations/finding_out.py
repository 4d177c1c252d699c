"""Operations that find something out: facts about the case, and decision tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rathaus.cases.answers import values_at
from rathaus.cases.identity import alike, describe
from rathaus.catalogue.package import Package
from rathaus.processes.definition import Element
from rathaus.processes.operations.registry import OperationError, Parameter, operation
from rathaus.processes.work import Work
from rathaus.said import said


@operation(
    "facts",
    parameters=[
        Parameter("days_until", "template path of a date; `days_until` becomes the days from today to it"),
    ],
)
def facts(work: Work, element: Element) -> None:
    """Find out what no answer says. `facts.<step>` gets

    - `duplicates`: references of other cases with the same answers under `duplicates.same` of `service.toml`,
    - `days_until`: days from today to a date of the answers (negative: past), if the parameter names one.
    """
    describe(work.case, work.package.service)
    found: dict[str, Any] = {"duplicates": alike(work.case)}
    path = element.parameters.get("days_until", "")
    if path and (values := values_at(work.answers, path)):
        found["days_until"] = (date.fromisoformat(values[0]) - work.today).days
    work.set_fact(element.id, found)


def _check_decision(package: Package, parameters: Mapping[str, str]) -> Iterable[str]:
    if parameters["table"] not in package.decisions:
        known = ", ".join(sorted(package.decisions)) or "none"
        yield said(
            "there is no decision table %(found)r under decisions/; there are %(known)s",
            found=parameters["table"],
            known=known,
        )


@operation(
    "decision",
    parameters=[Parameter("table", "name of the file under decisions/ without .dmn", required=True)],
    check=_check_decision,
)
def decision(work: Work, element: Element) -> None:
    """Ask a decision table; its outputs become `facts.<table>` (COLLECT: a list), its rules a line of the timeline."""
    name = element.parameters["table"]
    table = work.program.decisions.get(name)
    if table is None:
        raise OperationError(f"there is no decision table {name!r}")
    decided = table.decide(work.bound())
    work.set_fact(name, decided.outputs)
    rules = [rule.id for rule in decided.matched_rules]
    work.record("decision.made", table=name, rules=rules)
