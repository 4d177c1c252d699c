"""Conditions as people type them: rows of question, comparison and values, in groups one level deep.

Rows hold whatever was typed, finished or not; `read_rows` makes a condition of them or says which row to mend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rathaus.building.comparisons import COMPARISONS
from rathaus.building.conditions import OVERS, Answer, Condition, Group, Joint, Over, Part, Today, Value
from rathaus.building.sentences import Language
from rathaus.building.vocabulary import Node, Vocabulary, kind_of, single_kind
from rathaus.forms.dates import DateError, read_date, show_date
from rathaus.forms.numbers import NumberError, plain, read_number, show_number
from rathaus.forms.ruletypes import value_type
from rathaus.forms.tree import FieldNode
from rathaus.rules.expressions import INT

TODAY = "today"
"""Stands in `Row.other` for the day on which the condition is asked."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison as typed. `other`: compare with the answer at this path, or with `TODAY`, instead of a value."""

    field: str = ""
    comparison: str = ""
    values: tuple[str, ...] = ()
    other: str = ""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows joined; with `over`, about the entries of a list."""

    joint: Joint = "any"
    rows: tuple[Row, ...] = (Row(),)
    over: Over | None = None
    entries: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A whole condition as typed."""

    joint: Joint = "all"
    items: tuple[Row | RowGroup, ...] = (Row(),)

    def with_row(self, group: int | None = None) -> Rows:
        """One more empty row, at the end or at the end of a group."""
        if group is None:
            return replace(self, items=(*self.items, Row()))
        item = self.items[group] if group < len(self.items) else None
        return (
            self._with(group, replace(item, rows=(*item.rows, Row()))) if isinstance(item, RowGroup) else self
        )

    def with_group(self) -> Rows:
        """One more group, joined the other way."""
        joint: Joint = "all" if self.joint in ("any", "none") else "any"
        return replace(self, items=(*self.items, RowGroup(joint, (Row(), Row()))))

    def without(self, place: str) -> Rows:
        """Without a row or a group, by its place (`2`, or `2.0` in a group); a group without rows goes, too."""
        first, _, second = place.partition(".")
        if not first.isdecimal() or int(first) >= len(self.items):
            return self
        item = self.items[int(first)]
        if isinstance(item, RowGroup) and second.isdecimal() and len(item.rows) > 1:
            left = (*item.rows[: int(second)], *item.rows[int(second) + 1 :])
            return self._with(int(first), replace(item, rows=left))
        return replace(self, items=(*self.items[: int(first)], *self.items[int(first) + 1 :]))

    def _with(self, number: int, item: RowGroup) -> Rows:
        return replace(self, items=(*self.items[:number], item, *self.items[number + 1 :]))


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is to be mended: `place` is the row's (`2`, `2.0`), `what` one of `FAULTS`."""

    place: str
    what: str


FAULTS = ("field", "comparison", "value", "number", "date", "count", "choice", "other", "entries")


def rows_of(condition: Condition, vocabulary: Vocabulary, language: Language = "de") -> Rows:
    """The rows that a condition is typed as."""

    def rows(parts: tuple[Part, ...], inner: Vocabulary) -> tuple[Row, ...]:
        return tuple(_row(part, inner, language) for part in parts)

    items: list[Row | RowGroup] = []
    for part in condition.parts:
        if isinstance(part, Part):
            items.append(_row(part, vocabulary, language))
        else:
            inner = vocabulary.of_entries(part.entries) if part.over else vocabulary
            items.append(RowGroup(part.joint, rows(part.parts, inner), part.over, part.entries))
    return Rows(condition.joint, tuple(items) or (Row(),))


def _row(part: Part, vocabulary: Vocabulary, language: Language) -> Row:
    value = part.values[0] if part.values else None
    if isinstance(value, Answer):
        return Row(part.field, part.comparison, other=value.path)
    if isinstance(value, Today):
        return Row(part.field, part.comparison, other=TODAY)
    return Row(part.field, part.comparison, tuple(_typed(one, language) for one in part.values))


def _typed(value: Value, language: Language) -> str:
    match value:
        case Decimal():
            return show_number(plain(value), language)
        case date():
            return show_date(value.isoformat(), language)
    return str(value)


def read_rows(
    rows: Rows, vocabulary: Vocabulary, today: date, language: Language = "de"
) -> tuple[Condition | None, list[RowFault]]:
    """The condition that was typed, or None and every row that has to be mended.

    `today` is only for years typed with two digits.
    """
    faults: list[RowFault] = []
    parts: list[Part | Group] = []
    for number, item in enumerate(rows.items):
        if isinstance(item, Row):
            parts += _read_all([(str(number), item)], vocabulary, today, language, faults)
            continue
        inner = vocabulary
        if item.over is not None:
            if item.over not in OVERS or item.entries not in vocabulary.lists:
                faults.append(RowFault(str(number), "entries"))
                continue
            inner = vocabulary.of_entries(item.entries)
        placed = [(f"{number}.{position}", row) for position, row in enumerate(item.rows)]
        read = tuple(_read_all(placed, inner, today, language, faults))
        parts.append(Group(item.joint, read, item.over, item.entries if item.over else ""))
    if faults:
        return None, faults
    return Condition(rows.joint, tuple(parts)), []


def _read_all(
    placed: list[tuple[str, Row]],
    vocabulary: Vocabulary,
    today: date,
    language: Language,
    faults: list[RowFault],
) -> Iterator[Part]:
    for place, row in placed:
        try:
            yield _read(row, vocabulary, today, language)
        except _RowError as error:
            faults.append(RowFault(place, error.what))


class _RowError(Exception):
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def _read(row: Row, vocabulary: Vocabulary, today: date, language: Language) -> Part:
    node = vocabulary.node(row.field)
    if node is None:
        raise _RowError("field")
    if row.comparison not in vocabulary.comparisons(row.field):
        raise _RowError("comparison")
    comparison = COMPARISONS[row.comparison]
    if comparison.values == 0:
        return Part(row.field, row.comparison)
    if row.other and comparison.answers:
        value: Value = Today() if row.other == TODAY else Answer(row.other)
        if not vocabulary.fits_value(node, row.comparison, value):
            raise _RowError("other")
        return Part(row.field, row.comparison, (value,))
    typed = [text for text in (" ".join(one.split()) for one in row.values) if text]
    wanted = comparison.values or 1
    if len(typed) < wanted:
        raise _RowError("value")
    if comparison.values is not None:
        typed = typed[: comparison.values]
    values = tuple(dict.fromkeys(_value(text, node, row.comparison, today, language) for text in typed))
    if comparison.values is not None and len(values) < comparison.values:
        values = values * comparison.values  # between 3 and 3
    part = Part(row.field, row.comparison, values)
    if not vocabulary.fits_part(part):
        raise _RowError(_usual_fault(node, row.comparison))
    return part


def _value(text: str, node: Node, comparison: str, today: date, language: Language) -> Value:
    kind = COMPARISONS[comparison].value_kind
    what = _usual_fault(node, comparison)
    try:
        if kind == "count":
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else _refuse(what)
        if what == "number":
            number = read_number(text, language)
            if isinstance(node, FieldNode) and value_type(node) is INT:
                return int(number) if number == number.to_integral_value() else _refuse(what)
            return number
        if what == "date":
            return read_date(text, today)
    except (NumberError, DateError):
        raise _RowError(what) from None
    return text


def _refuse(what: str) -> int:
    raise _RowError(what)


def _usual_fault(node: Node, comparison: str) -> str:
    """What is wrong with a value that a question cannot be compared with."""
    kind = COMPARISONS[comparison].value_kind
    if kind != "own":
        return "count" if kind == "count" else "value"
    own = single_kind(node) if isinstance(node, FieldNode) else kind_of(node)
    return {"number": "number", "date": "date", "moment": "date", "choice": "choice"}.get(own, "value")
