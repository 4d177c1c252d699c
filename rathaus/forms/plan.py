"""A form made ready to run: what is asked where, in which scope, under which rules. Built once by `compiling`.

Plan            the way: pages, and rounds of pages asked once per entry of a repeatable group
Page            one page, in one scope, with its blocks
Ask             one question: a field, or a partial date (a group shown as one date)
Cluster         a group named on the page: its questions under one heading
Several         a repeatable group on one page: its questions once per entry
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rathaus.forms.definition import FieldDefinition, PageDefinition
from rathaus.forms.ruletypes import RuleTypes
from rathaus.forms.tree import FieldNode, GroupNode, Node, SchemaTree
from rathaus.rules.expressions import Expression

Askable = FieldNode | GroupNode


@dataclass(slots=True, eq=False)
class Ask:
    """One question. `node` is a field or a partial date."""

    node: Askable


@dataclass(slots=True, eq=False)
class Cluster:
    """A group that is not repeatable, asked under its heading."""

    node: GroupNode
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Several:
    """A repeatable group asked on one page. `asks` and `repeats` are what its entries hold, however clustered."""

    node: GroupNode
    blocks: list[Block] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    repeats: list[Several] = field(default_factory=list)


Block = Ask | Cluster | Several


@dataclass(slots=True, eq=False)
class Page:
    """One page. `scope` is the root, or the repeatable group once per entry of which it is asked."""

    definition: PageDefinition
    scope: GroupNode
    show: Expression | None = None
    blocks: list[Block] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    repeats: list[Several] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id in form.toml."""
        return self.definition.id


@dataclass(slots=True, eq=False)
class Round:
    """Pages asked once per entry of `node`, after an overview of the entries."""

    node: GroupNode
    definition: PageDefinition  # of the first page: carries entry_label, entry_name and the overview's texts
    items: list[Page | Round] = field(default_factory=list)

    def pages(self) -> Iterator[Page]:
        """All pages of the round, inner rounds included."""
        for item in self.items:
            if isinstance(item, Round):
                yield from item.pages()
            else:
                yield item


class Reads:
    """The template paths a rule reads, and quick answers to the question whether a change touches them."""

    __slots__ = ("_above", "paths")

    def __init__(self, paths: Collection[str]) -> None:
        self.paths = frozenset(paths)
        self._above = _with_above(self.paths)

    def touched(self, change: Reads) -> bool:
        """Whether one of the changed paths is one of these, above one or below one. The empty path is everything."""
        return "" in self.paths or not (
            self._above.isdisjoint(change.paths) and self.paths.isdisjoint(change._above)
        )


def _with_above(paths: Collection[str]) -> frozenset[str]:
    found = set(paths)
    for path in paths:
        steps = path.split(".")
        found.update(".".join(steps[:length]) for length in range(1, len(steps)))
    return frozenset(found)


@dataclass(slots=True, eq=False)
class Check:
    """A compiled `[[check]]`, run in every instance of `scope`. `reads` are the template paths it looks at."""

    id: str
    scope: GroupNode
    targets: tuple[Askable, ...]
    valid: Expression
    when: Expression | None
    level: Literal["error", "notice"]
    message: str
    reads: frozenset[str]
    _known: dict[str, bool] = field(default_factory=dict)

    def looks_at(self, address: str) -> bool:
        """Whether the check reads a template path, something below it or something above it."""
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = touches(address, self.reads)
        return known


@dataclass(slots=True, eq=False)
class Plan:
    """A whole form. Rules are found by the node they belong to and evaluated in that node's scope."""

    tree: SchemaTree
    types: RuleTypes
    items: list[Page | Round] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    fields: dict[str, FieldDefinition] = field(default_factory=dict)
    show: dict[Node, Expression] = field(default_factory=dict)
    require: dict[Node, Expression] = field(default_factory=dict)
    reads: dict[Expression, Reads] = field(default_factory=dict)
    """What every rule reads, `self` and `answers` resolved; a rule depends on nothing else but today and the town."""
    default: dict[Node, Expression] = field(default_factory=dict)
    fixed: list[FieldNode] = field(default_factory=list)
    """Locked and hidden fields that have a value of their own: their content, or computed by `default`."""
    content: dict[FieldNode, Any] = field(default_factory=dict)
    guarded: set[Node] = field(default_factory=set)
    """Nodes that are not always shown, because they or something above them has a `show` rule."""
    choices: list[GroupNode] = field(default_factory=list)
    placed: dict[Node, Page] = field(default_factory=dict)
    reads_answers: bool = False
    """Whether any rule reads the variable `answers`; if none does, it is not bound."""
    reads_town: bool = False

    def pages(self) -> Iterator[Page]:
        """All pages, in the order of form.toml."""
        for item in self.items:
            if isinstance(item, Round):
                yield from item.pages()
            else:
                yield item


def touches(address: str, paths: frozenset[str]) -> bool:
    """Whether a template path is one of these, above one or below one."""
    return any(
        path == address or path.startswith(f"{address}.") or address.startswith(f"{path}.") for path in paths
    )


DEFAULT_FIELD = FieldDefinition()
