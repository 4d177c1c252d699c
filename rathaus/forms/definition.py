"""form.toml as values: the way through the fields, in plain language, written by people.

`FormDefinition.from_toml` checks the shape (unknown keys, wrong types, duplicate ids) and collects every problem;
whether paths exist and rules make sense is seen when the form is compiled with its schema (`rathaus.forms.compiling`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rathaus.forms.problems import DefinitionProblem
from rathaus.said import said

FORM_FILE = "form.toml"
WIDGETS = ("text", "textarea", "radios", "select", "combobox", "checkboxes", "checkbox", "date", "file")
_PAGE_ID = re.compile(r"[a-z][a-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class PageDefinition:
    """`[[page]]`: one topic, asked on one page."""

    id: str
    title: str
    fields: tuple[str, ...]
    intro: str = ""
    show: str = ""
    repeat: str = ""
    entry_label: str = ""
    entry_name: tuple[str, ...] = ()
    overview_title: str = ""
    overview_intro: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """`[field."path"]`: how one field or group is asked for."""

    label: str = ""
    help: str = ""
    details: str = ""
    show: str = ""
    require: str = ""
    widget: str = ""
    autocomplete: str = ""
    optional_hint: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class CheckDefinition:
    """`[[check]]`: something that must be true across answers."""

    id: str
    valid: str
    message: str
    fields: tuple[str, ...] = ()
    when: str = ""
    level: Literal["error", "notice"] = "error"


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A whole form.toml. `problems` is what is wrong with its shape."""

    pages: tuple[PageDefinition, ...]
    fields: Mapping[str, FieldDefinition] = field(default_factory=dict)
    checks: tuple[CheckDefinition, ...] = ()
    problems: tuple[DefinitionProblem, ...] = ()
    source: str = field(default="", repr=False, compare=False)

    @classmethod
    def from_toml(cls, data: Mapping[str, Any], source: str = "") -> FormDefinition:
        """Read the parsed TOML; with its text as `source`, problems name their line. Never raises."""
        return _Reader(source).read(data)


def line_of(source: str, where: str) -> int:
    """The line of a place such as `page person` or `field inhaber.plz` in the text of a form.toml; 0 if unknown."""
    kind, _, name = where.partition(" ")
    name = re.escape(name.partition(",")[0])
    found = None
    if kind in ("page", "check"):
        found = re.search(rf"^\[\[{kind}\]\][^\[]*?^\s*id\s*=\s*[\"']({name})[\"']", source, re.MULTILINE)
        return source.count("\n", 0, found.start(1)) + 1 if found else 0
    if kind == "field":
        found = re.search(rf"^\[field\.[\"']?{name}[\"']?\]", source, re.MULTILINE)
    return source.count("\n", 0, found.start()) + 1 if found else 0


class _Reader:
    """Reads the tables of one file and notes what does not fit, so that one look shows everything."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[DefinitionProblem] = []

    def read(self, data: Mapping[str, Any]) -> FormDefinition:
        self._known("the file", data, {"page", "field", "check"})
        pages = [self._page(number, table) for number, table in self._tables(data, "page")]
        fields = {path: self._field(path, table) for path, table in self._field_tables(data)}
        checks = [self._check(number, table) for number, table in self._tables(data, "check")]
        if not pages:
            self._problem(
                "the file", "form.pages", "The form has no page.", "Add [[page]] with id, title, fields."
            )
        self._unique("page", [page.id for page in pages])
        self._unique("check", [check.id for check in checks])
        return FormDefinition(tuple(pages), fields, tuple(checks), tuple(self.problems), self.source)

    def _tables(self, data: Mapping[str, Any], kind: str) -> list[tuple[int, Mapping[str, Any]]]:
        tables = data.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
            self._problem(
                "the file",
                "toml.table",
                said("%(kind)s is not a list of tables.", kind=kind),
                said("Write [[%(kind)s]].", kind=kind),
            )
            return []
        return list(enumerate(tables, start=1))

    def _field_tables(self, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        tables = data.get("field", {})
        remedy = 'Write [field."path.in.quotes"] with a table below.'
        if not isinstance(tables, Mapping):
            self._problem("the file", "toml.table", "field is not a table.", remedy)
            return []
        good = [(path, table) for path, table in tables.items() if isinstance(table, Mapping)]
        if len(good) < len(tables):
            self._problem("the file", "toml.table", "An entry of field is not a table.", remedy)
        return good

    def _page(self, number: int, table: Mapping[str, Any]) -> PageDefinition:
        where = f"page {table.get('id', number)}"
        page = PageDefinition(
            id=self._text(where, table, "id", needed=True),
            title=self._text(where, table, "title", needed=True),
            fields=self._texts(where, table, "fields", needed=True),
            intro=self._text(where, table, "intro"),
            show=self._text(where, table, "show"),
            repeat=self._text(where, table, "repeat"),
            entry_label=self._text(where, table, "entry_label"),
            entry_name=self._texts(where, table, "entry_name"),
            overview_title=self._text(where, table, "overview_title"),
            overview_intro=self._text(where, table, "overview_intro"),
            section=self._text(where, table, "section"),
        )
        self._known(where, table, set(PageDefinition.__dataclass_fields__))
        if page.id and not _PAGE_ID.fullmatch(page.id):
            remedy = "Use lower case letters, digits, _ and -; it becomes part of the address."
            self._problem(where, "page.id", said("%(page)r is no page id.", page=page.id), remedy)
        return page

    def _field(self, path: str, table: Mapping[str, Any]) -> FieldDefinition:
        where = f"field {path}"
        self._known(where, table, set(FieldDefinition.__dataclass_fields__))
        widget = self._text(where, table, "widget")
        if widget and widget not in WIDGETS:
            self._problem(
                where,
                "field.widget",
                said("There is no widget %(widget)r.", widget=widget),
                said("Use %(known)s.", known=", ".join(WIDGETS)),
            )
            widget = ""
        return FieldDefinition(
            label=self._text(where, table, "label"),
            help=self._text(where, table, "help"),
            details=self._text(where, table, "details"),
            show=self._text(where, table, "show"),
            require=self._text(where, table, "require"),
            widget=widget,
            autocomplete=self._text(where, table, "autocomplete"),
            optional_hint=self._flag(where, table, "optional_hint"),
            default=self._text(where, table, "default"),
        )

    def _check(self, number: int, table: Mapping[str, Any]) -> CheckDefinition:
        where = f"check {table.get('id', number)}"
        self._known(where, table, set(CheckDefinition.__dataclass_fields__))
        level = self._text(where, table, "level") or "error"
        if level not in ("error", "notice"):
            self._problem(
                where,
                "check.level",
                said("There is no level %(level)r.", level=level),
                "Use error or notice.",
            )
        return CheckDefinition(
            id=self._text(where, table, "id", needed=True),
            valid=self._text(where, table, "valid", needed=True),
            message=self._text(where, table, "message", needed=True),
            fields=self._texts(where, table, "fields"),
            when=self._text(where, table, "when"),
            level="notice" if level == "notice" else "error",
        )

    def _text(self, where: str, table: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self._problem(
                where,
                "toml.type",
                said("%(key)s is not a text.", key=key),
                said('Write %(key)s = "…".', key=key),
            )
            return ""
        if needed and not value.strip():
            self._problem(
                where,
                "toml.missing",
                said("%(key)s is missing.", key=key),
                said('Add %(key)s = "…".', key=key),
            )
        return value.strip()

    def _texts(
        self, where: str, table: Mapping[str, Any], key: str, *, needed: bool = False
    ) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._problem(
                where,
                "toml.type",
                said("%(key)s is not a list of texts.", key=key),
                said('Write %(key)s = ["…"].', key=key),
            )
            return ()
        if needed and key not in table:
            self._problem(
                where,
                "toml.missing",
                said("%(key)s is missing.", key=key),
                said('Add %(key)s = ["…"].', key=key),
            )
        return tuple(value)

    def _flag(self, where: str, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._problem(
                where,
                "toml.type",
                said("%(key)s is neither true nor false.", key=key),
                said("Write %(key)s = true.", key=key),
            )
        return value is True

    def _known(self, where: str, table: Mapping[str, Any], known: set[str]) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), n=1)
                remedy = (
                    said("Did you mean %(near)s?", near=near[0])
                    if near
                    else said("Known are %(known)s.", known=", ".join(sorted(known)))
                )
                self._problem(where, "toml.key", said("%(key)s is not known here.", key=key), remedy)

    def _unique(self, kind: str, ids: list[str]) -> None:
        for twice in sorted({name for name in ids if name and ids.count(name) > 1}):
            remedy = "Give each its own id."
            self._problem(
                f"{kind} {twice}",
                f"{kind}.duplicate",
                said("The id %(twice)s is used twice.", twice=twice),
                remedy,
            )

    def _problem(self, where: str, rule: str, message: str, remedy: str) -> None:
        line = line_of(self.source, where)
        self.problems.append(DefinitionProblem(FORM_FILE, where, rule, message, remedy, line=line))
