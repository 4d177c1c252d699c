"""What a new release takes from a service, or leaves to people: said, so that nothing goes unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

from rathaus.editing import Words


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that does not go on as it was. `text` is what stood there, in the words of the package."""

    words: Words
    text: str = ""
