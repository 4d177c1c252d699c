"""What speaks against publishing a design, found once per content."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from django.utils import timezone

from rathaus.catalogue.package import Problem
from rathaus.design.service import problems_in
from rathaus.designer.finding import as_read
from rathaus.designer.opened import Opened
from rathaus.towns.context import current_town

# A check runs all examples and typesets all letters: it takes a moment, and says the same until something changes.
_KEPT = 64
_known: OrderedDict[tuple[object, ...], tuple[Problem, ...]] = OrderedDict()
_lock = threading.Lock()


def problems_of(opened: Opened) -> Sequence[Problem]:
    """Everything the check finds in the design as it is, warnings included, in the language of the page."""
    return tuple(map(as_read, _found_in(opened)))


def _found_in(opened: Opened) -> Sequence[Problem]:
    # Offices and settings of the town count as well, so what was found is old after a few minutes.
    now = timezone.now()
    key = (current_town().pk, opened.revision.content_hash, now.date(), now.hour, now.minute // 5)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = tuple(problems_in(opened.files)[1])
    with _lock:
        _known[key] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found
