"""Differences in questions, checks and translations: their words, when they are asked, what they accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rathaus.editing.differences.difference import (
    Area,
    Difference,
    Said,
    changed_keys,
    flat,
    spoken,
    table_of,
    tables,
)
from rathaus.editing.differences.reading import FormRead, around
from rathaus.editing.form import translation_file
from rathaus.editing.words import Words, gettext_noop, named

_TEXTS = ("label", "help", "details", "content")
_RULES = {
    "show": gettext_noop("Wann „%(label)s“ gefragt wird"),
    "require": gettext_noop("Wann „%(label)s“ Pflicht ist"),
    "default": gettext_noop("Womit „%(label)s“ vorbelegt ist"),
}
_CHECK_PARTS = {
    "valid": gettext_noop("Prüfung „%(id)s“: Bedingung geändert"),
    "when": gettext_noop("Prüfung „%(id)s“: wann geprüft wird"),
    "message": gettext_noop("Prüfung „%(id)s“: Hinweistext geändert"),
    "fields": gettext_noop("Prüfung „%(id)s“: bei welchen Fragen sie steht"),
    "level": gettext_noop("Prüfung „%(id)s“: Fehler oder Hinweis"),
}


def questions(old: FormRead, new: FormRead) -> Iterator[Difference]:
    """What questions say, and when they are asked."""
    known = dict.fromkeys([*new.asked, *(group for path in new.asked for group in around(path))])
    for path in dict.fromkeys([*known, *new.fields, *old.fields]):
        is_new = path in new.asked and path not in old.asked
        if not is_new:
            yield from _texts(path, old, new)
        before, after = old.fields.get(path, {}), new.fields.get(path, {})
        for key in changed_keys(before, after):
            if key in _TEXTS:
                continue
            values = {"label": new.label(path), "key": named(key)}
            if key in _RULES:
                area, words = Area.CONDITIONS, Words(_RULES[key], {"label": new.label(path)})
            else:
                area = Area.QUESTIONS
                words = Words(gettext_noop("Frage „%(label)s“: %(key)s geändert"), values)
            yield Difference(
                area, words, (f"field:{path}/{key}",), spoken(before.get(key)), spoken(after.get(key))
            )


def _texts(path: str, old: FormRead, new: FormRead) -> Iterator[Difference]:
    for key in _TEXTS:
        before, after = old.text(path, key), new.text(path, key)
        if before == after or path not in {*old.nodes, *old.fields}:
            continue
        words = Words(
            gettext_noop("Frage „%(label)s“: %(key)s umformuliert"),
            {"label": old.label(path), "key": named(key)},
        )
        yield Difference(Area.QUESTIONS, words, (f"field:{path}/{key}",), before, after)


def checks(old: FormRead, new: FormRead) -> Iterator[Difference]:
    """Checks across answers."""
    before, after = tables(old.data, "check"), tables(new.data, "check")
    for name in dict.fromkeys([*after, *before]):
        place = (f"check:{name}",)
        if name not in before:
            words = Words(gettext_noop("Neue Prüfung „%(id)s“"), {"id": name})
            yield Difference(Area.CHECKS, words, place, "", _check_text(after[name]))
        elif name not in after:
            words = Words(gettext_noop("Prüfung „%(id)s“ entfernt"), {"id": name})
            yield Difference(Area.CHECKS, words, place, _check_text(before[name]), "")
        else:
            for key in changed_keys(before[name], after[name]):
                text = _CHECK_PARTS.get(key, gettext_noop("Prüfung „%(id)s“ geändert"))
                yield Difference(
                    Area.CHECKS,
                    Words(text, {"id": name}),
                    (f"check:{name}/{key}",),
                    spoken(before[name].get(key)),
                    spoken(after[name].get(key)),
                )


def _check_text(check: Mapping[str, Any]) -> Said:
    return "\n".join(str(check[key]) for key in ("when", "valid", "message") if check.get(key))


def rest_of_form(old: FormRead, new: FormRead) -> Iterator[Difference]:
    """What form.toml says besides pages, fields and checks; a sound one says nothing else."""
    known = ("page", "field", "check")
    before, after = (
        {key: value for key, value in read.data.items() if key not in known} for read in (old, new)
    )
    for key in changed_keys(before, after):
        words = Words(gettext_noop("Formular: „%(key)s“ geändert"), {"key": key})
        yield Difference(
            Area.FILES, words, ("file:form.toml",), spoken(before.get(key)), spoken(after.get(key))
        )


_TRANSLATED = {
    "page": gettext_noop("Seite „%(name)s“"),
    "field": gettext_noop("Frage „%(name)s“"),
    "check": gettext_noop("Prüfung „%(name)s“"),
    "codes": gettext_noop("Auswahl zu „%(name)s“"),
    "codelist": gettext_noop("Codeliste „%(name)s“"),
}


def translations(language: str, old: FormRead, new: FormRead) -> Iterator[Difference]:
    """The texts of the form in another language."""
    before, after = (dict(flat(table_of(read.files, translation_file(language)))) for read in (old, new))
    for keys in dict.fromkeys([*after, *before]):
        if before.get(keys) == after.get(keys):
            continue
        kind, name = keys[0], keys[1] if len(keys) > 1 else ""
        read = new if name in (*new.pages, *new.nodes, *new.fields) else old
        called = {"page": read.title, "field": read.label, "codes": read.label}.get(kind, str)(name)
        what: object = (
            Words(_TRANSLATED[kind], {"name": called}) if kind in _TRANSLATED else ".".join(keys[:2])
        )
        if kind in ("codes", "codelist") and len(keys) > 2:
            what = Words(gettext_noop("%(what)s (%(code)s)"), {"what": what, "code": keys[2]})
        elif len(keys) > 2:
            what = Words(gettext_noop("%(what)s, %(key)s"), {"what": what, "key": named(keys[-1])})
        values: dict[str, object] = {"language": named(language), "what": what}
        if keys not in before:
            text = gettext_noop("%(language)s: %(what)s neu übersetzt")
        elif keys not in after:
            text = gettext_noop("%(language)s: Übersetzung entfernt: %(what)s")
        else:
            text = gettext_noop("%(language)s: %(what)s anders übersetzt")
        place = f"{kind}:{name}" + "".join(f"/{key}" for key in keys[2:]) + f"@{language}"
        yield Difference(
            Area.TRANSLATIONS,
            Words(text, values),
            (place,),
            spoken(before.get(keys)),
            spoken(after.get(keys)),
        )
