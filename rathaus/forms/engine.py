"""The form engine's door: `Form`.

    tree = SchemaTree.build(schema, code_lists)
    form = Form.compile(tree, FormDefinition.from_toml(data, text), {"en": …, "de-simple": …})
    journey = form.evaluate(answers, town=town, today=today, language="de")
    page = form.page("person", answers, town=town, today=today, language="de")
    result = form.submit_page("person", answers, posted, town=town, today=today, language="de")
    accepted = form.accept(json_answers, town=town, today=today, language="de")

A form is immutable and safe to share between threads. All functions are functions of their arguments: no clock, no
database; given answers are never changed. Language is `de`, `en` or `de-simple`; a language the form has no texts for
speaks German.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rathaus.forms import jsonschema
from rathaus.forms.assessment import Assessor
from rathaus.forms.compiling import compile_plan, compile_texts
from rathaus.forms.definition import FormDefinition
from rathaus.forms.evaluation import evaluate
from rathaus.forms.journey import Journey
from rathaus.forms.keys import Answers, Path, copied, delete, get, path_from_html_name, put, template_of
from rathaus.forms.normalising import Normaliser
from rathaus.forms.pages import PageBuilder, Typed
from rathaus.forms.pageview import PageView
from rathaus.forms.plan import Page, Plan
from rathaus.forms.problems import DefinitionError, DefinitionProblem, Problem
from rathaus.forms.review import show_answer
from rathaus.forms.submission import MAX_ENTRIES, Files, Posted, Submission
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.rules.expressions import RuleError


@dataclass(frozen=True, slots=True)
class PageResult:
    """What came of a posted page.

    `answers` are to be stored as draft either way: without problems they are settled (unreachable answers gone), with
    problems they are the merged ones, so that a slip of the finger loses nothing on other pages. `typed` is what was
    typed, to be stored beside the draft and given to `Form.page` until the page has no problems; then it is empty.
    `problems` are those of this page. `next_page` is where to go without problems; None: the review.
    """

    answers: Answers
    problems: tuple[Problem, ...]
    typed: Mapping[str, list[str]]
    journey: Journey
    next_page: str | None

    @property
    def ok(self) -> bool:
        """Whether the page can be left behind."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whole answers, judged: `answers` count if there are no `problems`. `pruned` are paths that did not count."""

    answers: Answers
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    pruned: tuple[Path, ...]
    journey: Journey = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the answers can be submitted."""
        return not self.problems


class Form:
    """One form: a schema, the way through it, its texts. Made by `Form.compile`."""

    def __init__(self, plan: Plan, texts: Mapping[str, Texts], problems: Sequence[DefinitionProblem]) -> None:
        self.tree: SchemaTree = plan.tree
        self.problems: tuple[DefinitionProblem, ...] = tuple(problems)
        self.languages: tuple[str, ...] = tuple(texts)
        self._plan = plan
        self._texts = texts
        self._pages: dict[str, Page] = {page.id: page for page in plan.pages()}

    @classmethod
    def compile(
        cls,
        tree: SchemaTree,
        definition: FormDefinition,
        translations: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Form:
        """Compile a form; rules are compiled and type-checked here, once.

        `translations` are the parsed texts/form.<language>.toml by language. Raises `DefinitionError` with every
        problem if one is fatal; others (missing translations, warnings) stand in `problems`.
        """
        plan, problems = compile_plan(tree, definition)
        texts, more = compile_texts(plan, definition, translations or {})
        found = [*problems, *more]
        if any(problem.level == "fatal" for problem in found):
            raise DefinitionError(found)
        return cls(plan, texts, found)

    @property
    def page_ids(self) -> Collection[str]:
        """The ids of all pages: the last part of a page's key."""
        return self._pages.keys()

    @staticmethod
    def check(
        tree: SchemaTree,
        definition: FormDefinition,
        translations: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> list[DefinitionProblem]:
        """Everything wrong with a form, without raising: for `rathaus service check`."""
        try:
            return list(Form.compile(tree, definition, translations).problems)
        except DefinitionError as error:
            return error.problems

    def evaluate(
        self,
        answers: Answers,
        *,
        town: Mapping[str, Any],
        today: date,
        language: str = "de",
        visited: Collection[str] | None = None,
    ) -> Journey:
        """Where somebody stands: reachable pages, what counts, what is missing or wrong.

        `town` is the map rules know as `town`; `visited` the keys of pages already seen – without it, pages that may
        be left empty count as complete. Values that do not fit their field do not count and are among the problems.
        """
        texts = self._speak(language)
        try:
            evaluation = evaluate(self._plan, answers, town, today)
            assessment = Assessor(self._plan, evaluation, texts).assess()
            sound = not assessment.refused
        except (RuleError, TypeError, AttributeError, ValueError):
            sound = False
        earlier: tuple[Problem, ...] = ()
        if not sound:
            # Only answers that do not fit the schema get here; sort them out value by value.
            normaliser = Normaliser(self._plan, texts, today)
            evaluation = evaluate(self._plan, normaliser.normalise(answers), town, today)
            assessment = Assessor(self._plan, evaluation, texts).assess()
            # What fits no field and no page asks for does not count anyway: nobody could mend it.
            located = evaluation.locate(normaliser.problems)
            earlier = tuple(problem for problem in located if problem.page is not None)
            assessment.problems = [found for found in assessment.problems if not _repeats(found, earlier)]
        return Journey(evaluation, assessment, texts, answers, visited, earlier)

    def page(
        self,
        key: str,
        answers: Answers,
        *,
        town: Mapping[str, Any],
        today: date,
        language: str = "de",
        typed: Typed | None = None,
        problems: Sequence[Problem] = (),
        journey: Journey | None = None,
    ) -> PageView:
        """A page ready to print. Raises `KeyError` if it is not reachable with these answers.

        `typed` and `problems` are those of a `PageResult`, to show the page again as it was typed; `journey`, if there
        is one for these answers already, saves evaluating.
        """
        current = journey or self.evaluate(answers, town=town, today=today, language=language)
        return PageBuilder(self._plan, self._speak(language), current, typed, problems).build(key)

    def submit_page(
        self,
        key: str,
        answers: Answers,
        posted: Posted,
        *,
        town: Mapping[str, Any],
        today: date,
        language: str = "de",
        files: Files | None = None,
        visited: Collection[str] | None = None,
    ) -> PageResult:
        """Take what was posted for one page. Raises `KeyError` for a key that is no page of the form.

        `posted` maps control names to the values sent; names that do not belong to the page are ignored. `files` maps
        control names to uploaded files (canonical file values, already stored and checked for content).
        """
        texts = self._speak(language)
        merged: Answers = copied(answers)
        found = self._page_of(key)
        submission = Submission(self._plan, texts, merged, posted, files or {}, today, key)
        if found is not None:
            page, scope = found
            if get(merged, scope) is not None:
                submission.read(page, scope)
        seen = None if visited is None else {*visited, key}
        journey = self.evaluate(merged, town=town, today=today, language=language, visited=seen)
        problems = [
            *submission.problems,
            *(
                problem
                for problem in journey.problems
                if problem.page == key and not _repeats(problem, submission.problems)
            ),
        ]
        if problems:
            return PageResult(merged, tuple(problems), submission.typed, journey, key)
        return PageResult(journey.answers, (), {}, journey, journey.next_page(key))

    def add_entry(self, answers: Answers, name: str) -> tuple[Answers, int]:
        """The answers with an empty entry more in the repeatable group of a control name, and its index.

        A repeatable field has no empty entry: nothing is added. Raises `KeyError` if there is no such repeat, or it
        holds as many entries as it may.
        """
        path, node = self._repeat(name)
        changed: Answers = copied(answers)
        entries = get(changed, path)
        count = len(entries) if isinstance(entries, list) else 0
        if count >= (node.maximum or MAX_ENTRIES):
            raise KeyError(name)
        if isinstance(node, GroupNode):
            put(changed, (*path, count), {})
        return changed, count

    def remove_entry(self, answers: Answers, name: str) -> Answers:
        """The answers without one entry (`gesellschafter.1`) or one file. Nothing happens if it is not there.

        Raises `KeyError` if the name is neither an entry of a repeat nor a file field.
        """
        path = path_from_html_name(name)
        node = self.tree.nodes.get(".".join(template_of(path)))
        is_file = isinstance(node, FieldNode) and node.is_file
        is_entry = node is not None and node.repeatable and isinstance(path[-1], int)
        if not (is_entry or (is_file and node is not None and not node.repeatable)):
            raise KeyError(name)
        changed: Answers = copied(answers)
        delete(changed, path)
        return changed

    def normalise(
        self, answers: object, *, today: date, language: str = "de"
    ) -> tuple[Answers, tuple[Problem, ...]]:
        """JSON in canonical form, and everything in it that does not fit the schema (which is left out)."""
        normaliser = Normaliser(self._plan, self._speak(language), today)
        return normaliser.normalise(answers), tuple(normaliser.problems)

    def accept(
        self, answers: object, *, town: Mapping[str, Any], today: date, language: str = "de"
    ) -> Acceptance:
        """Judge whole answers, canonical or tolerably close: shape, limits, codes, required answers, checks."""
        normaliser = Normaliser(self._plan, self._speak(language), today)
        canonical = normaliser.normalise(answers)
        journey = self.evaluate(canonical, town=town, today=today, language=language)
        refused = journey.locate(normaliser.problems)
        problems = (*refused, *(problem for problem in journey.problems if not _repeats(problem, refused)))
        return Acceptance(journey.answers, problems, journey.notices, journey.pruned, journey)

    def validate(
        self, answers: object, *, town: Mapping[str, Any], today: date, language: str = "de"
    ) -> list[Problem]:
        """Every violation of whole answers, with its path and how to mend it."""
        return list(self.accept(answers, town=town, today=today, language=language).problems)

    def json_schema(self, language: str = "de") -> dict[str, Any]:
        """The answers as JSON Schema 2020-12."""
        return jsonschema.json_schema(self._plan, self._speak(language))

    def display(self, address: str, value: Any, language: str = "de") -> str:
        """A canonical answer as people read it, by template path: for letters, lists and the workplace.

        Several values stand one per line. Raises `KeyError` for an unknown path.
        """
        return show_answer(self.tree.nodes[address], value, self._speak(language))

    def label(self, address: str, language: str = "de") -> str:
        """What the form calls a field or group. Raises `KeyError` for an unknown path."""
        return self._speak(language).label(self.tree.nodes[address])

    def _speak(self, language: str) -> Texts:
        return self._texts.get(language) or self._texts["de"]

    def _page_of(self, key: str) -> tuple[Page, Path] | None:
        """The page of a key and the path of its scope; None for the overview of a round. Raises `KeyError`."""
        path = path_from_html_name(key)
        page = self._pages.get(str(path[-1]))
        if (
            page is not None
            and template_of(path[:-1]) == page.scope.path
            and _is_scope(path[:-1], page.scope)
        ):
            return page, path[:-1]
        node = self.tree.nodes.get(".".join(template_of(path)))
        if isinstance(node, GroupNode) and node.repeatable and isinstance(path[-1], str):
            return None
        raise KeyError(key)

    def _repeat(self, name: str) -> tuple[Path, FieldNode | GroupNode]:
        path = path_from_html_name(name)
        node = self.tree.nodes.get(".".join(template_of(path)))
        if node is None or not node.repeatable or isinstance(path[-1], int):
            raise KeyError(name)
        return path, node

    def __repr__(self) -> str:
        return f"<Form {self.tree.root.id}: {len(self._pages)} pages>"


def _is_scope(path: Path, scope: GroupNode) -> bool:
    return not path or (isinstance(path[-1], int) and scope.parent is not None)


def _repeats(problem: Problem, refused: Sequence[Problem]) -> bool:
    """Whether a problem stands where a value was refused: the refusal says it better."""
    path = problem.path
    return any(
        path[: len(other.path)] == other.path or other.path[: len(path)] == path
        for other in refused
        if other.path and path
    )
