"""Where a form has conditions, what they say, and how they are changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.building import (
    COMPARISONS,
    Condition,
    Frame,
    Language,
    Part,
    Vocabulary,
    framed,
    from_cel,
    sentence,
)
from rathaus.designer.opened import Opened
from rathaus.designer.wording import field_label, page_title
from rathaus.drafting import CodeListStore
from rathaus.editing import Edit, SetFieldRule, SetPageRule
from rathaus.editing.form import SOURCE, fields_of, questions_of
from rathaus.forms.tree import SCHEMA_FILE, GroupNode, SchemaTree
from rathaus.freetext.describing import describe
from rathaus.standards.xdatenfelder.reader import read_schema

# The place of a check that is not there yet.
NEW_CHECK = "neue-pruefung"
_FRAMES: dict[tuple[str, str], Frame] = {
    ("seite", "zeigen"): "show_page",
    ("frage", "zeigen"): "show",
    ("frage", "pflicht"): "require",
}
_KEYS = {"zeigen": "show", "pflicht": "require"}


def spoken_language() -> Language:
    """The language in which sentences about conditions are said: that of the page."""
    return "en" if (get_language() or "").startswith("en") else "de"


@dataclass(frozen=True, slots=True)
class Place:
    """What a condition belongs to, as it stands in an address: `seite:beginn:zeigen`, `pruefung:im_stadtgebiet`."""

    kind: Literal["seite", "frage", "pruefung"]
    name: str
    aspect: str = ""

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place in an address; None if it is none."""
        if text == NEW_CHECK:
            return cls("pruefung", "")
        kind, _colon, rest = text.partition(":")
        if kind == "pruefung" and rest:
            return cls("pruefung", rest)
        name, _colon, aspect = rest.rpartition(":")
        if name and (kind, aspect) in _FRAMES:
            return cls(cast(Literal["seite", "frage"], kind), name, aspect)
        return None

    def __str__(self) -> str:
        if self.kind == "pruefung":
            return f"pruefung:{self.name}" if self.name else NEW_CHECK
        return f"{self.kind}:{self.name}:{self.aspect}"

    @property
    def frame(self) -> Frame:
        """What its condition decides; for a check, whether the answers are right."""
        return _FRAMES.get((self.kind, self.aspect), "valid")

    def edit(self, rule: str) -> Edit:
        """The edit that gives a page or question another rule."""
        if self.kind == "seite":
            return SetPageRule(self.name, rule)
        return SetFieldRule(self.name, _KEYS[self.aspect], rule)


@dataclass(frozen=True, slots=True)
class Told:
    """A rule as people see it: a sentence, or the rule alone if there is none."""

    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of conditions."""

    place: Place
    title: str
    told: tuple[Told, ...]
    note: str = ""


class Conditions:
    """The conditions of one state of a design."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.language = spoken_language()

    @cached_property
    def tree(self) -> SchemaTree:
        """The questions, with the choices of the package's code lists. Raises `EditError`."""
        files = self.opened.files
        _readable = self.opened.form.tree  # says in words if the schema cannot be read
        return SchemaTree.build(read_schema(files[SCHEMA_FILE]), CodeListStore.of_package(files).lists)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        found = {}
        for table in self.opened.form.form.tables("field"):
            if label := str(table.values.get("label", "")).strip():
                found[table.name[1]] = label
        return found

    def vocabulary(self, place: Place) -> Vocabulary:
        """What a condition at a place can ask."""
        scope = self._scope(place)
        return Vocabulary(self.tree, scope if scope and scope.path else None, self._labels)

    def of_fields(self, fields: tuple[str, ...]) -> Vocabulary:
        """What a check of these questions can ask."""
        scopes = {node.scope for path in fields if (node := self.tree.nodes.get(path))}
        scope = scopes.pop() if len(scopes) == 1 else None
        return Vocabulary(self.tree, scope if scope and scope.path else None, self._labels)

    def _scope(self, place: Place) -> GroupNode | None:
        if place.kind == "seite":
            page = self.opened.form.form.entry("page", place.name)
            return self.tree.group(str(page.values.get("repeat", ""))) if page else None
        if place.kind == "frage":
            node = self.tree.nodes.get(place.name)
            return node.scope if node else None
        return self.of_fields(self.check(place.name)["fields"]).scope

    def exists(self, place: Place) -> bool:
        """Whether the form has the page, question or check; a new check has no name yet."""
        if place.kind == "seite":
            return self.opened.form.form.entry("page", place.name) is not None
        if place.kind == "frage":
            return place.name in self.tree.nodes
        return not place.name or self.opened.form.form.entry("check", place.name) is not None

    def rule(self, place: Place) -> str:
        """The rule at a place of a page or question."""
        form = self.opened.form.form
        table = form.entry("page", place.name) if place.kind == "seite" else form.table("field", place.name)
        return str(table.values.get(_KEYS[place.aspect], "")).strip() if table else ""

    def check(self, name: str) -> dict[str, Any]:
        """What a check says; empty texts for one that is not there."""
        entry = self.opened.form.form.entry("check", name) if name else None
        values = entry.values if entry else {}
        fields = values.get("fields", [])
        return {
            **{key: str(values.get(key, "")).strip() for key in ("when", "valid", "message")},
            "level": str(values.get("level", "error")),
            "fields": tuple(map(str, fields)) if isinstance(fields, list) else (),
        }

    def message(self, name: str, language: str) -> str:
        """What a check says to applicants in a language."""
        if language == SOURCE:
            return str(self.check(name)["message"])
        table = self.opened.form.translation(language).table("check", name)
        return str(table.values.get("message", "")).strip() if table else ""

    def told(
        self, rule: str, vocabulary: Vocabulary, frame: Frame, answered: frozenset[str] = frozenset()
    ) -> Told:
        """A rule read out, as rows can show it, or at least in words."""
        condition = from_cel(rule, vocabulary, answered)
        if condition is not None:
            return Told(rule, sentence(condition, vocabulary, self.language, frame))
        said = describe(rule, self.tree, vocabulary.scope, self.language)
        if not said:
            return Told(rule, "")
        # What is described stands in the order of a main clause, which no German "wenn" takes.
        return Told(rule, framed(f"gilt: {said}" if self.language == "de" else said, self.language, frame))

    def told_check(self, name: str) -> tuple[Told, ...]:
        """What a check asks for, and when it is made."""
        check = self.check(name)
        vocabulary = self.of_fields(check["fields"])
        answered = answered_by(from_cel(check["when"], vocabulary) if check["when"] else None)
        told = [self.told(check["valid"], vocabulary, "valid", answered)]
        if check["when"]:
            told.append(self.told(check["when"], vocabulary, "when"))
        return tuple(told)

    def title(self, place: Place) -> str:
        """What the condition belongs to, in words."""
        if place.kind == "seite":
            return _("Seite „%(title)s“") % {"title": page_title(self.opened, place.name)}
        if place.kind == "frage":
            return _("Frage „%(label)s“") % {"label": field_label(self.opened, place.name)}
        return _("Prüfung „%(name)s“") % {"name": place.name} if place.name else _("Neue Prüfung")

    def listed(self) -> Iterator[Listed]:
        """Every condition of the form: page by page, then what is set for other fields, then the checks."""
        for place in self._places():
            if rule := self.rule(place):
                yield Listed(
                    place, self.title(place), (self.told(rule, self.vocabulary(place), place.frame),)
                )

    def checks(self) -> Iterator[Listed]:
        """Every check of the form."""
        for entry in self.opened.form.form.entries("check"):
            name = str(entry.values.get("id", ""))
            place = Place("pruefung", name)
            yield Listed(place, self.title(place), self.told_check(name), self.check(name)["message"])

    def _places(self) -> Iterator[Place]:
        seen: set[str] = set()
        tables = [table.name[1] for table in self.opened.form.form.tables("field")]
        for page in self.opened.form.pages():
            yield Place("seite", str(page.values.get("id", "")), "zeigen")
            below = tuple(fields_of(page))
            for path in tables:
                if path not in seen and any(path == one or path.startswith(f"{one}.") for one in below):
                    seen.add(path)
                    yield from _of_field(path)
        for path in tables:
            if path not in seen:
                yield from _of_field(path)

    def open_places(self) -> list[tuple[str, str]]:
        """Places that have no condition yet, with their names, to choose from."""
        found = []
        for page in self.opened.form.pages():
            place = Place("seite", str(page.values.get("id", "")), "zeigen")
            if not self.rule(place):
                found.append((str(place), _("%(what)s: wann sie erscheint") % {"what": self.title(place)}))
        for path in questions_of(self.opened.form):
            for place in _of_field(path):
                if not self.rule(place):
                    text = (
                        _("%(what)s: wann sie erscheint")
                        if place.aspect == "zeigen"
                        else _("%(what)s: wann sie Pflicht ist")
                    )
                    found.append((str(place), text % {"what": self.title(place)}))
        return found


def _of_field(path: str) -> tuple[Place, Place]:
    return Place("frage", path, "zeigen"), Place("frage", path, "pflicht")


def answered_by(condition: Condition | None) -> frozenset[str]:
    """Questions that are certain to be answered where a condition holds."""
    if condition is None or condition.joint != "all":
        return frozenset()
    return frozenset(
        part.field
        for part in condition.parts
        if isinstance(part, Part) and COMPARISONS[part.comparison].answered
    )
