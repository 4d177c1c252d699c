"""Pages and the questions on them: order, splitting, joining, wording."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save, together
from rathaus.designer.opened import Opened
from rathaus.designer.rules import fault_of
from rathaus.designer.shell import design_page
from rathaus.designer.texts import changed_texts, rows
from rathaus.designer.wording import field_label
from rathaus.editing import (
    AddPage,
    Edit,
    JoinPages,
    MoveField,
    MovePage,
    RemoveField,
    RemovePage,
    SetPageRule,
    SetPageText,
    SplitPage,
)
from rathaus.editing.form import SOURCE, FormFiles, fields_of

_TEXTS = ("title", "intro", "section")
_LIST_TEXTS = ("entry_label", "overview_title", "overview_intro")
_LINES = {"intro": 4, "overview_intro": 4}
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def new_page_id(form: FormFiles, title: str) -> str:
    """An address for a new page, made of its title and unlike all others."""
    words = re.findall(r"[a-z0-9]+", title.lower().translate(_FOLDED))
    stem = "-".join(words)[:40].strip("-") or "seite"
    stem = stem if stem[0].isalpha() else f"seite-{stem}"
    known = {str(page.values.get("id")) for page in form.pages()}
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if name not in known)


def _ids(form: FormFiles) -> list[str]:
    return [str(page.values.get("id")) for page in form.pages()]


def _before(order: list[str], name: str, *, earlier: bool) -> str | None:
    """What to put `name` before, to move it by one place; None if there is no further way. Empty: to the end."""
    if name not in order:
        return None
    position = order.index(name)
    if earlier:
        return order[position - 1] if position else None
    if position + 1 == len(order):
        return None
    return order[position + 2] if position + 2 < len(order) else ""


def _page_text(opened: Opened, page_id: str, key: str, language: str) -> str:
    table = (
        opened.form.page(page_id)
        if language == SOURCE
        else opened.form.translation(language).table("page", page_id)
    )
    return str(table.values.get(key, "")) if table else ""


@require_http_methods(["GET", "POST"])
@of_design
def pages(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`seiten/`: every page with its questions."""
    refused = None
    if request.method == "POST":
        edit = _list_edit(request, opened)
        outcome = edit if isinstance(edit, Refused) else save(request, opened, [edit], back=_list(opened))
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    shown = [
        {
            "id": str(page.values.get("id")),
            "title": str(page.values.get("title", "")),
            "section": str(page.values.get("section", "")),
            "show": str(page.values.get("show", "")).strip(),
            "repeat": str(page.values.get("repeat", "")),
            "questions": [(path, field_label(opened, path)) for path in fields_of(page)],
        }
        for page in opened.form.pages()
    ]
    return design_page(
        request,
        opened,
        "designer/pages.html",
        {"pages": shown, "refused": refused.text if refused else "", "typed": request.POST},
        status=422 if refused else 200,
    )


def _list_edit(request: HttpRequest, opened: Opened) -> Edit | Refused:
    act, page = request.POST.get("was", ""), request.POST.get("seite", "")
    order = _ids(opened.form)
    if act in ("frueher", "spaeter"):
        before = _before(order, page, earlier=act == "frueher")
        return (
            Refused(_("Weiter lässt sich die Seite nicht verschieben."))
            if before is None
            else MovePage(page, before)
        )
    if act == "ziehen":
        return _dragged(request, order)
    if act == "verbinden" and page in order[:-1]:
        return JoinPages(page, order[order.index(page) + 1])
    if act == "neu":
        title = request.POST.get("titel", "").strip()
        if not title:
            return Refused(_("Geben Sie der neuen Seite eine Überschrift."))
        return AddPage(new_page_id(opened.form, title), title, before=request.POST.get("vor", ""))
    if act == "entfernen":
        return RemovePage(page, request.POST.get("ziel", ""))
    return Refused(_("Das ist hier nicht möglich. Laden Sie die Seite neu."))


def _dragged(request: HttpRequest, order: list[str]) -> Edit | Refused:
    """A page or a question that was dropped before another of its kind, or at the end."""
    name, before = request.POST.get("name", ""), request.POST.get("vor", "")
    if request.POST.get("art") == "seite" and name in order and name != before:
        return MovePage(name, before)
    if request.POST.get("art") == "frage" and request.POST.get("seite") in order and name != before:
        return MoveField(name, request.POST["seite"], before)
    return Refused(_("Das ist hier nicht möglich. Laden Sie die Seite neu."))


@require_http_methods(["GET", "POST"])
@of_design
def page(request: HttpRequest, opened: Opened, page: str) -> HttpResponse:
    """`seiten/<page>/`: the texts of a page, when it is shown, and the order of its questions."""
    block = opened.form.form.entry("page", page)
    if block is None:
        raise Http404
    keys = (*_TEXTS, *(_LIST_TEXTS if block.values.get("repeat") else ()))
    refused = None
    if request.method == "POST":
        outcome = _change_page(request, opened, page, keys)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    others = [
        (str(one.values.get("id")), str(one.values.get("title", "")))
        for one in opened.form.pages()
        if one is not block
    ]
    return design_page(
        request,
        opened,
        "designer/page.html",
        {
            "page": page,
            "title": str(block.values.get("title") or page),
            "texts": rows(
                request, opened, f"page:{page}/", keys, lambda o, k, la: _page_text(o, page, k, la), _LINES
            ),
            "show": request.POST.get("show", str(block.values.get("show", "")).strip()),
            "questions": [(path, field_label(opened, path)) for path in fields_of(block)],
            "others": others,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _change_page(
    request: HttpRequest, opened: Opened, page: str, keys: tuple[str, ...]
) -> HttpResponse | Refused:
    back = reverse("designer:page", args=[opened.design.pk, page])
    act, field = request.POST.get("was", ""), request.POST.get("frage", "")
    if act == "texte":
        return _save_texts(request, opened, page, keys, back)
    questions = fields_of(opened.form.page(page))
    edit: Edit | None = None
    if act in ("frueher", "spaeter"):
        before = _before(questions, field, earlier=act == "frueher")
        if before is None:
            return Refused(_("Weiter lässt sich die Frage auf dieser Seite nicht verschieben."))
        edit = MoveField(field, page, before)
    elif act == "umziehen":
        if not request.POST.get("ziel"):
            return Refused(_("Wählen Sie die Seite, auf der die Frage stehen soll."))
        edit = MoveField(field, request.POST["ziel"])
    elif act == "teilen":
        title = request.POST.get("titel", "").strip()
        if not title:
            return Refused(_("Geben Sie der neuen Seite eine Überschrift."))
        edit = SplitPage(page, field, new_page_id(opened.form, title), title)
    elif act == "weglassen":
        edit = RemoveField(field)
    if edit is None:
        return Refused(_("Das ist hier nicht möglich. Laden Sie die Seite neu."))
    return save(request, opened, [edit], back=back)


def _save_texts(
    request: HttpRequest, opened: Opened, page: str, keys: tuple[str, ...], back: str
) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    edits = changed_texts(
        request,
        seen,
        keys,
        lambda o, k, la: _page_text(o, page, k, la),
        lambda key, language, text, made_from: SetPageText(page, language, key, text, made_from),
    )
    show = request.POST.get("show", "").replace("\r\n", "\n").strip()
    if "show" in request.POST and show != str(seen.form.page(page).values.get("show", "")).strip():
        edits.append(SetPageRule(page, show))
        if fault := fault_of(seen, together(edits)):
            return fault
    return save(request, opened, edits, back=back)


def _list(opened: Opened) -> str:
    return reverse("designer:pages", args=[opened.design.pk])


urls = [
    path("entwurf/<int:design>/seiten/", pages, name="pages"),
    path("entwurf/<int:design>/seiten/<str:page>/", page, name="page"),
]
