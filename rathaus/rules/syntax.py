"""The checked syntax tree of a CEL expression, as far as the house needs to see it.

The engine gives the tree only as a serialised `cel.expr.CheckedExpr` inside a `google.protobuf.Any`. The parts read
here are declared below with the field numbers of the published definition (google/cel-spec, `syntax.proto`
and `checked.proto`); everything else is kept untouched by protobuf when the tree is written back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

_Field = descriptor_pb2.FieldDescriptorProto
_INT, _BOOL, _TEXT = _Field.TYPE_INT64, _Field.TYPE_BOOL, _Field.TYPE_STRING

# message -> member -> (field number, type, repeated); a text type is the name of another message here.
_MESSAGES: dict[str, dict[str, tuple[int, int | str, bool]]] = {
    "Constant": {"string_value": (6, _TEXT, False)},
    "Ident": {"name": (1, _TEXT, False)},
    "Select": {"operand": (1, "Expr", False), "field": (2, _TEXT, False), "test_only": (3, _BOOL, False)},
    "Call": {"target": (1, "Expr", False), "function": (2, _TEXT, False), "args": (3, "Expr", True)},
    "List": {"elements": (1, "Expr", True)},
    "Entry": {"map_key": (3, "Expr", False), "value": (4, "Expr", False)},
    "Struct": {"entries": (2, "Entry", True)},
    "Comprehension": {
        "iter_var": (1, _TEXT, False),
        "iter_range": (2, "Expr", False),
        "accu_var": (3, _TEXT, False),
        "accu_init": (4, "Expr", False),
        "loop_condition": (5, "Expr", False),
        "loop_step": (6, "Expr", False),
        "result": (7, "Expr", False),
        "iter_var2": (8, _TEXT, False),
    },
    "Expr": {
        "id": (2, _INT, False),
        "const_expr": (3, "Constant", False),
        "ident_expr": (4, "Ident", False),
        "select_expr": (5, "Select", False),
        "call_expr": (6, "Call", False),
        "list_expr": (7, "List", False),
        "struct_expr": (8, "Struct", False),
        "comprehension_expr": (9, "Comprehension", False),
    },
    "Type": {"well_known": (5, _INT, False), "message_type": (9, _TEXT, False)},
    "TypeEntry": {"key": (1, _INT, False), "value": (2, "Type", False)},
    "CheckedExpr": {"type_map": (3, "TypeEntry", True), "expr": (4, "Expr", False)},
}
_WELL_KNOWN_TIMESTAMP = 2
_PASSING_ON = frozenset(["_+_", "_?_:_"])  # calls whose result may be, or contain, one of their arguments

Paths = frozenset[str]
_NOWHERE: Paths = frozenset()


def _checked_expr_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="checked.proto", package="syntax", syntax="proto2")
    for name, members in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for member, (number, kind, repeated) in members.items():
            label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
            field = message.field.add(name=member, number=number, label=label)
            if isinstance(kind, str):
                field.type, field.type_name = _Field.TYPE_MESSAGE, f".syntax.{kind}"
            else:
                field.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("syntax.CheckedExpr"))


_CheckedExpr = _checked_expr_class()


UNANSWERED = "unanswered "
"""Begins the key that a rule looks for, in vain, when it reads a date nobody answered; the path follows."""


@dataclass(frozen=True, slots=True)
class Template:
    """An expression to be put in the place of a call. `parameters` are the names its arguments take the place of."""

    parameters: tuple[str, ...]
    expression: Any

    @classmethod
    def read(cls, serialized: bytes, parameters: Collection[str], own: Collection[str]) -> Template:
        """The template of a checked expression; its `own` names get an `@`, so that they hide none of a rule."""
        expression = _CheckedExpr.FromString(any_pb2.Any.FromString(serialized).value).expr
        for node in _below(expression):
            if node.ident_expr.name in own:
                node.ident_expr.name = f"@{node.ident_expr.name}"
            if node.comprehension_expr.accu_var in own:
                node.comprehension_expr.accu_var = f"@{node.comprehension_expr.accu_var}"
        return cls(tuple(parameters), expression)


class CheckedSyntax:
    """A checked expression: which answers it reads, and where it reads dates."""

    def __init__(self, serialized: bytes) -> None:
        self._envelope = any_pb2.Any.FromString(serialized)
        self._checked = _CheckedExpr.FromString(self._envelope.value)
        self._types = {entry.key: entry.value for entry in self._checked.type_map}
        self._next_id = max(self._types, default=0) + 100_000
        self._dates: list[tuple[Any, str]] = []
        self._paths: set[str] = set()
        self._visit(self._checked.expr, {})
        self.references = frozenset(
            path for path in self._paths if not any(other.startswith(f"{path}.") for other in self._paths)
        )

    def serialize(self) -> bytes:
        """The tree in the engine's form."""
        self._envelope.value = self._checked.SerializeToString()
        return bytes(self._envelope.SerializeToString())

    def guard_unanswered_dates(self) -> bool:
        """Let every read of a date member `x.y` become `has(x.y) ? x.y : {}["unanswered x.y"]`, which is an error.

        protobuf would give 1970-01-01 for a date nobody answered. Returns whether anything changed.
        """
        # Collected innermost first, so an outer read copies operands that are already guarded.
        for node, path in self._dates:
            read = type(node)()
            read.CopyFrom(node)
            test = type(node)()
            test.CopyFrom(node)
            test.id, test.select_expr.test_only = self._new_id(), True
            missing = type(node)(id=self._new_id())
            missing.call_expr.function = "_[_]"
            missing.call_expr.args.add(id=self._new_id()).struct_expr.SetInParent()
            missing.call_expr.args.add(id=self._new_id()).const_expr.string_value = f"{UNANSWERED}{path}"
            node.Clear()
            node.id = self._new_id()
            node.call_expr.function = "_?_:_"
            node.call_expr.args.extend([test, read, missing])
        return bool(self._dates)

    def calls(self) -> list[Any]:
        """All calls of the tree as it is now, inner ones before those around them."""
        return [node for node in _below(self._checked.expr) if node.HasField("call_expr")]

    def loops(self) -> bool:
        """Whether the tree goes through entries of a list."""
        return any(node.HasField("comprehension_expr") for node in _below(self._checked.expr))

    def replace_call(self, call: Any, template: Template) -> None:
        """Put a template in the place of a call; its parameters stand for the call's first arguments."""
        arguments = dict(zip(template.parameters, call.call_expr.args, strict=False))
        body = type(call)()
        body.CopyFrom(template.expression)
        for node in _below(body):
            argument = arguments.get(node.ident_expr.name)
            if argument is not None:
                node.CopyFrom(argument)
            else:
                node.id = self._new_id()
        call.CopyFrom(body)

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    def _visit(self, node: Any, scope: Mapping[str, Paths]) -> Paths:
        """Collect what is read below `node`; returns the template paths `node` itself may stand for."""
        paths = _NOWHERE
        if node.HasField("ident_expr"):
            name = node.ident_expr.name
            paths = scope.get(name, frozenset([name]))
        elif node.HasField("select_expr"):
            paths = self._visit_select(node, scope)
        elif node.HasField("call_expr"):
            paths = self._visit_call(node.call_expr, scope)
        elif node.HasField("list_expr"):
            paths = _NOWHERE.union(*(self._visit(element, scope) for element in node.list_expr.elements))
        elif node.HasField("struct_expr"):
            for entry in node.struct_expr.entries:
                self._visit(entry.map_key, scope)
                self._visit(entry.value, scope)
        elif node.HasField("comprehension_expr"):
            paths = self._visit_loop(node.comprehension_expr, scope)
        self._paths |= paths
        return paths

    def _visit_select(self, node: Any, scope: Mapping[str, Paths]) -> Paths:
        select = node.select_expr
        paths = frozenset(f"{operand}.{select.field}" for operand in self._visit(select.operand, scope))
        owner, member = self._types.get(select.operand.id), self._types.get(node.id)
        is_date = member is not None and member.well_known == _WELL_KNOWN_TIMESTAMP
        if owner is not None and owner.message_type and is_date and not select.test_only:
            self._dates.append((node, min(paths, default=select.field)))
        return paths

    def _visit_call(self, call: Any, scope: Mapping[str, Paths]) -> Paths:
        if call.HasField("target"):
            self._visit(call.target, scope)
        arguments = [self._visit(argument, scope) for argument in call.args]
        if call.function == "_[_]":
            key = call.args[1].const_expr.string_value
            return frozenset(f"{path}.{key}" for path in arguments[0]) if key else arguments[0]
        return _NOWHERE.union(*arguments) if call.function in _PASSING_ON else _NOWHERE

    def _visit_loop(self, loop: Any, scope: Mapping[str, Paths]) -> Paths:
        entries = self._visit(loop.iter_range, scope)
        start = self._visit(loop.accu_init, scope)
        inner = {**scope, loop.accu_var: start, loop.iter_var: entries, loop.iter_var2: entries}
        self._visit(loop.loop_condition, inner)
        collected = self._visit(loop.loop_step, inner)
        return self._visit(loop.result, {**inner, loop.accu_var: start | collected})


def _below(node: Any) -> list[Any]:
    """All expressions of a tree, inner ones before those around them; parts that are not set stay so."""
    found: list[Any] = []

    def visit(message: Any) -> None:
        for field, value in message.ListFields():
            if field.message_type is not None:
                for part in value if field.is_repeated else [value]:
                    visit(part)
        if message.DESCRIPTOR.name == "Expr":
            found.append(message)

    visit(node)
    return found
