"""A design's form being tried: the portal's own pages over answers that nobody sends."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from rathaus.applications.file_types import FILE_TYPES, accepted_types
from rathaus.applications.service import FileLimits, acceptable
from rathaus.catalogue.package import Package, PackageError
from rathaus.catalogue.service import package_with
from rathaus.design.service import Trial, keep_page, set_trial_language, trial_of
from rathaus.designer.opened import Opened
from rathaus.forms import Answers, FieldNode
from rathaus.forms.keys import get, path_from_html_name, template_of
from rathaus.people.models import User
from rathaus.portal.filling import Files, Filling, Kept, Posted, asked_names
from rathaus.portal.requests import PortalRequest
from rathaus.towns.service import rule_context

_STAND_IN_BYTES = 20_000


@dataclass
class TrialFilling(Filling):
    """The newest revision of a design, filled in by a designer."""

    page_template: ClassVar[str] = "designer/trial_page.html"
    review_template: ClassVar[str] = "designer/trial_review.html"

    opened: Opened
    trial: Trial

    @property
    def kept(self) -> Kept:
        return self.trial

    def keep(self, page: str, change: Callable[[Answers], Answers], typed: Posted) -> None:
        keep_page(self.trial, page, change, typed)

    def address(self, page: str | None, **query: str) -> str:
        design = self.opened.design.pk
        address = (
            reverse("designer:trial_page", args=[design, page])
            if page
            else reverse("designer:trial_review", args=[design])
        )
        return f"{address}?{urlencode(query)}" if query else address

    @property
    def before(self) -> str:
        return reverse("designer:trial", args=[self.opened.design.pk])

    def switch_language(self, request: PortalRequest, language: str, page: str | None) -> HttpResponse:
        # Not the browser's cookie: the workplace stays in the language the designer works in.
        set_trial_language(self.trial, language)
        return HttpResponseRedirect(self.address(page))

    def store(self, name: str, node: FieldNode, file: UploadedFile[Any]) -> Mapping[str, str | int]:
        limits = FileLimits(node.max_size, node.media_types)
        taken, media_type = acceptable(file.name or "", file.content_type or "", file.size or 0, limits)
        digest = hashlib.sha256()
        for piece in file.chunks():  # the bytes themselves are kept nowhere
            digest.update(piece)
        return _file_answer(taken, media_type, file.size or 0, digest.hexdigest())

    def drop(self, file: str) -> None:
        """Nothing was kept of it."""

    @property
    def page_context(self) -> Mapping[str, Any]:
        return {
            "opened": self.opened,
            "design": self.opened.design,
            "day": self.context["today"],
            "uploads": "",
            "outcome": f"{self.before}#ergebnis",
        }

    def stand_ins(self, page: str) -> Files:
        """A file that is not there for each question of the page that asks for one and has none.

        Raises `KeyError` if the page is not reachable.
        """
        view = self.view(page, self.journey())
        nodes = (
            (name, self.package.tree.nodes.get(".".join(template_of(path_from_html_name(name)))))
            for name in asked_names(view.blocks)
        )
        return {
            name: [_stand_in(node)]
            for name, node in nodes
            if isinstance(node, FieldNode)
            and node.is_file
            and not get(self.trial.answers, path_from_html_name(name))
        }


def filling_of(opened: Opened, person: User) -> TrialFilling:
    """The person's trial of a design, ready to be filled in. Raises `PackageError` if the form cannot be read."""
    trial = trial_of(opened.design, person)
    context = rule_context(trial.day or timezone.localdate())
    return TrialFilling(package_of(opened), trial.language, context, opened, trial)


def package_of(opened: Opened) -> Package:
    """The compiled package of a design. Raises `PackageError`."""
    return package_with(opened.revision.content_hash, lambda: opened.files)


def package_or_none(opened: Opened) -> Package | None:
    """The compiled package of a design; None while it cannot be read."""
    try:
        return package_of(opened)
    except PackageError:
        return None


def _stand_in(node: FieldNode) -> Mapping[str, str | int]:
    """A file of a kind and size the question takes."""
    media_type = next(iter(accepted_types(node.media_types)), "application/pdf")
    name = f"{_('Beispieldatei')}.{FILE_TYPES[media_type].extensions[0]}"
    size = min(_STAND_IN_BYTES, node.max_size or _STAND_IN_BYTES)
    return _file_answer(name, media_type, size, hashlib.sha256(name.encode()).hexdigest())


def _file_answer(name: str, media_type: str, size: int, sha256: str) -> dict[str, str | int]:
    return {"id": str(uuid.uuid4()), "name": name, "size": size, "media_type": media_type, "sha256": sha256}
