"""What speaks against publishing a design, and what FIM's quality rules say of its schema: found once per content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.utils import timezone

from rathaus.catalogue.package import Problem
from rathaus.design.service import problems_in
from rathaus.designer.finding import as_read
from rathaus.designer.keeping import Kept
from rathaus.designer.opened import Opened
from rathaus.forms.tree import SCHEMA_FILE
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.quality import QualityFinding
from rathaus.standards.xdatenfelder.reader import XdfError
from rathaus.towns.context import current_town

_KEPT = 64


# A check runs all examples and typesets all letters: it takes a moment, and says the same until something changes.
_problems: Kept[tuple[Problem, ...]] = Kept(_KEPT)
_quality: Kept[tuple[QualityFinding, ...]] = Kept(_KEPT)


def problems_of(opened: Opened) -> Sequence[Problem]:
    """Everything the check finds in the design as it is, warnings included, in the language of the page."""
    return tuple(map(as_read, checked(opened)))


def checked(opened: Opened) -> Sequence[Problem]:
    """Everything the check finds, as it says it itself: in English, with places of the files."""
    # Offices and settings of the town count as well, so what was found is old after a few minutes.
    now = timezone.now()
    key = (current_town().pk, opened.revision.content_hash, now.date(), now.hour, now.minute // 5)
    return _problems.get(key, lambda: tuple(problems_in(opened.files)[1]))


def quality_of(opened: Opened) -> Sequence[QualityFinding]:
    """Which of FIM's quality rules the schema breaks as it is; none if it cannot be read, which the check says."""
    schema = opened.files.get(SCHEMA_FILE, b"")
    return _quality.get(hashlib.sha256(schema).digest(), lambda: _quality_in(schema))


def _quality_in(schema: bytes) -> tuple[QualityFinding, ...]:
    try:
        return read_document(schema).quality
    except XdfError:
        return ()
