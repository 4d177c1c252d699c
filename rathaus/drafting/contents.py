"""Contents that the schema itself gives a field, kept where the field can hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rathaus.drafting.code_lists import CodeListStore, resolve
from rathaus.drafting.findings import DraftFinding, gettext_noop
from rathaus.forms.keys import sibling_keys
from rathaus.forms.tree import SchemaTree
from rathaus.forms.values import ValueProblem, parse_value
from rathaus.standards.xdatenfelder.model import Field, FieldKind, Group, Placement, Schema

_GIVEN = frozenset({FieldKind.HIDDEN, FieldKind.LOCKED})


def without_impossible_contents(
    schema: Schema, code_lists: CodeListStore, today: date
) -> tuple[Schema, tuple[DraftFinding, ...]]:
    """The schema with hidden and locked fields emptied whose content their data type or code list does not allow."""
    if not _gives(schema.children):
        return schema, ()
    tree = SchemaTree.build(schema, resolve(schema, code_lists).lists)
    wrong: dict[str, str] = {}
    for node in tree.root.fields():
        if node.is_fixed and node.content and not (node.is_label or node.is_file):
            value = parse_value(node, node.content, today, "de")
            if value is None or isinstance(value, ValueProblem):
                wrong[node.address] = node.content
    if not wrong:
        return schema, ()
    findings = tuple(
        DraftFinding("schema.content", _CONTENT, {"content": content}, address)
        for address, content in wrong.items()
    )
    return replace(schema, children=_emptied(schema.children, wrong, "")), findings


def _gives(placements: tuple[Placement, ...]) -> bool:
    return any(
        _gives(element.children) if isinstance(element, Group) else element.kind in _GIVEN and element.content
        for element in (placement.element for placement in placements)
    )


def _emptied(placements: tuple[Placement, ...], wrong: dict[str, str], path: str) -> tuple[Placement, ...]:
    keys = sibling_keys(placement.element.name for placement in placements)
    return tuple(
        replace(
            placement, element=_emptied_element(placement.element, wrong, f"{path}.{key}" if path else key)
        )
        for key, placement in zip(keys, placements, strict=True)
    )


def _emptied_element(element: Field | Group, wrong: dict[str, str], address: str) -> Field | Group:
    if isinstance(element, Group):
        return replace(element, children=_emptied(element.children, wrong, address))
    return replace(element, content="") if address in wrong else element


_CONTENT = gettext_noop(
    "Der Inhalt „%(content)s“, den das Schema vorgibt, passt nicht zu diesem Feld. Er ist weggelassen."
)
