"""Conditions and checks of a form: all of them as sentences, and one of them in the guided builder."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save
from rathaus.designer.conditions import Conditions, Place, answered_by
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.sheet import ALWAYS, FORMULA, NONE, WHEN, Sheet
from rathaus.designer.shell import design_page
from rathaus.designer.texts import rows
from rathaus.designer.wording import LANGUAGES, field_label
from rathaus.editing import Edit, RemoveCheck, SetCheck
from rathaus.editing.form import questions_of

_MODES = {
    "show": (NONE, WHEN, FORMULA),
    "show_page": (NONE, WHEN, FORMULA),
    "require": (NONE, ALWAYS, WHEN, FORMULA),
}
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@require_GET
@of_design
def conditions(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`bedingungen/`: every condition and check as a sentence, with where it is."""
    if (chosen := Place.read(request.GET.get("stelle", ""))) is not None:
        return HttpResponseRedirect(_address(opened, chosen))
    known = Conditions(opened)
    return design_page(
        request,
        opened,
        "designer/conditions.html",
        {"listed": list(known.listed()), "checks": list(known.checks()), "open": known.open_places()},
    )


@require_http_methods(["GET", "POST"])
@of_design
def condition(request: HttpRequest, opened: Opened, place: str) -> HttpResponse:
    """`bedingungen/<place>/`: one condition, or one check, in rows, as a sentence, and as a rule."""
    found = _place(opened, place)
    refused, looked = None, False
    button = request.POST.get("tun", "")
    if request.method == "POST":
        if button in ("speichern", "entfernen"):
            outcome = _save(request, opened, found, button)
            if not isinstance(outcome, Refused):
                return outcome
            refused = outcome
        looked = button in ("speichern", "pruefen")
    sheets = [_pressed(sheet, button) for sheet in _sheets(request, Conditions(opened), found)]
    return design_page(
        request,
        opened,
        "designer/condition.html",
        {
            "spot": found,
            "sheets": [
                (sheet, sheet.items(faults=looked), sheet.error if looked else "") for sheet in sheets
            ],
            "pressed": button,
            "refused": refused.text if refused else "",
            "typed": request.POST,
            "title": Conditions(opened).title(found),
            **(_check_context(request, opened, found) if found.kind == "pruefung" else {}),
        },
        status=422 if refused else 200,
    )


@require_POST
@of_design
def check_condition(request: HttpRequest, opened: Opened, place: str) -> JsonResponse:
    """`bedingungen/<place>/pruefen/`: what is typed so far as sentence and rule, and what is wrong with it."""
    sheets = _sheets(request, Conditions(opened), _place(opened, place))
    return JsonResponse(
        {
            sheet.name: {"sentence": sheet.sentence, "rule": sheet.rule, "error": sheet.error}
            for sheet in sheets
        }
    )


def _place(opened: Opened, text: str) -> Place:
    found = Place.read(text)
    if found is None or not Conditions(opened).exists(found):
        raise Http404
    return found


def _address(opened: Opened, place: Place) -> str:
    return reverse("designer:condition", args=[opened.design.pk, str(place)])


def _sheets(request: HttpRequest, known: Conditions, place: Place) -> list[Sheet]:
    """The conditions of a place, with what was typed."""
    if place.kind != "pruefung":
        rule = known.rule(place)
        sheet = Sheet.of_rule("rule", place.frame, _MODES[place.frame], known.vocabulary(place), rule)
        return [sheet.typed(request.POST)]
    check = known.check(place.name)
    vocabulary = known.of_fields(_fields(request, check["fields"]))
    when = Sheet.of_rule("when", "when", (NONE, WHEN, FORMULA), vocabulary, check["when"]).typed(request.POST)
    answered = answered_by(when.condition)
    valid = Sheet.of_rule("valid", "valid", (WHEN, FORMULA), vocabulary, check["valid"], answered)
    return [valid.typed(request.POST), when]


def _pressed(sheet: Sheet, button: str) -> Sheet:
    name, _colon, act = button.partition(":")
    return sheet.pressed(act) if name == sheet.name else sheet


def _fields(request: HttpRequest, usual: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, request.POST.getlist("felder"))) if "felder" in request.POST else usual


def _check_context(request: HttpRequest, opened: Opened, place: Place) -> dict[str, Any]:
    known = Conditions(opened)
    check = known.check(place.name)
    chosen = _fields(request, check["fields"])
    asked = list(dict.fromkeys([*questions_of(opened.form), *chosen]))
    return {
        "name": request.POST.get("name", ""),
        "level": request.POST.get("stufe", check["level"]),
        "fields": [(path, field_label(opened, path), path in chosen) for path in asked],
        "messages": rows(
            request,
            opened,
            f"check:{place.name}/",
            ("message",),
            lambda one, _key, language: Conditions(one).message(place.name, language),
            {"message": 3},
        ),
    }


def _save(request: HttpRequest, opened: Opened, place: Place, button: str) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    known = Conditions(seen)
    back = reverse("designer:conditions", args=[opened.design.pk])
    if button == "entfernen":
        return save(request, opened, [RemoveCheck(place.name)], back=back)
    sheets = _sheets(request, known, place)
    if faulty := next((sheet.error for sheet in sheets if sheet.error), ""):
        return Refused(faulty)
    if place.kind == "pruefung":
        edit = _check_edit(request, known, place, *sheets)
        if isinstance(edit, Refused):
            return edit
    else:
        edit = place.edit(sheets[0].rule) if sheets[0].rule != known.rule(place) else None
    if edit is not None and (fault := fault_of(seen, edit)):
        return fault
    return save(request, opened, [edit] if edit else [], back=back)


def _check_edit(
    request: HttpRequest, known: Conditions, place: Place, valid: Sheet, when: Sheet
) -> Edit | Refused | None:
    name = place.name or _new_name(known, request.POST.get("name", ""))
    if not name:
        return Refused(_("Geben Sie der Prüfung einen kurzen Namen."))
    check = known.check(place.name)
    old = {language: known.message(place.name, language) for language in LANGUAGES}
    messages = {
        language: request.POST.get(f"message.{language}", old[language]).replace("\r\n", "\n").strip()
        for language in LANGUAGES
    }
    if not messages["de"]:
        return Refused(_("Schreiben Sie auf Deutsch, wie man den Fehler behebt: Das lesen Antragstellende."))
    level = request.POST.get("stufe", check["level"])
    fields = _fields(request, check["fields"])
    before = (check["valid"], check["when"], check["level"], check["fields"], old)
    confirmed = any(f"passt.message.{language}" in request.POST for language in LANGUAGES)
    if place.name and (valid.rule, when.rule, level, fields, messages) == before and not confirmed:
        return None
    given = {
        language: text
        for language, text in messages.items()
        if language == "de" or text != old[language] or f"passt.message.{language}" in request.POST
    }
    return SetCheck(name, valid.rule, given, fields, when.rule, level)


def _new_name(known: Conditions, typed: str) -> str:
    """An id for a new check, made of its name and unlike all others."""
    stem = "_".join(re.findall(r"[a-z0-9]+", typed.lower().translate(_FOLDED)))[:50].strip("_")
    if not stem:
        return ""
    taken = {entry.values.get("id") for entry in known.opened.form.form.entries("check")}
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if name not in taken)


urls = [
    path("entwurf/<int:design>/bedingungen/", conditions, name="conditions"),
    path("entwurf/<int:design>/bedingungen/<str:place>/", condition, name="condition"),
    path("entwurf/<int:design>/bedingungen/<str:place>/pruefen/", check_condition, name="check_condition"),
]
