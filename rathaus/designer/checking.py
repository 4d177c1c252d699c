"""What speaks against publishing a design, and what FIM's quality rules say of its schema: found once per content."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from django.utils import timezone

from rathaus.catalogue.package import Problem
from rathaus.design.service import problems_in
from rathaus.designer.finding import as_read
from rathaus.designer.opened import Opened
from rathaus.forms.tree import SCHEMA_FILE
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.quality import QualityFinding
from rathaus.standards.xdatenfelder.reader import XdfError
from rathaus.towns.context import current_town

_KEPT = 64
T = TypeVar("T")


class _Known(Generic[T]):
    """What was found about the contents looked at last."""

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = find()
        with self._lock:
            self._found[key] = found
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return found


# A check runs all examples and typesets all letters: it takes a moment, and says the same until something changes.
_problems: _Known[tuple[Problem, ...]] = _Known()
_quality: _Known[tuple[QualityFinding, ...]] = _Known()


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
