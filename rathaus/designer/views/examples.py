"""The examples of a service: all of them run, one looked at, taken on, renamed, removed, or tried further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rathaus.catalogue.package import Package, PackageError
from rathaus.design.service import begin_trial
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, save
from rathaus.designer.examples import Tried, tried, tried_one, with_outcome, with_title
from rathaus.designer.opened import Opened
from rathaus.designer.outcomes import consequence
from rathaus.designer.shell import design_page
from rathaus.designer.trial_filling import package_of
from rathaus.editing import RemoveExample, RenewExamples, SetExample
from rathaus.forms.review import ReviewSection
from rathaus.office.access import person
from rathaus.portal.languages import CONTENT_LANGUAGES
from rathaus.towns.demo import example_context

TITLE_LENGTH = 200


@require_GET
@of_design
def examples(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`beispiele/`: every example with what comes out of it now, those that differ first."""
    try:
        found = tried(opened, package_of(opened))
    except PackageError as error:
        faults = [problem for problem in error.problems if problem.level != "warning"]
        return design_page(request, opened, "designer/examples.html", {"faults": faults})
    return design_page(
        request,
        opened,
        "designer/examples.html",
        {
            "faults": [],
            "differing": [one for one in found if not one.as_expected],
            "expected": [one for one in found if one.as_expected],
        },
    )


@require_http_methods(["GET", "POST"])
@of_design
def example(request: HttpRequest, opened: Opened, name: str) -> HttpResponse:
    """`beispiele/<name>/`: one example: its answers, what comes out of them, and what it expects."""
    try:
        package = package_of(opened)
    except PackageError:
        return HttpResponseRedirect(reverse("designer:examples", args=[opened.design.pk]))
    one = tried_one(opened, package, name)
    if one is None:
        raise Http404
    refused = None
    if request.method == "POST":
        outcome = _act(request, opened, package, one)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    return design_page(
        request,
        opened,
        "designer/example.html",
        {
            "one": one,
            "review": _review(package, one),
            "outcome": consequence(package, one.done, _day(one)) if one.done else None,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _act(request: HttpRequest, opened: Opened, package: Package, one: Tried) -> HttpResponse | Refused:
    here = reverse("designer:example", args=[opened.design.pk, one.name])
    match request.POST.get("was"):
        case "uebernehmen":
            if one.done is None:
                return Refused(one.fault)
            return save(request, opened, [SetExample(one.name, with_outcome(package, one))], back=here)
        case "erneuern":
            return save(request, opened, [RenewExamples()], back=here)
        case "umbenennen":
            title = request.POST.get("titel", "").strip()
            if not title or len(title) > TITLE_LENGTH:
                return Refused(
                    _("Geben Sie dem Beispiel einen Namen mit höchstens %(limit)d Zeichen.")
                    % {"limit": TITLE_LENGTH}
                )
            edits = (
                [SetExample(one.name, with_title(package, one, title))] if title != one.example.title else []
            )
            return save(request, opened, edits, back=here)
        case "entfernen":
            back = reverse("designer:examples", args=[opened.design.pk])
            return save(request, opened, [RemoveExample(one.name)], back=back)
        case "ausprobieren":
            language = str(one.example.data.get("language", "de"))
            begin_trial(
                opened.design,
                person(request),
                answers=one.example.data.get("answers"),
                day=_day(one),
                language=language if language in CONTENT_LANGUAGES else "de",
            )
            return HttpResponseRedirect(reverse("designer:trial", args=[opened.design.pk]))
    raise Http404


def _review(package: Package, one: Tried) -> Sequence[ReviewSection]:
    """The answers as people read them; nothing if the example cannot be run."""
    if one.done is None:
        return ()
    given = one.example.data
    context = example_context(_day(one), given.get("town_settings", {}), given.get("town", {}))
    language = "en" if (get_language() or "").startswith("en") else "de"
    return package.form.evaluate(given["answers"], language=language, **context).review


def _day(one: Tried) -> date:
    return date.fromisoformat(one.day)


urls = [
    path("entwurf/<int:design>/beispiele/", examples, name="examples"),
    path("entwurf/<int:design>/beispiele/<str:name>/", example, name="example"),
]
