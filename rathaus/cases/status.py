"""What the applicant sees of a case: where it stands, what happened, what is asked of them, and the documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from rathaus.applications.models import Application
from rathaus.cases.conversation import open_request
from rathaus.cases.deadlines import CaseDeadline, deadline_steps
from rathaus.cases.models import Actor, Case, CaseStatus, Event, Message
from rathaus.catalogue.info import translated
from rathaus.catalogue.service import package_of

# Kinds of public events in words. A kind that is not listed is not shown: every new one needs its sentence here.
EVENT_TEXTS: Mapping[str, str] = {
    "received": gettext_noop("Ihr Antrag ist eingegangen."),
    "decided": gettext_noop("Ihr Antrag ist entschieden."),
    "closed": gettext_noop("Der Vorgang ist abgeschlossen."),
    "withdrawn": gettext_noop("Der Antrag ist zurückgezogen."),
    "letter.ready": gettext_noop("Ein Dokument liegt für Sie bereit: %(title)s."),
    "message.sent": gettext_noop("Wir haben Ihnen eine Nachricht geschrieben."),
    "message.received": gettext_noop("Sie haben uns eine Nachricht geschrieben."),
    "information.requested": gettext_noop(
        "Wir brauchen noch Angaben von Ihnen. Bitte antworten Sie bis zum %(until)s."
    ),
    "information.reminded": gettext_noop("Erinnerung: Bitte antworten Sie bis zum %(until)s."),
    "information.answered": gettext_noop("Sie haben geantwortet."),
    "information.expired": gettext_noop("Die Frist für Ihre Antwort ist abgelaufen."),
    "work.started": gettext_noop("Eine Person in der Verwaltung bearbeitet Ihren Antrag."),
    "transmitted": gettext_noop("Wir haben andere Stellen unterrichtet, wie es das Gesetz verlangt."),
}
STATUS_TEXTS: Mapping[str, str] = {
    CaseStatus.RECEIVED: gettext_noop("Eingegangen"),
    CaseStatus.IN_WORK: gettext_noop("In Bearbeitung"),
    CaseStatus.WAITING: gettext_noop("Wartet auf Ihre Angaben"),
    CaseStatus.DECIDED: gettext_noop("Entschieden"),
    CaseStatus.WITHDRAWN: gettext_noop("Zurückgezogen"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the applicant's timeline."""

    at: datetime
    kind: str
    text: str
    actor: str


@dataclass(frozen=True, slots=True)
class Document:
    """A letter that can be opened."""

    id: int
    title: str
    provided_at: datetime
    verification_code: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything the status page and the API tell an applicant."""

    reference: str
    service_key: str
    service_title: str
    received_at: datetime
    status: str  # a `CaseStatus`
    status_text: str
    acts_next: str
    timeline: tuple[TimelineEntry, ...]
    documents: tuple[Document, ...]
    messages: tuple[Message, ...]
    request: Message | None  # what is asked of the applicant now; `answer_until` and `step.result["pages"]`
    due_on: date | None
    deadline: CaseDeadline | None  # the nearest one, with its steps and §


def status_view(application: Application, language: str = "de") -> StatusView:
    """The applicant's view, in the language that is active (`gettext`) for texts and `language` for titles."""
    case = Case.objects.get(application=application)
    case.application = application
    messages = tuple(case.messages.prefetch_related("attachments").order_by("at", "pk"))
    deadlines = deadline_steps(case) if case.status != CaseStatus.DECIDED else []
    title = translated(package_of(application.service).service.title, language)
    return StatusView(
        reference=application.reference,
        service_key=application.service.key,
        service_title=title,
        received_at=application.received_at,
        status=case.status,
        status_text=_(STATUS_TEXTS[case.status]),
        acts_next=case.acts_next,
        timeline=tuple(timeline(case)),
        documents=documents(case),
        messages=messages,
        request=open_request(case) if case.acts_next == Actor.APPLICANT else None,
        due_on=case.due_on,
        deadline=deadlines[0] if deadlines else None,
    )


def timeline(case: Case) -> list[TimelineEntry]:
    """The public events of a case in plain words, the oldest first."""
    events = case.events.filter(public=True).order_by("at", "pk")
    return [
        TimelineEntry(event.at, event.kind, text, event.actor)
        for event in events
        if (text := event_text(event))
    ]


def event_text(event: Event) -> str:
    """An event in plain words; empty if applicants are not told about its kind."""
    if event.kind == "notice":
        texts: Mapping[str, str] = event.data.get("text", {})
        return texts.get(_language()) or texts.get("de", "")
    template = EVENT_TEXTS.get(event.kind)
    return _(template) % _spoken(event.data) if template else ""


def documents(case: Case) -> tuple[Document, ...]:
    """The letters that are ready, the oldest first; their files are not loaded."""
    letters = case.letters.exclude(provided_at=None).order_by("provided_at", "pk")
    shown = letters.only("id", "title", "provided_at", "verification_code")
    return tuple(
        Document(letter.pk, letter.title, letter.provided_at, letter.verification_code)
        for letter in shown
        if letter.provided_at
    )


def _language() -> str:
    return get_language() or "de"


def _spoken(data: Mapping[str, Any]) -> dict[str, Any]:
    spoken = dict(data)
    if "until" in spoken:
        spoken["until"] = formats.date_format(date.fromisoformat(spoken["until"]), "SHORT_DATE_FORMAT")
    return spoken
