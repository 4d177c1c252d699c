"""A design at a glance: what is still open, who works on it, what came last."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rathaus.design.service import authors_of, close, history
from rathaus.designer.access import of_design
from rathaus.designer.changing import REASON
from rathaus.designer.checking import problems_of
from rathaus.designer.opened import Opened
from rathaus.designer.report import Report
from rathaus.designer.shell import design_page
from rathaus.designer.wording import language_name, revision_words
from rathaus.drafting import rulebook
from rathaus.editing import stale_translations
from rathaus.office.access import person
from rathaus.sharing.service import adopted_in

_LATEST = 5


@require_GET
@of_design
def overview(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`entwurf/<design>/`: what is still open before the service can go out."""
    problems = problems_of(opened)
    stale = Counter(one.language for one in stale_translations(opened.files))
    rules_fault = ""
    try:
        open_rules = [rule for rule in rulebook.read(opened.files) if rule.status == "open"]
    except rulebook.RulebookError as error:
        open_rules, rules_fault = [], str(error)
    return design_page(
        request,
        opened,
        "designer/overview.html",
        {
            "adopted": adopted_in(opened.design),
            "faults": [problem for problem in problems if problem.level != "warning"],
            "report": Report(opened),
            "stale": [(language_name(language), count) for language, count in sorted(stale.items())],
            "open_rules": open_rules,
            "rules_fault": rules_fault,
            "latest": [(row, revision_words(opened, row)) for row in history(opened.design)[:_LATEST]],
            "authors": authors_of(opened.design),
        },
    )


@require_POST
@of_design
def put_away(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`entwurf/<design>/ablegen/`: work on it no longer; nothing of it is deleted."""
    reason = request.POST.get(REASON, "").strip()
    if not reason:
        messages.error(request, _("Schreiben Sie in einem Satz, warum Sie den Entwurf ablegen."))
        return HttpResponseRedirect(reverse("designer:overview", args=[opened.design.pk]) + "#ablegen")
    close(opened.design, by=person(request), reason=reason)
    messages.success(request, _("Der Entwurf „%(title)s“ ist abgelegt.") % {"title": opened.design.title})
    return HttpResponseRedirect(reverse("designer:services"))


urls = [
    path("entwurf/<int:design>/", overview, name="overview"),
    path("entwurf/<int:design>/ablegen/", put_away, name="put_away"),
]
