"""Files of a case: what the applicant sent, letters, and letters before they are sent."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rathaus.applications.models import Attachment
from rathaus.applications.service import open_attachment
from rathaus.cases.models import Actor, Step
from rathaus.letters import service as letters
from rathaus.letters.models import Letter
from rathaus.office.access import case_to_work_on, leave_trace, person, visible_case
from rathaus.office.case_views import step_form
from rathaus.office.dossier import SHOWN_INLINE, dossier

# What a foreign file may do in the browser: nothing. The viewer of a PDF needs to place itself.
_PICTURE_POLICY = "default-src 'none'; sandbox"
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_GET
def attachment(request: HttpRequest, reference: str, attachment_id: UUID) -> HttpResponseBase:
    """A file the applicant sent; harmless kinds are shown, all others downloaded."""
    case = visible_case(request, reference)
    mine = Q(application=case.application) | Q(messages__case=case)
    file = Attachment.objects.filter(mine, pk=attachment_id).exclude(sha256="").distinct().first()
    if file is None:
        raise Http404
    leave_trace(request, "case.attachment_opened", case, attachment=str(file.pk))
    inline = file.media_type in SHOWN_INLINE
    response = FileResponse(
        open_attachment(file),
        as_attachment=not inline,
        filename=file.name,
        content_type=file.media_type if inline else "application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = (
        _PDF_POLICY if file.media_type == "application/pdf" else _PICTURE_POLICY
    )
    return response


@require_GET
def letter(request: HttpRequest, reference: str, letter_id: int) -> HttpResponse:
    """A finished letter of the case."""
    case = visible_case(request, reference)
    found = get_object_or_404(Letter.objects, pk=letter_id, case=case)
    if found.pdf is None:
        raise Http404
    leave_trace(request, "case.letter_opened", case, letter=found.pk)
    return inline_pdf(bytes(found.pdf), f"{found.title} {reference}")


@require_POST
def preview(request: HttpRequest, reference: str, step_id: int, template: str) -> HttpResponse:
    """The letter that the chosen outcome would write, with what is typed right now; nothing is stored."""
    case = case_to_work_on(request, reference)
    step = get_object_or_404(Step.objects, pk=step_id, case=case, actor=Actor.PERSON, ended_at=None)
    shown = dossier(case, person(request))
    task = next(task for task in shown.tasks if task.step.pk == step.pk)
    writing = {
        element.parameters["template"]: (element, choice)
        for choice in task.choices
        for element in choice.follows.letters
    }
    if template not in writing:
        raise Http404
    element, choice = writing[template]
    form = step_form(task, shown, request)
    form.is_valid()  # a preview shows what is there, complete or not
    given = {"reason": form.cleaned_data.get("reason", ""), "outcome": choice.outcome.value}
    if day := form.cleaned_data.get("deadline"):
        given["deadline"] = day.isoformat()
    case.facts = {**case.facts, step.element: {**case.facts.get(step.element, {}), **given}}
    language = case.application.language
    title = element.parameters.get(f"title_{language}") or element.parameters["title"]
    try:
        pdf = letters.preview(case, template, title=title, language=language, signer=str(person(request)))
    except (letters.LetterError, letters.ContentError, letters.RemedyError) as error:
        text = _("Das Schreiben lässt sich so noch nicht zeigen: %(error)s") % {"error": error}
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    leave_trace(request, "case.letter_previewed", case, template=template)
    return inline_pdf(pdf, f"{_('Entwurf')} {title}")


def inline_pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows by itself."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = (
        content_disposition_header(False, f"{slugify(name)}.pdf") or "inline"
    )
    response.headers["Content-Security-Policy"] = _PDF_POLICY
    return response
