"""FIM's translations of a schema (message uebersetzung.0106) as texts of a form that people already work on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rathaus.drafting import DraftFinding
from rathaus.drafting.code_lists import CodeListStore, resolve
from rathaus.drafting.looks import look_of
from rathaus.drafting.paging import draft_pages
from rathaus.drafting.translating import translate_texts
from rathaus.editing.edit import Files
from rathaus.editing.form import SOURCE, TRANSLATIONS, FormFiles, translation_file
from rathaus.editing.parts import SERVICE_FILE, SetServiceValue
from rathaus.editing.translations import STATE_FILE, german_field_text, remember_source, source_hash
from rathaus.editing.words import EditError, gettext_noop
from rathaus.forms.tree import SCHEMA_FILE, SchemaTree
from rathaus.standards.xdatenfelder.model import Translation
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema


@dataclass(frozen=True, slots=True)
class Translated:
    """A package with FIM's translations. `texts`: how many were taken; `reworded`: of how many the German text is
    another than FIM's, so that the translation does not fit; `findings`: what of the files fits the schema only almost.
    """

    files: Files
    texts: int
    reworded: int
    findings: tuple[DraftFinding, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A translation for a place of the form, with the German text it was made from."""

    place: str
    name: tuple[str, str]  # of the table
    key: str
    text: Any
    german: str


def with_translations(files: Files, translations: Sequence[Translation]) -> Translated:
    """The package in which every text that still says what FIM says has FIM's translation.

    What was reworded here keeps its own translation, or none. Raises `EditError` if the schema cannot be read.
    """
    try:
        schema = read_schema(files.get(SCHEMA_FILE, b""))
    except XdfError as error:
        raise EditError(
            gettext_noop("Die Datenfelder (schema.xdf.xml) sind nicht lesbar: %(error)s."),
            error=error.message,
        ) from None
    lists = resolve(schema, CodeListStore.of_package(files)).lists
    tree = SchemaTree.build(schema, lists)
    translated = translate_texts(schema, lists, tree, translations)
    form = FormFiles(files)
    taken: dict[str, list[_Text]] = {}
    reworded = 0
    for language in TRANSLATIONS:
        if translation_file(language) not in translated.files:
            continue
        content = tomllib.loads(translated.files[translation_file(language)].decode())
        blocks = form.translation(language)
        for one in _texts(content, tree):
            now = _german(form, one)
            if now is None or source_hash(now) != source_hash(one.german):
                reworded += 1
                continue
            table = blocks.table_or_new(*one.name)
            if table.values.get(one.key) != one.text:
                table.set(one.key, one.text)
                taken.setdefault(language, []).append(one)
            blocks.drop_if_empty(table)
    after = form.write()
    for language, texts in taken.items():
        after = _noted(after, language, texts)
    titles = _titles(after, translated.titles)
    for edit in titles:
        after = edit.apply(after)
    count = len(titles) + sum(map(len, taken.values()))
    return Translated(after, count, reworded, translated.findings)


def _texts(content: Mapping[str, Any], tree: SchemaTree) -> Iterator[_Text]:
    """What a drafted translation says, beside the German text of the draft."""
    pages = {page.id: page for page in draft_pages(tree)}
    for name, table in content.get("page", {}).items():
        for key, text in table.items():
            german = str(getattr(pages[name], key))
            yield _Text(f"page:{name}/{key}", ("page", name), key, text, german)
    for path, table in content.get("field", {}).items():
        node = tree.nodes[path]
        german_texts = {"label": node.label, "help": node.help, "content": getattr(node, "content", "")}
        german_texts |= {key: str(text) for key, text in look_of(node).items()}
        for key, text in table.items():
            german = german_texts.get(key, "")
            yield _Text(f"field:{path}/{key}", ("field", path), key, text, german)
    for path, table in content.get("codes", {}).items():
        for code, text in table.items():
            yield _Text(f"codes:{path}/{code}", ("codes", path), code, text, "")


def _german(form: FormFiles, one: _Text) -> str | None:
    """What the form says there in German; None if it has no such place any more."""
    kind, name = one.name
    if kind == "page":
        page = form.form.entry("page", name)
        return str(page.values.get(one.key, "")) if page else None
    return german_field_text(form, name, one.key) if kind == "field" else ""


def _noted(files: Files, language: str, texts: Sequence[_Text]) -> Files:
    """A translation that was older than its German text is so no longer."""
    noted = tomllib.loads(files.get(STATE_FILE, b"").decode("utf-8")).get(language, {})
    for one in texts:
        if one.place in noted:
            files = remember_source(files, language, one.place, one.german, str(one.text))
    return files


def _titles(files: Files, titles: Mapping[str, str]) -> list[SetServiceValue]:
    """Names of the service in languages that have none yet."""
    title = tomllib.loads(files.get(SERVICE_FILE, b"").decode("utf-8")).get("title", {})
    return [
        SetServiceValue(f"title.{language}", text)
        for language, text in titles.items()
        if text and title.get(SOURCE) and not title.get(language)
    ]
