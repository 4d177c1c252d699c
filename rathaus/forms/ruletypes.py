"""The schema as the rule language sees it: one record type per group, one environment per scope.

Rules read every top-level answer by its key, all answers as `answers` (for `has(answers.x)`), `today` and `town`; in
the scope of a repeatable group also `self`, the entry. Types: text, codes and times are strings, dates and moments
timestamps, `num` and `num_currency` doubles, files records with `id`, `name`, `size`, `media_type`, `sha256`.
"""

from __future__ import annotations

from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.rules.expressions import (
    BOOL,
    DOUBLE,
    INT,
    MAP,
    STRING,
    TIMESTAMP,
    Environment,
    ListOf,
    Record,
    ValueType,
)
from rathaus.standards.xdatenfelder.model import DataType

FILE = Record({"id": STRING, "name": STRING, "size": INT, "media_type": STRING, "sha256": STRING}, "file")
_SCALARS: dict[DataType, ValueType] = {
    DataType.TEXT: STRING,
    DataType.TEXT_LATIN: STRING,
    DataType.DATE: TIMESTAMP,
    DataType.TIME: STRING,
    DataType.DATETIME: TIMESTAMP,
    DataType.BOOL: BOOL,
    DataType.NUM: DOUBLE,
    DataType.NUM_INT: INT,
    DataType.NUM_CURRENCY: DOUBLE,
    DataType.FILE: FILE,
    DataType.OBJ: FILE,
}


def value_type(node: FieldNode) -> ValueType:
    """The type of one value of a field."""
    return STRING if node.is_choice else _SCALARS[node.datatype]


class RuleTypes:
    """The record types of a schema and the environments in which its rules are compiled."""

    def __init__(self, tree: SchemaTree) -> None:
        self._records: dict[GroupNode, Record] = {}
        self.answers = self.record(tree.root)
        self.environment = Environment(
            {**self.answers.fields, "answers": self.answers, "today": TIMESTAMP, "town": MAP}
        )
        self._scopes: dict[GroupNode, Environment] = {tree.root: self.environment}

    def record(self, group: GroupNode) -> Record:
        """The record type of a group (the same object every time)."""
        known = self._records.get(group)
        if known is None:
            fields = {}
            for child in group.children:
                if isinstance(child, FieldNode) and child.is_label:
                    continue
                single = self.record(child) if isinstance(child, GroupNode) else value_type(child)
                fields[child.key] = ListOf(single) if child.repeatable else single
            known = self._records[group] = Record(fields, group.address or "answers")
        return known

    def environment_of(self, scope: GroupNode) -> Environment:
        """The environment of the rules of a scope: with `self` unless it is the whole application."""
        known = self._scopes.get(scope)
        if known is None:
            known = self._scopes[scope] = self.environment.extended({"self": self.record(scope)})
        return known


def rule_path(node: FieldNode | GroupNode, scope: GroupNode) -> str | None:
    """How a rule of a scope names an answer; None for an answer of another list's entries, of which there are many."""
    if node.scope is scope:
        return ".".join((("self",) if scope.path else ()) + node.local)
    return None if node.scope.path else node.address


def rule_has(path: str) -> str:
    """The rule that asks whether something is answered, by the path that `rule_path` gives."""
    return f"has({path})" if "." in path else f"has(answers.{path})"
