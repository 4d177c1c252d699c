"""The part of the rule language that conditions are made of, as a tree. Whatever else it may say is refused.

Texts with few escapes, numbers without exponent, paths, comparisons, `in`, `!`, `&&`, `||`, and the calls of
`rathaus.building.comparisons`. Precedence is CEL's: `!` binds before comparisons, these before `&&`, this before `||`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

MAX_DEPTH = 12
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![\w.])"""
    r"""|(?P<sign>&&|\|\||==|!=|<=|>=|<|>|!|\(|\)|\[|\]|,)"""
    r"""|(?P<path>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)(?!["'\w.])"""
)
_ESCAPE = re.compile(r'\\(?!["\\nrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})')
_SIGNS = ("==", "!=", "<=", ">=", "<", ">")
_WORDS = frozenset({"true", "false", "null"})


class UnreadableError(Exception):
    """The rule says something that conditions do not."""


@dataclass(frozen=True, slots=True)
class Path:
    """An answer, or `today`."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    written: str


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function; for a method, the path it belongs to is the first argument and the name has a dot before it."""

    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Two things compared by a sign or `in`."""

    left: Tree
    sign: str
    right: Tree


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of something."""

    inner: Tree


@dataclass(frozen=True, slots=True)
class Chain:
    """Things joined by one sign; never holds a chain of the same sign."""

    sign: Literal["&&", "||"]
    parts: tuple[Tree, ...]


Tree = Path | Text | Number | Texts | Word | Call | Relation | Not | Chain


def parse(rule: str) -> Tree:
    """The tree of a rule. Raises `UnreadableError`."""
    parser = _Parser(_tokens(rule))
    tree = parser.alternatives(0)
    if parser.place < len(parser.tokens):
        raise UnreadableError
    return tree


def _tokens(rule: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    while place < len(rule):
        if rule[place] in " \t\r\n\f":
            place += 1
            continue
        found = _TOKEN.match(rule, place)
        if found is None:
            raise UnreadableError
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def take(self, sign: str) -> bool:
        if self.peek() == ("sign", sign):
            self.place += 1
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise UnreadableError

    def alternatives(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise UnreadableError
        parts = [self.together(depth)]
        while self.take("||"):
            parts.append(self.together(depth))
        return _chain("||", parts)

    def together(self, depth: int) -> Tree:
        parts = [self.relation(depth)]
        while self.take("&&"):
            parts.append(self.relation(depth))
        return _chain("&&", parts)

    def relation(self, depth: int) -> Tree:
        left = self.negation(depth)
        kind, word = self.peek()
        if (kind == "sign" and word in _SIGNS) or (kind, word) == ("path", "in"):
            self.place += 1
            right = self.negation(depth)
            if self.peek()[1] in (*_SIGNS, "in"):
                raise UnreadableError
            return Relation(left, word, right)
        return left

    def negation(self, depth: int) -> Tree:
        if self.take("!"):
            if depth > MAX_DEPTH:
                raise UnreadableError
            inner = self.negation(depth + 1)
            return inner.inner if isinstance(inner, Not) else Not(inner)
        return self.single(depth)

    def single(self, depth: int) -> Tree:
        if self.take("("):
            inner = self.alternatives(depth + 1)
            self.need(")")
            return inner
        if self.take("["):
            return self.texts()
        kind, word = self.peek()
        self.place += 1
        if kind == "text":
            return Text(_unquoted(word))
        if kind == "number":
            return Number(word)
        if kind != "path" or word == "in":
            raise UnreadableError
        if word in _WORDS:
            return self.word(word)
        return self.call(word, depth) if self.take("(") else Path(word)

    def word(self, word: str) -> Tree:
        if word == "null":
            raise UnreadableError
        return Word(word == "true")

    def texts(self) -> Tree:
        texts: list[str] = []
        while not self.take("]"):
            if texts:
                self.need(",")
            kind, word = self.peek()
            if kind != "text":
                raise UnreadableError
            self.place += 1
            texts.append(_unquoted(word))
        return Texts(tuple(texts))

    def call(self, name: str, depth: int) -> Tree:
        owner, dot, method = name.rpartition(".")
        arguments: list[Tree] = [Path(owner)] if dot else []
        first = True
        while not self.take(")"):
            if not first:
                self.need(",")
            arguments.append(self.alternatives(depth + 1))
            first = False
        return Call(dot + method, tuple(arguments))


def _chain(sign: Literal["&&", "||"], parts: list[Tree]) -> Tree:
    if len(parts) == 1:
        return parts[0]
    flat: list[Tree] = []
    for part in parts:
        flat += part.parts if isinstance(part, Chain) and part.sign == sign else [part]
    return Chain(sign, tuple(flat))


def _unquoted(written: str) -> str:
    """A text without its quotes; only escapes that CEL and JSON both know."""
    inner = written[1:-1]
    if written[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"') if '\\"' not in inner else "\\x"
    if _ESCAPE.search(inner.replace("\\\\", "")):
        raise UnreadableError
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        raise UnreadableError from None
