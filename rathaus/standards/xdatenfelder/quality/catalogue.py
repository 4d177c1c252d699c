"""The quality rules of FIM that are checked here: code, how grave it is, and what is said.

Codes and grades: code list `urn:xoev-de:fim-datenfelder:codeliste:xdfm`, version 1.8. What each code means was read
from its message; where that leaves a choice, from the published check `QS-DF_1_20_xdf3.xsl` (V. Schmitz). The sentences
are our own: they name what was found. docs/fim-quality.md lists the codes that are not checked, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Grade = Literal["critical", "method", "warning", "hint"]
"""FehlerKritisch, FehlerMethodisch, Warnung, Hinweis."""


@dataclass(frozen=True, slots=True)
class QualityRule:
    """How grave a finding is, and its German sentence with placeholders."""

    grade: Grade
    text: str


def gettext_noop(text: str) -> str:
    """Mark a German text for translation; the face that shows it translates it."""
    return text


def _critical(text: str) -> QualityRule:
    return QualityRule("critical", text)


def _method(text: str) -> QualityRule:
    return QualityRule("method", text)


def _warning(text: str) -> QualityRule:
    return QualityRule("warning", text)


def _hint(text: str) -> QualityRule:
    return QualityRule("hint", text)


RULES: Mapping[str, QualityRule] = {
    "1001": _method(
        gettext_noop(
            "Die Regel %(rule)s nennt %(found)s. Dieses Element liegt nicht unter dem Element, das "
            "die Regel trägt."
        )
    ),
    "1002": _critical(gettext_noop("Der Name ist leer.")),
    "1003": _warning(gettext_noop("Das Element steht in mehreren Versionen im Schema: %(found)s.")),
    "1004": _warning(gettext_noop("%(found)s steht in dieser Gruppe mehrmals in derselben Version.")),
    "1005": _critical(gettext_noop("Die Kennung der Codeliste ist keine URN: „%(found)s“.")),
    "1006": _critical(
        gettext_noop("Das Element ist rechtsnormgebunden, nennt aber keine Handlungsgrundlage.")
    ),
    "1007": _critical(gettext_noop("Dem Schema ist kein Dokumentsteckbrief zugeordnet.")),
    "1009": _critical(gettext_noop("Die Bezeichnung Eingabe ist leer.")),
    "1010": _critical(gettext_noop("Die Bezeichnung Ausgabe ist leer.")),
    "1011": _critical(gettext_noop("Ein Auswahlfeld hat den Datentyp „text“; hier steht „%(found)s“.")),
    "1012": _method(gettext_noop("Bei Auswahlfeldern und statischen Feldern darf keine Feldlänge stehen.")),
    "1013": _method(
        gettext_noop(
            "%(found)s ist abstrakt. Schemata und Gruppen enthalten nur harmonisierte oder "
            "rechtsnormgebundene Elemente."
        )
    ),
    "1014": _critical(gettext_noop("Ein Datenfeld darf nicht abstrakt sein.")),
    "1015": _critical(
        gettext_noop("Eine Feldlänge ist nur bei Texten möglich, nicht beim Datentyp „%(found)s“.")
    ),
    "1016": _critical(
        gettext_noop(
            "Ein Wertebereich ist nur bei Zahlen und Zeitangaben möglich, nicht beim Datentyp „%(found)s“."
        )
    ),
    "1017": _critical(
        gettext_noop(
            "Dem Feld ist eine Code- oder Werteliste zugeordnet; seine Feldart ist aber „%(found)s“ "
            "statt „select“."
        )
    ),
    "1018": _warning(gettext_noop("Ein Auswahlfeld braucht entweder eine Codeliste oder eine Werteliste.")),
    "1019": _method(
        gettext_noop("Die Regel %(rule)s nennt %(found)s. In Regeln stehen Elemente ohne Version.")
    ),
    "1021": _critical(gettext_noop("Zu %(found)s ist keine Multiplizität angegeben.")),
    "1022": _method(
        gettext_noop(
            "Zur Multiplizität von %(found)s fehlt der Bezug zur Handlungsgrundlage: Die Gruppe ist "
            "rechtsnormgebunden, das Element nicht."
        )
    ),
    "1023": _critical(gettext_noop("Die Gruppe enthält kein Element.")),
    "1024": _method(gettext_noop("Die Regel %(rule)s hat keinen Text.")),
    "1025": _method(gettext_noop("%(found)s steht auf oberster Ebene mehrmals in derselben Version.")),
    "1026": _critical(gettext_noop("Das Element enthält sich selbst.")),
    "1027": _critical(gettext_noop("Die Feldart fehlt oder ist unbekannt: „%(found)s“.")),
    "1028": _critical(gettext_noop("Der Datentyp fehlt oder ist unbekannt: „%(found)s“.")),
    "1029": _critical(gettext_noop("Die Art einer Relation fehlt oder ist unbekannt: „%(found)s“.")),
    "1030": _critical(gettext_noop("Die Art der Vorbefüllung fehlt oder ist unbekannt: „%(found)s“.")),
    "1031": _critical(gettext_noop("Die Strukturelementart fehlt oder ist unbekannt: „%(found)s“.")),
    "1032": _critical(gettext_noop("Der Status fehlt oder ist unbekannt: „%(found)s“.")),
    "1033": _critical(gettext_noop("Die Änderbarkeit der Struktur fehlt oder ist unbekannt: „%(found)s“.")),
    "1034": _critical(
        gettext_noop("Die Änderbarkeit der Repräsentation fehlt oder ist unbekannt: „%(found)s“.")
    ),
    "1037": _warning(
        gettext_noop("Das Schema verwendet die Codeliste %(list)s in mehreren Versionen: %(found)s.")
    ),
    "1038": _critical(gettext_noop("Die ID ist leer.")),
    "1039": _critical(
        gettext_noop("Die ID „%(found)s“ hat nicht die vorgegebene Form: ein Buchstabe und elf Ziffern.")
    ),
    "1040": _critical(gettext_noop("Die Kennung der Codeliste ist leer.")),
    "1041": _method(gettext_noop("Die Regel %(rule)s nennt %(found)s noch mit der alten, kurzen ID.")),
    "1042": _critical(gettext_noop("Die Gruppenart ist unbekannt: „%(found)s“.")),
    "1043": _method(gettext_noop("Eine Auswahlgruppe braucht mindestens zwei Elemente.")),
    "1044": _method(gettext_noop("Eine Werteliste braucht mindestens zwei Einträge.")),
    "1045": _critical(gettext_noop("Diese Codes stehen mehrmals in der Werteliste: %(found)s.")),
    "1046": _critical(
        gettext_noop(
            "Die Multiplizität von %(element)s hat nicht die vorgegebene Form, etwa 0:1 oder 1:*. "
            "Hier steht „%(found)s“."
        )
    ),
    "1047": _critical(
        gettext_noop(
            "Die Multiplizität von %(element)s ist nicht erfüllbar: In „%(found)s“ ist das Minimum "
            "größer als das Maximum."
        )
    ),
    "1048": _method(gettext_noop("Die URN der Codeliste hat nicht die vorgegebene Form: „%(found)s“.")),
    "1050": _critical(gettext_noop("Die Bezeichnung ist leer.")),
    "1051": _critical(gettext_noop("Das Schema nennt keine Handlungsgrundlage.")),
    "1056": _critical(
        gettext_noop("Eine Dateigröße ist nur bei Anlagen möglich, nicht beim Datentyp „%(found)s“.")
    ),
    "1057": _critical(
        gettext_noop("Erlaubte Dateitypen sind nur bei Anlagen möglich, nicht beim Datentyp „%(found)s“.")
    ),
    "1058": _method(gettext_noop("Das Feld nennt Spalten einer Codeliste, aber keine Codeliste.")),
    "1059": _critical(gettext_noop("Die minimale Feldlänge ist keine ganze Zahl ab 0: „%(found)s“.")),
    "1060": _critical(gettext_noop("Die maximale Feldlänge ist keine ganze Zahl ab 1: „%(found)s“.")),
    "1061": _critical(
        gettext_noop("Die minimale Feldlänge ist größer als die maximale: %(low)s und %(high)s.")
    ),
    "1062": _critical(gettext_noop("Die untere Wertgrenze ist keine Zahl: „%(found)s“.")),
    "1063": _critical(gettext_noop("Die obere Wertgrenze ist keine Zahl: „%(found)s“.")),
    "1064": _critical(gettext_noop("Die untere Wertgrenze ist größer als die obere: %(low)s und %(high)s.")),
    "1065": _critical(gettext_noop("Die untere Wertgrenze ist keine ganze Zahl: „%(found)s“.")),
    "1066": _critical(gettext_noop("Die obere Wertgrenze ist keine ganze Zahl: „%(found)s“.")),
    "1067": _critical(gettext_noop("Die untere Wertgrenze ist kein Datum: „%(found)s“.")),
    "1068": _critical(gettext_noop("Die obere Wertgrenze ist kein Datum: „%(found)s“.")),
    "1069": _critical(gettext_noop("Der Inhalt ist keine Zahl: „%(found)s“.")),
    "1070": _critical(gettext_noop("Der Inhalt ist keine ganze Zahl: „%(found)s“.")),
    "1071": _critical(gettext_noop("Der Inhalt ist kein Datum: „%(found)s“.")),
    "1072": _critical(gettext_noop("Der Inhalt „%(found)s“ liegt unter der unteren Wertgrenze %(limit)s.")),
    "1073": _critical(gettext_noop("Der Inhalt „%(found)s“ liegt über der oberen Wertgrenze %(limit)s.")),
    "1074": _critical(
        gettext_noop("Der Inhalt hat %(found)s Zeichen; mindestens %(limit)s sind vorgegeben.")
    ),
    "1075": _critical(gettext_noop("Der Inhalt hat %(found)s Zeichen; höchstens %(limit)s sind vorgegeben.")),
    "1077": _critical(gettext_noop("Der Inhalt ist kein Wahrheitswert (true oder false): „%(found)s“.")),
    "1078": _critical(gettext_noop("Das Schema enthält kein Element.")),
    "1079": _critical(gettext_noop("Die untere Wertgrenze ist kein Zeitpunkt: „%(found)s“.")),
    "1080": _critical(gettext_noop("Die obere Wertgrenze ist kein Zeitpunkt: „%(found)s“.")),
    "1081": _critical(gettext_noop("Die untere Wertgrenze ist keine Uhrzeit: „%(found)s“.")),
    "1082": _critical(gettext_noop("Die obere Wertgrenze ist keine Uhrzeit: „%(found)s“.")),
    "1083": _critical(gettext_noop("Der Inhalt ist kein Zeitpunkt: „%(found)s“.")),
    "1084": _critical(gettext_noop("Der Inhalt ist keine Uhrzeit: „%(found)s“.")),
    "1085": _method(gettext_noop("Der Inhalt „%(found)s“ ist kein Code der Werteliste.")),
    "1087": _critical(
        gettext_noop("Eine Relation führt zu %(found)s; ein solches Objekt ist hier nicht zulässig.")
    ),
    "1088": _method(gettext_noop("Die Relation %(found)s darf bei Datenfeldern und Gruppen nicht stehen.")),
    "1090": _critical(
        gettext_noop(
            "Ein statisches Feld hat den Datentyp „obj“, „text“ oder „text_latin“; hier steht „%(found)s“."
        )
    ),
    "1091": _critical(gettext_noop("Eine Relation nennt kein Objekt.")),
    "1093": _warning(gettext_noop("Diese Namen stehen mehrmals in der Werteliste: %(found)s.")),
    "1094": _method(
        gettext_noop("Das Default-Datenfeld F60000000001 darf nicht neben anderen Elementen stehen.")
    ),
    "1095": _warning(
        gettext_noop("Das Default-Datenfeld F60000000001 sollte nur in Ausnahmefällen verwendet werden.")
    ),
    "1096": _warning(
        gettext_noop("Das Schema ist noch dem Default-Dokumentsteckbrief D99000000001 zugeordnet.")
    ),
    "1097": _method(
        gettext_noop(
            "Das Schema ist freigegeben, aber noch dem Default-Dokumentsteckbrief D99000000001 zugeordnet."
        )
    ),
    "1098": _method(gettext_noop("Bezeichnung und Hilfetext sind gleich: „%(found)s“.")),
    "1099": _method(gettext_noop("In der Werteliste sind Name und Hilfetext gleich: „%(found)s“.")),
    "1100": _critical(gettext_noop("Bei Anlagen und statischen Objekten darf kein Inhalt stehen.")),
    "1101": _warning(gettext_noop("Das Element ist harmonisiert und sollte eine Handlungsgrundlage nennen.")),
    "1102": _warning(gettext_noop("Bei Textfeldern sollten minimale und maximale Feldlänge angegeben sein.")),
    "1103": _warning(gettext_noop("Bei Zahlen und Daten sollte ein Wertebereich angegeben sein.")),
    "1105": _warning(
        gettext_noop(
            "Die Version der Codeliste sollte ein Datum sein, etwa 2018-03-01. Hier steht „%(found)s“."
        )
    ),
    "1106": _warning(gettext_noop("Die Gruppe enthält nur ein Element.")),
    "1109": _warning(gettext_noop("Ein statisches Feld sollte einen Text als Inhalt haben.")),
    "1116": _warning(
        gettext_noop("Das Element ist inaktiv und sollte nur in Ausnahmefällen verwendet werden.")
    ),
    "1117": _hint(
        gettext_noop(
            "Der fachliche Ersteller fehlt. Zur Versionierung oder Veröffentlichung muss er genannt sein."
        )
    ),
    "1118": _critical(
        gettext_noop(
            "In einer Auswahlgruppe hat jedes Element die Multiplizität 0:1; bei %(element)s steht "
            "„%(found)s“."
        )
    ),
    "1120": _method(gettext_noop("Bei Anlagen und statischen Objekten darf kein Pattern stehen.")),
    "1124": _method(
        gettext_noop("Der Dokumentsteckbrief %(found)s stammt nicht aus dem zentralen Katalog (D99…).")
    ),
    "1127": _hint(gettext_noop("Das Schema ist veröffentlicht, dieses Element nicht.")),
    "1128": _hint(gettext_noop("Die Gruppe %(found)s ist veröffentlicht, dieses Element nicht.")),
    "1129": _hint(
        gettext_noop("Das Schema ist veröffentlicht, dieses Element hat aber noch nicht den Status Entwurf.")
    ),
    "1130": _hint(
        gettext_noop(
            "Die Gruppe %(found)s ist veröffentlicht, dieses Element hat aber noch nicht den Status Entwurf."
        )
    ),
    "1131": _critical(
        gettext_noop("Der Text in „%(where)s“ enthält Zeichen, die StringLatin nicht kennt: %(found)s")
    ),
    "1133": _warning(gettext_noop("Die URL der Handlungsgrundlage ist nicht korrekt: „%(found)s“.")),
    "1134": _hint(
        gettext_noop(
            "Das Schema ist eine Arbeitskopie; rechtsnormgebundene Elemente des eigenen "
            "Nummernkreises sollten darin ohne Version stehen."
        )
    ),
    "1135": _critical(gettext_noop("Das Schema hat eine Version, dieses Element nicht.")),
    "1139": _hint(
        gettext_noop("Anlagen sollten mehrfach möglich sein (n:*); bei %(element)s steht „%(found)s“.")
    ),
    "1140": _method(
        gettext_noop("Nur Elemente des Nummernkreises 60 dürfen „%(found)s“ als fachlichen Ersteller nennen.")
    ),
    "1141": _method(
        gettext_noop("Nur Schemata des Nummernkreises 60 dürfen „%(found)s“ als fachlichen Ersteller nennen.")
    ),
    "1142": _critical(
        gettext_noop("Der Status ist „%(found)s“; dann muss das Datum der Statusänderung angegeben sein.")
    ),
    "1143": _critical(
        gettext_noop(
            "Der Status des Schemas ist „%(found)s“; dann muss das Datum der Statusänderung angegeben sein."
        )
    ),
}
