"""The types of the values rules speak about.

A `Record` is a group of named answers; it decides which member names a rule may use. Types are compared by identity:
use the same `Record` object wherever the same kind of entry occurs (a list and the `self` of its entries).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

RESERVED_WORDS = frozenset(
    [
        *(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
        ),
        *("loop", "namespace", "null", "package", "return", "true", "var", "void", "while"),
    ]
)
"""Words CEL keeps for itself (language definition, "reserved words"): no answer may be called so."""


class Scalar(Enum):
    """A single value. Dates are timestamps at midnight UTC; `DYN` is anything, checked only when evaluated."""

    STRING = "text"
    INT = "whole number"
    DOUBLE = "number"
    BOOL = "yes or no"
    TIMESTAMP = "date"
    DYN = "any value"


STRING = Scalar.STRING
INT = Scalar.INT
DOUBLE = Scalar.DOUBLE
BOOL = Scalar.BOOL
TIMESTAMP = Scalar.TIMESTAMP
DYN = Scalar.DYN


@dataclass(frozen=True, slots=True)
class ListOf:
    """Any number of values of one type."""

    item: ValueType


@dataclass(frozen=True, slots=True)
class MapOf:
    """Values of one type under text keys that are not known beforehand."""

    value: ValueType


MAP = MapOf(DYN)
"""A map of anything: members are not checked before evaluation."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Values under known names. `name` is what error messages call it.

    A member may be a scalar other than `DYN`, a `Record`, or a `ListOf` either. Raises `ValueError` for a member
    that CEL could not name.
    """

    fields: Mapping[str, ValueType]
    name: str = "record"

    def __post_init__(self) -> None:
        for member, member_type in self.fields.items():
            check_name(member)
            inner = member_type.item if isinstance(member_type, ListOf) else member_type
            if isinstance(inner, (ListOf, MapOf)) or inner is DYN:
                raise ValueError(f"{member}: a record holds scalars, records, and lists of these")


ValueType = Scalar | ListOf | MapOf | Record


def check_name(name: str) -> None:
    """Raise `ValueError` unless a rule can name this: ASCII identifier, not reserved by CEL."""
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(f"{name!r} is not an ASCII identifier")
    if name in RESERVED_WORDS:
        raise ValueError(f"{name!r} is a reserved word of CEL; call it {name}_ instead")
