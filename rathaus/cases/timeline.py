"""The timeline of a case: what happened, when, and by whom."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from rathaus.cases.models import Actor, Case, Event
from rathaus.people.models import User


def entry(
    case: Case, kind: str, *, actor: Actor | str, user: User | None = None, public: bool = False, **data: Any
) -> Event:
    """A line of the timeline that is not saved yet, for writers that save several at once."""
    return Event(case=case, at=timezone.now(), kind=kind, actor=actor, user=user, public=public, data=data)


def record(
    case: Case, kind: str, *, actor: Actor | str, user: User | None = None, public: bool = False, **data: Any
) -> Event:
    """Write a line of the timeline. What is `public` the applicant sees; `data` must be JSON values."""
    event = entry(case, kind, actor=actor, user=user, public=public, **data)
    event.save(force_insert=True)
    return event
