"""What counts as answered: the application as sent, with what the applicant corrected on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from rathaus.cases.models import Case

CORRECTIONS = "corrections"  # key in `Case.facts`: a list of patches, the oldest first


def current_answers(case: Case) -> dict[str, Any]:
    """The application's answers with all corrections. The application itself never changes."""
    return reduce(merged, case.facts.get(CORRECTIONS, []), dict(case.application.answers))


def merged(answers: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with a patch on top: groups are merged, everything else (also lists) is replaced, null removes."""
    result = dict(answers)
    for key, value in patch.items():
        before = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            result[key] = merged(before if isinstance(before, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def leaf_paths(answers: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Template paths of all single answers (`inhaber.anschrift.plz`; entries of lists without index)."""
    for key, value in answers.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from leaf_paths(item, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}"


def values_at(answers: Any, path: str) -> list[Any]:
    """All values under a template path, in order; none where nothing was answered."""
    found = [answers]
    for key in path.split("."):
        entries = [item for value in found for item in (value if isinstance(value, list) else [value])]
        found = [item[key] for item in entries if isinstance(item, Mapping) and key in item]
    return [item for value in found for item in (value if isinstance(value, list) else [value])]


def selection(answers: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """The part of the answers that lies under these template paths, in the same shape."""
    wanted = {tuple(path.split(".")) for path in paths}
    return _select(answers, wanted)


def _select(value: Mapping[str, Any], wanted: set[tuple[str, ...]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, member in value.items():
        below = {path[1:] for path in wanted if path[0] == key}
        if () in below:
            result[key] = member
        elif below and isinstance(member, Mapping):
            if part := _select(member, below):
                result[key] = part
        elif below and isinstance(member, list):
            entries = [_select(item, below) for item in member if isinstance(item, Mapping)]
            if any(entries):
                result[key] = entries
    return result
