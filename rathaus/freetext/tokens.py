"""Words, ids, signs and quoted texts of a rule, each with its position.

An id swallows the name that follows it – quoted or not – when it is a name its element has in the schema, so that
`F1 Auswahl: Art (neu) === "Ja"` is an id, a sign and a text. A quoted text that is no name of the element stays one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rathaus.rules.functions import folded

Kind = Literal["id", "sign", "text", "code", "word", "mark", "end"]
_TOKEN = re.compile(
    r"""(?P<id>\b[GFS]\d{8,11}(?:\.[GFS]\d{8,11})*\b)
    |(?P<sign>===|==|<>|!=|<=|>=|=|<|>)
    |(?P<text>"[^"]*"|„[^“”"]*[“”"]|'[^']*'|‚[^‘’']*[‘’'])
    |(?P<code>\d{1,18}\b)
    |(?P<word>[^\W\d_][\w./-]*[^\W_]|[^\W\d_])
    |(?P<mark>\S)""",
    re.VERBOSE,
)

_OLD_NAME = re.compile(r"[^\"„“”'‚‘’=<>!]{3,160}?(?=\s*[=<>!])")
_JOINT = re.compile(r"\b(?:wenn|dann|und|oder|[GFS]\d{8,11})\b", re.IGNORECASE)
_ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Token:
    """`value` as compared (words in lower case, texts without quotes), `source` as written, `position` from 1."""

    kind: Kind
    value: str
    source: str
    position: int


def tokenize(text: str, names: Mapping[str, Iterable[str]]) -> list[Token]:
    """The tokens of a rule, with an `end` behind; `names` are the names of each element by its id. Never raises."""
    tokens: list[Token] = []
    place = 0
    while found := _TOKEN.search(text, place):
        source, position = found[0], found.start() + 1
        place = found.end()
        if found["id"]:
            tokens.append(Token("id", source, source, position))
            place = _behind_name(text, place, names.get(source.rpartition(".")[2], ()))
        elif found["text"]:
            tokens.append(Token("text", " ".join(source[1:-1].split()), source, position))
        elif found["word"]:
            tokens.append(Token("word", source.casefold(), source, position))
        elif found["sign"]:
            tokens.append(Token("sign", source, source, position))
        else:
            tokens.append(Token("code" if found["code"] else "mark", source, source, position))
    return [*tokens, Token("end", "", "", len(text) + 1)]


def _behind_name(text: str, place: int, names: Iterable[str]) -> int:
    for name in sorted(names, key=len, reverse=True):
        words = [re.escape(word) for word in name.split()]
        if words:
            bare = r"\s+".join(words)
            pattern = rf"\s*(?:[\"„'‚]\s*{bare}\s*[\"“”'‘’]|{bare}(?![\w-]))"
            if found := re.compile(pattern, re.IGNORECASE).match(text, place):
                return found.end()
    return _behind_similar_name(text, place, names)


def _behind_similar_name(text: str, place: int, names: Iterable[str]) -> int:
    """Names change while rules keep the old one: what stands between an id and a sign, if it is much like the name."""
    found = _OLD_NAME.match(text, place)
    if found is None or _JOINT.search(found[0]):
        return place
    old = folded(found[0])
    alike = any(difflib.SequenceMatcher(None, old, folded(name)).ratio() >= _ALIKE for name in names)
    return found.end() if alike else place
