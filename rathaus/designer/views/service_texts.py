"""What the service is called, in one sentence, and its page: in all languages; typed, or taken from XZuFi."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from rathaus.catalogue.packing import MAXIMUM_BYTES
from rathaus.catalogue.texts import TextError
from rathaus.design.service import described, keep_report
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save, together
from rathaus.designer.finding import found_in_file
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.texts import changed_texts, rows
from rathaus.designer.uploads import read_all, translations_in
from rathaus.designer.wording import service_part, words_text
from rathaus.editing import ChangeFiles, Edit, EditError, SetServiceText, SetServiceValue
from rathaus.editing.described import edits_from
from rathaus.editing.fim_translations import with_translations
from rathaus.editing.words import Words, gettext_noop
from rathaus.standards.xzufi.model import Service
from rathaus.standards.xzufi.pages import service_page
from rathaus.standards.xzufi.reader import XzufiError, read_xzufi

_KEYS = ("title", "summary", "text")
_LINES = {"summary": 4, "text": 24}
_NAMED = 8  # services of a file that a sentence lists


def _text(opened: Opened, key: str, language: str) -> str:
    if key == "text":
        return opened.files.get(f"texts/{language}.md", b"").decode("utf-8", "replace")
    texts = tomllib.loads(opened.files["service.toml"].decode()).get(key, {})
    return str(texts.get(language, ""))


def _edit(key: str, language: str, text: str, made_from: str) -> Edit:
    if key == "text":
        return SetServiceText(language, text, made_from)
    return SetServiceValue(f"{key}.{language}", text or None, made_from)


@require_http_methods(["GET", "POST"])
@of_design
def service_texts(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`texte/`: name, summary and page of the service."""
    refused = None
    if request.method == "POST":
        take = {"xzufi": _take_over, "uebersetzung": _translate}.get(request.POST.get("was", ""), _save)
        outcome = take(request, opened)
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


def _take_over(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    """The texts of an XZuFi file, as one change."""
    uploaded = request.FILES.get("datei")
    if uploaded is None:
        return Refused(_("Wählen Sie eine XZuFi-Datei."))
    if (uploaded.size or 0) > MAXIMUM_BYTES:
        return Refused(
            _("Die Datei ist größer als %(size)d MB. Wählen Sie eine kleinere.")
            % {"size": MAXIMUM_BYTES // 1_000_000}
        )
    try:
        message = read_xzufi(uploaded.read())
    except XzufiError as error:
        return Refused(
            _("Diese Datei ist keine XZuFi-Datei. Wählen Sie eine andere. Beim Lesen gefunden: %(found)s")
            % {"found": found_in_file(error.message, error.line)}
        )
    service = _chosen((*message.services, *message.specialisations), request.POST.get("leika", ""))
    if isinstance(service, Refused):
        return service
    edits = edits_from(service, opened.files)
    if edits and (fault := fault_of(opened, together(edits))):
        return fault
    return save(request, opened, edits, back=reverse("designer:service_texts", args=[opened.design.pk]))


def _translate(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    """FIM's translations of the questions, as one change."""
    files = read_all(request.FILES.getlist("dateien"))
    if isinstance(files, Refused):
        return files
    if not files:
        return Refused(_("Wählen Sie eine oder mehrere Dateien."))
    translations = translations_in(files)
    if isinstance(translations, Refused):
        return translations
    try:
        done = with_translations(opened.files, translations)
    except EditError as error:
        return Refused(words_text(error.words))
    if not done.texts:
        said = [one.translated(_) for one in done.findings if one.severity != "hint"]
        return Refused(" ".join(said) or _("Diese Dateien sagen nichts, was nicht schon so dasteht."))
    words = Words(
        gettext_noop("Übersetzungen aus FIM übernommen: %(texts)s Texte"), {"texts": str(done.texts)}
    )
    edit = ChangeFiles.between(opened.files, done.files, words)
    if fault := fault_of(opened, edit):
        return fault
    answer = save(request, opened, [edit], back=reverse("designer:service_texts", args=[opened.design.pk]))
    if isinstance(answer, HttpResponseRedirect):
        keep_report(opened.design, ", ".join(files), done.findings)
        if done.reworded:
            messages.info(
                request,
                ngettext(
                    "%(num)s Text ist hier anders als in FIM. Er behält seine eigene Übersetzung.",
                    "%(num)s Texte sind hier anders als in FIM. Sie behalten ihre eigene Übersetzung.",
                    done.reworded,
                )
                % {"num": done.reworded},
            )
    return answer


def _chosen(services: Sequence[Service], key: str) -> Service | Refused:
    """The one service of the file, or the one with this LeiKa key."""
    wanted = re.sub(r"\D", "", key)
    found = [one for one in services if not wanted or wanted in one.leika_keys]
    if len(found) == 1:
        return found[0]
    if not services:
        return Refused(_("In dieser Datei ist keine Leistung beschrieben. Wählen Sie eine andere."))
    known = ", ".join(
        f"{', '.join(one.leika_keys) or one.id.value} ({service_page(one).title})"
        for one in services[:_NAMED]
    )
    return Refused(
        _(
            "Geben Sie den Leistungsschlüssel an: In der Datei stehen %(count)d Leistungen, darunter %(known)s."
        )
        % {"count": len(services), "known": known}
    )


@require_GET
@of_design
def as_xzufi(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`texte/xzufi.xml`: the texts as they stand, for other catalogues."""
    try:
        document = described(opened.design.key, opened.files)
    except TextError as error:
        messages.error(
            request,
            _(
                "Eine Seite der Leistung ist nicht richtig gegliedert (Zeile %(line)d). Näheres steht in der Übersicht."
            )
            % {"line": error.line},
        )
        return HttpResponseRedirect(reverse("designer:service_texts", args=[opened.design.pk]))
    response = HttpResponse(document, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{opened.design.key}.xzufi.xml"'
    return response


urls = [
    path("entwurf/<int:design>/texte/", service_texts, name="service_texts"),
    path("entwurf/<int:design>/texte/xzufi.xml", as_xzufi, name="service_texts_xzufi"),
]
