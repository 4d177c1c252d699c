"""An applicant who reads pages as HTML and fills what they find from given answers: entries added, files uploaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.forms.keys import get, path_from_html_name, template_of
from rathaus.forms.tree import FieldNode, SchemaTree
from rathaus.standards.xdatenfelder.model import DataType

_CONTENT = {
    "application/pdf": ("pdf", b"%PDF-1.7\n%%EOF\n"),
    "image/jpeg": ("jpg", b"\xff\xd8\xff\xe0 picture"),
    "image/png": ("png", b"\x89PNG\r\n\x1a\n picture"),
    "image/tiff": ("tif", b"II*\x00 picture"),
    "text/plain": ("txt", b"Beispiel"),
}
_NUMBERS = (DataType.NUM, DataType.NUM_CURRENCY)
_MOST_STEPS = 600


@dataclass
class Controls(HTMLParser):
    """The controls of the form `antrag` of one page."""

    fields: dict[str, str] = field(default_factory=dict)  # name → kind
    hidden: dict[str, str] = field(default_factory=dict)
    adds: list[str] = field(default_factory=list)
    removes: list[str] = field(default_factory=list)
    _inside: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == "antrag"
        name = given.get("name", "")
        if not self._inside or not name:
            return
        if tag == "button":
            {"add": self.adds, "remove": self.removes}.get(name, []).append(given.get("value", ""))
        elif given.get("type") == "hidden":
            self.hidden[name] = given.get("value", "")
        elif tag in ("input", "select", "textarea"):
            self.fields[name] = given.get("type", tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class GeneratedApplicant:
    """Applies for a service with these answers; `apply` returns the reference."""

    def __init__(self, client: Client, key: str, tree: SchemaTree, answers: Mapping[str, Any]) -> None:
        self.client = client
        self.key = key
        self.tree = tree
        self.answers = answers
        self.pages: list[str] = []
        self._uploaded: set[str] = set()

    def apply(self) -> str:
        address = self._moved(self.client.post(f"/leistungen/{self.key}/antrag/"))
        for _ in range(_MOST_STEPS):
            response = self.client.get(address)
            if response.status_code == 302:
                address = response.headers["Location"]
                continue
            assert response.status_code == 200, address
            text = response.content.decode()
            if address.partition("?")[0].endswith("/pruefen/"):
                return self._send(address, text)
            address = self._moved(self.client.post(address, self._filled(address, text)))
        raise AssertionError(f"no end in sight after {_MOST_STEPS} steps, at {address}")

    def _send(self, address: str, text: str) -> str:
        version = re.search(r'name="fassung" value="(\d+)"', text)
        assert version, f"not ready to be sent: {self.problems(text)}"
        sent = self._moved(self.client.post(address, {"bestaetigt": "1", "fassung": version[1]}))
        receipt = self.client.get(sent)
        assert receipt.status_code == 200
        reference = sent.strip("/").split("/")[1]
        assert reference in receipt.content.decode()
        return reference

    def _moved(self, response: Any) -> str:
        assert response.status_code == 302, self.problems(response.content.decode())
        return str(response.headers["Location"])

    @staticmethod
    def problems(text: str) -> list[str]:
        """What a page complains about."""
        found = re.findall(r'<a href="#[^"]*">([^<]*)</a></li>', text)
        return found or [text[text.find("<h1") :][:2_000]]

    def _filled(self, address: str, text: str) -> dict[str, Any]:
        controls = Controls()
        controls.feed(text)
        self.pages.append(address)
        posted: dict[str, Any] = dict(controls.hidden)
        for name, kind in controls.fields.items():
            if kind == "file" and name in self._uploaded:
                continue  # a page that is shown again has no file chosen
            values = list(self._values(name, kind))
            if values:
                posted[name] = values
                if kind == "file":
                    self._uploaded.add(name)
        for repeat in controls.adds:
            if self._lacks_an_entry(repeat, controls):
                posted["add"] = repeat
                break
        return posted

    def _lacks_an_entry(self, repeat: str, controls: Controls) -> bool:
        wanted = get(self.answers, path_from_html_name(repeat))
        shown = {
            name[len(repeat) + 1 :].partition(".")[0]
            for name in (*controls.removes, *controls.fields)
            if name.startswith(f"{repeat}.")
        }
        return isinstance(wanted, list) and len(shown) < len(wanted)

    def _values(self, name: str, kind: str) -> Iterator[Any]:
        path = path_from_html_name(name)
        node = self.tree.nodes.get(".".join(template_of(path)))
        if node is None and path[-1] in ("tag", "monat", "jahr"):
            day = get(self.answers, path[:-1])
            if isinstance(day, str):
                yield str(int(day.split("-")[("jahr", "monat", "tag").index(str(path[-1]))]))
            return
        value = get(self.answers, path)
        if node is None or value is None:
            return
        assert isinstance(node, FieldNode), name
        for item in value if isinstance(value, list) else [value]:
            yield self._typed(node, item, kind)

    @staticmethod
    def _typed(node: FieldNode, value: Any, kind: str) -> Any:
        if kind == "file":
            ending, content = _CONTENT[value["media_type"]]
            return SimpleUploadedFile(f"beispiel.{ending}", content, content_type=value["media_type"])
        if isinstance(value, bool):
            return str(value).lower()
        if node.datatype in _NUMBERS and not node.is_choice:
            return str(value).replace(".", ",")
        return str(value)
