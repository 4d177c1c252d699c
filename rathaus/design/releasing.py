"""A newer release of the FIM schema a design was drafted from: brought by a designer, looked at, then taken in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from rathaus.catalogue.packing import pack, unpack
from rathaus.design.changing import files_of
from rathaus.design.models import Design, Release
from rathaus.editing import Files
from rathaus.merging.conflict import Side
from rathaus.people.models import User
from rathaus.updating import Update, update

_DOCUMENT = "schema.xml"
_LISTS = "codelists/"


def bring_release(
    design: Design,
    document: bytes,
    *,
    name: str,
    by: User,
    code_lists: Mapping[str, bytes] | None = None,
    other_schema: bool = False,
) -> tuple[Release, Update]:
    """Keep a document for the design until somebody takes it in or discards it; and what it would change.

    Raises what `updating.update` raises; nothing is kept then.
    """
    lists = dict(code_lists or {})
    found = update(
        files_of(design), document, today=timezone.localdate(), code_lists=lists, other_schema=other_schema
    )
    packed = pack({_DOCUMENT: document, **{f"{_LISTS}{file}": content for file, content in lists.items()}})
    row, _created = Release.objects.update_or_create(
        design=design,
        defaults={
            "name": name[:300],
            "files": packed,
            "other_schema": other_schema,
            "by": by,
            "at": timezone.now(),
        },
    )
    return row, found


def release_of(design: Design) -> Release | None:
    """The document that waits to be taken in."""
    found: Release | None = Release.objects.filter(design=design).select_related("by").first()
    return found


def update_with(release: Release, files: Files, *, today: date, choices: Mapping[str, Side]) -> Update:
    """The package with the release, and what it changes. Raises what `updating.update` raises."""
    brought = unpack(bytes(release.files))
    lists = {name.removeprefix(_LISTS): part for name, part in brought.items() if name.startswith(_LISTS)}
    return update(
        files,
        brought[_DOCUMENT],
        today=today,
        code_lists=lists,
        choices=choices,
        other_schema=release.other_schema,
    )


def discard_release(design: Design) -> None:
    """Forget the document that waits."""
    Release.objects.filter(design=design).delete()
