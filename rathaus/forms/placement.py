"""Placing the fields that form.toml names on the compiled pages, and grouping pages into rounds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from rathaus.forms.definition import PageDefinition
from rathaus.forms.plan import Ask, Block, Cluster, Page, Plan, Round, Several
from rathaus.forms.tree import FieldNode, GroupNode, Node, SchemaTree
from rathaus.said import said
from rathaus.standards.xdatenfelder.model import FieldKind

Report = Callable[[str, str, str, str], None]
"""Called with where, rule, message, remedy."""


class Placer:
    """Builds the pages of one plan. Everything that cannot be placed is reported."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self._plan = plan
        self._tree = plan.tree
        self._report = report

    def page(self, definition: PageDefinition) -> Page:
        """The page with its blocks; unknown and doubly placed fields are left out."""
        where = f"page {definition.id}"
        page = Page(definition, self._scope_of(definition))
        for address in definition.fields:
            node = self._tree.nodes.get(address)
            if node is None:
                self._report(
                    where,
                    "page.field",
                    said("The schema has no %(address)s.", address=address),
                    suggestion(address, self._tree),
                )
            elif not self._is_below(node, page.scope):
                remedy = said(
                    "Name only fields below %(group)s, or drop repeat.",
                    group=page.scope.address,
                )
                self._report(
                    where,
                    "page.repeat",
                    said(
                        "%(address)s is not part of %(group)s.",
                        address=address,
                        group=page.scope.address,
                    ),
                    remedy,
                )
            else:
                self._place(page, node)
        return page

    def rounds(self, pages: Sequence[Page], within: GroupNode | None = None) -> list[Page | Round]:
        """Pages in order; consecutive pages with the same repeat, or one inside it, form one round."""
        inside = within or self._tree.root
        items: list[Page | Round] = []
        position = 0
        while position < len(pages):
            page = pages[position]
            if page.scope is inside:
                items.append(page)
                position += 1
                continue
            outer = self._outermost(page.scope, inside)
            end = position
            while end < len(pages) and self._is_below(pages[end].scope, outer):
                end += 1
            inner = pages[position:end]
            leading = next((page for page in inner if page.scope is outer), inner[0])
            items.append(Round(outer, leading.definition, self.rounds(inner, outer)))
            position = end
        return items

    def _scope_of(self, definition: PageDefinition) -> GroupNode:
        if not definition.repeat:
            return self._tree.root
        group = self._tree.group(definition.repeat)
        where = f"page {definition.id}"
        if group is None or not group.repeatable:
            remedy = "Name a group of the schema that may occur several times, or drop repeat."
            self._report(
                where,
                "page.repeat",
                said("%(group)s is not a repeatable group.", group=definition.repeat),
                remedy,
            )
            return self._tree.root
        return group

    @staticmethod
    def _is_below(node: Node, group: GroupNode) -> bool:
        return node.path[: len(group.path)] == group.path

    @staticmethod
    def _outermost(scope: GroupNode, inside: GroupNode) -> GroupNode:
        while scope.scope is not inside:
            scope = scope.scope
        return scope

    def _place(self, page: Page, node: FieldNode | GroupNode) -> None:
        """Put a node on the page: inside `Several` blocks for the repeatable groups on the way to it."""
        if isinstance(node, FieldNode) and node.parent is not None and node.parent.is_partial_date:
            node = node.parent
        if node is page.scope:
            for child in page.scope.children:
                self._place(page, child)
            return
        blocks: list[Block] = page.blocks
        holder: Page | Several = page
        for group in self._repeatable_between(page.scope, node):
            last = blocks[-1] if blocks else None
            if not (isinstance(last, Several) and last.node is group):
                last = Several(group)
                blocks.append(last)
                holder.repeats.append(last)
                self._plan.placed.setdefault(group, page)
            holder, blocks = last, last.blocks
        self._add(page, holder, blocks, node)

    @staticmethod
    def _repeatable_between(scope: GroupNode, node: Node) -> list[GroupNode]:
        groups = []
        above = node.parent
        while above is not None and above is not scope:
            if above.repeatable:
                groups.append(above)
            above = above.parent
        return groups[::-1]

    def _add(
        self, page: Page, holder: Page | Several, blocks: list[Block], node: FieldNode | GroupNode
    ) -> None:
        if isinstance(node, FieldNode) or node.is_partial_date:
            if node in self._plan.placed:
                other = self._plan.placed[node].id
                message = said(
                    "%(address)s is asked on page %(other)s and on page %(page)s.",
                    address=node.address,
                    other=other,
                    page=page.id,
                )
                remedy = "Ask it once; a field of one page can be named in the rules of every other."
                self._report(f"page {page.id}", "page.duplicate", message, remedy)
                return
            if isinstance(node, FieldNode) and node.kind is FieldKind.HIDDEN:
                return
            self._plan.placed[node] = page
            ask = Ask(node)
            blocks.append(ask)
            holder.asks.append(ask)
            return
        inner: list[Block]
        if node.repeatable:
            several = Several(node)
            blocks.append(several)
            holder.repeats.append(several)
            holder, inner = several, several.blocks
            self._plan.placed.setdefault(node, page)
        else:
            cluster = Cluster(node)
            blocks.append(cluster)
            inner = cluster.blocks
        for child in node.children:
            self._add(page, holder, inner, child)


def suggestion(address: str, tree: SchemaTree) -> str:
    """A remedy for a path the schema does not have."""
    near = difflib.get_close_matches(address, list(tree.nodes), n=1)
    return (
        said("Did you mean %(near)s?", near=near[0])
        if near
        else "A path joins the keys of the schema's names: inhaber.anschrift.plz."
    )
