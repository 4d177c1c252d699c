"""Running a package's examples: each application through its form, its decisions and its process, without effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from rathaus.cases.answers import merged, values_at
from rathaus.catalogue.package import Example, Package, Problem
from rathaus.forms.engine import Acceptance
from rathaus.forms.keys import format_path
from rathaus.forms.problems import Problem as FormProblem
from rathaus.processes.definition import MACHINE_TASKS, Element
from rathaus.processes.engine import EngineError, Instance
from rathaus.processes.program import Program, program_of
from rathaus.rules.decisions import DecisionError
from rathaus.rules.expressions import RuleError
from rathaus.said import said
from rathaus.towns.demo import example_context

# A process that has not stopped at a person by then goes round in circles.
_MAXIMUM_STEPS = 200
_WITH_FACTS = MACHINE_TASKS | {"userTask"}
EXAMPLE_REFERENCE = "BEI-26-0000-0000"


Kind = Literal["error", "valid", "notice", "process", "route", "reasons", "fee", "letter"]
_COMPARED: tuple[Kind, ...] = ("route", "reasons", "fee", "letter")


class ExampleError(ValueError):
    """An example lacks what it needs to be run."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How somebody ended a step: what they decided, what the process knows of it, and which answers they corrected."""

    element: str
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    corrections: Mapping[str, Any] = field(default_factory=dict)  # as `cases.answers.merged` takes them


@dataclass
class Course:
    """How far an application comes by itself, and with what people decided."""

    facts: dict[str, Any] = field(default_factory=dict)
    letters: list[Element] = field(default_factory=list)  # the steps that write them
    outcome: str = ""
    waiting: list[Element] = field(default_factory=list)  # the steps of people it stops at
    values: Mapping[str, Any] = field(default_factory=dict)  # what rules see where it stopped
    by_people: list[Element] = field(default_factory=list)  # the steps that somebody's decision ended

    @property
    def route(self) -> str:
        """`gruen`: decided without a person; `person`: somebody has to look first."""
        return "gruen" if self.outcome and not self.by_people else "person"


@dataclass(frozen=True)
class Run:
    """What became of an application: how its form judged it, and where its process took it."""

    judged: Acceptance
    course: Course | None = None  # None: refused by the form, or the process failed
    fault: str = ""  # why the process failed


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise than an example expects; None stands for what was not there."""

    kind: Kind
    expected: Any
    got: Any
    path: str = ""  # of the question an error or notice is about


def check_examples(package: Package) -> list[Problem]:
    """Every example whose outcome differs from what it expects. The package must have passed `check_process`."""
    program = program_of(package)
    return [problem for example in package.examples for problem in _check(package, program, example)]


def run(
    package: Package,
    program: Program,
    answers: Any,
    context: Mapping[str, Any],
    *,
    language: str = "de",
    facts: Mapping[str, Any] | None = None,
) -> Run:
    """Send an application through form and process, without effects; `context` holds the rules' `town` and `today`."""
    judged = package.form.accept(answers, town=context["town"], today=context["today"], language=language)
    if judged.problems:
        return Run(judged)
    try:
        return Run(judged, follow(package, program, judged.answers, context, facts or {}, language))
    except (EngineError, RuleError, DecisionError) as error:
        return Run(judged, fault=str(error))


def run_example(package: Package, program: Program, example: Example) -> Run:
    """Run an example in the town and on the day it names. Raises `ExampleError`."""
    try:
        expected, answers = example.data["expect"], example.data["answers"]
        today = date.fromisoformat(str(example.data["today"]))
    except (KeyError, ValueError) as error:
        raise ExampleError(said("needs today, [answers] and [expect] (%(error)s).", error=error)) from None
    if not isinstance(expected, Mapping) or not isinstance(answers, Mapping):
        raise ExampleError(said("needs [answers] and [expect] as tables."))
    return run(
        package,
        program,
        answers,
        example_context(today, example.data.get("town_settings", {}), example.data.get("town", {})),
        language=example.data.get("language", "de"),
        facts=example.data.get("facts", {}),
    )


def expectation(package: Package, done: Run) -> dict[str, Any]:
    """What an example with this run expects, as its table `expect` says it."""
    expected: dict[str, Any] = {"valid": not done.judged.problems}
    if done.judged.problems:
        return expected | {"errors": _stated(done.judged.problems)}
    if done.judged.notices:
        expected["notices"] = _stated(done.judged.notices)
    if done.course is None:
        return expected
    facts = done.course.facts
    reasons = facts.get(package.service.automation.get("reasons", ""), [])
    fee = facts.get(package.service.fee.get("decision", ""), {})
    return expected | {
        "route": done.course.route,
        "reasons": sorted(row["regel"] for row in reasons if isinstance(row, Mapping) and row.get("regel")),
        "fee": (fee if isinstance(fee, Mapping) else {}).get("setting", package.service.fee.get("setting")),
        "letter": done.course.letters[0].parameters["template"] if done.course.letters else "",
    }


def differences(package: Package, expected: Mapping[str, Any], done: Run) -> list[Difference]:
    """Where a run comes out otherwise than expected; what the expectation does not mention may come out as it likes."""
    problems, notices = done.judged.problems, done.judged.notices
    found = list(_differing("error", expected.get("errors", ()), problems))
    if bool(expected.get("valid", True)) == bool(problems):
        found.append(Difference("valid", bool(problems), not problems))
    if problems:
        return found
    found += _differing("notice", expected.get("notices", ()), notices)
    if done.course is None:
        return [*found, Difference("process", None, done.fault)]
    got = expectation(package, done)
    for kind in _COMPARED:
        if kind in expected:
            wanted = sorted(expected[kind]) if kind == "reasons" else expected[kind]
            if wanted != got[kind]:
                found.append(Difference(kind, wanted, got[kind]))
    return found


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
        done = run_example(package, program, example)
    except ExampleError as error:
        yield problem("example", error.args[0])
        return
    for found in differences(package, example.data["expect"], done):
        match found.kind:
            case "error" | "notice" if found.got is None:
                message = said(
                    "expected the %(kind)s %(rule)s at %(path)s, which did not come.",
                    kind=found.kind,
                    rule=found.expected,
                    path=found.path,
                )
                yield problem(f"example-{found.kind}s", message)
            case "error" | "notice":
                message = said(
                    "the %(kind)s %(rule)s at %(path)s was not expected.",
                    kind=found.kind,
                    rule=found.got,
                    path=found.path,
                )
                yield problem(f"example-{found.kind}s", message)
            case "valid":
                yield problem(
                    "example-valid",
                    said("expected valid answers.") if found.expected else said("expected faulty answers."),
                )
            case "process":
                yield problem("example-process", said("the process fails: %(error)s.", error=found.got))
            case _:
                message = said(
                    "expected %(what)s %(wanted)r, got %(got)r.",
                    what=found.kind,
                    wanted=found.expected,
                    got=found.got,
                )
                yield problem(f"example-{found.kind}", message)


def _stated(problems: Iterable[FormProblem]) -> list[dict[str, str]]:
    return [{"path": path, "rule": rule} for path, rule in sorted(_named(problems))]


def statement_of(problem: FormProblem) -> tuple[str, str]:
    """The question and the rule of a problem, as examples state them."""
    path = format_path(tuple(key for key in problem.path if isinstance(key, str)))
    return path, problem.code.removeprefix("check.")


def _named(problems: Iterable[FormProblem]) -> set[tuple[str, str]]:
    return set(map(statement_of, problems))


def _differing(
    kind: Literal["error", "notice"], wanted: Iterable[Mapping[str, str]], got: Iterable[FormProblem]
) -> Iterator[Difference]:
    expected, found = {(_without_indexes(item["path"]), item["rule"]) for item in wanted}, _named(got)
    for path, rule in sorted(expected - found):
        yield Difference(kind, rule, None, path)
    for path, rule in sorted(found - expected):
        yield Difference(kind, None, rule, path)


def _without_indexes(path: str) -> str:
    kept, _, rest = path.partition("[")
    return kept + (_without_indexes(rest.partition("]")[2]) if rest else "")


def follow(
    package: Package,
    program: Program,
    answers: Mapping[str, Any],
    context: Mapping[str, Any],
    facts: Mapping[str, Any],
    language: str = "de",
    decided: Iterable[Decided] = (),
) -> Course:
    """Move the application through its process until it waits for somebody or ends. Nothing is written anywhere.

    What only the town's own rows could tell (duplicates, attachments) is taken from `facts`, by step id. Where it waits
    for somebody, the next of `decided` that fits the step ends it; one that fits no step is left out.
    """
    course, left = Course(), list(decided)
    now = datetime.combine(context["today"], time(12), UTC)
    elements = program.process.definition.elements.values()
    nothing_yet: dict[str, Any] = {
        element.id: {}
        for element in elements
        if element.kind in _WITH_FACTS and element.operation != "decision"
    }

    def values() -> dict[str, Any]:
        case = {
            "reference": EXAMPLE_REFERENCE,
            "service": package.key,
            "channel": "portal",
            "language": language,
            "received_at": now,
        }
        return {**context, "answers": answers, "facts": nothing_yet | course.facts, "case": case}

    def evaluate(source: str) -> Any:
        return program.expressions[source].evaluate(values())

    def do(element: Element) -> None:
        match element.operation:
            case "facts":
                found = {
                    "duplicates": [],
                    "attachments": 0,
                    **_days_until(element, answers, context["today"]),
                }
                course.facts[element.id] = found | facts.get(element.id, {})
            case "decision":
                name = element.parameters["table"]
                course.facts[name] = program.decisions[name].decide(values()).outputs
            case "letter":
                course.letters.append(element)
            case "decide" | "close":
                course.outcome = course.outcome or element.parameters.get("outcome", "")

    instance = Instance.start(program.process, evaluate, now, UTC)
    for _ in range(_MAXIMUM_STEPS):
        instance.settle()
        ready = instance.ready_tasks()
        machine = next((task for task in ready if task.is_machine), None)
        if machine is not None:
            do(machine.element)
            instance.complete(machine.id)
            continue
        ended = next(((task, one) for task in ready if (one := _decision_on(task.element, left))), None)
        if ended is None:
            course.waiting = [task.element for task in ready]
            break
        person, decision = ended
        left.remove(decision)
        course.facts[person.element.id] = {**decision.facts, "outcome": decision.outcome}
        course.by_people.append(person.element)
        answers = merged(answers, decision.corrections)
        instance.complete(person.id)
    _decide_fee(package, program, course, values)
    course.values = values()
    return course


def _decision_on(element: Element, decided: Iterable[Decided]) -> Decided | None:
    """The first decision that can end a step: where the step names outcomes, it must be one of them."""
    return next(
        (
            one
            for one in decided
            if one.element == element.id and (not element.outcomes or element.outcome(one.outcome))
        ),
        None,
    )


def course_of(package: Package, example: Example) -> Course | None:
    """How far an example comes by itself, None if its answers are faulty. The process must have passed its check.

    Raises `EngineError`, `RuleError` or `DecisionError` where it cannot go on, `ValueError` if it says no day.
    """
    today = date.fromisoformat(str(example.data.get("today")))
    context = example_context(today, example.data.get("town_settings", {}), example.data.get("town", {}))
    language = example.data.get("language", "de")
    judged = package.form.accept(
        example.data.get("answers", {}), town=context["town"], today=today, language=language
    )
    if judged.problems:
        return None
    facts = example.data.get("facts", {})
    return follow(package, program_of(package), judged.answers, context, facts, language)


def _days_until(element: Element, answers: Mapping[str, Any], today: date) -> dict[str, int]:
    dates = values_at(answers, path) if (path := element.parameters.get("days_until", "")) else []
    return {"days_until": (date.fromisoformat(dates[0]) - today).days} if dates else {}


def _decide_fee(package: Package, program: Program, course: Course, values: Any) -> None:
    """The fee is decided late in the process; an example may expect it although a person comes first."""
    name = package.service.fee.get("decision", "")
    if name in program.decisions and name not in course.facts:
        course.facts[name] = program.decisions[name].decide(values()).outputs
