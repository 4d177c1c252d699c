"""What a designer answers before a service of another town becomes a design of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rathaus.catalogue.packing import Files
from rathaus.designer.forms import FromFileForm, StartForm
from rathaus.sharing.service import Need, lanes_of, needs_of, office_of
from rathaus.towns.context import current_town
from rathaus.towns.models import Office, Setting
from rathaus.towns.service import setting_on

OFFICE = "stelle"
_LANE = "bahn."
_MISSING = _("Wählen Sie eine Stelle Ihrer Stadt.")


class UploadForm(forms.Form):
    """A file that another installation signed."""

    file = forms.FileField(
        error_messages={
            "required": _("Wählen Sie eine Datei."),
            "empty": _("Diese Datei ist leer. Wählen Sie eine andere."),
        }
    )

    clean_file = FromFileForm.clean_file


class AdoptForm(StartForm):
    """An office of ours for every place of theirs, the key of the service here, and why."""

    key = forms.SlugField(
        max_length=60,
        error_messages={
            "required": _("Geben Sie der Leistung einen Schlüssel."),
            "invalid": _("Nehmen Sie für den Schlüssel nur Kleinbuchstaben, Ziffern und Striche."),
            "max_length": _("Kürzen Sie den Schlüssel auf höchstens %(limit_value)d Zeichen."),
        },
    )

    def __init__(self, *args: Any, files: Files, ask_for_seal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = list(Office.objects.order_by("name").values_list("key", "name"))
        self.lanes = {f"{_LANE}{lane}": lane for lane in lanes_of(files)}
        wanted = {OFFICE: office_of(files)}
        wanted |= {f"{_LANE}{lane}": office for lane, office in lanes_of(files).items()}
        for name, theirs in wanted.items():
            self.fields[name] = forms.ChoiceField(
                choices=[("", _("Bitte wählen")), *offices],
                initial=_likely(theirs, [key for key, _name in offices]),
                error_messages={"required": _MISSING, "invalid_choice": _MISSING},
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
    def office(self) -> str:
        """The office in charge."""
        return str(self.cleaned_data[OFFICE])

    @property
    def office_of_lane(self) -> Mapping[str, str]:
        """Lane of the process → whose office works there."""
        return {lane: str(self.cleaned_data[name]) for name, lane in self.lanes.items()}


def _likely(theirs: str, ours: list[str]) -> str:
    """The office of the same key, or the only one there is."""
    if theirs in ours:
        return theirs
    return ours[0] if len(ours) == 1 else ""


@dataclass(frozen=True, slots=True)
class NeededSetting:
    """A dated setting that the package reads, and what the town has decided of it so far."""

    need: Need
    decided: Setting | None


def needed_settings(files: Files) -> list[NeededSetting]:
    """What the package needs to know of the active town today."""
    today = timezone.localdate()
    return [NeededSetting(need, setting_on(need.key, today)) for need in needs_of(files, current_town().land)]
