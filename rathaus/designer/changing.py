"""Making a change that somebody typed in: with their reason, on top of what others did, losing nothing.

A form that changes a design holds `seen` of `designer/parts.html` (the revision its author saw) and their `reason`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rathaus.design.service import Changed, Conflict, change
from rathaus.designer.opened import Opened
from rathaus.designer.wording import edit_words, place_text, words_text
from rathaus.editing import Edit, EditError, Several
from rathaus.editing.naming import with_names
from rathaus.office.access import person

# Names of the form's fields.
SEEN = "stand"
ORIGIN = "ursprung"  # after a conflict: the revision in which the author began to type
REASON = "grund"
REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `text` tells the author why and what to do; their form is shown again as they left it."""

    text: str


def seen_revision(request: HttpRequest, opened: Opened) -> int:
    """The number of the revision the author saw; the newest if the form does not say."""
    return _number(request, SEEN, opened)


def _number(request: HttpRequest, name: str, opened: Opened) -> int:
    text = request.POST.get(name, "")
    newest: int = opened.revision.number
    return min(int(text), newest) if text.isdecimal() and 0 < len(text) < 9 and int(text) else newest


def reason_of(request: HttpRequest, opened: Opened, edit: Edit) -> str:
    """Why, in the author's words; where they gave none, what the edit does."""
    return request.POST.get(REASON, "").strip() or str(with_names(edit.words(), opened.form))


def together(edits: Sequence[Edit]) -> Edit:
    """One edit for everything a form changes."""
    return edits[0] if len(edits) == 1 else Several.of(*edits)


def save(request: HttpRequest, opened: Opened, edits: Sequence[Edit], *, back: str) -> HttpResponse | Refused:
    """Make the edits as one change and go `back` (an address).

    If somebody else changed the same place since, the answer is a page that shows both sides; the author decides.
    """
    if not edits:
        messages.info(request, _("Es gab nichts zu speichern: Alles ist wie zuvor."))
        return HttpResponseRedirect(back)
    edit = together(edits)
    try:
        outcome = change(
            opened.design,
            edit,
            base_revision=seen_revision(request, opened),
            by=person(request),
            reason=reason_of(request, opened, edit),
        )
    except EditError as error:
        return Refused(words_text(error.words))
    if isinstance(outcome, Conflict):
        return both_sides(request, opened, outcome, back=back)
    say_saved(request, opened, edit, outcome)
    return HttpResponseRedirect(back)


def say_saved(request: HttpRequest, opened: Opened, edit: Edit, outcome: Changed) -> None:
    """Tell the author what was saved, and that others were at work meanwhile."""
    text = _("Gespeichert: %(change)s.") % {"change": edit_words(opened, edit)}
    if outcome.others:
        names = ", ".join(sorted({str(row.author) for row in outcome.others}))
        text += " " + ngettext(
            "Inzwischen hat auch %(names)s etwas anderes geändert.",
            "Inzwischen haben auch %(names)s etwas anderes geändert.",
            len({row.author_id for row in outcome.others}),
        ) % {"names": names}
    messages.success(request, text)


def both_sides(
    request: HttpRequest,
    opened: Opened,
    conflict: Conflict,
    *,
    back: str,
    extra: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The page for two people who changed the same place. It carries the author's whole form along.

    `extra` are further fields to send with the author's own side.
    """
    # With the newest revision as the one that was seen, the same form goes through. What the author changed is
    # still what differs from where they began: the rest of the form does not undo what others did.
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (SEEN, "csrfmiddlewaretoken")
        for value in values
    ]
    if ORIGIN not in request.POST:
        carried.append((ORIGIN, str(seen_revision(request, opened))))
    return render(
        request,
        "designer/conflict.html",
        {
            "opened": opened,
            "conflict": conflict,
            "error": words_text(conflict.error) if conflict.error else "",
            "clashes": [(place_text(opened, clash.place), clash) for clash in conflict.clashes],
            "carried": [*carried, *extra],
            "address": request.get_full_path(),
            "back": back,
        },
        status=409,
    )


def as_seen(request: HttpRequest, opened: Opened) -> Opened:
    """The design in which the author began to type: what differs from it is what they changed themselves."""
    number = _number(request, ORIGIN if ORIGIN in request.POST else SEEN, opened)
    if number == opened.revision.number:
        return opened
    return Opened(opened.design, opened.design.revisions.get(number=number))
