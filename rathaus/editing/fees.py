"""A fee for a service that has none: the table that decides it, the steps that ask it, its letter and its law.

As in services/gewerbeanmeldung: no amount stands in the package, a table says which dated setting of the town counts,
and a person approves the fee notice: it is an act of its own (§ 35a VwVfG: automatic only where a rule of law permits).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rathaus.editing.blocks import Blocks
from rathaus.editing.decisions import new_table, table_file, table_of
from rathaus.editing.diagram import PROCESS, Drawn, NewFlow, NewStep
from rathaus.editing.edit import Edit, Files, stored, with_file
from rathaus.editing.parts import SERVICE_FILE, SetServiceValue, key_of
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.rules.cells import quoted, text_of
from rathaus.rules.decisions import HitPolicy

FEE = "gebuehr"
NOTICE = "gebuehrenbescheid"
APPROVE = "gebuehrenbescheid_freigeben"
_CHOICE, _JOIN = "gebuehr_wahl", "zusammen_gebuehr"
_LETTER = """// Gebührenbescheid. Ein Verwaltungsakt mit Rechtsbehelfsbelehrung (§ 37 Abs. 6 VwVfG).

#import "/rathaus/letter.typ": *

#show: letter

#greeting()

#by-language(
  de: [für Ihren Antrag „#data.case.service_title“ vom #day(data.case.received_at) setzen wir eine Gebühr fest von],
  en: [for your application “#text(lang: "de", data.case.service_title)” of #day(data.case.received_at) we set a
    fee of],
)

#align(center, text(size: 1.4em, strong(money(data.fee.amount_cents))))

== #by-language(de: [So zahlen Sie], en: [How to pay])

#by-language(
  de: [Überweisen Sie den Betrag innerhalb eines Monats nach Bekanntgabe dieses Bescheids. Geben Sie bitte den
    Verwendungszweck an.],
  en: [Please transfer the amount within one month of notification of this decision and quote the payment reference.],
)

#payment()

== #by-language(de: [Begründung], en: [Reasons])

#by-language(
  de: [Für die Bearbeitung Ihres Antrags ist eine Gebühr zu erheben. Rechtsgrundlage: #data.fee.legal_basis.],
  en: [A fee is charged for processing your application. Legal basis: #text(lang: "de", data.fee.legal_basis).],
)

#signature()

#remedy()
"""


@stored
@dataclass(frozen=True, slots=True)
class AddFeeRule(Edit):
    """Charge a fee: after which step it is decided, which dated setting holds, and what further rows may depend on.

    Without `inputs` (pairs of label and CEL) the fee is always the same. Rows are added to the table afterwards.
    """

    setting: str
    legal_basis: str
    after: str
    lane: str  # of the office that approves the notice
    inputs: tuple[tuple[str, str], ...] = ()

    def apply(self, files: Files) -> Files:
        if not self.setting.strip() or not self.legal_basis.strip():
            raise EditError(
                gettext_noop("Eine Gebühr braucht eine Einstellung der Stadt und eine Rechtsgrundlage.")
            )
        if table_file(FEE) in files or f"letters/{NOTICE}.typ" in files:
            raise EditError(
                gettext_noop("Diese Leistung hat schon eine Gebührenregel. Ändern Sie ihre Tabelle.")
            )
        outputs = (
            ("setting", "Einstellung der Stadt", "string", quoted(self.setting)),
            ("anzahl", "Wie oft", "number", "1"),
            ("legal_basis", "Rechtsgrundlage", "string", quoted(self.legal_basis)),
        )
        told = "Welche datierte Einstellung der Stadt den Betrag nennt. Beträge stehen nie im Paket."
        table = new_table(key_of(files), FEE, "Gebühr", told, tuple(self.inputs), outputs, HitPolicy.FIRST)
        changed = with_file(files, table_file(FEE), table)
        table_of(changed, FEE)
        changed = with_file(changed, f"letters/{NOTICE}.typ", _LETTER.encode())
        changed = with_file(changed, PROCESS, self._process(files.get(PROCESS, b"")))
        fee = {"setting": self.setting, "settings": [self.setting], "decision": FEE}
        changed = SetServiceValue("fee", {**fee, "legal_basis": self.legal_basis}).apply(changed)
        return self._expected(_contestable(changed))

    def _process(self, content: bytes) -> bytes:
        steps = (
            NewStep(
                FEE,
                "businessRuleTask",
                "Gebühr bestimmen",
                "Determine the fee",
                0,
                inner='<{r}:operation name="decision">' + _parameter("table", FEE) + "</{r}:operation>",
            ),
            NewStep(
                APPROVE,
                "userTask",
                "Gebührenbescheid freigeben",
                "Approve the fee notice",
                1,
                self.lane,
                '<{r}:outcome value="freigeben" label="Gebührenbescheid freigeben" label_en="Approve the fee notice"/>'
                '<{r}:outcome value="verzichten" label="Keine Gebühr erheben" label_en="Charge no fee"'
                ' requires_reason="true"/>',
            ),
            NewStep(
                _CHOICE,
                "exclusiveGateway",
                "Gebühr erheben?",
                "Charge the fee?",
                2,
                self.lane,
                default="gebuehr_verzichtet",
            ),
            NewStep(
                NOTICE,
                "serviceTask",
                "Gebührenbescheid erstellen",
                "Issue the fee notice",
                3,
                inner='<{r}:operation name="letter">'
                + _parameter("template", NOTICE)
                + _parameter("seal", "true")
                + _parameter("title", "Gebührenbescheid")
                + _parameter("title_en", "Fee notice")
                + "</{r}:operation>",
            ),
            NewStep(_JOIN, "exclusiveGateway", "", "", 4),
        )
        flows = (
            NewFlow("gebuehr_freigeben", FEE, APPROVE),
            NewFlow("freigeben_wahl", APPROVE, _CHOICE),
            NewFlow("gebuehr_freigegeben", _CHOICE, NOTICE, "ja", f"facts.{APPROVE}.outcome == 'freigeben'"),
            NewFlow("gebuehr_verzichtet", _CHOICE, _JOIN, "nein"),
            NewFlow("gebuehrenbescheid_zusammen", NOTICE, _JOIN),
            NewFlow("nach_gebuehr", _JOIN, ""),
        )
        return Drawn(content).insert(self.after, steps, flows)

    def _expected(self, files: Files) -> Files:
        """Every example that goes through expects the fee from now on."""
        for name in [name for name in files if name.startswith("examples/")]:
            blocks = Blocks.read(files[name], name)
            expected = blocks.table("expect")
            if expected is not None and expected.values.get("valid", True):
                expected.set("fee", self.setting)
                files = with_file(files, name, blocks.write())
        return files

    def places(self) -> frozenset[str]:
        return frozenset(
            {
                "service:fee",
                "service:remedy",
                "service:notice",
                f"file:{PROCESS}",
                f"file:{table_file(FEE)}",
                f"file:letters/{NOTICE}.typ",
            }
        )

    def words(self) -> Words:
        return Words(gettext_noop("Gebührenregel hinzugefügt (%(setting)s)"), {"setting": self.setting})


def settings_of(files: Files) -> list[str]:
    """The dated settings that say what the service costs: of service.toml, and of every row of the fee's table."""
    fee = _fee(files)
    named = [fee.get("setting"), *fee.get("settings", ())]
    try:
        table = table_of(files, str(fee.get("decision", "")))
    except EditError:
        return _texts(named)
    for position, output in enumerate(table.outputs):
        if output.name == "setting":
            named += [text_of(rule.results[position].source) for rule in table.rules]
    return _texts(named)


def has_rule(files: Files) -> bool:
    """Whether a table decides the fee."""
    return table_file(str(_fee(files).get("decision", ""))) in files


def _fee(files: Files) -> Mapping[str, Any]:
    try:
        fee = _service(files).get("fee", {})
    except EditError:
        return {}
    return fee if isinstance(fee, Mapping) else {}


def _texts(named: list[object]) -> list[str]:
    return list(dict.fromkeys(str(text) for text in named if text))


def _parameter(name: str, value: str) -> str:
    return f'<{{r}}:parameter name="{name}" value="{value}"/>'


def _contestable(files: Files) -> Files:
    """The fee notice is announced and can be contested like the service's other acts."""
    data = _service(files)
    lists = [("notice", data.get("notice", {}))]
    lists += [(f"remedy.{land}", rule) for land, rule in data.get("remedy", {}).items()]
    for key, rule in lists:
        letters = rule.get("letters") if isinstance(rule, Mapping) else None
        if isinstance(letters, list) and NOTICE not in letters:
            files = SetServiceValue(f"{key}.letters", [*letters, NOTICE]).apply(files)
    return files


def _service(files: Files) -> Mapping[str, Any]:
    try:
        return tomllib.loads(files.get(SERVICE_FILE, b"").decode())
    except ValueError:
        raise EditError(gettext_noop("Die Angaben (service.toml) sind nicht lesbar.")) from None
