"""Differences between two states of a service as pages show them: by area, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from rathaus.designer.opened import Opened
from rathaus.designer.wording import words_text
from rathaus.editing import EditError
from rathaus.editing.differences import Area, Difference

SHOWN = 4000  # characters of one side


@dataclass(frozen=True, slots=True)
class Told:
    """One difference in words. `address`: where it can be changed; empty if there is no page for it."""

    words: str
    before: str
    after: str
    address: str

    @property
    def is_long(self) -> bool:
        """Whether the two sides are opened only on demand."""
        return len(self.before) + len(self.after) > 300 or "\n" in self.before + self.after


def grouped(opened: Opened | None, found: Iterable[Difference]) -> list[tuple[str, list[Told]]]:
    """The differences under the names of their areas; with a design, each leads to its page."""
    ordered = sorted(found, key=lambda one: list(Area).index(one.area))
    return [
        (words_text(area.words()), [told(one, opened) for one in group])
        for area, group in groupby(ordered, key=lambda one: one.area)
    ]


def told(one: Difference, opened: Opened | None = None) -> Told:
    """A difference in words; with a design, it leads to its page."""
    sides = [words_text(side)[:SHOWN] for side in (one.before, one.after)]
    return Told(words_text(one.words), sides[0], sides[1], _address(opened, one.place) if opened else "")


def _address(opened: Opened, place: str) -> str:
    """The page of the designer where a place is changed."""
    design = opened.design.pk
    kind, _colon, rest = place.partition(":")
    name = rest.partition("@")[0].partition("/")[0]
    try:
        if kind == "page" and opened.form.form.entry("page", name):
            return reverse("designer:page", args=[design, name])
        if kind == "field" and name in opened.form.tree.nodes:
            return reverse("designer:question", args=[design, name])
    except EditError:  # a form that cannot be read has no pages
        return ""
    if place == "file:process.bpmn":
        return reverse("designer:flow", args=[design])
    if kind == "service":
        area = "service_texts" if name in ("text", "title", "summary") else "details"
        return reverse(f"designer:{area}", args=[design])
    return ""
