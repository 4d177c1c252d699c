"""The code lists that a package's choices come from: which it needs, which it has, and bringing others in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rathaus.drafting.code_lists import CodeListStore, resolve
from rathaus.drafting.walking import fields_of
from rathaus.editing.edit import Files, with_file
from rathaus.editing.words import EditError, gettext_noop
from rathaus.forms.tree import SCHEMA_FILE, FieldNode, SchemaTree
from rathaus.standards.genericode import CodeList
from rathaus.standards.xdatenfelder.model import FieldKind, Schema
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema

_FOLDER = "codelists/"


@dataclass(frozen=True, slots=True)
class NeededList:
    """One code list that fields of the schema choose from. `found` is None while no file of the package brings it."""

    uri: str
    version: str
    fields: tuple[str, ...]
    found: CodeList | None


@dataclass(frozen=True, slots=True)
class WithLists:
    """A package with further code lists. `unused` are those no field of its schema chooses from."""

    files: Files
    added: tuple[CodeList, ...]
    unused: tuple[CodeList, ...]


def needed_lists(files: Files) -> tuple[NeededList, ...]:
    """The code lists that the schema names, in its order. Raises `EditError` if it cannot be read."""
    store = CodeListStore.of_package(files)
    needed: dict[tuple[str, str], NeededList] = {}
    for address, element in fields_of(_schema(files)):
        reference = element.code_list
        if element.kind is not FieldKind.SELECT or reference is None or element.codes:
            continue
        key = reference.canonical_uri, reference.version or ""
        uri = store.find(reference)
        before = needed.get(key)
        fields = (*(before.fields if before else ()), address)
        needed[key] = NeededList(*key, fields, store.lists[uri] if uri else None)
    return tuple(needed.values())


def with_code_lists(files: Files, brought: Mapping[str, bytes]) -> WithLists:
    """Bring genericode files in: lists that are missing, or another version of one that is there.

    Fields that become choices turn what an example answers there into a code of the list, so that examples stay valid.
    Raises `EditError` if one of the files is no code list.
    """
    new = CodeListStore()
    for name, content in brought.items():
        known = len(new.lists)
        new.add(name, content)
        if len(new.lists) == known:
            raise EditError(
                gettext_noop("„%(file)s“ ist keine Codeliste im Format Genericode 1.0. Lassen Sie sie weg."),
                file=name,
            )
    schema = _schema(files)
    used = resolve(schema, new)
    after = files
    for name, content in used.files.items():
        code_list = next(one for uri, one in new.lists.items() if new.files[uri] == content)
        after = with_file(after, _name_for(after, code_list, name), content)
    added = {id(one): one for one in used.lists.values()}
    unused = {id(one): one for one in new.lists.values() if id(one) not in added}
    return WithLists(
        _with_valid_examples(files, after, schema), tuple(added.values()), tuple(unused.values())
    )


def _schema(files: Files) -> Schema:
    try:
        return read_schema(files.get(SCHEMA_FILE, b""))
    except XdfError as error:
        raise EditError(
            gettext_noop("Die Datenfelder (schema.xdf.xml) sind nicht lesbar: %(error)s."),
            error=error.message,
        ) from None


def _name_for(files: Files, code_list: CodeList, name: str) -> str:
    """The file that has this list in another version, else a new one."""
    for other in sorted(files):
        if other.startswith(_FOLDER):
            there = CodeListStore.of_package({other: files[other]}).lists
            if code_list.canonical_uri in there:
                return other
    stem, count = name.removesuffix(".xml"), 1
    while name in files:
        count += 1
        name = f"{stem}_{count}.xml"
    return name


def _with_valid_examples(before: Files, after: Files, schema: Schema) -> Files:
    fields = list(_new_choices(before, after, schema))
    for name in after if fields else ():
        if not name.startswith("examples/"):
            continue
        try:
            example = tomlkit.parse(after[name].decode("utf-8"))
        except (TOMLKitError, UnicodeDecodeError):
            continue
        answers = example.get("answers")
        if isinstance(answers, MutableMapping):
            for node in fields:
                _choose(answers, node.address.split("."), [code.code for code in node.codes])
            after = with_file(after, name, tomlkit.dumps(example).encode())
    return after


def _new_choices(before: Files, after: Files, schema: Schema) -> Iterator[FieldNode]:
    trees = [SchemaTree.build(schema, CodeListStore.of_package(files).lists) for files in (before, after)]
    for address, node in trees[1].nodes.items():
        there = trees[0].nodes.get(address)
        if isinstance(node, FieldNode) and isinstance(there, FieldNode) and node.codes != there.codes:
            yield node


def _choose(answers: Any, keys: list[str], codes: list[str]) -> None:
    """Put the first code wherever an answer at this place is none of them."""
    if isinstance(answers, list):
        for entry in answers:
            _choose(entry, keys, codes)
        return
    if not isinstance(answers, MutableMapping) or keys[0] not in answers:
        return
    value = answers[keys[0]]
    if len(keys) > 1:
        _choose(value, keys[1:], codes)
    elif isinstance(value, list):
        known = [item for item in value if item in codes] or codes[:1]
        answers[keys[0]] = list(dict.fromkeys(known))
    elif value not in codes:
        answers[keys[0]] = codes[0]
