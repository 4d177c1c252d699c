"""Real schemata changed at random: fields left out, counts, kinds, data types, limits and contents that do not fit."""

from __future__ import annotations

import random
from dataclasses import replace

from rathaus.standards.xdatenfelder.model import (
    Code,
    Constraints,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Schema,
)

_COUNTS = [(0, 1), (1, 1), (0, None), (1, None), (2, 5), (0, 0), (1, 3), (3, 3), (0, 2), (1, 100)]
_PATTERNS = [None, "[0-9]{5}", "[A-Z]+", "(a|b)*c", "[0-9]{2}[.][0-9]{2}", r"\d{3}-\d{4}", "[^ ]{3}", "("]
_CONTENTS = ["", "Text", "true", "12,5", "2020-01-01"]


def mutated(schema: Schema, chance: random.Random, share: float) -> Schema:
    """The schema with about this share of its elements changed."""
    return replace(schema, children=_placements(schema.children, chance, share))


def _placements(
    placements: tuple[Placement, ...], chance: random.Random, share: float
) -> tuple[Placement, ...]:
    kept = [
        _placement(placement, chance, share) for placement in placements if chance.random() >= share * 0.6
    ]
    if chance.random() < share:
        chance.shuffle(kept)
    if kept and chance.random() < share * 0.3:
        kept.append(chance.choice(kept))
    return tuple(kept)


def _placement(placement: Placement, chance: random.Random, share: float) -> Placement:
    element = placement.element
    changed = _group(element, chance, share) if isinstance(element, Group) else _field(element, chance, share)
    minimum, maximum = placement.minimum, placement.maximum
    if chance.random() < share:
        minimum, maximum = chance.choice(_COUNTS)
    return replace(placement, element=changed, minimum=minimum, maximum=maximum)


def _group(group: Group, chance: random.Random, share: float) -> Group:
    return replace(
        group,
        children=_placements(group.children, chance, share),
        is_choice=group.is_choice != (chance.random() < share * 0.5),
        label="" if chance.random() < share * 0.2 else group.label,
    )


def _field(field: Field, chance: random.Random, share: float) -> Field:
    if chance.random() >= share:
        return field
    constraints = Constraints(
        min_length=chance.choice([None, 0, 1, 5]),
        max_length=chance.choice([None, 1, 3, 20, 255, 10**6]),
        min_value=chance.choice([None, "0", "-5", "10", "2020-01-01"]),
        max_value=chance.choice([None, "5", "100", "2030-01-01", "99999999999"]),
        pattern=chance.choice(_PATTERNS),
    )
    codes = tuple(Code(f"c{number}", f"Name {number}") for number in range(chance.choice([0, 1, 2, 30])))
    return replace(
        field,
        kind=chance.choice(list(FieldKind)),
        datatype=chance.choice(list(DataType)),
        constraints=constraints if chance.random() < 0.5 else field.constraints,
        codes=codes if chance.random() < 0.3 else field.codes,
        code_list=None if chance.random() < 0.5 else field.code_list,
        content=chance.choice(_CONTENTS),
        label="" if chance.random() < 0.1 else field.label,
    )
