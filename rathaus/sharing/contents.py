"""What a package holds, said in numbers that people understand before they adopt it."""

from __future__ import annotations

import threading
import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rathaus.catalogue.info import LANGUAGES, Translated, translated
from rathaus.catalogue.packing import Files

_KEPT = 500
_known: OrderedDict[str, Contents] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Contents:
    """A package as the catalogue describes it."""

    title: Translated
    summary: Translated
    legal_basis: tuple[str, ...]
    languages: tuple[str, ...]
    pages: int
    letters: int
    examples: int

    @classmethod
    def of(cls, files: Files) -> Contents:
        """Read from the files without compiling them."""
        service, form = (_toml(files, name) for name in ("service.toml", "form.toml"))
        names = list(files)
        return cls(
            title=_texts(service.get("title")),
            summary=_texts(service.get("summary")),
            legal_basis=tuple(map(str, service.get("legal_basis", ()))),
            languages=tuple(one for one in LANGUAGES if f"texts/{one}.md" in files),
            pages=len(form.get("page", ())),
            letters=sum(name.startswith("letters/") and name.endswith(".typ") for name in names),
            examples=sum(name.startswith("examples/") for name in names),
        )

    def title_in(self, language: str) -> str:
        """The title in a language."""
        return translated(self.title, language)

    def summary_in(self, language: str) -> str:
        """The summary in a language."""
        return translated(self.summary, language)


def remembered(content_hash: str) -> Contents | None:
    """What this process knows of a package by its content hash."""
    with _lock:
        return _known.get(content_hash)


def remember(content_hash: str, contents: Contents) -> Contents:
    """Packages never change: what one holds need not be read twice. Returns what it was given."""
    with _lock:
        _known[content_hash] = contents
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return contents


def _toml(files: Files, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(files.get(name, b"").decode())
    except ValueError:
        return {}


def _texts(value: object) -> Translated:
    found = value if isinstance(value, dict) else {}
    return {"de": "", **{str(language): str(text) for language, text in found.items()}}
