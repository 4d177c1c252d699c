"""`rathaus service import`: from a FIM file to the folder of a service package."""

from __future__ import annotations

import re
from pathlib import Path

from rathaus.drafting import CodeListStore, DraftedPackage, DraftError, draft_from_document
from rathaus.drafting.service import OFFICE
from rathaus.standards.xdatenfelder.reader import XdfError

_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")


class ImportRefusedError(ValueError):
    """Nothing was written; the message says why and what to do."""


def import_service(
    file: Path, into: Path, *, code_lists: Path | None = None, key: str = "", office: str = ""
) -> DraftedPackage:
    """Write the drafted package of an XDatenfelder file into a new or empty folder. Raises `ImportRefusedError`."""
    from django.utils import timezone

    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise ImportRefusedError(f"{into} is not an empty folder. Name a folder that does not exist yet.")
    if code_lists is not None and not code_lists.is_dir():
        raise ImportRefusedError(
            f"{code_lists} is no folder. Name the folder that holds the genericode files."
        )
    if key and not _KEY.fullmatch(key):
        raise ImportRefusedError(f"{key!r} is no key. Use lower case letters, digits and hyphens.")
    try:
        source = file.read_bytes()
    except OSError as error:
        raise ImportRefusedError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        draft = draft_from_document(
            source,
            today=timezone.localdate(),
            key=key,
            code_lists=CodeListStore.in_folder(code_lists) if code_lists else None,
            office=office or OFFICE,
        )
    except (XdfError, DraftError) as error:
        raise ImportRefusedError(f"{file}: {error}") from None
    for name, content in draft.files.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return draft
