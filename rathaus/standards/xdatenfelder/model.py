"""The data model of XDatenfelder 3.0.0: what a *Stammdatenschema* says, as immutable values.

Source: XSD `xdatenfelder.xsd` 3.0.0 (namespace `urn:xoev-de:fim:standard:xdatenfelder_3.0.0`). Names are the
English equivalents of the standard's elements; the German element stands in each docstring or comment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """`feldart`: how a field takes part in a form."""

    INPUT = "input"
    SELECT = "select"
    LABEL = "label"
    HIDDEN = "hidden"
    LOCKED = "locked"


class DataType(StrEnum):
    """`datentyp`: the kind of value a field holds."""

    TEXT = "text"
    TEXT_LATIN = "text_latin"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    BOOL = "bool"
    NUM = "num"
    NUM_INT = "num_int"
    NUM_CURRENCY = "num_currency"
    FILE = "file"
    OBJ = "obj"


@dataclass(frozen=True, slots=True)
class Constraints:
    """`praezisierung`: limits of a value. Lengths in characters, bounds in the notation of the data type."""

    min_length: int | None = None
    max_length: int | None = None
    min_value: str | None = None
    max_value: str | None = None
    pattern: str | None = None  # HTML `pattern` semantics: anchored, ECMAScript


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list (`wert`): the code that is stored, the name people read, and a help text."""

    code: str
    name: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class CodeListReference:
    """`codelisteReferenz` with the columns to read (`codeKey`, `nameKey`, `helpKey`)."""

    canonical_uri: str  # canonicalIdentification
    version: str | None = None
    canonical_version_uri: str | None = None
    code_column: str | None = None
    name_column: str | None = None
    help_column: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """`bezug`: a legal basis, with its address where the file gives one."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """`stichwort`, with the vocabulary it comes from."""

    text: str
    uri: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the editors of an element keep about it; nothing of it changes a form. Dates as the file writes them."""

    definition: str = ""
    status: str = ""  # freigabestatus, list urn:xoev-de:xprozess:codeliste:status; 7: inactive
    status_set_on: str = ""  # statusGesetztAm
    status_set_by: str = ""  # statusGesetztDurch; of a rule: fachlicherErsteller
    valid_from: str = ""  # gueltigAb
    valid_until: str = ""  # gueltigBis
    version_note: str = ""  # versionshinweis
    published_on: str = ""  # veroeffentlichungsdatum
    changed_at: str = ""  # letzteAenderung
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleParameter:
    """`param` of a rule's script: an element under a name. `kind`: wert, anzahl, objekt, selektor."""

    element: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class RuleTarget:
    """`ziel` of a rule's script."""

    element: str
    name: str


@dataclass(frozen=True, slots=True)
class RuleMessage:
    """`fehler`: what is said if the rule is broken."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`regel`: the rule as its author wrote it (`freitextRegel`)."""

    id: str
    version: str | None
    name: str
    text: str
    kind: str = "K"  # typ: B, K, M, V
    description: str = ""  # beschreibung
    references: tuple[Reference, ...] = ()
    parameters: tuple[RuleParameter, ...] = ()
    targets: tuple[RuleTarget, ...] = ()
    script: str = ""  # skript
    messages: tuple[RuleMessage, ...] = ()
    record: Record = Record()


@dataclass(frozen=True, slots=True)
class Field:
    """`datenfeld`."""

    id: str
    version: str | None
    name: str
    label: str  # bezeichnungEingabe
    kind: FieldKind
    datatype: DataType
    label_output: str = ""  # bezeichnungAusgabe
    help: str = ""  # hilfetextEingabe
    help_output: str = ""  # hilfetextAusgabe
    description: str = ""  # beschreibung
    constraints: Constraints = field(default_factory=Constraints)
    content: str = (
        ""  # inhalt: the text of a label, the value of a locked or hidden field, a default otherwise
    )
    prefill: str = "keine"  # vorbefuellung
    codes: tuple[Code, ...] = ()  # werte
    code_list: CodeListReference | None = None
    max_size: int | None = None  # maxSize in bytes
    media_types: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    origin: str = ""  # schemaelementart: ABS abstract, HAR harmonised, RNG tied to a legal norm
    record: Record = Record()


@dataclass(frozen=True, slots=True)
class Group:
    """`datenfeldgruppe`."""

    id: str
    version: str | None
    name: str
    label: str
    children: tuple[Placement, ...]
    label_output: str = ""
    help: str = ""
    help_output: str = ""
    description: str = ""
    is_choice: bool = False  # art X: exactly one child is filled
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    origin: str = ""  # schemaelementart
    record: Record = Record()


@dataclass(frozen=True, slots=True)
class Placement:
    """`struktur`: an element at one place, with how often it occurs there (`anzahl`) and why (`bezug`)."""

    element: Field | Group
    minimum: int
    maximum: int | None  # None: unbounded (`*`)
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """`stammdatenschema`."""

    id: str
    version: str | None
    name: str
    label: str  # bezeichnung
    children: tuple[Placement, ...]
    help: str = ""
    description: str = ""
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    structure_changes: str = ""  # ableitungsmodifikationenStruktur, 0 to 3
    representation_changes: str = ""  # ableitungsmodifikationenRepraesentation, 0 or 1
    document_profile: tuple[str, str | None] | None = None  # dokumentsteckbrief: id and version
    record: Record = Record()


@dataclass(frozen=True, slots=True)
class RuleTranslation:
    """`regel` of a translated element: the messages of one rule, under the codes of the German ones."""

    id: str
    version: str | None
    messages: tuple[RuleMessage, ...]


@dataclass(frozen=True, slots=True)
class ElementTranslation:
    """`element` of a translation message: the texts of one field, group or schema in another language."""

    id: str
    version: str | None
    label: str
    label_output: str = ""
    help: str = ""
    help_output: str = ""
    content: str = ""
    codes: tuple[Code, ...] = ()  # the codes of the German list, with translated names
    rules: tuple[RuleTranslation, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """`sprache` of the message uebersetzung.0106."""

    schema_id: str
    language: str  # ISO 639, lower case
    elements: tuple[ElementTranslation, ...]
    region: str | None = None
    variant: str | None = None  # `simple`: plain language
    version: int = 1  # counts the editions of this language
    schema_version: str | None = None
