"""Reading a posted page: only what this page asks for, merged into the answers; everything else stays untouched.

A control that was not posted changes nothing, so a page sent from an old tab cannot erase what it did not show – except
boxes to tick, which browsers do not send when they are empty. Entries are removed by `remove_entry` only. A refused
value comes back as typed, and the answer it was to replace is gone: nobody shall submit what they wanted to change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rathaus.forms.assessment import problem_text
from rathaus.forms.dates import PARTS, DateError, full_year, read_boxes, read_month
from rathaus.forms.keys import Answers, Path, delete, get, html_name, put
from rathaus.forms.plan import Ask, Page, Plan, Several
from rathaus.forms.problems import Problem
from rathaus.forms.questions import is_entered_one_by_one, widget_of
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode, Node
from rathaus.forms.values import ValueProblem, parse_value

Posted = Mapping[str, Sequence[str]]
Files = Mapping[str, Sequence[Mapping[str, Any]]]
"""Uploaded and stored files by control name, as canonical file values."""

MAX_ENTRIES = 500
"""Entries one page takes where the schema sets no limit."""


class Submission:
    """Reads one posted page into `answers`, in place. `problems` and `typed` say what could not be taken."""

    def __init__(
        self, plan: Plan, texts: Texts, answers: Answers, posted: Posted, files: Files, today: date, page: str
    ) -> None:
        self.answers = answers
        self.problems: list[Problem] = []
        self.typed: dict[str, list[str]] = {}
        self._plan = plan
        self._texts = texts
        self._posted = posted
        self._files = files
        self._today = today
        self._page = page

    def read(self, holder: Page | Several, path: Path) -> None:
        """Read the questions of a page, or of an entry on it; `path` is the path of their scope."""
        for ask in holder.asks:
            self._ask(ask, path)
        for several in holder.repeats:
            self._entries(several, path)

    def _ask(self, ask: Ask, scope: Path) -> None:
        node = ask.node
        path = (*scope, *node.local)
        if isinstance(node, GroupNode):
            self._partial_date(node, path)
        elif node.is_label or node.is_fixed:
            return
        elif node.is_file:
            self._file(node, path)
        elif node.repeatable:
            self._values(node, path)
        else:
            self._value(node, path)

    def _take(self, name: str) -> list[str] | None:
        found = self._posted.get(name)
        if found is None:
            return None
        self.typed[name] = list(found)
        return self.typed[name]

    def _store(self, path: Path, value: Any) -> None:
        if value is None or value in ([], {}):
            delete(self.answers, path)
        else:
            put(self.answers, path, value)

    def _refuse(self, node: Node, path: Path, found: ValueProblem) -> None:
        text = problem_text(node, found, self._texts)
        self.problems.append(Problem(path, found.code, text, found.params, "error", self._page))

    def _value(self, node: FieldNode, path: Path) -> None:
        widget = widget_of(node, self._plan)
        name = html_name(path)
        if widget == "date" and name not in self._posted:
            self._date(node, path)
            return
        typed = self._take(name)
        if typed is None:
            if widget == "checkbox":
                self.typed[name] = []
                delete(self.answers, path)
            return
        value = parse_value(node, typed[-1] if typed else "", self._today, self._texts.language)
        if isinstance(value, ValueProblem):
            self._refuse(node, path, value)
            delete(self.answers, path)
        elif value is False and widget == "checkbox":
            delete(self.answers, path)
        else:
            self._store(path, value)

    def _boxes(self, path: Path, keys: Sequence[str] = PARTS) -> dict[str, str] | None:
        """What was typed for day, month and year, whose controls are named by `keys`."""
        boxes = {part: self._take(html_name((*path, key))) for part, key in zip(PARTS, keys, strict=True)}
        if all(values is None for values in boxes.values()):
            return None
        return {part: values[-1].strip() if values else "" for part, values in boxes.items()}

    def _date(self, node: FieldNode, path: Path) -> None:
        boxes = self._boxes(path)
        if boxes is None:
            return
        try:
            day = read_boxes(boxes, self._today)
        except DateError as error:
            self._refuse(node, path, ValueProblem(error.key, error.params))
            delete(self.answers, path)
            return
        value = parse_value(node, day.isoformat(), self._today, self._texts.language) if day else None
        if isinstance(value, ValueProblem):
            self._refuse(node, path, value)
            delete(self.answers, path)
        else:
            self._store(path, value)

    def _partial_date(self, node: GroupNode, path: Path) -> None:
        boxes = self._boxes(path, [child.key for child in node.date_parts])
        if boxes is None:
            return
        parts: dict[str, Any] = {}
        for (part, text), child in zip(boxes.items(), node.date_parts, strict=True):
            if not text or text.strip("0") == "":
                continue  # registers write an unknown day or month as 00
            value = self._date_part(child, part, text)
            if isinstance(value, ValueProblem):
                self._refuse(child, (*path, child.key), value)
            else:
                parts[child.key] = value
        self._store(path, parts)

    def _date_part(self, child: FieldNode, part: str, text: str) -> Any:
        try:
            if part == "jahr" and text.isdecimal():
                text = str(full_year(text, self._today))
        except DateError as error:
            return ValueProblem(error.key)
        if part == "monat":
            text = str(read_month(text) or text)
        return parse_value(child, text, self._today, self._texts.language)

    def _values(self, node: FieldNode, path: Path) -> None:
        widget = widget_of(node, self._plan)
        name = html_name(path)
        if is_entered_one_by_one(node, widget):
            self._numbered_values(node, path)
            return
        typed = self._take(name)
        if typed is None:
            self.typed[name] = typed = []
        values = self._parsed(node, path, [((), text) for text in typed])
        self._store(path, list(dict.fromkeys(values)))

    def _numbered_values(self, node: FieldNode, path: Path) -> None:
        indexes = self._indexes(path)
        if not indexes:
            return
        taken = [(index, self._take(html_name((*path, index))) or [""]) for index in indexes]
        self._store(path, self._parsed(node, path, [((index,), texts[-1]) for index, texts in taken]))

    def _parsed(self, node: FieldNode, path: Path, typed: list[tuple[Path, str]]) -> list[Any]:
        """The values that could be taken."""
        values = []
        for more, text in typed:
            value = parse_value(node, text, self._today, self._texts.language)
            if isinstance(value, ValueProblem):
                self._refuse(node, (*path, *more), value)
            elif value is not None:
                values.append(value)
        return values

    def _file(self, node: FieldNode, path: Path) -> None:
        """Files are added to a repeatable field, and replace the one of any other. They are removed by their button."""
        uploaded = self._files.get(html_name(path), ())
        good = []
        for file in uploaded:
            value = parse_value(node, file, self._today, self._texts.language)
            if isinstance(value, ValueProblem):
                self._refuse(node, path, value)
            elif value is not None:
                good.append(value)
        if good:
            stored = get(self.answers, path)
            earlier = stored if node.repeatable and isinstance(stored, list) else []
            self._store(path, [*earlier, *good] if node.repeatable else good[-1])

    def _indexes(self, path: Path) -> list[int]:
        prefix = f"{html_name(path)}."
        found = {
            int(step)
            for name in self._posted
            if name.startswith(prefix)
            and (step := name[len(prefix) :].partition(".")[0]).isdecimal()
            and len(step) < 6
        }
        return sorted(found)[:MAX_ENTRIES]

    def _entries(self, several: Several, scope: Path) -> None:
        node = several.node
        path = (*scope, *node.local)
        stored = get(self.answers, path)
        count = len(stored) if isinstance(stored, list) else 0
        for index in self._indexes(path):
            if index < count:
                self.read(several, (*path, index))
            elif index < node.minimum or self._something_typed((*path, index)):
                if index > count:
                    self._renumber(path, index, count)
                put(self.answers, (*path, count), {})
                self.read(several, (*path, count))
                count += 1

    def _something_typed(self, entry: Path) -> bool:
        prefix = f"{html_name(entry)}."
        return any(
            name.startswith(prefix) and any(map(str.strip, values)) for name, values in self._posted.items()
        )

    def _renumber(self, path: Path, index: int, count: int) -> None:
        """Entries follow each other without gaps: what was posted as a later one becomes the next."""
        old, new = f"{html_name((*path, index))}.", f"{html_name((*path, count))}."
        self._posted = {
            (new + name[len(old) :] if name.startswith(old) else name): values
            for name, values in self._posted.items()
            if not name.startswith(new)
        }
