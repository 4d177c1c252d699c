"""Building the view model of a page from its blocks, the answers, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rathaus.forms.journey import Journey
from rathaus.forms.keys import Path, html_name
from rathaus.forms.messages import message
from rathaus.forms.pageview import (
    Block,
    EntryBlock,
    GroupBlock,
    Overview,
    OverviewEntry,
    PageView,
    Question,
    RepeatBlock,
    SummaryItem,
    TextBlock,
)
from rathaus.forms.plan import Ask, Cluster, Page, Plan, Round
from rathaus.forms.plan import Block as PlanBlock
from rathaus.forms.problems import Problem
from rathaus.forms.questions import QuestionMaker, control_id, is_entered_one_by_one, widget_of
from rathaus.forms.scopes import Scope
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode

Typed = Mapping[str, Sequence[str]]


class PageBuilder:
    """Builds one page view for one journey."""

    def __init__(
        self, plan: Plan, texts: Texts, journey: Journey, typed: Typed | None, problems: Sequence[Problem]
    ) -> None:
        self._plan = plan
        self._texts = texts
        self._journey = journey
        self._errors: dict[Path, list[str]] = {}
        for problem in problems:
            self._errors.setdefault(problem.path, []).append(problem.message)
        self._problems = problems
        self._maker = QuestionMaker(plan, texts, typed, self._errors)
        self._focus: dict[Path, str] = {}
        self._has_files = False

    def build(self, key: str) -> PageView:
        """The view of a reachable page. Raises `KeyError` for any other."""
        visit = self._journey.visit(key)
        state = self._journey.page(key)
        if visit is None or state is None:
            raise KeyError(key)
        page = visit.page
        blocks: tuple[Block, ...] = ()
        overview = None
        if isinstance(page, Round):
            overview = self._overview(page, visit.scope, key)
            intro = self._texts.page(page.definition, "overview_intro")
        else:
            blocks = self._blocks(page.blocks, visit.scope)
            intro = self._texts.page(page.definition, "intro")
        position = next(
            number for number, other in enumerate(self._journey.pages, start=1) if other.key == key
        )
        return PageView(
            key=key,
            id=state.id,
            title=state.title,
            intro=intro,
            section=state.section,
            entry=state.entry,
            language=self._texts.language,
            number=position,
            total=len(self._journey.pages),
            previous=self._journey.previous_page(key),
            blocks=blocks,
            summary=tuple(self._summary_item(problem, page, key) for problem in self._problems),
            notices=tuple(notice for notice in self._journey.notices if notice.page == key),
            overview=overview,
            has_files=self._has_files,
        )

    def _summary_item(self, problem: Problem, page: Page | Round, key: str) -> SummaryItem:
        path: Path = problem.path
        if path not in self._focus:
            # A group of which the page asks a part: its first question. Else what the place lies in.
            path = next((place for place in self._focus if place[: len(path)] == path), path)
        while path and path not in self._focus:
            path = path[:-1]
        fallback = control_id(key) if isinstance(page, Round) else "main"
        return SummaryItem(problem.message, self._focus.get(path, fallback), problem.path)

    def _blocks(self, blocks: Sequence[PlanBlock], scope: Scope) -> tuple[Block, ...]:
        views: list[Block] = []
        for block in blocks:
            if not scope.shown(block.node):
                continue
            if isinstance(block, Ask):
                views.append(self._ask(block, scope))
            elif isinstance(block, Cluster):
                if inner := self._blocks(block.blocks, scope):
                    views.append(self._group(block.node, scope, inner))
            else:
                views.append(self._repeat(block.node, block.blocks, scope))
        return tuple(views)

    def _group(self, node: GroupNode, scope: Scope, inner: tuple[Block, ...]) -> GroupBlock:
        path = scope.path_of(node)
        name = control_id(html_name(path))
        self._focus[path] = name
        hint = self._texts.help(node)
        if node.is_choice and not hint:
            hint = message("choose_one", self._texts.language)
        return GroupBlock(
            name,
            self._texts.label(node),
            hint,
            self._texts.details(node),
            inner,
            tuple(self._errors.get(path, ())),
        )

    def _ask(self, ask: Ask, scope: Scope) -> Block:
        node = ask.node
        path = scope.path_of(node)
        if isinstance(node, FieldNode) and node.is_label:
            content = self._texts.content(node)
            return TextBlock(control_id(html_name(path)), self._texts.label(node), content)
        if isinstance(node, FieldNode) and is_entered_one_by_one(node, widget_of(node, self._plan)):
            return self._repeated_field(node, scope)
        question = self._maker.question(node, scope)
        self._has_files |= question.widget == "file"
        self._remember(question)
        return question

    def _remember(self, question: Question) -> None:
        self._focus[question.path] = question.focus_id
        for part in question.parts:
            self._focus[*question.path, part.name.rpartition(".")[2]] = part.id

    def _repeated_field(self, node: FieldNode, scope: Scope) -> RepeatBlock:
        """A repeatable field typed one value per control; there is always one empty control to add the next."""
        path = scope.path_of(node)
        name, label = html_name(path), self._texts.label(node)
        values = scope.kept_value(node) or []
        count = max(self._maker.typed_count(name), len(values) + 1, node.minimum)
        if node.maximum is not None:
            count = max(min(count, node.maximum), len(values))
        required = scope.required(node)
        entries = []
        for index in range(count):
            value = values[index] if index < len(values) else None
            question = self._maker.one_of(node, (*path, index), value, required=required and index == 0)
            self._focus[question.path] = question.focus_id
            if index == 0:
                self._focus[path] = question.focus_id
            remove = f"{name}.{index}" if index < len(values) else ""
            remove_label = message("remove", self._texts.language, label=question.label)
            entries.append(
                EntryBlock(f"{question.id}-entry", question.label, (question,), remove, remove_label)
            )
        language = self._texts.language
        return RepeatBlock(
            id=control_id(name),
            name=name,
            label=label,
            hint=self._texts.help(node),
            details=self._texts.details(node),
            entries=tuple(entries),
            can_add=node.maximum is None or count < node.maximum,
            add_label=message("add", language, label=label),
            required=required,
            optional=not required,
            errors=tuple(self._errors.get(path, ())),
        )

    def _repeat(self, node: GroupNode, blocks: Sequence[PlanBlock], scope: Scope) -> RepeatBlock:
        path = scope.path_of(node)
        name, label = html_name(path), self._texts.label(node)
        language = self._texts.language
        entries = list(scope.entries(node))
        required = scope.required(node)
        stored = len(entries)
        wanted = max(self._maker.typed_count(name), max(node.minimum, 1) if required else 0)
        while len(entries) < wanted and (node.maximum is None or len(entries) < node.maximum):
            entries.append(Scope(scope.look, node, (*path, len(entries)), {}, scope, real=False))
        self._focus[path] = control_id(name)
        views = []
        for index, entry in enumerate(entries):
            title = message("numbered", language, label=label, number=index + 1)
            inner = self._blocks(blocks, entry)
            remove = html_name(entry.path) if index < stored else ""
            remove_label = message("remove", language, label=title)
            views.append(EntryBlock(control_id(html_name(entry.path)), title, inner, remove, remove_label))
        return RepeatBlock(
            id=control_id(name),
            name=name,
            label=label,
            hint=self._texts.help(node),
            details=self._texts.details(node),
            entries=tuple(views),
            can_add=node.maximum is None or len(entries) < node.maximum,
            add_label=message("add", language, label=label),
            required=required,
            optional=not required,
            errors=tuple(self._errors.get(path, ())),
        )

    def _overview(self, round_: Round, scope: Scope, key: str) -> Overview:
        language = self._texts.language
        node = round_.node
        label = self._texts.page(round_.definition, "entry_label") or self._texts.label(node)
        entries = []
        for index, entry in enumerate(scope.entries(node)):
            pages = self._journey.entry_pages(key, index)
            unfinished = next((page for page in pages if page.status != "complete"), None)
            first = unfinished or (pages[0] if pages else None)
            name = self._journey.entry_name(entry, round_)
            entries.append(
                OverviewEntry(
                    index=index,
                    label=name,
                    status=unfinished.status if unfinished else "complete",
                    page=first.key if first else key,
                    remove=html_name(entry.path),
                    remove_label=message("remove", language, label=name),
                )
            )
        return Overview(
            name=html_name(scope.path_of(node)),
            entries=tuple(entries),
            can_add=node.maximum is None or len(entries) < node.maximum,
            add_label=message("add", language, label=label),
            minimum=max(node.minimum, 1) if scope.required(node) else 0,
            maximum=node.maximum,
        )
