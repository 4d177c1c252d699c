"""Answers begun with one version of a form, moved to another: what stays, what moves, what fits no more, what is new.

Nothing anybody answered is lost: every value is kept where it was, moved with its field, or set aside with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rathaus.forms.corresponding import correspondence
from rathaus.forms.engine import Form
from rathaus.forms.keys import Answers, Path, get, put, template_of
from rathaus.forms.tree import FieldNode, GroupNode
from rathaus.forms.values import ValueProblem, read_json

Why = Literal["gone", "refused"]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A value that has no place any more. `path` is where it was; `why`: its question is gone, or refuses it."""

    path: Path
    value: Any
    why: Why


@dataclass(frozen=True, slots=True)
class Moved:
    """Answers in a newer form. `kept` are paths of both, `moved` old path → new path; entries of a list one by one.

    `newly_open` are the template paths of questions that are asked now and were not before.
    """

    answers: Answers
    kept: tuple[Path, ...]
    moved: tuple[tuple[Path, Path], ...]
    set_aside: tuple[SetAside, ...]
    newly_open: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether nobody would notice: all answers are where they were, and nothing else is asked."""
        return not (self.moved or self.set_aside or self.newly_open)


class Move:
    """The way from one form to another, found once for any number of answers."""

    def __init__(self, old: Form, new: Form) -> None:
        self._old, self._new = old, new
        self.paths: Mapping[str, str] = correspondence(old.tree, new.tree)
        """Template path in the old form → template path in the new one."""

    def __call__(
        self, answers: Answers, *, town: Mapping[str, Any], today: date, language: str = "de"
    ) -> Moved:
        """Move canonical answers of the old form. What a form fills in by itself is not an answer and stays behind."""
        moved: Answers = {}
        kept: list[Path] = []
        ways: list[tuple[Path, Path]] = []
        aside: list[SetAside] = []
        for path, value in self._values(answers):
            node, target = self._target(path)
            if target is None or node is None:
                aside.append(SetAside(path, value, "gone"))
                continue
            fitting = self._fitting(path, node, value, today, language)
            place = None if fitting is None else _placed(moved, target, fitting)
            if place is None:
                aside.append(SetAside(path, value, "refused"))
            elif place == path:
                kept.append(path)
            else:
                ways.append((path, place))
        newly_open = self._newly_open(answers, moved, town, today)
        return Moved(moved, tuple(kept), tuple(ways), tuple(aside), newly_open)

    def target(self, path: Path) -> Path | None:
        """Where the new form asks for what the old one asked for at a path; None if it does not any more."""
        return self._target(path)[1]

    def _values(self, answers: Answers) -> Iterator[tuple[Path, Any]]:
        """Every single value somebody answered, with its path. A file is one value."""
        return _values(answers, (), self._old.tree.root)

    def _target(self, path: Path) -> tuple[FieldNode | None, Path | None]:
        """Where an answer belongs now; None if no question of the new form takes it."""
        address = self.paths.get(".".join(template_of(path)))
        node = self._new.tree.field(address) if address else None
        if node is None or node.is_label or node.is_fixed:
            return None, None
        steps: list[str | int] = []
        indexes = [step for step in path if isinstance(step, int)]
        for element in _way_to(node):
            steps.append(element.key)
            if element.repeatable:
                steps.append(indexes.pop(0) if indexes else 0)
        # Where one answer is left of what was a list, its first entry is it.
        return (None, None) if any(indexes) else (node, tuple(steps))

    def _fitting(self, path: Path, node: FieldNode, value: Any, today: date, language: str) -> Any:
        """The value as the field has it; None if it does not take it."""
        old = self._old.tree.field(".".join(template_of(path)))
        if old is not None and old.is_choice and not node.is_choice:
            return None  # a code says nothing without its list
        found = read_json(node, value, today, language)
        return None if isinstance(found, ValueProblem) else found

    def _newly_open(
        self, answers: Answers, moved: Answers, town: Mapping[str, Any], today: date
    ) -> tuple[str, ...]:
        before, after = (
            form.evaluate(given, town=town, today=today)
            for form, given in ((self._old, answers), (self._new, moved))
        )
        asked_before = {self.paths.get(address, "") for address in before.asked}
        missing_before = {self.paths.get(".".join(template_of(path)), "") for path in before.missing}
        missing = {".".join(template_of(path)) for path in after.missing}
        return tuple(
            address
            for address in after.asked
            if address not in asked_before or address in missing - missing_before
        )


def move(
    answers: Answers, old: Form, new: Form, *, town: Mapping[str, Any], today: date, language: str = "de"
) -> Moved:
    """Move one person's answers from a form to another (see `Move`)."""
    return Move(old, new)(answers, town=town, today=today, language=language)


def _values(value: Any, path: Path, node: FieldNode | GroupNode | None) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, (*path, index), node)
    elif isinstance(value, dict) and not (isinstance(node, FieldNode) and node.is_file):
        for key, inner in value.items():
            child = node.by_key.get(key) if isinstance(node, GroupNode) else None
            yield from _values(inner, (*path, key), child)
    elif value is not None and not (isinstance(node, FieldNode) and node.is_fixed):
        yield path, value


def _way_to(node: FieldNode | GroupNode) -> list[FieldNode | GroupNode]:
    """The groups around a node from the outside in, and the node."""
    way: list[FieldNode | GroupNode] = []
    here: FieldNode | GroupNode | None = node
    while here is not None and here.parent is not None:
        way.insert(0, here)
        here = here.parent
    return way


def _placed(answers: Answers, path: Path, value: Any) -> Path | None:
    """Put a value where nothing stands yet, and say where; None if something is there.

    Entries of a list that come before get room; single values close up behind those that were set aside.
    """
    for length, step in enumerate(path):
        if isinstance(step, int):
            count = len(get(answers, path[:length]) or ())
            if length == len(path) - 1:
                path = (*path[:length], min(step, count))
            else:
                for index in range(count, step):
                    put(answers, (*path[:length], index), {})
    if get(answers, path) is not None:
        return None
    put(answers, path, value)
    return path
