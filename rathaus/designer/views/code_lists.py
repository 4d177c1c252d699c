"""The code lists that choices come from: which are missing, and bringing them in as files of the XRepository."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, save
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.uploads import read_all
from rathaus.designer.wording import field_label, words_text
from rathaus.editing import ChangeFiles, EditError
from rathaus.editing.code_lists import needed_lists, with_code_lists
from rathaus.editing.words import Words, gettext_noop
from rathaus.standards.genericode import CodeList


@require_http_methods(["GET", "POST"])
@of_design
def code_lists(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`auswahllisten/`: every list the schema names, with the fields that choose from it."""
    refused = None
    if request.method == "POST":
        outcome = _bring(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    lists = [
        (one, [(address, field_label(opened, address)) for address in one.fields])
        for one in needed_lists(opened.files)
    ]
    return design_page(
        request,
        opened,
        "designer/code_lists.html",
        {
            "missing": [row for row in lists if row[0].found is None],
            "there": [row for row in lists if row[0].found is not None],
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _bring(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    files = read_all(request.FILES.getlist("dateien"))
    if isinstance(files, Refused):
        return files
    if not files:
        return Refused(_("Wählen Sie eine oder mehrere Dateien."))
    try:
        done = with_code_lists(opened.files, files)
    except EditError as error:
        return Refused(words_text(error.words))
    if not done.added:
        return Refused(
            _("Keine Frage wählt aus diesen Listen: %(lists)s. Gebraucht werden die Listen, die hier stehen.")
            % {"lists": _names(done.unused)}
        )
    words = Words(gettext_noop("Auswahllisten hinzugefügt: %(lists)s"), {"lists": _names(done.added)})
    edit = ChangeFiles.between(opened.files, done.files, words)
    if edit.files and (fault := fault_of(opened, edit)):
        return fault
    if done.unused:
        messages.info(
            request,
            _("Nicht gebraucht und weggelassen: %(lists)s.") % {"lists": _names(done.unused)},
        )
    edits = [edit] if edit.files else []
    return save(request, opened, edits, back=reverse("designer:code_lists", args=[opened.design.pk]))


def _names(lists: tuple[CodeList, ...]) -> str:
    return ", ".join(one.long_name or one.short_name or one.canonical_uri for one in lists)


urls = [path("entwurf/<int:design>/auswahllisten/", code_lists, name="code_lists")]
