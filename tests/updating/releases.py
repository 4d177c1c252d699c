"""A real schema as FIM might release it next: single elements changed, by the path of their answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rathaus.forms.keys import sibling_keys
from rathaus.standards.xdatenfelder.model import DataType, Field, FieldKind, Group, Placement, Schema

Change = Callable[[Placement], tuple[Placement, ...]]


def changed(schema: Schema, path: str, change: Change) -> Schema:
    """The schema with what stands at a path replaced by what `change` makes of it."""
    children, found = _changed(schema.children, path.split("."), change)
    assert found, path
    return replace(schema, children=children)


def released(schema: Schema, version: str = "9.0.0") -> Schema:
    """The schema under its next version."""
    return replace(schema, version=version)


def element(**values: Any) -> Change:
    """Other values of the field or group itself."""
    return lambda placement: (replace(placement, element=replace(placement.element, **values)),)


def times(minimum: int, maximum: int | None) -> Change:
    """Another cardinality."""
    return lambda placement: (replace(placement, minimum=minimum, maximum=maximum),)


def gone(_: Placement) -> tuple[Placement, ...]:
    """Nothing stands there any more."""
    return ()


def followed_by(*more: Placement) -> Change:
    """Something new stands behind it."""
    return lambda placement: (placement, *more)


def a_text(name: str, element_id: str, *, needed: bool) -> Placement:
    """A text that FIM asks for."""
    field = Field(element_id, "1.0", name, name, FieldKind.INPUT, DataType.TEXT)
    return Placement(field, int(needed), 1)


def _changed(
    placements: tuple[Placement, ...], steps: list[str], change: Change
) -> tuple[tuple[Placement, ...], bool]:
    made: list[Placement] = []
    found = False
    keys = sibling_keys(placement.element.name for placement in placements)
    for key, placement in zip(keys, placements, strict=True):
        if key != steps[0]:
            made.append(placement)
        elif len(steps) == 1:
            made += change(placement)
            found = True
        else:
            group = placement.element
            assert isinstance(group, Group)
            children, found = _changed(group.children, steps[1:], change)
            made.append(replace(placement, element=replace(group, children=children)))
    return tuple(made), found
