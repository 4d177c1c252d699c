"""Reading all rules of a schema: what each does in the terms of the form engine, or why that is not certain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rathaus.forms.ruletypes import RuleTypes
from rathaus.forms.tree import CodeSource, FieldNode, GroupNode, SchemaTree
from rathaus.freetext.celwriting import CelWriter, disjoined, scope_of, when_given
from rathaus.freetext.consistency import is_constant, overlap
from rathaus.freetext.effects import Effect
from rathaus.freetext.ensuring import always_needed, ensured
from rathaus.freetext.grammar import parse
from rathaus.freetext.resolving import Element, Resolver, names_by_id
from rathaus.freetext.syntax import (
    CalendarDate,
    Combination,
    Compare,
    Condition,
    Conditional,
    Demand,
    Filled,
    NotUnderstoodError,
    Statement,
)
from rathaus.freetext.tokens import Token
from rathaus.rules.expressions import RuleError
from rathaus.standards.xdatenfelder.model import Group, Placement, Rule, Schema

Status = Literal["understood", "ensured", "open"]
_MAX_TEXT = 8_000


@dataclass(frozen=True, slots=True)
class RuleReading:
    """One rule at one place. `reason` says in German why an `open` rule is not understood, or what ensures it."""

    rule_id: str
    version: str | None
    name: str
    text: str
    bearer: str
    status: Status
    effects: tuple[Effect, ...] = ()
    reason: str = ""


def read_rules(schema: Schema, code_lists: Mapping[str, CodeSource] | None = None) -> tuple[RuleReading, ...]:
    """Every rule of the schema at each of its places, in schema order. Never raises for what a rule says."""
    tree = SchemaTree.build(schema, code_lists)
    reader = Reader(tree, schema)
    return tuple(reader.read(rule, bearer) for bearer, rule in _rules(schema, tree))


def _rules(schema: Schema, tree: SchemaTree) -> Iterator[tuple[Element, Rule]]:
    for rule in schema.rules:
        yield tree.root, rule
    yield from _rules_below(schema.children, tree.root)


def _rules_below(placements: tuple[Placement, ...], group: GroupNode) -> Iterator[tuple[Element, Rule]]:
    for placement, node in zip(placements, group.children, strict=True):
        for rule in placement.element.rules:
            yield node, rule
        if isinstance(placement.element, Group) and isinstance(node, GroupNode):
            yield from _rules_below(placement.element.children, node)


class Reader:
    """Reads rules of one schema. It remembers what sentences mean: published schemata repeat them."""

    def __init__(self, tree: SchemaTree, schema: Schema) -> None:
        self.resolver = Resolver(tree)
        self.names = names_by_id(schema)
        self.types: RuleTypes | None = None
        self._parsed: dict[str, tuple[Statement, ...] | NotUnderstoodError] = {}

    def read(self, rule: Rule, bearer: Element) -> RuleReading:
        """One rule as its bearer has it. Never raises."""
        try:
            effects = self.effects(self.parsed(rule.text), bearer)
        except NotUnderstoodError as error:
            return self.reading(rule, bearer, "open", reason=error.reason)
        if reasons := ensured(self.resolver.tree, effects):
            return self.reading(rule, bearer, "ensured", effects, reasons)
        return self.reading(rule, bearer, "understood", effects)

    def reading(
        self, rule: Rule, bearer: Element, status: Status, effects: tuple[Effect, ...] = (), reason: str = ""
    ) -> RuleReading:
        return RuleReading(
            rule.id, rule.version, rule.name, rule.text, bearer.address, status, effects, reason
        )

    def parsed(self, text: str) -> tuple[Statement, ...]:
        known = self._parsed.get(text)
        if known is None:
            try:
                if len(text) > _MAX_TEXT:
                    raise NotUnderstoodError(f"Die Regel ist länger als {_MAX_TEXT} Zeichen.")
                known = parse(text, self.names)
            except NotUnderstoodError as error:
                known = error
            self._parsed[text] = known
        if isinstance(known, NotUnderstoodError):
            raise known
        return known

    def effects(self, statements: tuple[Statement, ...], bearer: Element) -> tuple[Effect, ...]:
        needed: dict[Element, list[str]] = {}
        shown: dict[Element, list[str]] = {}
        forbidden: dict[Element, list[str]] = {}
        sources: dict[str, dict[Element, list[Condition]]] = {"require": {}, "activate": {}, "forbid": {}}
        demands: list[Effect] = []
        for statement in statements:
            if isinstance(statement, Demand):
                demands.append(self.demand(statement, bearer))
                continue
            if is_constant(statement.condition):
                raise NotUnderstoodError("Die Bedingung gilt immer oder nie, gleich was geantwortet wird.")
            for action in statement.actions:
                target = self.resolver.find(action.target.value, bearer)
                check_target(target, action.target.value)
                condition = self.condition(statement, bearer, target)
                table = {"require": needed, "activate": shown, "forbid": forbidden}[action.kind]
                table.setdefault(target, []).append(condition)
                sources[action.kind].setdefault(target, []).append(statement.condition)
        for target, conditions in sources["forbid"].items():
            for wanted in (*sources["require"].get(target, ()), *sources["activate"].get(target, ())):
                if any(overlap(wanted, unwanted) for unwanted in conditions):
                    raise NotUnderstoodError(
                        f"Die Regel widerspricht sich: Sie verlangt „{target.label}“ und verbietet es zugleich."
                    )
        for target, demanded in needed.items():
            limited = target in shown or target in forbidden
            if not limited and "true" not in demanded and always_needed(target):
                raise NotUnderstoodError(
                    f"„{target.label}“ ist im Schema immer eine Pflichtangabe, die Regel verlangt sie nur unter einer "
                    "Bedingung: Ob sie sonst entfällt, ist unklar."
                )
        return (*_effects_on_targets(needed, shown, forbidden), *demands)

    def condition(self, statement: Conditional, bearer: Element, target: Element) -> str:
        condition = CelWriter(self.resolver, bearer, target.scope).write(statement.condition)
        self.check(condition, target.scope)
        return condition

    def check(self, condition: str, scope: GroupNode) -> None:
        """What the rule language does not accept (too long, too deep) is not a rule either."""
        if self.types is None:
            self.types = RuleTypes(self.resolver.tree)
        try:
            self.types.environment_of(scope).compile(condition)
        except RuleError as error:
            raise NotUnderstoodError(f"Die Bedingung lässt sich nicht übernehmen: {error.message}") from None

    def demand(self, statement: Demand, bearer: Element) -> Effect:
        scope = scope_of(bearer)
        condition = when_given(CelWriter(self.resolver, bearer, scope).write(statement.condition), bearer)
        self.check(condition, scope)
        fields = self.fields_of(statement, bearer)
        labels = [f"„{field.label}“" for field in fields]
        message = _demand_message(statement, labels)
        return Effect("valid", bearer.address, condition, message, tuple(field.address for field in fields))

    def fields_of(self, statement: Demand, bearer: Element) -> list[Element]:
        condition = statement.condition
        if isinstance(condition, CalendarDate):
            written = (condition.day, condition.month, condition.year)
            return [self.resolver.find(part.value, bearer) for part in written]
        parts = condition.parts if isinstance(condition, Combination) else (condition,)
        references = [
            reference
            for part in parts
            if isinstance(part, Compare | Filled)
            for reference in (part.reference, part.value if isinstance(part, Compare) else None)
            if isinstance(reference, Token)
        ]
        return [self.resolver.find(reference.value, bearer) for reference in references]


def check_target(target: Element, written: str) -> None:
    """Raises `NotUnderstoodError` for what no applicant is asked."""
    if isinstance(target, FieldNode) and target.is_fixed:
        raise NotUnderstoodError(f"{written} „{target.label}“ wird nicht abgefragt.")


def _effects_on_targets(
    needed: dict[Element, list[str]], shown: dict[Element, list[str]], forbidden: dict[Element, list[str]]
) -> Iterator[Effect]:
    for target in dict.fromkeys([*needed, *shown, *forbidden]):
        demanded = [*shown.get(target, ()), *needed.get(target, ())]
        is_label = isinstance(target, FieldNode) and target.is_label
        if demanded and not is_label:
            message = f"Machen Sie Angaben zu „{target.label}“."
            yield Effect("require", target.address, disjoined(demanded), message)
        if target in shown:  # what has to be activated is not there before, nor where the rule forbids it
            yield Effect("show", target.address, disjoined(demanded), "")
        elif target in forbidden:
            message = f"Lassen Sie „{target.label}“ hier leer."
            yield Effect("forbid", target.address, disjoined(forbidden[target]), message)


def _demand_message(statement: Demand, labels: list[str]) -> str:
    condition = statement.condition
    listed = " oder ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else "".join(labels)
    if isinstance(condition, Combination) and isinstance(condition.parts[0], Filled):
        amount = "genau eine" if condition.joint == "xor" else "mindestens eine"
        return f"Machen Sie {amount} dieser Angaben: {listed}."
    if isinstance(condition, CalendarDate):
        return f"Diesen Tag gibt es im Kalender nicht. Prüfen Sie {', '.join(labels)}."
    return f"Prüfen Sie diese Angaben, sie passen nicht zusammen: {listed}."
