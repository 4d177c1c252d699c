"""The form of a package as it is compared: pages, questions where they are asked, and their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rathaus.editing.differences.difference import table_of, tables
from rathaus.editing.edit import Files
from rathaus.editing.form import FormFiles
from rathaus.editing.words import EditError
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.tree import FieldNode, GroupNode


@dataclass
class FormRead:
    """One state of the form. Reading raises `ValueError` where form.toml is no TOML."""

    files: Files

    @cached_property
    def data(self) -> dict[str, Any]:
        """form.toml."""
        return table_of(self.files, FORM_FILE)

    @cached_property
    def pages(self) -> dict[str, Mapping[str, Any]]:
        """Pages by id, in order."""
        return tables(self.data, "page")

    @cached_property
    def fields(self) -> dict[str, Mapping[str, Any]]:
        """What form.toml says of fields and groups, by path."""
        return tables(self.data, "field")

    @cached_property
    def nodes(self) -> Mapping[str, FieldNode | GroupNode]:
        """The schema's fields and groups by path; none if the schema cannot be read."""
        try:
            return FormFiles(self.files).tree.nodes
        except EditError:
            return {}

    @cached_property
    def asked(self) -> dict[str, str]:
        """Every question in the order it is asked, and the page that asks it."""
        found: dict[str, str] = {}
        for page_id, page in self.pages.items():
            listed = page.get("fields", [])
            for path in listed if isinstance(listed, list) else ():
                for question in self._questions(str(path)):
                    found.setdefault(question, page_id)
        return found

    def _questions(self, path: str) -> Iterator[str]:
        node = self.nodes.get(path)
        if isinstance(node, GroupNode) and not node.is_partial_date:
            for child in node.children:
                yield from self._questions(child.address)
        else:
            yield path

    def on_page(self, page_id: str) -> list[str]:
        """The questions of one page, in order."""
        return [path for path, page in self.asked.items() if page == page_id]

    def title(self, page_id: str) -> str:
        """What people call a page."""
        return str(self.pages.get(page_id, {}).get("title") or page_id)

    def text(self, path: str, key: str) -> str:
        """What a question says in German: form.toml's own words, or the schema's."""
        own = str(self.fields.get(path, {}).get(key, ""))
        node = self.nodes.get(path)
        if own or node is None:
            return own
        if key == "content":
            return node.content if isinstance(node, FieldNode) else ""
        return {"label": node.label, "help": node.help}.get(key, "")

    def label(self, path: str) -> str:
        """What people call a question or group."""
        return self.text(path, "label") or path


def around(path: str) -> list[str]:
    """The groups a path lies in, the outermost first."""
    parts = path.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def together(paths: list[str], asked: Mapping[str, str]) -> dict[str, list[str]]:
    """Paths under the outermost group all of whose asked questions are among them, or under themselves.

    `asked` are all questions of that state; a group of one question is that question.
    """
    among: dict[str, int] = {}
    whole: dict[str, int] = {}
    for counted, found in ((paths, among), (asked, whole)):
        for path in counted:
            for group in around(path):
                found[group] = found.get(group, 0) + 1
    grouped: dict[str, list[str]] = {}
    for path in paths:
        name = next((group for group in around(path) if among[group] == whole.get(group, 0) > 1), path)
        grouped.setdefault(name, []).append(path)
    return grouped


def places_of(name: str, paths: list[str], key: str = "place") -> tuple[str, ...]:
    """The places of questions that go together under a name, and of the groups they lie in."""
    found = dict.fromkeys([name, *paths, *(group for path in paths for group in around(path))])
    return tuple(f"field:{path}/{key}" for path in found)
