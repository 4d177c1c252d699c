"""Texts in all languages side by side: what stands there, which translation is old, and what an author changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from rathaus.designer.opened import Opened
from rathaus.designer.wording import LANGUAGES, aspect_text, language_name
from rathaus.editing import Edit, stale_translations
from rathaus.editing.form import SOURCE
from rathaus.editing.translations import source_hash

TextOf = Callable[[Opened, str, str], str]  # opened, key, language → text


@dataclass(frozen=True, slots=True)
class Side:
    """One text in one language, as a form shows it."""

    language: str
    language_name: str
    name: str  # of the control
    text: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One text in all languages."""

    key: str
    label: str
    sides: tuple[Side, ...]
    lines: int  # 1: a single line


def rows(
    request: HttpRequest,
    opened: Opened,
    place: str,
    keys: Iterable[str],
    text_of: TextOf,
    lines: Mapping[str, int],
    label_of: Callable[[str], str] = aspect_text,
) -> list[Row]:
    """The texts at a place (`page:person/`, `service:`); what was typed and not saved stays.

    `lines` names the texts that have more than one.
    """
    stale = {(one.language, one.place) for one in stale_translations(opened.files)}
    return [
        Row(
            key,
            label_of(key),
            tuple(
                Side(
                    language,
                    language_name(language),
                    f"{key}.{language}",
                    request.POST.get(f"{key}.{language}", text_of(opened, key, language)),
                    (language, f"{place}{key}") in stale,
                )
                for language in LANGUAGES
            ),
            lines.get(key, 1),
        )
        for key in keys
    ]


def changed_texts(
    request: HttpRequest,
    seen: Opened,
    keys: Iterable[str],
    text_of: TextOf,
    edit: Callable[[str, str, str, str], Edit],
) -> list[Edit]:
    """An edit for every text that differs from what its author saw.

    It is made of key, language, text, and for a translation the hash of the German text its author had before them.

    A translation that its author confirms to fit (`passt.<key>.<language>`) is saved again as it is, so that it counts
    as made from the German text of now. German comes first, so that translations belong to the new German text.
    """
    edits = []
    for language in sorted(LANGUAGES, key=lambda one: one != SOURCE):
        for key in keys:
            name = f"{key}.{language}"
            if name not in request.POST:
                continue
            text = request.POST[name].replace("\r\n", "\n").strip()
            if text != text_of(seen, key, language).strip() or f"passt.{name}" in request.POST:
                edits.append(edit(key, language, text, _made_from(request, seen, key, language, text_of)))
    return edits


def _made_from(request: HttpRequest, seen: Opened, key: str, language: str, text_of: TextOf) -> str:
    if language == SOURCE:
        return ""
    german = request.POST.get(f"{key}.{SOURCE}", text_of(seen, key, SOURCE))
    # An emptied German text means the schema's own words again; which those are is known where the edit is made.
    return source_hash(german) if german.strip() else ""
