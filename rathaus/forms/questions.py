"""One question as a template prints it: which control, with what in it.

Controls are chosen from the schema unless form.toml names one: yes/no as radios, up to `MOST_RADIOS` codes as radios,
up to `MOST_IN_SELECT` as select, more as combobox; several codes as checkboxes up to `MOST_CHECKBOXES`, else one
combobox per value; dates as three boxes; long texts as textarea.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rathaus.forms.dates import PARTS
from rathaus.forms.display import format_value, input_value, show_media_types, show_size
from rathaus.forms.evaluation import canonical_result
from rathaus.forms.keys import Path, html_name
from rathaus.forms.messages import message
from rathaus.forms.pageview import DatePart, FileItem, Option, Question
from rathaus.forms.plan import DEFAULT_FIELD, Askable, Plan
from rathaus.forms.scopes import Scope
from rathaus.forms.textkinds import LONG_TEXT, TextKind
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode
from rathaus.standards.xdatenfelder.model import DataType

MOST_RADIOS = 6
MOST_IN_SELECT = 25
MOST_CHECKBOXES = 12
_PART_LENGTH = {"tag": 2, "monat": 10, "jahr": 4}
_PART_LABEL = {"tag": "day", "monat": "month", "jahr": "year"}
_NUMBERS = (DataType.NUM, DataType.NUM_CURRENCY, DataType.NUM_INT)
_KINDS = {
    TextKind.EMAIL: ("email", "email", "email"),
    TextKind.PHONE: ("tel", "tel", "tel"),
    TextKind.POSTAL_CODE: ("text", "numeric", ""),
    TextKind.IBAN: ("text", "", ""),
}
"""Input type, inputmode, and the autocomplete token that is right for a person's own data."""


def control_id(name: str) -> str:
    """The id of the control of a name."""
    return "f-" + name.replace(".", "-")


def widget_of(node: FieldNode | GroupNode, plan: Plan) -> str:
    """The control of a question: what form.toml says where it fits, else chosen from the schema."""
    wanted = plan.fields.get(node.address, DEFAULT_FIELD).widget
    if isinstance(node, GroupNode):
        return "date"
    if node.is_fixed:
        return "locked"
    if node.is_file:
        return "file"
    if node.is_choice:
        return _choice_widget(node, wanted)
    if node.datatype is DataType.BOOL:
        return "checkbox" if wanted in ("checkbox", "checkboxes") else "radios"
    if node.datatype is DataType.DATE:
        return "text" if wanted == "text" or node.repeatable else "date"
    if wanted == "textarea" or node.text_kind is TextKind.MULTILINE:
        return "textarea"
    return "text"


def _choice_widget(node: FieldNode, wanted: str) -> str:
    count = len(node.codes)
    if node.repeatable:
        few = count <= MOST_CHECKBOXES and wanted not in ("combobox", "select")
        return "checkboxes" if few or wanted == "checkboxes" else wanted or "combobox"
    if wanted in ("radios", "select", "combobox"):
        return wanted
    return "radios" if count <= MOST_RADIOS else "select" if count <= MOST_IN_SELECT else "combobox"


def is_entered_one_by_one(node: FieldNode, widget: str) -> bool:
    """Whether a repeatable field has one control per value (names `x.0`, `x.1`) instead of one for all."""
    return node.repeatable and widget not in ("checkboxes", "file", "locked")


class QuestionMaker:
    """Makes the questions of one page."""

    def __init__(
        self,
        plan: Plan,
        texts: Texts,
        typed: Mapping[str, Sequence[str]] | None,
        errors: Mapping[Path, Sequence[str]],
    ) -> None:
        self._plan = plan
        self._texts = texts
        self._typed = typed or {}
        self._errors = errors

    def typed_count(self, name: str) -> int:
        """How many entries of a repeat hold something typed."""
        prefix = f"{name}."
        indexes = [
            int(step)
            for key, values in self._typed.items()
            if key.startswith(prefix)
            and (step := key[len(prefix) :].partition(".")[0]).isdecimal()
            and any(value.strip() for value in values)
        ]
        return max(indexes, default=-1) + 1

    def question(self, node: Askable, scope: Scope) -> Question:
        """The question for a node of a scope."""
        path = scope.path_of(node)
        value = scope.kept_value(node)
        if (
            value is None
            and node in self._plan.default
            and not (isinstance(node, FieldNode) and node.is_fixed)
        ):
            value = self._default(node, scope)
        required = scope.required(node)
        if isinstance(node, GroupNode):
            parts = {part: str(number) for part, number in node.parts_of(value or {}).items()}
            return self._date(node, path, parts, required=required)
        return self._field(node, path, value, required=required, label=self._texts.label(node))

    def one_of(self, node: FieldNode, path: Path, value: Any, *, required: bool) -> Question:
        """The control for one value of a repeatable field; `path` ends in its index."""
        index = path[-1]
        number = index + 1 if isinstance(index, int) else 1
        label = message("numbered", self._texts.language, label=self._texts.label(node), number=number)
        return self._field(node, path, value, required=required, label=label, hint=False)

    def _default(self, node: Askable, scope: Scope) -> Any:
        if isinstance(node, GroupNode):
            return None
        return canonical_result(node, scope.result(self._plan.default[node]))

    def _field(
        self, node: FieldNode, path: Path, value: Any, *, required: bool, label: str, hint: bool = True
    ) -> Question:
        texts = self._texts
        widget = widget_of(node, self._plan)
        name = html_name(path)
        if widget == "date":
            parts = dict(zip(PARTS, _date_parts(value), strict=True)) if value else {}
            return self._date(node, path, parts, required=required)
        field = self._plan.fields.get(node.address, DEFAULT_FIELD)
        hint_text = texts.help(node) if hint else ""
        if widget == "file" and not hint_text and (node.max_size or node.media_types):
            hint_text = self._file_hint(node)
        errors = self._errors_at(path, node)
        typed = self._typed.get(name)
        identity = control_id(name)
        selected = self._selected(node, value, typed)
        options = self._options(node, widget, selected)
        input_type, inputmode, autocomplete = _KINDS.get(node.text_kind, ("text", "", ""))
        if node.datatype in _NUMBERS:
            inputmode = "numeric" if node.datatype is DataType.NUM_INT else "decimal"
        fieldset = widget in ("radios", "checkboxes")
        limit = (
            node.constraints.max_length if node.text_kind in (TextKind.PLAIN, TextKind.MULTILINE) else None
        )
        return Question(
            widget=widget,
            name=name,
            id=identity,
            path=path,
            label=label,
            hint=hint_text,
            details=texts.details(node) if hint else "",
            required=required,
            optional=not required and widget != "locked",
            fieldset=fieldset,
            value=self._shown_value(node, widget, value, typed),
            options=options,
            files=self._files(node, path, value) if widget == "file" else (),
            errors=errors,
            input_type=input_type,
            inputmode=inputmode,
            autocomplete=field.autocomplete or (autocomplete if len(path) == 1 else ""),
            max_length=limit if node.datatype in (DataType.TEXT, DataType.TEXT_LATIN) else None,
            rows=_rows(node) if widget == "textarea" else 1,
            spellcheck=node.text_kind in (TextKind.PLAIN, TextKind.MULTILINE),
            suffix="€" if node.datatype is DataType.NUM_CURRENCY else "",
            accept=",".join(node.media_types),
            max_size=node.max_size,
            multiple=node.repeatable,
            described_by=_described_by(identity, hint_text, errors),
            focus_id=f"{identity}-0" if fieldset or widget == "checkbox" else identity,
        )

    def _date(self, node: Askable, path: Path, parts: Mapping[str, str], *, required: bool) -> Question:
        name, language = html_name(path), self._texts.language
        identity = control_id(name)
        field = self._plan.fields.get(node.address, DEFAULT_FIELD)
        one_text = self._typed.get(name)
        keys = [child.key for child in node.date_parts] if isinstance(node, GroupNode) else PARTS
        boxes = tuple(
            DatePart(
                name=f"{name}.{key}",
                id=control_id(f"{name}.{key}"),
                label=message(_PART_LABEL[part], language),
                value=_last(self._typed.get(f"{name}.{key}"), parts.get(part, "")),
                max_length=_PART_LENGTH[part],
                autocomplete=f"bday-{_PART_LABEL[part]}" if field.autocomplete == "bday" else "",
            )
            for part, key in zip(PARTS, keys, strict=True)
        )
        errors = self._errors_at(path, node)
        hint = self._texts.help(node) or message("hint.date", language)
        return Question(
            widget="date",
            name=name,
            id=identity,
            path=path,
            label=self._texts.label(node),
            hint=hint,
            details=self._texts.details(node),
            required=required,
            optional=not required,
            fieldset=True,
            value=_last(one_text, ""),
            parts=boxes,
            errors=errors,
            inputmode="numeric",
            autocomplete=field.autocomplete,
            described_by=_described_by(identity, hint, errors),
            focus_id=boxes[0].id,
        )

    def _errors_at(self, path: Path, node: Askable) -> tuple[str, ...]:
        """The errors of a question: its own, those of its date parts, and those of its values where it holds all."""
        found = list(self._errors.get(path, ()))
        collects = isinstance(node, GroupNode) or (node.repeatable and not isinstance(path[-1], int))
        if collects:
            for other, messages in self._errors.items():
                if len(other) == len(path) + 1 and other[: len(path)] == path:
                    found += messages
        return tuple(dict.fromkeys(found))

    def _selected(self, node: FieldNode, value: Any, typed: Sequence[str] | None) -> frozenset[str]:
        if typed is not None:
            return frozenset(typed)
        if value is None:
            return frozenset()
        language = self._texts.language
        values = value if isinstance(value, list) else [value]
        return frozenset(input_value(node, item, language) for item in values)

    def _options(self, node: FieldNode, widget: str, selected: frozenset[str]) -> tuple[Option, ...]:
        language = self._texts.language
        if node.is_choice and widget != "locked":
            return _marked(self._texts.options(node), node.code_index, selected)
        if widget == "radios":
            return tuple(
                Option(value, message(word, language), checked=value in selected)
                for value, word in (("true", "yes"), ("false", "no"))
            )
        if widget == "checkbox":
            return (Option("true", self._texts.label(node), checked="true" in selected),)
        return ()

    def _shown_value(self, node: FieldNode, widget: str, value: Any, typed: Sequence[str] | None) -> str:
        if widget == "locked":
            values = value if isinstance(value, list) else [] if value is None else [value]
            names = self._texts.code_names(node) if node.is_choice else None
            return ", ".join(format_value(node, item, self._texts.language, names) for item in values)
        if typed is not None:
            return _last(typed, "")
        return (
            "" if value is None or isinstance(value, list) else input_value(node, value, self._texts.language)
        )

    def _files(self, node: FieldNode, path: Path, value: Any) -> tuple[FileItem, ...]:
        language = self._texts.language
        files = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        return tuple(
            FileItem(
                id=file["id"],
                name=file["name"],
                size=show_size(file["size"], language),
                media_type=file["media_type"],
                remove=html_name((*path, index) if node.repeatable else path),
                remove_label=message("remove", language, label=file["name"]),
            )
            for index, file in enumerate(files)
        )

    def _file_hint(self, node: FieldNode) -> str:
        language = self._texts.language
        size = show_size(node.max_size, language) if node.max_size else ""
        types = show_media_types(node.media_types)
        if size and types:
            return message("hint.file", language, maximum=size, types=types)
        return message("hint.file.size", language, maximum=size) if size else types


def _marked(
    options: tuple[Option, ...], index: Mapping[str, int], selected: frozenset[str]
) -> tuple[Option, ...]:
    positions = [index[code] for code in selected if code in index]
    if not positions:
        return options
    marked = list(options)
    for position in positions:
        marked[position] = replace(marked[position], checked=True)
    return tuple(marked)


def _date_parts(iso: str) -> tuple[str, str, str]:
    year, month, day = iso.split("-")
    return str(int(day)), str(int(month)), str(int(year))


def _last(values: Sequence[str] | None, otherwise: str) -> str:
    return values[-1] if values else otherwise


def _rows(node: FieldNode) -> int:
    length = node.constraints.max_length or LONG_TEXT
    return max(3, min(10, length // 100))


def _described_by(identity: str, hint: str, errors: Sequence[str]) -> str:
    return " ".join(f"{identity}-{what}" for what, there in (("hint", hint), ("error", errors)) if there)
