"""Edits of pages: what is asked together, in which order, under which heading. No question gets lost or doubled."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rathaus.editing.edit import Edit, Files, stored
from rathaus.editing.form import SOURCE, FormFiles, at_language, fields_of
from rathaus.editing.translations import keep_source, remember_source
from rathaus.editing.words import EditError, Words, gettext_noop, named
from rathaus.forms.texts import PAGE_TEXTS

_PAGE_ID = re.compile(r"[a-z][a-z0-9_-]{0,60}")
# The portal's own addresses below an application.
_TAKEN = frozenset({"pruefen", "dateien", "loeschen"})


def checked_new_id(form: FormFiles, page_id: str) -> str:
    """An id no page has; raises `EditError`."""
    if not _PAGE_ID.fullmatch(page_id) or page_id in _TAKEN:
        raise EditError(
            gettext_noop(
                "„%(page)s“ taugt nicht als Adresse einer Seite. Nehmen Sie Kleinbuchstaben, Ziffern und Striche, "
                "zum Beispiel „angaben-zum-kind“."
            ),
            page=page_id,
        )
    if form.form.entry("page", page_id) is not None:
        raise EditError(gettext_noop("Die Seite „%(page)s“ gibt es schon."), page=page_id)
    return page_id


def _checked_title(title: str) -> str:
    if not title.strip():
        raise EditError(gettext_noop("Die Seite braucht eine Überschrift."))
    return title.strip()


@stored
@dataclass(frozen=True, slots=True)
class AddPage(Edit):
    """A new page without questions, before another one or at the end."""

    id: str
    title: str
    before: str = ""
    section: str = ""
    repeat: str = ""

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        checked_new_id(form, self.id)
        page = form.form.new_entry("page", form.page(self.before) if self.before else None)
        page.set("id", self.id)
        page.set("section", self.section)
        page.set("title", _checked_title(self.title))
        page.set("repeat", self.repeat)
        page.set("fields", [])
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.id}"})

    def words(self) -> Words:
        return Words(gettext_noop("Seite „%(title)s“ hinzugefügt"), {"title": self.title})


@stored
@dataclass(frozen=True, slots=True)
class RemovePage(Edit):
    """Take a page out. Its questions go to the end of another page; only a page without questions needs none."""

    page: str
    fields_to: str = ""

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        page = form.page(self.page)
        fields = fields_of(page)
        if fields:
            if not self.fields_to or self.fields_to == self.page:
                raise EditError(
                    gettext_noop(
                        "Die Seite „%(page)s“ stellt noch Fragen. Wählen Sie die Seite, auf die sie kommen sollen."
                    ),
                    page=self.page,
                )
            target = form.page(self.fields_to)
            target.set("fields", [*fields_of(target), *fields])
        for blocks, table in list(form.translated("page", self.page)):
            blocks.remove(table)
        form.form.remove(page)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.page}"})

    def words(self) -> Words:
        return Words(gettext_noop("Seite „%(page)s“ entfernt"), {"page": self.page})


@stored
@dataclass(frozen=True, slots=True)
class MovePage(Edit):
    """Ask a page earlier or later: before another one, or last."""

    page: str
    before: str = ""

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        page = form.page(self.page)
        if self.before == self.page:
            return files
        form.form.move(page, form.page(self.before) if self.before else None)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.page}/order"})

    def words(self) -> Words:
        if not self.before:
            return Words(gettext_noop("Seite „%(page)s“ ans Ende verschoben"), {"page": self.page})
        return Words(
            gettext_noop("Seite „%(page)s“ vor „%(before)s“ verschoben"),
            {"page": self.page, "before": self.before},
        )


@stored
@dataclass(frozen=True, slots=True)
class SplitPage(Edit):
    """Two pages from one: this question and those after it go to a new page, asked under the same conditions."""

    page: str
    first_field_of_new: str
    new_id: str
    title: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        page = form.page(self.page)
        checked_new_id(form, self.new_id)
        fields = form.spread(fields_of(page), self.first_field_of_new)
        if self.first_field_of_new not in fields:
            raise EditError(
                gettext_noop("Die Seite „%(page)s“ fragt nicht (mehr) nach „%(path)s“."),
                page=self.page,
                path=self.first_field_of_new,
            )
        cut = fields.index(self.first_field_of_new)
        if cut == 0:
            raise EditError(
                gettext_noop(
                    "Vor „%(path)s“ steht keine Frage: Auf der Seite „%(page)s“ bliebe nichts zurück."
                ),
                page=self.page,
                path=self.first_field_of_new,
            )
        pages = form.pages()
        position = pages.index(page) + 1
        new = form.form.new_entry("page", pages[position] if position < len(pages) else None)
        new.set("id", self.new_id)
        new.set("section", page.values.get("section"))
        new.set("title", _checked_title(self.title))
        new.set("fields", fields[cut:])
        new.set("show", page.values.get("show"))
        new.set("repeat", page.values.get("repeat"))
        page.set("fields", fields[:cut])
        for blocks, table in list(form.translated("page", self.page)):
            if section := table.values.get("section"):
                blocks.table_or_new("page", self.new_id).set("section", section)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.page}/fields", f"page:{self.new_id}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Seite „%(page)s“ geteilt: ab „%(path)s“ auf „%(title)s“"),
            {"page": self.page, "path": self.first_field_of_new, "title": self.title},
        )


@stored
@dataclass(frozen=True, slots=True)
class JoinPages(Edit):
    """One page from two: the questions of the second follow those of the first.

    If the pages are shown under different conditions, each question keeps the condition of its own page.
    """

    first: str
    second: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        first, second = form.page(self.first), form.page(self.second)
        if first is second:
            raise EditError(gettext_noop("Eine Seite lässt sich nicht mit sich selbst verbinden."))
        if first.values.get("repeat", "") != second.values.get("repeat", ""):
            raise EditError(
                gettext_noop(
                    "„%(first)s“ und „%(second)s“ lassen sich nicht verbinden: Nur eine von beiden wird für jeden "
                    "Eintrag einer Liste gefragt."
                ),
                first=self.first,
                second=self.second,
            )
        shown_first, shown_second = (str(page.values.get("show", "")).strip() for page in (first, second))
        if shown_first != shown_second:
            for page, condition in ((first, shown_first), (second, shown_second)):
                for path in fields_of(page) if condition else ():
                    field = form.form.table_or_new("field", path)
                    field.set("show", both(condition, str(field.values.get("show", ""))))
            first.set("show", f"({shown_first}) || ({shown_second})" if shown_first and shown_second else "")
        first.set("fields", [*fields_of(first), *fields_of(second)])
        for blocks, table in list(form.translated("page", self.second)):
            blocks.remove(table)
        form.form.remove(second)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.first}/fields", f"page:{self.first}/show", f"page:{self.second}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Seiten „%(first)s“ und „%(second)s“ verbunden"),
            {"first": self.first, "second": self.second},
        )


def both(one: str, other: str) -> str:
    """The condition that both hold; an empty one always holds."""
    return f"({one}) && ({other})" if one.strip() and other.strip() else one or other


@stored
@dataclass(frozen=True, slots=True)
class SetPageText(Edit):
    """Reword a page in one language: its title, intro, section, or what its list of entries is called."""

    page: str
    language: str
    key: str  # one of `PAGE_TEXTS`
    text: str
    made_from: str = ""  # of a translation: `source_hash` of the German text its author saw

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        page = form.page(self.page)
        if self.key not in PAGE_TEXTS:
            raise EditError(gettext_noop("Einen solchen Text hat eine Seite nicht: %(key)s."), key=self.key)
        text = self.text.strip()
        place = f"page:{self.page}/{self.key}"
        if self.language == SOURCE:
            form = FormFiles(keep_source(files, place, str(page.values.get(self.key, "")), text))
            page = form.page(self.page)
            page.set(self.key, _checked_title(text) if self.key == "title" else text)
            return form.write()
        translation = form.translation(self.language)
        table = translation.table_or_new("page", self.page)
        table.set(self.key, text)
        translation.drop_if_empty(table)
        source = str(page.values.get(self.key, ""))
        return remember_source(form.write(), self.language, place, source, text, self.made_from)

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.page}/{self.key}" + at_language(self.language)})

    def words(self) -> Words:
        return Words(
            gettext_noop("Seite „%(page)s“: %(key)s (%(language)s) geändert in „%(text)s“"),
            {"page": self.page, "key": named(self.key), "language": named(self.language), "text": self.text},
        )


@stored
@dataclass(frozen=True, slots=True)
class SetPageRule(Edit):
    """When a page is shown (CEL); empty: always."""

    page: str
    show: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        form.page(self.page).set("show", self.show.strip())
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"page:{self.page}/show"})

    def words(self) -> Words:
        if not self.show:
            return Words(gettext_noop("Seite „%(page)s“ wird immer gezeigt"), {"page": self.page})
        return Words(
            gettext_noop("Seite „%(page)s“ wird gezeigt, wenn: %(rule)s"),
            {"page": self.page, "rule": self.show},
        )


@stored
@dataclass(frozen=True, slots=True)
class MoveField(Edit):
    """Ask a question, or a group of them, on this page: before another one of it, or last.

    A field that no page asks for yet is put there for the first time. A group around the field stays where it is
    and is replaced by its other members.
    """

    path: str
    page: str
    before: str = ""

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        form.known(self.path)
        target = form.page(self.page)
        if self.before == self.path:
            return files
        if self.before.startswith(f"{self.path}."):
            raise EditError(
                gettext_noop("„%(path)s“ lässt sich nicht in sich selbst verschieben."), path=self.path
            )
        form.take_off(self.path)
        fields = form.spread(fields_of(target), self.before) if self.before else fields_of(target)
        if self.before and self.before not in fields:
            raise EditError(
                gettext_noop("Die Seite „%(page)s“ fragt nicht (mehr) nach „%(path)s“."),
                page=self.page,
                path=self.before,
            )
        position = fields.index(self.before) if self.before else len(fields)
        target.set("fields", [*fields[:position], self.path, *fields[position:]])
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"field:{self.path}/place"})

    def words(self) -> Words:
        return Words(
            gettext_noop("„%(path)s“ wird auf Seite „%(page)s“ gefragt"),
            {"path": self.path, "page": self.page},
        )


@stored
@dataclass(frozen=True, slots=True)
class RemoveField(Edit):
    """No longer ask for a field or group. The schema keeps it, and so does what is written about it."""

    path: str

    def apply(self, files: Files) -> Files:
        form = FormFiles(files)
        if form.page_of(self.path) is None:
            raise EditError(gettext_noop("Nach „%(path)s“ fragt keine Seite."), path=self.path)
        form.take_off(self.path)
        return form.write()

    def places(self) -> frozenset[str]:
        return frozenset({f"field:{self.path}/place"})

    def words(self) -> Words:
        return Words(gettext_noop("Nach „%(path)s“ wird nicht mehr gefragt"), {"path": self.path})
