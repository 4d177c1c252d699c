"""Trying a design: what a designer filled in is theirs alone, kept for some days, and never an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from rathaus.delivery.service import chore
from rathaus.design.models import Design, Trial
from rathaus.people.models import User

Answers = dict[str, Any]

KEPT_FOR = timedelta(days=7)


def trial_of(design: Design, person: User) -> Trial:
    """The person's trial of the design, empty if they have not begun one."""
    row: Trial = Trial.objects.get_or_create(
        design=design, person=person, defaults={"updated_at": timezone.now()}
    )[0]
    return row


def begin_trial(
    design: Design,
    person: User,
    *,
    answers: Mapping[str, Any] | None = None,
    day: date | None = None,
    language: str = "",
) -> Trial:
    """Begin anew, with nothing answered or with these answers (of an example)."""
    trial = trial_of(design, person)
    trial.answers, trial.typed, trial.visited, trial.day = dict(answers or {}), {}, [], day
    trial.language = language or trial.language
    trial.updated_at = timezone.now()
    trial.save()
    return trial


def keep_page(
    trial: Trial,
    page: str,
    change: Callable[[Answers], Answers],
    typed: Mapping[str, Sequence[str]],
) -> None:
    """Save what `change` makes of the newest answers; `typed` replaces what is kept of the page's refused input."""
    with transaction.atomic():
        row = Trial.objects.select_for_update().get(pk=trial.pk)
        trial.answers = change(row.answers)
        trial.typed = {key: value for key, value in row.typed.items() if key != page}
        if typed:
            trial.typed[page] = {name: list(values) for name, values in typed.items()}
        trial.visited = list(dict.fromkeys([*row.visited, page]))
        _save(trial, "answers", "typed", "visited")


def set_day(trial: Trial, day: date | None) -> None:
    """What day the rules think it is; None: the real one."""
    trial.day = day
    _save(trial, "day")


def set_trial_language(trial: Trial, language: str) -> None:
    """Go on in another language; answers stay as they are."""
    trial.language = language
    _save(trial, "language")


def _save(trial: Trial, *fields: str) -> None:
    trial.updated_at = timezone.now()
    trial.save(update_fields=[*fields, "updated_at"])


@chore("design.discard_trials", every=timedelta(hours=12))
def discard_trials() -> int:
    """Delete the active town's trials that nobody touched for a week; returns their number."""
    old = Trial.objects.filter(updated_at__lt=timezone.now() - KEPT_FOR)
    count: int = old.count()
    old.delete()
    return count
