"""Sentences about a package that call its pages, questions and tables what people call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from rathaus.editing.decisions import table_of
from rathaus.editing.form import FormFiles
from rathaus.editing.process import step_name, way_name
from rathaus.editing.words import EditError, Words, gettext_noop, named

# What the values of `Words` name by convention.
_PAGES = ("page", "before", "first", "second")
_FIELDS = ("path",)
_TABLES = ("table",)
_STEPS = ("step",)
_WAYS = ("way",)
_ASPECTS = {
    "order": gettext_noop("Reihenfolge der Seiten"),
    "fields": gettext_noop("Fragen der Seite"),
    "place": gettext_noop("Seite und Stelle der Frage"),
    "show": gettext_noop("Wann sie gezeigt wird"),
    "require": gettext_noop("Wann sie Pflicht ist"),
    "default": gettext_noop("Vorbelegung"),
    "message": gettext_noop("Hinweistext"),
}


def aspect(key: str) -> Words | str:
    """What people call a key of a page, a field or a check; the key itself if it has no other name."""
    return Words(_ASPECTS[key]) if key in _ASPECTS else named(key)


def page_title(form: FormFiles, page_id: str) -> str:
    """What people call a page; its id if it has no title or is gone."""
    try:
        page = form.form.entry("page", page_id)
    except EditError:
        return page_id
    return str(page.values.get("title") or page_id) if page else page_id


def field_label(form: FormFiles, path: str) -> str:
    """What people call a field: the question as it is asked in German; its path if there is no such field."""
    try:
        table = form.form.table("field", path)
        node = form.tree.nodes.get(path)
    except EditError:
        return path
    own = str(table.values.get("label", "")) if table else ""
    return own or (node.label if node else "") or path


def table_title(form: FormFiles, name: str) -> str:
    """What people call a decision table; its file's name if it cannot be read or is gone."""
    try:
        return table_of(form.files, name).name or name
    except EditError:
        return name


def with_names(words: Words, *forms: FormFiles) -> Words:
    """The sentence with names in place of ids and paths; the first of these forms that knows one says it."""
    namers = {
        **dict.fromkeys(_PAGES, page_title),
        **dict.fromkeys(_FIELDS, field_label),
        **dict.fromkeys(_TABLES, table_title),
        **dict.fromkeys(_STEPS, lambda form, step: step_name(form.files, step)),
        **dict.fromkeys(_WAYS, lambda form, way: way_name(form.files, way)),
    }
    return _named(words, {key: partial(_first, forms, namer) for key, namer in namers.items()})


def _first(forms: Sequence[FormFiles], name_in: Callable[[FormFiles, str], str], name: str) -> str:
    return next((found for form in forms if (found := name_in(form, name)) != name), name)


def _named(words: Words, namers: Mapping[str, Callable[[str], str]]) -> Words:
    values: Mapping[str, object] = {
        key: _named(value, namers)
        if isinstance(value, Words)
        else namers[key](value)
        if key in namers and isinstance(value, str)
        else value
        for key, value in words.values.items()
    }
    return replace(words, values=values)
