"""Edits of decision tables, row by row and cell by cell: only what changes is written anew in the DMN file.

Rows are named by their id, columns by kind and number: `in1`, `in2` … for conditions, `out1` … for results, and
`annotation` for what stands beside a row. A comment above a row belongs to it and moves with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from rathaus.editing.edit import Edit, Files, stored, with_file
from rathaus.editing.parts import checked_name, key_of
from rathaus.editing.spans import Document, Span
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.rules.decisions import (
    EXPRESSION_LANGUAGE,
    NAMESPACE,
    DecisionError,
    DecisionTable,
    HitPolicy,
    read_decision,
)

ANNOTATION = "annotation"
ROWS = "rows"  # the place that holds which rows there are, and their order
_ROW_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}")
_OUTPUT_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_COLUMN = re.compile(r"(in|out)([1-9]\d{0,3})")


def table_file(name: str) -> str:
    """Where a decision table stands in a package."""
    return f"decisions/{name}.dmn"


def table_names(files: Files) -> list[str]:
    """The decision tables of a package."""
    return sorted(
        name.removeprefix("decisions/").removesuffix(".dmn")
        for name in files
        if name.startswith("decisions/") and name.endswith(".dmn")
    )


def table_of(files: Files, name: str) -> DecisionTable:
    """A decision table of a package; raises `EditError` if it is not there or cannot be read."""
    content = files.get(table_file(name))
    if content is None:
        raise EditError(gettext_noop("Die Entscheidungstabelle „%(name)s“ gibt es nicht (mehr)."), name=name)
    try:
        return read_decision(content)
    except DecisionError as error:
        raise EditError(
            gettext_noop("Die Entscheidungstabelle ist nicht lesbar: %(error)s."), error=error
        ) from None


def columns_of(table: DecisionTable) -> tuple[str, ...]:
    """The names of a table's columns in order, without the annotation."""
    return (
        *(f"in{number}" for number in range(1, len(table.inputs) + 1)),
        *(f"out{number}" for number in range(1, len(table.outputs) + 1)),
    )


def new_row_id(table: DecisionTable, *others: DecisionTable) -> str:
    """An id no row has, here or in other states of the table."""
    known = {rule.id for one in (table, *others) for rule in one.rules}
    stem = table.id if _ROW_ID.fullmatch(table.id) else "zeile"
    return next(name for number in range(1, 100_000) if (name := f"{stem}_{number}") not in known)


class _Rows:
    """The rows of one table in its file."""

    def __init__(self, files: Files, name: str) -> None:
        self.table = table_of(files, name)
        self.document = Document(files[table_file(name)], table_file(name))
        self.body = next(span for span in self.document.root.below() if span.name == "decisionTable")
        self.spans = list(self.body.all("rule"))

    def position(self, row: str) -> int:
        """Where a row stands; raises `EditError`."""
        for position, rule in enumerate(self.table.rules):
            if rule.id == row:
                return position
        raise EditError(
            gettext_noop("Die Zeile „%(row)s“ gibt es in „%(table)s“ nicht (mehr)."),
            row=row,
            table=self.table.name,
        )

    def lead(self, position: int) -> int:
        """Where a row begins, with the comments above it."""
        return self.document.lead(self.spans[position], self.body.children)

    def name(self, positions: Iterable[int]) -> None:
        """Write the ids that rows have by their position only, before positions change."""
        for position in positions:
            if not self.spans[position].attributes.get("id"):
                self.document.set_attribute(self.spans[position], "id", self.table.rules[position].id)

    def named(self, position: int) -> str:
        """A row as it stands, with the comments above it and its id."""
        span = self.spans[position]
        above = self.document.content[self.lead(position) : span.start].decode()
        row = self.document.text(span)
        if not span.attributes.get("id"):
            opening = f"<{span.tag}"
            row = f'{opening} id="{self.table.rules[position].id}"{row.removeprefix(opening)}'
        return above + row

    def place_for(self, before: str) -> int:
        """Where a row is put in: before another, or behind the last."""
        return self.lead(self.position(before)) if before else self.spans[-1].end

    def write(self, files: Files, name: str) -> Files:
        """The package with the changed table; raises `EditError` if that could not be read any more."""
        changed = with_file(files, table_file(name), self.document.write())
        table_of(changed, name)
        return changed


def _entry(row: str, kind: str, number: int, text: str, prefix: str, indent: str) -> str:
    head = f'{prefix}{"input" if kind == "i" else "output"}Entry id="{row}_{kind}{number}"'
    deeper = f"{indent}  " if indent else ""
    return (
        f"{indent}<{head}>{deeper}<{prefix}text>{escape(text, quote=False)}</{prefix}text>"
        f"{indent}</{head.partition(' ')[0]}>"
    )


def _row_text(
    row: str, inputs: tuple[str, ...], outputs: tuple[str, ...], annotation: str, prefix: str, indent: str
) -> str:
    deeper = f"{indent}  " if indent else ""
    said = (
        f"{deeper}<{prefix}description>{escape(annotation, quote=False)}</{prefix}description>"
        if annotation
        else ""
    )
    cells = [
        *(_entry(row, "i", number, text, prefix, deeper) for number, text in enumerate(inputs, start=1)),
        *(_entry(row, "o", number, text, prefix, deeper) for number, text in enumerate(outputs, start=1)),
    ]
    return f'{indent}<{prefix}rule id="{row}">{said}{"".join(cells)}{indent}</{prefix}rule>'


@stored
@dataclass(frozen=True, slots=True)
class AddDecisionRow(Edit):
    """A new row, before another one or at the end. Cells are CEL as the table's other cells."""

    table: str
    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotation: str = ""
    before: str = ""

    def apply(self, files: Files) -> Files:
        rows = _Rows(files, self.table)
        taken = {span.attributes.get("id") for span in rows.document.root.below()}
        taken.add(ROWS)
        if not _ROW_ID.fullmatch(self.id) or self.id in taken or self.id in {r.id for r in rows.table.rules}:
            raise EditError(
                gettext_noop("Die Zeile „%(row)s“ gibt es in „%(table)s“ schon."),
                row=self.id,
                table=rows.table.name,
            )
        if (len(self.inputs), len(self.outputs)) != (len(rows.table.inputs), len(rows.table.outputs)):
            raise EditError(
                gettext_noop("Die Spalten von „%(table)s“ haben sich geändert. Öffnen Sie die Tabelle neu."),
                table=rows.table.name,
            )
        place = rows.place_for(self.before)
        rows.name(range(len(rows.spans)))
        neighbour = rows.spans[-1]
        text = _row_text(
            self.id,
            self.inputs,
            self.outputs,
            self.annotation.strip(),
            neighbour.prefix,
            rows.document.indent(neighbour),
        )
        rows.document.replace(place, place, text)
        return rows.write(files, self.table)

    def places(self) -> frozenset[str]:
        return frozenset({f"decision:{self.table}/{ROWS}", f"decision:{self.table}/{self.id}"})

    def words(self) -> Words:
        return Words(gettext_noop("Zeile in „%(table)s“ hinzugefügt"), {"table": self.table})


@stored
@dataclass(frozen=True, slots=True)
class SetDecisionCell(Edit):
    """One cell of a row, as CEL, or its annotation."""

    table: str
    row: str
    column: str
    text: str

    def apply(self, files: Files) -> Files:
        rows = _Rows(files, self.table)
        position = rows.position(self.row)
        text = self.text.replace("\r\n", "\n").strip()
        rule, span = rows.table.rules[position], rows.spans[position]
        if self.column == ANNOTATION:
            if text != rule.annotation:
                _annotate(rows.document, span, text)
            return rows.write(files, self.table)
        found = _COLUMN.fullmatch(self.column)
        cells = rule.conditions if found and found[1] == "in" else rule.results
        if found is None or int(found[2]) > len(cells):
            raise EditError(
                gettext_noop("Die Spalten von „%(table)s“ haben sich geändert. Öffnen Sie die Tabelle neu."),
                table=rows.table.name,
            )
        number = int(found[2]) - 1
        if text != cells[number].source:
            entry = list(span.all("inputEntry" if found[1] == "in" else "outputEntry"))[number]
            rows.document.set_text(next(entry.all("text")), text)
        return rows.write(files, self.table)

    def places(self) -> frozenset[str]:
        return frozenset({f"decision:{self.table}/{self.row}/{self.column}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Zelle in „%(table)s“ geändert in „%(text)s“"),
            {"table": self.table, "text": self.text},
        )


def _annotate(document: Document, row: Span, text: str) -> None:
    """Say something else beside a row: where it was said before, else as its description."""
    said = [
        *row.all("description"),
        *(inner for one in row.all("annotationEntry") for inner in one.all("text")),
    ]
    if said:
        document.set_text(said[0], text)
        for other in said[1:]:
            document.set_text(other, "")
    elif row.children:
        first = row.children[0]
        shown = f"<{row.prefix}description>{escape(text, quote=False)}</{row.prefix}description>"
        document.replace(first.start, first.start, shown + document.indent(first))


@stored
@dataclass(frozen=True, slots=True)
class MoveDecisionRow(Edit):
    """A row asked earlier or later: before another one, or last."""

    table: str
    row: str
    before: str = ""

    def apply(self, files: Files) -> Files:
        rows = _Rows(files, self.table)
        position = rows.position(self.row)
        if self.before == self.row:
            return files
        order = [number for number in range(len(rows.spans)) if number != position]
        order.insert(order.index(rows.position(self.before)) if self.before else len(order), position)
        moved = [place for place, number in enumerate(order) if place != number]
        for place in moved:
            rows.document.replace(rows.lead(place), rows.spans[place].end, rows.named(order[place]))
        rows.name(set(range(len(order))) - set(moved) if moved else ())
        return rows.write(files, self.table)

    def places(self) -> frozenset[str]:
        return frozenset({f"decision:{self.table}/{ROWS}"})

    def words(self) -> Words:
        return Words(gettext_noop("Zeile in „%(table)s“ verschoben"), {"table": self.table})


@stored
@dataclass(frozen=True, slots=True)
class RemoveDecisionRow(Edit):
    """Take a row out, with the comments above it. The last one stays: a table decides something."""

    table: str
    row: str

    def apply(self, files: Files) -> Files:
        rows = _Rows(files, self.table)
        position = rows.position(self.row)
        if len(rows.spans) == 1:
            raise EditError(
                gettext_noop(
                    "„%(table)s“ braucht mindestens eine Zeile. Ändern Sie diese, statt sie zu entfernen."
                ),
                table=rows.table.name,
            )
        rows.name(set(range(len(rows.spans))) - {position})
        rows.document.replace(rows.lead(position), rows.spans[position].end, "")
        return rows.write(files, self.table)

    def places(self) -> frozenset[str]:
        return frozenset({f"decision:{self.table}/{self.row}"})

    def words(self) -> Words:
        return Words(gettext_noop("Zeile aus „%(table)s“ entfernt"), {"table": self.table})


@stored
@dataclass(frozen=True, slots=True)
class AddDecisionTable(Edit):
    """A new table: what it asks (pairs of label and CEL), what it says, and what holds while no other row is added.

    Its first matching row decides; the last row, which matches everything, says what holds otherwise.
    """

    name: str
    title: str
    inputs: tuple[tuple[str, str], ...]
    output: str  # its name in rules: facts.<table>.<output>
    output_title: str
    otherwise: str  # CEL
    description: str = ""
    output_type: str = "string"

    def apply(self, files: Files) -> Files:
        name = checked_name(self.name)
        if table_file(name) in files:
            raise EditError(gettext_noop("Die Entscheidungstabelle „%(name)s“ gibt es schon."), name=name)
        if not _OUTPUT_NAME.fullmatch(self.output) or not self.title.strip():
            raise EditError(gettext_noop("Die Tabelle braucht einen Namen und etwas, das sie sagt."))
        outputs = ((self.output, self.output_title, self.output_type, self.otherwise),)
        content = new_table(
            key_of(files), name, self.title, self.description, self.inputs, outputs, HitPolicy.FIRST
        )
        changed = with_file(files, table_file(name), content)
        table_of(changed, name)
        return changed

    def places(self) -> frozenset[str]:
        return frozenset({f"file:{table_file(self.name)}"})

    def words(self) -> Words:
        return Words(gettext_noop("Entscheidungstabelle „%(name)s“ hinzugefügt"), {"name": self.title})


def new_table(
    service: str,
    name: str,
    title: str,
    description: str,
    inputs: tuple[tuple[str, str], ...],
    outputs: tuple[tuple[str, str, str, str], ...],
    policy: HitPolicy,
) -> bytes:
    """A table with one row that matches everything. `inputs`: label, CEL; `outputs`: name, label, type, CEL."""
    asked = "".join(
        f'\n      <input id="{name}_in{number}" label="{escape(label)}">'
        f'\n        <inputExpression id="{name}_expr{number}">'
        f"\n          <text>{escape(source, quote=False)}</text>"
        "\n        </inputExpression>\n      </input>"
        for number, (label, source) in enumerate(inputs, start=1)
    )
    said = "".join(
        f'\n      <output id="{name}_out{number}" name="{escape(key)}" label="{escape(label)}"'
        + (f' typeRef="{escape(kind)}"' if kind else "")
        + "/>"
        for number, (key, label, kind, _) in enumerate(outputs, start=1)
    )
    row = _row_text(
        f"{name}_sonst", ("-",) * len(inputs), tuple(cell for *_, cell in outputs), "", "", "\n      "
    )
    told = (
        f"\n    <description>{escape(description.strip(), quote=False)}</description>"
        if description.strip()
        else ""
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<definitions xmlns="{NAMESPACE}" id="{name}_definitions" name="{escape(title)}" namespace="urn:rathaus:services:{service}" expressionLanguage="{EXPRESSION_LANGUAGE}">
  <decision id="{name}" name="{escape(title)}">{told}
    <decisionTable id="{name}_table" hitPolicy="{policy}">{asked}{said}{row}
    </decisionTable>
  </decision>
</definitions>
""".encode()  # noqa: E501 – one line, as other DMN editors write it
