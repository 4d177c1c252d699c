"""Trying a design as a citizen at any moment, and what would then happen. Nothing becomes an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rathaus.catalogue.package import PackageError
from rathaus.design.service import begin_trial, set_day
from rathaus.designer import outcomes
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, save
from rathaus.designer.exemplifying import example_of, file_name
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.designer.trial_filling import TrialFilling, filling_of
from rathaus.editing import SetExample
from rathaus.letters import service as letters
from rathaus.office.access import person
from rathaus.office.files import inline_pdf
from rathaus.portal.form_pages import LANGUAGE, show_page, take_page
from rathaus.portal.languages import CONTENT_LANGUAGES
from rathaus.portal.requests import PortalRequest
from rathaus.portal.sending import show_review

P = ParamSpec("P")

# Names of what the bar above a tried page sends along with the page; no question is called like this.
DAY = "probe-tag"
SET_DAY = "probe-heute"
STAND_INS = "probe-datei"
TITLE_LENGTH = 200

Posted = Mapping[str, Any]


def _as_citizen(
    view: Callable[Concatenate[PortalRequest, TrialFilling, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Opened, P], HttpResponseBase]:
    """The view gets the trial, and speaks its language. A form that cannot be read leads back to the trial's page."""

    def with_trial(
        request: HttpRequest, opened: Opened, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            filling = filling_of(opened, person(request))
        except PackageError:
            return HttpResponseRedirect(reverse("designer:trial", args=[opened.design.pk]))
        asked = cast(PortalRequest, request)
        asked.content_language = filling.language
        with translation.override("en" if filling.language == "en" else "de"):
            return view(asked, filling, *args, **kwargs)

    return with_trial


@require_http_methods(["GET", "POST"])
@of_design
@_as_citizen
def trial_page(request: PortalRequest, filling: TrialFilling, page: str) -> HttpResponse:
    """`probe/seite/<page>/`: a page of the form as the portal draws it."""
    if request.method != "POST":
        return show_page(request, filling, page)
    try:
        if SET_DAY in request.POST:
            filling.save(page, _typed(request), {})
            _take_day(request, filling)
            return HttpResponseRedirect(filling.address(page))
        if STAND_INS in request.POST:
            filling.save(page, _typed(request), filling.stand_ins(page))
            return HttpResponseRedirect(filling.address(page))
        return take_page(request, filling, page)
    except KeyError:
        # The design was changed meanwhile, and the page is gone.
        return HttpResponseRedirect(filling.before)


@require_http_methods(["GET", "POST"])
@of_design
@_as_citizen
def trial_review(request: PortalRequest, filling: TrialFilling) -> HttpResponse:
    """`probe/pruefen/`: all answers, as people read them before they send them."""
    if request.method == "POST":
        if (language := request.POST.get(LANGUAGE, "")) in CONTENT_LANGUAGES:
            return filling.switch_language(request, language, None)
        _take_day(request, filling)
        return HttpResponseRedirect(filling.address(None))
    return show_review(request, filling)


def _typed(request: HttpRequest) -> Mapping[str, list[str]]:
    return dict(request.POST.lists())


def _take_day(request: HttpRequest, filling: TrialFilling) -> None:
    """Another day as "today", if the browser sent one; empty: the real one."""
    try:
        day = date.fromisoformat(text) if (text := request.POST.get(DAY, "").strip()) else None
    except ValueError:
        return
    set_day(filling.trial, None if day == timezone.localdate() else day)


@require_http_methods(["GET", "POST"])
@of_design
def trial(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`probe/`: how far the trial is, on which day it plays, and what would become of it."""
    try:
        filling = filling_of(opened, person(request))
    except PackageError as error:
        faults = [problem for problem in error.problems if problem.level != "warning"]
        return design_page(request, opened, "designer/trial.html", {"faults": faults})
    refused = None
    if request.method == "POST":
        answer = _act(request, opened, filling)
        if not isinstance(answer, Refused):
            return answer
        refused = answer
    filling.language = get_language() or "de"
    journey = filling.journey()
    begun = bool(filling.trial.visited or filling.trial.answers)
    context: dict[str, Any] = {
        "faults": [],
        "begun": begun,
        "progress": journey.progress,
        "day": filling.context["today"],
        "day_chosen": filling.trial.day is not None,
        "next": filling.address(journey.first_open or journey.pages[0].key) if journey.pages else "",
        "review": filling.address(None),
        "refused": refused.text if refused else "",
        "typed": request.POST,
    }
    if begun:
        done = outcomes.send(filling.package, filling.trial.answers, filling.context, filling.language)
        context["outcome"] = outcomes.consequence(filling.package, done, filling.context["today"])
        context["page_address"] = filling.address
    return design_page(request, opened, "designer/trial.html", context, status=422 if refused else 200)


def _act(request: HttpRequest, opened: Opened, filling: TrialFilling) -> HttpResponse | Refused:
    here = filling.before
    match request.POST.get("was"):
        case "neu":
            begin_trial(opened.design, person(request), day=filling.trial.day)
            return HttpResponseRedirect(here)
        case "tag":
            _take_day(request, filling)
            return HttpResponseRedirect(here)
        case "beispiel":
            return _save_example(request, opened, filling)
    raise Http404


def _save_example(request: HttpRequest, opened: Opened, filling: TrialFilling) -> HttpResponse | Refused:
    title = request.POST.get("titel", "").strip()
    if not title:
        return Refused(_("Geben Sie dem Beispiel einen Namen, an dem alle erkennen, worum es geht."))
    if len(title) > TITLE_LENGTH:
        return Refused(_("Kürzen Sie den Namen auf höchstens %(limit)d Zeichen.") % {"limit": TITLE_LENGTH})
    if outcomes.runnable(filling.package) is None:
        return Refused(
            _("Beheben Sie zuerst die Fehler im Ablauf: Bis dahin hat das Beispiel kein Ergebnis.")
        )
    text = example_of(filling.package, filling.trial, filling.context, title=title)
    return save(request, opened, [SetExample(file_name(opened.files, title), text)], back=filling.before)


@require_GET
@of_design
def trial_letter(request: HttpRequest, opened: Opened, template: str) -> HttpResponse:
    """`probe/brief/<template>/`: a letter with the tried answers, marked as a draft; nothing is stored."""
    try:
        filling = filling_of(opened, person(request))
    except PackageError:
        raise Http404 from None
    done = outcomes.send(filling.package, filling.trial.answers, filling.context, filling.language)
    try:
        title, pdf = outcomes.letter(opened, filling, done, template, signer=str(person(request)))
    except LookupError:
        raise Http404 from None
    except (letters.LetterError, letters.ContentError, letters.RemedyError) as error:
        text = _("Das Schreiben lässt sich so noch nicht zeigen: %(error)s") % {"error": error}
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    return inline_pdf(pdf, f"{_('Entwurf')} {title}")


urls = [
    path("entwurf/<int:design>/probe/", trial, name="trial"),
    path("entwurf/<int:design>/probe/pruefen/", trial_review, name="trial_review"),
    path("entwurf/<int:design>/probe/seite/<str:page>/", trial_page, name="trial_page"),
    path("entwurf/<int:design>/probe/brief/<slug:template>/", trial_letter, name="trial_letter"),
]
