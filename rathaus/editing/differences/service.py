"""Differences in what a service is, costs and demands (service.toml), and in its page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rathaus.editing.differences.difference import Area, Difference, flat, spoken, table_of
from rathaus.editing.edit import Files
from rathaus.editing.parts import SERVICE_FILE
from rathaus.editing.translations import STATE_FILE, stale_translations
from rathaus.editing.words import Words, gettext_noop, named

# What people call the parts of service.toml, and the service page.
SERVICE_PARTS = {
    "text": gettext_noop("Seite der Leistung"),
    "title": gettext_noop("Name der Leistung"),
    "summary": gettext_noop("Kurzbeschreibung"),
    "fee": gettext_noop("Gebühr"),
    "deadline": gettext_noop("Fristen"),
    "remedy": gettext_noop("Rechtsbehelf"),
    "login_level": gettext_noop("Vertrauensniveau der Anmeldung"),
    "retention_years": gettext_noop("Aufbewahrung"),
    "draft_retention_days": gettext_noop("Aufbewahrung von Entwürfen"),
    "office": gettext_noop("Zuständige Stelle"),
    "lanes": gettext_noop("Stellen im Ablauf"),
    "leika_key": gettext_noop("LeiKa-Schlüssel"),
    "legal_basis": gettext_noop("Rechtsgrundlagen"),
    "audience": gettext_noop("Für wen"),
    "life_situations": gettext_noop("Lebenslagen"),
    "keywords": gettext_noop("Suchwörter"),
    "recipient": gettext_noop("Wer Angaben erhält"),
    "notice": gettext_noop("Bekanntgabe"),
    "automation": gettext_noop("Automatische Schritte"),
    "four_eyes": gettext_noop("Vier-Augen-Prinzip"),
    "addressee": gettext_noop("Anschrift der Briefe"),
    "applicant": gettext_noop("Wie der Vorgang in Listen heißt"),
    "numbers": gettext_noop("Nummern des Vordrucks"),
    "duplicates": gettext_noop("Woran Doppeltes erkannt wird"),
}
_TEXTS = ("title", "summary")
_KEYS = {
    "setting": gettext_noop("Einstellung der Stadt"),
    "settings": gettext_noop("Einstellungen der Stadt"),
    "decision": gettext_noop("Entscheidungstabelle"),
    "legal_basis": gettext_noop("Rechtsgrundlage"),
    "days": gettext_noop("Tage"),
    "kind": gettext_noop("Art"),
    "from": gettext_noop("Beginn"),
    "period": gettext_noop("Frist"),
    "letters": gettext_noop("Schreiben"),
    "fields": gettext_noop("Felder"),
    "when": gettext_noop("Bedingung"),
    "name": gettext_noop("Name"),
    "allowed": gettext_noop("zugelassen"),
    "steps": gettext_noop("Schritte"),
}
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*(?:\{#(?P<id>[\w-]+)\})?\s*")


def service(before: Files, after: Files) -> Iterator[Difference]:
    """Everything service.toml says."""
    old, new = (dict(flat(table_of(files, SERVICE_FILE))) for files in (before, after))
    for keys in dict.fromkeys([*new, *old]):
        if old.get(keys) == new.get(keys):
            continue
        yield Difference(
            Area.TEXTS if keys[0] in _TEXTS else Area.DETAILS,
            _service_words(keys),
            ("service:" + "/".join(keys),),
            spoken(old.get(keys)),
            spoken(new.get(keys)),
        )


def part_words(key: str) -> Words:
    """What people call a part of service.toml; its key if it has no other name."""
    return Words(SERVICE_PARTS.get(key, key))


def key_words(key: str) -> Words | str:
    """What people call a key inside a part of service.toml; the key itself if it has no other name."""
    return Words(_KEYS[key]) if key in _KEYS else named(key)


def _service_words(keys: tuple[str, ...]) -> Words:
    part = part_words(keys[0])
    said = [key_words(key) for key in keys[1:]]
    if not said:
        return Words(gettext_noop("%(part)s geändert"), {"part": part})
    if len(said) == 1:
        return Words(gettext_noop("%(part)s geändert: %(key)s"), {"part": part, "key": said[0]})
    return Words(
        gettext_noop("%(part)s geändert: %(name)s, %(key)s"),
        {"part": part, "name": said[0], "key": said[-1]},
    )


def service_page(language: str, before: bytes | None, after: bytes | None) -> Iterator[Difference]:
    """The service page in one language, by its sections."""
    place = ("service:text" if language == "de" else f"service:text@{language}",)
    old, new = (_sections(content or b"") for content in (before, after))
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        values: Mapping[str, Any] = {"language": named(language), "title": (now or was or ("", ""))[0]}
        if was is None:
            text = gettext_noop("Seite der Leistung (%(language)s): neuer Abschnitt „%(title)s“")
        elif now is None:
            text = gettext_noop("Seite der Leistung (%(language)s): Abschnitt „%(title)s“ entfernt")
        else:
            text = gettext_noop("Seite der Leistung (%(language)s): Abschnitt „%(title)s“ geändert")
        sides = ["\n".join(filter(None, side)) if side else "" for side in (was, now)]
        yield Difference(Area.TEXTS, Words(text, values), place, *sides)


def _sections(content: bytes) -> dict[str, tuple[str, str]]:
    """Heading and text of every section, by its id or heading."""
    found: dict[str, tuple[str, str]] = {}
    key, title, lines = "", "", list[str]()
    for line in content.decode("utf-8", "replace").splitlines():
        if heading := _HEADING.fullmatch(line):
            found[key] = title, "\n".join(lines).strip()
            title, lines = heading["title"], []
            key = heading["id"] or title
            key = key if key not in found else f"{key} ({len(found)})"
        else:
            lines.append(line)
    found[key] = title, "\n".join(lines).strip()
    return {key: section for key, section in found.items() if any(section)}


def looked_at(before: Files, after: Files) -> Iterator[Difference]:
    """Translations that were noted to fit the German text (texts/state.toml); not those that became old with it."""
    old, new = (dict(flat(table_of(files, STATE_FILE))) for files in (before, after))
    stale = {(one.language, one.place) for one in stale_translations(after)}
    for keys in new:
        if old.get(keys) != new.get(keys) and len(keys) == 2 and keys not in stale:
            language, place = keys
            words = Words(
                gettext_noop("Übersetzung (%(language)s) mit dem deutschen Text verglichen: %(place)s"),
                {"language": named(language), "place": place},
            )
            yield Difference(Area.TRANSLATIONS, words, (f"{place}@{language}",))
