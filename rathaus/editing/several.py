"""Several edits as one: what somebody changes in one form is one change, with one reason, undone together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rathaus.editing.edit import Edit, Files, edit_from_json, stored, to_json
from rathaus.editing.words import Words


@stored
@dataclass(frozen=True, slots=True)
class Several(Edit):
    """Edits made one after the other, as `to_json` stores them. Either all of them are made or none."""

    edits: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, *edits: Edit) -> Several:
        """These edits as one. Edits whose contents are not stored with them (`ChangeFiles`) have to stay alone."""
        return cls(tuple(to_json(edit) for edit in edits))

    def parts(self) -> list[Edit]:
        """The single edits; raises `EditError` if one is unknown."""
        return [edit_from_json(edit) for edit in self.edits]

    def apply(self, files: Files) -> Files:
        for edit in self.parts():
            files = edit.apply(files)
        return files

    def places(self) -> frozenset[str]:
        return frozenset().union(*(edit.places() for edit in self.parts()))

    def words(self) -> Words:
        words = {f"part{number}": edit.words() for number, edit in enumerate(self.parts())}
        return Words("; ".join(f"%({name})s" for name in words), words)
