"""Conditions joined, and taken apart again, as text: what one rule adds to a condition can be taken back exactly.

Nothing is evaluated or reformatted. What lies in brackets or in quotation marks is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''(?:\\.|[^\\])*?'''"
    r'|"(?:\\.|[^"\\])*"'
    r"|'(?:\\.|[^'\\])*'"
    r"|//[^\n]*"
    r"|&&|\|\||[()\[\]{}?]",
    re.DOTALL,
)


def with_alternative(condition: str, part: str) -> str:
    """True where the condition is, or the part. A part that is already there is not written again."""
    if not condition.strip():
        return _inside(part)
    if holds_alternative(condition, part):
        return condition
    joined = f"({condition.strip()})" if _needs_brackets(condition) else condition.rstrip()
    # What is written behind a comment belongs to the comment.
    blank = "\n" if "//" in condition else " "
    return f"{joined}{blank}|| {_bracketed(part)}"


def without_alternative(condition: str, part: str) -> str:
    """The condition before the part was added; empty if it was the only one."""
    return _joined("||", [one for one in _split(condition, "||") if unwrapped(one) != unwrapped(part)])


def holds_alternative(condition: str, part: str) -> bool:
    """Whether the part is one of the condition's alternatives."""
    return any(unwrapped(one) == unwrapped(part) for one in _split(condition, "||"))


def limits_in(condition: str, known: Collection[str]) -> tuple[str, list[str]]:
    """A condition without those of the known limits that it has (`… && !(limit)`), and these, in their order."""
    parts = _split(condition, "&&")
    limits = [one for one in map(unwrapped, parts) if one in known]
    if not limits:
        return condition, []
    return _joined("&&", [one for one in parts if unwrapped(one) not in known]), limits


def with_limits(condition: str, limits: Collection[str]) -> str:
    """True where the condition is and no limit fails."""
    if not limits:
        return condition
    blank = "\n" if "//" in condition else " "
    return f"{blank}&& ".join([*([_inside(condition)] if condition.strip() else []), *limits])


def unwrapped(condition: str) -> str:
    """A condition without brackets around all of it."""
    condition = condition.strip()
    while condition.startswith("(") and _closing(condition) == len(condition) - 1:
        condition = condition[1:-1].strip()
    return condition


def _split(condition: str, sign: str) -> list[str]:
    """The text between the signs that join the whole condition; one part if something weaker joins it."""
    signs = _signs(condition)
    weaker = {"&&": ("?", "||"), "||": ("?",)}[sign]
    if not condition.strip():
        return []
    if any(found in weaker for found, _ in signs):
        return [condition]
    cuts = [place for found, place in signs if found == sign]
    starts = [0, *(place + len(sign) for place in cuts)]
    return [condition[start:end] for start, end in zip(starts, [*cuts, len(condition)], strict=True)]


def _joined(sign: str, parts: list[str]) -> str:
    return unwrapped(parts[0]) if len(parts) == 1 else sign.join(parts).strip()


def _inside(condition: str) -> str:
    """A condition as one part of others, in brackets where it would fall apart without them."""
    condition = condition.strip()
    return f"({condition})" if any(found in ("?", "||") for found, _ in _signs(condition)) else condition


def _bracketed(part: str) -> str:
    part = unwrapped(part)
    return f"({part})" if _signs(part) else part


def _needs_brackets(condition: str) -> bool:
    """Whether `||` behind the condition would be read wrongly, by the engine (`?`) or by people (`&&`)."""
    found = {sign for sign, _ in _signs(condition)}
    return "?" in found or found == {"&&"}


def _signs(condition: str) -> list[tuple[str, int]]:
    """The signs outside of all brackets, with their places."""
    found, depth = [], 0
    for token in _TOKEN.finditer(condition):
        text = token.group()
        if text in "([{":
            depth += 1
        elif text in ")]}":
            depth -= 1
        elif text in ("&&", "||", "?") and depth == 0:
            found.append((text, token.start()))
    return found


def _closing(condition: str) -> int:
    """Where the bracket closes that opens the condition; -1 if it does not."""
    depth = 0
    for token in _TOKEN.finditer(condition):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth == 0:
            return token.start()
    return -1
