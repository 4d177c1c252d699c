"""Reading code lists in OASIS Genericode 1.0, as the XRepository and the FIM editors publish them.

Children of `CodeList` occur unqualified, in the default namespace and with a prefix; they are matched by local name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rathaus.said import said
from rathaus.standards.safe_xml import Node, XmlError, read_xml
from rathaus.standards.xdatenfelder.model import Code

NAMESPACE = "http://docs.oasis-open.org/codelist/ns/genericode/1.0/"
_CODE_COLUMNS = ("code", "schluessel", "schlüssel")
_NAME_COLUMNS = ("name", "beschreibung", "codename")


class CodeListError(XmlError):
    """The document is not a readable code list, or it has no such column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its id in the file, its short name, and whether every row must have a value."""

    id: str
    short_name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: who it is, its columns, and its rows as mappings from column id to text (absent: no value)."""

    short_name: str
    canonical_uri: str
    version: str
    canonical_version_uri: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]  # column ids declared unique, in order
    rows: tuple[Mapping[str, str], ...]
    long_name: str = ""

    def codes(
        self,
        code_column: str | None = None,
        name_column: str | None = None,
        help_column: str | None = None,
    ) -> tuple[Code, ...]:
        """The rows as codes with names and help texts, in file order; rows without a code are left out.

        Columns are named by id or short name, regardless of case. Unnamed: the code comes from the first key
        column, else a column called code, else the first; the name from a column called name, else the second
        (XDatenfelder 3.0.0, `codeKey`, `nameKey`, `helpKey`). Raises `CodeListError` for a column that is missing.
        """
        code_id = self._column(code_column) if code_column else self._default_code_column()
        name_id = self._column(name_column) if name_column else self._default_name_column(code_id)
        help_id = self._column(help_column) if help_column else None
        return tuple(
            Code(row[code_id], row.get(name_id) or row[code_id], row.get(help_id, "") if help_id else "")
            for row in self.rows
            if row.get(code_id)
        )

    def _column(self, name: str) -> str:
        found = self._find((name.casefold(),))
        if found is None:
            known = ", ".join(column.id for column in self.columns)
            raise CodeListError(
                said(
                    "the code list %(uri)s has no column %(name)r; it has %(known)s",
                    uri=self.canonical_uri,
                    name=name,
                    known=known,
                )
            )
        return found

    def _find(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            for column in self.columns:
                if name in (column.id.casefold(), column.short_name.casefold()):
                    return column.id
        return None

    def _default_code_column(self) -> str:
        return next(iter(self.keys), None) or self._find(_CODE_COLUMNS) or self.columns[0].id

    def _default_name_column(self, code_id: str) -> str:
        found = self._find(_NAME_COLUMNS)
        if found and found != code_id:
            return found
        return next((column.id for column in self.columns if column.id != code_id), code_id)


def read_code_list(source: BinaryIO | bytes | Path) -> CodeList:
    """Read one Genericode document. Raises `CodeListError` with the line of what cannot be understood."""
    try:
        root = read_xml(source)
    except XmlError as error:
        raise CodeListError(error.message, error.line) from None
    if root.name != "CodeList" or root.namespace != NAMESPACE:
        raise CodeListError(
            said("this is not Genericode 1.0: the root element is <%(root)s>", root=root.name),
            root.line,
        )
    columns, keys = _columns(root)
    return CodeList(
        short_name=root.text_of("Identification", "ShortName"),
        long_name=root.text_of("Identification", "LongName"),
        canonical_uri=root.text_of("Identification", "CanonicalUri"),
        version=root.text_of("Identification", "Version"),
        canonical_version_uri=root.text_of("Identification", "CanonicalVersionUri"),
        columns=columns,
        keys=keys,
        rows=_rows(root, columns),
    )


def _columns(root: Node) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    column_set = root.first("ColumnSet")
    if column_set is None:
        raise CodeListError(said("the code list has no <ColumnSet>"), root.line)
    columns = tuple(
        Column(
            node.attributes.get("Id", ""), node.text_of("ShortName"), node.attributes.get("Use") == "required"
        )
        for node in column_set.all("Column")
    )
    if not columns or not all(column.id for column in columns):
        raise CodeListError(said("<ColumnSet> needs columns, each with an Id"), column_set.line)
    ids = {column.id for column in columns}
    references = (ref for key in column_set.all("Key") for ref in key.all("ColumnRef"))
    keys = tuple(ref.attributes.get("Ref", "") for ref in references)
    if unknown := [key for key in keys if key not in ids]:
        raise CodeListError(
            said("<Key> refers to the unknown column %(found)r", found=unknown[0]), column_set.line
        )
    return columns, keys


def _rows(root: Node, columns: tuple[Column, ...]) -> tuple[Mapping[str, str], ...]:
    table = root.first("SimpleCodeList")
    return tuple(_row(node, columns) for node in table.all("Row")) if table else ()


def _row(node: Node, columns: tuple[Column, ...]) -> Mapping[str, str]:
    row: dict[str, str] = {}
    position = -1
    for value in node.all("Value"):
        # A value without ColumnRef belongs to the column after that of the value before it (Genericode 1.0).
        position = _position(value, columns, position + 1)
        if value.first("SimpleValue"):
            row[columns[position].id] = value.text_of("SimpleValue")
    return row


def _position(value: Node, columns: tuple[Column, ...], following: int) -> int:
    reference = value.attributes.get("ColumnRef")
    if reference is None and following < len(columns):
        return following
    for index, column in enumerate(columns):
        if column.id == reference:
            return index
    raise CodeListError(said("<Value> refers to the unknown column %(found)r", found=reference), value.line)
