"""A form to build conditions on, random conditions and answers, and what conditions mean, said once more in Python."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rathaus.building import (
    COMPARISONS,
    JOINTS,
    OVERS,
    Answer,
    Condition,
    Group,
    Part,
    Today,
    Vocabulary,
    kind_of,
)
from rathaus.building.vocabulary import single_kind
from rathaus.forms.ruletypes import RuleTypes
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.rules.functions import contains_any
from rathaus.standards.xdatenfelder.model import DataType
from tests.forms.building import TODAY, TOWN, a_field, a_group, a_tree

FORMS = {"GMBH": "GmbH", "AG": "Aktiengesellschaft", "EU": "Einzelunternehmen"}
KINDS = {"a": "Hund", "b": "Katze"}


def the_tree() -> SchemaTree:
    """Every kind of question, a list of entries with its own, and two of each kind that can be compared."""
    return a_tree(
        a_field("Rechtsform", codes=FORMS),
        a_field("Name", anzahl="0:1"),
        a_field("Geburtsname", anzahl="0:1"),
        a_field("Plätze", DataType.NUM_INT, anzahl="0:1"),
        a_field("Höchstens", DataType.NUM_INT, anzahl="0:1"),
        a_field("Gehalt", DataType.NUM_CURRENCY, anzahl="0:1"),
        a_field("Neu", DataType.BOOL, anzahl="0:1"),
        a_field("Nachweis", DataType.FILE, anzahl="0:1"),
        a_field("Tiere", codes=KINDS, anzahl="0:*"),
        a_group(
            "Zeitraum",
            a_field("Beginn", DataType.DATE, anzahl="0:1"),
            a_field("Ende", DataType.DATE, anzahl="0:1"),
            anzahl="0:1",
        ),
        a_group(
            "Person",
            a_field("Name", anzahl="0:1"),
            a_field("Geboren", DataType.DATE, anzahl="0:1"),
            a_field("Kinder", DataType.NUM_INT, anzahl="0:1"),
            a_field("Vollmacht", DataType.BOOL, anzahl="0:1"),
            anzahl="0:*",
        ),
    )


TREE = the_tree()
TYPES = RuleTypes(TREE)
ROOT = Vocabulary(TREE)
PERSON = Vocabulary(TREE, TREE.group("person"))

_texts = st.sampled_from(["Mira", 'a "b"', "C:\\x", "it's", "Straße 5", "mira"])
_days = st.dates(date(2026, 11, 20), date(2026, 11, 26))
_whole = st.integers(-2, 3)
_money = st.sampled_from([Decimal("0"), Decimal("-1.5"), Decimal("10"), Decimal("1234.56")])


def _own(node: FieldNode | GroupNode, comparison: str) -> st.SearchStrategy[Any]:
    kind = single_kind(node) if isinstance(node, FieldNode) else "group"
    if kind == "choice":
        return st.sampled_from(sorted(node.code_index))  # type: ignore[union-attr]
    if kind == "number":
        return _money if node.datatype is DataType.NUM_CURRENCY else _whole  # type: ignore[union-attr]
    if kind == "date":
        return _days if comparison == "between" else st.one_of(_days, st.just(Today()))
    return _texts


@st.composite
def parts(draw: st.DrawFn, vocabulary: Vocabulary) -> Part:
    """Any part that fits."""
    node = draw(st.sampled_from(list(vocabulary.nodes)))
    key = draw(st.sampled_from(vocabulary.comparisons(node.address)))
    comparison = COMPARISONS[key]
    values: st.SearchStrategy[Any] = {
        "count": st.integers(0, 3),
        "text": _texts,
        "own": _own(node, key),
    }[comparison.value_kind]
    if comparison.answers and (others := list(vocabulary.comparable(node.address))):
        values = st.one_of(values, st.sampled_from(others).map(Answer))
    least, most = (1, 3) if comparison.values is None else (comparison.values, comparison.values)
    chosen = draw(st.lists(values, min_size=least, max_size=most, unique=comparison.values is None))
    return Part(node.address, key, tuple(chosen))


@st.composite
def groups(draw: st.DrawFn, vocabulary: Vocabulary) -> Group:
    """Parts joined, or parts about the entries of a list."""
    path: str | None = draw(st.sampled_from([None, *sorted(vocabulary.lists)]))
    if path is not None:
        inner = draw(st.lists(parts(vocabulary.of_entries(path)), max_size=3))
        return Group(draw(st.sampled_from(JOINTS)), tuple(inner), draw(st.sampled_from(OVERS)), path)
    return Group(draw(st.sampled_from(JOINTS)), tuple(draw(st.lists(parts(vocabulary), max_size=3))))


@st.composite
def conditions(draw: st.DrawFn, vocabulary: Vocabulary) -> Condition:
    """Any condition that fits."""
    inner = st.one_of(parts(vocabulary), parts(vocabulary), groups(vocabulary))
    return Condition(draw(st.sampled_from(JOINTS)), tuple(draw(st.lists(inner, max_size=4))))


@st.composite
def answers(draw: st.DrawFn, group: GroupNode = TREE.root) -> dict[str, Any]:
    """Canonical answers to some of the questions of a group, as they lie before rules."""
    given: dict[str, Any] = {}
    for child in group.children:
        if draw(st.integers(0, 2)) == 0:
            continue
        one: st.SearchStrategy[Any] = answers(child) if isinstance(child, GroupNode) else _answer(child)
        value = draw(st.lists(one, min_size=1, max_size=2) if child.repeatable else one)
        if value not in ({}, []):
            given[child.key] = value
    return given


def _answer(node: FieldNode) -> st.SearchStrategy[Any]:
    kind = single_kind(node)
    if kind == "file":
        return st.just(
            {"id": "1", "name": "a.pdf", "size": 1, "media_type": "application/pdf", "sha256": "0"}
        )
    if kind == "yes_no":
        return st.booleans()
    if kind == "date":
        return _days.map(date.isoformat)
    if kind == "number":
        return _money.map(str) if node.datatype is DataType.NUM_CURRENCY else _whole
    return st.sampled_from(sorted(node.code_index)) if kind == "choice" else _texts


def evaluated(rule: str, given: Mapping[str, Any], entry: Mapping[str, Any] | None = None) -> bool:
    """What a rule says of answers (in the scope of a person, if there is an entry); raises `RuleError`."""
    scope = TREE.root if entry is None else PERSON.reach
    values = {**given, "answers": given, "today": TODAY, "town": TOWN, "self": entry}
    return bool(TYPES.environment_of(scope).compile(rule).evaluate(values))


def means(condition: Condition, given: Mapping[str, Any], entry: Mapping[str, Any] | None = None) -> bool:
    """What a condition should say of answers: a second opinion, written without the rule language."""
    return _joined(condition, given, entry)


def _joined(whole: Condition | Group, given: Mapping[str, Any], entry: Mapping[str, Any] | None) -> bool:
    said = [
        _group(part, given, entry) if isinstance(part, Group) else _part(part, given, entry)
        for part in whole.parts
    ]
    return {"all": all(said), "not_all": not all(said), "any": any(said), "none": not any(said)}[whole.joint]


def _group(group: Group, given: Mapping[str, Any], entry: Mapping[str, Any] | None) -> bool:
    if group.over is None:
        return _joined(group, given, entry)
    said = [_joined(group, given, one) for one in _at(group.entries, given, entry) or []]
    return {"some": any(said), "every": all(said), "no": not any(said), "not_every": not all(said)}[
        group.over
    ]


def _at(path: str, given: Mapping[str, Any], entry: Mapping[str, Any] | None) -> Any:
    found: Any = given
    if path.startswith("person."):
        found, path = entry or {}, path.removeprefix("person.")
    for key in path.split("."):
        found = found.get(key) if found else None
    return found


def _part(part: Part, given: Mapping[str, Any], entry: Mapping[str, Any] | None) -> bool:
    opposite = COMPARISONS[part.comparison].opposite
    if opposite and not COMPARISONS[part.comparison].answered:
        return not _part(Part(part.field, opposite, part.values), given, entry)
    mine = _at(part.field, given, entry)
    if part.comparison.startswith("entries_"):
        count = len(mine or [])
        return count >= part.values[0] if part.comparison == "entries_at_least" else count <= part.values[0]  # type: ignore[operator]
    if mine is None:
        return False
    values: list[Any] = [
        _at(value.path, given, entry) if isinstance(value, Answer) else value for value in part.values
    ]
    if None in values:
        return False
    node = TREE.nodes[part.field]
    if kind_of(node) == "date":
        mine, *values = [TODAY if value == Today() else _day(value) for value in (mine, *values)]
    elif kind_of(node) == "number" and isinstance(mine, str):
        mine, *values = [Decimal(str(value)) for value in (mine, *values)]
    return _says(part.comparison, mine, values)


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _years(day: date) -> int:
    years = TODAY.year - day.year - ((TODAY.month, TODAY.day) < (day.month, day.day))
    return (
        years
        if day <= TODAY
        else -(day.year - TODAY.year - ((day.month, day.day) < (TODAY.month, TODAY.day)))
    )


def _says(comparison: str, mine: Any, values: list[Any]) -> bool:
    if comparison in ("filled", "yes", "no"):
        return {"filled": True, "yes": mine is True, "no": mine is False}[comparison]
    if comparison == "town_postal_code":
        return bool(mine in TOWN["postal_codes"])
    if comparison == "words":
        return contains_any(mine, values)
    if comparison == "one_of":
        return bool(mine in values)
    first = values[0]
    if "_ago_" in comparison or "_ahead_" in comparison:
        span = _years(mine) if comparison.startswith("years") else (TODAY - mine).days
        span = -span if "_ahead_" in comparison else span
        said = {"least": span >= first, "most": span <= first, "less": span < first}
        return bool(said[comparison.split("_")[-1]])
    if comparison in ("contains", "includes"):
        return bool(first in mine)
    if comparison == "between":
        return bool(values[0] <= mine <= values[1])
    order = {"is": operator.eq, "less": operator.lt, "at_most": operator.le, "more": operator.gt}
    return bool(order.get(comparison, operator.ge)(mine, first))
