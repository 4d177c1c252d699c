"""What a merge gives, and what it leaves to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rathaus.editing import Files, Words

Side = Literal["ours", "theirs"]
# The ends of places that stand for a whole file: where lines overlap, and where two orders do not go together.
LINES, ORDER = "lines", "order"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed differently. An empty text: there is nothing (any more)."""

    place: str  # stable name, the key of a choice
    words: Words  # the same place for people
    base: str
    ours: str
    theirs: str

    @property
    def file(self) -> str:
        """The file it lies in."""
        return self.place.partition(":")[0]

    @property
    def is_whole(self) -> bool:
        """Whether the choice decides over everything that both changed in the file, not over one value."""
        return self.place.partition(":")[2] in ("", LINES, ORDER)


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged package. `conflicts` are those nobody has chosen for yet; there, `files` have our side."""

    files: Files
    conflicts: tuple[Conflict, ...]


@dataclass
class Choices:
    """The choices made so far, and the conflicts still open."""

    made: Mapping[str, Side]
    open: list[Conflict] = field(default_factory=list)

    def choose(self, place: str, words: Words, base: str, ours: str, theirs: str) -> Side:
        """The side chosen for a place; if none is, the conflict is noted and our side counts for now."""
        side = self.made.get(place)
        if side is None:
            self.open.append(Conflict(place, words, base, ours, theirs))
        return side or "ours"


class OrderError(ValueError):
    """Both sides put the same things into different orders."""


def merged_order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """All names of `ours` and `theirs` in an order that keeps what either side moved or inserted.

    The same whichever side is named first. Raises `OrderError`. Takes time in the square of the number of names.
    """
    was, mine, other = (
        {name: position for position, name in enumerate(names)} for names in (base, ours, theirs)
    )
    names = sorted({*mine, *other})
    before: dict[str, set[str]] = {name: set() for name in names}
    for first, second in _pairs(names):
        orders = [_order(positions, first, second) for positions in (was, mine, other)]
        if orders[1] is not None and orders[2] is not None and orders[1] != orders[2]:
            if orders[0] is None:
                raise OrderError
            decided: bool | None = orders[1] if orders[2] == orders[0] else orders[2]
        else:
            decided = orders[1] if orders[1] is not None else orders[2]
        if decided is not None:
            before[second if decided else first].add(first if decided else second)
    result: list[str] = []
    while before:
        free = min((name for name, earlier in before.items() if not earlier), default=None)
        if free is None:
            raise OrderError
        result.append(free)
        del before[free]
        for earlier in before.values():
            earlier.discard(free)
    return result


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for position, first in enumerate(names):
        for second in names[position + 1 :]:
            yield first, second


def _order(positions: Mapping[str, int], first: str, second: str) -> bool | None:
    """Whether `first` stands before `second`; None if one of them is missing."""
    if first not in positions or second not in positions:
        return None
    return positions[first] < positions[second]
