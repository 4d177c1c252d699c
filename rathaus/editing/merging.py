"""Merging two people's versions of a text: what only one of them changed is taken from them, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Lines that both changed differently: as they were, as one has them, as the other has them."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; where both changed the same lines it has `ours`, and `overlaps` has both."""

    text: str
    overlaps: tuple[Overlap, ...]


def merge(base: str, ours: str, theirs: str) -> Merged:
    """Bring the changes base → ours and base → theirs together."""
    if ours == theirs or base == theirs:
        return Merged(ours, ())
    if base == ours:
        return Merged(theirs, ())
    lines = base.splitlines(keepends=True), ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    parts: list[str] = []
    overlaps: list[Overlap] = []
    for was, mine, other in _regions(*lines):
        if mine == other or was == other:
            parts.append(mine)
        elif was == mine:
            parts.append(other)
        else:
            parts.append(mine)
            overlaps.append(Overlap(was, mine, other))
    return Merged("".join(parts), tuple(overlaps))


def _regions(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[str, str, str]]:
    """Cut the three texts at lines that are the same in all of them."""
    mine, other = _same_lines(base, ours), _same_lines(base, theirs)
    start = start_ours = start_theirs = 0
    for line in range(len(base)):
        if line in mine and line in other:
            yield (
                _cut(base, start, line),
                _cut(ours, start_ours, mine[line]),
                _cut(theirs, start_theirs, other[line]),
            )
            yield base[line], base[line], base[line]
            start, start_ours, start_theirs = line + 1, mine[line] + 1, other[line] + 1
    yield "".join(base[start:]), "".join(ours[start_ours:]), "".join(theirs[start_theirs:])


def _cut(lines: Lines, start: int, end: int) -> str:
    return "".join(lines[start:end])


def _same_lines(one: Lines, other: Lines) -> dict[int, int]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return {
        block.a + offset: block.b + offset
        for block in matcher.get_matching_blocks()
        for offset in range(block.size)
    }
