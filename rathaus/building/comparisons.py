"""The comparisons a condition may make, and which questions each is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "choice", "number", "date", "moment", "yes_no", "file", "group", "list"]
"""What a question asks for; `list` is whatever may be answered several times."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison. `values` is how many values it takes (None: one or more), `value_kind` of which kind they are.

    `answered`: true only if the question is answered. `opposite`: true exactly where this one is not.
    """

    kinds: frozenset[Kind]
    values: int | None
    opposite: str = ""
    answered: bool = True
    value_kind: Literal["own", "text", "count"] = "own"
    answers: bool = False  # whether another question may be the value


_ALL: frozenset[Kind] = frozenset(
    ("text", "choice", "number", "date", "moment", "yes_no", "file", "group", "list")
)


def _of(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


_ORDERED = _of("number", "date", "moment")
_DAYS = _of("date", "moment")

COMPARISONS: dict[str, Comparison] = {
    "is": Comparison(_of("text", "choice", "number", "date"), 1, "is_not", answers=True),
    "is_not": Comparison(_of("text", "choice", "number", "date"), 1, "is", answered=False, answers=True),
    "one_of": Comparison(_of("text", "choice"), None, "not_one_of"),
    "not_one_of": Comparison(_of("text", "choice"), None, "one_of", answered=False),
    "filled": Comparison(_ALL, 0, "empty"),
    "empty": Comparison(_ALL, 0, "filled", answered=False),
    "yes": Comparison(_of("yes_no"), 0, "not_yes"),
    "not_yes": Comparison(_of("yes_no"), 0, "yes", answered=False),
    "no": Comparison(_of("yes_no"), 0, "not_no"),
    "not_no": Comparison(_of("yes_no"), 0, "no", answered=False),
    "less": Comparison(_ORDERED, 1, answers=True),
    "at_most": Comparison(_ORDERED, 1, answers=True),
    "more": Comparison(_ORDERED, 1, answers=True),
    "at_least": Comparison(_ORDERED, 1, answers=True),
    "between": Comparison(_ORDERED, 2),
    "years_ago_at_least": Comparison(_DAYS, 1, value_kind="count"),
    "years_ago_less": Comparison(_DAYS, 1, value_kind="count"),
    "days_ago_at_least": Comparison(_DAYS, 1, value_kind="count"),
    "days_ago_at_most": Comparison(_DAYS, 1, value_kind="count"),
    "days_ahead_at_least": Comparison(_DAYS, 1, value_kind="count"),
    "days_ahead_at_most": Comparison(_DAYS, 1, value_kind="count"),
    "contains": Comparison(_of("text"), 1, "not_contains", value_kind="text"),
    "not_contains": Comparison(_of("text"), 1, "contains", answered=False, value_kind="text"),
    "words": Comparison(_of("text"), None, "not_words", value_kind="text"),
    "not_words": Comparison(_of("text"), None, "words", answered=False, value_kind="text"),
    "town_postal_code": Comparison(_of("text"), 0, "not_town_postal_code"),
    "not_town_postal_code": Comparison(_of("text"), 0, "town_postal_code", answered=False),
    "includes": Comparison(_of("list"), 1, "not_includes"),
    "not_includes": Comparison(_of("list"), 1, "includes", answered=False),
    "entries_at_least": Comparison(_of("list"), 1, answered=False, value_kind="count"),
    "entries_at_most": Comparison(_of("list"), 1, answered=False, value_kind="count"),
}

SIGNS = {"is": "==", "is_not": "!=", "less": "<", "at_most": "<=", "more": ">", "at_least": ">="}
"""Comparisons of values, as CEL writes them."""

SPANS = {
    "years_ago_at_least": ("years_between({0}, today)", ">="),
    "years_ago_less": ("years_between({0}, today)", "<"),
    "days_ago_at_least": ("days_between({0}, today)", ">="),
    "days_ago_at_most": ("days_between({0}, today)", "<="),
    "days_ahead_at_least": ("days_between(today, {0})", ">="),
    "days_ahead_at_most": ("days_between(today, {0})", "<="),
}
"""Comparisons of the time between a date and today: the call and the sign, as CEL writes them."""
