"""Finding a service by the words people use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rathaus.rules.functions import folded

_WORD = re.compile(r"[a-z0-9]+")
# Words that say nothing about what somebody wants.
_STOP_WORDS = frozenset(
    word
    for line in (
        "ich mich mir du sie wir uns er es der die das den dem des ein eine einen einem einer und oder zu zum zur",
        "in im am an auf aus bei fuer mit nach von vom wie was wo wer kann muss soll will moechte brauche bitte",
        "neu neue neuen i me my we us the a and or to at on for with from of how what where who can must want need",
    )
    for word in line.split()
)
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found, and the texts it is found by; earlier texts count more."""

    key: str
    texts: tuple[tuple[float, str], ...]  # weight, text


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(folded(text)) if word not in _STOP_WORDS]


def _grams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1)))


def _likeness(asked: str, known: str) -> float:
    """How alike two words are, from 0 to 1: equal, one inside the other, or sharing runs of letters."""
    if asked == known:
        return 1.0
    shorter, longer = sorted((asked, known), key=len)
    if len(shorter) >= _GRAM and shorter in longer:
        return 0.85
    if len(shorter) < _GRAM:
        return 0.6 if longer.startswith(shorter) and len(shorter) > 2 else 0.0
    left, right = _grams(asked), _grams(known)
    share = len(left & right) / len(left | right)
    return 0.8 * share if share > 0.2 else 0.0


class Index:
    """The services of one town in one language."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = [
            (entry.key, [(weight, _words(text)) for weight, text in entry.texts]) for entry in entries
        ]

    def find(self, query: str, limit: int = 10) -> Sequence[str]:
        """Keys of the services that fit, best first; empty if nothing fits.

        Each word asked for finds its most alike word in each text; a text's score is the mean over the words, and
        a service's score its best text.
        """
        asked = _words(query)
        if not asked:
            return []
        scores: list[tuple[float, str]] = []
        for key, texts in self._entries:
            best = max(
                (
                    weight
                    * sum(max((_likeness(word, known) for known in words), default=0.0) for word in asked)
                    for weight, words in texts
                ),
                default=0.0,
            ) / len(asked)
            if best >= 0.3:
                scores.append((best, key))
        scores.sort(key=lambda score: (-score[0], score[1]))
        return [key for _, key in scores[:limit]]
