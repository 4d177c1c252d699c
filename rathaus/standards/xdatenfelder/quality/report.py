"""What the quality check found, each thing once however often an element is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.quality.catalogue import RULES, Grade

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One quality rule that an element breaks. `places`: at how many places of the schema; `line`: of the first."""

    code: str
    element: str
    version: str
    name: str
    line: int
    values: Mapping[str, str] = field(default_factory=dict)
    places: int = 1

    @property
    def grade(self) -> Grade:
        """How grave it is: what the standard calls kritisch, methodisch, Warnung, Hinweis."""
        return RULES[self.code].grade

    @property
    def place(self) -> str:
        """The element as people name it."""
        version = f"V{self.version}" if self.version else ""
        return " ".join(filter(None, (f"{self.element}{version}", f"„{self.name}“" if self.name else "")))

    @property
    def text(self) -> str:
        """The German sentence with its placeholders, the key of its translation."""
        return RULES[self.code].text

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language `translate` (gettext) leads to."""
        return translate(self.text) % self.values

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON."""
        return {**asdict(self), "values": dict(self.values)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> QualityFinding | None:
        """The finding that `to_json` wrote; None if its code is not checked any more."""
        return cls(**data) if data["code"] in RULES else None

    @property
    def message(self) -> str:
        """The German sentence."""
        return self.text % self.values


class Say:
    """Notes findings about one element."""

    def __init__(self, report: Report, node: Node) -> None:
        self._report = report
        self.node = node
        self.element = node.text_of("identifikation", "id")

    def __call__(self, code: str, at: Node | None = None, /, **values: str) -> None:
        """The element breaks a rule; `at` is where it shows, if not at the element itself."""
        self._report.add(code, self.node, (at.line if at else 0) or self.node.line, values)


class Report:
    """Findings in the order of the document."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], tuple[QualityFinding, int]] = {}

    def about(self, node: Node) -> Say:
        """A voice for one element."""
        return Say(self, node)

    def add(self, code: str, node: Node, line: int, values: Mapping[str, str]) -> None:
        """Note a finding, or that it shows at one more place."""
        short = {key: shortened(value) for key, value in values.items()}
        element, version = node.text_of("identifikation", "id"), node.text_of("identifikation", "version")
        key = (code, element, version, *short.values())
        known, places = self._found.get(key, (None, 0))
        finding = known or QualityFinding(code, element, version, node.text_of("name"), line, short)
        self._found[key] = (finding, places + 1)

    def __iter__(self) -> Iterator[QualityFinding]:
        for known, places in self._found.values():
            yield QualityFinding(
                known.code, known.element, known.version, known.name, known.line, known.values, places
            )


def shortened(text: str) -> str:
    """A text from the document, on one line and no longer than a message bears."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
