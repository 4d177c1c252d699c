"""What a draft says about the document it was made from, and what it leaves to people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rathaus.said import Said, said

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """One thing to look at. `text` is German with placeholders and the key of its translation.

    `place`: the template path of a field or group, or the id of a schema element; `line`: of the document, 0 unknown.
    """

    code: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    line: int = 0
    severity: Severity = "warning"

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language `translate` (gettext) leads to."""
        return translate(self.text) % self.values if self.values else translate(self.text)

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON; sentences among its values keep how they were made, so that they stay translatable."""
        values = {name: _as_json(value) for name, value in self.values.items()}
        return {**asdict(self), "values": values}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DraftFinding:
        """The finding that `to_json` wrote."""
        values = {name: _of_json(value) for name, value in data["values"].items()}
        return cls(**{**data, "values": values})

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        line = f" (Zeile {self.line})" if self.line else ""
        return f"{where}{self.translated(gettext_noop)}{line} [{self.code}]"


def _as_json(value: Any) -> Any:
    if not isinstance(value, Said):
        return value
    return {
        "template": value.template,
        "values": {name: _as_json(inside) for name, inside in value.values.items()},
    }


def _of_json(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return said(value["template"], **{name: _of_json(inside) for name, inside in value["values"].items()})


def gettext_noop(text: str) -> str:
    """Mark a German text for translation; the face that shows it translates it."""
    return text
