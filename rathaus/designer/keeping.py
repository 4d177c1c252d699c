"""What takes a moment to find out and stays the same for the same content: found once in a process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The values asked for last, by their keys; the one asked for longest ago is forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """The value of the key, found if it is not known. Two threads may find the same at the same time."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = find()
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return found
