"""One question: its words in all languages, how it is drawn, when it is asked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save, together
from rathaus.designer.conditions import Conditions, Place, Told
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.texts import changed_texts, rows
from rathaus.designer.wording import field_label
from rathaus.editing import Edit, EditError, SetFieldLook, SetFieldRule, SetFieldText
from rathaus.editing.form import SOURCE
from rathaus.editing.translations import german_field_text
from rathaus.forms.definition import WIDGETS

_TEXTS = ("label", "help", "details")
_LINES = {"help": 3, "details": 4}
_RULES = ("show", "require", "default")


def _text(opened: Opened, address: str, key: str, language: str) -> str:
    if language == SOURCE:
        return german_field_text(opened.form, address, key)
    table = opened.form.translation(language).table("field", address)
    return str(table.values.get(key, "")) if table else ""


def _own(opened: Opened, address: str, key: str) -> str:
    table = opened.form.form.table("field", address)
    return str(table.values.get(key, "")).strip() if table else ""


@require_http_methods(["GET", "POST"])
@of_design
def question(request: HttpRequest, opened: Opened, field: str) -> HttpResponse:
    """`frage/<field>/`: everything about one question, to be saved as one change."""
    try:
        node = opened.form.known(field)
    except EditError:
        raise Http404 from None
    refused = None
    if request.method == "POST":
        outcome = _save(request, opened, field)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    page = opened.form.page_of(field)
    return design_page(
        request,
        opened,
        "designer/question.html",
        {
            "field": field,
            "label": field_label(opened, field),
            "node": node,
            "page": str(page.values.get("id")) if page else "",
            "page_title": str(page.values.get("title", "")) if page else "",
            "texts": rows(
                request, opened, f"field:{field}/", _TEXTS, lambda o, k, la: _text(o, field, k, la), _LINES
            ),
            "conditions": _conditions(opened, field),
            "rules": {key: request.POST.get(key, _own(opened, field, key)) for key in _RULES},
            "widgets": WIDGETS,
            "widget": request.POST.get("widget", _own(opened, field, "widget")),
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _conditions(opened: Opened, field: str) -> list[tuple[Place, Told | None]]:
    """When the question appears and must be answered, in words; None where nothing is set."""
    known = Conditions(opened)
    found: list[tuple[Place, Told | None]] = []
    for aspect in ("zeigen", "pflicht"):
        place = Place("frage", field, aspect)
        rule = known.rule(place)
        found.append((place, known.told(rule, known.vocabulary(place), place.frame) if rule else None))
    return found


def _save(request: HttpRequest, opened: Opened, field: str) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    edits = changed_texts(
        request,
        seen,
        _TEXTS,
        lambda o, k, la: _text(o, field, k, la),
        lambda key, language, text, made_from: SetFieldText(field, language, key, text, made_from),
    )
    widget = request.POST.get("widget")
    if widget is not None and widget != _own(seen, field, "widget"):
        edits.append(SetFieldLook(field, "widget", widget))
    rules: list[Edit] = []
    for key in _RULES:
        rule = request.POST.get(key)
        if rule is not None and rule.replace("\r\n", "\n").strip() != _own(seen, field, key):
            rules.append(SetFieldRule(field, key, rule.replace("\r\n", "\n").strip()))
    edits += rules
    if (rules or widget) and edits and (fault := fault_of(seen, together(edits))):
        return fault
    return save(request, opened, edits, back=reverse("designer:question", args=[opened.design.pk, field]))


urls = [path("entwurf/<int:design>/frage/<str:field>/", question, name="question")]
