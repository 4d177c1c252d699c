"""Whether two conditions of a rule can be true together: tried with the answers that make a difference to them."""

from __future__ import annotations

from itertools import islice, product

from rathaus.freetext.syntax import CalendarDate, Combination, Compare, Condition, Filled, Negation, Value

_UNANSWERED = None
_OTHER = object()
_MOST = 4_096


def overlap(first: Condition, second: Condition) -> bool:
    """True if some answers fulfil both. Orders (`<`) are left out: they count as possible and impossible."""
    answers: dict[str, list[object]] = {}
    for condition in (first, second):
        _collect(condition, answers)
    for given in islice(product(*answers.values()), _MOST):
        state = dict(zip(answers, given, strict=True))
        if _holds(first, state) and _holds(second, state):
            return True
    return False


def is_constant(condition: Condition) -> bool:
    """True if the answers make no difference: `<> 001 oder <> 002` is always true, its author meant something else."""
    if isinstance(condition, Combination) and not condition.parts:
        return False  # a duty without a condition means it
    if _has_order(condition):
        return False
    opposite = Negation(condition)
    return not overlap(condition, condition) or not overlap(opposite, opposite)


def _has_order(condition: Condition) -> bool:
    if isinstance(condition, Combination):
        return any(map(_has_order, condition.parts))
    if isinstance(condition, Negation):
        return _has_order(condition.condition)
    return isinstance(condition, Compare) and condition.sign not in ("==", "!=")


def _collect(condition: Condition, answers: dict[str, list[object]]) -> None:
    if isinstance(condition, Combination):
        for part in condition.parts:
            _collect(part, answers)
    elif isinstance(condition, Negation):
        _collect(condition.condition, answers)
    elif not isinstance(condition, CalendarDate):
        known = answers.setdefault(condition.reference.value, [_UNANSWERED, _OTHER])
        if isinstance(condition, Compare) and isinstance(condition.value, Value):
            if condition.value.truth is not None:
                known[1:] = [True, False]
            elif (answer := _answer(condition.value)) not in known:
                known.append(answer)


def _answer(value: Value) -> object:
    if value.truth is not None:
        return value.truth
    return value.code or value.text.casefold() or _UNANSWERED


def _holds(condition: Condition, state: dict[str, object]) -> bool:
    if isinstance(condition, Negation):
        return not _holds(condition.condition, state)
    if isinstance(condition, Combination):
        held = [_holds(part, state) for part in condition.parts]
        return {"and": all(held), "or": any(held), "xor": sum(held) == 1}[condition.joint]
    if isinstance(condition, CalendarDate):
        return True
    answer = state[condition.reference.value]
    if isinstance(condition, Filled):
        return answer is not _UNANSWERED
    if not isinstance(condition.value, Value) or condition.sign not in ("==", "!="):
        return False
    return (answer == _answer(condition.value)) == (condition.sign == "==")
