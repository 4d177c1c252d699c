"""The door of design: services people work on, and how they become versions that residents use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.catalogue.package import Problem
from rathaus.design.changing import (
    Changed,
    Clash,
    Conflict,
    ReasonMissingError,
    change,
    edit_of,
    files_of,
    newest,
    undo,
)
from rathaus.design.describing import described
from rathaus.design.models import Design, Publication, Release, Replay, Revision, Trial
from rathaus.design.publishing import (
    AlreadyLiveError,
    UnknownVersionError,
    cancel_scheduled,
    problems_in,
    publish,
    retire,
    roll_back,
)
from rathaus.design.releasing import bring_release, discard_release, release_of, update_with
from rathaus.design.replaying import (
    Alike,
    NothingToReplayError,
    differences_of,
    is_stale,
    last_replay,
    numbers_of,
    replayed_packages,
    start_replay,
)
from rathaus.design.reporting import Reported, keep_report, reports_of
from rathaus.design.starting import start_empty, start_from_fim, start_from_package, start_from_service
from rathaus.design.trying import begin_trial, keep_page, set_day, set_trial_language, trial_of
from rathaus.people.models import Role, User
from rathaus.people.service import Person, has_role

__all__ = [
    "Alike",
    "AlreadyLiveError",
    "Changed",
    "Clash",
    "Conflict",
    "NothingToReplayError",
    "OpenDesign",
    "ReasonMissingError",
    "Release",
    "Replay",
    "Reported",
    "Trial",
    "UnknownVersionError",
    "authors_of",
    "begin_trial",
    "bring_release",
    "cancel_scheduled",
    "change",
    "close",
    "described",
    "design_with",
    "differences_of",
    "discard_release",
    "edit_of",
    "files_of",
    "history",
    "is_stale",
    "keep_page",
    "keep_report",
    "last_replay",
    "may_design",
    "newest",
    "numbers_of",
    "open_designs",
    "problems_in",
    "problems_of",
    "publications",
    "publish",
    "release_of",
    "replayed_packages",
    "reports_of",
    "retire",
    "roll_back",
    "set_day",
    "set_trial_language",
    "start_empty",
    "start_from_fim",
    "start_from_package",
    "start_from_service",
    "start_replay",
    "trial_of",
    "undo",
    "update_with",
]

DESIGN_ROLES = (Role.DESIGNER, Role.ADMINISTRATOR)


def may_design(user: Person) -> bool:
    """Whether the person may work on designs and publish them: designers and administrators."""
    return any(has_role(user, role) for role in DESIGN_ROLES)


@dataclass(frozen=True, slots=True)
class OpenDesign:
    """A design in the list: its newest revision, and everybody who has worked on it."""

    design: Design
    newest: Revision
    authors: tuple[User, ...]  # the last to work on it first


def open_designs() -> list[OpenDesign]:
    """The designs people work on in the active town, the last changed first."""
    designs = list(Design.objects.filter(closed_at=None).order_by("-changed_at", "-pk"))
    rows = (
        Revision.objects.filter(design__in=designs)
        .defer("package", "edit")
        .select_related("author")
        .order_by("-number")
    )
    by_design: dict[int, list[Revision]] = {}
    for row in rows:
        by_design.setdefault(row.design_id, []).append(row)
    return [
        OpenDesign(
            design,
            by_design[design.pk][0],
            tuple({row.author_id: row.author for row in by_design[design.pk]}.values()),
        )
        for design in designs
    ]


def design_with(primary_key: int) -> Design | None:
    """The design of the active town with this primary key, open or closed, or None."""
    found: Design | None = Design.objects.filter(pk=primary_key).first()
    return found


def history(design: Design) -> QuerySet[Revision]:
    """Every revision, the newest first, with its author; contents are not loaded."""
    rows: QuerySet[Revision] = design.revisions.defer("package").select_related("author")
    return rows.order_by("-number")


def authors_of(design: Design) -> QuerySet[User]:
    """Who changed the design, the latest first."""
    latest = design.revisions.filter(author_id=OuterRef("pk")).order_by("-number").values("number")[:1]
    people: QuerySet[User] = User.objects.filter(pk__in=design.revisions.values("author_id"))
    return people.order_by(Subquery(latest).desc())


def problems_of(design: Design) -> Sequence[Problem]:
    """Everything that speaks against publishing the design's newest revision, warnings included."""
    return problems_in(files_of(design))[1]


def publications(key: str) -> QuerySet[Publication]:
    """Who published which version of a service and why, the newest first."""
    rows: QuerySet[Publication] = Publication.objects.filter(version__key=key)
    return rows.select_related("version", "by", "revision", "restores").order_by("-version__number")


def close(design: Design, *, by: User, reason: str) -> None:
    """Put a design away; nothing of it is deleted."""
    if not reason.strip():
        raise ReasonMissingError
    design.closed_at = timezone.now()
    design.save(update_fields=["closed_at"])
    audit.write("design.closed", "design", design.pk, actor=by, detail={"reason": reason.strip()})
