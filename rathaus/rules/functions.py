"""What rules can do beyond plain CEL: count years and days, and compare words as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d"}
    | {"þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def years_between(start: datetime, end: datetime) -> int:
    """Completed years from one day to another (negative if `end` is earlier); the time of day does not count.

    Who was born on 29 February completes a year with the end of 28 February (§ 187 Abs. 2, § 188 Abs. 2 BGB).
    """
    if end < start:
        return -years_between(end, start)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def days_between(start: datetime, end: datetime) -> int:
    """Calendar days from one day to another (negative if `end` is earlier); the time of day does not count."""
    return (end.date() - start.date()).days


def folded(text: str) -> str:
    """Text as a search sees it: lower case, ß as ss, umlauts as ae/oe/ue, no accents, single spaces.

    >>> folded("  Café  Müller-Weiß ")
    'cafe mueller-weiss'
    """
    # Compatibility forms first (ﬁ, Ａ, ²), so that what they stand for is folded like any other letter.
    lower = unicodedata.normalize("NFKC", text).casefold()
    composed = unicodedata.normalize("NFC", lower).translate(_LETTERS)
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(char)
    )
    return " ".join(bare.translate(_LETTERS).split())


def contains_any(text: str, words: Iterable[str]) -> bool:
    """Whether a word of the text begins with one of these words (or a run of words with one of these phrases).

    >>> contains_any("Betrieb einer Gaststätte", ["gaststaett", "imbiss"])
    True
    """
    spoken = f" {bare_words(text)}"
    return any(bool(wanted) and f" {wanted}" in spoken for wanted in map(stem, words))


def bare_words(text: str) -> str:
    """The words of a text as `contains_any` compares them: folded, only letters and digits, single spaces."""
    return _NOT_WORD.sub(" ", folded(text)).strip()


# The words of a rule are the same at every evaluation; what people write is not remembered.
stem = lru_cache(maxsize=8192)(bare_words)
