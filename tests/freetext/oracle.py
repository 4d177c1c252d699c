"""FITKO's translations of free-text rules, evaluated beside ours over all answers that make a difference."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from rathaus.forms.keys import put
from rathaus.forms.ruletypes import RuleTypes, value_type
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.freetext import RuleReading, read_rules
from rathaus.rules.expressions import BOOL, DOUBLE, INT, TIMESTAMP
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.standards.shared_data import SHARED_DATA

Element = FieldNode | GroupNode
DATA = SHARED_DATA / "xdatenfelder"
_PARTS = {"tag": [None, 1, 29, 30, 31], "monat": [None, 2, 4, 12], "jahr": [None, 2000, 2019]}
UNDEFINED = object()


@dataclass
class Verdict:
    """How the rows of the oracle fared; a row is named by schema, bearer, effect and target."""

    reproduced: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    contradictory: list[str] = field(default_factory=list)


def rows() -> list[dict[str, Any]]:
    """The translated rules as they come."""
    return [json.loads(line) for line in (DATA / "translated_rules.jsonl").read_text().splitlines()]


def judge() -> Verdict:
    """Every row of the oracle against our reading, at every place it speaks of; the worst place counts."""
    verdicts: dict[int, set[str]] = defaultdict(set)
    names: dict[int, str] = {}
    everything = rows()
    for file in sorted((DATA / "3.0.0").glob("*.xml")):
        schema = read_schema(file)
        judged = [(n, row) for n, row in enumerate(everything) if schema.id in row["schemata"]]
        if judged:
            comparison = Comparison(SchemaTree.build(schema), read_rules(schema))
            for number, verdict in comparison.compare(judged):
                verdicts[number].add(verdict)
    result = Verdict()
    for number, row in enumerate(everything):
        names[number] = f"{row['schemata'][0]} {row['rule_id']} {row['actions'][0]} {row['target'] or ''}"
        worst = next(
            v for v in ("wrong", "contradictory", "open", "reproduced") if v in verdicts[number] | {"open"}
        )
        if worst == "open" and "open" not in verdicts[number] and verdicts[number]:
            worst = "reproduced"
        getattr(result, worst).append(names[number])
    return result


class Comparison:
    """One schema: the oracle's rows and our readings."""

    def __init__(self, tree: SchemaTree, readings: tuple[RuleReading, ...]) -> None:
        self.tree = tree
        self.types = RuleTypes(tree)
        self.readings: dict[str, list[RuleReading]] = defaultdict(list)
        for reading in readings:
            self.readings[reading.bearer].append(reading)

    def compare(self, judged: list[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, str]]:
        by_place: dict[tuple[Element, str, Element | None], list[tuple[int, dict[str, Any]]]] = defaultdict(
            list
        )
        by_bearer: dict[Element, list[tuple[dict[str, Any], Element | None]]] = defaultdict(list)
        for number, row in judged:
            for bearer, target in self.places(row):
                by_place[bearer, row["actions"][0], target].append((number, row))
                by_bearer[bearer].append((row, target))
        for (bearer, action, target), here in by_place.items():
            yield from self.compare_place(bearer, action, target, here, by_bearer[bearer])

    def places(self, row: dict[str, Any]) -> Iterator[tuple[Element, Element | None]]:
        for node in self.tree.nodes.values():
            if row["target"] is None:
                if node.id == row["rule_id"]:
                    yield node, None
            elif ids(node) == row["target"]:
                bearer = node
                while bearer.parent is not None and bearer.id != row["rule_id"]:
                    bearer = bearer.parent
                yield bearer, node

    def compare_place(
        self,
        bearer: Element,
        action: str,
        target: Element | None,
        here: list[tuple[int, dict[str, Any]]],
        all_rows: list[tuple[dict[str, Any], Element | None]],
    ) -> Iterator[tuple[int, str]]:
        opposite = {"required": "forbidden", "forbidden": "required"}.get(action)
        twins = [
            row["condition"] for row, node in all_rows if node is target and row["actions"][0] == opposite
        ]
        contradictory = [number for number, row in here if row["condition"] in twins]
        conditions = self.ours(bearer, action, target)
        forbids = [
            (row["condition"], node) for row, node in all_rows if row["actions"][0] == "forbidden" and node
        ]
        opens = isinstance(bearer, GroupNode) and bearer.opens_scope
        scope = (
            target.scope if target else bearer if isinstance(bearer, GroupNode) and opens else bearer.scope
        )
        is_open = any(reading.status == "open" for reading in self.readings[bearer.address])
        missed: set[int] = set()
        excess = False
        for answers, outcome in self.outcomes(
            bearer, scope, [row for _, row in here], conditions, forbids, action
        ):
            told = [evaluate(row["condition"], partial(self.answer, bearer, answers)) for _, row in here]
            if UNDEFINED in told:
                continue
            if action == "validation":
                missed |= {
                    number for (number, _), value in zip(here, told, strict=True) if outcome and not value
                }
                excess |= not outcome and all(told)
            else:
                missed |= {
                    number for (number, _), value in zip(here, told, strict=True) if value and not outcome
                }
                excess |= outcome and not any(told)
        for number, _ in here:
            if number in contradictory:
                yield number, "contradictory"
            elif not conditions or (number in missed and is_open):
                yield number, "open"
            else:
                yield number, "wrong" if excess or number in missed else "reproduced"

    def ours(self, bearer: Element, action: str, target: Element | None) -> list[str]:
        """Our conditions of this kind: any of them demands (`validation`: is demanded) what the action says."""
        found = []
        for effect in (e for reading in self.readings[bearer.address] for e in reading.effects):
            if target is None:
                found += [effect.condition] if effect.kind == "valid" else []
            elif effect.target == target.address:
                label = isinstance(target, FieldNode) and target.is_label
                if effect.kind == "require" or (effect.kind == "show" and label):
                    found += [effect.condition] if action == "required" else []
                if effect.kind == "forbid" and action == "forbidden":
                    found.append(effect.condition)
                if effect.kind == "show" and action == "forbidden":
                    found.append(f"!({effect.condition})")
        return found

    def outcomes(
        self,
        bearer: Element,
        scope: GroupNode,
        here: list[dict[str, Any]],
        conditions: list[str],
        forbids: list[tuple[Any, Element]],
        action: str,
    ) -> Iterator[tuple[dict[Element, Any], bool]]:
        environment = self.types.environment_of(scope)
        rules = [environment.compile(condition) for condition in conditions]
        drivers = {self.node(bearer, path) for row in here for path in identifiers(row["condition"])}
        for rule in rules:
            drivers |= {
                self.tree.nodes[address]
                for reference in rule.references
                if (address := self.address(reference, scope)) in self.tree.nodes
            }
        drivers = {node for node in drivers if not any(node in above(other) for other in drivers)}
        if action == "validation":
            drivers |= {
                self.node(bearer, path) for condition, _ in forbids for path in identifiers(condition)
            }
        ordered = sorted(drivers, key=lambda node: node.address)
        for values in product(*(domain(node) for node in ordered)):
            answers = dict(zip(ordered, values, strict=True))
            if action == "validation" and any(
                answers.get(node) is not None
                and evaluate(condition, partial(self.answer, bearer, answers)) is True
                for condition, node in forbids
            ):
                continue
            if action == "validation" and not given(bearer, answers):
                continue
            bound = environment.bind(variables(answers, scope))
            told = [rule.evaluate(bound) for rule in rules]
            yield answers, all(told) if action == "validation" else any(told)

    def address(self, reference: str, scope: GroupNode) -> str:
        if reference.startswith("answers."):
            return reference.removeprefix("answers.")
        return f"{scope.address}.{reference[5:]}" if reference.startswith("self.") else reference

    def node(self, bearer: Element, path: str) -> Element:
        node: Element = bearer
        for step in path.removeprefix("self.").split("."):
            assert isinstance(node, GroupNode)
            node = next(child for child in node.children if child.id == step)
        return node

    def answer(self, bearer: Element, answers: dict[Element, Any], path: str) -> tuple[Element, Any]:
        node = self.node(bearer, path)
        return node, answers[node]


def evaluate(condition: Any, answer: Any) -> Any:
    """The value of an oracle's condition; `UNDEFINED` where it compares an order with nothing."""
    if not isinstance(condition, dict):
        return condition
    ((name, operand),) = condition.items()
    if name == "identifier":
        return answer(operand)[1]
    if name == "not":
        return not evaluate(operand, answer)
    if name == "is_empty":
        return evaluate(operand, answer) is None
    if name in ("equal", "not_equal"):
        node, value = answer(operand[0]["identifier"])
        literal = operand[1]
        code = literal.split(" ")[0] if isinstance(literal, str) else literal
        same = value == (code if isinstance(node, FieldNode) and code in node.code_index else literal)
        return same == (name == "equal")
    values = [evaluate(part, answer) for part in operand]
    if name == "and":
        return all(values)
    if name == "or":
        return any(values)
    if name == "xor":
        return sum(map(bool, values)) == 1
    if None in values:
        return UNDEFINED if name == "less_than" else True
    if name == "less_than":
        return values[0] < values[1]
    assert name == "is_valid_date", name
    try:
        date(values[2], values[1], values[0])
    except ValueError:
        return False
    return True


def given(bearer: Element, answers: dict[Element, Any]) -> bool:
    """Whether the rules of a group count: it is needed, or something in it is answered."""
    needed = all(group.needed for group in [bearer, *above(bearer)] if group.parent is not None)
    inside = (node for node, value in answers.items() if value is not None)
    return needed or any(bearer in above(node) for node in inside)


def identifiers(condition: Any) -> Iterator[str]:
    """The elements an oracle's condition reads."""
    if isinstance(condition, dict):
        for name, operand in condition.items():
            if name == "identifier":
                yield operand
            else:
                yield from identifiers(operand)
    elif isinstance(condition, list):
        for part in condition:
            yield from identifiers(part)


def domain(node: Element) -> list[Any]:
    """Answers of a complete application that make a difference: a question that must be answered is."""
    if isinstance(node, GroupNode):
        return [None, sample_of(node)]
    unanswered = [] if node.needed else [None]
    if node.codes:
        return [*unanswered, *(code.code for code in node.codes)]
    kind = value_type(node)
    if kind is BOOL:
        return [*unanswered, True, False]
    for part, values in _PARTS.items():
        if kind is INT and node.key.startswith(part):
            return values
    if kind is TIMESTAMP:
        return [*unanswered, "2020-01-01", "2020-06-01", "2021-01-01"]
    return [None, sample_of(node)]


def sample_of(node: Element) -> Any:
    """Any answer: for a group, that of its first field."""
    if isinstance(node, GroupNode):
        child = next(c for c in node.children if not (isinstance(c, FieldNode) and c.is_label))
        value: Any = {child.key: sample_of(child)}
    elif node.codes:
        value = node.codes[0].code
    else:
        kind = value_type(node)
        known: dict[Any, Any] = {BOOL: True, INT: 1, DOUBLE: "1", TIMESTAMP: "2020-01-01"}
        value = known.get(kind, "x")
    return [value] if node.repeatable else value


def variables(answers: dict[Element, Any], scope: GroupNode) -> dict[str, Any]:
    """What rules see in a scope, given the answers of some elements."""
    everything: dict[str, Any] = {}
    entry: dict[str, Any] = {}
    for node, value in answers.items():
        if value is not None:
            inside = bool(scope.path) and node.scope is scope
            put(entry if inside else everything, node.local if inside else node.path, value)
    found = {**everything, "answers": everything, "today": date(2026, 1, 1)}
    return {**found, "self": entry} if scope.path else found


def ids(node: Element) -> str:
    """The way to an element by ids."""
    return ".".join(n.id for n in reversed([node, *above(node)]) if n.parent is not None)


def above(node: Element) -> list[GroupNode]:
    """The groups around an element, nearest first."""
    found = []
    parent = node.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found
