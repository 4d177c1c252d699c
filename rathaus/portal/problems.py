"""Problems with what somebody typed, as error summary and fields show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypedProblem:
    """One problem of one field of a small form: `target` is the id of the field, `message` says how to mend it."""

    target: str
    message: str
