"""The last steps of an application: read everything once more, confirm, send (§ 9a OZG)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.applications.limits import SUBMISSIONS, client_of, limiter
from rathaus.applications.service import News, news_of
from rathaus.cases.intake import DraftChangedError, InvalidAnswersError, accept_draft
from rathaus.forms.journey import Journey
from rathaus.portal.browser import remember_case, remember_draft
from rathaus.portal.errors import too_many_requests
from rathaus.portal.filling import (
    DraftFilling,
    Filling,
    comes_back,
    draft_address,
    filling_of,
    page_address,
)
from rathaus.portal.form_pages import LANGUAGE
from rathaus.portal.languages import remember_language
from rathaus.portal.problems import TypedProblem
from rathaus.portal.requests import PortalRequest


def review(request: PortalRequest, key: str, draft_id: UUID) -> HttpResponse:
    """`/leistungen/<key>/antrag/<draft>/pruefen/`: all answers with ways to change them, and sending them."""
    filling = filling_of(request, key, draft_id)
    if filling is None:
        return HttpResponseRedirect(reverse("portal:resume"))
    if filling.draft.submitted_at:
        return _send(request, filling, filling.draft.revision)
    if request.method != "POST":
        if comes_back(filling.draft):
            return HttpResponseRedirect(draft_address(filling.draft))
        return _show(request, filling, [])
    if language := request.POST.get(LANGUAGE):
        response = HttpResponseRedirect(page_address(filling.draft, None))
        remember_language(response, language, secure=request.is_secure())
        return response
    if not request.POST.get("bestaetigt"):
        message = _(
            "Bestätigen Sie, dass Sie alle Angaben geprüft haben und den Antrag jetzt absenden möchten."
        )
        return _show(request, filling, [TypedProblem("bestaetigt", message)])
    if wait := limiter.wait("portal.send", client_of(request), SUBMISSIONS):
        return too_many_requests(request, wait)
    limiter.count("portal.send", client_of(request), SUBMISSIONS)
    revision = request.POST.get("fassung", "")
    return _send(request, filling, int(revision) if revision.isdecimal() else -1)


def _send(request: PortalRequest, filling: DraftFilling, revision: int) -> HttpResponse:
    identification = {"method": "none", "level": "none", "at": timezone.now().isoformat()}
    try:
        if _unsaved_pages(filling, filling.journey()):
            raise DraftChangedError
        receipt = accept_draft(
            filling.draft, revision=revision, language=filling.language, identification=identification
        )
    except DraftChangedError:
        again = filling_of(request, filling.draft.service.key, filling.draft.pk)
        if again is None or again.draft.submitted_at:
            return HttpResponseRedirect(request.path)
        message = _("Der Antrag hat sich seit dem Prüfen geändert. Lesen Sie ihn bitte noch einmal durch.")
        return _show(request, again, [TypedProblem("inhalt-antrag", message)])
    except InvalidAnswersError as error:
        return _show(request, filling, [TypedProblem("", problem.message) for problem in error.problems])
    response = HttpResponseRedirect(reverse("portal:receipt", args=[receipt.reference]))
    remember_case(request, response, receipt.reference)
    return response


def _unsaved_pages(filling: Filling, journey: Journey) -> list[str]:
    """Reachable pages on which something was typed that is not an answer yet."""
    return [page.key for page in journey.pages if filling.kept.typed.get(page.key)]


def _show(request: PortalRequest, filling: DraftFilling, problems: Sequence[TypedProblem]) -> HttpResponse:
    response = show_review(request, filling, problems, news_of(filling.draft, filling.language))
    remember_draft(request, response, filling.draft.pk, filling.code)
    return response


def show_review(
    request: PortalRequest,
    filling: Filling,
    problems: Sequence[TypedProblem] = (),
    news: News | None = None,
) -> HttpResponse:
    """Everything that was answered, with ways to change it; `news`: what fits no more since the form changed."""
    journey = filling.journey()
    unsaved = _unsaved_pages(filling, journey)
    # A page nobody saw yet may hold a question of the answers' choosing: it counts as open, even if all is optional.
    open_pages = [page for page in journey.pages if page.status != "complete" or page.key in unsaved]
    context = {
        **filling.page_context,
        "title": filling.title,
        "journey": journey,
        "news": news,
        "text_lang": filling.language,
        "open_pages": [
            {
                "title": f"{page.title} ({page.entry})" if page.entry else page.title,
                "address": filling.address(page.key, zurueck="pruefen", zeige="fehler"),
            }
            for page in open_pages
        ],
        "addresses": {page.key: filling.address(page.key, zurueck="pruefen") for page in journey.pages},
        "previous": filling.address(journey.pages[-1].key) if journey.pages else "",
        "problems": problems,
        "error_count": len(problems),
    }
    return render(request, filling.review_template, context, status=422 if problems else 200)
