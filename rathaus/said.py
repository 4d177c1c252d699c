"""Sentences in English that know how they were made, so that a face can say them in another language.

A check names what is wrong in English, for commands and logs. Where people read it in their own language, the sentence
is looked up by its template: `said("The schema has no %(address)s.", address=address)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Said(str):
    """A sentence with its template and what was put into it; otherwise a text like any other."""

    template: str
    values: Mapping[str, Any]

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.template, dict(self.values))


def said(template: str, /, **values: Any) -> Said:
    """The sentence a template makes of these values; without any, the template itself."""
    # An exception is kept as what it says: values are copied with the sentence.
    values = {name: str(value) if isinstance(value, Exception) else value for name, value in values.items()}
    sentence = Said(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence


def in_words_of(sentences: Mapping[str, str], text: str) -> str:
    """A text in the words of `sentences` (template → template of another language); as it is where they lack it."""
    if not isinstance(text, Said):
        return sentences.get(text, text)
    template = sentences.get(text.template, text.template)
    if not text.values:
        return template
    return template % {
        name: in_words_of(sentences, value) if isinstance(value, Said) else value
        for name, value in text.values.items()
    }


def _again(template: str, values: dict[str, Any]) -> Said:
    return said(template, **values)
