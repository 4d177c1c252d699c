"""Check your answers: every question somebody was asked, with the answer as people read it and where to change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rathaus.forms.dates import show_partial_date
from rathaus.forms.display import format_value
from rathaus.forms.evaluation import Visit
from rathaus.forms.keys import Path, html_name
from rathaus.forms.plan import Round
from rathaus.forms.scopes import Scope
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One question: `value` as people read it (several values one per line), empty if unanswered.

    `group` is the heading of the group or entry inside the page it belongs to, empty for the page's own questions.
    """

    path: Path
    name: str
    label: str
    value: str
    page: str
    group: str = ""

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The questions of one page; `entry` names the entry it was asked for."""

    key: str
    title: str
    entry: str
    entries: tuple[ReviewEntry, ...]


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """Consecutive pages of the same section."""

    title: str
    pages: tuple[ReviewPage, ...]

    @property
    def entries(self) -> tuple[ReviewEntry, ...]:
        """All questions of the section."""
        return tuple(entry for page in self.pages for entry in page.entries)


def show_answer(node: FieldNode | GroupNode, value: Any, texts: Texts) -> str:
    """The answer to one question as people read it; several values one per line."""
    if value is None:
        return ""
    if isinstance(node, GroupNode):
        return show_partial_date(node.parts_of(value), texts.language)
    names = texts.code_names(node) if node.is_choice else None
    values = value if node.repeatable else [value]
    return "\n".join(format_value(node, item, texts.language, names) for item in values)


def build_review(
    visits: Sequence[Visit], texts: Texts, entry_name: Callable[[Scope, Round | None], str]
) -> tuple[ReviewSection, ...]:
    """The review of the reachable pages, in their order."""
    sections: list[tuple[str, list[ReviewPage]]] = []
    for visit in visits:
        title = texts.page(visit.page.definition, "section")
        if not sections or sections[-1][0] != title:
            sections.append((title, []))
        page = _page(visit, texts, entry_name)
        if page.entries:
            sections[-1][1].append(page)
    return tuple(ReviewSection(title, tuple(pages)) for title, pages in sections if pages)


def _page(visit: Visit, texts: Texts, entry_name: Callable[[Scope, Round | None], str]) -> ReviewPage:
    entries = [
        ReviewEntry(
            scope.path_of(ask.node),
            html_name(scope.path_of(ask.node)),
            texts.label(ask.node),
            show_answer(ask.node, scope.kept_value(ask.node), texts),
            visit.key,
            entry_name(scope, None) if scope is not visit.scope else "",
        )
        for scope, ask in visit.asks
        if not (isinstance(ask.node, FieldNode) and ask.node.is_label)
    ]
    round_ = visit.rounds[-1].page if visit.rounds else None
    entry = entry_name(visit.scope, round_) if isinstance(round_, Round) else ""
    return ReviewPage(visit.key, texts.page(visit.page.definition, "title"), entry, tuple(entries))
