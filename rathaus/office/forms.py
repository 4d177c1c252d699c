"""What staff type into the workplace, checked in one place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rathaus.office.dossier import Choice, latest_day
from rathaus.people.models import Role, User
from rathaus.towns.models import Office

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEXT_LENGTH = 10_000
# A usual time to answer, suggested and changeable.
SUGGESTED_DAYS = 14

_TOO_LONG = _("Kürzen Sie den Text auf höchstens %(limit_value)d Zeichen.")


def _text(required: StrOrPromise, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required, "max_length": _TOO_LONG},
    )


def _day(required: bool) -> forms.DateField:
    return forms.DateField(
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Geben Sie an, bis wann die Antwort da sein soll."),
            "invalid": _("Geben Sie den Tag an, zum Beispiel 03.04.2026."),
        },
    )


class RevisionForm(forms.Form):
    """Remembers which state of the case the page showed."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class NoteForm(RevisionForm):
    """A remark for colleagues."""

    text = _text(_("Schreiben Sie eine Notiz."), rows=3)


class MessageForm(RevisionForm):
    """A message to the applicant."""

    text = _text(_("Schreiben Sie eine Nachricht."))


class AskForm(RevisionForm):
    """A request for information beside the drawn process."""

    text = _text(_("Schreiben Sie, was fehlt."))
    until = _day(required=True)
    pages = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, pages: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pages"].choices = pages  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        return _future(self.cleaned_data["until"])


class AssignForm(RevisionForm):
    """Whom to give the case to."""

    person = forms.ModelChoiceField(
        User.across_towns.none(), error_messages={"required": _("Wählen Sie eine Person.")}
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class StepForm(RevisionForm):
    """How a task ends. What is needed beside the outcome depends on the outcome."""

    outcome = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Wählen Sie ein Ergebnis.")}
    )
    reason = forms.CharField(
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": _TOO_LONG},
    )
    deadline = _day(required=False)
    pages = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, choices: tuple[Choice, ...], pages: tuple[tuple[str, str], ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choices = {choice.outcome.value: choice for choice in choices}
        self.fields["outcome"].choices = [(value, one.label) for value, one in self._choices.items()]  # type: ignore[attr-defined]
        self.fields["pages"].choices = pages  # type: ignore[attr-defined]
        if not choices:
            del self.fields["outcome"]
        self.fields["deadline"].initial = timezone.localdate() + timedelta(days=SUGGESTED_DAYS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        choice = self._choices.get(given.get("outcome", ""))
        if choice is None:
            return given
        if choice.outcome.requires_reason and not given.get("reason", "").strip():
            self.add_error("reason", _("Schreiben Sie eine Begründung. Sie steht auch im Schreiben."))
        if choice.follows.asks_applicant and "deadline" not in self.errors:
            try:
                given["deadline"] = _future(given.get("deadline"))
            except forms.ValidationError as error:
                self.add_error("deadline", error)
        return given

    def result(self) -> dict[str, Any]:
        """What is kept with the step; only after `is_valid`."""
        given = self.cleaned_data
        choice = self._choices.get(given.get("outcome", ""))
        found: dict[str, Any] = {}
        if reason := given.get("reason", "").strip():
            found["reason"] = reason
        if choice is not None and choice.follows.asks_applicant:
            found["deadline"] = given["deadline"].isoformat()
            found["pages"] = given["pages"]
        return found


class PersonForm(forms.Form):
    """Somebody new."""

    first_name = forms.CharField(
        max_length=150, error_messages={"required": _("Geben Sie den Vornamen ein.")}
    )
    last_name = forms.CharField(
        max_length=150, error_messages={"required": _("Geben Sie den Familiennamen ein.")}
    )
    email = forms.EmailField(
        error_messages={
            "required": _("Geben Sie die E-Mail-Adresse ein."),
            "invalid": _("Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@stadt.de."),
        }
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Zu dieser Adresse gibt es schon ein Konto."))
        return email


class RolesForm(forms.Form):
    """Which roles somebody holds in which office."""

    roles = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (f"{office.pk}:{role.value}", f"{office.short_name}: {role.label}")
            for office in offices
            for role in Role
        ]

    def pairs(self) -> list[tuple[int, Role]]:
        """The chosen roles as pairs (office id, role); only after `is_valid`."""
        chosen = (value.split(":", 1) for value in self.cleaned_data["roles"])
        return [(int(office), Role(role)) for office, role in chosen]


def _future(day: Any) -> Any:
    """The day, if it lies between tomorrow and a year from now."""
    if day is None:
        raise forms.ValidationError(_("Geben Sie an, bis wann die Antwort da sein soll."))
    if day <= timezone.localdate():
        raise forms.ValidationError(_("Der Tag muss in der Zukunft liegen."))
    if day > latest_day():
        raise forms.ValidationError(_("Geben Sie höchstens ein Jahr Zeit."))
    return day
