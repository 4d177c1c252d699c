"""What a rule does, in the terms of the form engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EffectKind = Literal["require", "forbid", "show", "valid"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does: `require`, `forbid` or `show` the target when the condition is true, or demand it (`valid`).

    `target` is a template path (of the bearer, for `valid`), `condition` CEL as form.toml has it – read in the scope
    of the target; for `valid` in that of `fields`, the elements it speaks about. `message` is German.
    """

    kind: EffectKind
    target: str
    condition: str
    message: str
    fields: tuple[str, ...] = ()
