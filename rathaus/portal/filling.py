"""A form being filled in, as one request sees it: its language, the rules' context, and saving.

`Filling` says what pages need of whoever keeps the answers; `DraftFilling` keeps them in an applicant's draft.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from rathaus.applications.models import Draft
from rathaus.applications.service import (
    FileLimits,
    add_file,
    attachment_of,
    draft_for,
    file_answer,
    remove_attachment,
    save_page,
    set_language,
)
from rathaus.catalogue.info import translated
from rathaus.catalogue.package import Package
from rathaus.catalogue.service import live, package_of
from rathaus.forms.engine import Form, PageResult
from rathaus.forms.journey import Journey
from rathaus.forms.keys import Answers
from rathaus.forms.pageview import Block, GroupBlock, PageView, Question, RepeatBlock
from rathaus.forms.problems import Problem
from rathaus.forms.tree import FieldNode
from rathaus.portal.browser import drafts_of
from rathaus.portal.languages import remember_language
from rathaus.portal.requests import PortalRequest
from rathaus.towns.service import rule_context

Posted = Mapping[str, Sequence[str]]
Files = Mapping[str, Sequence[Mapping[str, Any]]]


_BREAK = timedelta(hours=1)


class Kept(Protocol):
    """What is kept of a form somebody fills in."""

    answers: Any
    typed: Any  # page key → HTML name → what was typed and did not pass yet
    visited: Any


@dataclass
class Filling(ABC):
    """A form with everything needed to show and save its pages, wherever the answers are kept."""

    page_template: ClassVar[str] = "portal/form_page.html"
    review_template: ClassVar[str] = "portal/review.html"

    package: Package
    language: str
    context: Mapping[str, Any]

    @property
    @abstractmethod
    def kept(self) -> Kept:
        """The answers so far, as they were read for this request."""

    @abstractmethod
    def keep(self, page: str, change: Callable[[Answers], Answers], typed: Posted) -> None:
        """Save what `change` makes of the newest answers; it may be called again if another tab was faster."""

    @abstractmethod
    def address(self, page: str | None, **query: str) -> str:
        """Where a page is; None: the review."""

    @property
    @abstractmethod
    def before(self) -> str:
        """What comes before the first page."""

    @abstractmethod
    def switch_language(self, request: PortalRequest, language: str, page: str | None) -> HttpResponse:
        """Go on in another language: to the same page."""

    @abstractmethod
    def store(self, name: str, node: FieldNode, file: UploadedFile[Any]) -> Mapping[str, str | int]:
        """Take a file that came with a page; the answer that names it. Raises `FileRefusedError`."""

    @abstractmethod
    def drop(self, file: str) -> None:
        """No answer names this file (its id) any more."""

    @property
    @abstractmethod
    def page_context(self) -> Mapping[str, Any]:
        """What only this way of filling in a form prints around its pages."""

    @property
    def form(self) -> Form:
        """The form that is filled in."""
        return self.package.form

    @property
    def title(self) -> str:
        """What the service is called."""
        return translated(self.package.service.title, self.language)

    def journey(self) -> Journey:
        """Where the applicant stands."""
        return self.form.evaluate(
            self.kept.answers, visited=self.kept.visited, language=self.language, **self.context
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
            visited=self.kept.visited,
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

        self.keep(page, change, typed)
        return results[-1]


@dataclass
class DraftFilling(Filling):
    """An application being filled in, in the version of the service it was begun with."""

    draft: Draft
    code: str

    @property
    def kept(self) -> Kept:
        return self.draft

    def keep(self, page: str, change: Callable[[Answers], Answers], typed: Posted) -> None:
        save_page(self.draft, page, change, typed)

    def address(self, page: str | None, **query: str) -> str:
        return page_address(self.draft, page, **query)

    @property
    def before(self) -> str:
        return reverse("portal:apply", args=[self.draft.service.key])

    def switch_language(self, request: PortalRequest, language: str, page: str | None) -> HttpResponse:
        set_language(self.draft, language)
        response = HttpResponseRedirect(self.address(page))
        remember_language(response, language, secure=request.is_secure())
        return response

    def store(self, name: str, node: FieldNode, file: UploadedFile[Any]) -> Mapping[str, str | int]:
        limits = FileLimits(node.max_size, node.media_types)
        return file_answer(
            add_file(self.draft, name, file.name or "", file.content_type or "", file.size or 0, file, limits)
        )

    def drop(self, file: str) -> None:
        if (attachment := attachment_of(self.draft, file)) is not None:
            remove_attachment(attachment)

    @property
    def page_context(self) -> Mapping[str, Any]:
        key = self.draft.service.key
        return {
            "service_key": key,
            "draft": self.draft,
            "resume_code": self.code,
            "uploads": reverse("portal:uploads", args=[key, self.draft.pk]),
        }


def page_address(draft: Draft, page: str | None, **query: str) -> str:
    """The address of a page of a draft; None: the review."""
    key = draft.service.key
    address = (
        reverse("portal:form_page", args=[key, draft.pk, page])
        if page
        else reverse("portal:review", args=[key, draft.pk])
    )
    return f"{address}?{urlencode(query)}" if query else address


def own_draft(request: HttpRequest, key: str, draft_id: UUID) -> tuple[Draft, str] | None:
    """The draft with its resume code if it is one of this browser's and of this service, else None."""
    code = drafts_of(request).get(draft_id)
    if code is None:
        return None
    draft = draft_for(draft_id)
    if draft is None or draft.service.key != key:
        return None
    return draft, code


def filling_of(request: PortalRequest, key: str, draft_id: UUID) -> DraftFilling | None:
    """The draft of this browser ready to be filled in, or None if this browser does not have it."""
    own = own_draft(request, key, draft_id)
    return filling_in(*own, request.content_language) if own else None


def filling_in(draft: Draft, code: str, language: str) -> DraftFilling:
    """A draft ready to be filled in, today."""
    return DraftFilling(package_of(draft.service), language, rule_context(timezone.localdate()), draft, code)


def comes_back(draft: Draft) -> bool:
    """Whether somebody opens a draft again after a break for whose service there is a newer version meanwhile.

    Who is filling in a form goes on in the version they see, and can send it.
    """
    version = live(draft.service.key)
    return (
        draft.submitted_at is None
        and version is not None
        and version.pk != draft.service_id
        and draft.updated_at < timezone.now() - _BREAK
    )


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
