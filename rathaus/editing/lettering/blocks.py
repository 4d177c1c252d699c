"""The blocks of a letter: what stands between blank lines, with the texts that people may reword."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rathaus.editing.lettering import scanning

BlockKind = Literal[
    "setup",
    "greeting",
    "paragraph",
    "heading",
    "subheading",
    "note",
    "answers",
    "payment",
    "signature",
    "remedy",
    "conditional",
    "part",
]
"""`setup` shows nothing (imports, definitions); `part` is whatever only Typst can say."""

LANGUAGES: Mapping[str, str] = {"de": "de", "en": "en", "simple": "de-simple"}
"""What `by-language` calls the languages, and what packages call them."""

_COMMENTS = re.compile(r"(?://[^\n]*\n?|/\*.*?\*/|\s)*", re.DOTALL)
_BY_LANGUAGE = "by-language"
_ARGUMENT = re.compile(r"[\s,]*(?P<name>[a-z]+):\s*(?=\[)")
_CALLS: tuple[tuple[str, BlockKind], ...] = (
    ("#greeting(", "greeting"),
    ("#signature(", "signature"),
    ("#remedy(", "remedy"),
    ("#payment(", "payment"),
    ("#entries(", "answers"),
    ("#hint(", "note"),
    ("#if ", "conditional"),
)
_SETUP = ("#import", "#show", "#set", "#let")


@dataclass(frozen=True, slots=True)
class Slot:
    """A text in several languages: where each stands in its block (behind `[`, before `]`)."""

    places: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a letter as it stands there."""

    kind: BlockKind
    source: str
    slots: tuple[Slot, ...] = ()

    def text(self, slot: int, language: str) -> str:
        """The Typst text of a slot in a language (`de`, `en`, `simple`), empty if it has none."""
        place = self.slots[slot].places.get(language)
        return self.source[slice(*place)] if place else ""

    def with_texts(self, texts: Mapping[tuple[int, str], str]) -> Block:
        """The block with other Typst texts, by slot and language; a language that was not there is added."""
        source = self.source
        changes: list[tuple[int, int, str]] = []
        for (number, language), text in texts.items():
            places = self.slots[number].places
            if language in places:
                changes.append((*places[language], text))
            elif text:
                end = max(stop for _start, stop in places.values()) + 1
                changes.append((end, end, f", {language}: [{text}]"))
        for start, stop, text in sorted(changes, reverse=True):
            source = source[:start] + text + source[stop:]
        return _block(source)


@dataclass(frozen=True, slots=True)
class Letter:
    """A template as blocks and the gaps before, between and behind them. `source` is what it was read from."""

    blocks: tuple[Block, ...]
    gaps: tuple[str, ...]

    @property
    def source(self) -> str:
        """The template."""
        pieces = [self.gaps[0]]
        for block, gap in zip(self.blocks, self.gaps[1:], strict=True):
            pieces += (block.source, gap)
        return "".join(pieces)

    def with_block(self, number: int, block: Block) -> Letter:
        """The letter with another block in place of one."""
        return replace(self, blocks=(*self.blocks[:number], block, *self.blocks[number + 1 :]))

    def without(self, number: int) -> Letter:
        """The letter without a block."""
        return Letter(
            (*self.blocks[:number], *self.blocks[number + 1 :]),
            (*self.gaps[:number], *self.gaps[number + 1 :]) if number else self.gaps[:1] + self.gaps[2:],
        )

    def with_new(self, after: int, block: Block) -> Letter:
        """The letter with a block behind another one."""
        place = after + 1
        gaps = list(self.gaps)
        gaps.insert(place, "\n\n")
        if place == len(self.blocks):  # the last one ends the file as it was ended before
            gaps[place], gaps[place + 1] = "\n\n", self.gaps[-1]
        return Letter((*self.blocks[:place], block, *self.blocks[place:]), tuple(gaps))

    def moved(self, number: int, steps: int) -> Letter:
        """The letter with a block before the shown one above (-1) or behind the one below (1); at an end, the same."""
        other = number + steps
        while 0 <= other < len(self.blocks) and self.blocks[other].kind == "setup":
            other += steps
        if not 0 <= other < len(self.blocks):
            return self
        blocks = list(self.blocks)
        blocks.insert(other, blocks.pop(number))
        return replace(self, blocks=tuple(blocks))


def read_letter(source: str) -> Letter:
    """The blocks of a template. Any text can be read: `read_letter(text).source == text`."""
    blocks, gaps, start, place = [], [""], 0, 0
    for start, stop in _pieces(source):
        gaps[-1] += source[place:start]
        blocks.append(_block(source[start:stop]))
        gaps.append("")
        place = stop
    gaps[-1] += source[place:]
    return Letter(tuple(blocks), tuple(gaps))


def new_block(kind: BlockKind, texts: Mapping[str, str]) -> Block:
    """A block of a kind with Typst texts by language (`de`, `en`, `simple`); kinds without texts ignore them."""
    arguments = ", ".join(
        f"{language}: [{texts.get(language, '')}]" for language in LANGUAGES if texts.get(language)
    )
    said = f"by-language({arguments})"
    source = {
        "paragraph": f"#{said}",
        "heading": f"== #{said}",
        "subheading": f"=== #{said}",
        "note": f"#hint({said})",
        "answers": "#entries(data.review)",
        "payment": "#payment()",
        "greeting": "#greeting()",
        "signature": "#signature()",
        "remedy": "#remedy()",
    }[kind]
    return _block(source)


def _pieces(source: str) -> Iterator[tuple[int, int]]:
    """Where the blocks begin and end: what blank lines part, outside of every bracket."""
    start, place = -1, 0
    while place < len(source):
        if source[place].isspace():
            blank = place
            while place < len(source) and source[place].isspace():
                place += 1
            if start >= 0 and (source.count("\n", blank, place) > 1 or place == len(source)):
                yield start, blank
                start = -1
            continue
        start = place if start < 0 else start
        place = scanning.after_markup(source, place)
    if start >= 0:
        yield start, place


def _block(source: str) -> Block:
    return Block(_kind(source[_shown_from(source) :]), source, tuple(_slots(source)))


def _shown_from(source: str) -> int:
    """Where a block begins to show something: behind comments and definitions."""
    place = 0
    while True:
        start = _COMMENTS.match(source, place).end()  # type: ignore[union-attr]  # matches anywhere
        if not source.startswith(_SETUP, start):
            return start
        place = scanning.after_expression(source, start)


def _kind(shown: str) -> BlockKind:
    if not shown:
        return "setup"
    if heading := re.match(r"=+ ", shown):
        return "heading" if len(heading[0]) <= 3 else "subheading"
    for call, kind in _CALLS:
        if shown.startswith(call):
            return kind
    return "paragraph" if shown.startswith("#by-language(") else "part"


def _slots(source: str) -> Iterator[Slot]:
    """The texts of every `by-language(…)` whose languages are contents, outermost first and in their order."""
    place = 0
    while (found := source.find(f"{_BY_LANGUAGE}(", place)) >= 0:
        start = found + len(_BY_LANGUAGE)
        end = scanning.after_bracket(source, start)
        places = dict(_arguments(source, start + 1, end))
        if places:
            yield Slot(places)
        place = end


def _arguments(source: str, place: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    while argument := _ARGUMENT.match(source, place, end):
        start = argument.end()
        place = scanning.after_bracket(source, start)
        if argument["name"] in LANGUAGES and source[place - 1 : place] == "]":
            yield argument["name"], (start + 1, place - 1)
