"""Merging TOML files by their tables: pages and checks by id, fields by path, everything else by its header."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from rathaus.editing.blocks import Block, Blocks
from rathaus.editing.translations import STATE_FILE
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.merging.conflict import ORDER, Choices, OrderError, merged_order
from rathaus.merging.questions import PagesError, merged_questions
from rathaus.merging.words import file_words, place_words

_MISSING = object()
_FORM = "form.toml"
Units = dict[str, Block]


def merge_tables(file: str, base: bytes, ours: bytes, theirs: bytes, choices: Choices) -> bytes | None:
    """The merged file; None if its tables have no names to be told apart by."""
    try:
        read = [Blocks.read(content, file) for content in (base, ours, theirs)]
    except EditError:
        return None
    units = [_units(blocks) for blocks in read]
    if any(found is None for found in units):
        return None
    was, mine, other = (found or {} for found in units)
    mark = len(choices.open)
    merged = _merged_units(file, was, mine, other, choices)
    try:
        order = merged_order(list(was), list(mine), list(other))
        if file == _FORM:
            merged_questions(was, mine, other, merged, choices)
    except (OrderError, PagesError):
        # Two arrangements that do not go together: one side's pages as a whole.
        del choices.open[mark:]
        return _one_side(file, base, ours, theirs, choices)
    top = deepcopy(read[1].top)
    _merge_values(file, "", read[0].top, top, read[2].top, choices)
    result = Blocks(top, [merged[name] for name in order if name in merged]).write()
    tomllib.loads(result.decode())
    return result


def _one_side(file: str, base: bytes, ours: bytes, theirs: bytes, choices: Choices) -> bytes:
    words = Words(gettext_noop("%(thing)s: Reihenfolge und Aufteilung"), {"thing": file_words(file)})
    side = choices.choose(f"{file}:{ORDER}", words, *(content.decode() for content in (base, ours, theirs)))
    return ours if side == "ours" else theirs


def _units(blocks: Blocks) -> Units | None:
    """Every table under its name; None if two have the same or a table lies inside an entry."""
    units: Units = {}
    entries = {block.name[0] for block in blocks.blocks if block.is_entry}
    for block in blocks.blocks:
        name = ":".join(block.name)
        if block.is_entry:
            own = next((block.values[key] for key in ("id", "key") if key in block.values), None)
            if own is None or len(block.name) > 1:
                return None
            name += f":{own}"
        elif block.name[0] in entries:
            return None
        if name in units:
            return None
        units[name] = block
    return units


def _merged_units(file: str, was: Units, mine: Units, other: Units, choices: Choices) -> Units:
    merged: Units = {}
    for name in dict.fromkeys([*mine, *other]):
        base, ours, theirs = was.get(name), mine.get(name), other.get(name)
        if ours and theirs:
            merged[name] = deepcopy(ours)
            if base and base.text == ours.text:
                merged[name] = deepcopy(theirs)
            elif ours.text != theirs.text:
                _merge_values(file, name, base, merged[name], theirs, choices)
            continue
        kept = ours or theirs
        if kept is None:
            continue
        if base and dict(base.values) != dict(kept.values):
            # One side took it out, the other changed it.
            texts = [block.text.strip() if block else "" for block in (base, ours, theirs)]
            side = choices.choose(f"{file}:{name}", place_words(file, name, ()), *texts)
            kept = ours if side == "ours" else theirs
        elif base:
            kept = None
        if kept:
            merged[name] = deepcopy(kept)
    return merged


def _merge_values(
    file: str, name: str, base: Block | None, ours: Block, theirs: Block, choices: Choices
) -> None:
    """Write into `ours` what only the other side changed."""
    for keys, value in _theirs(
        base.values if base else {}, ours.values, theirs.values, (), file, name, choices
    ):
        ours.set_at(keys, None if value is _MISSING else value)
    if base and ours.above == base.above:
        ours.above = theirs.above


def _theirs(
    base: Any,
    ours: Any,
    theirs: Any,
    path: tuple[str, ...],
    file: str,
    name: str,
    choices: Choices,
) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key in dict.fromkeys([*ours, *theirs, *base]):
        was, mine, other = (side.get(key, _MISSING) for side in (base, ours, theirs))
        if mine == other or was == other or (file == _FORM and _is_page(name) and key == "fields"):
            continue
        here = (*path, key)
        if isinstance(mine, Mapping) and isinstance(other, Mapping):
            inner = was if isinstance(was, Mapping) else {}
            found += _theirs(inner, mine, other, here, file, name, choices)
        elif file == STATE_FILE and was != mine:
            # Which German text was translated. If both noted another, the oldest counts: it is looked at again.
            known = [value for value in (was, mine, other) if isinstance(value, str)]
            found.append(
                (here, _MISSING if _MISSING in (mine, other) else min(known[:1] if was in known else known))
            )
        elif was == mine or _chosen(here, was, mine, other, file, name, choices):
            found.append((here, other))
    return found


def _chosen(
    path: tuple[str, ...], was: Any, mine: Any, other: Any, file: str, name: str, choices: Choices
) -> bool:
    place = f"{file}:{name}/{'.'.join(path)}"
    texts = [_spoken(value) for value in (was, mine, other)]
    return choices.choose(place, place_words(file, name, path), *texts) == "theirs"


def _is_page(name: str) -> bool:
    return name.startswith("page:")


def _spoken(value: Any) -> str:
    if value is _MISSING:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
