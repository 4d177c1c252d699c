"""What a designer decides before a newer version of another town's service comes into theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.design.models import Design
from rathaus.designer.adopting import NeededSetting, needed_settings
from rathaus.designer.changing import REASON_LENGTH
from rathaus.designer.differing import SHOWN, Told, told
from rathaus.designer.wording import words_text
from rathaus.editing import Files
from rathaus.editing.differences import Difference, differences
from rathaus.editing.edit import with_file
from rathaus.editing.form import FormFiles
from rathaus.editing.naming import with_names
from rathaus.merging import merge
from rathaus.sharing.service import (
    Adopted,
    Conflict,
    Held,
    Side,
    Update,
    deadlines_of,
    lacks_remedy,
    needs_of,
)
from rathaus.towns.context import current_town
from rathaus.towns.models import Office

_LANE = "bahn."
SIDES = (("ours", _("So lassen, wie es bei Ihnen steht")), ("theirs", _("Die neue Fassung nehmen")))


def waiting_update(adopted: Adopted | None, drafts: Iterable[Design], held: Held) -> Adopted | None:
    """What a live version holds of another town, if there is a newer version that no open design has taken over yet."""
    if adopted is None or adopted.newer is None:
        return None
    origin, version = (adopted.last.origin, adopted.last.origin_key), adopted.newer.version
    others = [held.designs[draft.pk].last for draft in drafts if draft.pk in held.designs]
    taken = any((one.origin, one.origin_key) == origin and one.origin_version >= version for one in others)
    return None if taken else adopted


def field_of(place: str) -> str:
    """The form's field for a conflict; places themselves are no good as ids of HTML."""
    return f"wahl-{hashlib.sha256(place.encode()).hexdigest()[:12]}"


class UpdateForm(forms.Form):
    """A side for every conflict, an office for every new lane, and why."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        error_messages={
            "required": _("Schreiben Sie in einem Satz, warum Sie aktualisieren."),
            "max_length": _("Kürzen Sie die Begründung auf höchstens %(limit_value)d Zeichen."),
        },
    )

    def __init__(
        self, *args: Any, update: Update, conflicts: Sequence[Conflict], ask_for_seal: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = {field_of(one.place): one.place for one in conflicts}
        for name in self.places:
            self.fields[name] = forms.ChoiceField(
                choices=SIDES,
                widget=forms.RadioSelect,
                error_messages={"required": _("Wählen Sie, welche Fassung gelten soll.")},
            )
        self.lanes = {f"{_LANE}{lane}": lane for lane in update.new_lanes}
        offices = list(Office.objects.order_by("name").values_list("key", "name")) if self.lanes else []
        for name, lane in self.lanes.items():
            self.fields[name] = forms.ChoiceField(
                choices=[("", _("Bitte wählen")), *offices],
                initial=update.new_lanes[lane],
                error_messages={"required": _("Wählen Sie eine Stelle Ihrer Stadt.")},
            )
        if ask_for_seal:
            self.fields["seal"] = forms.BooleanField(
                error_messages={
                    "required": _(
                        "Vergleichen Sie den Fingerabdruck mit der Stadt und bestätigen Sie ihn dann."
                    )
                }
            )

    @property
    def choices(self) -> dict[str, Side]:
        """Place of a conflict → side that counts, once all are made."""
        return {place: cast(Side, self.cleaned_data[name]) for name, place in self.places.items()}

    @property
    def office_of_lane(self) -> dict[str, str]:
        """New lane → whose office works there."""
        return {lane: str(self.cleaned_data[name]) for name, lane in self.lanes.items()}


def conflicts_in(update: Update, typed: Mapping[str, Any]) -> list[Conflict]:
    """Every conflict, also one that only comes up once others are chosen for."""
    found: dict[str, Conflict] = {one.place: one for one in update.merged.conflicts}
    chosen: dict[str, Side] = {}
    while True:
        fresh = {place: typed.get(field_of(place)) for place in found.keys() - chosen.keys()}
        made = {place: cast(Side, side) for place, side in fresh.items() if side in dict(SIDES)}
        if not made:
            return list(found.values())
        chosen |= made
        merged = merge(update.base, update.ours, update.theirs, chosen)
        found = {**found, **{one.place: one for one in merged.conflicts}}


def still_meant(typed: Mapping[str, Any], before: Update, now: Update) -> dict[str, Any]:
    """What somebody chose while `before` was shown, without the choices between sides that are others by now."""
    was = {one.place: one for one in conflicts_in(before, typed)}
    changed = {field_of(one.place) for one in conflicts_in(now, typed) if was.get(one.place) != one}
    return {name: value for name, value in typed.items() if name not in changed}


@dataclass(frozen=True, slots=True)
class Choice:
    """One conflict as the page shows it: the three sides of a value, or what either side changed in a file."""

    field: str  # name of the form's field
    words: str
    base: str
    ours: str
    theirs: str
    is_whole: bool
    done_here: tuple[Told, ...] = ()
    done_there: tuple[Told, ...] = ()


def told_choices(update: Update, conflicts: Sequence[Conflict]) -> list[Choice]:
    """The conflicts in the language of the page."""
    names = [FormFiles(update.ours), FormFiles(update.theirs), FormFiles(update.base)]
    found: list[Choice] = []
    for one in conflicts:
        here, there = (
            (_done(update, one, update.ours), _done(update, one, update.theirs)) if one.is_whole else ((), ())
        )
        sides = ("", "", "") if one.is_whole else (one.base, one.ours, one.theirs)
        words = words_text(with_names(one.words, *names))
        base, ours, theirs = (side[:SHOWN] for side in sides)
        found.append(Choice(field_of(one.place), words, base, ours, theirs, one.is_whole, here, there))
    return found


def _done(update: Update, conflict: Conflict, side: Files) -> tuple[Told, ...]:
    """What one side did to the file of a conflict."""
    changed = with_file(update.base, conflict.file, side.get(conflict.file))
    return tuple(told(one) for one in differences(update.base, changed))


def coming(update: Update) -> tuple[Difference, ...]:
    """What the update changes in the town's own, apart from conflicts and from offices of new lanes: both are asked."""
    asked = {f"service:lanes/{lane}" for lane in update.new_lanes}
    found = differences(update.ours, update.merged.files)
    return tuple(one for one in found if one.place not in asked)


def staying(update: Update, conflicts: Sequence[Conflict]) -> tuple[Difference, ...]:
    """What the town changed itself and keeps whatever is chosen."""
    chosen: dict[str, Side] = {one.place: "theirs" for one in conflicts}
    merged = merge(update.base, update.ours, update.theirs, chosen)
    return differences(update.theirs, merged.files)


def new_needs(update: Update) -> dict[str, Any]:
    """What the newer version asks of the town that the last one did not: settings, deadlines, a remedy."""
    land = current_town().land
    known = {need.key: need.is_optional for need in needs_of(update.ours, land)}
    asked: list[NeededSetting] = [
        one
        for one in needed_settings(update.merged.files)
        if known.get(one.need.key) not in (one.need.is_optional, False)
    ]
    before = deadlines_of(update.ours)
    return {
        "needs": asked,
        "deadlines": [one for one in deadlines_of(update.merged.files) if one not in before],
        "lacks_remedy": lacks_remedy(update.merged.files, land) and not lacks_remedy(update.ours, land),
    }
