"""What the service is called, in one sentence, and its page: in all languages."""

from __future__ import annotations

import tomllib

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save, together
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.texts import changed_texts, rows
from rathaus.designer.wording import service_part
from rathaus.editing import Edit, SetServiceText, SetServiceValue

_KEYS = ("title", "summary", "text")
_LINES = {"summary": 4, "text": 24}


def _text(opened: Opened, key: str, language: str) -> str:
    if key == "text":
        return opened.files.get(f"texts/{language}.md", b"").decode("utf-8", "replace")
    texts = tomllib.loads(opened.files["service.toml"].decode()).get(key, {})
    return str(texts.get(language, ""))


def _edit(key: str, language: str, text: str) -> Edit:
    if key == "text":
        return SetServiceText(language, text)
    return SetServiceValue(f"{key}.{language}", text or None)


@require_http_methods(["GET", "POST"])
@of_design
def service_texts(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`texte/`: name, summary and page of the service."""
    refused = None
    if request.method == "POST":
        outcome = _save(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    return design_page(
        request,
        opened,
        "designer/service_texts.html",
        {
            "texts": rows(request, opened, "service:", _KEYS, _text, _LINES, service_part),
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _save(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    edits = changed_texts(request, seen, _KEYS, _text, _edit)
    if edits and (fault := fault_of(seen, together(edits))):
        return fault
    return save(request, opened, edits, back=reverse("designer:service_texts", args=[opened.design.pk]))


urls = [path("entwurf/<int:design>/texte/", service_texts, name="service_texts")]
