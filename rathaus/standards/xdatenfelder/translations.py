"""Writing the translations of a schema (message uebersetzung.0106): other languages, and `simple` for plain language.

Read by `reader.read_translations`; what is written is read back equal.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from rathaus.standards.xdatenfelder.model import ElementTranslation, Translation
from rathaus.standards.xdatenfelder.reader import NAMESPACE
from rathaus.standards.xdatenfelder.writer import (
    write_child,
    write_codes,
    write_header,
    write_identification,
    write_optional,
)


def write_translations(
    translations: Sequence[Translation], *, created_at: str = "1970-01-01T00:00:00Z", message_id: str = ""
) -> bytes:
    """The translations of one schema as message 0106 in UTF-8, the same bytes for the same values.

    Raises `ValueError` without a translation, or for translations of several schemata or schema versions.
    """
    schemata = {(entry.schema_id, entry.schema_version) for entry in translations}
    if len(schemata) != 1:
        raise ValueError(f"a message translates one schema, found {len(schemata)}")
    ((schema_id, schema_version),) = schemata
    root = etree.Element(f"{{{NAMESPACE}}}xdatenfelder.uebersetzung.0106", nsmap={"xdf3": NAMESPACE})
    write_header(root, message_id or schema_id, created_at)
    write_identification(root, "uebersetzt", schema_id, schema_version)
    for translation in translations:
        language = write_child(root, "sprache")
        language.set("lang", translation.language)
        if translation.region:
            language.set("region", translation.region)
        if translation.variant:
            language.set("variant", translation.variant)
        language.set("version", str(translation.version))
        for element in translation.elements:
            _element(write_child(language, "element"), element)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _element(parent: etree._Element, element: ElementTranslation) -> None:
    write_identification(parent, "uebersetzt", element.id, element.version)
    write_child(parent, "bezeichnungEingabe", element.label)
    write_child(parent, "bezeichnungAusgabe", element.label_output)
    write_optional(parent, "hilfetextEingabe", element.help)
    write_optional(parent, "hilfetextAusgabe", element.help_output)
    write_optional(parent, "inhalt", element.content)
    write_codes(parent, element.codes)
    for rule in element.rules:
        holder = write_child(parent, "regel")
        write_identification(holder, "uebersetzt", rule.id, rule.version)
        for message in rule.messages:
            write_child(holder, "fehler", message.text).set("code", message.code)
