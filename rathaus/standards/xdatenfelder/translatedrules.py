"""FITKO's machine-readable translations of a schema's free-text rules, read from a file.

Source: FIM portal, `GET /api/v1/translated-rules/{id}/{version}`, a JSON list of translations for one element. What is
read here holds several elements: a line of JSON for each translation that names its element as `rule_id` (JSON Lines,
or all as one JSON list), or one JSON object of the portal's lists by the id of the element.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rathaus.said import said

TranslatedRules = tuple[Mapping[str, Any], ...]


class TranslatedRulesError(ValueError):
    """The file holds no translated rules. `message` says what was found, `line` where (1-based, 0 if unknown)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


def read_translated_rules(data: bytes) -> TranslatedRules:
    """The translations of a file, each with the id of its element as `rule_id`. Raises `TranslatedRulesError`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TranslatedRulesError(said("this is not text in UTF-8")) from None
    entries = tuple(_checked(entry, line) for line, entry in _entries(text))
    if not entries:
        raise TranslatedRulesError(said("the file holds no translated rule"))
    return entries


def for_schema(entries: Sequence[Mapping[str, Any]], schema_id: str) -> TranslatedRules:
    """Those of the translations that do not say that they belong to other schemata (`schemata`)."""
    return tuple(entry for entry in entries if schema_id in _schemata(entry, schema_id))


def _schemata(entry: Mapping[str, Any], otherwise: str) -> Sequence[Any]:
    named = entry.get("schemata")
    return named if isinstance(named, list) else [otherwise]


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    """What stands in a file, with its line; a whole document has none."""
    try:
        whole = _json(text)
    except json.JSONDecodeError:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield number, _line(line, number)
        return
    if isinstance(whole, Mapping) and "rule_id" not in whole:
        for rule_id, entries in whole.items():
            for entry in entries if isinstance(entries, list) else [entries]:
                yield 0, {**entry, "rule_id": rule_id} if isinstance(entry, Mapping) else entry
    else:
        yield from ((0, entry) for entry in (whole if isinstance(whole, list) else [whole]))


def _line(line: str, number: int) -> Any:
    try:
        return _json(line)
    except json.JSONDecodeError as error:
        raise TranslatedRulesError(
            said("this is not JSON, from character %(place)s on", place=error.colno), number
        ) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise TranslatedRulesError(said("this is nested too deeply")) from None


def _checked(entry: Any, line: int) -> Mapping[str, Any]:
    if not isinstance(entry, Mapping) or "condition" not in entry:
        raise TranslatedRulesError(said("this is no translated rule: it has no condition"), line)
    if not isinstance(entry.get("rule_id"), str) or not entry["rule_id"]:
        raise TranslatedRulesError(
            said("the translated rule does not name the element that it belongs to (rule_id)"), line
        )
    return entry
