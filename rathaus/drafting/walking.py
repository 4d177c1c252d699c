"""Walking a schema with the template paths that a form gives its elements."""

from __future__ import annotations

from collections.abc import Iterator

from rathaus.forms.keys import sibling_keys
from rathaus.standards.xdatenfelder.model import Field, Group, Placement, Rule, Schema


def elements_of(schema: Schema) -> Iterator[tuple[str, Placement]]:
    """Every placement with its template path, in document order."""
    yield from _below(schema.children, "")


def _below(placements: tuple[Placement, ...], path: str) -> Iterator[tuple[str, Placement]]:
    keys = sibling_keys(placement.element.name for placement in placements)
    for key, placement in zip(keys, placements, strict=True):
        address = f"{path}.{key}" if path else key
        yield address, placement
        if isinstance(placement.element, Group):
            yield from _below(placement.element.children, address)


def fields_of(schema: Schema) -> Iterator[tuple[str, Field]]:
    """Every field with its template path."""
    for address, placement in elements_of(schema):
        if isinstance(placement.element, Field):
            yield address, placement.element


def rules_of(schema: Schema) -> Iterator[tuple[str, Rule]]:
    """Every rule with the template path of its bearer (empty: the schema), at each place it is used."""
    for rule in schema.rules:
        yield "", rule
    for address, placement in elements_of(schema):
        for rule in placement.element.rules:
            yield address, rule
