"""What an edit is: one change to a package that a designer can make, name, repeat on a newer state, and store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from rathaus.editing.words import EditError, Words, gettext_noop

# Metadata of a field that is too large to be stored with its edit.
NOT_STORED = "not stored"
Files = Mapping[str, bytes]  # path inside the package with forward slashes → content

E = TypeVar("E", bound="Edit")
_KINDS: dict[str, type[Edit]] = {}


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. Values only: it can be stored as JSON and applied to any state of the package it makes sense in."""

    def apply(self, files: Files) -> Files:
        """The changed package; files the edit does not name stay the same bytes. Raises `EditError`."""
        raise NotImplementedError

    def places(self) -> frozenset[str]:
        """What the edit touches, for example `page:person/title`.

        Two edits meet if a place of one is, or lies below, a place of the other (`meet`).
        """
        raise NotImplementedError

    def words(self) -> Words:
        """What the edit does, as a sentence."""
        raise NotImplementedError

    def summary(self) -> str:
        """The sentence in German."""
        return str(self.words())


def stored(kind: type[E]) -> type[E]:
    """Register an edit under its class name, so that `edit_from_json` finds it."""
    _KINDS[kind.__name__] = kind
    return kind


def to_json(edit: Edit) -> dict[str, Any]:
    """The edit as JSON values; what is at its default is left out."""
    values = {
        field.name: (getattr(edit, field.name), field.default)
        for field in fields(edit)
        if not field.metadata.get(NOT_STORED)
    }
    return {
        "edit": type(edit).__name__,
        **{
            name: _plain(value)
            for name, (value, default) in values.items()
            if default is MISSING or value != default
        },
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def edit_from_json(data: Mapping[str, Any]) -> Edit:
    """The edit that `to_json` wrote; raises `EditError` for anything else."""
    name = str(data.get("edit"))
    kind = _KINDS.get(name)
    if kind is None:
        raise EditError(gettext_noop("Diese Änderung ist nicht bekannt: %(edit)s."), edit=name)
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    del given["edit"]
    try:
        return kind(**given)
    except TypeError:
        raise EditError(gettext_noop("Diese Änderung ist unvollständig: %(edit)s."), edit=name) from None


def meet(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The places of `one` that are, hold, or lie in a place of `other`."""
    return frozenset(place for place in one if any(_touch(place, there) for there in other))


def _touch(one: str, other: str) -> bool:
    if one.startswith("file:") != other.startswith("file:"):
        return file_of(one) == file_of(other)
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def file_of(place: str) -> str:
    """The file a place lies in."""
    kind, _, rest = place.partition(":")
    if kind == "file":
        return rest
    if kind in ("step", "way", "lane", "drawing"):
        return "process.bpmn"
    if kind == "decision":
        return f"decisions/{rest.partition('/')[0]}.dmn"
    if kind == "rule":  # its key has an @ of its own
        return "rules.toml"
    name, _, language = rest.partition("@")
    if kind == "service":
        return f"texts/{language or 'de'}.md" if name == "text" else "service.toml"
    return f"texts/form.{language}.toml" if language else "form.toml"


def with_file(files: Files, name: str, content: bytes | None) -> Files:
    """The package with one file written, or without it."""
    changed = {other: kept for other, kept in files.items() if other != name}
    if content is not None:
        changed[name] = content
    return dict(sorted(changed.items()))
