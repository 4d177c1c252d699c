"""Which translations are older than their German text.

`texts/state.toml` keeps, for each text that was translated here, a short hash of the German text it was made from. A
text without an entry was translated elsewhere: it is taken as good unless it repeats the German text word for word.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import tomlkit

from rathaus.editing.edit import Files, with_file
from rathaus.editing.form import SOURCE, TRANSLATIONS, FormFiles, translation_file
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.texts import FIELD_TEXTS, PAGE_TEXTS
from rathaus.forms.tree import FieldNode

STATE_FILE = "texts/state.toml"
TRANSLATED = ("title", "summary")  # of service.toml
_HEADING = "Aus welchem deutschen Text jede Übersetzung gemacht wurde (Prüfsumme)."


@dataclass(frozen=True, slots=True)
class Stale:
    """A text that has to be translated again: its German text changed, or it was never translated."""

    language: str
    place: str  # as in `Edit.places`, without the language
    german: str
    translation: str
    state: Literal["changed", "untranslated"]


def source_hash(text: str) -> str:
    """Short hash of a German text, blind to white space."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def remember_source(
    files: Files, language: str, place: str, source: str, translation: str, made_from: str = ""
) -> Files:
    """Note that the translation at a place was made from this German text; without a translation, forget it.

    `made_from` is the hash of the German text its author saw, if that may be another than the one of now.
    """
    document = tomlkit.parse(files.get(STATE_FILE, b"").decode("utf-8"))
    if not document:
        document.add(tomlkit.comment(_HEADING))
    if language not in document:
        document[language] = tomlkit.table()
    table: Any = document[language]
    if translation.strip():
        table[place] = made_from or source_hash(source)
    elif place in table:
        del table[place]
    content = tomlkit.dumps(document).encode()
    return files if content == files.get(STATE_FILE) else with_file(files, STATE_FILE, content)


def keep_source(files: Files, place: str, german: str, new: str) -> Files:
    """Before a German text becomes a new one: translations that nobody noted anything about were made from the old."""
    if source_hash(german) == source_hash(new):
        return files
    for language in TRANSLATIONS:
        translation = _translation_at(files, language, place)
        if translation.strip() and german.strip() and place not in _toml(files, STATE_FILE).get(language, {}):
            files = remember_source(files, language, place, german, translation)
    return files


def merged_state(before: bytes | None, now: bytes | None, after: bytes | None) -> bytes | None:
    """The notes of two people brought together entry by entry; what both changed is as in `after`."""
    was, other, mine = (_toml({STATE_FILE: content or b""}, STATE_FILE) for content in (before, now, after))
    document = tomlkit.parse((now or b"").decode("utf-8"))
    for language in {*was, *mine}:
        old, new = was.get(language, {}), mine.get(language, {})
        if language not in other:
            document[language] = tomlkit.table()
        table: Any = document[language]
        for place in sorted({*old, *new}):
            if old.get(place) == new.get(place):
                continue
            if place in new:
                table[place] = new[place]
            elif place in table:
                del table[place]
        if not table:
            del document[language]
    return tomlkit.dumps(document).encode() if document else None


def _translation_at(files: Files, language: str, place: str) -> str:
    kind, _, rest = place.partition(":")
    if place == "service:text":
        return _text(files, f"texts/{language}.md")
    if kind == "service":
        words = _toml(files, "service.toml").get(rest, {})
        return str(words.get(language, "")) if isinstance(words, Mapping) else ""
    name, _, key = rest.rpartition("/")
    tables = dict(_tables(_toml(files, translation_file(language)), kind))
    return str(tables.get(name, {}).get(key, ""))


def stale_translations(files: Files) -> list[Stale]:
    """Every translation whose German text changed since, or that repeats the German text unseen."""
    state = _toml(files, STATE_FILE)
    found = []
    for language in TRANSLATIONS:
        known = state.get(language, {})
        for place, german, translation in _pairs(files, language):
            if not german.strip() or not translation.strip():
                continue
            if place in known:
                if known[place] != source_hash(german):
                    found.append(Stale(language, place, german, translation, "changed"))
            elif language == "en" and german.strip() == translation.strip() and any(map(str.isalpha, german)):
                found.append(Stale(language, place, german, translation, "untranslated"))
    return found


def german_field_text(form: FormFiles, path: str, key: str) -> str:
    """What a field's label, help, details or content says in German: form.toml's own words, or the schema's."""
    table = form.form.table("field", path)
    own = str(table.values.get(key, "")) if table else ""
    node = form.tree.nodes.get(path)
    if own or node is None:
        return own
    if key == "content":
        return node.content if isinstance(node, FieldNode) else ""
    return {"label": node.label, "help": node.help}.get(key, "")


def _pairs(files: Files, language: str) -> Iterator[tuple[str, str, str]]:
    """(place, German text, translation) of every text the package has in a language."""
    form = FormFiles(files)
    if FORM_FILE in files and translation_file(language) in files:
        texts = _toml(files, translation_file(language))
        german = _toml(files, FORM_FILE)
        for name, table in _tables(texts, "page"):
            page: Mapping[str, Any] = next((p for p in german.get("page", []) if p.get("id") == name), {})
            yield from (
                (f"page:{name}/{key}", page.get(key, ""), table[key]) for key in PAGE_TEXTS if key in table
            )
        for path, table in _tables(texts, "field"):
            for key in (*FIELD_TEXTS, "content"):
                if key in table:
                    yield f"field:{path}/{key}", german_field_text(form, path, key), table[key]
        for name, table in _tables(texts, "check"):
            check: Mapping[str, Any] = next((c for c in german.get("check", []) if c.get("id") == name), {})
            yield f"check:{name}/message", check.get("message", ""), table.get("message", "")
    info = _toml(files, "service.toml")
    for key in TRANSLATED:
        words = info.get(key, {})
        if isinstance(words, Mapping):
            yield f"service:{key}", words.get(SOURCE, ""), words.get(language, "")
    page_file = f"texts/{language}.md"
    if page_file in files:
        yield "service:text", _text(files, f"texts/{SOURCE}.md"), _text(files, page_file)


def _tables(texts: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    tables = texts.get(kind, {})
    if isinstance(tables, Mapping):
        yield from ((name, table) for name, table in tables.items() if isinstance(table, Mapping))


def _toml(files: Files, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(files.get(name, b"").decode("utf-8"))
    except ValueError:
        return {}


def _text(files: Files, name: str) -> str:
    return files.get(name, b"").decode("utf-8", "replace")
