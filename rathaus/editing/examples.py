"""Writing an example: what somebody would answer, on which day, in which town, and what should come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit

FOLDER = "examples/"


def example_text(
    *,
    title: str,
    language: str,
    today: str,
    answers: Mapping[str, Any],
    expect: Mapping[str, Any],
    town: Mapping[str, Any] | None = None,
    town_settings: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> str:
    """The file of an example. Values that are None are not written: TOML has no word for them."""
    content: dict[str, Any] = {"title": title, "language": language, "today": today}
    for name, table in (("town", town), ("town_settings", town_settings), ("facts", facts)):
        if table:
            content[name] = _written(table)
    return tomlkit.dumps({**content, "answers": _written(answers), "expect": _written(expect)})


def next_number(names: Iterable[str]) -> int:
    """The number a new example begins with, so that it comes last in the list."""
    numbers = [name.removeprefix(FOLDER).split("-")[0] for name in names if name.startswith(FOLDER)]
    return max((int(number) for number in numbers if number.isdecimal() and len(number) < 6), default=0) + 1


def _written(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_written(item) for item in value]
    return value
