"""A browser small enough not to be what is measured: one connection, cookies, and the forms of a page."""

from __future__ import annotations

import http.client
import re
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


@dataclass
class Browser:
    """One visitor with a connection of its own; `timings` collects seconds a page by label."""

    port: int
    host: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    timings: dict[str, list[float]] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": self.host, **headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response.status, response.headers, content

    def request(
        self,
        label: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Page:
        """One request and the redirects after it, timed together under `label`."""
        started = time.perf_counter()
        status, answer, content = self._exchange(method, path, body, headers or {})
        while status in {301, 302, 303}:
            path = urljoin(path, answer["Location"])
            parts = urlsplit(path)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            status, answer, content = self._exchange("GET", path, None, {})
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
