"""A browser small enough not to be what is measured: one connection, cookies, and the forms of a page."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

_INPUT = re.compile(r"<(input|button|select|textarea)\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:-]+)\s*=\s*"([^"]*)\"""")
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
_MAIN = re.compile(r"<main\b.*?</main>", re.IGNORECASE | re.DOTALL)


class UnexpectedAnswerError(RuntimeError):
    """The server answered something a journey cannot go on from."""


@dataclass
class Page:
    """An answer: its final path, status and text."""

    path: str
    status: int
    text: str

    def form(self) -> tuple[str, list[tuple[str, str]]]:
        """Action and preset fields of the main form: hidden, checked and filled inputs."""
        main = _MAIN.search(self.text)
        forms = _FORM.findall(main[0] if main else self.text)
        posts = [(attributes, body) for attributes, body in forms if 'method="post"' in attributes.lower()]
        if not posts:
            raise UnexpectedAnswerError(f"no form on {self.path} ({self.status})")
        attributes, body = max(posts, key=lambda pair: len(pair[1]))
        action = dict(_ATTRIBUTE.findall(attributes)).get("action", "")
        fields: list[tuple[str, str]] = []
        for tag, text in _INPUT.findall(body):
            found = {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(text)}
            name, kind = found.get("name"), found.get("type", "text").lower()
            if not name or tag.lower() in {"button", "select", "textarea"} or kind in {"submit", "file"}:
                continue
            if kind in {"radio", "checkbox"} and not re.search(r"\schecked\b", text):
                continue
            fields.append((name, found.get("value", "")))
        return urljoin(self.path, unescape(action)), fields

    def names(self) -> set[str]:
        """Names of all inputs on the page."""
        return {
            unescape(dict(_ATTRIBUTE.findall(text)).get("name", "")) for _, text in _INPUT.findall(self.text)
        }


class Connection:
    """HTTP/1.1 as our server speaks it, in a tenth of the time `http.client` takes to read the headers."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""

    def exchange(self, request: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Send a request; status, headers (names in small letters) and body of the answer."""
        self._socket.sendall(request)
        while (end := self._read.find(b"\r\n\r\n")) < 0:
            self._more()
        head, self._read = self._read[:end].decode("latin-1"), self._read[end + 4 :]
        first, *lines = head.split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = [(name.lower(), value.strip()) for name, _, value in pairs]
        length = next((int(value) for name, value in headers if name == "content-length"), None)
        if length is None:
            raise UnexpectedAnswerError(f"an answer without its length: {first}")
        while len(self._read) < length:
            self._more()
        body, self._read = self._read[:length], self._read[length:]
        return int(first.split(" ", 2)[1]), headers, body

    def _more(self) -> None:
        piece = self._socket.recv(262_144)
        if not piece:
            raise ConnectionResetError("the server closed the connection")
        self._read += piece

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@dataclass
class Browser:
    """One visitor at a time with a connection of their own; `timings` collects seconds a page by label."""

    port: int
    host: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    timings: dict[str, list[float]] = field(default_factory=dict)
    _connection: Connection | None = None

    def new_visitor(self) -> None:
        """Somebody else: without cookies, over a new connection."""
        self.cookies.clear()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, str, bytes]:
        """Status, where it leads to, and body of one answer."""
        said = {"Host": self.host, **headers}
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            said["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (body or b"")
        try:
            if self._connection is None:
                self._connection = Connection(self.port)
            status, answer, content = self._connection.exchange(request)
        except (OSError, ValueError, UnexpectedAnswerError):
            self._hang_up()
            raise
        leads_to = ""
        for name, value in answer:
            if name == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
            elif name == "location":
                leads_to = value
            elif name == "connection" and value.lower() == "close":
                self._hang_up()
        return status, leads_to, content

    def request(
        self,
        label: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """One request and the redirects after it, timed together under `label`."""
        started = time.perf_counter()
        status, leads_to, content = self._exchange(method, path, body, headers or {})
        while status in {301, 302, 303}:
            parts = urlsplit(urljoin(path, leads_to))
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            status, leads_to, content = self._exchange("GET", path, None, {})
        self.timings.setdefault(label, []).append(time.perf_counter() - started)
        if status >= 400:
            raise UnexpectedAnswerError(f"{method} {path}: {status} {content[:300]!r}")
        return Page(path, status, content.decode("utf-8", "replace"))

    def get(self, label: str, path: str) -> Page:
        """Open a page."""
        return self.request(label, "GET", path)

    def submit(self, label: str, page: Page, values: Mapping[str, str | list[str]]) -> Page:
        """Send the page's form with `values` in place of what was preset."""
        action, preset = page.form()
        fields: list[tuple[str, str]] = [(name, value) for name, value in preset if name not in values]
        for name, value in values.items():
            fields += [(name, item) for item in (value if isinstance(value, list) else [value])]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self.host}",
            "Referer": f"http://{self.host}{page.path}",
        }
        return self.request(label, "POST", action, urlencode(fields).encode(), headers)
