"""Rules that contradict each other, with the answers that show it.

One rule demands (or shows) what another forbids, a rule forbids what the schema always demands, or two demands can
never be met together. The first two are shown by answers of which both conditions are true; the last is only said
where the answers that matter are few and all were tried. Time is bounded: what is not found in it is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rathaus.forms.ruletypes import RuleTypes, value_type
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.freetext.celwriting import scope_of
from rathaus.freetext.ensuring import always_needed
from rathaus.freetext.examples import TRIED, Case, cases, holds
from rathaus.freetext.resolving import Element
from rathaus.rules.expressions import BOOL, Expression, RuleError

_MOST_PAIRS = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """What a rule wants: `require`, `show` or `forbid` the target when the condition is true, or `valid`: always true.

    `who` names the rule; a wish never contradicts one of the same name.
    """

    who: str
    kind: str
    target: str
    condition: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two wishes that cannot both be fulfilled with these answers; without a second: with what the schema demands."""

    first: Wish
    second: Wish | None
    answers: tuple[tuple[str, Any], ...]


def contradictions(tree: SchemaTree, wishes: Sequence[Wish]) -> tuple[Contradiction, ...]:
    """Every contradiction that is found among the wishes. Conditions that do not fit the schema are left out."""
    return tuple(_Finder(tree).find(wishes))


class _Finder:
    def __init__(self, tree: SchemaTree) -> None:
        self.tree = tree
        self.types = RuleTypes(tree)
        self.compared = 0
        self._rules: dict[tuple[GroupNode, str], Expression | None] = {}

    def find(self, wishes: Sequence[Wish]) -> Iterator[Contradiction]:
        wanted = [wish for wish in wishes if wish.kind in ("require", "show")]
        valid = [wish for wish in wishes if wish.kind == "valid"]
        for unwanted in (wish for wish in wishes if wish.kind == "forbid"):
            yield from self._against_schema(unwanted, wanted)
            found: dict[
                str, Contradiction
            ] = {}  # a rule that requires and shows is one contradiction, not two
            for wish in wanted:
                if wish.target == unwanted.target and wish.who not in (unwanted.who, *found):
                    answers = self._together(wish, unwanted)
                    if answers is not None:
                        found[wish.who] = Contradiction(wish, unwanted, answers)
            yield from found.values()
        for first, second in combinations(valid, 2):
            if self.compared > _MOST_PAIRS:
                return
            if first.who != second.who and first.condition != second.condition:
                case = self._never_together(first, second)
                if case is not None:
                    yield Contradiction(first, second, case.answers)

    def _against_schema(self, unwanted: Wish, wanted: Sequence[Wish]) -> Iterator[Contradiction]:
        """Answers that forbid what must be answered anyway; what is shown only at times is not there otherwise."""
        target = self.tree.nodes.get(unwanted.target)
        hidden = any(wish.kind == "show" and wish.target == unwanted.target for wish in wanted)
        if target is None or hidden or not always_needed(target):
            return
        rule = self._rule(unwanted)
        for case in self._cases(unwanted, [rule]) if rule else ():
            if rule and holds(rule, case):
                yield Contradiction(unwanted, None, case.answers)
                return

    def _together(self, first: Wish, second: Wish) -> tuple[tuple[str, Any], ...] | None:
        rules = self._rule(first), self._rule(second)
        if rules[0] is None or rules[1] is None or not self._has_time():
            return None
        sources = [(rules[0], first.condition), (rules[1], second.condition)]
        for case in cases(self.tree, self._scope(first), sources):
            if holds(rules[0], case) and holds(rules[1], case):
                return case.answers
        return None

    def _never_together(self, first: Wish, second: Wish) -> Case | None:
        """An example of answers that fulfil one demand and not the other, if none at all fulfil both."""
        scope = self._scope(first)
        rules = self._rule(first), self._rule(second)
        if rules[0] is None or rules[1] is None or scope is not self._scope(second):
            return None
        if not rules[0].references & rules[1].references or not self._has_time():
            return None
        if not all(self._has_few_answers(path, scope) for rule in rules if rule for path in rule.references):
            return None
        tried = list(cases(self.tree, scope, [(rules[0], first.condition), (rules[1], second.condition)]))
        outcomes = [(holds(rules[0], case), holds(rules[1], case)) for case in tried]
        ones = [case for case, (one, _) in zip(tried, outcomes, strict=True) if one]
        if len(tried) >= TRIED or (True, True) in outcomes or not ones:
            return None
        return ones[0] if any(other for _, other in outcomes) else None

    def _cases(self, wish: Wish, rules: Sequence[Expression]) -> Iterator[Case]:
        return cases(self.tree, self._scope(wish), [(rule, wish.condition) for rule in rules])

    def _has_time(self) -> bool:
        self.compared += 1
        return self.compared <= _MOST_PAIRS

    def _scope(self, wish: Wish) -> GroupNode:
        target: Element = self.tree.nodes.get(wish.target) or self.tree.root
        return scope_of(target) if wish.kind == "valid" else target.scope

    def _rule(self, wish: Wish) -> Expression | None:
        if wish.target and wish.target not in self.tree.nodes:
            return None
        key = (self._scope(wish), wish.condition)
        if key not in self._rules:
            try:
                self._rules[key] = self.types.environment_of(key[0]).compile(wish.condition)
            except RuleError:
                self._rules[key] = None
        return self._rules[key]

    def _has_few_answers(self, path: str, scope: GroupNode) -> bool:
        """Whether the examples are all answers that can make a difference: yes or no, a choice, given or not."""
        address = path.removeprefix("answers.")
        if address.startswith("self."):
            address = f"{scope.address}.{address.removeprefix('self.')}"
        node = self.tree.nodes.get(address)
        return isinstance(node, FieldNode) and (node.is_choice or value_type(node) is BOOL)
