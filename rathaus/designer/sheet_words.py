"""Words of the condition builder."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from rathaus.building import Kind

_JOINTS = {
    "all": gettext_noop("alle Zeilen zutreffen"),
    "any": gettext_noop("mindestens eine Zeile zutrifft"),
    "none": gettext_noop("keine Zeile zutrifft"),
    "not_all": gettext_noop("nicht alle Zeilen zutreffen"),
}
_OVERS = {
    "some": gettext_noop("mindestens einen Eintrag von „%(list)s“"),
    "every": gettext_noop("jeden Eintrag von „%(list)s“"),
    "no": gettext_noop("keinen Eintrag von „%(list)s“"),
    "not_every": gettext_noop("nicht jeden Eintrag von „%(list)s“"),
}
_COMPARISONS = {
    "is": gettext_noop("ist gleich"),
    "is_not": gettext_noop("ist nicht gleich"),
    "one_of": gettext_noop("ist eins von"),
    "not_one_of": gettext_noop("ist keins von"),
    "filled": gettext_noop("ist ausgefüllt"),
    "empty": gettext_noop("ist nicht ausgefüllt"),
    "yes": gettext_noop("ist mit Ja beantwortet"),
    "not_yes": gettext_noop("ist nicht mit Ja beantwortet"),
    "no": gettext_noop("ist mit Nein beantwortet"),
    "not_no": gettext_noop("ist nicht mit Nein beantwortet"),
    "less": gettext_noop("ist kleiner als"),
    "at_most": gettext_noop("ist höchstens"),
    "more": gettext_noop("ist größer als"),
    "at_least": gettext_noop("ist mindestens"),
    "between": gettext_noop("liegt zwischen"),
    "less date": gettext_noop("liegt vor"),
    "at_most date": gettext_noop("liegt nicht nach"),
    "more date": gettext_noop("liegt nach"),
    "at_least date": gettext_noop("liegt nicht vor"),
    "years_ago_at_least": gettext_noop("liegt mindestens so viele Jahre zurück"),
    "years_ago_less": gettext_noop("liegt weniger als so viele Jahre zurück"),
    "days_ago_at_least": gettext_noop("liegt mindestens so viele Tage zurück"),
    "days_ago_at_most": gettext_noop("liegt höchstens so viele Tage zurück"),
    "days_ahead_at_least": gettext_noop("liegt mindestens so viele Tage in der Zukunft"),
    "days_ahead_at_most": gettext_noop("liegt höchstens so viele Tage in der Zukunft"),
    "contains": gettext_noop("enthält den Text"),
    "not_contains": gettext_noop("enthält nicht den Text"),
    "words": gettext_noop("enthält ein Wort mit dem Anfang"),
    "not_words": gettext_noop("enthält kein Wort mit dem Anfang"),
    "town_postal_code": gettext_noop("ist eine Postleitzahl der Stadt"),
    "not_town_postal_code": gettext_noop("ist keine Postleitzahl der Stadt"),
    "includes": gettext_noop("enthält die Antwort"),
    "not_includes": gettext_noop("enthält nicht die Antwort"),
    "entries_at_least": gettext_noop("ist mindestens so oft angegeben"),
    "entries_at_most": gettext_noop("ist höchstens so oft angegeben"),
}
_FAULTS = {
    "field": gettext_noop("Wählen Sie eine Frage."),
    "comparison": gettext_noop("Wählen Sie, womit verglichen wird."),
    "value": gettext_noop("Geben Sie ein, womit verglichen wird."),
    "number": gettext_noop("Geben Sie eine Zahl ein, zum Beispiel 18."),
    "date": gettext_noop("Geben Sie ein Datum ein, zum Beispiel 31.12.2026."),
    "count": gettext_noop("Geben Sie eine ganze Zahl ab 0 ein."),
    "choice": gettext_noop("Wählen Sie eine der Möglichkeiten."),
    "other": gettext_noop(
        "Mit dieser Frage lässt sich die Antwort nicht vergleichen. Wählen Sie eine andere."
    ),
    "entries": gettext_noop("Wählen Sie eine Liste des Formulars."),
}


def joint_label(joint: str) -> str:
    """How rows are joined, as it follows "wenn"."""
    return gettext(_JOINTS[joint])


def over_label(over: str) -> str:
    """Which entries a group speaks of; `%(list)s` stands for the list."""
    return gettext(_OVERS[over])


def comparison_label(key: str, kind: Kind) -> str:
    """A comparison between a question of some kind and a value."""
    dated = f"{key} date"
    return gettext(_COMPARISONS[dated if kind in ("date", "moment") and dated in _COMPARISONS else key])


def fault_text(what: str) -> str:
    """What to do about a row that cannot be meant."""
    return gettext(_FAULTS[what])
