"""Merging whole packages, each file by what it is."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping

from lxml import etree

from rathaus.editing import Files, Words
from rathaus.editing.merging import merge as merge_lines
from rathaus.editing.words import gettext_noop
from rathaus.merging.conflict import LINES, Choices, Merged, Side
from rathaus.merging.elements import merge_elements
from rathaus.merging.tables import merge_tables
from rathaus.merging.words import file_words

_XML = (".xml", ".bpmn", ".dmn", ".svg")
_LINES = (".md", ".typ", ".toml", *_XML)


def merge(base: Files, ours: Files, theirs: Files, choices: Mapping[str, Side] | None = None) -> Merged:
    """Bring the changes base → ours and base → theirs together; `choices`: place of a conflict → side that counts.

    A file that one side alone changed is that side's, byte for byte.
    """
    chosen = Choices(choices or {})
    files: dict[str, bytes] = {}
    for name in sorted({*base, *ours, *theirs}):
        content = _merged_file(name, base.get(name), ours.get(name), theirs.get(name), chosen)
        if content is not None:
            files[name] = content
    return Merged(files, tuple(chosen.open))


def _merged_file(
    name: str, base: bytes | None, ours: bytes | None, theirs: bytes | None, choices: Choices
) -> bytes | None:
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    if base is None and name.endswith(".toml"):
        base = b""  # both sides began the file: their tables are brought together
    if base is not None and ours is not None and theirs is not None and name.endswith(_LINES):
        if name.endswith(".toml"):
            merged = merge_tables(name, base, ours, theirs, choices)
            if merged is not None:
                return merged
        if name.endswith(_XML):
            mark = len(choices.open)
            merged = merge_elements(name, base, ours, theirs, choices)
            if merged is not None and _is_sound(name, merged, ours, theirs):
                return merged
            del choices.open[mark:]
        merged = _by_lines(name, base, ours, theirs, choices)
        if merged is not None:
            return merged
    texts = [_text(content) if content is not None else "" for content in (base, ours, theirs)]
    words = Words(gettext_noop("%(thing)s als Ganzes"), {"thing": file_words(name)})
    return ours if choices.choose(name, words, *texts) == "ours" else theirs


def _by_lines(name: str, base: bytes, ours: bytes, theirs: bytes, choices: Choices) -> bytes | None:
    """The file merged line by line; None if that would not be a sound file."""
    texts = _text(base), _text(ours), _text(theirs)
    merged = merge_lines(*texts)
    other = merge_lines(texts[0], texts[2], texts[1])
    results = {"ours": _bytes(merged.text), "theirs": _bytes(other.text)}
    if not all(_is_sound(name, result, ours, theirs) for result in results.values()):
        return None
    if not merged.overlaps:
        return results["ours"]
    parts = [
        "\n…\n".join(getattr(overlap, side).strip() for overlap in merged.overlaps)
        for side in ("base", "ours", "theirs")
    ]
    words = Words(gettext_noop("%(thing)s: dieselben Zeilen"), {"thing": file_words(name)})
    return results[choices.choose(f"{name}:{LINES}", words, *parts)]


def _is_sound(name: str, result: bytes, ours: bytes, theirs: bytes) -> bool:
    """Whether TOML and XML can still be read, and no id of an XML file stands twice that did not before."""
    if name.endswith(".toml"):
        try:
            tomllib.loads(result.decode("utf-8"))
        except ValueError:
            return False
    if name.endswith(_XML):
        try:
            ids, *known = (_ids(content) for content in (result, ours, theirs))
        except etree.XMLSyntaxError:
            return False
        return all(count <= max(sides[key] for sides in known) for key, count in ids.items())
    return True


def _ids(content: bytes) -> Counter[str]:
    """What an XML file names: `id` attributes, and the identifications of XDatenfelder with their versions."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found: Counter[str] = Counter()
    for element in etree.fromstring(content, parser).iter():
        if not isinstance(element.tag, str):
            continue
        if "id" in element.attrib:
            found[f"@{element.get('id')}"] += 1
        if etree.QName(element).localname == "identifikation":
            found["/".join(str(text).strip() for text in element.itertext())] += 1
    return found


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
