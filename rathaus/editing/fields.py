"""Edits of single questions, checks and choices: wording, conditions, looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.editing.edit import Edit, Files, stored
from rathaus.editing.form import SOURCE, FormFiles, at_language
from rathaus.editing.translations import german_field_text, keep_source, remember_source
from rathaus.editing.words import EditError, Words, gettext_noop, named
from rathaus.forms.definition import WIDGETS
from rathaus.forms.tree import FieldNode

_RULES = ("show", "require", "default")
_LOOKS = ("widget", "autocomplete", "optional_hint")
_TEXTS = ("label", "help", "details")


def _refuse_key(key: str) -> EditError:
    return EditError(gettext_noop("Das lässt sich an einer Frage nicht einstellen: %(key)s."), key=key)


@stored
@dataclass(frozen=True, slots=True)
class SetFieldText(Edit):
    """Reword a question in one language: label, help, details. Empty: the schema's own words again."""

    path: str
    language: str
    key: str  # label, help, details; content of a label field in another language
    text: str
    made_from: str = ""  # of a translation: `source_hash` of the German text its author saw

    def apply(self, files: Files) -> Files:
        place = f"field:{self.path}/{self.key}"
        if self.language == SOURCE:
            german = german_field_text(FormFiles(files), self.path, self.key)
            files = keep_source(files, place, german, self.text)
        form = FormFiles(files)
        form.known(self.path)
        text = self.text.strip()
        allowed = _TEXTS if self.language == SOURCE else (*_TEXTS, "content")
        if self.key not in allowed:
            raise _refuse_key(self.key)
        texts = form.form if self.language == SOURCE else form.translation(self.language)
        table = texts.table_or_new("field", self.path)
        table.set(self.key, text)
        texts.drop_if_empty(table)
        if self.language == SOURCE:
            return form.write()
        source = german_field_text(form, self.path, self.key)
        return remember_source(form.write(), self.language, place, source, text, self.made_from)

    def places(self) -> frozenset[str]:
        return frozenset({f"field:{self.path}/{self.key}" + at_language(self.language)})

    def words(self) -> Words:
        return Words(
            gettext_noop("Frage „%(path)s“: %(key)s (%(language)s) geändert in „%(text)s“"),
            {"path": self.path, "key": named(self.key), "language": named(self.language), "text": self.text},
        )


@stored
@dataclass(frozen=True, slots=True)
class SetFieldRule(Edit):
    """When a question is shown or must be answered, or what it is filled in with (CEL). Empty: no rule."""

    path: str
    key: str  # show, require, default
    rule: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        form.known(self.path)
        if self.key not in _RULES:
            raise _refuse_key(self.key)
        table = form.form.table_or_new("field", self.path)
        table.set(self.key, self.rule.strip())
        form.form.drop_if_empty(table)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"field:{self.path}/{self.key}"})

    def words(self) -> Words:
        values = {"path": self.path, "rule": self.rule}
        texts = {
            "show": gettext_noop("Frage „%(path)s“ wird gezeigt, wenn: %(rule)s"),
            "require": gettext_noop("Frage „%(path)s“ ist Pflicht, wenn: %(rule)s"),
            "default": gettext_noop("Frage „%(path)s“ ist vorbelegt mit: %(rule)s"),
        }
        gone = {
            "show": gettext_noop("Frage „%(path)s“ wird immer gezeigt"),
            "require": gettext_noop("Frage „%(path)s“: keine eigene Regel mehr für die Pflicht"),
            "default": gettext_noop("Frage „%(path)s“ ist nicht mehr vorbelegt"),
        }
        return Words((texts if self.rule.strip() else gone).get(self.key, self.key), values)


@stored
@dataclass(frozen=True, slots=True)
class SetFieldLook(Edit):
    """How a question is drawn: widget, autocomplete, optional_hint. Empty or false: the form engine's own choice."""

    path: str
    key: str
    value: str | bool

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        form.known(self.path)
        if self.key not in _LOOKS or isinstance(self.value, bool) != (self.key == "optional_hint"):
            raise _refuse_key(self.key)
        if self.key == "widget" and self.value and self.value not in WIDGETS:
            raise EditError(
                gettext_noop("Ein solches Eingabefeld gibt es nicht: %(widget)s."), widget=self.value
            )
        table = form.form.table_or_new("field", self.path)
        table.set(self.key, self.value)
        form.form.drop_if_empty(table)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"field:{self.path}/{self.key}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Frage „%(path)s“: Darstellung geändert (%(key)s: %(value)s)"),
            {"path": self.path, "key": named(self.key), "value": self.value},
        )


@stored
@dataclass(frozen=True, slots=True)
class SetCheck(Edit):
    """A check across answers, new or changed. `messages`: language → how to mend it, German always."""

    id: str
    valid: str
    messages: Mapping[str, str]
    fields: tuple[str, ...] = ()
    when: str = ""
    level: str = "error"

    def apply(self, files: Files) -> Files:
        if not self.id.strip() or not self.valid.strip() or not self.messages.get(SOURCE, "").strip():
            raise EditError(
                gettext_noop("Eine Prüfung braucht einen Namen, eine Bedingung und einen Hinweistext.")
            )
        files = self._with_sources(files)
        form = FormFiles(files)
        if self.level not in ("error", "notice"):
            raise EditError(gettext_noop("Eine Prüfung ist ein Fehler (error) oder ein Hinweis (notice)."))
        for path in self.fields:
            form.known(path)
        check = form.form.entry("check", self.id) or form.form.new_entry("check")
        check.set("id", self.id)
        check.set("when", self.when.strip())
        check.set("valid", self.valid.strip())
        check.set("fields", list(self.fields) or None)
        check.set("level", self.level if self.level != "error" or "level" in check.values else None)
        check.set("message", self.messages[SOURCE].strip())
        given = {language: text.strip() for language, text in self.messages.items() if language != SOURCE}
        for language, text in given.items():
            translation = form.translation(language)
            table = translation.table_or_new("check", self.id)
            table.set("message", text)
            translation.drop_if_empty(table)
        files = form.write()
        for language, text in given.items():
            files = remember_source(files, language, f"check:{self.id}/message", self.messages[SOURCE], text)
        return files

    def _with_sources(self, files: Files) -> Files:
        known = FormFiles(files).form.entry("check", self.id)
        if known is None:
            return files
        german = str(known.values.get("message", ""))
        return keep_source(files, f"check:{self.id}/message", german, self.messages[SOURCE])

    def places(self) -> frozenset[str]:
        return frozenset({f"check:{self.id}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Prüfung „%(id)s“: %(rule)s"),
            {"id": self.id, "rule": self.valid},
        )


@stored
@dataclass(frozen=True, slots=True)
class RemoveCheck(Edit):
    """Take a check out."""

    id: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        check = form.form.entry("check", self.id)
        if check is None:
            raise EditError(gettext_noop("Die Prüfung „%(id)s“ gibt es nicht (mehr)."), id=self.id)
        form.form.remove(check)
        for blocks, table in list(form.translated("check", self.id)):
            blocks.remove(table)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"check:{self.id}"})

    def words(self) -> Words:
        return Words(gettext_noop("Prüfung „%(id)s“ entfernt"), {"id": self.id})


@stored
@dataclass(frozen=True, slots=True)
class SetCodeText(Edit):
    """What a choice is called in another language. The German names are the code list's."""

    path: str
    code: str
    language: str
    text: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        node = form.known(self.path)
        if not isinstance(node, FieldNode) or not node.is_choice:
            raise EditError(gettext_noop("„%(path)s“ ist keine Auswahl."), path=self.path)
        translation = form.translation(self.language)
        table = translation.table_or_new("codes", self.path)
        has_help = isinstance(
            table.values.get(self.code), Mapping
        )  # {name = "…", help = "…"}: the help stays
        table.set_at((self.code, "name") if has_help else (self.code,), self.text.strip() or None)
        translation.drop_if_empty(table)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"codes:{self.path}/{self.code}" + at_language(self.language)})

    def words(self) -> Words:
        return Words(
            gettext_noop("Auswahl „%(code)s“ von „%(path)s“ (%(language)s): „%(text)s“"),
            {"code": self.code, "path": self.path, "language": named(self.language), "text": self.text},
        )
