"""Conditions as values: questions compared with answers, joined by all, any, none or not all, nested one level.

Two conditions that say the same in the same order are equal: constructing one joins what belongs together (filled and
not yes is no, at least and at most is between), and takes out joints around a single part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from rathaus.building.comparisons import COMPARISONS

Joint = Literal["all", "any", "none", "not_all"]
JOINTS: tuple[Joint, ...] = ("all", "any", "none", "not_all")
Over = Literal["some", "every", "no", "not_every"]
OVERS: tuple[Over, ...] = ("some", "every", "no", "not_every")

_OPPOSITE: dict[Joint, Joint] = {"all": "not_all", "not_all": "all", "any": "none", "none": "any"}
_OPPOSITE_OVER: dict[Over, Over] = {"some": "no", "no": "some", "every": "not_every", "not_every": "every"}
# Two parts that stand side by side, and the one that says the same.
_MERGED = {
    True: {("filled", "not_yes"): "no", ("at_least", "at_most"): "between"},  # joined by "and"
    False: {("empty", "yes"): "not_no"},
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to another question, by its template path."""

    path: str


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which the condition is asked."""


Value = str | int | Decimal | date | Answer | Today


@dataclass(frozen=True, slots=True)
class Part:
    """One question (its template path), a comparison (`rathaus.building.comparisons`), and what it is compared with.

    What compares an unanswered question is not true; its opposite is.
    """

    field: str
    comparison: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Parts joined inside a condition; with `over` they speak of the entries of a list (`entries`, its path)."""

    joint: Joint
    parts: tuple[Part, ...]
    over: Over | None = None
    entries: str = ""

    def __post_init__(self) -> None:
        joint, parts = _tidy(self.joint, self.parts)
        object.__setattr__(self, "joint", joint)
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, slots=True)
class Condition:
    """A whole condition; without parts it is always true."""

    joint: Joint
    parts: tuple[Part | Group, ...] = ()

    def __post_init__(self) -> None:
        joint, parts = self.joint, self.parts
        before = None
        while before != (joint, parts):
            before = joint, parts
            joint, parts = _tidy(joint, parts)
            if len(parts) == 1 and isinstance(inner := parts[0], Group) and inner.over is None:
                joint = inner.joint if joint == "all" else _OPPOSITE[inner.joint]
                parts = inner.parts
        object.__setattr__(self, "joint", joint)
        object.__setattr__(self, "parts", parts)

    @property
    def always(self) -> bool:
        """Whether there is nothing to be compared."""
        return not self.parts


def inverse(part: Part | Group) -> Part | Group | None:
    """The part that is true exactly where this one is not, if there is one."""
    if isinstance(part, Group):
        return replace(part, over=_OPPOSITE_OVER[part.over]) if part.over else None
    opposite = COMPARISONS[part.comparison].opposite
    return replace(part, comparison=opposite) if opposite else None


def is_conjunction(joint: Joint) -> bool:
    """Whether the parts are joined by "and" (inside a negation for `not_all`)."""
    return joint in ("all", "not_all")


def is_negated(joint: Joint) -> bool:
    """Whether the whole of the parts is denied."""
    return joint in ("none", "not_all")


def _tidy(joint: Joint, parts: Sequence[Part | Group]) -> tuple[Joint, tuple[Any, ...]]:
    """The parts without groups that say nothing of their own, merged where two of them are one."""
    merged: list[Part | Group] = []
    for part in _flattened(joint, parts):
        before = merged[-1] if merged else None
        if isinstance(before, Part) and isinstance(part, Part) and (one := _as_one(joint, before, part)):
            merged[-1] = one
        else:
            merged.append(part)
    if not merged:
        return "all", ()
    if len(merged) == 1:
        joint = "none" if is_negated(joint) else "all"
        if joint == "none" and (opposite := inverse(merged[0])):
            return "all", (opposite,)
    return joint, tuple(merged)


def _flattened(joint: Joint, parts: Sequence[Part | Group]) -> list[Part | Group]:
    flat: list[Part | Group] = []
    for part in parts:
        if not isinstance(part, Group) or (part.parts and _says_something(joint, part)):
            flat.append(part)
        else:
            flat += part.parts
    return flat


def _says_something(joint: Joint, group: Group) -> bool:
    """Whether a group is more than its parts standing side by side."""
    if group.over is not None or is_negated(group.joint):
        return True
    return len(group.parts) > 1 and is_conjunction(group.joint) != is_conjunction(joint)


def _as_one(joint: Joint, first: Part, second: Part) -> Part | None:
    if first.field != second.field:
        return None
    found = _MERGED[is_conjunction(joint)].get((first.comparison, second.comparison))
    if found is None or any(isinstance(value, (Answer, Today)) for value in (*first.values, *second.values)):
        return None
    return Part(first.field, found, (*first.values, *second.values))
