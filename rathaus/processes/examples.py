"""Running a package's examples: each application through its form, its decisions and its process, without effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from rathaus.catalogue.package import Example, Package, Problem
from rathaus.forms.keys import format_path
from rathaus.processes.definition import MACHINE_TASKS, Element
from rathaus.processes.engine import EngineError, Instance
from rathaus.processes.program import Program, program_of
from rathaus.rules.decisions import DecisionError
from rathaus.rules.expressions import RuleError
from rathaus.said import said
from rathaus.towns.demo import example_context

# A process that has not stopped at a person by then goes round in circles.
_MAXIMUM_STEPS = 200


def check_examples(package: Package) -> list[Problem]:
    """Every example whose outcome differs from what it expects. The package must have passed `check_process`."""
    program = program_of(package)
    return [problem for example in package.examples for problem in _check(package, program, example)]


@dataclass
class Course:
    """How far an application comes by itself."""

    facts: dict[str, Any] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    outcome: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)  # what rules see where it stopped

    @property
    def route(self) -> str:
        """`gruen`: decided without a person; `person`: somebody has to look first."""
        return "gruen" if self.outcome else "person"


def _check(package: Package, program: Program, example: Example) -> Iterator[Problem]:
    def problem(rule: str, message: str) -> Problem:
        return Problem(
            example.file,
            "expect",
            rule,
            said("%(title)s: %(message)s", title=example.title, message=message),
            "Mend the package, or the example if it is wrong.",
            "error",
        )

    try:
        expected: Mapping[str, Any] = example.data["expect"]
        today = date.fromisoformat(str(example.data["today"]))
        given: Mapping[str, Any] = example.data["answers"]
    except (KeyError, ValueError) as error:
        yield problem("example", said("needs today, [answers] and [expect] (%(error)s).", error=error))
        return
    context = example_context(today, example.data.get("town_settings", {}))
    judged = package.form.accept(
        given, town=context["town"], today=today, language=example.data.get("language", "de")
    )
    errors = {(_template(item.path), item.code) for item in judged.problems}
    notices = {(_template(item.path), item.code) for item in judged.notices}
    yield from (
        problem("example-errors", text) for text in _difference("error", expected.get("errors", ()), errors)
    )
    if bool(expected.get("valid", True)) == bool(errors):
        yield problem(
            "example-valid", said("expected valid answers.") if errors else said("expected faulty answers.")
        )
    if errors:
        return
    yield from (
        problem("example-notices", text)
        for text in _difference("notice", expected.get("notices", ()), notices)
    )
    try:
        course = follow(package, program, judged.answers, context, example.data.get("facts", {}))
    except (EngineError, RuleError, DecisionError) as error:
        yield problem("example-process", said("the process fails: %(error)s.", error=error))
        return
    for what, wanted, got in _outcomes(package, expected, course):
        if wanted != got:
            yield problem(
                f"example-{what}",
                said("expected %(what)s %(wanted)r, got %(got)r.", what=what, wanted=wanted, got=got),
            )


def _template(path: tuple[str | int, ...]) -> str:
    return format_path(tuple(key for key in path if isinstance(key, str)))


def _difference(kind: str, wanted: Any, got: set[tuple[str, str]]) -> Iterator[str]:
    expected = {(_without_indexes(item["path"]), item["rule"]) for item in wanted}
    plain = {(path, code.removeprefix("check.")) for path, code in got}
    for path, rule in sorted(expected - plain):
        yield said(
            "expected the %(kind)s %(rule)s at %(path)s, which did not come.", kind=kind, rule=rule, path=path
        )
    for path, rule in sorted(plain - expected):
        yield said("the %(kind)s %(rule)s at %(path)s was not expected.", kind=kind, rule=rule, path=path)


def _without_indexes(path: str) -> str:
    kept, _, rest = path.partition("[")
    return kept + (_without_indexes(rest.partition("]")[2]) if rest else "")


def _outcomes(
    package: Package, expected: Mapping[str, Any], course: Course
) -> Iterator[tuple[str, Any, Any]]:
    if "route" in expected:
        yield "route", expected["route"], course.route
    if "reasons" in expected:
        reasons = course.facts.get(package.service.automation.get("reasons", ""), [])
        yield "reasons", sorted(expected["reasons"]), sorted(item["regel"] for item in reasons)
    if "fee" in expected:
        fee = course.facts.get(package.service.fee.get("decision", ""), {})
        yield "fee", expected["fee"], fee.get("setting", package.service.fee.get("setting"))
    if "letter" in expected:
        yield "letter", expected["letter"], course.letters[0] if course.letters else ""


def follow(
    package: Package,
    program: Program,
    answers: Mapping[str, Any],
    context: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> Course:
    """Move the application through its process until it waits for somebody or ends. Nothing is written anywhere.

    What only the town's own rows could tell (duplicates, attachments) is taken from `facts`, by step id.
    """
    course = Course()
    now = datetime.combine(context["today"], time(12), UTC)
    elements = program.process.definition.elements.values()
    nothing_yet: dict[str, Any] = {
        element.id: {}
        for element in elements
        if element.kind in MACHINE_TASKS and element.operation != "decision"
    }

    def values() -> dict[str, Any]:
        case = {
            "reference": "BEI-26-0000-0000",
            "service": package.key,
            "channel": "portal",
            "language": "de",
            "received_at": now,
        }
        return {**context, "answers": answers, "facts": nothing_yet | course.facts, "case": case}

    def evaluate(source: str) -> Any:
        return program.expressions[source].evaluate(values())

    def do(element: Element) -> None:
        match element.operation:
            case "facts":
                course.facts[element.id] = {"duplicates": [], "attachments": 0, **facts.get(element.id, {})}
            case "decision":
                name = element.parameters["table"]
                course.facts[name] = program.decisions[name].decide(values()).outputs
            case "letter":
                course.letters.append(element.parameters["template"])
            case "decide":
                course.outcome = course.outcome or element.parameters.get("outcome", "decided")

    instance = Instance.start(program.process, evaluate, now, UTC)
    for _ in range(_MAXIMUM_STEPS):
        instance.settle()
        ready = instance.ready_tasks()
        machine = next((task for task in ready if task.is_machine), None)
        if machine is None:
            break
        do(machine.element)
        instance.complete(machine.id)
    _decide_fee(package, program, course, values)
    course.values = values()
    return course


def course_of(package: Package, example: Example) -> Course | None:
    """How far an example comes by itself, None if its answers are faulty. The process must have passed its check.

    Raises `EngineError`, `RuleError` or `DecisionError` where it cannot go on, `ValueError` if it says no day.
    """
    today = date.fromisoformat(str(example.data.get("today")))
    context = example_context(today, example.data.get("town_settings", {}))
    judged = package.form.accept(
        example.data.get("answers", {}),
        town=context["town"],
        today=today,
        language=example.data.get("language", "de"),
    )
    if judged.problems:
        return None
    return follow(package, program_of(package), judged.answers, context, example.data.get("facts", {}))


def _decide_fee(package: Package, program: Program, course: Course, values: Any) -> None:
    """The fee is decided late in the process; an example may expect it although a person comes first."""
    name = package.service.fee.get("decision", "")
    if name in program.decisions and name not in course.facts:
        course.facts[name] = program.decisions[name].decide(values()).outputs
