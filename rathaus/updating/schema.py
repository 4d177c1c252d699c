"""The schema of the new release together with the fields that the town modelled itself."""

from __future__ import annotations

from dataclasses import replace

from rathaus.drafting.own import is_own
from rathaus.drafting.walking import elements_of
from rathaus.editing import Words
from rathaus.editing.new_fields import with_placement
from rathaus.editing.words import gettext_noop
from rathaus.forms.corresponding import correspondence
from rathaus.forms.tree import SchemaTree
from rathaus.standards.xdatenfelder.model import Group, Placement, Schema
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.updating.loss import Loss


def without_own(schema: Schema) -> Schema:
    """The schema as FIM has it."""
    return replace(schema, children=_modelled_by_fim(schema.children))


def _modelled_by_fim(placements: tuple[Placement, ...]) -> tuple[Placement, ...]:
    kept = []
    for placement in placements:
        element = placement.element
        if not is_own(element.id):
            if isinstance(element, Group):
                element = replace(element, children=_modelled_by_fim(element.children))
            kept.append(replace(placement, element=element))
    return tuple(kept)


def with_own(content: bytes, town: Schema) -> tuple[bytes, list[Loss]]:
    """FIM's document with the town's own fields, each in the group it lay in; those whose list is gone are said."""
    new = read_schema(content)
    same = correspondence(SchemaTree.build(town), SchemaTree.build(new))
    losses: list[Loss] = []
    for path, placement in elements_of(town):
        group = path.rpartition(".")[0]
        if not is_own(placement.element.id):
            continue
        if group and group not in same:
            words = Words(gettext_noop("Ihre Frage „%(label)s“ entfällt"), {"label": placement.element.label})
            losses.append(Loss(words))
            continue
        content = with_placement(content, same.get(group, ""), placement)
    return content, losses
