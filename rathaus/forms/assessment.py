"""What is wrong with settled answers: missing answers, broken limits, failed checks – each with its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rathaus.forms.dates import DateError, calendar_day
from rathaus.forms.display import show_media_types
from rathaus.forms.evaluation import Evaluation
from rathaus.forms.keys import Path
from rathaus.forms.messages import message
from rathaus.forms.plan import Askable, Check, Plan
from rathaus.forms.problems import Problem
from rathaus.forms.scopes import Scope
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode, Node
from rathaus.forms.values import ValueProblem, check_value, json_type
from rathaus.standards.xdatenfelder.model import DataType


@dataclass(slots=True)
class Assessment:
    """All problems in page order, then those of the whole form, and the notices of the form's checks."""

    problems: list[Problem]
    notices: list[Problem]
    refused: bool
    """Whether an answer is no value of its field at all, so that it cannot even be shown."""


def problem_text(node: Node, found: ValueProblem, texts: Texts) -> str:
    """The message of a refused value."""
    params = {"label": texts.label(node), "help": "", **found.params}
    if found.code == "text.pattern":
        params["help"] = texts.help(node)
    elif found.code == "json.type":
        params |= {part: message(f"type.{params[part]}", texts.language) for part in ("expected", "found")}
    elif found.code == "date.incomplete":
        params["missing"] = message(f"missing.{params['missing']}", texts.language)
    elif found.code == "file.type" and isinstance(node, FieldNode):
        params["types"] = show_media_types(node.media_types)
    return message(found.code, texts.language, **params)


def missing_code(node: Node, widget: str) -> str:
    """The key of the message for a required answer that is not there."""
    if isinstance(node, GroupNode):
        return "required.partial_date" if node.is_partial_date else "required.group"
    if not isinstance(node, FieldNode):
        return "required"
    if node.is_choice:
        return "required.choice"
    if node.is_file:
        return "required.file"
    if node.datatype is DataType.BOOL:
        return "required.confirm" if widget in ("checkbox", "checkboxes") else "required.bool"
    return "required.date" if node.datatype is DataType.DATE else "required"


def check_partial_date(node: GroupNode, value: Any, language: str) -> tuple[str | None, ValueProblem] | None:
    """What is wrong with a partial date, and with which of its parts; None: nothing."""
    if not isinstance(value, dict):
        return None, ValueProblem("json.type", {"expected": "object", "found": json_type(value)})
    for child in node.children:
        part = value.get(child.key)
        if part is not None and isinstance(child, FieldNode):
            found = check_value(child, part, language)
            if found is not None:
                return child.key, found
    day, month, year = (value.get(part.key) for part in node.date_parts)
    _, month_field, year_field = node.date_parts
    if day is not None and month is None:
        return month_field.key, ValueProblem("partial_date.month")
    if year is None:
        return year_field.key, ValueProblem("partial_date.year")
    try:
        calendar_day(day or 1, month or 1, year)
    except DateError as error:
        return None, ValueProblem(error.key)
    return None


class Assessor:
    """Finds the problems of one evaluation, in one language."""

    def __init__(self, plan: Plan, evaluation: Evaluation, texts: Texts) -> None:
        self._plan = plan
        self._evaluation = evaluation
        self._texts = texts
        self._problems: list[Problem] = []
        self._notices: list[Problem] = []
        self._unsettled: dict[str, list[Path]] = {}
        self._refused = False

    def assess(self) -> Assessment:
        """Every problem: per page in its order, then choices between groups, then checks."""
        for visit in self._evaluation.visits:
            for scope, group in visit.repeats:
                self._count(scope, group, len(scope.entries(group)), visit.key)
            for scope, ask in visit.asks:
                self._answer(scope, ask.node, visit.key)
        for group in self._plan.choices:
            for scope in self._evaluation.look.scopes.get(group if group.opens_scope else group.scope, ()):
                self._choice(scope, group)
        for check in self._plan.checks:
            for scope in self._evaluation.look.scopes.get(check.scope, ()):
                self._check(check, scope)
        return Assessment(self._problems, self._notices, self._refused)

    def _answer(self, scope: Scope, node: Askable, page: str) -> None:
        value = scope.kept_value(node)
        if value is None:
            if not (isinstance(node, FieldNode) and (node.is_label or node.is_fixed)) and scope.required(
                node
            ):
                widget = self._plan.fields[node.address].widget if node.address in self._plan.fields else ""
                self._add(scope, node, page, ValueProblem(missing_code(node, widget)))
        elif isinstance(node, GroupNode):
            wrong = check_partial_date(node, value, self._texts.language)
            if wrong is not None:
                self._refused |= not wrong[1].code.startswith(("partial_date", "date"))
                self._add(scope, node, page, wrong[1], (wrong[0],) if wrong[0] else ())
        elif not node.repeatable:
            found = check_value(node, value, self._texts.language)
            if found is not None:
                self._refused = True
                self._add(scope, node, page, found)
        else:
            self._values(scope, node, value, page)

    def _values(self, scope: Scope, node: FieldNode, values: Any, page: str) -> None:
        if not isinstance(values, list):
            self._add(
                scope,
                node,
                page,
                ValueProblem("json.type", {"expected": "array", "found": json_type(values)}),
            )
            return
        for index, value in enumerate(values):
            found = check_value(node, value, self._texts.language)
            self._refused |= found is not None
            if found is None and node.is_choice and value in values[:index]:
                found = ValueProblem(
                    "code.repeated", {"typed": self._texts.code_names(node).get(value, value)}
                )
            if found is not None:
                self._add(scope, node, page, found, (index,))
        self._count(scope, node, len(values), page)

    def _count(self, scope: Scope, node: Node, count: int, page: str) -> None:
        if node.maximum is not None and count > node.maximum:
            surplus = count - node.maximum
            self._add(
                scope, node, page, ValueProblem("too_many", {"maximum": node.maximum, "surplus": surplus})
            )
        elif count < max(node.minimum, 1) and (count or scope.required(node)):
            minimum = max(node.minimum, 1)
            self._add(scope, node, page, ValueProblem("too_few", {"minimum": minimum, "count": count}))

    def _choice(self, scope: Scope, group: GroupNode) -> None:
        kept = scope.kept_value(group) or {}
        filled = {key for key in kept if not _is_fixed(group, key)}
        # A choice may go over several pages: only the last of them knows that nothing was chosen, or the last filled
        # one that it was not the first.
        depth = len(group.path)
        asked = [
            (node.path[depth] if len(node.path) > depth else "", key)
            for node, key in scope.pages.items()
            if node.path[:depth] == group.path
        ]
        if len(filled) > 1:
            pages = [page for child, page in asked if child in filled] or [page for _, page in asked]
            problem = "choice.several"
        elif not filled and scope.active(group):
            pages, problem = [page for _, page in asked], "choice.none"
        else:
            return
        if pages:
            self._add(scope, group, pages[-1], ValueProblem(problem))

    def _check(self, check: Check, scope: Scope) -> None:
        targets = [(node, page) for node in check.targets if (page := _page_of(scope, node)) is not None]
        if check.targets and not targets:
            return
        if self._waits(check, scope) or (check.when is not None and not scope.holds(check.when)):
            return
        if scope.result(check.valid) is not False:
            return
        text = self._texts.check(check.id, check.message)
        places: list[tuple[Path, str | None]] = [(scope.path_of(node), page) for node, page in targets]
        for path, page in places or [((), None)]:
            problem = Problem(path, f"check.{check.id}", text, {}, check.level, page)
            (self._problems if check.level == "error" else self._notices).append(problem)

    def _waits(self, check: Check, scope: Scope) -> bool:
        """A check waits while an answer it reads is missing or refused: that is the thing to mend first."""
        for address, paths in self._unsettled.items():
            if check.looks_at(address) and any(
                path[: len(scope.path)] == scope.path or scope.path[: len(path)] == path for path in paths
            ):
                return True
        return False

    def _add(self, scope: Scope, node: Node, page: str, found: ValueProblem, more: Path = ()) -> None:
        text = problem_text(node, found, self._texts)
        path = (*scope.path_of(node), *more)
        self._problems.append(Problem(path, found.code, text, found.params, "error", page))
        self._unsettled.setdefault(node.address, []).append(scope.path)


def _is_fixed(group: GroupNode, key: str) -> bool:
    child = group.by_key[key]
    return isinstance(child, FieldNode) and child.is_fixed


def _page_of(scope: Scope, node: Askable) -> str | None:
    """The page that asks for a node in this scope; for a group, the page of its first visible question."""
    page = scope.pages.get(node)
    if page is None and isinstance(node, GroupNode):
        length = len(node.path)
        page = next((key for below, key in scope.pages.items() if below.path[:length] == node.path), None)
    return page
