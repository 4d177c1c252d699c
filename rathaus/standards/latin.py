"""The characters that names and addresses in Germany may have: DIN 91379, datatype C (String.Latin+ 1.2).

Datatype C holds every normative character of the norm: Latin letters with their marks, and the signs needed for
names, places, companies and running text. All registers have to accept it, so a text within it can travel anywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Code points in hexadecimal, single or from-to.
_SINGLE = """
    9-A D 20-7E A0-AC AE-17E 187-188 18F 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF 1E2-1F0 1F4-1F5 1F8-1FF 212-213
    218-21B 21E-21F 227-233 259 268 292 2B9-2BA 2BE-2BF 2C8 2CC 1E02-1E03 1E06-1E07 1E0A-1E11 1E17 1E1C-1E2B
    1E2F-1E37 1E3A-1E3B 1E40-1E49 1E52-1E5B 1E5E-1E63 1E6A-1E6F 1E80-1E87 1E8C-1E97 1E9E 1EA0-1EF9 2019 2021 20AC
"""

# Letters that take marks Unicode has no composed character for: the letter in lower case, then its marks in
# hexadecimal, several at once joined by +. The capital letter takes the same.
_MARKED = """
    a 30B
    c 300 304 306 308 315 323 326 328+306
    d 302
    f 300 304
    g 300
    h 304 326 331
    j 301 30C
    k 300 302 304 307 315 31B 326 35F+68
    l 302 325 325+304 326
    m 300 302 306 310
    n 302 304 306 326
    p 300 304 315 323
    r 306 325 325+304
    s 300 304 31B+304 331
    t 300 304 308 315 31B
    u 307
    z 300 304 306 308 327
    ç 306
    û 304
    č 315 323
    ī 301
    ž 326 327
    ḳ 304
    ṣ 304
    ṭ 304
    ạ 308
    ọ 308
    ụ 304 308
"""
_ONLY_SMALL = "ÿ\u0301", "ē\u030d", "ō\u030d"
_ONLY_CAPITAL = ("K\u035fh",)  # Kh, beside KH


def _singles() -> Iterator[str]:
    for part in _SINGLE.split():
        first, _, last = part.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def _sequences() -> Iterator[str]:
    for line in _MARKED.strip().splitlines():
        letter, *marks = line.split()
        for mark in marks:
            sequence = letter + "".join(chr(int(code, 16)) for code in mark.split("+"))
            yield sequence
            yield sequence.upper()
    yield from _ONLY_SMALL
    yield from _ONLY_CAPITAL


SINGLE_CHARACTERS = frozenset(_singles())
"""The permitted characters that are one code point."""

SEQUENCES = frozenset(unicodedata.normalize("NFC", sequence) for sequence in _sequences()) - SINGLE_CHARACTERS
"""The permitted letters that need several code points, in Unicode's normal form C."""


def normalized(text: str) -> str:
    """The text in normal form C, in which DIN 91379 wants every text stored and sent."""
    return unicodedata.normalize("NFC", text)


def unknown_characters(text: str) -> list[str]:
    """The characters outside datatype C, each once, in order of appearance; a letter together with its marks.

    The text may be in any normal form; what is returned is in normal form C.

    >>> unknown_characters("Łukasz Çelik 李")
    ['李']
    """
    letters = list(_letters(normalized(text)))
    unknown: dict[str, None] = {}
    for position, letter in enumerate(letters):
        following = letters[position + 1] if position + 1 < len(letters) else ""
        if (
            letter not in SINGLE_CHARACTERS
            and letter not in SEQUENCES
            and letter + following not in SEQUENCES
        ):
            unknown[letter] = None
    return list(unknown)


def _letters(text: str) -> Iterator[str]:
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or not unicodedata.combining(text[position]):
            yield text[start:position]
            start = position
