"""Schemata and forms in few words, for the tests of the form engine."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from rathaus.forms import Answers, Form, FormDefinition, Journey, SchemaTree
from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    Constraints,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Schema,
)

TODAY = date(2026, 11, 23)
TOWN: dict[str, Any] = {
    "slug": "hannover",
    "name": "Hannover",
    "postal_codes": ["30159", "30161"],
    "settings": {},
}

_IDS = iter(range(1, 10**9))


def a_field(
    name: str,
    datatype: DataType = DataType.TEXT,
    *,
    anzahl: str = "1:1",
    codes: Mapping[str, str] | None = None,
    code_list: str = "",
    kind: FieldKind | None = None,
    content: str = "",
    fim_id: str = "",
    help_text: str = "",
    label: str = "",
    max_size: int | None = None,
    media_types: tuple[str, ...] = (),
    min_length: int | None = None,
    max_length: int | None = None,
    min_value: str | None = None,
    max_value: str | None = None,
    pattern: str | None = None,
) -> Placement:
    """A field at its place. `anzahl` as in the standard: `1:1`, `0:*`."""
    choice = codes is not None or bool(code_list)
    return _placed(
        Field(
            id=fim_id or f"F{next(_IDS):011}",
            version="1.0.0",
            name=name,
            label=label or name,
            kind=kind or (FieldKind.SELECT if choice else FieldKind.INPUT),
            datatype=datatype,
            help=help_text,
            constraints=Constraints(min_length, max_length, min_value, max_value, pattern),
            content=content,
            codes=tuple(Code(code, text) for code, text in (codes or {}).items()),
            code_list=CodeListReference(code_list) if code_list else None,
            max_size=max_size,
            media_types=media_types,
        ),
        anzahl,
    )


def a_group(name: str, *children: Placement, anzahl: str = "1:1", is_choice: bool = False) -> Placement:
    """A group at its place."""
    return _placed(Group(f"G{next(_IDS):011}", "1.0.0", name, name, children, is_choice=is_choice), anzahl)


def a_partial_date(name: str, day: str = "Tag", *, anzahl: str = "1:1") -> Placement:
    """A date whose day and month may be unknown."""
    return a_group(
        name,
        a_field(day, DataType.NUM_INT, anzahl="0:1", min_value="1", max_value="31"),
        a_field("Monat", DataType.NUM_INT, anzahl="0:1", min_value="1", max_value="12"),
        a_field("Jahr", DataType.NUM_INT, min_value="1850", max_value="2080"),
        anzahl=anzahl,
    )


def _placed(element: Field | Group, anzahl: str) -> Placement:
    minimum, _, maximum = anzahl.partition(":")
    return Placement(element, int(minimum), None if maximum == "*" else int(maximum))


def a_tree(*children: Placement, code_lists: Mapping[str, Any] | None = None) -> SchemaTree:
    """The tree of a schema with these elements."""
    return SchemaTree.build(Schema("S99000000001", "1.0.0", "Antrag", "Antrag", children), code_lists)


def a_form(
    tree: SchemaTree, toml: str = "", translations: Mapping[str, Mapping[str, Any]] | None = None
) -> Form:
    """A form; without definition, one page `alles` asks for every top-level element."""
    if not toml:
        names = ", ".join(f'"{child.key}"' for child in tree.root.children)
        toml = f'[[page]]\nid = "alles"\ntitle = "Alles"\nfields = [{names}]\n'
    return Form.compile(tree, FormDefinition.from_toml(tomllib.loads(toml), toml), translations)


def evaluated(
    form: Form, answers: Answers, *, language: str = "de", visited: set[str] | None = None
) -> Journey:
    """The journey on the tests' day in the tests' town."""
    return form.evaluate(answers, town=TOWN, today=TODAY, language=language, visited=visited)
