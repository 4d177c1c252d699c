"""The texts of a draft in other languages, from FIM's translations of a schema (message uebersetzung.0106).

The translated schema is drafted like the German one: pages get their titles from the same groups, long help texts are
cut at the same place. Only texts that a translation brings are written; for the rest the form shows German.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rathaus.drafting import tomltext
from rathaus.drafting.findings import DraftFinding, gettext_noop
from rathaus.drafting.looks import look_of
from rathaus.drafting.paging import draft_pages
from rathaus.drafting.walking import elements_of
from rathaus.forms.tree import CodeSource, FieldNode, SchemaTree
from rathaus.standards.xdatenfelder.model import (
    ElementTranslation,
    Field,
    Group,
    Placement,
    Schema,
    Translation,
)

LANGUAGES = ("en", "de-simple")
"""The languages a package can have beside German."""
_PAGE_TEXTS = ("title", "section", "entry_label")
_NAMED = 8  # elements that a finding lists


@dataclass(frozen=True, slots=True)
class TranslatedTexts:
    """`files`: texts/form.<language>.toml; `titles`: what the schema is called, by language; what is to be said."""

    files: Mapping[str, bytes]
    titles: Mapping[str, str]
    findings: tuple[DraftFinding, ...]


def translate_texts(
    schema: Schema, lists: Mapping[str, CodeSource], german: SchemaTree, translations: Sequence[Translation]
) -> TranslatedTexts:
    """The translations as texts of the form that is drafted from the schema."""
    files: dict[str, bytes] = {}
    titles: dict[str, str] = {}
    findings: list[DraftFinding] = []
    for translation in translations:
        language, refusal = _language(translation, schema, titles)
        if refusal:
            findings.append(refusal)
            continue
        known = _Known(translation)
        titles[language] = known.label(schema) or ""
        tree = SchemaTree.build(_translated(schema, known), lists)
        text = _form_text(german, tree, language, _codes(schema, known, tree, language, findings))
        files[f"texts/form.{language}.toml"] = text.encode()
        findings += known.findings(language, schema)
    return TranslatedTexts(files, {name: title for name, title in titles.items() if title}, tuple(findings))


def _language(
    translation: Translation, schema: Schema, taken: Iterable[str]
) -> tuple[str, DraftFinding | None]:
    written = "-".join(filter(None, (translation.language, translation.region, translation.variant)))
    language = {("de", "simple"): "de-simple", ("en", None): "en"}.get(
        (translation.language.lower(), translation.variant), ""
    )
    values = {"language": written, "found": translation.schema_id, "wanted": schema.id}
    if translation.schema_id != schema.id:
        return "", DraftFinding("translation.foreign", _FOREIGN, values, severity="error")
    if not language:
        return "", DraftFinding("translation.language", _NOT_OFFERED, values)
    if language in taken:
        return "", DraftFinding("translation.twice", _TWICE, values)
    return language, None


class _Known:
    """The elements of a translation: found by id and version, else by id alone, which is noted."""

    def __init__(self, translation: Translation) -> None:
        self._exact = {(entry.id, entry.version): entry for entry in translation.elements}
        self._by_id = {entry.id: entry for entry in reversed(translation.elements)}
        self._used: set[str] = set()
        self._other_versions: dict[str, None] = {}

    def find(self, element: Schema | Group | Field) -> ElementTranslation | None:
        found = self._exact.get((element.id, element.version)) or self._by_id.get(element.id)
        if found is not None:
            self._used.add(found.id)
            if found.version and element.version and found.version != element.version:
                self._other_versions[found.id] = None
        return found

    def label(self, element: Schema | Group | Field) -> str:
        found = self.find(element)
        return found.label.strip() if found else ""

    def findings(self, language: str, schema: Schema) -> list[DraftFinding]:
        """What of the translation fits only almost, or not at all."""
        findings = []
        unknown = [identifier for identifier in self._by_id if identifier not in self._used]
        messages = sum(len(rule.messages) for entry in self._exact.values() for rule in entry.rules)
        for code, text, elements in (
            ("translation.version", _OTHER_VERSION, list(self._other_versions)),
            ("translation.unknown", _UNKNOWN, unknown),
        ):
            if elements:
                values = {"language": language, "elements": _listed(elements)}
                findings.append(DraftFinding(code, text, values, severity="hint"))
        if messages:
            values = {"language": language, "count": str(messages)}
            findings.append(DraftFinding("translation.rules", _MESSAGES, values, schema.id, severity="hint"))
        return findings


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _translated(schema: Schema, known: _Known) -> Schema:
    return replace(schema, label=known.label(schema) or schema.label, children=_below(schema.children, known))


def _below(placements: tuple[Placement, ...], known: _Known) -> tuple[Placement, ...]:
    return tuple(replace(placement, element=_element(placement.element, known)) for placement in placements)


def _element(element: Field | Group, known: _Known) -> Field | Group:
    found = known.find(element)
    label = (found.label if found else "") or element.label
    help_ = (found.help if found else "") or element.help
    if isinstance(element, Group):
        return replace(element, label=label, help=help_, children=_below(element.children, known))
    content = found.content if found and found.content and element.content else element.content
    return replace(element, label=label, help=help_, content=content)


def _codes(
    schema: Schema, known: _Known, tree: SchemaTree, language: str, findings: list[DraftFinding]
) -> dict[str, dict[str, Any]]:
    """Names (and help) of codes by the address of their field."""
    tables: dict[str, dict[str, Any]] = {}
    for address, placement in elements_of(schema):
        node = tree.nodes.get(address)
        found = known.find(placement.element)
        if not isinstance(node, FieldNode) or found is None or not found.codes:
            continue
        tables[address] = {
            code.code: {"name": code.name, "help": code.help} if code.help else code.name
            for code in found.codes
            if code.code in node.code_index
        }
        if strange := [code.code for code in found.codes if code.code not in node.code_index]:
            values = {"language": language, "codes": _listed(strange)}
            findings.append(DraftFinding("translation.codes", _STRANGE_CODES, values, address))
    return {address: table for address, table in tables.items() if table}


def _form_text(
    german: SchemaTree, tree: SchemaTree, language: str, codes: Mapping[str, Mapping[str, Any]]
) -> str:
    parts = []
    for before, after in zip(draft_pages(german), draft_pages(tree, language), strict=True):
        texts = {name: getattr(after, name) for name in _PAGE_TEXTS}
        changed = {name: text for name, text in texts.items() if text and text != getattr(before, name)}
        if changed:
            parts.append(tomltext.table(f"page.{tomltext.text(after.id)}", changed))
    for address, node in tree.nodes.items():
        before_node = german.nodes[address]
        look = look_of(node, is_cut="details" in look_of(before_node))
        look.setdefault("label", node.label)
        look.setdefault("help", node.help)
        plain = {"label": before_node.label, "help": before_node.help}
        changed = {key: text for key, text in look.items() if text and text != plain.get(key)}
        if "help" not in changed:
            changed.pop("details", None)
        if (content := _content(tree, address)) != _content(german, address):
            changed["content"] = content
        if changed:
            parts.append(tomltext.table(f"field.{tomltext.text(address)}", changed))
    parts += [tomltext.table(f"codes.{tomltext.text(address)}", table) for address, table in codes.items()]
    return f"# {_HEADINGS[language]}\n\n" + "".join(parts)


def _content(tree: SchemaTree, address: str) -> str:
    field = tree.field(address)
    return field.content if field and field.is_label else ""


_HEADINGS = {
    "en": "Aus der Übersetzung des Stammdatenschemas ins Englische.",
    "de-simple": "Aus der Übersetzung des Stammdatenschemas in einfache Sprache.",
}
_FOREIGN = gettext_noop(
    "Die Übersetzung „%(language)s“ gehört zum Schema %(found)s, nicht zu %(wanted)s. Sie ist nicht übernommen."
)
_NOT_OFFERED = gettext_noop(
    "Die Sprache „%(language)s“ gibt es hier nicht. Diese Übersetzung ist nicht übernommen."
)
_TWICE = gettext_noop("Zur Sprache „%(language)s“ gibt es mehrere Übersetzungen. Übernommen ist die erste.")
_OTHER_VERSION = gettext_noop(
    "Die Übersetzung „%(language)s“ ist für andere Versionen dieser Elemente gemacht. Lesen Sie deren Texte nach: "
    "%(elements)s."
)
_UNKNOWN = gettext_noop(
    "Die Übersetzung „%(language)s“ nennt Elemente, die das Schema nicht hat: %(elements)s."
)
_MESSAGES = gettext_noop(
    "Die Übersetzung „%(language)s“ hat %(count)s Fehlertexte von Regeln. Sie sind nicht übernommen: Was eine Regel "
    "sagt, entsteht mit der Bedingung, die Sie daraus machen."
)
_STRANGE_CODES = gettext_noop(
    "Die Übersetzung „%(language)s“ nennt Codes, die die Auswahl nicht hat: %(codes)s."
)
