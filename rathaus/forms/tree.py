"""The schema as a form sees it: nodes with keys, paths, limits and resolved codes, found by their template path.

A *scope* is what holds one set of single answers: the whole application, or one entry of a repeatable group. Every
node knows the group that opens its scope (`scope`) and its way from there (`local`), so an answer is found without
searching, whichever entry it lies in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from rathaus.forms.dates import PARTS
from rathaus.forms.keys import Template, sibling_keys
from rathaus.forms.patterns import Pattern
from rathaus.forms.problems import DefinitionProblem
from rathaus.forms.textkinds import TextKind, kind_of
from rathaus.said import said
from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    Constraints,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Schema,
)

SCHEMA_FILE = "schema.xdf.xml"


class CodeSource(Protocol):
    """A code list that can give its codes (`rathaus.standards.genericode.CodeList`)."""

    def codes(
        self,
        code_column: str | None = None,
        name_column: str | None = None,
        help_column: str | None = None,
    ) -> tuple[Code, ...]:
        """The codes of the list in its order; columns by id or short name."""
        ...


class Node:
    """What fields and groups share. Made once by `SchemaTree.build`, read only after that."""

    __slots__ = (
        "address",
        "help",
        "id",
        "key",
        "label",
        "local",
        "maximum",
        "minimum",
        "needed",
        "parent",
        "path",
        "repeatable",
        "scope",
        "version",
    )

    def __init__(self, key: str, placement: Placement, parent: GroupNode) -> None:
        element = placement.element
        self.key = key
        self.parent: GroupNode | None = parent
        self.path: Template = (*parent.path, key)
        self.address = ".".join(self.path)
        """The template path in notation."""
        self.scope: GroupNode = parent if parent.opens_scope else parent.scope
        self.local: Template = self.path[len(self.scope.path) :]
        self.minimum = placement.minimum
        self.needed = placement.minimum > 0 and not parent.is_choice
        """Must be answered wherever its group is; in a choice group only one child is, whatever its minimum says."""
        self.maximum = placement.maximum
        self.repeatable = placement.maximum != 1
        self.id = element.id
        self.version = element.version
        self.label = element.label.strip() or element.name.strip()
        self.help = element.help.strip()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address or '(root)'}>"


class FieldNode(Node):
    """A field at its place. `codes` are its choices in order, `code_index` finds one by its code."""

    __slots__ = (
        "code_index",
        "code_list",
        "codes",
        "constraints",
        "content",
        "datatype",
        "is_choice",
        "is_file",
        "is_fixed",
        "is_label",
        "kind",
        "max_size",
        "media_types",
        "pattern",
        "text_kind",
    )

    def __init__(self, key: str, placement: Placement, parent: GroupNode, element: Field) -> None:
        super().__init__(key, placement, parent)
        self.kind = element.kind
        self.datatype = element.datatype
        self.constraints = element.constraints
        self.content = element.content.strip()
        self.code_list: CodeListReference | None = element.code_list
        self.codes: tuple[Code, ...] = element.codes
        self.code_index: dict[str, int] = {}
        self.max_size = element.max_size
        self.media_types = element.media_types
        self.pattern: Pattern | None = None
        self.text_kind: TextKind = kind_of(element, key)
        self.is_label = element.kind is FieldKind.LABEL
        self.is_choice = element.kind is FieldKind.SELECT
        self.is_file = element.datatype in (DataType.FILE, DataType.OBJ) and not self.is_choice
        self.is_fixed = element.kind in (FieldKind.HIDDEN, FieldKind.LOCKED)
        """Not for the applicant to change: its value is its content, or computed by the form."""


def _date_parts(children: Sequence[FieldNode | GroupNode]) -> tuple[FieldNode, ...]:
    """Day, month and year, if that is all there is. FIM calls the day of a birth date "Tag (ohne Monat und Jahr)"."""
    if len(children) != len(PARTS):
        return ()
    found = [
        child
        for part in PARTS
        for child in children
        if isinstance(child, FieldNode)
        and (child.key == part or child.key.startswith(f"{part}_"))
        and child.datatype is DataType.NUM_INT
        and not (child.repeatable or child.is_fixed)
    ]
    return tuple(found) if len(set(found)) == len(PARTS) else ()


class GroupNode(Node):
    """A group at its place; the root of the tree is one, too (no key, empty path, no parent)."""

    __slots__ = ("by_key", "children", "date_parts", "is_choice", "opens_scope")

    by_key: dict[str, FieldNode | GroupNode]
    children: tuple[FieldNode | GroupNode, ...]
    opens_scope: bool
    date_parts: tuple[FieldNode, ...]
    """The fields for day, month and year of a group that is one partial date; of other groups, nothing."""

    def __init__(self, key: str, placement: Placement, parent: GroupNode, element: Group) -> None:
        super().__init__(key, placement, parent)
        self.is_choice = element.is_choice
        self.opens_scope = self.repeatable
        self._fill(element.children)
        self.date_parts = () if self.repeatable else _date_parts(self.children)

    @property
    def is_partial_date(self) -> bool:
        """Whether the group is asked for as one date, of which day and month may be unknown."""
        return bool(self.date_parts)

    def parts_of(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The parts of a partial date that are known, by their names in `PARTS`."""
        return {
            part: value[child.key]
            for part, child in zip(PARTS, self.date_parts, strict=True)
            if child.key in value
        }

    def _fill(self, placements: tuple[Placement, ...]) -> None:
        keys = sibling_keys(placement.element.name for placement in placements)
        self.children = tuple(
            GroupNode(key, placement, self, placement.element)
            if isinstance(placement.element, Group)
            else FieldNode(key, placement, self, placement.element)
            for key, placement in zip(keys, placements, strict=True)
        )
        self.by_key = {child.key: child for child in self.children}

    def fields(self) -> Iterator[FieldNode]:
        """All fields below, in schema order."""
        for child in self.children:
            if isinstance(child, GroupNode):
                yield from child.fields()
            else:
                yield child


class _Root(GroupNode):
    __slots__ = ()

    def __init__(self, schema: Schema) -> None:
        self.key = self.address = ""
        self.parent = None
        self.path = self.local = ()
        self.scope = self
        self.minimum = self.maximum = 1
        self.needed = True
        self.repeatable = self.is_choice = False
        self.date_parts = ()
        self.opens_scope = True
        self.id = schema.id
        self.version = schema.version
        self.label = schema.label.strip() or schema.name.strip()
        self.help = schema.help.strip()
        self._fill(schema.children)


class SchemaTree:
    """The typed tree of one schema.

    `root` is its top group, `nodes` every field and group by template path in notation (`inhaber.anschrift.plz`),
    in schema order; `problems` what the schema needs but does not bring (code lists, usable patterns).
    """

    def __init__(self, root: GroupNode) -> None:
        self.root = root
        self.nodes: dict[str, FieldNode | GroupNode] = {}
        self.problems: list[DefinitionProblem] = []
        self._register(root)

    @classmethod
    def build(cls, schema: Schema, code_lists: Mapping[str, CodeSource] | None = None) -> SchemaTree:
        """The tree of a schema, with code lists by canonical URI or canonical version URI."""
        tree = cls(_Root(schema))
        patterns: dict[str, Pattern | None] = {}
        codes: dict[CodeListReference, tuple[Code, ...]] = {}
        for node in tree.root.fields():
            tree._resolve_codes(node, code_lists or {}, codes)
            tree._compile_pattern(node, patterns)
        return tree

    def field(self, address: str) -> FieldNode | None:
        """The field at a template path, None if there is none or it is a group."""
        node = self.nodes.get(address)
        return node if isinstance(node, FieldNode) else None

    def group(self, address: str) -> GroupNode | None:
        """The group at a template path (empty: the root), None if there is none or it is a field."""
        node = self.nodes.get(address) if address else self.root
        return node if isinstance(node, GroupNode) else None

    def _register(self, group: GroupNode) -> None:
        for child in group.children:
            self.nodes[child.address] = child
            if isinstance(child, GroupNode):
                self._register(child)

    def _resolve_codes(
        self,
        node: FieldNode,
        code_lists: Mapping[str, CodeSource],
        known: dict[CodeListReference, tuple[Code, ...]],
    ) -> None:
        reference = node.code_list
        if reference is not None and not node.codes:
            if reference not in known:
                source = code_lists.get(reference.canonical_version_uri or "") or code_lists.get(
                    reference.canonical_uri
                )
                columns = reference.code_column, reference.name_column, reference.help_column
                known[reference] = source.codes(*columns) if source else ()
            node.codes = known[reference]
        node.code_index = {code.code: index for index, code in enumerate(node.codes)}
        if node.is_choice and not node.codes:
            # People can still apply: they write what they would have chosen. Data type and limits are those of codes.
            node.is_choice = False
            node.datatype, node.constraints = DataType.TEXT, Constraints()
            uri = reference.canonical_uri if reference else ""
            self.problems.append(
                DefinitionProblem(
                    SCHEMA_FILE,
                    node.address,
                    "schema.codes",
                    (
                        said(
                            "The choices are missing: code list %(uri)s. Until then it is asked as a text.",
                            uri=uri,
                        )
                        if uri
                        else "The field has no choices. Until it has some, it is asked as a text."
                    ),
                    "Add the code list to codelists/." if uri else "Give it values (werte) or a code list.",
                    "warning",
                )
            )

    def _compile_pattern(self, node: FieldNode, known: dict[str, Pattern | None]) -> None:
        source = node.constraints.pattern
        if not source:
            return
        if source not in known:
            try:
                known[source] = Pattern(source)
            except ValueError as error:
                known[source] = None
                self.problems.append(
                    DefinitionProblem(
                        SCHEMA_FILE,
                        node.address,
                        "schema.pattern",
                        said("The pattern %(source)r is not used: %(error)s.", source=source, error=error),
                        "Write it without look-around, or as a [[check]].",
                        "warning",
                    )
                )
        node.pattern = known[source]
