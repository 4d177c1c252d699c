"""Every change of a design, taking one back, and what differs from what is live."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import unpack
from rathaus.catalogue.service import live
from rathaus.design.models import Publication, Revision
from rathaus.design.service import Conflict, undo
from rathaus.design.service import history as revisions_of
from rathaus.designer.access import of_design
from rathaus.designer.changing import REASON, Refused, both_sides, seen_revision
from rathaus.designer.differing import grouped
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.designer.wording import revision_words, words_text
from rathaus.editing import EditError, Files
from rathaus.editing.differences import differences as differences_between
from rathaus.office.access import person

_ON_A_PAGE = 50
_OVER = "ueber"


@require_http_methods(["GET", "POST"])
@of_design
def history(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`verlauf/`: who changed what, when and why."""
    refused = None
    if request.method == "POST":
        outcome = _undo(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    page = Paginator(revisions_of(opened.design), _ON_A_PAGE).get_page(request.GET.get("blatt"))
    return design_page(
        request,
        opened,
        "designer/history.html",
        {
            "page": page,
            "rows": [(row, revision_words(opened, row)) for row in page],
            "page_address": lambda number: f"?blatt={number}",
            "refused": refused.text if refused else "",
        },
        status=422 if refused else 200,
    )


def _undo(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    text = request.POST.get("zurueck", "")
    number = int(text) if text.isdecimal() and len(text) < 9 else 0
    back = reverse("designer:history", args=[opened.design.pk])
    try:
        outcome = undo(
            opened.design,
            number,
            base_revision=seen_revision(request, opened),
            by=person(request),
            reason=request.POST.get(REASON, "").strip() or _("Zurückgenommen"),
            over=_OVER in request.POST,
        )
    except Revision.DoesNotExist:
        raise Http404 from None
    except EditError as error:
        return Refused(words_text(error.words))
    if isinstance(outcome, Conflict):
        return both_sides(request, opened, outcome, back=back, extra=[(_OVER, "1")])
    messages.success(request, _("Stand %(number)s ist zurückgenommen.") % {"number": number})
    return HttpResponseRedirect(back)


@require_GET
@of_design
def differences(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`unterschiede/`: what is otherwise than in the version that is live, and every change since it."""
    version = live(opened.design.key)
    since = 1
    if version is not None:
        published = Publication.objects.filter(version=version, revision__design=opened.design).first()
        since = published.revision.number if published and published.revision else 1
    changes = [row for row in revisions_of(opened.design) if row.number > since]
    return design_page(
        request,
        opened,
        "designer/differences.html",
        {
            "version": version,
            "groups": grouped(opened, differences_between(_files_of(version), opened.files))
            if version
            else [],
            "rows": [(row, revision_words(opened, row)) for row in reversed(changes)],
        },
    )


def _files_of(version: ServiceVersion) -> Files:
    return unpack(bytes(ServiceVersion.objects.only("package").get(pk=version.pk).package))


urls = [
    path("entwurf/<int:design>/verlauf/", history, name="history"),
    path("entwurf/<int:design>/unterschiede/", differences, name="differences"),
]
