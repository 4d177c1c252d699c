"""Where somebody stands in a form: pages and their state, what comes next, what is missing, what counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rathaus.forms.assessment import Assessment
from rathaus.forms.display import format_value
from rathaus.forms.evaluation import Evaluation, Visit
from rathaus.forms.keys import Answers, Path, format_path, get, walk
from rathaus.forms.messages import message
from rathaus.forms.plan import Page, Round
from rathaus.forms.problems import Problem
from rathaus.forms.review import ReviewSection, build_review
from rathaus.forms.scopes import RuleFailure, Scope
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode

Status = Literal["complete", "incomplete", "not_started"]
_MISSING = ("too_few", "choice.none")


@dataclass(frozen=True, slots=True)
class PageState:
    """One reachable page. `entry` names the entry it is asked for ("Gesellschafterin 2: Ada Lovelace").

    `status`: `complete` – nothing to mend, and answered, seen, or without a question that must be answered;
    `not_started` – nothing answered yet and not seen; `incomplete` – the rest.
    """

    key: str
    id: str
    title: str
    section: str
    status: Status
    missing: tuple[Path, ...]
    problems: tuple[Problem, ...]
    is_overview: bool
    entry: str
    entry_path: Path


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is: pages done of all that are reachable now."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down, so 100 means done."""
        return self.done * 100 // self.total if self.total else 100


class Journey:
    """The state of one application form for given answers; made by `Form.evaluate`, read only.

    `answers` are those that count: what no reachable page asks for is gone, fixed values are filled in.
    `problems` stop a submission, `notices` do not. `rule_failures` are rules that could not be evaluated (they read a
    date nobody answered) and so counted as not true: nothing for applicants, but for those who check a service.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        assessment: Assessment,
        texts: Texts,
        given: Answers,
        visited: Collection[str] | None,
        earlier: tuple[Problem, ...] = (),
    ) -> None:
        self.answers: Answers = evaluation.answers
        self.problems: tuple[Problem, ...] = (*earlier, *assessment.problems)
        self.notices: tuple[Problem, ...] = tuple(assessment.notices)
        self.language = texts.language
        self._evaluation = evaluation
        self._texts = texts
        self._given = given
        self._visits = {visit.key: visit for visit in evaluation.visits}
        self.pages: tuple[PageState, ...] = tuple(self._states(visited))
        self._positions = {page.key: position for position, page in enumerate(self.pages)}

    @property
    def rule_failures(self) -> tuple[RuleFailure, ...]:
        """Rules that counted as not true because they could not be evaluated: (scope, why)."""
        return tuple(self._evaluation.failures)

    @property
    def complete(self) -> bool:
        """Whether the answers can be submitted."""
        return not self.problems

    @property
    def missing(self) -> tuple[Path, ...]:
        """Paths of all answers that are required and not there."""
        return tuple(problem.path for problem in self.problems if is_missing(problem))

    @property
    def asked(self) -> tuple[str, ...]:
        """Template paths of all questions on reachable pages, in order; a list with pages of its own is one."""
        found: dict[str, None] = {}
        for visit in self._evaluation.visits:
            for _, ask in visit.asks:
                if not (isinstance(ask.node, FieldNode) and (ask.node.is_label or ask.node.is_fixed)):
                    found[ask.node.address] = None
            found.update((group.address, None) for _, group in visit.repeats)
        return tuple(found)

    @property
    def progress(self) -> Progress:
        """How many pages are done."""
        return Progress(sum(page.status == "complete" for page in self.pages), len(self.pages))

    @cached_property
    def pruned(self) -> tuple[Path, ...]:
        """Paths of the given answers that do not count, because no reachable page asks for them."""
        return tuple(
            path for path, value in walk(self._given) if get(self.answers, path) is None and value != ""
        )

    @cached_property
    def review(self) -> tuple[ReviewSection, ...]:
        """Check your answers: every question that was asked, with its answer and where to change it."""
        return build_review(self._evaluation.visits, self._texts, self.entry_name)

    def locate(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Problems found elsewhere, with the pages that ask for their paths."""
        return self._evaluation.locate(problems)

    def page(self, key: str) -> PageState | None:
        """The state of a page, None if it is not reachable."""
        position = self._positions.get(key)
        return None if position is None else self.pages[position]

    def visit(self, key: str) -> Visit | None:
        """The visible questions of a reachable page."""
        return self._visits.get(key)

    @property
    def first_page(self) -> str | None:
        """Where to begin."""
        return self.pages[0].key if self.pages else None

    @property
    def first_open(self) -> str | None:
        """The first page that is not complete: where to resume. None: everything is answered, go to the review."""
        return next((page.key for page in self.pages if page.status != "complete"), None)

    def next_page(self, key: str) -> str | None:
        """The page after this one; None: the review.

        From an overview to the first entry that is not complete, else past the round; from the last page of an entry
        back to the overview, where more entries can be added. From a page that is no longer reachable to the first
        open one.
        """
        position = self._positions.get(key)
        if position is None:
            return self.first_open
        visit = self._visits[key]
        following = self.pages[position + 1 :]
        if self.pages[position].is_overview:
            inside = [page for page in following if self._is_inside(page.key, visit)]
            unfinished = next((page.key for page in inside if page.status != "complete"), None)
            if unfinished:
                return unfinished
            outside = following[len(inside) : len(inside) + 1]
            if outside:
                return self._entered_from(visit, outside[0].key)
            return visit.rounds[-1].key if visit.rounds else None
        if not following:
            return visit.rounds[-1].key if visit.rounds else None
        return self._entered_from(visit, following[0].key)

    def _entered_from(self, visit: Visit, following: str) -> str:
        """The page that follows, or the innermost overview whose current entry ends between the two."""
        after = self._visits[following]
        for overview in reversed(visit.rounds):
            entry = visit.scope.path[: len(overview.scope.path_of(overview.repeats[0][1])) + 1]
            if after.scope.path[: len(entry)] != entry:
                return overview.key
        return following

    @staticmethod
    def _is_inside(key: str, overview: Visit) -> bool:
        return key.startswith(f"{overview.key}.")

    def previous_page(self, key: str) -> str | None:
        """The page before this one; None: the start of the form. From outside of a round to its overview."""
        position = self._positions.get(key)
        if not position:
            return None
        visit = self._visits[key]
        before = self._visits[self.pages[position - 1].key]
        own = {id(overview) for overview in visit.rounds}
        if visit.rounds and before.scope.path != visit.scope.path and len(before.rounds) >= len(visit.rounds):
            return visit.rounds[-1].key
        left = next((overview for overview in before.rounds if id(overview) not in own), None)
        return left.key if left is not None and left is not visit else before.key

    def entry_pages(self, overview: str, index: int) -> tuple[PageState, ...]:
        """The pages of one entry of an overview, in order."""
        return tuple(page for page in self.pages if page.key.startswith(f"{overview}.{index}."))

    def entry_name(self, scope: Scope, round_: Round | None) -> str:
        """What an entry is called: by the values of `entry_name`, else by its number."""
        texts = self._texts
        label = texts.page(round_.definition, "entry_label") if round_ else ""
        label = label or texts.label(scope.node)
        names = [
            format_value(node, value, texts.language, texts.code_names(node) if node.is_choice else None)
            for key in (round_.definition.entry_name if round_ else ())
            if isinstance(node := scope.node.by_key.get(key), FieldNode)
            and not node.repeatable
            and (value := scope.kept.get(key)) is not None
        ]
        index = scope.path[-1]
        number = index + 1 if isinstance(index, int) else 1
        numbered = message("numbered", texts.language, label=label, number=number)
        return message("named", texts.language, label=numbered, name=" ".join(names)) if names else numbered

    def _states(self, visited: Collection[str] | None) -> list[PageState]:
        found: dict[str | None, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(problem.page, []).append(problem)
        return [
            self._state(visit, tuple(found.get(visit.key, ())), visited) for visit in self._evaluation.visits
        ]

    def _state(
        self, visit: Visit, problems: tuple[Problem, ...], visited: Collection[str] | None
    ) -> PageState:
        page = visit.page
        definition = page.definition
        if isinstance(page, Round):
            title = self._texts.page(definition, "overview_title") or self._texts.page(
                definition, "entry_label"
            )
            title = title or self._texts.label(page.node)
        else:
            title = self._texts.page(definition, "title")
        seen = visited is None or visit.key in visited
        status: Status
        # A page that demands nothing – a list that may stay empty, a note to read – is done when it was seen.
        if not problems and (seen or _answered(visit)):
            status = "complete"
        else:
            status = "incomplete" if _answered(visit) or (visited is not None and seen) else "not_started"
        round_ = visit.rounds[-1].page if visit.rounds else None
        entry = self.entry_name(visit.scope, round_) if isinstance(round_, Round) else ""
        return PageState(
            key=visit.key,
            id=page.id if isinstance(page, Page) else page.node.address,
            title=title,
            section=self._texts.page(definition, "section"),
            status=status,
            missing=tuple(problem.path for problem in problems if is_missing(problem)),
            problems=problems,
            is_overview=isinstance(page, Round),
            entry=entry,
            entry_path=visit.scope.path,
        )

    def __repr__(self) -> str:
        places = ", ".join(format_path(path) for path in self.missing)
        return f"<Journey {self.progress.done}/{self.progress.total}, missing: {places or 'nothing'}>"


def _answered(visit: Visit) -> bool:
    """Whether somebody answered something: values that the form itself gives are nobody's answers."""
    return any(
        scope.kept_value(ask.node) is not None
        for scope, ask in visit.asks
        if not (isinstance(ask.node, FieldNode) and ask.node.is_fixed)
    ) or any(scope.entries(group) for scope, group in visit.repeats)


def is_missing(problem: Problem) -> bool:
    """Whether a problem is an answer that is not there (rather than one that is wrong)."""
    return problem.code.startswith("required") or problem.code in _MISSING
