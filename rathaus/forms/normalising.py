"""Answers as JSON, from anywhere: brought into canonical form where they can be, every violation named.

Tolerated are typed texts for any single value (`"1.234,50"`, `"3.4.1990"`, `"ja"`), JSON numbers for numbers, and null
for unanswered. Everything else must have the shape of the schema: unknown keys, wrong types, values out of their
limits and unknown codes are problems, and the value is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rathaus.forms.assessment import problem_text
from rathaus.forms.keys import Answers, Path, quotable
from rathaus.forms.messages import message
from rathaus.forms.plan import Plan
from rathaus.forms.problems import Problem
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode, Node
from rathaus.forms.values import ValueProblem, json_type, read_json

MAX_PROBLEMS = 1000
"""After that many problems nobody reads on; a hostile document shall not make a long answer."""
MAX_ITEMS = 1000
"""Entries of one list, where the schema sets no limit."""


class Normaliser:
    """Brings one JSON value into canonical form; `problems` holds what was wrong."""

    def __init__(self, plan: Plan, texts: Texts, today: date) -> None:
        self.problems: list[Problem] = []
        self._plan = plan
        self._texts = texts
        self._today = today

    def normalise(self, answers: object) -> Answers:
        """The canonical answers, without what was refused."""
        root = self._plan.tree.root
        if not isinstance(answers, Mapping):
            self._refuse(
                root, (), ValueProblem("json.type", {"expected": "object", "found": json_type(answers)})
            )
            return {}
        return self._group(root, answers, ())

    def _group(self, group: GroupNode, given: Mapping[Any, Any], path: Path) -> Answers:
        answers: Answers = {}
        for key in given:
            child = group.by_key.get(key) if isinstance(key, str) else None
            if child is None or (isinstance(child, FieldNode) and child.is_label):
                unknown = quotable(str(key))
                text = message("json.unknown", self._texts.language, key=unknown)
                self._add(Problem((*path, unknown), "json.unknown", text, {"key": unknown}))
        for child in group.children:
            value = given.get(child.key)
            if value is None or (isinstance(child, FieldNode) and child.is_label):
                continue
            canonical = self._node(child, value, (*path, child.key))
            if canonical is not None:
                answers[child.key] = canonical
        return answers

    def _node(self, node: FieldNode | GroupNode, value: object, path: Path) -> Any:
        if not node.repeatable:
            return self._single(node, value, path)
        if not isinstance(value, list):
            self._refuse(
                node, path, ValueProblem("json.type", {"expected": "array", "found": json_type(value)})
            )
            return None
        if len(value) > MAX_ITEMS and node.maximum is None:
            surplus = len(value) - MAX_ITEMS
            self._refuse(node, path, ValueProblem("too_many", {"maximum": MAX_ITEMS, "surplus": surplus}))
            return None
        items = [self._single(node, item, (*path, index)) for index, item in enumerate(value)]
        return [item for item in items if item is not None] or None

    def _single(self, node: FieldNode | GroupNode, value: object, path: Path) -> Any:
        if isinstance(node, GroupNode):
            if isinstance(value, Mapping):
                inner = self._group(node, value, path)
                return inner if inner or node.repeatable else None
            self._refuse(
                node, path, ValueProblem("json.type", {"expected": "object", "found": json_type(value)})
            )
            return {} if node.repeatable else None
        parsed = read_json(node, value, self._today, self._texts.language)
        if isinstance(parsed, ValueProblem):
            self._refuse(node, path, parsed)
            return None
        content = self._plan.content.get(node)
        if content is not None and parsed != content and not node.repeatable:
            self._refuse(node, path, ValueProblem("json.fixed"))
        return parsed

    def _refuse(self, node: Node, path: Path, found: ValueProblem) -> None:
        self._add(Problem(path, found.code, problem_text(node, found, self._texts), found.params))

    def _add(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
