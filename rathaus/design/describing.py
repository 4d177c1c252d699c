"""A service's texts as XZuFi, for the catalogues of Land and federation."""

from __future__ import annotations

import tomllib

from rathaus.catalogue.texts import read_text
from rathaus.editing import Files
from rathaus.editing.described import LANGUAGES
from rathaus.standards.xzufi.model import Identifier
from rathaus.standards.xzufi.pages import ServicePage, service_of_pages
from rathaus.standards.xzufi.writer import write_service


def described(key: str, files: Files) -> bytes:
    """The XZuFi document of a package, in every language it is written in. Raises `TextError` for an unsound page."""
    values = tomllib.loads(files["service.toml"].decode("utf-8"))
    pages = {}
    for code, language in LANGUAGES.items():
        text = files.get(f"texts/{language}.md")
        if text is None:
            continue
        read = read_text(text.decode("utf-8"))
        pages[code] = ServicePage(
            title=str(values.get("title", {}).get(language, key)),
            intro=str(read.intro).strip(),
            sections={section.id: str(section.html).strip() for section in read.sections},
        )
    return write_service(service_of_pages(Identifier(key), str(values.get("leika_key", "")), pages))
