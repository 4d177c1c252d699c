"""The versions of one service: what was live when and why, going back to one, and offering the service no longer."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import PackageError
from rathaus.catalogue.packing import unpack
from rathaus.catalogue.service import live, retirement_of, versions_of
from rathaus.design.models import Design, Publication
from rathaus.design.service import (
    AlreadyLiveError,
    ReasonMissingError,
    UnknownVersionError,
    cancel_scheduled,
    publications,
    retire,
    roll_back,
)
from rathaus.designer.access import designer_required
from rathaus.designer.changing import REASON
from rathaus.designer.differing import grouped
from rathaus.designer.updating import waiting_update
from rathaus.designer.wording import LANGUAGES, language_name, words_text
from rathaus.editing import EditError, Files
from rathaus.editing.differences import differences
from rathaus.office.access import person
from rathaus.sharing.service import held

_TEXT = "text"
_ADDRESS = "adresse"


@dataclass(frozen=True, slots=True)
class Row:
    """One version. `state`: live, planned, cancelled, or past."""

    version: ServiceVersion
    state: str
    publication: Publication | None  # None: published by the command line


def _rows(key: str) -> list[Row]:
    """Every version, the newest first."""
    now = timezone.now()
    current = live(key)
    by_version = {one.version_id: one for one in publications(key).select_related("revision__design")}

    def state(version: ServiceVersion) -> str:
        if current is not None and version.pk == current.pk:
            return "live"
        if version.retired_at is not None and version.retired_at < version.live_from:
            return "cancelled"
        return "planned" if version.live_from > now else "past"

    return [Row(version, state(version), by_version.get(version.pk)) for version in versions_of(key)]


def _files_of(version: ServiceVersion) -> Files:
    return unpack(bytes(ServiceVersion.objects.only("package").get(pk=version.pk).package))


@require_http_methods(["GET", "POST"])
@designer_required
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """`leistung/<key>/`: every version with its reason, and offering the service no longer."""
    rows = _rows(key)
    designs = list(Design.objects.filter(key=key, closed_at=None).order_by("-changed_at"))
    if not rows and not designs:
        raise Http404
    current = live(key)
    holding = held(designs, [current] if current else [])
    adopted = waiting_update(holding.versions.get(current.pk) if current else None, designs, holding)
    refused = ""
    if request.method == "POST":
        refused = _retire(request, key)
        if not refused:
            return HttpResponseRedirect(reverse("designer:versions", args=[key]))
    return render(
        request,
        "designer/versions.html",
        {
            "key": key,
            "title": rows[0].version.title["de"] if rows else designs[0].title,
            "rows": rows,
            "designs": designs,
            "live": current,
            "adopted": adopted,
            "can_retire": any(row.state in ("live", "planned") for row in rows),
            "retirement": retirement_of(key),
            "texts": [
                (language, language_name(language), request.POST.get(f"{_TEXT}.{language}", ""))
                for language in LANGUAGES
            ],
            "typed": request.POST,
            "refused": refused,
        },
        status=422 if refused else 200,
    )


def _retire(request: HttpRequest, key: str) -> str:
    """Offer the service no longer; why not, if it was refused."""
    texts = {language: request.POST.get(f"{_TEXT}.{language}", "") for language in LANGUAGES}
    try:
        retire(
            key,
            texts,
            by=person(request),
            reason=request.POST.get(REASON, ""),
            address=request.POST.get(_ADDRESS, "").strip(),
        )
    except ReasonMissingError:
        return _("Schreiben Sie in einem Satz, warum Sie die Leistung nicht mehr anbieten.")
    except EditError as error:
        return words_text(error.words)
    except UnknownVersionError:
        return _("Diese Leistung wird zurzeit nicht angeboten.")
    messages.success(
        request, _("Die Leistung wird nicht mehr angeboten. Ihre Seite zeigt, wohin man sich wendet.")
    )
    return ""


@require_http_methods(["GET", "POST"])
@designer_required
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """`leistung/<key>/<number>/`: how a version differs from what is live; going back to it, or cancelling its plan."""
    row = next((row for row in _rows(key) if row.version.number == number), None)
    if row is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        refused = _cancel(request, row) if row.state == "planned" else _roll_back(request, row)
        if not refused:
            return HttpResponseRedirect(reverse("designer:versions", args=[key]))
    current = live(key)
    compared = current is not None and row.state != "live"
    return render(
        request,
        "designer/version.html",
        {
            "key": key,
            "title": row.version.title["de"],
            "row": row,
            "live": current,
            "groups": grouped(None, differences(_files_of(current), _files_of(row.version)))
            if current is not None and compared
            else [],
            "typed": request.POST,
            "refused": refused,
        },
        status=422 if refused else 200,
    )


def _roll_back(request: HttpRequest, row: Row) -> str:
    key = row.version.key
    try:
        new = roll_back(key, row.version.number, by=person(request), reason=request.POST.get(REASON, ""))
    except ReasonMissingError:
        return _("Schreiben Sie in einem Satz, warum Sie zu dieser Version zurückkehren.")
    except AlreadyLiveError:
        return _("Genau dieser Inhalt ist schon live.")
    except UnknownVersionError:
        return _("Diese Version war nie live. Veröffentlichen Sie sie aus ihrem Entwurf.")
    except PackageError as error:
        return _("Diese Version passt nicht mehr: %(faults)s") % {
            "faults": " ".join(problem.message for problem in error.problems)
        }
    messages.success(
        request,
        _("Version %(old)s ist wieder live, als Version %(number)s.")
        % {"old": row.version.number, "number": new.number},
    )
    return ""


def _cancel(request: HttpRequest, row: Row) -> str:
    try:
        cancel_scheduled(row.version, by=person(request), reason=request.POST.get(REASON, ""))
    except ReasonMissingError:
        return _("Schreiben Sie in einem Satz, warum die Version nicht live gehen soll.")
    except UnknownVersionError:
        return _("Diese Version ist inzwischen live oder schon abgesagt.")
    messages.success(request, _("Version %(number)s geht nicht live.") % {"number": row.version.number})
    return ""


urls = [
    path("leistung/<slug:key>/", versions, name="versions"),
    path("leistung/<slug:key>/<int:number>/", version, name="version"),
]
