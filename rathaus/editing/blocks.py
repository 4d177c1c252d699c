"""A TOML file as its tables: each can be changed, moved or taken out while every other byte stays as it is.

A comment that stands directly above a table's header belongs to that table and moves with it. Values are changed by
tomlkit inside their own table only, so a large file costs no more than a small one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import tomlkit
from tomlkit.items import Array

from rathaus.editing.words import EditError, gettext_noop

Name = tuple[str, ...]  # a table's header: ("page",) or ("field", "inhaber.plz")

# What may stand between the beginning of a value and its end: strings hide brackets and hashes.
_TOKENS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_HEADER = re.compile(r"[ \t]*\[")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LINE_LENGTH = 110


@dataclass
class Block:
    """One table: the comments above it, its header and its body."""

    name: Name
    is_entry: bool  # `[[page]]`: one of several
    above: str
    header: str
    body: str
    is_new: bool = False
    _values: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The block as it stands in the file."""
        return self.above + self.header + self.body

    @property
    def values(self) -> Mapping[str, Any]:
        """What the table says."""
        if self._values is None:
            self._values = tomllib.loads(self.body)
        return self._values

    def rename(self, name: Name) -> None:
        """Give the table another header."""
        if name != self.name:
            self.name = name
            self.header = f"[{_header(name)}]\n"

    def set(self, key: str, value: Any) -> None:
        """Write a value in place of the old one, or below the others. None, "" and False take the key out."""
        self.set_at((key,), None if value is False or value == "" else value)

    def set_at(self, keys: Name, value: Any) -> None:
        """Write a value that may lie in a table inside this one (`title = {de = "…"}`); None takes it out."""
        old = _value_at(self.values, keys)
        if value == old and type(value) is type(old):
            return
        body = self.body.rstrip()
        blank = self.body[len(body) :] or "\n"
        document = tomlkit.parse(body + "\n")
        table: Any = document
        for key in keys[:-1]:
            if not isinstance(table.get(key), Mapping):
                table[key] = tomlkit.inline_table()
            table = table[key]
        if value is None:
            del table[keys[-1]]
        else:
            table[keys[-1]] = _item(value, table.get(keys[-1]))
        self.body = tomlkit.dumps(document).rstrip() + blank
        self._values = None


@dataclass
class Blocks:
    """The tables of one file, in its order. `top` is what stands above the first header."""

    top: Block
    blocks: list[Block]

    @classmethod
    def read(cls, content: bytes, file: str) -> Blocks:
        """Take a file apart; raises `EditError` if it is no TOML."""
        try:
            text = content.decode("utf-8").replace("\r\n", "\n")
            tomllib.loads(text)
        except ValueError as error:
            raise EditError(
                gettext_noop("%(file)s ist nicht lesbar (%(error)s). Stellen Sie einen früheren Stand her."),
                file=file,
                error=error,
            ) from None
        return cls._split(text)

    @classmethod
    def _split(cls, text: str) -> Blocks:
        starts = list(_headers(text))
        if not starts:
            return cls(Block((), False, "", "", text), [])
        blocks = []
        top, above = _comments_below(text[: starts[0]])
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            header_end = text.find("\n", start) + 1 or end
            header, body = text[start:header_end], text[header_end:end]
            if not header.endswith("\n"):
                header += "\n"
            next_above = ""
            if end < len(text):
                body, next_above = _comments_below(body)
            blocks.append(Block(_name(header), header.lstrip().startswith("[["), above, header, body))
            above = next_above
        return cls(Block((), False, "", "", top), blocks)

    def write(self) -> bytes:
        """The file."""
        for block in self.blocks[:-1]:
            if block.is_new and not block.body.endswith("\n\n"):
                block.body = block.body.rstrip("\n") + "\n\n"
        return "".join(block.text for block in [self.top, *self.blocks]).encode()

    def entries(self, name: str) -> list[Block]:
        """All `[[name]]`, in order."""
        return [block for block in self.blocks if block.is_entry and block.name == (name,)]

    def entry(self, name: str, entry_id: str) -> Block | None:
        """The `[[name]]` with this `id`."""
        return next((block for block in self.entries(name) if block.values.get("id") == entry_id), None)

    def table(self, *name: str) -> Block | None:
        """The table with this header."""
        return next((block for block in self.blocks if not block.is_entry and block.name == name), None)

    def tables(self, first: str) -> list[Block]:
        """All `[first.…]`, in order."""
        return [
            block
            for block in self.blocks
            if not block.is_entry and len(block.name) == 2 and block.name[0] == first
        ]

    def new_entry(self, name: str, before: Block | None = None) -> Block:
        """An empty `[[name]]`, before another one or behind the last."""
        block = Block((name,), True, "", f"[[{name}]]\n", "\n", is_new=True)
        alike = self.entries(name)
        self._put(block, self.blocks.index(before) if before else self._behind(alike[-1] if alike else None))
        return block

    def table_or_new(self, *name: str) -> Block:
        """The table with this header, made behind its like if there is none."""
        found = self.table(*name)
        if found is None:
            found = Block(name, False, "", f"[{_header(name)}]\n", "\n", is_new=True)
            alike = [block for block in self.blocks if block.name[0] == name[0]]
            self._put(found, self._behind(alike[-1] if alike else None))
        return found

    def remove(self, block: Block) -> None:
        """Take a table out, with the comments above it and whatever lies below its name."""
        end = _end(self.blocks[-1])
        self.blocks = [
            other
            for other in self.blocks
            if other is not block and not (not block.is_entry and other.name[: len(block.name)] == block.name)
        ]
        self._end_with(end)

    def move(self, block: Block, before: Block | None) -> None:
        """Put an entry before another one of its kind, or behind the last."""
        alike = [other for other in self.entries(block.name[0]) if other is not block]
        self.blocks.remove(block)
        self._put(block, self.blocks.index(before) if before else self._behind(alike[-1] if alike else None))

    def drop_if_empty(self, block: Block) -> None:
        """Take a table out that says nothing any more."""
        if not block.values and block in self.blocks and not block.body.strip():
            end = _end(self.blocks[-1])
            self.blocks.remove(block)
            self._end_with(end)

    def _end_with(self, end: str) -> None:
        """Let the file end as it did before a table was taken out."""
        if self.blocks and _end(self.blocks[-1]) != end:
            last = self.blocks[-1]
            last.body = last.body.rstrip("\n") + end

    def _behind(self, block: Block | None) -> int:
        return self.blocks.index(block) + 1 if block else len(self.blocks)

    def _put(self, block: Block, position: int) -> None:
        """Insert with one empty line around it."""
        previous = self.blocks[position - 1] if position else self.top
        if position == len(self.blocks) and position:
            block.body = block.body.rstrip("\n") + _end(previous)
        if previous.text.strip() and not previous.body.endswith("\n\n"):
            previous.body = previous.body.rstrip("\n") + "\n\n"
        self.blocks.insert(position, block)
        if position + 1 < len(self.blocks) and block.body.strip() and not block.body.endswith("\n\n"):
            block.body = block.body.rstrip("\n") + "\n\n"


def _end(block: Block) -> str:
    """The empty lines a table ends with."""
    return "\n" * max(len(block.body) - len(block.body.rstrip("\n")), 1)


def _headers(text: str) -> Iterator[int]:
    """Where each table header begins, not deceived by strings and lists over several lines."""
    depth, line_start, position = 0, True, 0
    while position < len(text):
        if line_start and depth == 0 and (header := _HEADER.match(text, position)):
            yield position
            end = text.find("\n", header.start())
            position = end if end >= 0 else len(text)
            line_start = False
            continue
        line_start = False
        token = _TOKENS.search(text, position)
        if token is None:
            return
        found = token.group()
        position = token.end()
        if found == "\n":
            line_start = True
        elif found in "[{":
            depth += 1
        elif found in "]}":
            depth -= 1


def _comments_below(text: str) -> tuple[str, str]:
    """Split off the comment lines at the end of a text that no empty line separates from what follows."""
    lines = text.splitlines(keepends=True)
    cut = len(lines)
    while cut and lines[cut - 1].lstrip().startswith("#"):
        cut -= 1
    return "".join(lines[:cut]), "".join(lines[cut:])


def _name(header: str) -> Name:
    """The parts of a header's name, read by TOML's own rules."""
    table: Any = tomllib.loads(header)
    parts: list[str] = []
    while table:
        if isinstance(table, list):
            table = table[0]
            continue
        key = next(iter(table))
        parts.append(key)
        table = table[key]
    return tuple(parts)


def _header(name: Name) -> str:
    """A table's name as written: paths stand in quotes, even those without a dot."""
    bare = {0} if name[0] in ("field", "codes") else set(range(len(name)))
    return ".".join(
        part if place in bare and _BARE.fullmatch(part) else _quoted(part) for place, part in enumerate(name)
    )


def _quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value_at(values: Mapping[str, Any], keys: Name) -> Any:
    found: Any = values
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _item(value: Any, old: Any = None) -> Any:
    """A value as TOML: tables inside a table on one line, long texts and lists over several."""
    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value and not value.startswith("\n"))
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, item in value.items():
            table[key] = _item(item)
        return table
    if isinstance(value, (list, tuple)):
        return _array(list(value), old)
    return tomlkit.item(value)


def _array(values: list[Any], old: Any) -> Any:
    """A list; the comments of entries that stay are kept."""
    if isinstance(old, Array) and "#" in old.as_string():
        for position in reversed(range(len(old))):
            if old[position] not in values:
                del old[position]
        for position, value in enumerate(values):
            if position >= len(old) or old[position] != value:
                if value in old:
                    old.remove(value)
                old.insert(position, value)
        return old
    array = tomlkit.array()
    for value in values:
        array.append(_item(value))
    if len(array.as_string()) > _LINE_LENGTH - 10:
        array.multiline(True)
    return array
