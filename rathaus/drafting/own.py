"""Elements of a schema that a town models itself: their ids lie in the number circle of this project.

FIM gives number circles to its editors by two digits of a Land or body and three of their own (`S05000001299`:
05 is Nordrhein-Westfalen). 99 is no Land; what is made here is numbered below 99001 and never taken for FIM's.
Source: XDatenfelder 3.0.0, `identifikation` (one letter and eleven digits).
"""

from __future__ import annotations

import hashlib
from collections.abc import Container

CIRCLE = "99001"


def own_id(letter: str, name: str, known: Container[str] = ()) -> str:
    """An id for something of one's own, the same for the same name; the next free one if that is taken."""
    number = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 1_000_000
    while (found := f"{letter}{CIRCLE}{number:06}") in known:
        number = (number + 1) % 1_000_000
    return found


def is_own(element_id: str) -> bool:
    """Whether an element was modelled here."""
    return element_id[1:].startswith(CIRCLE)
