"""A new FIM release as its page shows it: what it changes, what is lost, what to choose, what is wrong afterwards."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.catalogue.package import Problem
from rathaus.design.models import Release
from rathaus.design.service import problems_in, update_with
from rathaus.designer.changing import Refused
from rathaus.designer.checking import problems_of
from rathaus.designer.differing import Told, grouped
from rathaus.designer.finding import as_read, found_in_file
from rathaus.designer.opened import Opened
from rathaus.designer.wording import words_text
from rathaus.drafting import DraftError
from rathaus.editing import EditError
from rathaus.editing.differences import differences
from rathaus.editing.form import FormFiles
from rathaus.editing.naming import with_names
from rathaus.merging import Conflict, Side
from rathaus.standards.xdatenfelder.reader import XdfError
from rathaus.towns.context import current_town
from rathaus.updating import NotFromFimError, NothingNewError, Update

FAULTS = (XdfError, DraftError, EditError, NothingNewError, NotFromFimError)
"""Why a file is no new release of a design's schema."""
# Drafting two schemata and checking the result takes seconds, and says the same until something changes.
_KEPT = 8
_Found = tuple[Update, tuple[Problem, ...]]
_known: OrderedDict[tuple[object, ...], _Found] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown of a release before it is taken in, in the language of the page.

    `conflicts` are places with what they are called; `faults` what the check would find that it does not find now.
    """

    update: Update
    changes: list[tuple[str, list[Told]]]
    losses: list[tuple[str, str]]
    conflicts: list[tuple[str, str, Conflict]]
    effects: list[tuple[str, list[Told]]]
    faults: list[Problem]


def look_at(opened: Opened, release: Release) -> Look | Refused:
    """What the release would do to the design as it is."""
    try:
        update, faults = _found(opened, release)
    except FAULTS as error:
        return Refused(refusal(error))
    known = {(one.file, one.message) for one in problems_of(opened)}
    read = map(as_read, faults)
    names = [opened.form, FormFiles(update.files)]
    return Look(
        update,
        grouped(None, update.changes),
        [(words_text(loss.words), loss.text) for loss in update.losses],
        [
            (conflict.place, words_text(with_names(conflict.words, *names)), conflict)
            for conflict in update.conflicts
        ],
        grouped(None, differences(opened.files, update.files)),
        [one for one in read if (one.file, one.message) not in known],
    )


def keep_update(opened: Opened, release: Release, update: Update) -> None:
    """What a release does to the design was found just now: it need not be found again."""
    key = _key(opened, release)
    found = update, tuple(one for one in problems_in(update.files)[1] if one.level != "warning")
    with _lock:
        _known[key] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)


def update_of(opened: Opened, release: Release, choices: Mapping[str, Side]) -> Update:
    """The design with the release. Raises one of `FAULTS`."""
    if choices:
        return update_with(release, opened.files, today=timezone.localdate(), choices=choices)
    return _found(opened, release)[0]


def _key(opened: Opened, release: Release) -> tuple[object, ...]:
    return current_town().pk, opened.revision.content_hash, release.pk, release.at, timezone.localdate()


def _found(opened: Opened, release: Release) -> _Found:
    key = _key(opened, release)
    with _lock:
        known = _known.get(key)
    if known is None:
        keep_update(
            opened, release, update_with(release, opened.files, today=timezone.localdate(), choices={})
        )
        with _lock:
            known = _known[key]
    return known


def refusal(error: Exception) -> str:
    """Why the file was refused (one of `FAULTS`), and what to do."""
    if isinstance(error, XdfError):
        return _("Diese Datei lässt sich nicht als Datenschema lesen. %(found)s.") % {
            "found": found_in_file(error.message, error.line)
        }
    if isinstance(error, EditError):
        return words_text(error.words)
    if isinstance(error, NothingNewError):
        return _("Diese Fassung hat der Entwurf schon. Es gibt nichts zu übernehmen.")
    if isinstance(error, NotFromFimError):
        return _("Diese Leistung ist nicht aus einem Datenschema von FIM entstanden.")
    return _("Dieses Datenschema stellt keine Fragen. Wählen Sie ein anderes.")
