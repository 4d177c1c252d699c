"""Answers seen scope by scope: what is shown, present and needed in the application and in each entry.

A scope is one instance of a group that opens a scope: the application itself, or one entry of a repeatable group.
Rules are evaluated in the scope of the node they belong to; results are remembered for one look at the answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from rathaus.forms.keys import Answers, Path, format_path
from rathaus.forms.plan import Plan, Reads
from rathaus.forms.tree import GroupNode, Node
from rathaus.rules.expressions import Bound, Expression, RuleError

RuleFailure = tuple[str, str]
"""Where a rule could not be evaluated (notation of the scope, empty for the application), and why."""
Results = dict[Path, dict[Expression, Any]]


class Look:
    """One look at one state of the answers: the rules' variables, bound once, and the scopes found so far."""

    def __init__(self, plan: Plan, answers: Answers, bound: Bound, results: Results) -> None:
        self.plan = plan
        self.bound = bound
        self.results = results
        """What rules gave in this state of the answers, by the path of their scope; None if they gave nothing."""
        self.failures: list[RuleFailure] = []
        self.scopes: dict[GroupNode, list[Scope]] = {}
        self.root = Scope(self, plan.tree.root, (), answers, None)

    @classmethod
    def at(cls, plan: Plan, answers: Answers, town: Mapping[str, Any], today: date) -> Look:
        """The first look. Raises `RuleError` where an answer has the wrong type."""
        values: dict[str, object] = {**answers, "today": today}
        if plan.reads_answers:
            values["answers"] = answers
        if plan.reads_town:
            values["town"] = town
        return cls(plan, answers, plan.types.environment.bind(values), {})

    def after(self, answers: Answers, changed: Collection[str]) -> Look:
        """The look at answers that differ from these only at some template paths.

        What no rule has to tell anew is taken over: groups without a change stay converted, and rules that read no
        change keep their result. Raises `RuleError` where an answer has the wrong type.
        """
        if not changed:
            return Look(self.plan, answers, self.bound, _told(self.results))
        values: dict[str, object] = {
            key: answers.get(key) for key in {path.partition(".")[0] for path in changed}
        }
        if self.plan.reads_answers:
            values["answers"] = answers
        change, reads = Reads(changed), self.plan.reads
        results = {
            path: {rule: result for rule, result in told.items() if not reads[rule].touched(change)}
            for path, told in _told(self.results).items()
        }
        return Look(self.plan, answers, self.bound.extended(self.plan.types.environment, values), results)


def _told(results: Results) -> Results:
    """Results without those of rules that failed: each look notes its own failures."""
    return {
        path: {rule: result for rule, result in told.items() if result is not None}
        for path, told in results.items()
    }


class Scope:
    """One instance of a group that opens a scope. `values` are its answers, `kept` those that stay after pruning.

    `pages` says which page asks for a node here; nodes that no reachable page asks for are absent.
    """

    __slots__ = (
        "_active",
        "_bound",
        "_entries",
        "_results",
        "_shown",
        "kept",
        "look",
        "node",
        "pages",
        "parent",
        "path",
        "values",
    )

    def __init__(
        self,
        look: Look,
        node: GroupNode,
        path: Path,
        values: Answers,
        parent: Scope | None,
        *,
        real: bool = True,
    ) -> None:
        self.look = look
        self.node = node
        self.path = path
        self.values = values
        self.parent = parent
        self.kept: Answers = {}
        self.pages: dict[Node, str] = {}
        self._entries: dict[GroupNode, list[Scope]] = {}
        self._shown: dict[Node, bool] = {}
        self._active: dict[Node, bool] = {}
        self._results: dict[Expression, Any] = look.results.setdefault(path, {}) if real else {}
        self._bound: Bound | None = look.bound if parent is None else None
        if real:
            look.scopes.setdefault(node, []).append(self)

    def value(self, node: Node) -> Any:
        """The answer of a node of this scope, None if there is none. Empty groups, lists and texts are none."""
        value: Any = self.values
        for key in node.local:
            value = value.get(key)
            if value is None:
                return None
        return None if value in ("", [], {}) else value

    def entries(self, node: GroupNode) -> list[Scope]:
        """The entries of a repeatable group of this scope."""
        known = self._entries.get(node)
        if known is None:
            path = (*self.path, *node.local)
            known = self._entries[node] = [
                Scope(self.look, node, (*path, index), entry, self)
                for index, entry in enumerate(self._list(node))
            ]
        return known

    def _list(self, node: GroupNode) -> list[Answers]:
        value: Any = self.values
        for key in node.local:
            value = value.get(key)
            if value is None:
                return []
        return value if isinstance(value, list) else []

    def new_entry(self, node: GroupNode) -> Scope:
        """An entry as it would begin, to see what would be asked of it."""
        path = (*self.path, *node.local, len(self.entries(node)))
        return Scope(self.look, node, path, {}, self, real=False)

    def path_of(self, node: Node) -> Path:
        """The full path of a node in this scope; of the group that opens it, the scope's own."""
        return self.path if node is self.node else (*self.path, *node.local)

    def holds(self, rule: Expression) -> bool:
        """Whether a rule is true. A rule that cannot be evaluated (an unanswered date) is not, and is noted."""
        return self.result(rule) is True

    def result(self, rule: Expression) -> Any:
        """The result of a rule, evaluated once per look; None if it cannot be evaluated."""
        if rule not in self._results:
            try:
                self._results[rule] = rule.evaluate(self.bound())
            except RuleError as error:
                self.look.failures.append((format_path(self.path), str(error)))
                self._results[rule] = None
        return self._results[rule]

    def bound(self) -> Bound:
        """The variables of rules in this scope."""
        if self._bound is None:
            environment = self.look.plan.types.environment_of(self.node)
            self._bound = self.look.bound.extended(environment, {"self": self.values})
        return self._bound

    def shown(self, node: Node) -> bool:
        """Whether neither the node's `show` rule nor one above it hides it here."""
        if node not in self.look.plan.guarded:
            return True
        known = self._shown.get(node)
        if known is None:
            above = node.parent
            if above is self.node:
                visible = self.parent is None or self.parent.shown(above)
            else:
                visible = above is None or self.shown(above)
            rule = self.look.plan.show.get(node)
            known = self._shown[node] = visible and (rule is None or self.holds(rule))
        return known

    def keep(self, node: Node, value: Any) -> None:
        """Let the answer of a node stay."""
        holder = self.kept
        for key in node.local[:-1]:
            holder = holder.setdefault(key, {})
        holder[node.key] = value

    def kept_value(self, node: Node) -> Any:
        """The answer of a node among those that stay; of the group that opens the scope, all of them."""
        value: Any = self.kept
        if node is self.node:
            return value
        for key in node.local:
            value = value.get(key)
            if value is None:
                return None
        return value

    def required(self, node: Node) -> bool:
        """Whether an answer to this shown node is needed: by the schema where its group is active, or by `require`."""
        rule = self.look.plan.require.get(node)
        if node.needed and self.active(node.parent):
            return True
        return rule is not None and self.holds(rule)

    def active(self, group: GroupNode | None) -> bool:
        """Whether a group counts as given: it is needed, or somebody answered something in it."""
        if group is None or group is self.node:
            return True
        known = self._active.get(group)
        if known is None:
            known = self._active[group] = self.shown(group) and (
                bool(self.kept_value(group)) or self.required(group)
            )
        return known
