"""What the effects of a decided rule are in form.toml.

| effect | in form.toml | joined with what stands there |
|---|---|---|
| `require` | `require` of the field or group | as an alternative (`||`): each rule is a reason of its own |
| `show` | `show` | as an alternative: rules that show the same are different ways to it |
| `forbid` | `show`, where it is not forbidden | as a limit (`&& !(…)`): what one rule forbids, no other one shows |
| `forbid` where something else is filled in | a check | – |
| `valid` | a check | – |

A forbidden question is not asked: nobody has to leave a field empty that is in front of them. But where one answer
excludes another that is there already ("if A is filled in, B must not be"), hiding would throw away what somebody
typed, so they are told instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rathaus.drafting.joining import unwrapped
from rathaus.drafting.rulebook import RuleEffect, RuleWriting
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree

_NO_NAME = re.compile(r"[^a-z0-9_]+")
# `has(x)`, unless it only guards a comparison (`has(x) && x > 5`) or stands for "no" (`has(x) && !x`).
_FILLED_IN = re.compile(r"(?<!!)has\(([\w.]+)\)(?!\)? && !?\(?\1\b)")


def places_of(key: str, effects: Sequence[RuleEffect]) -> tuple[str, ...]:
    """Where in form.toml each effect of a rule is written: `field:inhaber.plz/show`, `check:…`."""
    name = _NO_NAME.sub("-", key.lower()).strip("-")
    places = []
    for number, effect in enumerate(effects, start=1):
        if _is_check(effect):
            places.append(f"check:{name}" + (f"-n{number}" if number > 1 else ""))
        else:
            places.append(f"field:{effect.target}/{'require' if effect.kind == 'require' else 'show'}")
    return tuple(places)


def writings(key: str, effects: Sequence[RuleEffect], tree: SchemaTree) -> tuple[RuleWriting, ...]:
    """What the effects of a rule write into form.toml. Their targets are known to the schema."""
    return tuple(
        _writing(place, effect, tree) for place, effect in zip(places_of(key, effects), effects, strict=True)
    )


def _writing(place: str, effect: RuleEffect, tree: SchemaTree) -> RuleWriting:
    condition = unwrapped(effect.condition)
    target = tree.nodes.get(effect.target)
    if effect.kind == "valid":
        return RuleWriting(place, condition, message=effect.message, fields=_fields(effect, target))
    if not _is_check(effect):
        is_limit = effect.kind == "forbid"
        return RuleWriting(place, f"!({condition})" if is_limit else condition, "and" if is_limit else "or")
    allowed = f"!({condition}) || !{_has(target)}" if target else f"!({condition})"
    return RuleWriting(place, allowed, message=effect.message, fields=(effect.target,))


def _is_check(effect: RuleEffect) -> bool:
    return effect.kind == "valid" or (effect.kind == "forbid" and bool(_FILLED_IN.search(effect.condition)))


def _fields(effect: RuleEffect, target: FieldNode | GroupNode | None) -> tuple[str, ...]:
    """What a check speaks about. In entries of a list it has to be something in them, so that it sees the entry."""
    if effect.fields or target is None:
        return effect.fields
    if isinstance(target, GroupNode) and target.opens_scope:
        return tuple(child.address for child in target.children[:1])
    return (target.address,)


def _has(node: FieldNode | GroupNode) -> str:
    steps = (("self",) if node.scope.path else ()) + node.local
    return f"has({'.'.join(steps if len(steps) > 1 else ('answers', *steps))})"
