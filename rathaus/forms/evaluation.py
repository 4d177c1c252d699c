"""Evaluating a form: which pages are reachable, which answers stay, what is missing, which checks fail.

`evaluate` is a function of its arguments alone. It repeats one step until nothing changes:

1. compute the fixed values (locked and hidden fields) from what people answered;
2. look at the rules and walk the pages; keep the answers that a reachable page asks for;
3. if anything was dropped, look again: what it made visible may be gone, too.

Answers are only ever dropped, never brought back, so this ends. Evaluating the result again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rathaus.forms.keys import Answers, Path, copied, delete, differences, html_name
from rathaus.forms.plan import Ask, Page, Plan, Reads, Round, Several
from rathaus.forms.problems import Problem
from rathaus.forms.scopes import Look, RuleFailure, Scope
from rathaus.forms.tree import FieldNode, GroupNode, Node
from rathaus.standards.xdatenfelder.model import DataType

_NOTHING: tuple[Any, ...] = (None, "", {}, [])


@dataclass(slots=True)
class Visit:
    """One reachable page: a `Page` in its scope, or the overview of a `Round`. `asks` are its visible questions."""

    key: str
    page: Page | Round
    scope: Scope
    asks: list[tuple[Scope, Ask]] = field(default_factory=list)
    repeats: list[tuple[Scope, GroupNode]] = field(default_factory=list)
    rounds: tuple[Visit, ...] = ()
    """The overviews of the rounds this page belongs to, outermost first."""


@dataclass(slots=True)
class Evaluation:
    """The settled state: reachable pages in order, the answers that stay, and the last look at them."""

    visits: list[Visit]
    answers: Answers
    look: Look
    failures: list[RuleFailure]

    def locate(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Problems with the pages that ask for their paths."""
        if not problems:
            return ()
        pages: dict[Path, str] = {}
        for visit in self.visits:
            asked = [(scope, ask.node) for scope, ask in visit.asks]
            for scope, node in (*visit.repeats, *asked):
                path = scope.path_of(node)
                for length in range(len(path), 0, -1):
                    pages.setdefault(path[:length], visit.key)
        return tuple(problem.on_page(_nearest(problem.path, pages)) for problem in problems)


def _nearest(path: Path, pages: Mapping[Path, str]) -> str | None:
    while path:
        if path in pages:
            return pages[path]
        path = path[:-1]
    return None


def evaluate(plan: Plan, answers: Answers, town: Mapping[str, Any], today: date) -> Evaluation:
    """Settle the answers. Their shape must fit the schema (`rathaus.forms.normalising` sees to it).

    Raises `RuleError` where an answer has the wrong type.
    """
    given = _compacted(answers, plan.tree.root)
    for node in plan.fixed:
        _drop(given, node)
    look = _with_fixed(plan, given, Look.at(plan, given, town, today))
    while True:
        walk = _Walk(plan, look)
        if walk.look.root.kept == given:
            break
        given = walk.look.root.kept
        look = _with_fixed(plan, given, look.after(given, differences(look.root.values, given)))
    walk.keep_fixed()
    return Evaluation(walk.visits, walk.look.root.kept, walk.look, walk.look.failures)


def _drop(answers: Answers, node: FieldNode) -> None:
    for holder in _holders(answers, node.scope):
        delete(holder, node.local)


def _holders(answers: Answers, scope: GroupNode) -> list[Answers]:
    """The answers of every instance of a scope."""
    if scope.parent is None:
        return [answers]
    holders: list[Answers] = []
    for outer in _holders(answers, scope.scope):
        value: Any = outer
        for key in scope.local:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, list):
            holders += [entry for entry in value if isinstance(entry, dict)]
    return holders


def _compacted(answers: Answers, group: GroupNode) -> Answers:
    """A copy without what says nothing: unknown keys, empty groups, lists and texts. Empty entries of lists stay."""
    kept: Answers = {}
    for key, value in answers.items():
        child = group.by_key.get(key)
        if child is None:
            continue
        if isinstance(child, GroupNode):
            if isinstance(value, dict):
                inner: Any = _compacted(value, child)
            elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
                inner = [_compacted(entry, child) for entry in value]
            else:
                inner = value
        elif child.is_label:
            continue
        else:
            inner = [item for item in value if item not in _NOTHING] if isinstance(value, list) else value
        if inner not in _NOTHING:
            kept[key] = inner
    return kept


def _with_fixed(plan: Plan, given: Answers, look: Look) -> Look:
    """The look at the answers with all fixed values, computed in the order in which they depend on each other."""
    if not plan.fixed:
        return look
    answers: Answers = copied(given)
    look = look.after(answers, ())
    changed: set[str] = set()
    for node in plan.fixed:
        rule = plan.default.get(node)
        if rule is None:
            for holder in _holders(answers, node.scope):
                _put(holder, node, plan.content[node])
            changed.add(node.address)
            continue
        if changed and plan.reads[rule].touched(Reads(changed)):
            look = look.after(answers, changed)
            changed = set()
        for scope in _instances(look.root, node.scope):
            value = canonical_result(node, scope.result(rule))
            if value is not None:
                _put(scope.values, node, value)
        changed.add(node.address)
    return look.after(answers, changed)


def _instances(root: Scope, scope: GroupNode) -> list[Scope]:
    if scope.parent is None:
        return [root]
    return [entry for outer in _instances(root, scope.scope) for entry in outer.entries(scope)]


def _put(holder: Answers, node: FieldNode, value: Any) -> None:
    for key in node.local[:-1]:
        holder = holder.setdefault(key, {})
    holder[node.key] = value


def canonical_result(node: FieldNode, value: Any) -> Any:
    """The result of a rule as canonical value of a field; None and empty results count as no value."""
    if isinstance(value, list):
        return [canonical_result(node, item) for item in value] or None
    if isinstance(value, datetime):
        if node.datatype is DataType.DATE:
            return value.date().isoformat()
        return value.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, float):
        return (
            f"{value:.2f}"
            if node.datatype is DataType.NUM_CURRENCY
            else f"{value:.10f}".rstrip("0").rstrip(".")
        )
    return None if value == "" else value


class _Walk:
    """One walk over the pages, for one state of the answers."""

    def __init__(self, plan: Plan, look: Look) -> None:
        self.plan = plan
        self.look = look
        self.visits: list[Visit] = []
        self._fixed: frozenset[Node] = frozenset(plan.fixed)
        self._items(plan.items, self.look.root, ())

    def _items(self, items: list[Page | Round], scope: Scope, rounds: tuple[Visit, ...]) -> None:
        for item in items:
            if isinstance(item, Round):
                self._round(item, scope, rounds)
            else:
                visit = self._page(item, scope)
                if visit is not None:
                    visit.rounds = rounds
                    self._settle(visit)
                    self.visits.append(visit)

    def _round(self, round_: Round, scope: Scope, rounds: tuple[Visit, ...]) -> None:
        node = round_.node
        if not scope.shown(node):
            return
        overview = Visit(html_name(scope.path_of(node)), round_, scope, rounds=rounds)
        overview.repeats.append((scope, node))
        position = len(self.visits)
        self.visits.append(overview)
        entries = scope.entries(node)
        for entry in entries:
            self._items(round_.items, entry, (*rounds, overview))
        # Before the first entry there is nothing to look at: see what a new one would be asked.
        if len(self.visits) == position + 1 and not self._reachable(round_.items, scope.new_entry(node)):
            self.visits.pop()
            return
        scope.pages[node] = overview.key
        if entries:
            scope.keep(node, [entry.kept for entry in entries])

    def _reachable(self, items: list[Page | Round], scope: Scope) -> bool:
        return any(
            scope.shown(item.node) if isinstance(item, Round) else self._page(item, scope) is not None
            for item in items
        )

    def _page(self, page: Page, scope: Scope) -> Visit | None:
        """The visible part of a page; None if it is hidden, or all it asks is."""
        if page.show is not None and not scope.holds(page.show):
            return None
        if not scope.shown(scope.node):
            return None
        visit = Visit(html_name((*scope.path, page.id)), page, scope)
        self._collect(visit, page, scope)
        return visit if visit.asks or visit.repeats or not page.blocks else None

    def _collect(self, visit: Visit, holder: Page | Several, scope: Scope) -> None:
        for ask in holder.asks:
            if scope.shown(ask.node):
                visit.asks.append((scope, ask))
        for several in holder.repeats:
            if scope.shown(several.node):
                visit.repeats.append((scope, several.node))
                for entry in scope.entries(several.node):
                    self._collect(visit, several, entry)

    def _settle(self, visit: Visit) -> None:
        """Keep what the page asks for, and note that it does."""
        for scope, group in visit.repeats:
            scope.pages[group] = visit.key
            entries = scope.entries(group)
            if entries:
                scope.keep(group, [entry.kept for entry in entries])
        for scope, ask in visit.asks:
            node = ask.node
            scope.pages[node] = visit.key
            value = scope.value(node)
            if value is not None and node not in self._fixed:
                scope.keep(node, value)

    def keep_fixed(self) -> None:
        """Keep the fixed values whose group is given: with their page, or without one if no page shows them."""
        for node in self.plan.fixed:
            for scope in self.look.scopes.get(node.scope, ()):
                asked = node in scope.pages or node not in self.plan.placed
                if (
                    asked
                    and scope.shown(node)
                    and scope.active(node.parent)
                    and scope.value(node) is not None
                ):
                    scope.keep(node, scope.value(node))
