"""What office and applicant say to each other: messages, and requests for missing information with a deadline."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.applications.models import Attachment
from rathaus.audit import service as audit
from rathaus.cases.answers import CORRECTIONS, leaf_paths
from rathaus.cases.models import Actor, Case, CaseStatus, Message, Note, Step
from rathaus.cases.timeline import record
from rathaus.cases.work import CaseClosedError, locked
from rathaus.delivery.service import handler, promise, promise_mail, should_exist
from rathaus.people.models import User
from rathaus.towns.context import current_town

REQUEST = "information_request"  # element of requests that a person makes outside the drawn process
# So long before the last day the applicant is reminded, unless the whole period is shorter than twice that.
REMIND_BEFORE = timedelta(days=3)


class NoOpenRequestError(Exception):
    """Nothing is asked of the applicant (any more)."""


class AnswerNotAskedForError(Exception):
    """An answer outside the requested pages was to be changed. `paths` says which."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(f"not asked for: {', '.join(paths)}")
        self.paths = paths


@transaction.atomic
def add_note(case: Case, text: str, user: User) -> Note:
    """A remark for colleagues."""
    note: Note = Note.objects.create(case=case, at=timezone.now(), author=user, text=text)
    record(case, "note.added", actor=Actor.PERSON, user=user)
    audit.write("case.note_added", "case", case.application.reference, actor=user)
    return note


@transaction.atomic
def send_message(
    case: Case, text: str, user: User | None = None, attachments: Iterable[Attachment] = ()
) -> Message:
    """A message to the applicant, or from the applicant if no `user` is given; who gets it is told by e-mail."""
    message: Message = Message.objects.create(
        case=case, at=timezone.now(), from_applicant=user is None, author=user, text=text
    )
    message.attachments.set(attachments)
    actor = Actor.PERSON if user else Actor.APPLICANT
    record(case, "message.sent" if user else "message.received", actor=actor, user=user, public=True)
    if user:
        tell_applicant(case)
        audit.write("case.message_sent", "case", case.application.reference, actor=user)
    return message


@transaction.atomic
def request_information(
    case: Case,
    text: str,
    until: date,
    user: User | None,
    *,
    step: Step | None = None,
    pages: Iterable[str] = (),
    paths: Iterable[str] = (),
    answered_as: str = "answered",
    watched: bool = True,
) -> Message:
    """Ask the applicant for something until the end of a day; the case waits for them.

    `step` is the open step of the process in which the applicant answers; without it one is added beside the process.
    `pages` are the pages of the form they may change, `paths` the template paths on these. `answered_as` is the
    outcome of the step when they answered. With `watched`, they are reminded and the step ends by itself after the
    deadline; a process that draws its own timers does that itself. Raises `CaseClosedError`.
    """
    row = locked(case)
    if row.closed_at is not None:
        raise CaseClosedError(f"case {row.pk} is closed")
    now = timezone.now()
    due_at = timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))
    asked = step or Step(
        case=row,
        task_id=uuid.uuid4(),
        element=REQUEST,
        name={"de": "Angaben ergänzen", "en": "Add information"},
        actor=Actor.APPLICANT,
        ready_at=now,
    )
    asked.due_at = due_at
    asked.result = {**asked.result, "pages": list(pages), "paths": list(paths), "answered_as": answered_as}
    if not watched:
        asked.result["watched"] = False
    asked.save()
    message: Message = Message.objects.create(
        case=row, at=now, from_applicant=False, author=user, text=text, answer_until=until, step=asked
    )
    actor = Actor.PERSON if user else Actor.MACHINE
    record(row, "information.requested", actor=actor, user=user, public=True, until=until.isoformat())
    _waits_for(row, Actor.APPLICANT, CaseStatus.WAITING)
    _copy_state(row, case)
    if watched:
        promise("case.request_deadline", asked.pk, due_at=_reminder_at(asked) or due_at)
    tell_applicant(row)
    if user:
        audit.write("case.information_requested", "case", row.application.reference, actor=user)
    return message


def open_request(case: Case) -> Message | None:
    """The oldest request the applicant has not answered, with its step, or None."""
    found: Message | None = (
        case.messages.filter(step__actor=Actor.APPLICANT, step__ended_at=None)
        .select_related("step")
        .order_by("at", "pk")
        .first()
    )
    return found


@transaction.atomic
def answer_information(
    case: Case,
    text: str,
    attachments: Iterable[Attachment] = (),
    answers_patch: Mapping[str, Any] | None = None,
) -> Message:
    """The applicant's answer to the open request; the process goes on by itself.

    `answers_patch` has the shape of the answers and changes only what it names (null removes); it must be in
    canonical form and checked by the form. Raises `NoOpenRequestError` and `AnswerNotAskedForError`.
    """
    row = locked(case)
    request = open_request(row)
    if request is None or request.step is None:
        raise NoOpenRequestError
    step, now = request.step, timezone.now()
    patch = dict(answers_patch or {})
    asked = set(step.result.get("paths", []))
    if others := sorted(path for path in leaf_paths(patch) if not _covered(path, asked)):
        raise AnswerNotAskedForError(others)
    message: Message = Message.objects.create(case=row, at=now, from_applicant=True, text=text, step=step)
    message.attachments.set(attachments)
    step.ended_at, step.outcome = now, step.result.get("answered_as", "answered")
    step.taken_at = step.taken_at or now
    step.result = {**step.result, "text": text, "answers": patch}
    step.save(update_fields=["ended_at", "outcome", "taken_at", "result"])
    if patch:
        row.facts = {**row.facts, CORRECTIONS: [*row.facts.get(CORRECTIONS, []), patch]}
        Case.objects.filter(pk=row.pk).update(facts=row.facts)
    record(row, "information.answered", actor=Actor.APPLICANT, public=True)
    _after_request(row)
    _copy_state(row, case)
    return message


def tell_applicant(case: Case) -> None:
    """Promise an e-mail that there is news, if the applicant gave an address. It names nothing of the case."""
    application = case.application
    if not application.contact_email:
        return
    town = current_town()
    with override("en" if application.language == "en" else "de"):
        subject = _("Neues zu Ihrem Vorgang %(reference)s") % {"reference": application.reference}
        body = _(
            "Guten Tag,\n\nzu Ihrem Vorgang %(reference)s gibt es etwas Neues.\n"
            "Bitte öffnen Sie die Statusseite mit Ihrem Vorgangszeichen und Ihrem Zugangscode.\n\n%(town)s"
        ) % {"reference": application.reference, "town": town.official_name}
    promise_mail(application.contact_email, subject, body)


@handler("case.request_deadline")
def watch_request(subject: str) -> None:
    """Remind the applicant before the deadline of a request; after it let the case go on without an answer."""
    found = Step.objects.filter(pk=subject, actor=Actor.APPLICANT, ended_at=None).first()
    if found is None or found.due_at is None:
        return
    case = locked(found.case_id)
    step = Step.objects.select_for_update().get(pk=found.pk)
    if step.ended_at is not None or step.due_at is None:
        return
    now = timezone.now()
    if now < step.due_at:
        reminder = _reminder_at(step)
        if reminder and reminder <= now and not step.result.get("reminded"):
            step.result = {**step.result, "reminded": now.isoformat()}
            step.save(update_fields=["result"])
            until = timezone.localdate(step.due_at - timedelta(seconds=1))
            record(case, "information.reminded", actor=Actor.MACHINE, public=True, until=until.isoformat())
            tell_applicant(case)
        promise("case.request_deadline", subject, due_at=_next_look(step))
        return
    step.ended_at, step.outcome = now, "expired"
    step.save(update_fields=["ended_at", "outcome"])
    record(case, "information.expired", actor=Actor.MACHINE, public=True)
    _after_request(case)


@should_exist("case.request_deadline")
def requests_to_watch() -> Iterable[int]:
    """Requests whose deadline or reminder is due."""
    soon = timezone.now() + REMIND_BEFORE
    found = Step.objects.filter(actor=Actor.APPLICANT, ended_at=None, due_at__lte=soon)
    return [
        step.pk for step in found if step.result.get("watched", True) and _next_look(step) <= timezone.now()
    ]


def _next_look(step: Step) -> datetime:
    assert step.due_at is not None  # noqa: S101 - only asked for steps with a deadline
    reminder = None if step.result.get("reminded") else _reminder_at(step)
    return reminder or step.due_at


def _reminder_at(step: Step) -> datetime | None:
    if step.due_at is None or step.due_at - step.ready_at < 2 * REMIND_BEFORE:
        return None
    return step.due_at - REMIND_BEFORE


def _covered(path: str, asked: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in asked)


def _after_request(case: Case) -> None:
    still_open = Step.objects.filter(case=case, ended_at=None)
    if still_open.filter(actor=Actor.APPLICANT).exists():
        return
    needs_person = still_open.filter(actor=Actor.PERSON).exists()
    _waits_for(case, Actor.PERSON if needs_person else Actor.MACHINE, CaseStatus.IN_WORK)
    # The process notices the ended step and goes on.
    promise("process.advance", case.pk)


def _waits_for(case: Case, actor: Actor, status: CaseStatus) -> None:
    case.acts_next = actor
    if case.decided_at is None:
        case.status = status
    case.revision += 1
    Case.objects.filter(pk=case.pk).update(
        acts_next=case.acts_next, status=case.status, revision=F("revision") + 1
    )


def _copy_state(row: Case, case: Case) -> None:
    """Let the caller's object show what was just saved."""
    case.acts_next, case.status, case.revision, case.facts = (
        row.acts_next,
        row.status,
        row.revision,
        row.facts,
    )
