"""Answers as protobuf messages: what gives CEL the names and types of nested answers before any answer exists.

Each `Record` becomes a message type in a private descriptor pool. proto2 is used because every scalar then knows
whether it was set, which is what `has(x.y)` asks, and two member names differing only in `_` do not collide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2

from rathaus.rules.values import (
    BOOL,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    ListOf,
    MapOf,
    Record,
    Scalar,
    ValueType,
)

_PACKAGE = "rathaus"
_Proto = descriptor_pb2.FieldDescriptorProto
_PROTO_TYPES = {
    STRING: _Proto.TYPE_STRING,
    INT: _Proto.TYPE_INT64,
    DOUBLE: _Proto.TYPE_DOUBLE,
    BOOL: _Proto.TYPE_BOOL,
}
_TIMESTAMP_NAME = ".google.protobuf.Timestamp"
_SMALLEST_INT, _LARGEST_INT = -(2**63), 2**63 - 1

Convert = Callable[[object, str], Any]


class MessageTypes:
    """The message types of all records reachable from some variables, and the conversion of values into them."""

    def __init__(self, types: Iterable[ValueType]) -> None:
        self._records = records_in(types)
        self._names = {id(record): self._unique_name(index) for index, record in enumerate(self._records)}
        self.by_name = {self._names[id(record)]: record for record in self._records}
        self.pool = descriptor_pool.DescriptorPool()
        self._define()
        self._converters: dict[int, Convert] = {}
        self._classes = {
            id(record): message_factory.GetMessageClass(
                self.pool.FindMessageTypeByName(self._names[id(record)])
            )
            for record in self._records
        }

    def knows(self, record: Record) -> bool:
        """Whether the record is among these types."""
        return id(record) in self._names

    def name_of(self, record: Record) -> str:
        """The full message name of a record."""
        return self._names[id(record)]

    def converter(self, value_type: ValueType) -> Convert:
        """A function `(value, path) -> engine value`. It raises `ValueError` naming the path of a wrong value."""
        if isinstance(value_type, Scalar):
            return _SCALAR_CONVERTERS[value_type]
        if isinstance(value_type, ListOf):
            return _list_converter(self.converter(value_type.item))
        if isinstance(value_type, MapOf):
            return _map_converter(self.converter(value_type.value))
        return self._record_converter(value_type)

    def empty(self, record: Record) -> Any:
        """A record without any answer."""
        return self._classes[id(record)]()

    def _unique_name(self, index: int) -> str:
        name = self._records[index].name
        word = "".join(char if char.isascii() and char.isalnum() else "_" for char in name)
        return f"{_PACKAGE}.{word}_{index}"

    def _define(self) -> None:
        timestamp = descriptor_pb2.FileDescriptorProto()
        timestamp_pb2.DESCRIPTOR.CopyToProto(timestamp)
        self.pool.Add(timestamp)
        file = descriptor_pb2.FileDescriptorProto(
            name="answers.proto", package=_PACKAGE, syntax="proto2", dependency=[timestamp.name]
        )
        for record in self._records:
            message = file.message_type.add(name=self._names[id(record)].removeprefix(f"{_PACKAGE}."))
            # JSON names are never used; without this, a_b beside ab is reported on standard error.
            message.options.deprecated_legacy_json_field_conflicts = True
            for number, (name, member) in enumerate(record.fields.items(), start=1):
                self._define_member(message, name, number, member)
        self.pool.Add(file)

    def _define_member(self, message: Any, name: str, number: int, member: ValueType) -> None:
        many = isinstance(member, ListOf)
        item = member.item if isinstance(member, ListOf) else member
        field = message.field.add(
            name=name,
            # 19000 to 19999 belong to protobuf itself.
            number=number if number < 19000 else number + 1000,
            label=_Proto.LABEL_REPEATED if many else _Proto.LABEL_OPTIONAL,
        )
        if isinstance(item, Record):
            field.type, field.type_name = _Proto.TYPE_MESSAGE, f".{self._names[id(item)]}"
        elif item is TIMESTAMP:
            field.type, field.type_name = _Proto.TYPE_MESSAGE, _TIMESTAMP_NAME
        elif isinstance(item, Scalar):
            field.type = _PROTO_TYPES[item]

    def _record_converter(self, record: Record) -> Convert:
        known = self._converters.get(id(record))
        if known is None:
            known = self._converters[id(record)] = self._make_record_converter(record)
        return known

    def _make_record_converter(self, record: Record) -> Convert:
        make = self._classes[id(record)]
        members = {name: self._member_converter(member) for name, member in record.fields.items()}

        def convert(value: object, path: str) -> Any:
            if not isinstance(value, Mapping):
                raise _wrong(path, value, "a group of answers")
            given = {
                name: members[name](answer, f"{path}.{name}")
                for name, answer in value.items()
                if answer is not None and name in members
            }
            return make(**given)

        return convert

    def _member_converter(self, member: ValueType) -> Convert:
        # A message takes datetimes, and makes timestamps of its own pool of them.
        if member is TIMESTAMP:
            return _moment
        if isinstance(member, ListOf) and member.item is TIMESTAMP:
            return _list_converter(_moment)
        return self.converter(member)


def records_in(types: Iterable[ValueType]) -> list[Record]:
    """Every record reachable from these types, each once."""
    found: dict[int, Record] = {}

    def collect(value_type: ValueType) -> None:
        if isinstance(value_type, ListOf):
            collect(value_type.item)
        elif isinstance(value_type, MapOf):
            collect(value_type.value)
        elif isinstance(value_type, Record) and id(value_type) not in found:
            found[id(value_type)] = value_type
            for member in value_type.fields.values():
                collect(member)

    for value_type in types:
        collect(value_type)
    return list(found.values())


def _wrong(path: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{path}: expected {expected}, found {type(value).__name__}")


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(path, value, STRING.value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{path}: the text holds half a character (a lone surrogate)") from None
    return value


def _whole_number(value: object, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(path, value, INT.value)
    if not _SMALLEST_INT <= value <= _LARGEST_INT:
        raise ValueError(f"{path}: the whole number is too large")
    return value


def _number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise _wrong(path, value, DOUBLE.value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{path}: {value!r} is not a decimal number") from None
    if not number.is_finite():
        raise ValueError(f"{path}: {value!r} is not a finite number")
    return float(number)


def _yes_or_no(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(path, value, BOOL.value)
    return value


def _timestamp(value: object, path: str) -> Any:
    message = timestamp_pb2.Timestamp()
    message.FromDatetime(_moment(value, path))
    return message


def _moment(value: object, path: str) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{path}: {value!r} is not a date (YYYY-MM-DD)") from None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise _wrong(path, value, TIMESTAMP.value)


def _anything(value: object, path: str) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return _whole_number(value, path)
    if isinstance(value, (float, Decimal)):
        return _number(value, path)
    if isinstance(value, date):  # includes datetime
        return _timestamp(value, path)
    if isinstance(value, Mapping):
        return {_text(key, path): _anything(member, f"{path}.{key}") for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_anything(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise _wrong(path, value, "a plain value")


def _list_converter(item: Convert) -> Convert:
    def convert(value: object, path: str) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise _wrong(path, value, "a list")
        return [item(entry, f"{path}[{index}]") for index, entry in enumerate(value)]

    return convert


def _map_converter(member: Convert) -> Convert:
    def convert(value: object, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _wrong(path, value, "a map")
        return {_text(key, path): member(entry, f"{path}.{key}") for key, entry in value.items()}

    return convert


_SCALAR_CONVERTERS: dict[Scalar, Convert] = {
    STRING: _text,
    INT: _whole_number,
    DOUBLE: _number,
    BOOL: _yes_or_no,
    TIMESTAMP: _timestamp,
    DYN: _anything,
}
