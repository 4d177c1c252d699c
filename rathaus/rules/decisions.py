"""Decision tables in DMN 1.3 whose expressions are CEL.

A table is read (`read_decision`), compiled against the variables of an environment (`DecisionTable.compile`, which
finds every misspelt name and wrong type), and asked (`CompiledDecision.decide`).

Input entries: `-` matches anything; a literal or a comma list of literals matches equal values; an entry that begins
with `<`, `<=`, `>` or `>=` compares; anything else is a CEL condition in which `value` is the input's value. Entries
of a rule are tested from left to right and only until one fails. Whole numbers in the first two notations are read
as decimal where the input is decimal.

Source: OMG DMN 1.3, chapter 8 (decision table, hit policies); `expressionLanguage` must be `urn:cel`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

from rathaus.rules.expressions import (
    BOOL,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Bound,
    Environment,
    Expression,
    RuleError,
    ValueType,
)
from rathaus.said import said
from rathaus.standards.safe_xml import Limits, Node, XmlError, read_xml

T = TypeVar("T")

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
EXPRESSION_LANGUAGE = "urn:cel"

_LIMITS = Limits(bytes=4 * 1024 * 1024, depth=40, elements=100_000)
_LITERAL = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false)"""
LITERALS = re.compile(rf"{_LITERAL}(?:\s*,\s*{_LITERAL})*")
ONE_LITERAL = re.compile(_LITERAL)
COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)", re.DOTALL)
_WHOLE_NUMBER = re.compile(r"-?\d+")
_TYPE_REFS: dict[str, tuple[ValueType, ...]] = {
    "string": (STRING,),
    "number": (INT, DOUBLE),
    "integer": (INT,),
    "long": (INT,),
    "double": (DOUBLE,),
    "boolean": (BOOL,),
    "date": (TIMESTAMP,),
    "dateTime": (TIMESTAMP,),
}


class DecisionError(Exception):
    """A table that cannot be read, compiled or decided. `line` is its place in the file (0 where none applies)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


class HitPolicy(StrEnum):
    """How many rules may match: exactly one, the first that does, or any number."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    COLLECT = "COLLECT"


@dataclass(frozen=True, slots=True)
class Text:
    """An expression as written, and its line in the file."""

    source: str
    line: int


@dataclass(frozen=True, slots=True)
class Input(Text):
    """What one column of conditions is about; `label` is what people call it, `type_ref` its declared type."""

    label: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """One result of the table: its name, the declared type ("" for none), and what it is when no rule matches."""

    name: str
    type_ref: str
    default: Text | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class TableRule:
    """One row: conditions in the order of the inputs, results in the order of the outputs."""

    id: str
    conditions: tuple[Text, ...]
    results: tuple[Text, ...]
    annotation: str
    line: int


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that decided: its id in the file and its annotation (for instance the § it rests on)."""

    id: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and by which rules (none: the table's default).

    `outputs` maps output names to values; for COLLECT it is a list of such mappings, one per matching rule.
    """

    outputs: dict[str, Any] | list[dict[str, Any]]
    matched_rules: tuple[MatchedRule, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell. Rows and columns count from 0, outputs after inputs; no row: the column's head."""

    row: int | None
    column: int
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table as read."""

    id: str
    name: str
    description: str
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[TableRule, ...]

    def column_name(self, column: int) -> str:
        """What people call a column; outputs are counted after inputs."""
        if column < len(self.inputs):
            return self.inputs[column].label or self.inputs[column].source
        output = self.outputs[column - len(self.inputs)]
        return output.label or output.name

    def faults(self, environment: Environment) -> tuple[Fault, ...]:
        """Every cell that cannot be compiled against the environment's variables; the cells of a column whose head
        is wrong are not looked at."""
        found: list[Fault] = []

        def tried(row: int | None, column: int, compile_cell: Callable[[], T]) -> T | None:
            try:
                return compile_cell()
            except DecisionError as error:
                found.append(Fault(row, column, error.message, error.line))
                return None

        for column, head in enumerate(self.inputs):
            expression = tried(None, column, partial(_compile, environment, head, None))
            if expression is None:
                continue
            cell = environment.extended({"value": expression.result_type})
            for row, rule in enumerate(self.rules):
                tried(row, column, partial(_condition, cell, rule.conditions[column], expression.result_type))
        for column, output in enumerate(self.outputs, start=len(self.inputs)):
            if output.default:
                tried(None, column, partial(_result, environment, output.default, output))
            for row, rule in enumerate(self.rules):
                text = rule.results[column - len(self.inputs)]
                tried(row, column, partial(_result, environment, text, output))
        return tuple(sorted(found, key=lambda fault: (-1 if fault.row is None else fault.row, fault.column)))

    def compile(self, environment: Environment) -> CompiledDecision:
        """Check every expression against the environment's variables. Raises `DecisionError` with the line."""
        inputs = tuple(_compile(environment, text, None) for text in self.inputs)
        cells = tuple(environment.extended({"value": expression.result_type}) for expression in inputs)
        return CompiledDecision(
            table=self,
            environment=environment,
            inputs=inputs,
            cells=cells,
            conditions=tuple(
                tuple(
                    _condition(cell, text, expression.result_type)
                    for cell, text, expression in zip(cells, rule.conditions, inputs, strict=True)
                )
                for rule in self.rules
            ),
            results=tuple(
                tuple(_result(environment, t, o) for t, o in zip(rule.results, self.outputs, strict=True))
                for rule in self.rules
            ),
            defaults=tuple(_result(environment, o.default, o) for o in self.outputs if o.default),
        )


@dataclass(frozen=True, slots=True)
class CompiledDecision:
    """A decision table ready to decide. Safe to share between threads."""

    table: DecisionTable
    environment: Environment
    inputs: tuple[Expression, ...]
    cells: tuple[Environment, ...]  # per input: the environment in which its entries know `value`
    conditions: tuple[tuple[Expression | None, ...], ...]
    results: tuple[tuple[Expression, ...], ...]
    defaults: tuple[Expression, ...]

    @property
    def references(self) -> frozenset[str]:
        """Template paths of all values the table reads."""
        conditions = [cell for row in self.conditions for cell in row if cell]
        results = [cell for row in self.results for cell in row]
        every = [*self.inputs, *conditions, *results, *self.defaults]
        return frozenset(path for expression in every for path in expression.references) - {"value"}

    def decide(self, values: Mapping[str, object] | Bound) -> Decision:
        """Decide for these values.

        Raises `DecisionError` if no rule matches and the table has no default (COLLECT: an empty list instead), if
        two rules of a UNIQUE table match, or if an expression cannot be evaluated.
        """
        bound = values if isinstance(values, Bound) else self._bind(values)
        columns: dict[int, Bound] = {}

        def column(index: int) -> Bound:
            if index not in columns:
                value = _evaluate(self.inputs[index], bound, self.table.inputs[index].line)
                columns[index] = bound.extended(self.cells[index], {"value": value})
            return columns[index]

        hits = (index for index, rule in enumerate(self.table.rules) if self._matches(index, rule, column))
        if self.table.hit_policy is HitPolicy.FIRST:
            return self._decision(list(islice(hits, 1)), bound)
        matching = list(hits)
        if self.table.hit_policy is HitPolicy.UNIQUE and len(matching) > 1:
            ids = ", ".join(self.table.rules[index].id for index in matching)
            raise DecisionError(
                said(
                    "%(table)s: the rules %(ids)s match together, but only one may (UNIQUE)",
                    table=self.table.name,
                    ids=ids,
                )
            )
        return self._decision(matching, bound)

    def matching(self, columns: Sequence[object]) -> tuple[int, ...]:
        """Which rows match these values of the inputs, whatever the hit policy makes of it. Raises `DecisionError`."""
        empty = self._bind({})
        try:
            bounds = [
                empty.extended(cell, {"value": value})
                for cell, value in zip(self.cells, columns, strict=True)
            ]
        except RuleError as error:
            raise DecisionError(said("%(table)s: %(error)s", table=self.table.name, error=error)) from None
        return tuple(
            index
            for index, rule in enumerate(self.table.rules)
            if self._matches(index, rule, bounds.__getitem__)
        )

    def _bind(self, values: Mapping[str, object]) -> Bound:
        try:
            return self.environment.bind(values)
        except RuleError as error:
            raise DecisionError(said("%(table)s: %(error)s", table=self.table.name, error=error)) from None

    def _matches(self, index: int, rule: TableRule, column: Callable[[int], Bound]) -> bool:
        return all(
            condition is None or _evaluate(condition, column(position), rule.conditions[position].line)
            for position, condition in enumerate(self.conditions[index])
        )

    def _decision(self, matching: list[int], bound: Bound) -> Decision:
        collects = self.table.hit_policy is HitPolicy.COLLECT
        rules = [self.table.rules[index] for index in matching]
        outputs = [
            self._outputs(self.results[index], self.table.rules[index].results, bound) for index in matching
        ]
        if not matching and self.defaults:
            texts = tuple(output.default for output in self.table.outputs if output.default)
            outputs = [self._outputs(self.defaults, texts, bound)]
        if not outputs and not collects:
            raise DecisionError(
                said(
                    "%(table)s: no rule matches, and the table has no default",
                    table=self.table.name,
                )
            )
        return Decision(
            outputs=outputs if collects else outputs[0],
            matched_rules=tuple(MatchedRule(rule.id, rule.annotation) for rule in rules),
        )

    def _outputs(
        self, results: tuple[Expression, ...], texts: tuple[Text, ...], bound: Bound
    ) -> dict[str, Any]:
        return {
            output.name: _evaluate(result, bound, text.line)
            for output, result, text in zip(self.table.outputs, results, texts, strict=True)
        }


def read_decision(source: BinaryIO | bytes | Path) -> DecisionTable:
    """Read a DMN 1.3 file with exactly one decision table. Raises `DecisionError` with the line."""
    try:
        root = read_xml(source, limits=_LIMITS)
    except XmlError as error:
        raise DecisionError(error.message, error.line) from None
    if root.name != "definitions" or root.namespace != NAMESPACE:
        _fail(
            root,
            said(
                "this is not DMN 1.3: the root element is <%(root)s> in namespace %(namespace)r",
                root=root.name,
                namespace=root.namespace,
            ),
        )
    language = root.attributes.get("expressionLanguage", "")
    if language != EXPRESSION_LANGUAGE:
        _fail(
            root,
            said(
                'expressionLanguage must be "%(wanted)s", found %(language)r',
                wanted=EXPRESSION_LANGUAGE,
                language=language,
            ),
        )
    decisions = [decision for decision in root.all("decision") if decision.first("decisionTable")]
    if len(decisions) != 1:
        _fail(
            root, said("the file must hold exactly one decision table, found %(count)s", count=len(decisions))
        )
    return _table(decisions[0], _child(decisions[0], "decisionTable"))


def _table(decision: Node, table: Node) -> DecisionTable:
    inputs = tuple(map(_input, table.all("input")))
    outputs = tuple(_output(node) for node in table.all("output"))
    names = [output.name for output in outputs]
    if not outputs or len(set(names)) != len(names):
        _fail(table, said("a decision table needs outputs with different names"))
    if len([output for output in outputs if output.default]) not in (0, len(outputs)):
        _fail(table, said("either every output has a default or none has"))
    rules = tuple(
        _rule(node, number, len(inputs), len(outputs))
        for number, node in enumerate(table.all("rule"), start=1)
    )
    if not rules:
        _fail(table, said("the decision table has no rules"))
    return DecisionTable(
        id=decision.attributes.get("id", ""),
        name=decision.attributes.get("name") or decision.attributes.get("id", ""),
        description=decision.text_of("description"),
        hit_policy=_hit_policy(table),
        inputs=inputs,
        outputs=outputs,
        rules=rules,
    )


def _hit_policy(table: Node) -> HitPolicy:
    name = table.attributes.get("hitPolicy", HitPolicy.UNIQUE)
    try:
        policy = HitPolicy(name)
    except ValueError:
        _fail(
            table,
            said(
                "the hit policy %(name)r is not supported; use %(known)s",
                name=name,
                known=", ".join(HitPolicy),
            ),
        )
    if "aggregation" in table.attributes:
        _fail(
            table,
            said("aggregation is not supported; collect the values and add them up where they are used"),
        )
    return policy


def _input(node: Node) -> Input:
    expression = _child(node, "inputExpression")
    text = _text(expression)
    return Input(
        text.source, text.line, node.attributes.get("label", ""), expression.attributes.get("typeRef", "")
    )


def _output(node: Node) -> Output:
    name = node.attributes.get("name", "").strip()
    if not name:
        _fail(node, said("an output needs a name"))
    default = node.first("defaultOutputEntry")
    return Output(
        name,
        node.attributes.get("typeRef", ""),
        _text(default) if default else None,
        node.attributes.get("label", ""),
    )


def _rule(node: Node, number: int, inputs: int, outputs: int) -> TableRule:
    conditions = tuple(_text(entry) for entry in node.all("inputEntry"))
    results = tuple(_text(entry) for entry in node.all("outputEntry"))
    if len(conditions) != inputs or len(results) != outputs:
        _fail(
            node,
            said(
                "rule %(number)s must have %(inputs)s input entries and %(outputs)s output entries",
                number=number,
                inputs=inputs,
                outputs=outputs,
            ),
        )
    annotations = [entry.text_of("text") for entry in node.all("annotationEntry")]
    return TableRule(
        id=node.attributes.get("id") or f"rule_{number}",
        conditions=conditions,
        results=results,
        annotation=" ".join(filter(None, [node.text_of("description"), *annotations])),
        line=node.line,
    )


def _text(node: Node) -> Text:
    language = node.attributes.get("expressionLanguage", EXPRESSION_LANGUAGE)
    if language != EXPRESSION_LANGUAGE:
        _fail(
            node,
            said(
                'expressionLanguage must be "%(wanted)s", found %(language)r',
                wanted=EXPRESSION_LANGUAGE,
                language=language,
            ),
        )
    text = _child(node, "text")
    blank = text.text[: len(text.text) - len(text.text.lstrip())]
    return Text(text.text.strip(), text.line + blank.count("\n"))


def _child(node: Node, name: str) -> Node:
    child = node.first(name)
    if child is None:
        _fail(node, said("<%(node)s> has no <%(name)s>", node=node.name, name=name))
    return child


def _fail(node: Node, message: str) -> NoReturn:
    raise DecisionError(message, node.line)


def _condition(environment: Environment, text: Text, value_type: ValueType) -> Expression | None:
    source = text.source
    if source in ("", "-"):
        return None
    if LITERALS.fullmatch(source):
        literals = [_literal(literal, value_type) for literal in ONE_LITERAL.findall(source)]
        source = " || ".join(f"value == {literal}" for literal in literals)
    elif comparison := COMPARISON.fullmatch(source):
        source = f"value {comparison[1]} {_literal(comparison[2].strip(), value_type)}"
    return _compile(environment, Text(source, text.line), BOOL)


def _literal(source: str, value_type: ValueType) -> str:
    return f"{source}.0" if value_type is DOUBLE and _WHOLE_NUMBER.fullmatch(source) else source


def _result(environment: Environment, text: Text, output: Output) -> Expression:
    allowed = _TYPE_REFS.get(output.type_ref)
    expression = _compile(environment, text, allowed[0] if allowed and len(allowed) == 1 else None)
    if allowed and expression.result_type not in (*allowed, DYN):
        raise DecisionError(
            said(
                "the output %(output)r must be a %(type)s: %(found)s",
                output=output.name,
                type=output.type_ref,
                found=text.source,
            ),
            text.line,
        )
    return expression


def _compile(environment: Environment, text: Text, expects: ValueType | None) -> Expression:
    try:
        return environment.compile(text.source, expects)
    except RuleError as error:
        raise DecisionError(
            said(
                "%(why)s in %(rule)r",
                why=error.message,
                rule=error.source,
            ),
            text.line + max(error.line - 1, 0),
        ) from None


def _evaluate(expression: Expression, bound: Bound, line: int) -> Any:
    try:
        return expression.evaluate(bound)
    except RuleError as error:
        raise DecisionError(
            said(
                "%(why)s in %(rule)r",
                why=error.message,
                rule=error.source,
            ),
            line,
        ) from None
