"""The texts of a package from XZuFi: how the federal catalogue, the Land or another authority describes the service."""

from __future__ import annotations

import tomllib

from rathaus.drafting.sections import Page, compose, split
from rathaus.editing.edit import Edit, Files
from rathaus.editing.form import SOURCE
from rathaus.editing.parts import SERVICE_FILE, SetServiceText, SetServiceValue
from rathaus.standards.xzufi.model import Service
from rathaus.standards.xzufi.pages import ServicePage, service_page

# Language code of XZuFi → of a package. `de-x-ls`: Leichte Sprache.
LANGUAGES = {"de": "de", "en": "en", "de-x-ls": "de-simple"}
_LONGEST_SUMMARY = 300


def edits_from(service: Service, files: Files) -> list[Edit]:
    """What the service says of itself, as edits of the package: pages, names, summaries and the LeiKa key.

    A section that the service does not speak of keeps the package's own words. Nothing is changed that says the same.
    """
    known = tomllib.loads(files.get(SERVICE_FILE, b"").decode("utf-8"))
    edits: list[Edit] = []
    for code, language in LANGUAGES.items():
        page = service_page(service, code)
        if not page.title and not page.sections:
            continue
        for key, value in (("title", page.title), ("summary", _shortened(page.summary))):
            if value and known.get(key, {}).get(language) != value:
                edits.append(SetServiceValue(f"{key}.{language}", value))
        before = files.get(f"texts/{language}.md", b"").decode("utf-8", "replace")
        after = _merged(before, page, language, known.get("title", {}).get(SOURCE, ""))
        if after != before:
            edits.append(SetServiceText(language, after))
    if service.leika_keys and service.leika_keys[0] != known.get("leika_key", ""):
        edits.append(SetServiceValue("leika_key", service.leika_keys[0]))
    return edits


def _merged(before: str, page: ServicePage, language: str, title: str) -> str:
    own = split(before)
    return compose(
        Page(
            page.title or own.title or title,
            page.intro or own.intro,
            {**own.sections, **page.sections},
            own.headings,
        ),
        language,
    )


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_SUMMARY:
        return text
    return text[:_LONGEST_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
