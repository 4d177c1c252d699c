"""Which characters our letters can show, and what stands in for the others.

A PDF/A file must not contain a character without a glyph, and a letter must not fail because somebody typed one.
Noto Sans covers everything of DIN 91379 (String.Latin+) but ∞ ≤ ≥, which DejaVu Sans brings, with Arabic, Hebrew
and many symbols. What neither has is written as its code point, `[U+65E5]`: visible, and nothing is lost.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"

# Characters that do not show but change what others look like could make a letter read differently on paper
# than in the file; they are written as code points too.
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LAYOUT = {"\n", "\u00ad", "\u200b"}

_PLAIN = re.compile(r"[\n -~\u00a0-\u024f]*")


def covered_by(font: bytes) -> set[int]:
    """The code points a TrueType font has glyphs for (OpenType specification, table `cmap`, formats 4 and 12)."""
    table_count = struct.unpack_from(">H", font, 4)[0]
    tables = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(table_count))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    subtable_count = struct.unpack_from(">H", font, cmap + 2)[0]
    points: set[int] = set()
    for index in range(subtable_count):
        platform, _, offset = struct.unpack_from(">HHL", font, cmap + 4 + 8 * index)
        start = cmap + offset
        kind = struct.unpack_from(">H", font, start)[0]
        if kind == 4 and platform in (0, 3):
            points |= _format_4(font, start)
        elif kind == 12:
            points |= _format_12(font, start)
    return points


def _format_4(font: bytes, start: int) -> set[int]:
    segments = struct.unpack_from(">H", font, start + 6)[0] // 2
    shape = f">{segments}H"
    ends = struct.unpack_from(shape, font, start + 14)
    starts = struct.unpack_from(shape, font, start + 16 + 2 * segments)
    deltas = struct.unpack_from(shape, font, start + 16 + 4 * segments)
    ranges_at = start + 16 + 6 * segments
    ranges = struct.unpack_from(shape, font, ranges_at)
    points = set()
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for point in range(first, last + 1):
            glyph = point
            if offset:
                glyph = struct.unpack_from(">H", font, ranges_at + 2 * index + offset + 2 * (point - first))[
                    0
                ]
            if point != 0xFFFF and (glyph if offset and not glyph else (glyph + delta) & 0xFFFF):
                points.add(point)
    return points


def _format_12(font: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">L", font, start + 12)[0]
    points: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">LLL", font[start + 16 : start + 16 + 12 * count]):
        points.update(range(first + (glyph == 0), last + 1))
    return points


@cache
def covered() -> frozenset[int]:
    """The code points that the fonts of our letters show together."""
    return frozenset().union(*(covered_by(file.read_bytes()) for file in sorted(FONTS.glob("*.ttf"))))


def showable(text: str) -> str:
    """`text` with every character that letters cannot show written as its code point."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if _PLAIN.fullmatch(text):
        return text
    return "".join(character if _shows(character) else f"[U+{ord(character):04X}]" for character in text)


def _shows(character: str) -> bool:
    if character in _LAYOUT:
        return True
    return ord(character) in covered() and unicodedata.category(character) not in _INVISIBLE_CATEGORIES


def showable_data(value: Any) -> Any:
    """`showable` for every text inside JSON data."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {key: showable_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [showable_data(item) for item in value]
    return value
