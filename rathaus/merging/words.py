"""Places of a package in the words of people, as conflicts name them.

Ids are left in the values that `editing.naming.with_names` puts names for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rathaus.editing.differences.service import key_words, part_words
from rathaus.editing.naming import aspect
from rathaus.editing.words import Words, gettext_noop, named

_UNITS = {
    "page": ("page", gettext_noop("Seite „%(page)s“")),
    "field": ("path", gettext_noop("Frage „%(path)s“")),
    "check": ("name", gettext_noop("Prüfung „%(name)s“")),
    "rule": ("name", gettext_noop("Regel „%(name)s“")),
}
_FILES = {
    "form.toml": gettext_noop("Seiten und Fragen"),
    "schema.xdf.xml": gettext_noop("Datenschema"),
    "service.toml": gettext_noop("Angaben"),
    "rules.toml": gettext_noop("Regeln aus FIM"),
    "process.bpmn": gettext_noop("Ablauf"),
}
_KINDS = (
    (re.compile(r"texts/form\.([\w-]+)\.toml"), "language", gettext_noop("Übersetzung (%(language)s)")),
    (re.compile(r"texts/([\w-]+)\.md"), "language", gettext_noop("Seite der Leistung (%(language)s)")),
    (re.compile(r"decisions/([\w-]+)\.dmn"), "table", gettext_noop("Entscheidung „%(table)s“")),
    (re.compile(r"letters/([\w.-]+)\.typ"), "name", gettext_noop("Schreiben „%(name)s“")),
    (re.compile(r"examples/([\w.-]+)\.toml"), "name", gettext_noop("Beispiel „%(name)s“")),
    (re.compile(r"codelists/([\w.-]+)\.\w+"), "name", gettext_noop("Codeliste „%(name)s“")),
)


def file_words(name: str) -> Words:
    """What people call a file of the package."""
    if name in _FILES:
        return Words(_FILES[name])
    for pattern, key, text in _KINDS:
        if found := pattern.fullmatch(name):
            own = found[1]
            return Words(text, {key: named(own) if key == "language" else own})
    return Words(gettext_noop("Datei „%(file)s“"), {"file": name})


def place_words(file: str, unit: str, path: Sequence[str]) -> Words:
    """What people call a value of a TOML file: `unit` is its table (`page:person`), `path` the keys in it."""
    kind, _, own = unit.partition(":")
    if file == "service.toml":
        first, *keys = [*filter(None, unit.split(":")), *path]
        thing, said = part_words(first), [key_words(key) for key in keys]
    elif kind in _UNITS and own:
        key, text = _UNITS[kind]
        thing, said = Words(text, {key: own}), [aspect(key) for key in path]
    else:
        thing, said = file_words(file), [*filter(None, unit.split(":")), *map(aspect, path)]
    place = thing
    if said:
        place = Words(gettext_noop("%(thing)s: %(key)s"), {"thing": thing, "key": said[0]})
    if len(said) > 1:
        values = {"thing": thing, "key": said[0], "part": said[-1]}
        place = Words(gettext_noop("%(thing)s: %(key)s, %(part)s"), values)
    language = _KINDS[0][0].fullmatch(file)
    if language and kind in _UNITS:
        return Words(
            gettext_noop("%(place)s (%(language)s)"), {"place": place, "language": named(language[1])}
        )
    return place
