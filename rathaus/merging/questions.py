"""Where each question stands after a merge: on exactly one page, as long as either side asks it."""

from __future__ import annotations

from collections.abc import Mapping

from rathaus.editing.blocks import Block
from rathaus.editing.form import fields_of
from rathaus.editing.words import Words, gettext_noop
from rathaus.merging.conflict import Choices, merged_order

Units = Mapping[str, Block]


class PagesError(ValueError):
    """Two arrangements of the pages that do not go together: a question would be lost or stand twice."""


def merged_questions(was: Units, mine: Units, other: Units, merged: Units, choices: Choices) -> None:
    """Write the questions of every merged page. Raises `PagesError`, `OrderError`."""
    base, ours, theirs = (_placements(units) for units in (was, mine, other))
    placed: dict[str, str] = {}
    for path in dict.fromkeys([*ours, *theirs]):
        before, here, there = base.get(path, ""), ours.get(path, ""), theirs.get(path, "")
        page = here if here == there or there == before else there
        if page != here and here != before:
            words = Words(gettext_noop("Frage „%(path)s“: auf welcher Seite sie steht"), {"path": path})
            names = [_name(place) for place in (before, here, there)]
            if choices.choose(f"form.toml:field:{path}/place", words, *names) == "ours":
                page = here
        if page:
            placed[path] = page
    _prove_complete(placed, merged, ours, theirs)
    for name, block in merged.items():
        if not name.startswith("page:"):
            continue
        lists = [fields_of(units[name]) if name in units else [] for units in (was, mine, other)]
        wanted = [path for path in merged_order(*lists) if placed.get(path) == name]
        if wanted != fields_of(block):
            block.set_at(("fields",), wanted)


def _placements(units: Units) -> dict[str, str]:
    return {
        path: name for name, block in units.items() if name.startswith("page:") for path in fields_of(block)
    }


def _prove_complete(
    placed: Mapping[str, str], merged: Units, ours: Mapping[str, str], theirs: Mapping[str, str]
) -> None:
    if any(page not in merged for page in placed.values()):
        raise PagesError
    if any(_lies_in(path, placed) for path in placed):
        raise PagesError
    # A group that one side lists whole and the other in parts can only be compared by the schema.
    for one, another in ((ours, theirs), (theirs, ours)):
        if any(_lies_in(path, another) for path in one):
            raise PagesError


def _lies_in(path: str, paths: Mapping[str, str]) -> bool:
    parts = path.split(".")
    return any(".".join(parts[:length]) in paths for length in range(1, len(parts)))


def _name(place: str) -> str:
    return place.partition(":")[2]
