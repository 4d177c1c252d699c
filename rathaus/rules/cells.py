"""Cells of a decision table in plain words, as people type them who know no code, and back.

Like in a spreadsheet, what begins with `=` is a formula (CEL); all else is meant as it stands:

| typed | meant |
|---|---|
| `-` or nothing (condition) | anything |
| `EU, EK` | the text 'EU' or the text 'EK' |
| `> 5`, `<= 3.5`, `>= 1.3.2026` | a comparison |
| `ja`, `nein` | true, false |
| `'a, b'` | the text itself, commas and all |
| `=value.startsWith('G')` | the formula |

`spoken` shows a cell as it would be typed, `written` reads what was typed: `written(spoken(cell))` means the same.
"""

from __future__ import annotations

import re
from datetime import date

from rathaus.rules.decisions import COMPARISON, LITERALS, ONE_LITERAL
from rathaus.rules.expressions import BOOL, DYN, STRING, TIMESTAMP, ValueType

ANYTHING = "-"
FORMULA = "="
_ANYTHING = frozenset({"", "-", "–", "—", "egal", "any"})
_TRUTH = {"ja": "true", "yes": "true", "true": "true", "nein": "false", "no": "false", "false": "false"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n"}
_TIMESTAMP = re.compile(r"timestamp\('(\d{4}-\d\d-\d\d)T00:00:00Z'\)")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_GERMAN_DAY = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})")


def spoken(source: str, kind: ValueType, *, condition: bool, truth: tuple[str, str] = ("ja", "nein")) -> str:
    """A cell as people type it. `kind` is the type of its column; `truth` the words for true and false."""
    if condition and source in ("", ANYTHING):
        return ANYTHING
    shown: list[str] = []
    if LITERALS.fullmatch(source):
        words = [_word(literal, truth) for literal in ONE_LITERAL.findall(source)]
        shown = [", ".join(words), source]
    elif condition and COMPARISON.fullmatch(source):
        shown = [_TIMESTAMP.sub(_spoken_day, source)]
    is_same = (text for text in shown if _values(written(text, kind, condition=condition)) == _values(source))
    return next(is_same, FORMULA + source if source else "")


def written(text: str, kind: ValueType, *, condition: bool) -> str:
    """The cell that a typed text means."""
    text = text.replace("\r\n", "\n").strip()
    if condition and text.lower() in _ANYTHING:
        return ANYTHING
    if text.startswith(FORMULA) and text != FORMULA:
        return ", ".join(_values(text.removeprefix(FORMULA).strip()))
    if text[:1] in ("'", '"') and LITERALS.fullmatch(text):
        return ", ".join(_values(text))
    if condition and COMPARISON.fullmatch(text):
        return _written_days(text) if kind is TIMESTAMP else text
    parts = [part.strip() for part in text.split(",")] if condition else [text]
    if kind is STRING or kind is DYN:
        return ", ".join(_literal(part, kind) for part in parts)
    if kind is BOOL and all(part.lower() in _TRUTH for part in parts):
        return ", ".join(_TRUTH[part.lower()] for part in parts)
    return text


def quoted(text: str) -> str:
    """A text as CEL writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def text_of(literal: str) -> str | None:
    """The text that a literal means; None if it is none, or written in a way that only CEL itself should read."""
    if literal[:1] not in ("'", '"'):
        return None
    inner = literal[1:-1]
    if any(found not in _ESCAPES for found in _ESCAPE.findall(inner)):
        return None
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], inner)


def _word(literal: str, truth: tuple[str, str]) -> str:
    """A literal without its quotes."""
    if literal in ("true", "false"):
        return truth[0] if literal == "true" else truth[1]
    text = text_of(literal)
    return literal if text is None else text


def _values(source: str) -> tuple[str, ...]:
    """What a cell says, whichever quotes and blanks it uses."""
    if not LITERALS.fullmatch(source):
        return (source,)
    texts = [(literal, text_of(literal)) for literal in ONE_LITERAL.findall(source)]
    return tuple(literal if text is None else quoted(text) for literal, text in texts)


def _literal(text: str, kind: ValueType) -> str:
    if kind is DYN and _NUMBER.fullmatch(text):
        return text
    return (_TRUTH.get(text.lower()) if kind is DYN else None) or quoted(text)


def _spoken_day(found: re.Match[str]) -> str:
    day = date.fromisoformat(found[1])
    return f"{day.day}.{day.month}.{day.year}"


def _written_days(text: str) -> str:
    text = _ISO_DAY.sub(lambda found: _timestamp(found[0], found[1], found[2], found[3]), text)
    return _GERMAN_DAY.sub(lambda found: _timestamp(found[0], found[3], found[2], found[1]), text)


def _timestamp(text: str, year: str, month: str, day: str) -> str:
    try:
        return f"timestamp('{date(int(year), int(month), int(day)).isoformat()}T00:00:00Z')"
    except ValueError:
        return text
