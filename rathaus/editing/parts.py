"""Edits of whole parts of a package: service page, values of service.toml, decisions, process, letters, examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tomlkit.exceptions import TOMLKitError

from rathaus.editing.blocks import Block, Blocks
from rathaus.editing.edit import Edit, Files, stored, with_file
from rathaus.editing.form import SOURCE, TRANSLATIONS, at_language
from rathaus.editing.translations import TRANSLATED, keep_source, remember_source
from rathaus.editing.words import EditError, Words, gettext_noop, named
from rathaus.rules.decisions import DecisionError, read_decision
from rathaus.standards.safe_xml import XmlError, read_xml

SERVICE_FILE = "service.toml"
KEY_LENGTH = 60
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")
# The identity of a service: another key is another service.
_FIXED = frozenset({"key"})


def checked_name(name: str) -> str:
    """A name of a part that can be a file's; raises `EditError`."""
    if not _NAME.fullmatch(name):
        raise EditError(
            gettext_noop("„%(name)s“ taugt nicht als Name. Nehmen Sie Kleinbuchstaben, Ziffern und Striche."),
            name=name,
        )
    return name


@stored
@dataclass(frozen=True, slots=True)
class SetServiceText(Edit):
    """The service page in one language, as Markdown with its fixed sections."""

    language: str
    markdown: str
    made_from: str = ""  # of a translation: `source_hash` of the German text its author saw

    def apply(self, files: Files) -> Files:
        if self.language not in (SOURCE, *TRANSLATIONS):
            raise EditError(
                gettext_noop("Die Sprache %(language)s gibt es hier nicht."), language=self.language
            )
        if not self.markdown.strip():
            raise EditError(gettext_noop("Die Seite der Leistung darf nicht leer sein."))
        text = self.markdown.replace("\r\n", "\n").rstrip("\n") + "\n"
        source = files.get(f"texts/{SOURCE}.md", b"").decode("utf-8", "replace")
        if self.language == SOURCE:
            files = keep_source(files, "service:text", source, text)
        changed = with_file(files, f"texts/{self.language}.md", text.encode())
        if self.language == SOURCE:
            return changed
        return remember_source(changed, self.language, "service:text", source, text, self.made_from)

    def places(self) -> frozenset[str]:
        return frozenset({"service:text" + at_language(self.language)})

    def words(self) -> Words:
        return Words(
            gettext_noop("Seite der Leistung (%(language)s) geändert"), {"language": named(self.language)}
        )


@stored
@dataclass(frozen=True, slots=True)
class SetServiceValue(Edit):
    """A value of service.toml by its dotted key: `fee.setting`, `deadline`, `remedy.NI`, `login_level`, `title.en` …

    `value` is what TOML can say (text, number, truth value, list, table); None takes the key out. Whether the package
    still fits together is seen by its check.
    """

    key: str
    value: Any
    made_from: str = ""  # of a translated text: `source_hash` of the German text its author saw

    def apply(self, files: Files) -> Files:
        keys = tuple(self.key.split("."))
        if keys[0] in _FIXED or not all(keys):
            raise EditError(
                gettext_noop(
                    "Der Schlüssel einer Leistung ändert sich nie. Beginnen Sie dafür einen neuen Entwurf."
                )
            )
        if keys[0] in TRANSLATED and keys[1:] == (SOURCE,):
            files = keep_source(
                files, f"service:{keys[0]}", _words(files, keys[0]).get(SOURCE, ""), str(self.value)
            )
        blocks = Blocks.read(files.get(SERVICE_FILE, b""), SERVICE_FILE)
        try:
            _write(blocks, keys, _listed(self.value))
            content = blocks.write()
            tomllib.loads(content.decode())
        except (TypeError, ValueError, TOMLKitError):
            raise EditError(
                gettext_noop("Dieser Wert lässt sich nicht speichern: %(key)s."), key=self.key
            ) from None
        return self._with_source(with_file(files, SERVICE_FILE, content), *keys)

    def _with_source(self, files: Files, name: str, language: str = "", *_: str) -> Files:
        if name not in TRANSLATED or language not in TRANSLATIONS or not isinstance(self.value, str | None):
            return files
        source = _words(files, name).get(SOURCE, "")
        return remember_source(files, language, f"service:{name}", source, self.value or "", self.made_from)

    def places(self) -> frozenset[str]:
        return frozenset({"service:" + self.key.replace(".", "/")})

    def words(self) -> Words:
        if self.value is None:
            return Words(gettext_noop("Angabe „%(key)s“ entfernt"), {"key": self.key})
        return Words(
            gettext_noop("Angabe „%(key)s“ geändert in „%(value)s“"),
            {"key": self.key, "value": _spoken(self.value)},
        )


def _words(files: Files, name: str) -> Mapping[str, str]:
    """A text of service.toml in its languages."""
    try:
        words = tomllib.loads(files.get(SERVICE_FILE, b"").decode()).get(name, {})
    except ValueError:
        return {}
    return {language: str(text) for language, text in words.items()} if isinstance(words, Mapping) else {}


def _write(blocks: Blocks, keys: tuple[str, ...], value: Any) -> None:
    """Write a value where it stands: in its table, as its own table, as a list of tables, or above all tables."""
    entries = [block for block in blocks.blocks if block.is_entry and block.name == keys]
    if entries or (_is_tables(value) and keys[0] not in blocks.top.values):
        _write_entries(blocks, keys, entries, value or [])
        return
    own = blocks.table(*keys)
    if own is not None and value is None:
        blocks.remove(own)
        return
    inline = keys[0] in blocks.top.values
    if isinstance(value, dict) and not inline and (own is not None or blocks.table(*keys[:-1]) is None):
        own = own or blocks.table_or_new(*keys)
        for key in [*own.values, *value]:
            own.set_at((key,), value.get(key))
        return
    for length in range(len(keys) - 1, 0, -1):
        if (table := blocks.table(*keys[:length])) is not None:
            table.set_at(keys[length:], value)
            return
    if len(keys) == 1 or inline:
        blocks.top.set_at(keys, value)
    elif value is not None:
        blocks.table_or_new(*keys[:-1]).set_at(keys[-1:], value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _write_entries(
    blocks: Blocks, keys: tuple[str, ...], old: list[Block], new: list[dict[str, Any]]
) -> None:
    """Bring a list of tables in step, entry by entry, so that what stays keeps its comments."""
    for block, values in zip(old, new, strict=False):
        for key in [*block.values, *values]:
            block.set_at((key,), values.get(key))
    for block in old[len(new) :]:
        blocks.remove(block)
    for values in new[len(old) :]:
        block = blocks.new_entry(".".join(keys))
        for key, item in values.items():
            block.set_at((key,), item)


def _listed(value: Any) -> Any:
    """Tuples (from stored edits) as lists, all the way down."""
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value


def _spoken(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_spoken, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_spoken(item)}" for key, item in value.items())
    return str(value)


def key_of(files: Files) -> str:
    """The service's key; raises `EditError` if service.toml does not say it."""
    key = Blocks.read(files.get(SERVICE_FILE, b""), SERVICE_FILE).top.values.get("key")
    if not isinstance(key, str) or not _NAME.fullmatch(key) or len(key) > KEY_LENGTH:
        raise EditError(
            gettext_noop("Das Paket nennt keinen brauchbaren Schlüssel der Leistung (service.toml, key).")
        )
    return key


def with_key(files: Files, key: str) -> Files:
    """The package as another service: a design may begin under a new key, never change it later."""
    if len(checked_name(key)) > KEY_LENGTH:
        raise EditError(gettext_noop("Der Schlüssel einer Leistung hat höchstens 60 Zeichen."))
    blocks = Blocks.read(files.get(SERVICE_FILE, b""), SERVICE_FILE)
    blocks.top.set("key", key)
    return with_file(files, SERVICE_FILE, blocks.write())


@stored
@dataclass(frozen=True, slots=True)
class SetDecision(Edit):
    """A decision table (DMN 1.3), new or changed."""

    name: str
    dmn: str

    def apply(self, files: Files) -> Files:
        try:
            read_decision(self.dmn.encode())
        except DecisionError as error:
            raise EditError(
                gettext_noop("Die Entscheidungstabelle ist nicht lesbar: %(error)s."), error=error
            ) from None
        return with_file(files, f"decisions/{checked_name(self.name)}.dmn", self.dmn.encode())

    def places(self) -> frozenset[str]:
        return frozenset({f"file:decisions/{self.name}.dmn"})

    def words(self) -> Words:
        return Words(gettext_noop("Entscheidungstabelle „%(name)s“ geändert"), {"name": self.name})


@stored
@dataclass(frozen=True, slots=True)
class SetProcess(Edit):
    """The process as drawn (BPMN 2.0). Whether it can run is seen by the check."""

    bpmn: str

    def apply(self, files: Files) -> Files:
        try:
            read_xml(self.bpmn.encode())
        except XmlError as error:
            raise EditError(
                gettext_noop("Der Prozess ist nicht lesbar: %(error)s."), error=error.message
            ) from None
        return with_file(files, "process.bpmn", self.bpmn.encode())

    def places(self) -> frozenset[str]:
        return frozenset({"file:process.bpmn"})

    def words(self) -> Words:
        return Words(gettext_noop("Prozess geändert"))


@stored
@dataclass(frozen=True, slots=True)
class SetLetter(Edit):
    """A letter (Typst), new or changed."""

    name: str
    typst: str

    def apply(self, files: Files) -> Files:
        if not self.typst.strip():
            raise EditError(gettext_noop("Der Brief darf nicht leer sein."))
        text = self.typst.replace("\r\n", "\n").rstrip("\n") + "\n"
        return with_file(files, f"letters/{checked_name(self.name)}.typ", text.encode())

    def places(self) -> frozenset[str]:
        return frozenset({f"file:letters/{self.name}.typ"})

    def words(self) -> Words:
        return Words(gettext_noop("Brief „%(name)s“ geändert"), {"name": self.name})


@stored
@dataclass(frozen=True, slots=True)
class SetExample(Edit):
    """An example with its expected outcome, new or changed (TOML)."""

    name: str
    toml: str

    def apply(self, files: Files) -> Files:
        try:
            tomllib.loads(self.toml)
        except tomllib.TOMLDecodeError as error:
            raise EditError(gettext_noop("Das Beispiel ist nicht lesbar: %(error)s."), error=error) from None
        text = self.toml.rstrip("\n") + "\n"
        return with_file(files, f"examples/{checked_name(self.name)}.toml", text.encode())

    def places(self) -> frozenset[str]:
        return frozenset({f"file:examples/{self.name}.toml"})

    def words(self) -> Words:
        return Words(gettext_noop("Beispiel „%(name)s“ gespeichert"), {"name": self.name})


@stored
@dataclass(frozen=True, slots=True)
class RemovePart(Edit):
    """Take a decision table, letter, code list or example out, by its file name."""

    file: str

    def apply(self, files: Files) -> Files:
        if self.file not in files:
            raise EditError(gettext_noop("Die Datei „%(file)s“ gibt es nicht (mehr)."), file=self.file)
        if not self.file.startswith(("decisions/", "letters/", "codelists/", "examples/")):
            raise EditError(gettext_noop("Ohne „%(file)s“ wäre die Leistung unvollständig."), file=self.file)
        return with_file(files, self.file, None)

    def places(self) -> frozenset[str]:
        return frozenset({f"file:{self.file}"})

    def words(self) -> Words:
        return Words(gettext_noop("„%(file)s“ entfernt"), {"file": self.file})


@stored
@dataclass(frozen=True, slots=True)
class RemoveExample(Edit):
    """Take an example out."""

    name: str

    def apply(self, files: Files) -> Files:
        return RemovePart(f"examples/{self.name}.toml").apply(files)

    def places(self) -> frozenset[str]:
        return frozenset({f"file:examples/{self.name}.toml"})

    def words(self) -> Words:
        return Words(gettext_noop("Beispiel „%(name)s“ entfernt"), {"name": self.name})
