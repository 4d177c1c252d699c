"""The real schemata, read in place from beside the project."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from rathaus.drafting import DraftedPackage, draft_from_document
from rathaus.editing import confirm_understood
from tests.standards.shared_data import SHARED_DATA

DATA = SHARED_DATA / "xdatenfelder"
TODAY = date(2026, 11, 23)
VERSION_2 = sorted((DATA / "2.0").glob("*.xml"))
VERSION_3 = sorted((DATA / "3.0.0").glob("*.xml"))


@cache
def drafted(path: Path) -> DraftedPackage:
    """The draft of a schema without any code list; made once per test process."""
    return draft_from_document(path.read_bytes(), today=TODAY)


@cache
def imported(path: Path) -> DraftedPackage:
    """The draft as the import leaves it: with the rules that are understood."""
    draft = drafted(path)
    return draft.decided(confirm_understood(draft.files).files)
