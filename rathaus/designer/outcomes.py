"""What would become of answers: which way through the town hall, why, for what fee, with which letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.applications.models import Application
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package
from rathaus.designer.opened import Opened
from rathaus.forms import Problem
from rathaus.letters import service as letters
from rathaus.letters.content import ContentError, fee_content
from rathaus.office.dossier import Reason, reasons
from rathaus.office.wording import named
from rathaus.portal.filling import Filling
from rathaus.processes.checks import check_process
from rathaus.processes.definition import APPLICANT_LANE, Element
from rathaus.processes.examples import EXAMPLE_REFERENCE, Course, Run, run
from rathaus.processes.lookahead import consequences
from rathaus.processes.program import Program, program_of
from rathaus.towns.models import Office


@dataclass(frozen=True, slots=True)
class Written:
    """A letter that would be written."""

    template: str
    title: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person may decide, and the letters that would follow."""

    label: str
    letters: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task the application would wait at."""

    name: str
    who: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What would become of an application."""

    problems: tuple[Problem, ...]  # why the form would refuse it
    notices: tuple[Problem, ...]
    fault: str  # why the process cannot be followed
    is_green: bool
    reasons: tuple[Reason, ...]
    waiting: tuple[Waiting, ...]
    fee: str  # the amount, or what the town has to decide first
    fee_basis: str
    letters: tuple[Written, ...]


def runnable(package: Package) -> Program | None:
    """The package's program, or None while its process or a decision table has faults."""
    return None if check_process(package) else program_of(package)


def send(package: Package, answers: Any, context: Mapping[str, Any], language: str) -> Run:
    """Send answers through the design's form and process as they are now; nothing is written anywhere."""
    program = runnable(package)
    if program is None:
        judged = package.form.accept(answers, town=context["town"], today=context["today"], language=language)
        fault = _("Der Ablauf oder eine Entscheidungstabelle hat noch Fehler; die Übersicht nennt sie.")
        return Run(judged, fault="" if judged.problems else fault)
    return run(package, program, answers, context, language=language)


def consequence(package: Package, done: Run, day: date) -> Consequence:
    """A run in words."""
    course = done.course or Course()
    fee, basis = _fee(package, course, day)
    return Consequence(
        problems=done.judged.problems,
        notices=done.judged.notices,
        fault=done.fault,
        is_green=course.route == "gruen",
        reasons=tuple(reasons(course.facts, get_language() or "de")),
        waiting=tuple(_waiting(package, element) for element in course.waiting),
        fee=fee,
        fee_basis=basis,
        letters=tuple(_written(element) for element in course.letters),
    )


def _fee(package: Package, course: Course, day: date) -> tuple[str, str]:
    try:
        content = fee_content(package.service, course.facts, day)
    except ContentError:
        decided = course.facts.get(package.service.fee.get("decision", ""), {})
        key = decided.get("setting", package.service.fee.get("setting", ""))
        return _("Die Stadt hat die Einstellung „%(key)s“ noch nicht festgelegt.") % {"key": key}, ""
    if content is None:
        return "", ""
    return content["amount_display"], content["legal_basis"]


def _waiting(package: Package, element: Element) -> Waiting:
    program = program_of(package)
    return Waiting(
        named(element.names),
        _who(package, element),
        tuple(
            Choice(
                named(outcome.labels),
                tuple(
                    _written(letter)
                    for letter in consequences(program.process.definition, element.id, outcome.value).letters
                ),
            )
            for outcome in element.outcomes
        ),
    )


def _who(package: Package, element: Element) -> str:
    if element.lane == APPLICANT_LANE:
        return _("die antragstellende Person")
    key = package.service.lanes.get(element.lane, package.service.office)
    office = Office.objects.filter(key=key).first()
    return office.short_name if office else key


def _written(element: Element) -> Written:
    given = element.parameters
    language = get_language() or "de"
    return Written(given["template"], given.get(f"title_{language}") or given.get("title", given["template"]))


def letter(opened: Opened, filling: Filling, done: Run, template: str, *, signer: str) -> tuple[str, bytes]:
    """Title and PDF of a letter this run would write, by itself or after a person's decision.

    Raises `LookupError` if it would write no such letter, and what `letters.preview` raises.
    """
    sent = Sent(filling.package, filling.context["today"], filling.language)
    title, case = case_for_letter(opened, sent, done, template)
    return title, letters.preview(case, template, title=title, language=sent.language, signer=signer)


@dataclass(frozen=True, slots=True)
class Sent:
    """An application that nobody sent: to which package, on which day, in which language."""

    package: Package
    day: date
    language: str


def case_for_letter(opened: Opened, sent: Sent, done: Run, template: str) -> tuple[str, Case]:
    """Title of a letter that a run would write, and a case as the letter needs it, of rows that are never saved.

    Raises `LookupError` if it would write no such letter.
    """
    program = runnable(sent.package)
    if program is None or done.course is None:
        raise LookupError(template)
    facts = dict(done.course.facts)
    element = _find(done.course.letters, template)
    if element is None:
        element, more = _after_decision(program, done.course, template)
        facts |= more
    given = element.parameters
    title = given.get(f"title_{sent.language}") or given["title"]
    return title, _nobodys_case(opened, sent, done, facts)


def _find(elements: Iterable[Element], template: str) -> Element | None:
    return next((one for one in elements if one.parameters["template"] == template), None)


def _after_decision(program: Program, course: Course, template: str) -> tuple[Element, dict[str, Any]]:
    for task in course.waiting:
        for outcome in task.outcomes:
            following = consequences(program.process.definition, task.id, outcome.value).letters
            if (element := _find(following, template)) is not None:
                reason = _("Hier steht die Begründung, die beim Entscheiden geschrieben wird.")
                return element, {task.id: {"outcome": outcome.value, "reason": reason}}
    raise LookupError(template)


def _nobodys_case(opened: Opened, sent: Sent, done: Run, facts: dict[str, Any]) -> Case:
    package = sent.package
    received = timezone.make_aware(datetime.combine(sent.day, time(12)))
    application = Application(
        reference=EXAMPLE_REFERENCE,
        service=ServiceVersion(
            key=package.key, content_hash=package.content_hash, package=opened.revision.package
        ),
        answers=done.judged.answers,
        language=sent.language,
        received_at=received,
    )
    office = Office.objects.filter(key=package.service.office).first() or Office(name=package.service.office)
    return Case(application=application, office=office, opened_at=received, facts=facts)
