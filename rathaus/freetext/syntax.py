"""What a rule says, as a tree of values: references are still ids as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rathaus.freetext.tokens import Token


class NotUnderstoodError(Exception):
    """The rule is not understood for certain; `reason` is a German sentence for a designer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Value:
    """What something is compared with: a code and its name, a text, or yes or no."""

    code: str = ""
    text: str = ""
    truth: bool | None = None


@dataclass(frozen=True, slots=True)
class Compare:
    """`reference` stands in relation `sign` (`==`, `!=`, `<`, `<=`, `>`, `>=`) to a value or another reference."""

    reference: Token
    sign: str
    value: Value | Token


@dataclass(frozen=True, slots=True)
class Filled:
    """Something is answered at `reference`."""

    reference: Token


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """Where all three are answered, they are a day of the calendar."""

    day: Token
    month: Token
    year: Token


@dataclass(frozen=True, slots=True)
class Negation:
    """The opposite of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Combination:
    """Conditions joined by `and` (none of them: always true), `or`, or `xor` (exactly one of two)."""

    joint: Literal["and", "or", "xor"]
    parts: tuple[Condition, ...]


Condition = Compare | Filled | CalendarDate | Negation | Combination


@dataclass(frozen=True, slots=True)
class Action:
    """What happens to a target: `require`, `activate` (shown, and then needed), `forbid` it."""

    kind: Literal["require", "activate", "forbid"]
    target: Token


@dataclass(frozen=True, slots=True)
class Conditional:
    """Actions under a condition."""

    condition: Condition
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that must be true."""

    condition: Condition


Statement = Conditional | Demand
