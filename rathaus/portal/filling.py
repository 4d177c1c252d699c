"""One draft being filled in, as one request sees it: its form, its language, the rules' context, and saving."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from rathaus.applications.models import Draft
from rathaus.applications.service import draft_for, save_page
from rathaus.catalogue.info import translated
from rathaus.catalogue.package import Package
from rathaus.catalogue.service import package_of
from rathaus.forms.engine import Form, PageResult
from rathaus.forms.journey import Journey
from rathaus.forms.keys import Answers
from rathaus.forms.pageview import Block, GroupBlock, PageView, Question, RepeatBlock
from rathaus.forms.problems import Problem
from rathaus.portal.browser import drafts_of
from rathaus.portal.requests import PortalRequest
from rathaus.towns.service import rule_context

Posted = Mapping[str, Sequence[str]]
Files = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass
class Filling:
    """A draft with everything needed to show and save its pages."""

    draft: Draft
    code: str
    package: Package
    language: str
    context: Mapping[str, Any]

    @property
    def form(self) -> Form:
        """The form of the version the draft was begun with."""
        return self.package.form

    @property
    def title(self) -> str:
        """What the service is called."""
        return translated(self.package.service.title, self.language)

    def journey(self) -> Journey:
        """Where the applicant stands."""
        return self.form.evaluate(
            self.draft.answers, visited=self.draft.visited, language=self.language, **self.context
        )

    def view(
        self, page: str, journey: Journey, typed: Posted | None = None, problems: Sequence[Problem] = ()
    ) -> PageView:
        """A page ready to print; raises `KeyError` if it is not reachable."""
        return self.form.page(
            page,
            journey.answers,
            typed=typed,
            problems=problems,
            journey=journey,
            language=self.language,
            **self.context,
        )

    def submit(self, page: str, answers: Answers, posted: Posted, files: Files) -> PageResult:
        """Judge what was posted for a page; raises `KeyError` if the form has no such page."""
        return self.form.submit_page(
            page,
            answers,
            posted,
            files=files,
            visited=self.draft.visited,
            language=self.language,
            **self.context,
        )

    def save(
        self,
        page: str,
        posted: Posted,
        files: Files,
        then: Callable[[PageResult], tuple[Answers, Posted]] | None = None,
    ) -> PageResult:
        """Judge and save a posted page, together with what `then` makes of it (an entry more or less).

        Raises `KeyError` for an unknown page or entry, `DraftGoneError` if the draft was sent or deleted meanwhile.
        """
        results: list[PageResult] = []
        # Filled by `change`, which runs again on the newest answers if another tab saved first.
        typed: dict[str, Sequence[str]] = {}

        def change(answers: Answers) -> Answers:
            result = self.submit(page, answers, posted, files)
            changed, kept = then(result) if then else (result.answers, result.typed)
            typed.clear()
            typed.update(kept)
            results.append(result)
            return changed

        save_page(self.draft, page, change, typed)
        return results[-1]


def own_draft(request: HttpRequest, key: str, draft_id: UUID) -> tuple[Draft, str] | None:
    """The draft with its resume code if it is one of this browser's and of this service, else None."""
    code = drafts_of(request).get(draft_id)
    if code is None:
        return None
    draft = draft_for(draft_id)
    if draft is None or draft.service.key != key:
        return None
    return draft, code


def filling_of(request: PortalRequest, key: str, draft_id: UUID) -> Filling | None:
    """The draft of this browser ready to be filled in, or None if this browser does not have it."""
    own = own_draft(request, key, draft_id)
    return filling_in(*own, request.content_language) if own else None


def filling_in(draft: Draft, code: str, language: str) -> Filling:
    """A draft ready to be filled in, today."""
    return Filling(draft, code, package_of(draft.service), language, rule_context(timezone.localdate()))


def asked_names(blocks: Sequence[Block]) -> list[str]:
    """The names of all questions in these blocks, those inside groups and entries too."""
    names: list[str] = []
    for block in blocks:
        if isinstance(block, Question):
            names.append(block.name)
        elif isinstance(block, GroupBlock):
            names += asked_names(block.blocks)
        elif isinstance(block, RepeatBlock):
            names.append(block.name)
            for entry in block.entries:
                names += asked_names(entry.blocks)
    return names


def without_entry(typed: Posted, name: str) -> dict[str, Sequence[str]]:
    """What was typed, after entry `name` (`partner.1`) of a repeat is gone: later entries move up by one."""
    repeat, _, last = name.rpartition(".")
    if not last.isdecimal():
        return dict(typed)
    removed, kept = int(last), {}
    for key, values in typed.items():
        step, dot, rest = key.removeprefix(f"{repeat}.").partition(".")
        if not key.startswith(f"{repeat}.") or not step.isdecimal() or int(step) < removed:
            kept[key] = values
        elif int(step) > removed:
            kept[f"{repeat}.{int(step) - 1}{dot}{rest}"] = values
    return kept


def draft_address(draft: Draft, key: str = "") -> str:
    """Where an application is gone on with."""
    return reverse("portal:draft", args=[key or draft.service.key, draft.pk])


def own_drafts(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """The applications for a service that were begun in this browser and not sent yet, the newest first."""
    remembered = list(drafts_of(request))
    if not remembered:
        return []
    own = Draft.objects.filter(pk__in=remembered, submitted_at=None, service__key=key)
    return [
        {"address": draft_address(draft, key), "updated_at": draft.updated_at}
        for draft in own.order_by("-updated_at")
    ]
