"""One difference between two states of a package, and how values are read out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rathaus.editing.edit import Files
from rathaus.editing.words import Words, gettext_noop


class Area(StrEnum):
    """Where differences lie, in the order they are read."""

    PAGES = "pages"
    QUESTIONS = "questions"
    CONDITIONS = "conditions"
    CHECKS = "checks"
    CHOICES = "choices"
    TEXTS = "texts"
    TRANSLATIONS = "translations"
    DETAILS = "details"
    DECISIONS = "decisions"
    PROCESS = "process"
    LETTERS = "letters"
    RULES = "rules"
    EXAMPLES = "examples"
    FILES = "files"

    def words(self) -> Words:
        """What people call the area."""
        return Words(_AREAS[self])


_AREAS = {
    Area.PAGES: gettext_noop("Seiten"),
    Area.QUESTIONS: gettext_noop("Fragen"),
    Area.CONDITIONS: gettext_noop("Bedingungen"),
    Area.CHECKS: gettext_noop("Prüfungen der Antworten"),
    Area.CHOICES: gettext_noop("Auswahllisten"),
    Area.TEXTS: gettext_noop("Texte der Leistung"),
    Area.TRANSLATIONS: gettext_noop("Übersetzungen der Fragen"),
    Area.DETAILS: gettext_noop("Angaben"),
    Area.DECISIONS: gettext_noop("Entscheidungstabellen"),
    Area.PROCESS: gettext_noop("Ablauf"),
    Area.LETTERS: gettext_noop("Schreiben"),
    Area.RULES: gettext_noop("Regeln aus FIM"),
    Area.EXAMPLES: gettext_noop("Beispiele"),
    Area.FILES: gettext_noop("Weitere Dateien"),
}

Said = Words | str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different, where, and what stood there before and stands there after (empty: nothing to quote).

    `places` are those of `Edit.places` that the difference touches; the first is where it is shown.
    """

    area: Area
    words: Words
    places: tuple[str, ...]
    before: Said = ""
    after: Said = ""

    @property
    def place(self) -> str:
        """Where the difference is shown."""
        return self.places[0]


def spoken(value: Any) -> Said:
    """A value of the package's files as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return Words(gettext_noop("ja") if value else gettext_noop("nein"))
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {spoken(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(str(spoken(item)) for item in value)
    return str(value)


def flat(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every single value under its keys; entries of a list of tables go by their id."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from flat(item, (*keys, str(key)))
    elif names := _names(value):
        for name, item in zip(names, value, strict=True):
            yield from flat(
                {key: own for key, own in item.items() if key not in ("id", "key")}, (*keys, name)
            )
    else:
        yield keys, value


def _names(value: Any) -> list[str]:
    """The ids of a list of tables; empty if they have none to be told apart by."""
    if not isinstance(value, list) or not value or not all(isinstance(item, Mapping) for item in value):
        return []
    names = [str(item.get("id") or item.get("key") or "") for item in value]
    return names if all(names) and len(set(names)) == len(names) else []


def table_of(files: Files, name: str) -> dict[str, Any]:
    """A TOML file; an empty table if it is missing. Raises `ValueError`."""
    return tomllib.loads(files.get(name, b"").decode("utf-8"))


def tables(data: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    """The named tables `[name.…]`, or the entries `[[name]]` by their id."""
    found = data.get(name, {})
    if isinstance(found, list):
        found = {str(entry.get("id", "")): entry for entry in found if isinstance(entry, Mapping)}
    if not isinstance(found, Mapping):
        return {}
    return {key: table for key, table in found.items() if isinstance(table, Mapping)}


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys whose values differ, in the order of the newer side."""
    return [key for key in dict.fromkeys([*after, *before]) if before.get(key) != after.get(key)]
