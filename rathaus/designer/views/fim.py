"""A new release of the FIM schema: brought as a file, its changes read in plain words, then taken in as one change."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.catalogue.packing import MAXIMUM_BYTES
from rathaus.design.models import Release
from rathaus.design.service import bring_release, discard_release, release_of
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, save
from rathaus.designer.opened import Opened
from rathaus.designer.releasing import FAULTS, keep_update, look_at, refusal, update_of
from rathaus.designer.shell import design_page
from rathaus.designer.uploads import read_all
from rathaus.drafting.own import is_own
from rathaus.editing import ChangeFiles, Words
from rathaus.editing.words import gettext_noop
from rathaus.forms.tree import SCHEMA_FILE
from rathaus.merging import Side
from rathaus.office.access import person
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema
from rathaus.updating import OtherSchemaError

_FILE, _LISTS, _OTHER, _DISCARD, _CHOICE = "datei", "codelisten", "anderes", "verwerfen", "wahl."


@require_http_methods(["GET", "POST"])
@of_design
def fim(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`fim/`: bring a file; then what it changes, what is lost, what to choose, and taking it in."""
    release = release_of(opened.design)
    refused: Refused | None = None
    other: OtherSchemaError | None = None
    if request.method == "POST":
        if _DISCARD in request.POST:
            discard_release(opened.design)
            messages.success(request, _("Die Datei ist verworfen. Am Entwurf hat sich nichts geändert."))
            return HttpResponseRedirect(_address(opened))
        try:
            outcome = _take_in(request, opened, release) if release else _bring(request, opened)
        except OtherSchemaError as error:
            other, outcome = error, Refused(_other_schema(error))
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    look = look_at(opened, release) if release else None
    if isinstance(look, Refused):
        refused, look = look, None
    return design_page(
        request,
        opened,
        "designer/fim.html",
        {
            "stand": _stand(opened),
            "release": release,
            "look": look,
            "chosen": _choices(request),
            "other": other,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused and request.method == "POST" else 200,
    )


def _address(opened: Opened) -> str:
    return reverse("designer:fim", args=[opened.design.pk])


def _stand(opened: Opened) -> str:
    """Id and version of the schema; empty if it is none of FIM's."""
    try:
        schema = read_schema(opened.files.get(SCHEMA_FILE, b""))
    except XdfError:
        return ""
    return "" if is_own(schema.id) else f"{schema.id} {schema.version or ''}".strip()


def _bring(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    uploaded = request.FILES.get(_FILE)
    if uploaded is None:
        return Refused(_("Wählen Sie die Datei der neuen Fassung."))
    if (uploaded.size or 0) > MAXIMUM_BYTES:
        return Refused(
            _("Die Datei ist größer als %(size)d MB. Wählen Sie eine kleinere.")
            % {"size": MAXIMUM_BYTES // 1_000_000}
        )
    lists = read_all(request.FILES.getlist(_LISTS))
    if isinstance(lists, Refused):
        return lists
    try:
        release, update = bring_release(
            opened.design,
            uploaded.read(),
            name=str(uploaded.name),
            by=person(request),
            code_lists=lists,
            other_schema=_OTHER in request.POST,
        )
    except FAULTS as error:
        return Refused(refusal(error))
    keep_update(opened, release, update)
    return HttpResponseRedirect(_address(opened))


def _other_schema(error: OtherSchemaError) -> str:
    return _(
        "Die Datei ist das Datenschema %(given)s. Diese Leistung ist aus %(known)s entstanden. Prüfen Sie, ob Sie die "
        "richtige Datei gewählt haben."
    ) % {"given": error.given, "known": error.known}


def _choices(request: HttpRequest) -> dict[str, Side]:
    """Place of a conflict → the side that was chosen."""
    sides: dict[str, Side] = {"ours": "ours", "theirs": "theirs"}
    return {
        name.removeprefix(_CHOICE): sides[value]
        for name, value in request.POST.items()
        if name.startswith(_CHOICE) and value in sides
    }


def _take_in(request: HttpRequest, opened: Opened, release: Release) -> HttpResponse | Refused:
    try:
        found = update_of(opened, release, _choices(request))
    except FAULTS as error:
        return Refused(refusal(error))
    if found.conflicts:
        return Refused(
            _("Wählen Sie bei jeder Stelle, die Sie und FIM geändert haben, welcher Text gelten soll.")
        )
    words = Words(gettext_noop("Neue Fassung von FIM übernommen: %(stand)s"), {"stand": found.after})
    edit = ChangeFiles.between(opened.files, found.files, words)
    outcome = save(
        request,
        opened,
        [edit] if edit.files else [],
        back=reverse("designer:overview", args=[opened.design.pk]),
    )
    if not isinstance(outcome, Refused) and outcome.status_code == 302:
        discard_release(opened.design)
    return outcome


urls = [path("entwurf/<int:design>/fim/", fim, name="fim")]
