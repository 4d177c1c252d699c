"""Adopting a service of another town: look at it, give every place an office, begin the design."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.catalogue.service import live, live_services
from rathaus.designer.access import designer_required
from rathaus.designer.adopting import OFFICE, AdoptForm, UploadForm, needed_settings
from rathaus.designer.wording import words_text
from rathaus.editing import EditError
from rathaus.office.access import person
from rathaus.sharing.contents import Contents
from rathaus.sharing.service import (
    Parcel,
    ParcelError,
    Trust,
    adopt,
    adopted,
    deadlines_of,
    discard,
    fetch,
    held,
    inspect,
    lacks_remedy,
    office_of,
    receive,
    received_with,
    trust_in,
)
from rathaus.towns.context import current_town

_DISCARD = "verwerfen"


@require_http_methods(["GET", "POST"])
@designer_required
def adopt_offer(request: HttpRequest, origin: str, key: str) -> HttpResponse:
    """`katalog/stadt/<town>/<service>/`: what another town of this installation offers."""
    data = fetch(origin, key)
    if data is None:
        raise Http404
    return _adopting(request, data)


@require_http_methods(["GET", "POST"])
@designer_required
def upload(request: HttpRequest) -> HttpResponse:
    """`katalog/datei/`: a signed file from another installation."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = receive(form.cleaned_data["file"].read(), by=person(request))
            return HttpResponseRedirect(reverse("designer:adopt_received", args=[row.pk]))
        except ParcelError as error:
            form.add_error("file", words_text(error.words))
    return render(request, "designer/adopt_upload.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@designer_required
def adopt_received(request: HttpRequest, received: int) -> HttpResponse:
    """`katalog/datei/<file>/`: what an uploaded file holds and who sealed it; it can be discarded."""
    row = received_with(received)
    if row is None:
        raise Http404
    if request.method == "POST" and _DISCARD in request.POST:
        discard(row)
        messages.success(request, _("Die Datei ist verworfen."))
        return HttpResponseRedirect(reverse("designer:catalogue"))
    return _adopting(request, bytes(row.data), is_file=True)


def _adopting(request: HttpRequest, data: bytes, *, is_file: bool = False) -> HttpResponse:
    parcel = inspect(data)
    refused = ""
    try:
        trust = trust_in(parcel)
    except ParcelError as error:
        trust, refused = Trust.CHANGED, words_text(error.words)
    form = AdoptForm(
        request.POST if request.method == "POST" else None,
        files=parcel.files,
        ask_for_seal=not trust.is_certain,
        initial={
            "key": request.GET.get("schluessel") or parcel.key,
            "reason": request.GET.get("grund") or _("Von %(town)s übernommen") % {"town": parcel.town_name},
        },
    )
    if request.method == "POST" and not refused and form.is_valid():
        try:
            design = adopt(
                data,
                {office_of(parcel.files): form.office},
                lanes=form.office_of_lane,
                key=form.cleaned_data["key"],
                by=person(request),
                reason=form.cleaned_data["reason"],
                confirm_key=not trust.is_certain,
            )
        except EditError as error:
            form.add_error("key", words_text(error.words))
        else:
            messages.success(
                request, _("Übernommen. Veröffentlicht wird erst, wenn Sie es tun: Sehen Sie den Entwurf an.")
            )
            return HttpResponseRedirect(reverse("designer:overview", args=[design.pk]))
    return render(
        request,
        "designer/adopt.html",
        {
            **_described(parcel),
            "form": form,
            "trust": trust.value,
            "refused": refused,
            "is_file": is_file,
            "office_name": OFFICE,
            "to_update": _to_update(parcel),
            "here": live(str(form["key"].value() or "")),
        },
        status=422 if refused or form.errors else 200,
    )


def _to_update(parcel: Parcel) -> list[tuple[str, str]]:
    """What the town holds of this service already and can update: address of the page, and what it is."""
    versions = [version for service in live_services() if (version := live(service.key))]
    of_versions = held(versions=versions).versions
    found = [
        (
            one,
            reverse("designer:update", args=[one.last.design_id]),
            _("den Entwurf „%(title)s“") % {"title": one.last.design.title},
        )
        for one in adopted()
    ]
    found += [
        (
            of_versions[version.pk],
            reverse("designer:update_live", args=[version.key]),
            _("„%(title)s“, wie es live ist") % {"title": version.title["de"]},
        )
        for version in versions
        if version.pk in of_versions
    ]
    return [
        (address, what)
        for one, address, what in found
        if one.newer and (one.last.origin, one.last.origin_key) == (parcel.town, parcel.key)
    ]


def _described(parcel: Parcel) -> dict[str, object]:
    land = current_town().land
    return {
        "parcel": parcel,
        "contents_of": Contents.of(parcel.files),
        "needs": needed_settings(parcel.files),
        "deadlines": deadlines_of(parcel.files),
        "lacks_remedy": lacks_remedy(parcel.files, land),
    }


urls = [
    path("katalog/datei/", upload, name="adopt_upload"),
    path("katalog/datei/<int:received>/", adopt_received, name="adopt_received"),
    path("katalog/stadt/<slug:origin>/<slug:key>/", adopt_offer, name="adopt_offer"),
]
