"""A newer version of another town's service: what it brings, where both changed the same, and taking it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import unpack
from rathaus.catalogue.service import live
from rathaus.design.models import Design, Revision
from rathaus.design.service import files_of, start_from_service
from rathaus.designer.access import designer_required, of_design
from rathaus.designer.changing import SEEN
from rathaus.designer.differing import grouped
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.designer.updating import (
    SIDES,
    UpdateForm,
    coming,
    conflicts_in,
    new_needs,
    staying,
    still_meant,
    told_choices,
)
from rathaus.designer.wording import words_text
from rathaus.editing import EditError, Files
from rathaus.office.access import person
from rathaus.sharing.service import (
    Adopted,
    ParcelError,
    Trust,
    Update,
    adopted_in,
    held,
    prepare,
    trust_in,
    update,
)

_VERSION = "fassung"  # of the origin, as it was shown
Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What is updated: a design that people work on, or the version that is live, with which a new design begins."""

    adopted: Adopted
    number: int  # of the newest revision, or of the version
    files: Files
    files_at: Callable[[int], Files]  # as an earlier number; raises `LookupError`
    design: Callable[[str], Opened]  # which takes the update; is given the reason


@require_http_methods(["GET", "POST"])
@of_design
def update_design(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`entwurf/<design>/aktualisieren/`: merge a newer version of the origin into a design."""
    adopted = adopted_in(opened.design)
    if adopted is None:
        raise Http404

    def files_at(number: int) -> Files:
        try:
            return files_of(opened.design, number)
        except Revision.DoesNotExist as error:
            raise LookupError from error

    target = Target(adopted, opened.revision.number, opened.files, files_at, lambda _reason: opened)
    found = _updating(request, target)
    if isinstance(found, HttpResponse):
        return found
    status, context = found
    return design_page(request, opened, "designer/update.html", {**context, "designs": []}, status=status)


@require_http_methods(["GET", "POST"])
@designer_required
def update_live(request: HttpRequest, key: str) -> HttpResponse:
    """`leistung/<key>/aktualisieren/`: begin a design with what is live and a newer version of its origin."""
    version = live(key)
    adopted = held(versions=[version]).versions.get(version.pk) if version else None
    if version is None or adopted is None:
        raise Http404

    def files_at(number: int) -> Files:
        found = ServiceVersion.objects.filter(key=key, number=number).first()
        if found is None:
            raise LookupError
        return unpack(bytes(found.package))

    target = Target(
        adopted,
        version.number,
        files_at(version.number),
        files_at,
        lambda reason: Opened.of(start_from_service(version, by=person(request), reason=reason)),
    )
    found = _updating(request, target)
    if isinstance(found, HttpResponse):
        return found
    status, context = found
    designs = list(Design.objects.filter(key=key, closed_at=None).order_by("-changed_at"))
    in_designs = held(designs).designs
    context |= {
        "opened": None,
        "key": key,
        "title": version.title["de"],
        "designs": [(design, in_designs[design.pk]) for design in designs if design.pk in in_designs],
    }
    return render(request, "designer/update_live.html", context, status=status)


def _updating(request: HttpRequest, target: Target) -> HttpResponse | tuple[int, Context]:
    """The answer to a finished update, else what the page shows and its status."""
    data = target.adopted.newer_file()
    if data is None:
        return 200, {"adopted": target.adopted, "update": None, "form": None, "refused": ""}
    prepared = prepare(target.adopted.last, target.files, data)
    parcel = prepared.parcel
    refused = ""
    try:
        trust = trust_in(parcel)
    except ParcelError as error:
        trust, refused = Trust.CHANGED, words_text(error.words)
    typed: dict[str, Any] | None = None
    if request.method == "POST":
        typed = request.POST.dict()
        if typed.get(_VERSION) != str(parcel.version):
            refused = refused or _("Inzwischen gibt es Version %(number)s. Sehen Sie an, was sie ändert.") % {
                "number": parcel.version
            }
        typed = _as_meant(typed, target, prepared, data)
    conflicts = conflicts_in(prepared, typed or {})
    form = UpdateForm(
        typed,
        update=prepared,
        conflicts=conflicts,
        ask_for_seal=not trust.is_certain,
        initial={
            "reason": _("Version %(number)s von %(town)s übernehmen")
            % {"number": parcel.version, "town": parcel.town_name}
        },
    )
    if typed is not None and not refused and form.is_valid():
        try:
            return _made(request, target, form, data, is_certain=trust.is_certain)
        except EditError as error:
            refused = words_text(error.words)
    return 422 if refused or form.errors else 200, {
        "adopted": target.adopted,
        "update": prepared,
        "form": form,
        "number": target.number,
        "trust": trust.value,
        "refused": refused,
        "sides": SIDES,
        "choices": [(one, form[one.field]) for one in told_choices(prepared, conflicts)],
        "coming": grouped(None, coming(prepared)),
        "staying": grouped(None, staying(prepared, conflicts)),
        **new_needs(prepared),
    }


def _as_meant(typed: dict[str, Any], target: Target, now: Update, data: bytes) -> dict[str, Any]:
    """What was typed, without choices between sides that have changed since they were shown."""
    text = typed.get(SEEN, "")
    if text == str(target.number):
        return typed
    try:
        seen = target.files_at(int(text) if text.isdecimal() and len(text) < 9 else 0)
    except LookupError:
        seen = {}
    return still_meant(typed, prepare(target.adopted.last, seen, data), now)


def _made(
    request: HttpRequest, target: Target, form: UpdateForm, data: bytes, *, is_certain: bool
) -> HttpResponse:
    """Take the update over. Raises `EditError`."""
    reason = form.cleaned_data["reason"]
    with transaction.atomic():
        opened = target.design(reason)
        outcome = update(
            opened.design,
            data,
            by=person(request),
            reason=reason,
            choices=form.choices,
            lanes=form.office_of_lane,
            seen=opened.revision.number,
            confirm_key=not is_certain,
        )
        # Whatever is left to choose was asked before.
        assert not outcome.conflicts, outcome.conflicts  # noqa: S101
    messages.success(
        request, _("Aktualisiert. Veröffentlicht wird erst, wenn Sie es tun: Probieren Sie den Entwurf aus.")
    )
    return HttpResponseRedirect(reverse("designer:overview", args=[opened.design.pk]))


urls = [
    path("entwurf/<int:design>/aktualisieren/", update_design, name="update"),
    path("leistung/<slug:key>/aktualisieren/", update_live, name="update_live"),
]
