"""What no answer could be: contents a field cannot hold, more choices than there are, lengths no match has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rathaus.drafting.code_lists import CodeListStore, resolve
from rathaus.drafting.findings import DraftFinding, gettext_noop
from rathaus.drafting.matching import lengths_of
from rathaus.forms.keys import sibling_keys
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.forms.values import ValueProblem, parse_value
from rathaus.standards.xdatenfelder.model import Constraints, FieldKind, Group, Placement, Schema

_GIVEN = frozenset({FieldKind.HIDDEN, FieldKind.LOCKED})


def without_impossible(
    schema: Schema, code_lists: CodeListStore, today: date
) -> tuple[Schema, tuple[DraftFinding, ...]]:
    """The schema without contents that data type or code list of a hidden or locked field do not allow, without
    limits of length that no text has which keeps the pattern, and with no more choices demanded than there are.
    """
    if not _may_be_wrong(schema.children):
        return schema, ()
    tree = SchemaTree.build(schema, resolve(schema, code_lists).lists)
    wrong: dict[str, str | int | Constraints] = {}
    for node in tree.root.fields():
        if node.is_fixed and node.content and not (node.is_label or node.is_file):
            value = parse_value(node, node.content, today, "de")
            if value is None or isinstance(value, ValueProblem):
                wrong[node.address] = node.content
        elif node.is_choice and node.minimum > len(node.code_index):
            wrong[node.address] = len(node.code_index)
        elif node.pattern and not _has_length(node.constraints):
            wrong[node.address] = replace(node.constraints, min_length=None, max_length=None)
    findings = tuple(_finding(tree.nodes[address], found) for address, found in wrong.items())
    return replace(schema, children=_mended(schema.children, wrong, "")) if wrong else schema, findings


def _has_length(limits: Constraints) -> bool:
    """Whether a text that keeps the pattern can keep the limits of length, too."""
    lengths = lengths_of(limits.pattern or "")
    if lengths is None:
        return True
    return lengths[1] >= (limits.min_length or 0) and (
        limits.max_length is None or lengths[0] <= limits.max_length
    )


def _finding(node: FieldNode | GroupNode, found: str | int | Constraints) -> DraftFinding:
    if isinstance(found, str):
        return DraftFinding("schema.content", _CONTENT, {"content": found}, node.address)
    if isinstance(found, int):
        values = {"codes": str(found), "minimum": str(node.minimum)}
        return DraftFinding("schema.cardinality", _FEW_CODES, values, node.address, severity="error")
    pattern = found.pattern or ""
    return DraftFinding(
        "schema.limit.pattern", _LENGTHS, {"pattern": pattern}, node.address, severity="error"
    )


def _may_be_wrong(placements: tuple[Placement, ...]) -> bool:
    return any(
        _may_be_wrong(placement.element.children)
        if isinstance(placement.element, Group)
        else bool(placement.element.kind in _GIVEN and placement.element.content)
        or (placement.element.kind is FieldKind.SELECT and placement.minimum > 1)
        or bool(placement.element.constraints.pattern)
        for placement in placements
    )


def _mended(
    placements: tuple[Placement, ...], wrong: dict[str, str | int | Constraints], path: str
) -> tuple[Placement, ...]:
    keys = sibling_keys(placement.element.name for placement in placements)
    return tuple(
        _mended_place(placement, wrong, f"{path}.{key}" if path else key)
        for key, placement in zip(keys, placements, strict=True)
    )


def _mended_place(placement: Placement, wrong: dict[str, str | int | Constraints], address: str) -> Placement:
    element, found = placement.element, wrong.get(address)
    if isinstance(element, Group):
        return replace(
            placement, element=replace(element, children=_mended(element.children, wrong, address))
        )
    if isinstance(found, int):
        return replace(placement, minimum=found)
    if isinstance(found, Constraints):
        return replace(placement, element=replace(element, constraints=found))
    return placement if found is None else replace(placement, element=replace(element, content=""))


_FEW_CODES = gettext_noop(
    "Verlangt sind %(minimum)s verschiedene Antworten, zur Wahl stehen %(codes)s. Verlangt werden nur so viele."
)
_LENGTHS = gettext_noop(
    "Kein Text passt zum Muster „%(pattern)s“ und zugleich zu den Grenzen der Länge. Diese Grenzen entfallen."
)
_CONTENT = gettext_noop(
    "Der Inhalt „%(content)s“, den das Schema vorgibt, passt nicht zu diesem Feld. Er ist weggelassen."
)
