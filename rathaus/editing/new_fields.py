"""A question of one's own: a new field in the schema, asked on a page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from rathaus.drafting.own import own_id
from rathaus.drafting.samples import sample
from rathaus.drafting.walking import elements_of
from rathaus.editing.blocks import Blocks
from rathaus.editing.edit import Edit, Files, stored, with_file
from rathaus.editing.form import FormFiles, fields_of
from rathaus.editing.spans import Document, Span
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.forms.keys import key_from_name, sibling_keys
from rathaus.forms.tree import SCHEMA_FILE, FieldNode
from rathaus.standards.xdatenfelder.model import Code, Constraints, DataType, Field, FieldKind, Placement
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.standards.xdatenfelder.writer import write_placement

_LINE, _LONG = 200, 2000  # characters of a short and a long text
_KINDS: dict[str, tuple[FieldKind, DataType, Constraints]] = {
    "text": (FieldKind.INPUT, DataType.TEXT, Constraints(min_length=1, max_length=_LINE)),
    "long": (FieldKind.INPUT, DataType.TEXT, Constraints(min_length=1, max_length=_LONG)),
    "whole": (FieldKind.INPUT, DataType.NUM_INT, Constraints()),
    "number": (FieldKind.INPUT, DataType.NUM, Constraints()),
    "money": (FieldKind.INPUT, DataType.NUM_CURRENCY, Constraints()),
    "date": (FieldKind.INPUT, DataType.DATE, Constraints()),
    "yes_no": (FieldKind.INPUT, DataType.BOOL, Constraints()),
    "choice": (FieldKind.SELECT, DataType.TEXT, Constraints()),
    "choices": (FieldKind.SELECT, DataType.TEXT, Constraints()),
    "file": (FieldKind.INPUT, DataType.FILE, Constraints()),
}
KINDS = tuple(_KINDS)
"""What an answer can be: a line, several lines, a whole number, a number, an amount, a day, yes or no, one of the
choices, any of the choices, a file."""
LONGEST_NAME = 60
_CHOICES = ("choice", "choices")


@stored
@dataclass(frozen=True, slots=True)
class AddField(Edit):
    """A new question on a page, before another of it or last. What FIM modelled stays byte for byte.

    Its field is called `name` (the answer's key is made of it) and lies at the top of the schema, on a page for
    entries of a list in that list. Where it must be answered, examples that lack it get a sample answer.
    """

    page: str
    name: str
    label: str
    kind: str  # one of `KINDS`
    help: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()  # what is chosen from, in order
    group: str = ""  # the list whose entries the page asks for
    before: str = ""

    @property
    def path(self) -> str:
        """Where the answer will stand."""
        key = key_from_name(self.name)
        return f"{self.group}.{key}" if self.group else key

    def apply(self, files: Files) -> Files:
        self._check()
        form = FormFiles(files)
        page = form.page(self.page)
        if str(page.values.get("repeat", "")) != self.group:
            raise EditError(gettext_noop("Die Seite „%(page)s“ fragt nach etwas anderem."), page=self.page)
        if self.path in form.tree.nodes:
            raise EditError(
                gettext_noop(
                    "Ein Feld „%(name)s“ gibt es schon. Geben Sie der Frage einen anderen Kurznamen."
                ),
                name=self.name,
            )
        fields = fields_of(page)
        if self.before and self.before not in fields:
            raise EditError(
                gettext_noop("Die Seite „%(page)s“ fragt nicht (mehr) nach „%(path)s“."),
                page=self.page,
                path=self.before,
            )
        position = fields.index(self.before) if self.before else len(fields)
        page.set("fields", [*fields[:position], self.path, *fields[position:]])
        files = with_file(form.write(), SCHEMA_FILE, self._schema(files))
        return self._examples(files) if self.required else files

    def _check(self) -> None:
        if not self.label.strip() or not self.name.strip():
            raise EditError(gettext_noop("Schreiben Sie die Frage auf."))
        if len(self.name) > LONGEST_NAME:
            raise EditError(gettext_noop("Kürzen Sie den Kurznamen auf höchstens 60 Zeichen."))
        if self.kind not in _KINDS:
            raise EditError(gettext_noop("Wählen Sie, wie geantwortet wird."))
        if self.kind in _CHOICES and len({choice.strip() for choice in self.choices} - {""}) < 2:
            raise EditError(
                gettext_noop("Eine Auswahl braucht mindestens zwei Möglichkeiten, eine je Zeile.")
            )

    def _schema(self, files: Files) -> bytes:
        """The schema with the new field behind the last of its list."""
        content = files.get(SCHEMA_FILE, b"")
        known = {placement.element.id for _, placement in elements_of(read_schema(content))}
        field = self._field(own_id("F", self.path, known))
        return with_placement(content, self.group, Placement(field, *self._times()))

    def _times(self) -> tuple[int, int | None]:
        most = None if self.kind == "choices" else 1
        return int(self.required), most

    def _field(self, element_id: str) -> Field:
        kind, datatype, constraints = _KINDS[self.kind]
        choices = dict.fromkeys(choice.strip() for choice in self.choices if choice.strip())
        codes = zip(sibling_keys(choices), choices, strict=True) if self.kind in _CHOICES else ()
        return Field(
            id=element_id,
            version="1.0.0",
            name=self.name.strip(),
            label=self.label.strip(),
            kind=kind,
            datatype=datatype,
            help=self.help.strip(),
            constraints=constraints,
            codes=tuple(Code(code, name) for code, name in codes),
        )

    def _examples(self, files: Files) -> Files:
        """Examples that go on being valid: each gets an answer where the question must be answered."""
        node = FormFiles(files).tree.nodes[self.path]
        for name in [name for name in files if name.startswith("examples/")]:
            blocks = Blocks.read(files[name], name)
            for block in self._answers(blocks):
                if block.values.get(node.key) is None:
                    block.set(node.key, _sample(node, blocks.top.values))
            files = with_file(files, name, blocks.write())
        return files

    def _answers(self, blocks: Blocks) -> Iterator[Any]:
        """The tables of an example that hold the field's siblings."""
        if not self.group:
            yield blocks.table_or_new("answers")
            return
        names = ("answers", *self.group.split("."))
        yield from (block for block in blocks.blocks if block.is_entry and block.name == names)

    def places(self) -> frozenset[str]:
        return frozenset({f"field:{self.path}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Neue Frage „%(label)s“ auf Seite „%(page)s“"),
            {"label": self.label, "page": self.page},
        )


def with_placement(content: bytes, group: str, placement: Placement) -> bytes:
    """A schema with one more field or group behind the last of a group (empty: of the schema); the rest stays as it is.

    Raises `EditError` if the file cannot be read, `KeyError` if it has no such group.
    """
    element = write_placement(placement).decode()
    document = Document(content, SCHEMA_FILE)
    holder = next(span for span in document.root.below() if span.name == "stammdatenschema")
    for key in group.split(".") if group else ():
        holder = _members(document, holder)[key]
    last = list(holder.all("struktur"))[-1]
    document.replace(last.end, last.end, document.indent(last) + element)
    return document.write()


def _members(document: Document, holder: Span) -> dict[str, Span]:
    """The groups and fields right below, by their keys."""
    found = [
        element
        for structure in holder.all("struktur")
        for element in (structure.first("enthaelt") or structure).children
        if element.name in ("datenfeldgruppe", "datenfeld")
    ]
    names = [
        unescape(document.content[name.inner : name.inner_end].decode())
        if (name := element.first("name"))
        else ""
        for element in found
    ]
    return dict(zip(sibling_keys(names), found, strict=True))


def _sample(node: FieldNode | Any, example: Any) -> Any:
    """An answer the field takes, the same every time."""
    day = str(example.get("today", ""))
    today = date.fromisoformat(day) if len(day) == 10 else date(2026, 1, 1)
    value = sample(node, today, random.Random(node.address))  # noqa: S311 – nothing secret
    return [value] if node.repeatable else value
