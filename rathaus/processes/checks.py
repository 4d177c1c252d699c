"""Checking a package's process before it is published: everything that could go wrong later, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rathaus.catalogue.package import Package
from rathaus.catalogue.package import Problem as PackageProblem
from rathaus.forms.ruletypes import RuleTypes
from rathaus.processes.definition import (
    APPLICANT_LANE,
    CHOOSING_GATEWAYS,
    MACHINE_TASKS,
    Definition,
    DefinitionError,
    Element,
    Problem,
    read_definition,
)
from rathaus.processes.engine import load_process, timer_expressions
from rathaus.processes.operations import operation_named, operation_names
from rathaus.processes.program import environment_for
from rathaus.rules.expressions import RESERVED_WORDS, Environment, RuleError
from rathaus.said import said

PROCESS = "process.bpmn"
SYSTEM_LANE = "system"
_ENDS_WITHOUT_FLOW = frozenset(["endEvent"])


def check_process(package: Package) -> list[PackageProblem]:
    """Everything wrong with the process of a package, its decision tables and its recipients' conditions.

    The town's offices are not known here; `unknown_offices` asks for those when the package is published.
    """
    try:
        definition = read_definition(package.process_xml)
    except DefinitionError as error:
        return [_in_process(problem) for problem in error.problems]
    environment = environment_for(RuleTypes(package.tree).answers)
    checker = _Checker(package, definition, environment)
    problems = [_in_process(problem) for problem in checker.problems()]
    if not problems:
        problems = [_in_process(problem) for problem in _structure(package.process_xml)]
    problems += _decision_problems(package, environment)
    problems += _recipient_problems(package, environment)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def unknown_offices(package: Package, offices: set[str]) -> list[PackageProblem]:
    """Offices the service needs and the town does not have (`offices`: keys of the town's)."""
    needed = {package.service.office, *package.service.lanes.values()}
    return [
        PackageProblem(
            "service.toml",
            office,
            "unknown-office",
            said("The town has no office %(office)r.", office=office),
            said("Add the office to the town or name one of %(known)s.", known=", ".join(sorted(offices))),
            "error",
        )
        for office in sorted(needed - offices)
    ]


def _in_process(problem: Problem) -> PackageProblem:
    message = problem.message
    if not message.endswith("."):
        message = said("%(message)s.", message=message)
    return PackageProblem(PROCESS, "process", problem.rule, message, problem.remedy, "error", problem.line)


def _structure(xml: bytes) -> list[Problem]:
    try:
        load_process(xml)
    except DefinitionError as error:
        return error.problems
    return []


@dataclass
class _Checker:
    package: Package
    definition: Definition
    environment: Environment

    def problems(self) -> Iterator[Problem]:
        for element in self.definition.elements.values():
            yield from self._element(element)
        yield from self._conditions()
        yield from self._timers()
        yield from self._paths()

    def _element(self, element: Element) -> Iterator[Problem]:
        if element.kind in MACHINE_TASKS:
            yield from self._operation(element)
        elif element.operation:
            yield Problem(
                element.line,
                "bpmn-operation",
                said(
                    "%(element)s is a %(kind)s and does no operation",
                    element=element.id,
                    kind=element.kind,
                ),
                "Draw a service task.",
            )
        if element.kind == "userTask":
            yield from self._user_task(element)
        is_task = element.kind == "userTask" or element.kind in MACHINE_TASKS
        if is_task and (
            not (element.id.isascii() and element.id.isidentifier()) or element.id in RESERVED_WORDS
        ):
            message = said("%(element)r cannot be used in rules as facts.%(element)s", element=element.id)
            yield Problem(element.line, "bpmn-id", message, "Use letters, digits and underscores.")
        known = {*self.package.service.lanes, SYSTEM_LANE, APPLICANT_LANE, ""}
        if element.lane not in known:
            yield Problem(
                element.line,
                "unknown-lane",
                said(
                    "%(element)s lies in the lane %(lane)r, which service.toml does not know",
                    element=element.id,
                    lane=element.lane,
                ),
                said(
                    "Add it to `lanes` in service.toml, or use %(known)s.",
                    known=", ".join(sorted(known - {""})),
                ),
            )

    def _operation(self, element: Element) -> Iterator[Problem]:
        operation = operation_named(element.operation)
        if operation is None:
            what = (
                said("names the unknown operation %(operation)r", operation=element.operation)
                if element.operation
                else said("names no operation")
            )
            remedy = said("Known operations: %(known)s.", known=", ".join(operation_names()))
            yield Problem(
                element.line,
                "unknown-operation",
                said("%(element)s %(what)s", element=element.id, what=what),
                remedy,
            )
            return
        for message in operation.check_config(self.package, element.parameters):
            yield Problem(
                element.line,
                f"operation-{operation.name}",
                said("%(element)s: %(message)s", element=element.id, message=message),
            )

    def _user_task(self, element: Element) -> Iterator[Problem]:
        if element.lane in ("", SYSTEM_LANE):
            yield Problem(
                element.line,
                "unknown-lane",
                said("%(element)s is for people but lies in no lane of an office", element=element.id),
            )
        if element.lane != APPLICANT_LANE and not element.outcomes:
            yield Problem(
                element.line,
                "no-outcome",
                said("%(element)s has no outcome", element=element.id),
                "Add <rathaus:outcome> elements.",
            )
        days = element.parameters.get("deadline_days", "1")
        if not days.isdecimal() or int(days) < 1:
            yield Problem(
                element.line,
                "deadline-days",
                said("%(element)s: deadline_days must be a number from 1", element=element.id),
            )
        for outcome in element.outcomes:
            if not outcome.value or not outcome.labels.get("en"):
                yield Problem(
                    element.line,
                    "outcome-label",
                    said("an outcome of %(element)s needs value, label and label_en", element=element.id),
                )
        for step in element.four_eyes_after:
            other = self.definition.elements.get(step)
            if other is None or other.kind != "userTask":
                yield Problem(
                    element.line,
                    "four-eyes",
                    said(
                        "%(element)s names %(step)r, which is no step of a person",
                        element=element.id,
                        step=step,
                    ),
                )

    def _conditions(self) -> Iterator[Problem]:
        for flow in self.definition.flows:
            source = self.definition.elements[flow.source]
            if flow.condition:
                if source.kind not in CHOOSING_GATEWAYS:
                    yield Problem(
                        flow.line,
                        "condition",
                        said(
                            "the flow %(flow)s has a condition but leaves no choosing gateway",
                            flow=flow.id,
                        ),
                    )
                yield from self._compile(
                    flow.condition, flow.line, said("condition of %(flow)s", flow=flow.id), is_condition=True
                )
            elif source.kind in CHOOSING_GATEWAYS and self._leaving(source) > 1 and source.default != flow.id:
                yield Problem(
                    flow.line,
                    "condition",
                    said(
                        "the flow %(flow)s needs a condition, or must be the default of %(source)s",
                        flow=flow.id,
                        source=source.id,
                    ),
                )
        for gateway in self.definition.of_kind(*CHOOSING_GATEWAYS):
            if self._leaving(gateway) > 1 and not gateway.default:
                yield Problem(
                    gateway.line,
                    "no-default",
                    said(
                        "%(gateway)s needs a default flow for when no condition holds",
                        gateway=gateway.id,
                    ),
                )

    def _leaving(self, element: Element) -> int:
        return sum(flow.source == element.id for flow in self.definition.flows)

    def _timers(self) -> Iterator[Problem]:
        for text, element in timer_expressions(self.definition).items():
            yield from self._compile(
                text, element.line, said("timer of %(element)s", element=element.id), is_condition=False
            )

    def _compile(self, source: str, line: int, what: str, *, is_condition: bool) -> Iterator[Problem]:
        try:
            if is_condition:
                self.environment.compile(source)
            else:
                self.environment.compile(source, expects=None)
        except RuleError as error:
            yield Problem(
                line + max(error.line - 1, 0),
                "rule",
                said(
                    "%(what)s: %(why)s in %(rule)r",
                    what=what,
                    why=error.message,
                    rule=error.source,
                ),
            )

    def _paths(self) -> Iterator[Problem]:
        reached = self._reached_from(
            [element.id for element in self.definition.of_kind("startEvent")], frozenset()
        )
        for element in self.definition.elements.values():
            if element.id not in reached:
                yield Problem(
                    element.line,
                    "unreachable",
                    said("%(element)s can never be reached", element=element.id),
                )
            if element.kind not in _ENDS_WITHOUT_FLOW and not self._leaving(element):
                yield Problem(
                    element.line,
                    "no-way-on",
                    said("no flow leaves %(element)s", element=element.id),
                    "Draw an end event.",
                )
        starts = [element for element in self.definition.of_kind("startEvent") if not element.scope]
        if len(starts) != 1:
            yield Problem(
                0,
                "start",
                said("the process needs exactly one start event, it has %(count)s", count=len(starts)),
            )
        deciding = frozenset(element.id for element in self.definition.elements.values() if _decides(element))
        undecided = self._reached_from([start.id for start in starts], deciding)
        for element in self.definition.of_kind("endEvent"):
            if not element.scope and element.id in undecided:
                yield Problem(
                    element.line,
                    "no-decision",
                    said("the end %(element)s can be reached without a decision", element=element.id),
                    "Draw a task with the operation decide, or close with an outcome, before it.",
                )

    def _reached_from(self, starts: list[str], without: frozenset[str]) -> set[str]:
        """Everything a token can reach from here without passing these; non-interrupting timers only start notices."""
        reached: set[str] = set()
        pending = list(starts)
        while pending:
            current = pending.pop()
            if current in reached or current in without:
                continue
            reached.add(current)
            pending += [flow.target for flow in self.definition.flows if flow.source == current]
            pending += [
                event.id
                for event in self.definition.of_kind("boundaryEvent")
                if event.attached_to == current and (event.interrupting or not without)
            ]
            if self.definition.elements[current].kind == "subProcess":
                pending += [
                    start.id for start in self.definition.of_kind("startEvent") if start.scope == current
                ]
        return reached


def _decides(element: Element) -> bool:
    return element.operation == "decide" or (element.operation == "close" and "outcome" in element.parameters)


def _decision_problems(package: Package, environment: Environment) -> Iterator[PackageProblem]:
    for name, table in package.decisions.items():
        for fault in table.faults(environment):
            row = "" if fault.row is None else f" #{fault.row + 1}"
            yield PackageProblem(
                f"decisions/{name}.dmn",
                f"{name}{row}: {table.column_name(fault.column)}",
                "rule",
                said("%(why)s.", why=fault.message),
                "Mend the expression.",
                "error",
                fault.line,
            )


def _recipient_problems(package: Package, environment: Environment) -> Iterator[PackageProblem]:
    for recipient in package.recipients:
        if not recipient.when:
            continue
        try:
            environment.compile(recipient.when)
        except RuleError as error:
            yield PackageProblem(
                "service.toml",
                f"recipient {recipient.key}",
                "rule",
                said("%(why)s.", why=error.message),
                "Mend `when`.",
                "error",
            )
