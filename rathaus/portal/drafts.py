"""Beginning an application, going on with one, and giving one up."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.applications.service import discard, resume, start_draft
from rathaus.catalogue import service as catalogue
from rathaus.catalogue.info import translated
from rathaus.portal.access import count_wrong_code, pause_after_wrong_codes
from rathaus.portal.browser import forget_draft, remember_draft
from rathaus.portal.filling import draft_address, filling_in, own_draft, own_drafts, page_address
from rathaus.portal.pages import retired
from rathaus.portal.problems import TypedProblem
from rathaus.portal.requests import PortalRequest

_TRIES = "portal.resume"


def apply(request: PortalRequest, key: str) -> HttpResponse:
    """`/leistungen/<key>/antrag/`: begin an application, or go on with one of this browser."""
    version = catalogue.live(key)
    if version is None:
        return retired(request, key)
    if request.method == "POST":
        draft, code = start_draft(key, request.content_language)
        first = filling_in(draft, code, request.content_language).journey().first_open
        response = HttpResponseRedirect(page_address(draft, first))
        remember_draft(request, response, draft.pk, code)
        return response
    info = catalogue.package_of(version).service
    context = {
        "service": {"key": key, "title": translated(info.title, request.content_language)},
        "drafts": own_drafts(request, key),
        "kept_days": info.draft_retention_days,
    }
    return render(request, "portal/apply.html", context)


def go_on(request: PortalRequest) -> HttpResponse:
    """`/weitermachen/`: open a draft by its code, on any device."""
    problems: list[TypedProblem] = []
    code = ""
    if request.method == "POST":
        if pause := pause_after_wrong_codes(request, _TRIES):
            return pause
        code = request.POST.get("code", "")[:100].strip()
        draft = resume(code) if code else None
        if draft is not None:
            response = HttpResponseRedirect(draft_address(draft))
            remember_draft(request, response, draft.pk, code)
            return response
        if code:
            count_wrong_code(request, _TRIES)
            message = _(
                "Zu diesem Code finden wir keinen angefangenen Antrag. Vergleichen Sie ihn Zeichen für Zeichen."
            )
        else:
            message = _("Geben Sie den Fortsetzungscode ein.")
        problems.append(TypedProblem("code", message))
    context = {"problems": problems, "code": code}
    return render(request, "portal/resume.html", context, status=422 if problems else 200)


def give_up(request: PortalRequest, key: str, draft_id: UUID) -> HttpResponse:
    """`/leistungen/<key>/antrag/<draft>/loeschen/`: ask once, then delete everything that was typed."""
    own = own_draft(request, key, draft_id)
    if own is None:
        return HttpResponseRedirect(reverse("portal:resume"))
    draft, _code = own
    if request.method == "POST":
        if draft.submitted_at is None:
            discard(draft)
        response = HttpResponseRedirect(reverse("portal:service", args=[key]))
        forget_draft(request, response, draft_id)
        return response
    info = catalogue.package_of(draft.service).service
    context = {
        "service": {"key": key, "title": translated(info.title, request.content_language)},
        "address": draft_address(draft, key),
    }
    return render(request, "portal/give_up.html", context)
