"""Sentences for designers: a German text with placeholders, which a face translates before it fills them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Mark a German text for translation; the face that shows it translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence: `text` is the key of its translation, `values` are texts of the package itself, or words again.

    By convention the values `page`, `before`, `first` and `second` are ids of pages, `path` is the path of a field,
    `table` the file of a decision table, `step` and `way` are ids of the process; `naming.with_names` puts names in
    their place.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.translated(gettext_noop)

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language `translate` (gettext) leads to."""
        values = {
            key: value.translated(translate) if isinstance(value, Words) else value
            for key, value in self.values.items()
        }
        return translate(self.text) % values if values else translate(self.text)


class EditError(ValueError):
    """The edit cannot be made; `words` tell a designer why and what to do."""

    def __init__(self, text: str, **values: object) -> None:
        self.words = Words(text, values)
        super().__init__(str(self.words))


_NAMES = {
    "title": gettext_noop("Überschrift"),
    "intro": gettext_noop("Einleitung"),
    "section": gettext_noop("Abschnitt"),
    "entry_label": gettext_noop("Bezeichnung eines Eintrags"),
    "overview_title": gettext_noop("Überschrift der Übersicht"),
    "overview_intro": gettext_noop("Einleitung der Übersicht"),
    "label": gettext_noop("Frage"),
    "help": gettext_noop("Hinweis"),
    "details": gettext_noop("Erläuterung"),
    "content": gettext_noop("Text"),
    "widget": gettext_noop("Eingabefeld"),
    "autocomplete": gettext_noop("Ausfüllhilfe des Browsers"),
    "optional_hint": gettext_noop("Hinweis „freiwillig“"),
    "de": gettext_noop("Deutsch"),
    "en": gettext_noop("Englisch"),
    "de-simple": gettext_noop("Leichte Sprache"),
}


def named(key: str) -> Words | str:
    """What people call a key or language of the package's files; the key itself if it has no other name."""
    return Words(_NAMES[key]) if key in _NAMES else key
