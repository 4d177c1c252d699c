"""What designers type when they begin a design."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.catalogue.packing import MAXIMUM_BYTES
from rathaus.designer.changing import REASON_LENGTH, Refused
from rathaus.designer.finding import found_in_file
from rathaus.designer.uploads import read_all, translations_in
from rathaus.standards.xdatenfelder.model import Translation
from rathaus.standards.xdatenfelder.translatedrules import (
    TranslatedRules,
    TranslatedRulesError,
    read_translated_rules,
)

_REASON = {
    "max_length": REASON_LENGTH,
    "error_messages": {
        "required": _("Schreiben Sie in einem Satz, warum Sie den Entwurf beginnen."),
        "max_length": _("Kürzen Sie die Begründung auf höchstens %(limit_value)d Zeichen."),
    },
}


class StartForm(forms.Form):
    """Every beginning says why."""

    reason = forms.CharField(**_REASON)  # type: ignore[arg-type]


class FromServiceForm(StartForm):
    """Work on a service that is live."""

    service = forms.ChoiceField(
        error_messages={
            "required": _("Wählen Sie eine Leistung."),
            "invalid_choice": _("Diese Leistung wird nicht (mehr) angeboten. Wählen Sie eine andere."),
        }
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", _("Bitte wählen")), *services]  # type: ignore[attr-defined]


class FromFileForm(StartForm):
    """Work on what a file holds, under its own key or another."""

    file = forms.FileField(
        error_messages={
            "required": _("Wählen Sie eine Datei."),
            "empty": _("Diese Datei ist leer. Wählen Sie eine andere."),
        }
    )
    key = forms.SlugField(
        required=False,
        max_length=60,
        error_messages={
            "invalid": _("Nehmen Sie für den Schlüssel nur Kleinbuchstaben, Ziffern und Striche."),
            "max_length": _("Kürzen Sie den Schlüssel auf höchstens %(limit_value)d Zeichen."),
        },
    )

    def clean_file(self) -> Any:
        uploaded = self.cleaned_data["file"]
        if uploaded.size > MAXIMUM_BYTES:
            raise forms.ValidationError(
                _("Die Datei ist größer als %(size)d MB. Wählen Sie eine kleinere.")
                % {"size": MAXIMUM_BYTES // 1_000_000}
            )
        return uploaded


class SeveralFilesInput(forms.ClearableFileInput):
    """Any number of files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Contents by file name."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> dict[str, bytes]:
        """Read the files; refuse what is larger than a package may be."""
        read = read_all(data if isinstance(data, list) else [data] if data else [])
        if isinstance(read, Refused):
            raise forms.ValidationError(read.text)
        return read


class TranslatedRulesField(forms.FileField):
    """FITKO's translations of a schema's rules; none without a file."""

    def clean(self, data: Any, initial: Any = None) -> TranslatedRules:
        """Read the file; refuse what is no such file, saying what it is."""
        read = read_all([data] if data else [])
        if isinstance(read, Refused):
            raise forms.ValidationError(read.text)
        try:
            return tuple(entry for content in read.values() for entry in read_translated_rules(content))
        except TranslatedRulesError as error:
            raise forms.ValidationError(
                _("Aus dieser Datei lassen sich keine Regeln lesen. %(found)s.")
                % {"found": found_in_file(error.message, error.line)}
            ) from None


class FromFimForm(FromFileForm):
    """Work on a data schema of FIM, for one of the town's offices."""

    code_lists = SeveralFilesField(required=False)
    translated_rules = TranslatedRulesField(required=False)
    translations = SeveralFilesField(required=False)
    confirm_rules = forms.BooleanField(required=False, initial=True)
    office = forms.ChoiceField(error_messages={"required": _("Wählen Sie die zuständige Stelle.")})

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = offices  # type: ignore[attr-defined]

    def clean_translations(self) -> tuple[Translation, ...]:
        found = translations_in(self.cleaned_data["translations"])
        if isinstance(found, Refused):
            raise forms.ValidationError(found.text)
        return found


class EmptyForm(StartForm):
    """Begin with nothing but a name."""

    title = forms.CharField(
        max_length=120,
        error_messages={
            "required": _("Geben Sie der Leistung einen Namen."),
            "max_length": _("Kürzen Sie den Namen auf höchstens %(limit_value)d Zeichen."),
        },
    )
    office = forms.ChoiceField(error_messages={"required": _("Wählen Sie die zuständige Stelle.")})
    key = forms.SlugField(
        required=False,
        max_length=60,
        error_messages={
            "invalid": _("Nehmen Sie für den Schlüssel nur Kleinbuchstaben, Ziffern und Striche."),
            "max_length": _("Kürzen Sie den Schlüssel auf höchstens %(limit_value)d Zeichen."),
        },
    )

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = offices  # type: ignore[attr-defined]
