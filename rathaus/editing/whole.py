"""Edits of whole files at once: taking a change back, a new release of the fields, another town's update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rathaus.editing.edit import NOT_STORED, Edit, Files, stored, with_file
from rathaus.editing.merging import merge
from rathaus.editing.translations import STATE_FILE, merged_state
from rathaus.editing.words import EditError, Words, gettext_noop


@stored
@dataclass(frozen=True, slots=True)
class ChangeFiles(Edit):
    """Several files changed together, from one state to another.

    On a newer state the change is merged line by line; if the same lines were changed meanwhile, `EditError` – or,
    with `over`, this edit's lines win. The contents are not stored with the edit: the revisions beside it hold them.
    """

    text: str  # what is done: the key of a translated sentence
    files: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    touches: tuple[str, ...] = ()  # places; empty: the files as a whole
    over: bool = False
    # file → (before, after); None: the file is not there
    contents: Mapping[str, tuple[bytes | None, bytes | None]] = field(
        default_factory=dict, metadata={NOT_STORED: True}, hash=False, repr=False
    )

    @classmethod
    def between(
        cls,
        before: Files,
        after: Files,
        words: Words,
        *,
        touches: frozenset[str] = frozenset(),
        over: bool = False,
    ) -> ChangeFiles:
        """The edit that leads from one state of a package to another."""
        names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        return cls(
            text=words.text,
            files=tuple(names),
            values={key: str(value) for key, value in words.values.items()},
            touches=tuple(sorted(touches)),
            over=over,
            contents={name: (before.get(name), after.get(name)) for name in names},
        )

    def apply(self, files: Files) -> Files:
        if set(self.contents) != set(self.files):
            raise EditError(gettext_noop("Diese Änderung ist unvollständig: %(edit)s."), edit=self.summary())
        for name, (before, after) in self.contents.items():
            files = with_file(files, name, self._merged(name, before, files.get(name), after))
        return files

    def _merged(
        self, name: str, before: bytes | None, now: bytes | None, after: bytes | None
    ) -> bytes | None:
        if now in (before, after):
            return after
        if name == STATE_FILE:
            return merged_state(before, now, after)
        if self.over and (now is None or after is None):
            return after
        if before is not None and now is not None and after is not None:
            merged = merge(*(_text(content) for content in (before, after, now)))
            if self.over or not merged.overlaps:
                return merged.text.encode("utf-8", "surrogateescape")
        raise EditError(
            gettext_noop("„%(file)s“ wurde inzwischen an derselben Stelle geändert."),
            file=name,
        )

    def places(self) -> frozenset[str]:
        return frozenset(self.touches or (f"file:{name}" for name in self.files))

    def words(self) -> Words:
        return Words(self.text, self.values)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
