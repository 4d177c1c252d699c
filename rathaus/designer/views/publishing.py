"""Publishing a design: everything that speaks against it, then now or from a moment on, with a reason."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.applications.service import Outlook, outlook
from rathaus.catalogue.package import PackageError
from rathaus.catalogue.service import package_with
from rathaus.design.service import AlreadyLiveError, ReasonMissingError, is_stale, last_replay, publish
from rathaus.designer.access import of_design
from rathaus.designer.changing import REASON, Refused, seen_revision
from rathaus.designer.checking import problems_of
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.designer.views.replay import summary_of
from rathaus.designer.wording import words_text
from rathaus.editing import EditError
from rathaus.office.access import person


@require_http_methods(["GET", "POST"])
@of_design
def publishing(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`veroeffentlichen/`: the last look, and the act."""
    refused = None
    if request.method == "POST":
        outcome = _publish(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    problems = problems_of(opened)
    compared = last_replay(opened.design)
    return design_page(
        request,
        opened,
        "designer/publishing.html",
        {
            "faults": [problem for problem in problems if problem.level != "warning"],
            "outlook": _outlook(opened),
            "warnings": [problem for problem in problems if problem.level == "warning"],
            "replay": compared,
            "replay_stale": compared is not None and is_stale(compared),
            "summary": summary_of(compared) if compared else None,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _outlook(opened: Opened) -> Outlook | None:
    """What becomes of applications that are being filled in; None while the package cannot be used at all."""
    try:
        package = package_with(opened.revision.content_hash, lambda: opened.files)
    except PackageError:
        return None
    return outlook(opened.design.key, package)


def _publish(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    live_from = None
    if request.POST.get("wann") == "spaeter":
        given = f"{request.POST.get('tag', '').strip()}T{request.POST.get('uhrzeit', '').strip() or '00:00'}"
        try:
            live_from = timezone.make_aware(datetime.fromisoformat(given))
        except ValueError:
            return Refused(_("Geben Sie Tag und Uhrzeit an, zum Beispiel 03.04.2027 und 08:00."))
    try:
        version = publish(
            opened.design,
            by=person(request),
            reason=request.POST.get(REASON, ""),
            live_from=live_from,
            revision=seen_revision(request, opened),
        )
    except ReasonMissingError:
        return Refused(_("Schreiben Sie in einem Satz, warum Sie veröffentlichen."))
    except AlreadyLiveError:
        return Refused(_("Genau dieser Inhalt ist schon live. Es gibt nichts zu veröffentlichen."))
    except PackageError:
        return Refused(
            _("Noch lässt sich die Leistung nicht veröffentlichen. Beheben Sie zuerst die Punkte unten.")
        )
    except EditError as error:
        return Refused(words_text(error.words))
    if live_from is None:
        text = _("Version %(number)s ist live.") % {"number": version.number}
    else:
        values = {
            "number": version.number,
            "moment": date_format(timezone.localtime(live_from), "j. F Y, H:i"),
        }
        text = _("Version %(number)s ist live ab %(moment)s.") % values
    messages.success(request, text)
    return HttpResponseRedirect(reverse("designer:overview", args=[opened.design.pk]))


urls = [path("entwurf/<int:design>/veroeffentlichen/", publishing, name="publishing")]
