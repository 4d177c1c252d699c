"""A question of one's own, added to a page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.wording import field_label
from rathaus.editing import AddField
from rathaus.editing.form import fields_of
from rathaus.editing.new_fields import KINDS, LONGEST_NAME

KIND_NAMES = {
    "text": gettext_lazy("Text in einer Zeile"),
    "long": gettext_lazy("Text in mehreren Zeilen"),
    "whole": gettext_lazy("Ganze Zahl"),
    "number": gettext_lazy("Zahl mit Komma"),
    "money": gettext_lazy("Geldbetrag"),
    "date": gettext_lazy("Datum"),
    "yes_no": gettext_lazy("Ja oder Nein"),
    "choice": gettext_lazy("Auswahl: eine Möglichkeit"),
    "choices": gettext_lazy("Auswahl: mehrere Möglichkeiten"),
    "file": gettext_lazy("Datei"),
}


@require_http_methods(["GET", "POST"])
@of_design
def new_question(request: HttpRequest, opened: Opened, page: str) -> HttpResponse:
    """`seiten/<page>/neue-frage/`: what is asked and how it is answered."""
    block = opened.form.form.entry("page", page)
    if block is None:
        raise Http404
    refused = None
    if request.method == "POST":
        outcome = _save(request, opened, page, str(block.values.get("repeat", "")))
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    return design_page(
        request,
        opened,
        "designer/new_question.html",
        {
            "page": page,
            "page_title": str(block.values.get("title") or page),
            "kinds": [(kind, KIND_NAMES[kind]) for kind in KINDS],
            "places": [(one, field_label(opened, one)) for one in fields_of(block)],
            "name_length": LONGEST_NAME,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _save(request: HttpRequest, opened: Opened, page: str, group: str) -> HttpResponse | Refused:
    label = " ".join(request.POST.get("frage", "").split())
    if not label:
        return Refused(_("Schreiben Sie die Frage auf."))
    edit = AddField(
        page,
        name=" ".join(request.POST.get("name", "").split()) or _short(label),
        label=label,
        kind=request.POST.get("art", ""),
        help=request.POST.get("hinweis", "").replace("\r\n", "\n").strip(),
        required=request.POST.get("pflicht") != "nein",
        choices=tuple(line.strip() for line in request.POST.get("auswahl", "").splitlines() if line.strip()),
        group=group,
        before=request.POST.get("vor", ""),
    )
    if fault := fault_of(as_seen(request, opened), edit):
        return fault
    return save(
        request, opened, [edit], back=reverse("designer:question", args=[opened.design.pk, edit.path])
    )


def _short(label: str) -> str:
    """A short name made of the question: as many of its words as fit."""
    name = ""
    for word in label.rstrip("?!. ").split():
        if len(name) + len(word) + 1 > LONGEST_NAME:
            break
        name = f"{name} {word}".strip()
    return name or label[:LONGEST_NAME]


urls = [path("entwurf/<int:design>/seiten/<str:page>/neue-frage/", new_question, name="new_question")]
