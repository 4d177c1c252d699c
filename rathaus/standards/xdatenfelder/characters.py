"""String.Latin 1.1: the characters that XDatenfelder 3.0.0 allows in its texts (XSD `latinchars.xsd`).

Editors still use typographic quotes, dashes and signs of comparison. Their nearest allowed spelling says the same.
"""

from __future__ import annotations

import re
import unicodedata

# Code points in hexadecimal, single or from-to, then the letters with a mark that has no composed character.
_SINGLE = """
    9-A D 20-7E A1-AC AE-107 10A-11B 11E-123 126-131 134-15B 15E-16B 16E-17E 18F 1A0-1A1 1AF-1B0 1B7 1CD-1D4 1DE-1DF
    1E4-1F0 1F4-1F5 1FA-1FF 218-21B 21E-21F 22A-22B 22E-233 259 292 1E02-1E03 1E0A-1E0B 1E10-1E11 1E1E-1E21 1E24-1E27
    1E30-1E31 1E40-1E41 1E44-1E45 1E56-1E57 1E60-1E63 1E6A-1E6B 1E80-1E85 1E8C-1E93 1E9E 1EA0-1EA7 1EAA-1EAC 1EAE-1EC1
    1EC4-1ED3 1ED6-1EDD 1EE4-1EF9 20AC
"""
_MARKED = ("M\u0302", "N\u0302", "m\u0302", "n\u0302", "D\u0302", "d\u0302", "J\u030c", "L\u0302", "l\u0302")
_SPELLINGS = {
    "„": '"', "“": '"', "”": '"', "‟": '"', "‚": "'", "‘": "'", "’": "'", "‛": "'", "‹": "<", "›": ">",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "▪": "-", "≤": "<=", "≥": ">=",
    "≠": "!=", "→": "->", "⇒": "=>", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2003": " ", "\u2002": " ",
    "\u00ad": "", "\u200b": "", "\ufeff": "", "\u2028": "\n", "\u2029": "\n", "™": "(TM)", "√": "Wurzel", "∑": "Summe",
}  # fmt: skip


def _expression() -> re.Pattern[str]:
    ranges = []
    for entry in _SINGLE.split():
        first, _, last = entry.partition("-")
        low, high = re.escape(chr(int(first, 16))), re.escape(chr(int(last or first, 16)))
        ranges.append(f"{low}-{high}")
    return re.compile(f"(?:{'|'.join(_MARKED)}|[{''.join(ranges)}])+|(.)", re.DOTALL)


_ALLOWED = _expression()


def in_string_latin(text: str) -> tuple[str, str]:
    """The text in allowed characters, and those that were replaced (in order, each once).

    A character without a known spelling is written by its compatible or plain letters, else as `?`.
    """
    replaced: dict[str, None] = {}

    def spelling(found: re.Match[str]) -> str:
        character = found[1]
        if character is None:
            return found[0]
        replaced[character] = None
        return _SPELLINGS[character] if character in _SPELLINGS else _plain(character)

    return _ALLOWED.sub(spelling, text), "".join(replaced)


def _plain(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", character) if not unicodedata.combining(letter)
    )
    for letters in (compatible, bare):
        if letters != character and all(_is_allowed(letter) for letter in letters):
            return letters
    return "?"


def _is_allowed(character: str) -> bool:
    found = _ALLOWED.match(character)
    return found is not None and found[1] is None
