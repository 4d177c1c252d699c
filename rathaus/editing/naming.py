"""Sentences about a package that call its pages and questions what people call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rathaus.editing.form import FormFiles
from rathaus.editing.words import EditError, Words

# What the values of `Words` name by convention.
_PAGES = ("page", "before", "first", "second")
_FIELDS = ("path",)


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


def with_names(words: Words, *forms: FormFiles) -> Words:
    """The sentence with names in place of ids and paths; the first of these forms that knows one says it."""
    return _named(
        words,
        lambda page_id: _first(forms, page_title, page_id),
        lambda path: _first(forms, field_label, path),
    )


def _first(forms: Sequence[FormFiles], name_in: Callable[[FormFiles, str], str], name: str) -> str:
    return next((found for form in forms if (found := name_in(form, name)) != name), name)


def _named(words: Words, page: Callable[[str], str], field: Callable[[str], str]) -> Words:
    values: Mapping[str, object] = {
        key: _named(value, page, field)
        if isinstance(value, Words)
        else page(value)
        if key in _PAGES and isinstance(value, str)
        else field(value)
        if key in _FIELDS and isinstance(value, str)
        else value
        for key, value in words.values.items()
    }
    return replace(words, values=values)
