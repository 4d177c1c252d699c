"""Conditions read out as German or English sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from rathaus.building.comparisons import COMPARISONS
from rathaus.building.conditions import (
    Answer,
    Condition,
    Group,
    Part,
    Today,
    Value,
    is_conjunction,
    is_negated,
)
from rathaus.building.vocabulary import Node, Vocabulary, kind_of
from rathaus.forms.dates import show_date
from rathaus.forms.numbers import plain, show_number
from rathaus.forms.tree import FieldNode

Language = Literal["de", "en"]
Frame = Literal["show_page", "show", "require", "forbid", "valid", "when"]

# More values than this are not all read out.
_MANY, _SHOWN = 8, 5

# {0}: the question, {1} and {2}: values. German clauses follow "wenn", so their verb stands last.
_CLAUSES: dict[Language, dict[str, str]] = {
    "de": {
        "is": "{0} gleich {1} ist",
        "is_not": "{0} nicht gleich {1} ist",
        "one_of": "{0} gleich {1} ist",
        "not_one_of": "{0} weder {1} ist",
        "not_one_of 1": "{0} nicht gleich {1} ist",
        "filled": "{0} ausgefüllt ist",
        "empty": "{0} nicht ausgefüllt ist",
        "yes": "{0} mit Ja beantwortet ist",
        "not_yes": "{0} nicht mit Ja beantwortet ist",
        "no": "{0} mit Nein beantwortet ist",
        "not_no": "{0} nicht mit Nein beantwortet ist",
        "less": "{0} kleiner als {1} ist",
        "at_most": "{0} höchstens {1} ist",
        "more": "{0} größer als {1} ist",
        "at_least": "{0} mindestens {1} ist",
        "between": "{0} zwischen {1} und {2} liegt",
        "less date": "{0} vor {1} liegt",
        "at_most date": "{0} nicht nach {1} liegt",
        "more date": "{0} nach {1} liegt",
        "at_least date": "{0} nicht vor {1} liegt",
        "between date": "{0} zwischen {1} und {2} liegt",
        "years_ago_at_least": "{0} mindestens {1} Jahre zurückliegt",
        "years_ago_less": "{0} weniger als {1} Jahre zurückliegt",
        "days_ago_at_least": "{0} mindestens {1} Tage zurückliegt",
        "days_ago_at_most": "{0} höchstens {1} Tage zurückliegt",
        "days_ahead_at_least": "{0} mindestens {1} Tage in der Zukunft liegt",
        "days_ahead_at_most": "{0} höchstens {1} Tage in der Zukunft liegt",
        "contains": "{0} den Text {1} enthält",
        "not_contains": "{0} den Text {1} nicht enthält",
        "words": "{0} ein Wort enthält, das mit {1} beginnt",
        "not_words": "{0} kein Wort enthält, das mit {1} beginnt",
        "town_postal_code": "{0} eine Postleitzahl der Stadt ist",
        "not_town_postal_code": "{0} keine Postleitzahl der Stadt ist",
        "includes": "{0} die Antwort {1} enthält",
        "not_includes": "{0} die Antwort {1} nicht enthält",
        "entries_at_least": "{0} mindestens {1}-mal angegeben ist",
        "entries_at_most": "{0} höchstens {1}-mal angegeben ist",
        "over some": "in mindestens einem Eintrag von {0} {1}",
        "over every": "in jedem Eintrag von {0} {1}",
        "over no": "in keinem Eintrag von {0} {1}",
        "over not_every": "nicht in jedem Eintrag von {0} {1}",
        "denied": "es nicht zutrifft, dass {0}",
        "and": " und ",
        "or": " oder ",
        "nor": " noch ",
        "more or": "einem von {0} weiteren",
        "more nor": "eines von {0} weiteren",
        "today": "heute",
        "the day": "dem {0}",
    },
    "en": {
        "is": "{0} is {1}",
        "is_not": "{0} is not {1}",
        "one_of": "{0} is {1}",
        "not_one_of": "{0} is neither {1}",
        "not_one_of 1": "{0} is not {1}",
        "filled": "{0} is filled in",
        "empty": "{0} is not filled in",
        "yes": "{0} is answered with yes",
        "not_yes": "{0} is not answered with yes",
        "no": "{0} is answered with no",
        "not_no": "{0} is not answered with no",
        "less": "{0} is less than {1}",
        "at_most": "{0} is at most {1}",
        "more": "{0} is greater than {1}",
        "at_least": "{0} is at least {1}",
        "between": "{0} is between {1} and {2}",
        "less date": "{0} is before {1}",
        "at_most date": "{0} is not after {1}",
        "more date": "{0} is after {1}",
        "at_least date": "{0} is not before {1}",
        "between date": "{0} is between {1} and {2}",
        "years_ago_at_least": "{0} is at least {1} years ago",
        "years_ago_less": "{0} is less than {1} years ago",
        "days_ago_at_least": "{0} is at least {1} days ago",
        "days_ago_at_most": "{0} is at most {1} days ago",
        "days_ahead_at_least": "{0} is at least {1} days ahead",
        "days_ahead_at_most": "{0} is at most {1} days ahead",
        "contains": "{0} contains the text {1}",
        "not_contains": "{0} does not contain the text {1}",
        "words": "{0} contains a word that begins with {1}",
        "not_words": "{0} contains no word that begins with {1}",
        "town_postal_code": "{0} is a postcode of the town",
        "not_town_postal_code": "{0} is not a postcode of the town",
        "includes": "{0} includes the answer {1}",
        "not_includes": "{0} does not include the answer {1}",
        "entries_at_least": "{0} is given at least {1} times",
        "entries_at_most": "{0} is given at most {1} times",
        "over some": "in at least one entry of {0} {1}",
        "over every": "in every entry of {0} {1}",
        "over no": "in no entry of {0} {1}",
        "over not_every": "not in every entry of {0} {1}",
        "denied": "it is not true that {0}",
        "and": " and ",
        "or": " or ",
        "nor": " nor ",
        "more or": "one of {0} more",
        "more nor": "any of {0} more",
        "today": "today",
        "the day": "{0}",
    },
}
_QUOTES: dict[Language, str] = {"de": "„{}“", "en": "“{}”"}
_FRAMES: dict[Language, dict[str, str]] = {
    "de": {
        "show_page": "Diese Seite erscheint, wenn {0}.",
        "show": "Diese Frage erscheint, wenn {0}.",
        "require": "Diese Frage muss beantwortet werden, wenn {0}.",
        "forbid": "Diese Frage wird nicht gestellt, wenn {0}.",
        "valid": "Die Angaben sind richtig, wenn {0}.",
        "when": "Geprüft wird nur, wenn {0}.",
        "show_page always": "Diese Seite erscheint immer.",
        "show always": "Diese Frage erscheint immer.",
        "require always": "Diese Frage muss immer beantwortet werden.",
        "forbid always": "Diese Frage wird nie gestellt.",
        "valid always": "Die Angaben sind immer richtig.",
        "when always": "Geprüft wird immer.",
    },
    "en": {
        "show_page": "This page appears if {0}.",
        "show": "This question appears if {0}.",
        "require": "This question must be answered if {0}.",
        "forbid": "This question is not asked if {0}.",
        "valid": "The answers are right if {0}.",
        "when": "It is checked only if {0}.",
        "show_page always": "This page always appears.",
        "show always": "This question always appears.",
        "require always": "This question must always be answered.",
        "forbid always": "This question is never asked.",
        "valid always": "The answers are always right.",
        "when always": "It is always checked.",
    },
}


def sentence(
    condition: Condition, vocabulary: Vocabulary, language: Language = "de", frame: Frame = "show"
) -> str:
    """What the condition does in a frame (when a page or question appears …), as one sentence.

    Names of questions and choices are those of the vocabulary, whatever the language.
    """
    if condition.always:
        return _FRAMES[language][f"{frame} always"]
    return framed(clause(condition, vocabulary, language), language, frame)


def framed(text: str, language: Language, frame: Frame) -> str:
    """A clause as the whole sentence of its frame."""
    return _FRAMES[language][frame].format(text)


def clause(condition: Condition, vocabulary: Vocabulary, language: Language = "de") -> str:
    """The condition without a frame, as it follows "wenn" or "if"."""
    return _Speaker(vocabulary, language).joined(condition)


class _Speaker:
    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.vocabulary = vocabulary
        self.language: Language = language
        self.words = _CLAUSES[language]

    def joined(self, whole: Condition | Group) -> str:
        said = [self.group(part) if isinstance(part, Group) else self.part(part) for part in whole.parts]
        text = self.words["and" if is_conjunction(whole.joint) else "or"].join(said)
        if is_negated(whole.joint):
            return self.words["denied"].format(text)
        return text

    def group(self, group: Group) -> str:
        if group.over is None:
            return f"({self.joined(group)})"
        inner = _Speaker(self.vocabulary.of_entries(group.entries), self.language)
        text = inner.joined(group)
        named = self.quoted(self.vocabulary.label(group.entries))
        return self.words[f"over {group.over}"].format(named, f"({text})" if len(group.parts) > 1 else text)

    def part(self, part: Part) -> str:
        node = self.vocabulary.node(part.field)
        kind = kind_of(node) if node else "text"
        key = part.comparison
        if kind in ("date", "moment") and f"{key} date" in self.words:
            key = f"{key} date"
        if len(part.values) == 1 and f"{key} 1" in self.words:
            key = f"{key} 1"
        values = [self.value(part, node, value) for value in part.values]
        if COMPARISONS[part.comparison].values is None:
            values = [self.listed(values, "nor" if part.comparison == "not_one_of" else "or")]
        return self.words[key].format(self.quoted(self.vocabulary.label(part.field)), *values)

    def listed(self, texts: Sequence[str], joint: str) -> str:
        """Several texts: `„A“, „B“ oder „C“`; of very many, the first and how many more."""
        if len(texts) > _MANY:
            more = self.words[f"more {joint}"].format(len(texts) - _SHOWN)
            return self.words[joint].join([", ".join(texts[:_SHOWN]), more])
        return self.words[joint].join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

    def value(self, part: Part, node: Node | None, value: Value) -> str:
        match value:
            case Answer():
                return self.quoted(self.vocabulary.label(value.path))
            case Today():
                return self.words["today"]
            case str():
                is_choice = isinstance(node, FieldNode) and node.is_choice
                return self.quoted(self.vocabulary.choice(part.field, value) if is_choice else value)
            case int():
                return show_number(value, self.language)
            case Decimal():
                return show_number(plain(value), self.language)
        return self.day(part, value)

    def day(self, part: Part, day: date) -> str:
        shown = show_date(day.isoformat(), self.language)
        return shown if part.comparison in ("is", "is_not") else self.words["the day"].format(shown)

    def quoted(self, text: str) -> str:
        return _QUOTES[self.language].format(text)
