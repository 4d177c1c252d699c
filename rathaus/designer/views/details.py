"""What the law and the office need to know of a service: fee, deadlines, remedy, retention, sign-in, office."""

from __future__ import annotations

import tomllib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rathaus.catalogue.info import LOGIN_LEVELS
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save, together
from rathaus.designer.lettering import sendings
from rathaus.designer.opened import Opened
from rathaus.designer.remedies import KINDS, RemedyForm
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.trial_filling import package_or_none
from rathaus.editing import Edit, SetServiceValue
from rathaus.towns.context import current_town
from rathaus.towns.models import Office

_TEXTS = ("office", "login_level", "fee.setting", "fee.legal_basis")
_NUMBERS = ("retention_years", "draft_retention_days")
_DEADLINE = ("id", "days", "kind", "from", "legal_basis")

LEVELS = {
    "none": gettext_lazy("ohne Anmeldung"),
    "basic": gettext_lazy("niedrig (Benutzername und Passwort)"),
    "substantial": gettext_lazy("substanziell (zum Beispiel ELSTER)"),
    "high": gettext_lazy("hoch (Online-Ausweis)"),
}


def _data(opened: Opened) -> dict[str, Any]:
    return tomllib.loads(opened.files["service.toml"].decode())


def _value(data: dict[str, Any], key: str) -> Any:
    found: Any = data
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


@require_http_methods(["GET", "POST"])
@of_design
def details(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`angaben/`: everything of it in one form, saved as one change."""
    land = current_town().land
    refused = None
    if request.method == "POST":
        outcome = _save(request, opened, land)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    data = _data(opened)
    remedy = RemedyForm.of(data.get("remedy", {}), land)
    deadlines = [*data.get("deadline", []), {}]
    return design_page(
        request,
        opened,
        "designer/details.html",
        {
            "given": {
                **{key: request.POST.get(key, _value(data, key) or "") for key in _TEXTS},
                **{key: request.POST.get(key, data.get(key, "")) for key in _NUMBERS},
            },
            "deadlines": [
                {key: request.POST.get(f"deadline.{number}.{key}", entry.get(key, "")) for key in _DEADLINE}
                for number, entry in enumerate(deadlines)
            ],
            "remedy": remedy.typed(request.POST),
            "remedy_kinds": KINDS,
            "letters": [(one.name, one.title) for one in sendings(opened, package_or_none(opened))],
            "offices": list(Office.objects.order_by("name").values_list("key", "name")),
            "levels": [(level, LEVELS[level]) for level in LOGIN_LEVELS],
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _save(request: HttpRequest, opened: Opened, land: str) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    data = _data(seen)
    edits: list[Edit] = []
    for key in _TEXTS:
        text = request.POST.get(key)
        if text is not None and text.strip() != str(_value(data, key) or ""):
            edits.append(SetServiceValue(key, text.strip() or None))
    for key in _NUMBERS:
        text = request.POST.get(key)
        if text is None or text.strip() == str(data.get(key, "")):
            continue
        if not _is_number(text):
            return Refused(_("Geben Sie die Aufbewahrung als ganze Zahl an, zum Beispiel 10."))
        edits.append(SetServiceValue(key, int(text)))
    deadlines = _deadlines(request, data.get("deadline", []))
    if isinstance(deadlines, Refused):
        return deadlines
    if deadlines != data.get("deadline", []):
        edits.append(SetServiceValue("deadline", deadlines or None))
    remedy = RemedyForm.of(data.get("remedy", {}), land)
    changes = remedy.typed(request.POST).edits(remedy)
    if isinstance(changes, Refused):
        return changes
    edits += changes
    if edits and (fault := fault_of(seen, together(edits))):
        return fault
    return save(request, opened, edits, back=reverse("designer:details", args=[opened.design.pk]))


def _deadlines(request: HttpRequest, old: list[dict[str, Any]]) -> list[dict[str, Any]] | Refused:
    """The deadlines as the form says; one without a name is left out, what the form does not show stays."""
    if "deadline.0.id" not in request.POST:
        return old
    found: list[dict[str, Any]] = []
    for number in range(len(old) + 1):
        entry = dict(old[number]) if number < len(old) else {}
        typed = {key: request.POST.get(f"deadline.{number}.{key}", "").strip() for key in _DEADLINE}
        if not typed["id"]:
            if number == len(old) and (typed["days"] or typed["legal_basis"]):
                return Refused(_("Geben Sie der neuen Frist einen Namen, oder leeren Sie ihre Felder."))
            continue
        if any(typed["id"] == other["id"] for other in found):
            return Refused(
                _("Zwei Fristen heißen „%(name)s“. Geben Sie jeder einen eigenen Namen.")
                % {"name": typed["id"]}
            )
        if not _is_number(typed["days"]) or not int(typed["days"]) or not typed["legal_basis"]:
            return Refused(_("Jede Frist braucht eine Zahl von Tagen und eine Rechtsgrundlage."))
        entry |= {"id": typed["id"], "days": int(typed["days"]), "legal_basis": typed["legal_basis"]}
        for key, usual in (("kind", "calendar"), ("from", "received")):
            if key in entry or typed[key] not in ("", usual):
                entry[key] = typed[key] or usual
        found.append(entry)
    return found


def _is_number(text: str) -> bool:
    return text.strip().isdecimal() and len(text.strip()) < 6


urls = [path("entwurf/<int:design>/angaben/", details, name="details")]
