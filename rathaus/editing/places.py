"""What stands at a place that an edit touches, as text a person can read beside another version of it."""

from __future__ import annotations

import tomllib
from typing import Any

from rathaus.drafting import rulebook
from rathaus.editing import process
from rathaus.editing.decisions import ANNOTATION, ROWS, columns_of, table_of
from rathaus.editing.edit import Files
from rathaus.editing.form import SOURCE, translation_file
from rathaus.editing.words import EditError
from rathaus.forms.definition import FORM_FILE
from rathaus.rules.decisions import TableRule


def text_at(files: Files, place: str) -> str:
    """The text at a place of `Edit.places`; empty if there is nothing."""
    kind, _, rest = place.partition(":")
    if kind == "file":
        return files.get(rest, b"").decode("utf-8", "replace")
    if kind == "decision":
        return _decision_text(files, *rest.split("/"))
    if kind in ("step", "way", "lane", "drawing"):
        return process.text_at(files, place)
    if kind == "rule":
        return _rule_text(files, rest)
    rest, _, language = rest.partition("@")
    if kind == "service":
        if rest == "text":
            return files.get(f"texts/{language or SOURCE}.md", b"").decode("utf-8", "replace")
        return _spoken(_walk(_toml(files, "service.toml"), rest.split("/")))
    name, _, key = rest.partition("/")
    data = _toml(files, translation_file(language) if language else FORM_FILE)
    table = data.get(kind, {})
    if kind == "field" and key == "place":
        return next((str(page.get("id")) for page in data.get("page", []) if _asks(page, name)), "")
    if kind == "page" and key == "order":
        return ", ".join(str(page.get("id")) for page in data.get("page", []))
    if isinstance(table, list):
        table = {str(entry.get("id")): entry for entry in table}
    found = table.get(name, {})
    return _spoken(found.get(key) if key and isinstance(found, dict) else found)


def _decision_text(files: Files, name: str, row: str, column: str = "") -> str:
    """A cell or row of a decision table, or the order of its rows, as CEL."""
    try:
        table = table_of(files, name)
    except EditError:
        return ""
    if row == ROWS:
        return "\n".join(map(_row_text, table.rules))
    rule = next((rule for rule in table.rules if rule.id == row), None)
    if rule is None:
        return ""
    cells = dict(zip(columns_of(table), (*rule.conditions, *rule.results), strict=True))
    if column == ANNOTATION:
        return rule.annotation
    return cells[column].source if column in cells else _row_text(rule)


def _row_text(rule: TableRule) -> str:
    conditions, results = (
        "; ".join(cell.source for cell in cells) for cells in (rule.conditions, rule.results)
    )
    return f"{conditions} → {results}"


def _rule_text(files: Files, key: str) -> str:
    """What was decided over a rule."""
    try:
        entry = next((entry for entry in rulebook.read(files) if entry.key == key), None)
    except rulebook.RulebookError:
        entry = None
    if entry is None:
        return ""
    conditions = (effect.condition for effect in entry.own) if entry.status == "written" else ()
    return "\n".join(filter(None, (entry.status, entry.note, *conditions)))


def _asks(page: dict[str, Any], path: str) -> bool:
    return any(path == listed or path.startswith(f"{listed}.") for listed in page.get("fields", []))


def _walk(data: Any, keys: list[str]) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _spoken(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_spoken(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_spoken, value))
    return str(value)


def _toml(files: Files, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files.get(name, b"").decode("utf-8"))
    except ValueError:
        return {}
