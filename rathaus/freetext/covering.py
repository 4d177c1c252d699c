"""Whether what one rule does is done already by others, whatever the answers.

Two people say the same rule differently: one shows a question if something is so, the other one demands it then and
forbids it otherwise. They are compared by example answers that make a difference. Where these are too many to try all
of them, only what is written alike counts as the same.
"""

from __future__ import annotations

from rathaus.forms.ruletypes import RuleTypes
from rathaus.forms.tree import SchemaTree
from rathaus.freetext.celwriting import scope_of
from rathaus.freetext.effects import Effect
from rathaus.freetext.ensuring import always_needed, ensured
from rathaus.freetext.examples import TRIED, cases, holds
from rathaus.freetext.resolving import Element
from rathaus.rules.expressions import RuleError


class Coverage:
    """Effects of a schema's rules, asked whether they make another one superfluous."""

    def __init__(self, tree: SchemaTree) -> None:
        self._tree = tree
        self._types = RuleTypes(tree)
        self._on: dict[tuple[str, str], list[str]] = {}

    def add(self, kind: str, target: str, condition: str) -> None:
        """The form does this, too."""
        self._on.setdefault((kind, target), []).append(condition)

    def covers(self, effect: Effect) -> bool:
        """Whether the form does what the effect says without it."""
        target: Element | None = self._tree.nodes.get(effect.target) if effect.target else self._tree.root
        if target is None:
            return False
        if ensured(self._tree, (effect,)) or (effect.kind == "require" and always_needed(target)):
            return True
        known = self._known(effect, target)
        if not known or effect.condition in known:
            return bool(known)
        scope = scope_of(target) if effect.kind == "valid" else target.scope
        environment = self._types.environment_of(scope)
        try:
            sources = [effect.condition, *known]
            rules = [environment.compile(source) for source in sources]
        except RuleError:
            return False
        tried = list(cases(self._tree, scope, list(zip(rules, sources, strict=True))))
        if len(tried) >= TRIED:
            return False
        new, others = rules[0], rules[1:]
        if effect.kind == "valid":
            return all(holds(new, case) for case in tried if all(holds(rule, case) for rule in others))
        return all(any(holds(rule, case) for rule in others) for case in tried if holds(new, case))

    def _known(self, effect: Effect, target: Element) -> list[str]:
        """Conditions under which the same happens already, any of them (`valid`: all of them)."""
        known = self._on.get((effect.kind, effect.target), [])
        if effect.kind == "forbid" and (shown := self._on.get(("show", effect.target))):
            return [*known, f"!({' || '.join(f'({condition})' for condition in shown)})"]
        return known
