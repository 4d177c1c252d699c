"""`texts/<language>.md`: the service page, as sections with fixed ids."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markupsafe import Markup

from rathaus.said import said

# The questions a service page answers, in this order.
SECTIONS = ("what", "who", "needed", "cost", "how-long", "where", "law", "after")
REQUIRED_SECTIONS = ("what", "who", "needed", "cost", "how-long", "where", "law")

_HEADING = re.compile(r"^##\s+(?P<title>.+?)\s*\{#(?P<id>[a-z-]+)\}\s*$")
# Raw HTML stays text: a package is content, not code.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class TextError(ValueError):
    """The file is not a service text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Section:
    """One answered question of the service page."""

    id: str
    title: str
    html: Markup


@dataclass(frozen=True, slots=True)
class ServiceText:
    """The service page in one language."""

    intro: Markup
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section | None:
        """The section with this id."""
        return next((section for section in self.sections if section.id == section_id), None)


def markdown(source: str) -> Markup:
    """HTML of a short Markdown text from a package."""
    return Markup(_markdown.render(source))  # noqa: S704 - raw HTML is switched off above


def read_text(source: str) -> ServiceText:
    """Split the file at its `## Title {#id}` headings; raises `TextError` with the line of the fault."""
    parts: list[tuple[str, str, list[str]]] = [("", "", [])]
    for number, line in enumerate(source.splitlines(), start=1):
        if line.startswith("## "):
            heading = _HEADING.match(line)
            if heading is None:
                raise TextError(
                    number, said("a heading needs an id at its end, for example `## Was kostet es? {#cost}`")
                )
            if heading["id"] not in SECTIONS:
                raise TextError(
                    number,
                    said(
                        "unknown section %(found)r; known are %(known)s",
                        found=heading["id"],
                        known=", ".join(SECTIONS),
                    ),
                )
            if any(heading["id"] == known for known, _, _ in parts):
                raise TextError(
                    number, said("the section %(found)r stands here a second time", found=heading["id"])
                )
            parts.append((heading["id"], heading["title"], []))
        elif not line.startswith("# "):
            parts[-1][2].append(line)
    (_, _, intro), *sections = parts
    return ServiceText(
        intro=markdown("\n".join(intro)),
        sections=tuple(Section(key, title, markdown("\n".join(lines))) for key, title, lines in sections),
    )
