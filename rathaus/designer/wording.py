"""Words of the designer: edits, places and states as sentences in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from rathaus.design.models import Revision
from rathaus.design.service import edit_of
from rathaus.designer.opened import Opened
from rathaus.editing import Edit, EditError, Words, naming
from rathaus.editing.decisions import ROWS, columns_of, table_of
from rathaus.editing.differences.service import SERVICE_PARTS
from rathaus.editing.naming import with_names
from rathaus.editing.process import ends_of, step_name, way_name

LANGUAGES = ("de", "en", "de-simple")

_LANGUAGE_NAMES = {
    "de": gettext_noop("Deutsch"),
    "en": gettext_noop("Englisch"),
    "de-simple": gettext_noop("Leichte Sprache"),
}
_STEP_PARTS = {
    "name": gettext_noop("Name"),
    "lane": gettext_noop("Bahn"),
    "timer": gettext_noop("Frist"),
    "deadline": gettext_noop("Frist"),
    "outcome": gettext_noop("Ergebnis"),
}


def words_text(words: Words | str) -> str:
    """A sentence of the pure code in the language of the page."""
    return words.translated(gettext) if isinstance(words, Words) else words


def edit_words(opened: Opened, edit: Edit) -> str:
    """What an edit does, with the names that pages and questions have in the design."""
    return words_text(with_names(edit.words(), opened.form))


def revision_words(opened: Opened, revision: Revision) -> str:
    """What a revision changed; as it was written down if its edit is not known any more."""
    try:
        edit = edit_of(revision)
    except EditError:
        edit = None
    return edit_words(opened, edit) if edit else revision.summary


def language_name(language: str) -> str:
    """What a language of the package is called."""
    return gettext(_LANGUAGE_NAMES[language])


def page_title(opened: Opened, page_id: str) -> str:
    """What people call a page; its id if it has no title or is gone."""
    return naming.page_title(opened.form, page_id)


def field_label(opened: Opened, path: str) -> str:
    """What people call a field: the question as it is asked in German."""
    return naming.field_label(opened.form, path)


def place_text(opened: Opened, place: str) -> str:
    """A place that edits touch, for example `page:person/title@en`, as people would name it."""
    kind, _colon, rest = place.partition(":")
    rest, _at, language = rest.partition("@")
    if kind == "file" and rest.startswith("letters/"):
        return _("Schreiben „%(name)s“") % {"name": rest.removeprefix("letters/").partition(".typ")[0]}
    if kind == "file":
        return _("Datei „%(name)s“") % {"name": rest}
    if kind == "service":
        part = rest.partition("/")[0]
        named_part = gettext(SERVICE_PARTS[part]) if part in SERVICE_PARTS else rest
        return _in_language(named_part, language)
    name, _slash, key = rest.partition("/")
    if kind == "decision":
        return _decision_place(opened, name, key)
    if kind == "rule":
        return _("Regel „%(name)s“") % {"name": name}
    if kind in ("step", "way", "lane", "drawing"):
        return _in_language(_process_place(opened, kind, name, key), language)
    if kind == "page":
        whole = _("Seite „%(title)s“") % {"title": page_title(opened, name)}
    elif kind == "field":
        whole = _("Frage „%(label)s“") % {"label": field_label(opened, name)}
    elif kind == "codes":
        whole = _("Auswahl zu „%(label)s“") % {"label": field_label(opened, name)}
    else:
        whole = _("Prüfung „%(name)s“") % {"name": name}
    return _in_language(f"{whole}: {aspect_text(key)}" if key else whole, language)


def _decision_place(opened: Opened, name: str, rest: str) -> str:
    """A row or cell of a decision table, or the order of its rows."""
    row, _slash, column = rest.partition("/")
    whole = _("Entscheidung „%(title)s“") % {"title": naming.table_title(opened.form, name)}
    if row == ROWS:
        return _("%(table)s: Zeilen und ihre Reihenfolge") % {"table": whole}
    try:
        table = table_of(opened.files, name)
    except EditError:
        return whole
    number = next((number for number, rule in enumerate(table.rules, start=1) if rule.id == row), row)
    columns = dict(zip(columns_of(table), map(table.column_name, range(len(columns_of(table)))), strict=True))
    if column in columns:
        return _("%(table)s, Zeile %(row)s, „%(column)s“") % {
            "table": whole,
            "row": number,
            "column": columns[column],
        }
    return _("%(table)s, Zeile %(row)s") % {"table": whole, "row": number}


def _process_place(opened: Opened, kind: str, name: str, key: str) -> str:
    """A step, way or lane of the process, or one side of it."""
    if kind == "lane":
        return _("Bahn „%(lane)s“") % {"lane": name}
    if kind == "way":
        return _("Weg „%(way)s“") % {"way": way_name(opened.files, name)}
    if kind == "drawing":
        named_step = way_name if ends_of(opened.files, name) else step_name
        return _("Zeichnung von „%(name)s“") % {"name": named_step(opened.files, name)}
    whole = _("Schritt „%(step)s“") % {"step": step_name(opened.files, name)}
    part = key.partition("/")[0]
    return f"{whole}: {gettext(_STEP_PARTS[part])}" if part in _STEP_PARTS else whole


def service_part(key: str) -> str:
    """What people call a key of service.toml, or the service page."""
    return gettext(SERVICE_PARTS[key])


def aspect_text(key: str) -> str:
    """What people call a key of a page or a field."""
    return words_text(naming.aspect(key))


def _in_language(text: str, language: str) -> str:
    return f"{text} ({language_name(language)})" if language in _LANGUAGE_NAMES else text
