"""Conditions of the rule language read out as a sentence, in German or English.

Only what this package itself writes is read out – comparisons of answers with values or with each other, `has`, `!`,
`&&`, `||`, exactly one of two. For any other condition there is no sentence, and the page shows the condition alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.freetext.resolving import Element

Language = Literal["de", "en"]
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>&&|\|\||==|!=|<=|>=|<|>|!|\(|\))"""
    r"""|(?P<path>[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*))"""
)
_WORDS: dict[Language, dict[str, str]] = {
    "de": {
        "==": "{0} ist {1}",
        "!=": "{0} ist nicht {1}",
        "<": "{0} ist kleiner als {1}",
        "<=": "{0} ist höchstens {1}",
        ">": "{0} ist größer als {1}",
        ">=": "{0} ist mindestens {1}",
        "yes": "{0} ist mit Ja beantwortet",
        "not yes": "{0} ist nicht mit Ja beantwortet",
        "no": "{0} ist mit Nein beantwortet",
        "has": "{0} ist ausgefüllt",
        "has not": "{0} ist nicht ausgefüllt",
        "and": " und ",
        "or": " oder ",
        "xor": "entweder {0} oder {1}, nicht beides",
        "not": "nicht zutrifft: {0}",
        "true": "immer",
    },
    "en": {
        "==": "{0} is {1}",
        "!=": "{0} is not {1}",
        "<": "{0} is less than {1}",
        "<=": "{0} is at most {1}",
        ">": "{0} is greater than {1}",
        ">=": "{0} is at least {1}",
        "yes": "{0} is answered with yes",
        "not yes": "{0} is not answered with yes",
        "no": "{0} is answered with no",
        "has": "{0} is filled in",
        "has not": "{0} is not filled in",
        "and": " and ",
        "or": " or ",
        "xor": "either {0} or {1}, not both",
        "not": "it is not true that {0}",
        "true": "always",
    },
}
_QUOTES: dict[Language, str] = {"de": "„{}“", "en": "“{}”"}
_MAX_DEPTH = 24


def describe(
    condition: str, tree: SchemaTree, scope: GroupNode | None = None, language: Language = "de"
) -> str | None:
    """The condition as a sentence, None for one this package would not write.

    `scope` is the group whose entry `self` means. Names of elements and codes are German, as the schema has them.
    """
    try:
        tokens = _tokens(condition)
        reader = _Describer(tokens, tree, scope or tree.root, language)
        said = reader.alternatives(0)
    except (_UnreadableError, ValueError):  # ValueError: an escape in a text that JSON does not have
        return None
    return said.text if reader.place == len(tokens) else None


class _UnreadableError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Said:
    """A part of the sentence; `joint` if it must be bracketed inside another one; the rest is for `has(x) && !x`."""

    text: str
    joint: str = ""
    has: str = ""
    not_yes: str = ""


def _tokens(condition: str) -> list[tuple[str, str]]:
    tokens = []
    place = 0
    while place < len(condition.rstrip()):
        found = _TOKEN.match(condition, place)
        if found is None:
            raise _UnreadableError
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens


class _Describer:
    def __init__(self, tokens: list[tuple[str, str]], tree: SchemaTree, scope: GroupNode, language: Language):
        self.tokens = tokens
        self.tree = tree
        self.scope = scope
        self.words = _WORDS[language]
        self.quotes = _QUOTES[language]
        self.place = 0

    def take(self, sign: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place] == ("sign", sign):
            self.place += 1
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _UnreadableError

    def next(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise _UnreadableError
        self.place += 1
        return self.tokens[self.place - 1]

    def alternatives(self, depth: int) -> _Said:
        parts = [self.together(depth)]
        while self.take("||"):
            parts.append(self.together(depth))
        return self.joined("or", parts)

    def together(self, depth: int) -> _Said:
        parts = [self.single(depth)]
        while self.take("&&"):
            parts.append(self.single(depth))
        if len(parts) == 2 and parts[0].has and parts[0].has == parts[1].not_yes:
            return _Said(self.words["no"].format(self.named(self.node(parts[0].has))))
        return self.joined("and", parts)

    def joined(self, joint: str, parts: list[_Said]) -> _Said:
        if len(parts) == 1:
            return parts[0]
        texts = [f"({part.text})" if part.joint not in ("", joint) else part.text for part in parts]
        return _Said(self.words[joint].join(texts), joint)

    def single(self, depth: int) -> _Said:
        if depth > _MAX_DEPTH:
            raise _UnreadableError
        if self.take("!"):
            return self.negated(depth)
        if self.take("("):
            inner = self.alternatives(depth + 1)
            self.need(")")
            if self.take("!="):
                self.need("(")
                other = self.alternatives(depth + 1)
                self.need(")")
                return _Said(self.words["xor"].format(inner.text, other.text), "xor")
            return inner
        kind, path = self.next()
        if kind != "path":
            raise _UnreadableError
        if path == "has":
            return self.has("has")
        if path == "true":
            return _Said(self.words["true"])
        if self.place < len(self.tokens) and self.tokens[self.place][1] in ("==", "!=", "<", "<=", ">", ">="):
            return self.comparison(self.node(path), self.next()[1])
        return _Said(self.words["yes"].format(self.named(self.node(path))))

    def negated(self, depth: int) -> _Said:
        if self.take("("):
            inner = self.alternatives(depth + 1)
            self.need(")")
            return _Said(self.words["not"].format(f"({inner.text})" if inner.joint else inner.text), "not")
        kind, path = self.next()
        if kind != "path":
            raise _UnreadableError
        if path == "has":
            return self.has("has not")
        return _Said(self.words["not yes"].format(self.named(self.node(path))), not_yes=path)

    def has(self, words: str) -> _Said:
        self.need("(")
        kind, path = self.next()
        self.need(")")
        if kind != "path":
            raise _UnreadableError
        path = path.removeprefix("answers.")
        return _Said(
            self.words[words].format(self.named(self.node(path))), has=path if words == "has" else ""
        )

    def comparison(self, node: Element, sign: str) -> _Said:
        kind, written = self.next()
        if kind == "path":
            value = self.named(self.node(written))
        elif kind == "text":
            value = self.quotes.format(self.choice(node, json.loads(written)))
        elif kind == "number":
            value = written.removesuffix(".0")
        else:
            raise _UnreadableError
        return _Said(self.words[sign].format(self.named(node), value))

    def choice(self, node: Element, code: str) -> str:
        index = node.code_index.get(code) if isinstance(node, FieldNode) else None
        return node.codes[index].name if index is not None and isinstance(node, FieldNode) else code

    def named(self, node: Element) -> str:
        return self.quotes.format(node.label)

    def node(self, path: str) -> Element:
        address = path
        if path.startswith("self."):
            address = f"{self.scope.address}.{path.removeprefix('self.')}".lstrip(".")
        node = self.tree.nodes.get(address)
        if node is None:
            raise _UnreadableError
        return node
