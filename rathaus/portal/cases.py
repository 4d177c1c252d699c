"""An application after it was sent: receipt, status, documents, answers to questions, withdrawal."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rathaus.applications.codes import normal_reference
from rathaus.applications.models import Application, Attachment
from rathaus.applications.service import FileRefusedError, access_code_of, add_file, application_by_access
from rathaus.cases import service as cases
from rathaus.cases.models import Case, CaseStatus
from rathaus.catalogue.info import translated
from rathaus.catalogue.service import package_of, version_with
from rathaus.letters import service as letters
from rathaus.letters.models import Letter
from rathaus.portal.access import count_wrong_code, pause_after_wrong_codes
from rathaus.portal.browser import forget_cases, may_see_case, remember_case
from rathaus.portal.problems import TypedProblem
from rathaus.portal.requests import PortalRequest
from rathaus.processes import withdrawal

_TRIES = "portal.case"
MESSAGE_CHARACTERS = 10_000
FILES_PER_ANSWER = 20


def find(request: PortalRequest) -> HttpResponse:
    """`/vorgang/`: enter reference and access code."""
    return _ask_for_code(request, request.GET.get("vorgang", ""))


def status(request: PortalRequest, reference: str) -> HttpResponse:
    """`/vorgang/<reference>/`: where the application stands, its documents, and what is asked of the applicant."""
    application = _seen_by(request, reference)
    if application is None:
        return _ask_for_code(request, reference)
    return _status_page(request, application, [])


def _status_page(
    request: PortalRequest, application: Application, problems: list[TypedProblem], text: str = ""
) -> HttpResponse:
    view = cases.status_view(application, request.content_language)
    context = {"status": view, "problems": problems, "text": text, "sent": request.GET.get("gesendet") == "1"}
    return render(request, "portal/status.html", context, status=422 if problems else 200)


def _ask_for_code(request: PortalRequest, reference: str) -> HttpResponse:
    problems: list[TypedProblem] = []
    if request.method == "POST":
        if pause := pause_after_wrong_codes(request, _TRIES):
            return pause
        reference = request.POST.get("vorgang", "")[:100].strip()
        code = request.POST.get("code", "")[:100].strip()
        if not reference:
            problems.append(TypedProblem("vorgang", _("Geben Sie die Vorgangsnummer ein.")))
        if not code:
            problems.append(TypedProblem("code", _("Geben Sie den Zugangscode ein.")))
        if not problems:
            application = application_by_access(reference, code)
            if application is not None:
                response = HttpResponseRedirect(reverse("portal:status", args=[application.reference]))
                remember_case(request, response, application.reference)
                return response
            count_wrong_code(request, _TRIES)
            problems.append(
                TypedProblem(
                    "vorgang",
                    _(
                        "Zu dieser Nummer und diesem Code finden wir nichts. "
                        "Vergleichen Sie beide mit Ihrer Eingangsbestätigung."
                    ),
                )
            )
    context = {"reference": reference, "problems": problems}
    return render(request, "portal/find_case.html", context, status=422 if problems else 200)


def receipt(request: PortalRequest, reference: str) -> HttpResponse:
    """`/vorgang/<reference>/eingang/`: proof that the application has arrived, and its access code."""
    application = _seen_by(request, reference)
    if application is None:
        return HttpResponseRedirect(reverse("portal:status", args=[reference]))
    service = package_of(application.service).service
    decided = application.case.status == CaseStatus.DECIDED
    context = {
        "application": application,
        "service_title": translated(service.title, request.content_language),
        "access_code": access_code_of(application),
        "deadline": None if decided else next(iter(cases.deadline_steps(application.case)), None),
    }
    return render(request, "portal/receipt.html", context)


def document(request: PortalRequest, reference: str, letter: int) -> HttpResponse:
    """`/vorgang/<reference>/dokumente/<id>/`: the sealed original as PDF."""
    application = _seen_by(request, reference)
    if application is None:
        return HttpResponseRedirect(reverse("portal:status", args=[reference]))
    found = Letter.objects.filter(case=application.case, pk=letter).exclude(provided_at=None).first()
    if found is None or found.pdf is None:
        raise Http404
    if request.method == "GET":
        letters.retrieved(found)
    return _pdf(bytes(found.pdf), f"{found.title} {application.reference}")


def copy(request: PortalRequest, reference: str) -> HttpResponse:
    """`/vorgang/<reference>/kopie.pdf`: what was sent, as a file to keep (§ 9a Abs. 4 OZG)."""
    application = _seen_by(request, reference)
    if application is None:
        return HttpResponseRedirect(reverse("portal:status", args=[reference]))
    return _pdf(letters.copy_of_application(application), f"{_('Kopie')} {application.reference}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{slugify(name)}.pdf") or "attachment"
    )
    return response


@require_POST
def answer(request: PortalRequest, reference: str) -> HttpResponse:
    """`/vorgang/<reference>/antwort/`: answer the open question, or write a message, with files."""
    application = _seen_by(request, reference)
    if application is None:
        return _ask_for_code(request, reference)
    text = request.POST.get("text", "").strip()
    files = [file for file in request.FILES.getlist("dateien") if file.name]
    problems = _message_problems(text, files)
    if not problems:
        try:
            _send(application.case, text, files)
        except FileRefusedError as error:
            problems.append(TypedProblem("dateien", str(error)))
    if problems:
        return _status_page(request, application, problems, text)
    return HttpResponseRedirect(reverse("portal:status", args=[reference]) + "?gesendet=1")


def _message_problems(text: str, files: list[UploadedFile[Any]]) -> list[TypedProblem]:
    problems = []
    if not text and not files:
        problems.append(TypedProblem("text", _("Schreiben Sie eine Antwort oder wählen Sie eine Datei aus.")))
    if len(text) > MESSAGE_CHARACTERS:
        problems.append(
            TypedProblem(
                "text",
                _("Kürzen Sie Ihre Nachricht auf höchstens %(maximum)s Zeichen. Es sind %(count)s.")
                % {"maximum": MESSAGE_CHARACTERS, "count": len(text)},
            )
        )
    if len(files) > FILES_PER_ANSWER:
        problems.append(
            TypedProblem(
                "dateien",
                _("Schicken Sie höchstens %(maximum)s Dateien auf einmal.") % {"maximum": FILES_PER_ANSWER},
            )
        )
    return problems


@transaction.atomic
def _send(case: Case, text: str, files: list[UploadedFile[Any]]) -> None:
    stored: list[Attachment] = [
        add_file(None, "", file.name or "", file.content_type or "", file.size or 0, file) for file in files
    ]
    try:
        cases.answer_information(case, text, stored)
    except cases.NoOpenRequestError:
        # Answered in another tab, or the time ran out: what was written still reaches the office.
        cases.send_message(case, text, None, stored)


def withdraw(request: PortalRequest, reference: str) -> HttpResponse:
    """`/vorgang/<reference>/zurueckziehen/`: ask once, then withdraw the application."""
    application = _seen_by(request, reference)
    if application is None:
        return _ask_for_code(request, reference)
    if request.method == "POST":
        with suppress(cases.CaseClosedError):  # decided meanwhile: the status page says so
            withdrawal.withdraw(application.case)
        return HttpResponseRedirect(reverse("portal:status", args=[reference]))
    view = cases.status_view(application, request.content_language)
    return render(request, "portal/withdraw.html", {"status": view})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """`/vorgang/verlassen/`: close all cases in this browser."""
    response = HttpResponseRedirect(reverse("portal:start"))
    forget_cases(response)
    return response


def _seen_by(request: HttpRequest, reference: str) -> Application | None:
    normal = normal_reference(reference)
    if not normal or not may_see_case(request, normal):
        return None
    found: Application | None = Application.objects.select_related("case").filter(reference=normal).first()
    if found is not None:
        found.service = version_with(found.service_id)
    return found
