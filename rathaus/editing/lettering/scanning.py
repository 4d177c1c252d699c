"""Finding one's way in Typst markup: where an expression ends, without understanding what it does.

Source: Typst 0.13 reference, "Syntax" (three modes: markup, code, math). Whatever cannot be followed to its end ends
with the text; the compiler then says what is wrong with it.
"""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_STATEMENTS = frozenset({"let", "set", "show", "import", "include", "return", "context"})
_CONTROLS = frozenset({"if", "for", "while"})
_BLANK = re.compile(r"[ \t\n]*")
_ELSE = re.compile(r"[ \t\n]*else\b")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def after_markup(text: str, place: int) -> int:
    """The place behind one step of markup: a character, an escape, a comment, or a whole embedded expression."""
    match text[place]:
        case "\\":
            return min(place + 2, len(text))
        case "/" if text.startswith(("//", "/*"), place) and not text[:place].endswith(":"):
            return after_comment(text, place)
        case "`":
            return _after_raw(text, place)
        case "$":
            end = text.find("$", place + 1)
            return end + 1 if end >= 0 else len(text)
        case "[":
            return after_bracket(text, place)
        case "#" if place + 1 < len(text):
            return after_expression(text, place)
    return place + 1


def after_expression(text: str, place: int) -> int:
    """The place behind the expression that the `#` at `place` begins."""
    start = place + 1
    word = _IDENTIFIER.match(text, start)
    if word and word[0] in _STATEMENTS:
        return _after_statement(text, word.end())
    if word and word[0] in _CONTROLS:
        return _after_control(text, word.end())
    if word:
        return _after_chain(text, word.end())
    if text[start] in _CLOSING:
        return _after_chain(text, after_bracket(text, start))
    if text[start] == '"':
        return _after_string(text, start)
    number = re.compile(r"\d[\w.%]*").match(text, start)
    return number.end() if number else start


def after_bracket(text: str, place: int) -> int:
    """The place behind the bracket that closes the one at `place`; content is markup, all else code."""
    closing, is_markup = _CLOSING[text[place]], text[place] == "["
    place += 1
    while place < len(text):
        if text[place] == closing:
            return place + 1
        place = after_markup(text, place) if is_markup else after_code(text, place)
    return place


def after_code(text: str, place: int) -> int:
    """The place behind one step of code: a character, a string, a comment, or a whole bracket."""
    match text[place]:
        case '"':
            return _after_string(text, place)
        case "/" if text.startswith(("//", "/*"), place):
            return after_comment(text, place)
        case "`":
            return _after_raw(text, place)
        case "(" | "[" | "{":
            return after_bracket(text, place)
    return place + 1


def after_comment(text: str, place: int) -> int:
    """The place behind a comment."""
    end = text.find("*/" if text.startswith("/*", place) else "\n", place + 2)
    if end < 0:
        return len(text)
    return end + 2 if text.startswith("/*", place) else end


def _after_chain(text: str, place: int) -> int:
    """Behind fields, calls and contents that follow an expression without a blank."""
    while place < len(text):
        if text[place] in "([":
            place = after_bracket(text, place)
        elif text[place] == "." and (field := _IDENTIFIER.match(text, place + 1)):
            place = field.end()
        else:
            break
    return place + 1 if text[place : place + 1] == ";" else place


def _after_statement(text: str, place: int) -> int:
    while place < len(text) and text[place] not in "\n;":
        place = after_code(text, place)
    return place + 1 if text[place : place + 1] == ";" else place


def _after_control(text: str, place: int) -> int:
    """Behind `if … […] else […]`, `for … in … […]` and `while … […]`."""
    while True:
        while place < len(text) and text[place] not in "[{":
            place = after_code(text, place)
        if place == len(text):
            return place
        place = after_bracket(text, place)
        follows = _ELSE.match(text, place)
        if not follows:
            return place
        place = _BLANK.match(text, follows.end()).end()  # type: ignore[union-attr]  # matches anywhere


def _after_string(text: str, place: int) -> int:
    place += 1
    while place < len(text) and text[place] != '"':
        place += 2 if text[place] == "\\" else 1
    return min(place + 1, len(text))


def _after_raw(text: str, place: int) -> int:
    ticks = len(text) - place - len(text[place:].lstrip("`"))
    if ticks == 2:
        return place + 2
    end = text.find("`" * ticks, place + ticks)
    return end + ticks if end >= 0 else len(text)
