"""Names of answers: keys made from schema names, and the paths that address one answer.

A path is a tuple of keys and indexes. It is written in three ways:

    notation        inhaber[0].anschrift.plz      messages, form.toml (there without indexes: the template path)
    HTML name       inhaber.0.anschrift.plz       names of form controls, page keys
    JSON pointer    /inhaber/0/anschrift/plz      RFC 6901, errors of the API
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from rathaus.rules.functions import folded
from rathaus.rules.values import RESERVED_WORDS

Path = tuple[str | int, ...]
Template = tuple[str, ...]
Answers = dict[str, Any]
"""Nested answers of one application: keys as in the schema tree, canonical values, unanswered = absent."""

CONTEXT_NAMES = frozenset({"answers", "self", "today", "town"})
"""Variables every rule can read beside the answers; no answer may take their name."""

CONTROL_NAMES = frozenset({"add", "remove", "gefragt", "csrfmiddlewaretoken"})
"""Names of the portal's own controls on pages of a form; no answer may take them either."""

# Eight groups deep, the name of a control still fits the header of a multipart form (1,024 bytes in Django).
_LONGEST_KEY = 120
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_TAKEN = RESERVED_WORDS | CONTEXT_NAMES | CONTROL_NAMES
_STEP = re.compile(r"([a-z_][a-z0-9_]*)((?:\[\d{1,6}\])*)")


def key_from_name(name: str) -> str:
    """The key of a schema element, from its name: lower case ASCII, umlauts written out, `_` for all else.

    >>> key_from_name("Straße und Hausnummer (Inland)")
    'strasse_und_hausnummer_inland'

    A leading digit gets a `_` before it, and a word that rules or the portal keep for
    themselves (`in`, `today`, `add`) one behind it; nobody needs more than the first 120 characters.
    """
    key = _NOT_KEY.sub("_", folded(name)).strip("_")[:_LONGEST_KEY].rstrip("_") or "feld"
    if key[0].isdigit():
        key = f"_{key}"
    return f"{key}_" if key in _TAKEN else key


def sibling_keys(names: Iterable[str]) -> list[str]:
    """Keys of siblings in schema order; the second of the same name ends in `_2`, the third in `_3`."""
    taken: set[str] = set()
    keys = []
    for name in names:
        base = key = key_from_name(name)
        count = 1
        while key in taken:
            count += 1
            key = f"{base}_{count}"
        taken.add(key)
        keys.append(key)
    return keys


def parse_path(text: str) -> Path:
    """`inhaber[0].plz` as a path. Raises `ValueError` for anything else."""
    path: list[str | int] = []
    for part in text.split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            raise ValueError(f"{text!r} is not a path like inhaber[0].anschrift.plz")
        path.append(step[1])
        path.extend(int(index) for index in step[2][1:-1].split("][") if index)
    return tuple(path)


def format_path(path: Path) -> str:
    """The path in notation: `inhaber[0].plz`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def template_of(path: Path) -> Template:
    """The path without its indexes."""
    return tuple(step for step in path if isinstance(step, str))


def html_name(path: Path) -> str:
    """The path as the name of a form control: `inhaber.0.plz`."""
    return ".".join(map(str, path))


def path_from_html_name(name: str) -> Path:
    """The path of a form control's name. Any text is accepted; it may lead nowhere."""
    return tuple(int(step) if step.isdecimal() and len(step) <= 6 else step for step in name.split("."))


def json_pointer(path: Path) -> str:
    """The path as JSON pointer (RFC 6901) relative to the answers: `/inhaber/0/plz`."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def get(answers: Any, path: Path) -> Any:
    """The value at a path, or None where there is none."""
    value = answers
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def put(answers: Answers, path: Path, value: Any) -> None:
    """Set the value at a path in place, making groups and lists on the way; a list grows by its next entry only.

    Raises `LookupError` for an index further away, `TypeError` where the way leads through a single value.
    """
    holder: Any = answers
    for step, following in pairwise(path):
        inner = _child(holder, step)
        if inner is None:
            inner = [] if isinstance(following, int) else {}
            _set(holder, step, inner)
        holder = inner
    _set(holder, path[-1], value)


def _child(holder: Any, step: str | int) -> Any:
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int):
        return holder[step] if step < len(holder) else None
    raise TypeError(f"{step!r} leads through a single value")


def _set(holder: Any, step: str | int, value: Any) -> None:
    if isinstance(holder, dict) and isinstance(step, str):
        holder[step] = value
    elif isinstance(holder, list) and isinstance(step, int):
        if step == len(holder):
            holder.append(value)
        else:
            holder[step] = value
    else:
        raise TypeError(f"{step!r} leads through a single value")


def delete(answers: Answers, path: Path) -> None:
    """Remove the value at a path in place, and what becomes empty by it; entries of lists stay, as empty groups."""
    _remove(answers, path)


def _remove(holder: Any, path: Path) -> None:
    step, rest = path[0], path[1:]
    inner = get(holder, (step,))
    if inner is None:
        return
    if rest:
        _remove(inner, rest)
    if not rest or (not inner and isinstance(step, str)):
        del holder[step]


def quotable(text: str) -> str:
    """A foreign text as it may stand in a message: at most 100 characters, and none that cannot be encoded."""
    return text[:100].encode("utf-8", "replace").decode()


def copied(answers: Any) -> Any:
    """A copy that shares no group and no list (three times faster than `copy.deepcopy`)."""
    if isinstance(answers, dict):
        return {
            key: copied(value) if isinstance(value, (dict, list)) else value for key, value in answers.items()
        }
    if isinstance(answers, list):
        return [copied(value) if isinstance(value, (dict, list)) else value for value in answers]
    return answers


def walk(answers: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every single value with its path, in document order. Empty groups and lists have none."""
    if isinstance(answers, Mapping):
        for key, value in answers.items():
            yield from walk(value, (*path, key))
    elif isinstance(answers, list):
        for index, value in enumerate(answers):
            yield from walk(value, (*path, index))
    else:
        yield path, answers


def differences(old: Any, new: Any, address: str = "") -> set[str]:
    """The template paths at which two states of answers differ; a group or list that only one of them has is one."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = set()
        for key in old.keys() | new.keys():
            here = f"{address}.{key}" if address else key
            found |= differences(old.get(key), new.get(key), here)
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return set().union(*(differences(*pair, address) for pair in zip(old, new, strict=True)))
    return set() if old == new and type(old) is type(new) else {address}
