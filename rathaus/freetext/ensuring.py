"""Rules that only say again what the form engine ensures by itself, from the schema alone."""

from __future__ import annotations

import re

from rathaus.forms.tree import GroupNode, SchemaTree
from rathaus.freetext.effects import Effect
from rathaus.freetext.resolving import Element


def ensured(tree: SchemaTree, effects: tuple[Effect, ...]) -> str:
    """Why the engine ensures all effects, in German; empty if there is one that it does not."""
    reasons = [_reason(tree, effect) for effect in effects]
    return " ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def _reason(tree: SchemaTree, effect: Effect) -> str:
    target: Element | None = tree.nodes.get(effect.target)
    if target is None:
        return ""
    if effect.kind == "require" and effect.condition == "true" and always_needed(target):
        return f"„{target.label}“ ist im Schema ohnehin eine Pflichtangabe."
    if effect.kind == "require" and _is_month_of_known_day(target, effect):
        return "Zu einem Tag verlangt das Formular den Monat ohnehin."
    if effect.kind == "valid" and isinstance(target, GroupNode):
        children = {child.address for child in target.children}
        if target.is_choice and ")) != (" in effect.condition and set(effect.fields) == children:
            return f"„{target.label}“ ist eine Auswahlgruppe: Genau eine Angabe ist ohnehin möglich."
        if target.is_partial_date and set(effect.fields) == children:
            return "Das Formular prüft Daten aus Tag, Monat und Jahr ohnehin am Kalender."
    return ""


def _is_month_of_known_day(target: Element, effect: Effect) -> bool:
    if target.parent is None or not target.parent.is_partial_date:
        return False
    day, month, _ = target.parent.date_parts
    known = re.fullmatch(r"has\((?:[\w.]+\.)?(\w+)\.(\w+)\)", effect.condition)
    return target is month and known is not None and known.groups() == (target.parent.key, day.key)


def always_needed(node: Element) -> bool:
    """Needed wherever its scope is: in the application, or in every entry of its list."""
    step: Element | None = node
    while step is not None and step is not node.scope:
        if not step.needed:
            return False
        step = step.parent
    return True
