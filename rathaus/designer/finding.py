"""What the check found, in the language of whoever reads it."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.catalogue.package import Problem
from rathaus.designer.german import PLACES, SENTENCES
from rathaus.said import in_words_of


def as_read(problem: Problem) -> Problem:
    """The problem with message, remedy and place in the language of the page."""
    if not is_german():
        return problem
    return replace(
        problem,
        message=in_words_of(SENTENCES, problem.message),
        remedy=in_words_of(SENTENCES, problem.remedy),
        where=_place(problem.where),
    )


def in_language(text: str) -> str:
    """One sentence of a check, such as what is wrong with a condition, in the language of the page."""
    return in_words_of(SENTENCES, text) if is_german() else text


def found_in_file(message: str, line: int) -> str:
    """What reading a file found, and in which line (0: it has none), in the language of the page."""
    found = in_language(message)
    return _("Zeile %(line)d: %(found)s") % {"line": line, "found": found} if line else found


def is_german() -> bool:
    """Whether the page is in German."""
    return (get_language() or "de").startswith("de")


def _place(where: str) -> str:
    kind, _, name = where.partition(" ")
    if where in SENTENCES:
        return SENTENCES[where]
    return f"{PLACES[kind]} {name}" if name and kind in PLACES else where
