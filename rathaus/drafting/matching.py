"""Texts that a pattern matches, found by walking the pattern: for examples, not for checking."""

from __future__ import annotations

import importlib
import random
import re
import string
import warnings
from collections.abc import Iterator
from typing import Any

# Python's own reading of a pattern; its modules are not part of what is typed.
codes: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")
_PARTS = re.compile(r"\\p\{[^}]*\}|\\.|.", re.DOTALL)
_TRIES = 40
_MOST_REPEATS = 4
_CATEGORIES = {
    codes.CATEGORY_DIGIT: string.digits,
    codes.CATEGORY_WORD: string.ascii_letters + string.digits,
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_DIGIT: string.ascii_letters,
    codes.CATEGORY_NOT_WORD: " -.",
    codes.CATEGORY_NOT_SPACE: string.ascii_letters + string.digits,
}
_EVERYDAY = string.ascii_letters + string.digits + " -.,/:äöüÄÖÜß"


def texts_matching(pattern: str, chance: random.Random) -> Iterator[str]:
    """Different texts that probably match; none for a pattern that cannot be read. The caller checks each."""
    parsed = _parsed(pattern)
    if parsed is None:
        return
    for number in range(_TRIES):
        yield _sequence(parsed, chance, {}, shortest=number == 0)


def lengths_of(pattern: str) -> tuple[int, int] | None:
    """How long a text that matches is at least and at most; None for a pattern that cannot be read."""
    parsed = _parsed(pattern)
    return parsed.getwidth() if parsed is not None else None


def _parsed(pattern: str) -> Any:
    """The pattern as Python reads it, None if it does not."""
    readable = _with_letters(pattern).replace("(?<", "(?P<")
    readable = re.sub(
        r"\\u\{?([0-9A-Fa-f]{4,6})\}?", lambda found: re.escape(chr(int(found[1], 16))), readable
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parser.parse(readable)
    except (re.error, OverflowError, RecursionError, ValueError):
        return None


def _with_letters(pattern: str) -> str:
    """Letters without accents for every kind of character (`\\p{L}`), in a set and outside of one."""
    parts, inside = [], False
    for part in _PARTS.findall(pattern):
        if part in ("[", "]"):
            inside = part == "["
        letters = "a-zA-Z" if inside else "[a-zA-Z]"
        parts.append(letters if part.startswith(r"\p{") else part)
    return "".join(parts)


def _sequence(parts: Any, chance: random.Random, groups: dict[int, str], *, shortest: bool) -> str:
    return "".join(_part(code, value, chance, groups, shortest=shortest) for code, value in parts)


def _part(code: Any, value: Any, chance: random.Random, groups: dict[int, str], *, shortest: bool) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return chance.choice([char for char in _EVERYDAY if ord(char) != value])
    if code is codes.ANY:
        return chance.choice(string.ascii_letters)
    if code is codes.IN:
        return _one_of(value, chance)
    if code is codes.BRANCH:
        return _sequence(chance.choice(value[1]), chance, groups, shortest=shortest)
    if code is codes.SUBPATTERN:
        number, _, _, inner = value
        text = _sequence(inner, chance, groups, shortest=shortest)
        if number is not None:
            groups[number] = text
        return text
    if code is codes.GROUPREF:
        return groups.get(value, "")
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        low, high, inner = value
        most = low if shortest else min(int(high), low + _MOST_REPEATS)
        count = chance.randint(low, max(low, most))
        return "".join(_sequence(inner, chance, groups, shortest=shortest) for _ in range(min(count, 2_000)))
    if code is codes.ATOMIC_GROUP:
        return _sequence(value, chance, groups, shortest=shortest)
    return ""  # anchors and look-around take no characters


def _one_of(members: Any, chance: random.Random) -> str:
    if members and members[0][0] is codes.NEGATE:
        refused = set(_characters(members[1:]))
        return chance.choice([char for char in _EVERYDAY if char not in refused] or ["x"])
    return chance.choice(_characters(members) or ["x"])


def _characters(members: Any) -> list[str]:
    found: list[str] = []
    for code, value in members:
        if code is codes.LITERAL:
            found.append(chr(value))
        elif code is codes.RANGE:
            low, high = value
            found += map(chr, range(low, min(high, low + 200) + 1))
        elif code is codes.CATEGORY:
            found += _CATEGORIES.get(value, "x")
    return found
