"""One case as its page shows it: everything a case worker needs, read with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.applications.models import Attachment
from rathaus.audit import service as audit
from rathaus.audit.models import AuditEntry
from rathaus.cases.models import Actor, Case, Message, Note, Step
from rathaus.cases.service import CaseDeadline, current_answers, deadline_steps
from rathaus.catalogue.info import ServiceInfo
from rathaus.catalogue.service import package_of
from rathaus.forms.keys import Answers, format_path, template_of
from rathaus.forms.review import ReviewSection
from rathaus.letters.models import Letter
from rathaus.office import wording
from rathaus.office.wording import Sign
from rathaus.people.models import User
from rathaus.people.service import colleagues, may_assign, may_decide
from rathaus.processes.definition import Definition, Outcome
from rathaus.processes.lookahead import Consequences, consequences, first_persons
from rathaus.processes.models import Transmission
from rathaus.processes.service import definition_of, history
from rathaus.towns.service import rule_context

ACCESSES_SHOWN = 30
# Browsers show these by themselves; everything else is downloaded.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})
# Kinds of events that only repeat what the step beside them says.
_SAID_BY_STEP = frozenset({"step.completed", "letter.promised", "decision.made"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer; `before` is what was sent first if the applicant corrected it."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """The questions of one page (and entry)."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """A section of the form."""

    title: str
    blocks: tuple[AnswerBlock, ...]


@dataclass(frozen=True, slots=True)
class File:
    """An attachment and the question it answers."""

    attachment: Attachment
    label: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to end a task, and what follows from it."""

    outcome: Outcome
    label: str
    follows: Consequences


@dataclass(frozen=True, slots=True)
class Task:
    """An open step of a person."""

    step: Step
    name: str
    choices: tuple[Choice, ...]
    first_persons: tuple[User, ...]  # of the four-eyes rule
    blocked: bool  # the signed-in person must not do this one
    taken_by_other: bool

    @property
    def asks(self) -> bool:
        """Whether some outcome asks the applicant for something."""
        return any(choice.follows.asks_applicant for choice in self.choices)

    @property
    def has_letters(self) -> bool:
        """Whether some outcome writes letters that can be looked at before."""
        return any(choice.follows.letters for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the case needs a person."""

    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the full timeline."""

    at: datetime
    text: str
    actor: str  # value of `Actor`
    who: str
    detail: str
    error: str
    open: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """The page of a case."""

    case: Case
    title: str
    status: str
    due: Sign | None
    acts_next: Sign
    deadlines: tuple[CaseDeadline, ...]
    sections: tuple[AnswerSection, ...]
    corrected: bool
    files: tuple[File, ...]
    tasks: tuple[Task, ...]
    failed: tuple[Step, ...]
    waiting: Message | None  # what the applicant was asked and has not answered
    reasons: tuple[Reason, ...]
    messages: tuple[Message, ...]
    notes: tuple[Note, ...]
    letters: tuple[Letter, ...]
    transmissions: tuple[Transmission, ...]
    timeline: tuple[Moment, ...]
    accesses: tuple[AuditEntry, ...]
    pages: tuple[tuple[str, str], ...]  # id and title of the pages of the form, to ask for changes on
    colleagues: tuple[User, ...]  # whom the signed-in person may give the case to
    may_decide: bool
    mine: bool
    closed: bool


def dossier(case: Case, user: User) -> Dossier:
    """Everything the page shows about the case to `user`, who may see it."""
    package = package_of(case.application.service)
    language = get_language() or "de"
    answers = current_answers(case)
    review = _review(case, answers, language)
    corrected = answers != case.application.answers
    sent = _review(case, case.application.answers, language) if corrected else review
    steps = list(case.steps.select_related("taken_by").order_by("ready_at", "pk"))
    messages = tuple(
        case.messages.select_related("author", "step").prefetch_related("attachments").order_by("at")
    )
    failed = tuple(step for step in steps if step.error and step.ended_at is None)
    today = timezone.localdate()
    mine = case.assigned_to_id == user.pk
    return Dossier(
        case=case,
        title=wording.named(package.service.title),
        status=wording.status_text(case.status),
        due=wording.due_sign(case, today),
        acts_next=wording.acts_next_sign(case, mine=mine, failed=bool(failed)),
        deadlines=tuple(deadline_steps(case)),
        sections=tuple(_sections(review, sent)),
        corrected=corrected,
        files=tuple(_files(case, review)),
        tasks=tuple(_tasks(case, steps, user, definition_of(case), package.service)),
        failed=failed,
        waiting=next((m for m in messages if m.step and m.answer_until and m.step.ended_at is None), None),
        reasons=tuple(reasons(case.facts, language)),
        messages=messages,
        notes=tuple(case.notes.select_related("author").order_by("-at")),
        letters=tuple(case.letters.defer("pdf", "data").order_by("created_at")),
        transmissions=tuple(case.transmissions.defer("payload").order_by("name")),
        timeline=tuple(_timeline(case)),
        accesses=tuple(
            audit.entries(subject_type="case", subject=case.application.reference)[:ACCESSES_SHOWN]
        ),
        pages=tuple(dict.fromkeys((page.key, page.title) for section in review for page in section.pages)),
        colleagues=tuple(colleagues(case.office_id)) if may_assign(user, case) else (),
        may_decide=may_decide(user, case),
        mine=mine,
        closed=case.closed_at is not None,
    )


def reasons(facts: Mapping[str, Any], language: str) -> list[Reason]:
    """Why a person must look: rows of decision tables that have an output `grund` (and `norm`, `grund_en`)."""
    rows = (
        row
        for value in facts.values()
        if isinstance(value, list)
        for row in value
        if isinstance(row, Mapping)
    )
    return [
        Reason(str(row.get(f"grund_{language}") or row["grund"]), str(row.get("norm", "")))
        for row in rows
        if row.get("grund")
    ]


def paths_on(case: Case, pages: Sequence[str]) -> list[str]:
    """Template paths of the questions on these pages of the form, as the case answers it."""
    wanted = set(pages)
    found = (
        ".".join(template_of(entry.path))
        for section in _review(case, current_answers(case), "de")
        for page in section.pages
        if page.key in wanted
        for entry in page.entries
    )
    return list(dict.fromkeys(found))


def _review(case: Case, answers: Answers, language: str) -> tuple[ReviewSection, ...]:
    """The questions as they were asked on the day of receipt, with these answers."""
    context = rule_context(timezone.localdate(case.application.received_at))
    form = package_of(case.application.service).form
    journey = form.evaluate(answers, town=context["town"], today=context["today"], language=language)
    return journey.review


def _sections(review: Sequence[ReviewSection], sent: Sequence[ReviewSection]) -> list[AnswerSection]:
    before = {entry.name: entry.value for section in sent for entry in section.entries}
    return [
        AnswerSection(
            section.title,
            tuple(
                AnswerBlock(
                    _(" – ").join(filter(None, (page.title, page.entry))),
                    tuple(
                        Answer(
                            _(" – ").join(filter(None, (entry.group, entry.label))),
                            entry.value,
                            old if (old := before.get(entry.name, "")) != entry.value else None,
                        )
                        for entry in page.entries
                    ),
                )
                for page in section.pages
            ),
        )
        for section in review
    ]


def _files(case: Case, review: Sequence[ReviewSection]) -> list[File]:
    labels = {
        name: entry.label
        for section in review
        for entry in section.entries
        for name in (entry.name, format_path(entry.path), ".".join(template_of(entry.path)))
    }
    attachments = case.application.attachments.exclude(sha256="").order_by("created_at", "name")
    return [
        File(attachment, labels.get(attachment.path, ""), attachment.media_type in SHOWN_INLINE)
        for attachment in attachments
    ]


def _tasks(
    case: Case, steps: Sequence[Step], user: User, definition: Definition, service: ServiceInfo
) -> list[Task]:
    tasks = []
    for step in steps:
        if step.ended_at is not None or step.actor != Actor.PERSON:
            continue
        element = definition.elements.get(step.element)
        outcomes = element.outcomes if element else ()
        first = first_persons(element, steps, service.four_eyes) if element else []
        tasks.append(
            Task(
                step=step,
                name=wording.named(step.name),
                choices=tuple(
                    Choice(
                        outcome,
                        wording.named(outcome.labels),
                        consequences(definition, step.element, outcome.value),
                    )
                    for outcome in outcomes
                ),
                first_persons=tuple(first),
                blocked=user in first,
                taken_by_other=step.taken_by_id is not None and step.taken_by_id != user.pk,
            )
        )
    return tasks


def _timeline(case: Case) -> list[Moment]:
    moments = []
    for item in reversed(history(case)):
        if item.kind in _SAID_BY_STEP:
            continue
        is_step = item.kind == "step"
        text = wording.named(item.name) if is_step else wording.event_text(item.kind, item.data)
        reason = item.data.get("reason") or ""
        outcome = _outcome_label(case, item.data.get("element", ""), item.outcome) if is_step else ""
        moments.append(
            Moment(
                at=item.at,
                text=_("%(task)s: %(outcome)s") % {"task": text, "outcome": outcome} if outcome else text,
                actor=item.actor,
                who=str(item.user) if item.user else "",
                detail=str(reason),
                error=item.error,
                open=is_step and item.ended_at is None,
            )
        )
    return sorted(moments, key=lambda moment: not moment.open)  # what is open stands on top


def _outcome_label(case: Case, element_id: str, outcome: str) -> str:
    element = definition_of(case).elements.get(element_id)
    found = element.outcome(outcome) if element and outcome else None
    return wording.named(found.labels) if found else ""


def latest_day() -> date:
    """The last day a deadline for the applicant may be set to: a year from now."""
    today = timezone.localdate()
    return today.replace(year=today.year + 1, day=min(today.day, 28))
