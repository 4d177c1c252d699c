"""Which town the running code works for.

A request, a job and a command always run for exactly one town. Everything that reads or writes rows asks here;
without an active town the question is a programming error, not an empty result.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rathaus.towns.town import Town

_active: ContextVar[Town | None] = ContextVar("active_town", default=None)


class NoTownActiveError(RuntimeError):
    """Rows were asked for without saying for which town."""

    def __init__(self) -> None:
        super().__init__("No town is active: wrap the code in `with acting_for(town):`")


def current_town() -> Town:
    """The town the running code works for; raises `NoTownActiveError` if none was chosen."""
    town = _active.get()
    if town is None:
        raise NoTownActiveError
    return town


def current_town_or_none() -> Town | None:
    """Like `current_town`, for the few places that also run before a town is known (logging, error pages)."""
    return _active.get()


@contextmanager
def acting_for(town: Town) -> Iterator[Town]:
    """Run the block for `town`; blocks may be nested, the previous town comes back afterwards."""
    token = _active.set(town)
    try:
        yield town
    finally:
        _active.reset(token)
