"""Odd files of XDatenfelder as editors and tools really make them, each from its number alone.

Not bytes are changed but what is meant: cardinalities nobody can keep, limits that cross, patterns that are none,
dangling and circling references, texts of every kind, code lists with thousands of entries, and the ways in which files
are stored. Nothing here uses the project's own writer.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from rathaus.standards.xdatenfelder.conversion import NAMESPACE_2
from rathaus.standards.xdatenfelder.reader import NAMESPACE

_TEXTS = [
    "Name", "Straße und Hausnummer", "Geburtsdatum (TT.MM.JJJJ)", "E-Mail-Adresse", "PLZ", "IBAN", "",
    "  ", "Tag", "Monat", "Jahr", "Sonstiges:", "Frage?", "a", "1", "…", "„Anführung“ 'einfach' \"doppelt\"",
    "<b>fett</b> & <script>alert(1)</script>", "{{ 7*7 }} {% if x %} ${jndi:ldap://x} #import \"x\"",
    "#set text(size: 40pt) *fett* _kursiv_ $x^2$ @ref <label> \\ ` ~ //kein Kommentar /* */",
    "Zeile 1\nZeile 2\r\nZeile 3\tTab", "%(name)s %s %d {0} {name}", "=SUMME(A1:A9)", "../../etc/passwd", "__proto__",
    "self", "today", "town", "true", "null", "in", "class", "add", "remove", "stand", "fassung", "Übergröße",
    "Ελληνικά Кирилиця 中文 🐕", "x\u00a0y\u200bz\u202ew\u00ad", "\u0085\u2028\u2029", "n\u0303 e\u0301",
    "Sehr lang " * 80, "Donaudampfschifffahrtsgesellschaftskapitän" * 8, "Wort " * 3000,
]  # fmt: skip
_COUNTS = [
    *["1:1"] * 8, *["0:1"] * 6, "1:*", "0:*", "0:9999", "1:9999", "2:5", "3:3", "0:0", "1:0", "5:2", "*:*", "*", "1",
    "", "0:1000000", "1 : 1", "0..1", "1:n", "-1:1", "1:1:1", "10:20",
]  # fmt: skip
_KINDS = ["input"] * 8 + ["select"] * 4 + ["label", "hidden", "locked", "button", ""]
_TYPES = [
    *["text"] * 6, "text_latin", "date", "time", "datetime", "bool", "num", "num_int", "num_currency", "file", "obj",
    "string", "",
]  # fmt: skip
_PATTERNS = [
    "[0-9]{5}", "(", "[a-", "(?=x)y", r"\d{3}-\d{4}", "^[A-Z]{2}$", "a**", r"\p{L}+", "(a+)+$", "[^<>&]{1,20}",
    r"\i\c*", "[A-Z-[IO]]+", "x{5,2}", "", " ", "/^abc$/i", "(?<name>x)", r"(\w)\1", ".{0,100000}",
]  # fmt: skip
_RULES = [
    "WENN {a} = JA, DANN muss {b} befüllt sein", "WENN {a} ist gefüllt, DANN darf {b} nicht befüllt sein",
    "Entweder {a} oder {b} muss befüllt sein.", "WENN F99999999999 = JA, DANN aktiviere G99999999999", "",
    "Siehe Gesetz.", "WENN {a} = 'x' UND ({b} > 5 ODER", "{a} muss kleiner sein als {b}", "function script() {{ }}",
    "WENN {a} ist gefüllt, DANN muss {a} nicht befüllt sein", "Es {{muss}} ${{eins}} %s gewählt werden " * 60,
]  # fmt: skip
_CONTENTS = [
    "",
    "",
    "Text",
    "true",
    "12,5",
    "2020-01-01",
    "<p>Hinweis</p>",
    "001",
    "Lesen Sie §§ 1–3.\n\n- a\n- b",
]
_ENCODINGS = ["utf-8"] * 6 + ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "us-ascii"]


@dataclass
class OddFile:
    """One file and the code lists that come with it."""

    number: int
    content: bytes = b""
    code_lists: dict[str, bytes] = field(default_factory=dict)


def odd_file(number: int) -> OddFile:
    """The file with this number."""
    writer = _Writer(number)
    return OddFile(number, writer.document(), writer.code_lists)


class _Writer:
    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)
        self.is_new = self.chance.random() < 0.7
        self.prefix = self.chance.choice(["xdf", "xdf3", "x", ""])
        self.oddness = self.chance.choice([0.03, 0.1, 0.3])
        self.shapes = ["few", "one", "none", "deep", "wide", "lists", "few", "few"]
        self.shape = self.shapes[number % len(self.shapes)]
        self.fields: list[str] = []
        self.groups: list[str] = []
        self.code_lists: dict[str, bytes] = {}

    def odd(self, times: float = 1.0) -> bool:
        return self.chance.random() < self.oddness * times

    def tag(self, name: str, inner: str, attributes: str = "") -> str:
        tag = f"{self.prefix}:{name}" if self.prefix else name
        return f"<{tag}{attributes}>{inner}</{tag}>"

    def text(self, name: str, value: str) -> str:
        return self.tag(name, escape(_allowed(value)))

    def code(self, name: str, value: str) -> str:
        listed = ' listURI="urn:x" listVersionID="1.0"' if self.chance.random() < 0.5 else ""
        # The standard's code has no namespace; not every file with a default namespace says so.
        space = "" if self.prefix else self.chance.choice(["", ' xmlns=""'])
        return self.tag(name, f"<code{space}>{escape(value)}</code>", listed)

    def words(self, plain: str) -> str:
        return self.chance.choice(_TEXTS) if self.odd(2) else plain

    def identification(self, letter: str, number: int) -> str:
        digits = f"05{number:09}" if self.is_new else f"05{number:06}"
        identifier = f"{letter}{digits}"
        if letter in "FG" and self.odd(0.5):
            known = self.fields if letter == "F" else self.groups
            identifier = self.chance.choice([*known, "F1", f" {identifier} ", "", identifier.lower()])
        (self.fields if letter == "F" else self.groups).append(identifier.strip())
        version = "1.0.0" if self.is_new else "1.0"
        if self.odd():
            version = self.chance.choice(["", "2.0.0", "1", "1.0.0-alpha", "v1"])
        inner = self.text("id", identifier) + (self.text("version", version) if version else "")
        return self.tag("identifikation", inner)

    def record(self) -> str:
        if self.is_new:
            parts = [self.code("freigabestatus", "6"), self.text("letzteAenderung", "2024-01-01T00:00:00Z")]
            if self.odd():
                parts.append(self.tag("relation", self.code("praedikat", "ABL")))
            return "".join(parts)
        return self.code("status", "aktiv") + self.text("fachlicherErsteller", "Amt")

    def head(self, letter: str, number: int, name: str) -> str:
        label = self.words(name)
        parts = [
            self.identification(letter, number),
            self.text("name", self.words(name)),
            self.text("beschreibung", self.words("")),
            self.text("bezug", "§ 1 Gesetz; § 2 Gesetz") if self.chance.random() < 0.5 else "",
            self.record(),
            "" if self.odd() else self.text("bezeichnungEingabe", label),
            self.text("bezeichnungAusgabe", label),
            self.code("schemaelementart", "RNG"),
            self.text("hilfetextEingabe", self.words("")),
        ]
        if self.odd():
            self.chance.shuffle(parts)
        if self.odd():
            parts.append('<y:merkmal xmlns:y="urn:andere" y:id="1"><y:id>F1</y:id></y:merkmal><!-- Notiz -->')
        return "".join(parts)

    def rules(self) -> str:
        return "".join(self.rule() for _ in range(self.chance.choice([0, 0, 0, 1, 2])))

    def rule(self) -> str:
        places = (self.fields[-6:] + self.groups[-3:]) or ["F05000000001"]
        text = self.chance.choice(_RULES).format(a=self.chance.choice(places), b=self.chance.choice(places))
        number = self.chance.randrange(1, 30)
        identifier = f"R05{number:09}" if self.is_new else f"R05{number:06}"
        inner = "" if self.odd(0.3) else self.tag("identifikation", self.text("id", identifier))
        inner += self.text("name", self.words("Regel"))
        inner += self.text("freitextRegel" if self.is_new else "definition", text) + self.code("typ", "K")
        return self.tag("regel", inner)

    def limits(self, datatype: str) -> str:
        given: dict[str, str] = {}
        if self.chance.random() < 0.5:
            given |= {"minLength": "1", "maxLength": "80"}
        if datatype.startswith("num") and self.chance.random() < 0.5:
            given |= {"minValue": "0", "maxValue": "100"}
        if datatype == "date" and self.chance.random() < 0.5:
            given |= {
                "minValue": "2000-01-01",
                "maxValue": self.chance.choice(["2030-12-31", "heute", "1999-01-01"]),
            }
        if self.odd(3):
            name, value = self.chance.choice(
                [
                    ("minLength", "90"), ("maxLength", "0"), ("maxLength", "1e6"), ("minLength", "-1"),
                    ("minValue", "200"), ("maxValue", "-5"), ("minValue", "0,5"), ("maxValue", "viel"),
                    ("maxLength", "999999999"), ("minLength", "99999"), ("minValue", "0.123456789012345678901"),
                    ("maxValue", "1E400"), ("minValue", "NaN"),
                ]
            )  # fmt: skip
            given[name] = value
        if self.odd(3):
            given["pattern"] = self.chance.choice(_PATTERNS)
        if self.is_new:
            attributes = "".join(f" {name}={quoteattr(_allowed(value))}" for name, value in given.items())
            return self.tag("praezisierung", "", attributes)
        written = self.chance.choice(
            [json.dumps(given), json.dumps(given), "1..5", "maximal 80 Zeichen", "{", ""]
        )
        return self.text("praezisierung", written)

    def values(self) -> str:
        count = self.chance.choice([0, 1, 2, 3, 12, 300])
        if self.shape == "lists" and self.chance.random() < 0.2:
            count = 5000
        if not self.is_new or self.chance.random() < 0.3:
            return self.reference(count)
        entries = []
        for number in range(count):
            code = (
                f"{number:03}" if not self.odd(0.2) else self.chance.choice(["", "000", "a b", "ä/ö", " 1"])
            )
            name = f"Wert {number}" if not self.odd(0.3) else self.chance.choice([*_TEXTS[:30], "Wert 0"])
            entries.append(self.tag("wert", self.text("code", code) + self.text("name", name)))
        return self.tag("werte", "".join(entries))

    def reference(self, count: int) -> str:
        uri = f"urn:de:liste:{self.chance.randrange(5)}"
        if self.chance.random() < 0.5 and uri not in self.code_lists:
            self.code_lists[uri] = self.genericode(uri, count)
        version = self.chance.choice(["1", "2024-01-01", ""])
        if self.is_new:
            inner = "" if self.odd() else self.text("canonicalIdentification", uri)
            inner += self.text("version", version) if version else ""
            return self.tag("codelisteReferenz", inner)
        named = self.text("canonicalIdentification", uri) + self.text("version", version)
        named += self.text("canonicalVersionUri", f"{uri}_{version}")
        inner = self.tag("identifikation", self.text("id", "C05000001"))
        return self.tag("codelisteReferenz", inner + self.tag("genericodeIdentification", named))

    def genericode(self, uri: str, count: int) -> bytes:
        space = self.chance.choice(
            [
                "http://docs.oasis-open.org/codelist/ns/genericode/1.0/",
                "http://xml.genericode.org/2004/ns/CodeList/0.2/",
            ]
        )
        rows = []
        for number in range(count):
            code, name = f"{number:04}", f"Eintrag {number}"
            if self.odd(0.2):
                code, name = self.chance.choice([("0000", name), (code, "Eintrag 0"), ("", name), (code, "")])
            rows.append(
                f'<Row><Value ColumnRef="code"><SimpleValue>{code}</SimpleValue></Value>'
                f'<Value ColumnRef="name"><SimpleValue>{name}</SimpleValue></Value></Row>'
            )
        return (
            f'<gc:CodeList xmlns:gc="{space}"><Identification><ShortName>liste</ShortName><Version>1</Version>'
            f"<CanonicalUri>{uri}</CanonicalUri><CanonicalVersionUri>{uri}_1</CanonicalVersionUri></Identification>"
            '<ColumnSet><Column Id="code" Use="required"><ShortName>code</ShortName><Data Type="string"/></Column>'
            '<Column Id="name" Use="required"><ShortName>name</ShortName><Data Type="string"/></Column>'
            '<Key Id="k"><ShortName>k</ShortName><ColumnRef Ref="code"/></Key></ColumnSet>'
            f"<SimpleCodeList>{''.join(rows)}</SimpleCodeList></gc:CodeList>"
        ).encode()

    def field(self) -> str:
        number = len(self.fields) + 1
        kind = "input" if not self.odd(5) else self.chance.choice(_KINDS)
        if kind == "input" and self.chance.random() < 0.3:
            kind = "select"
        datatype = self.chance.choice(_TYPES[:-2]) if not self.odd() else self.chance.choice(_TYPES)
        inner = (
            self.head("F", number, f"Angabe {number}")
            + self.code("feldart", kind)
            + self.code("datentyp", datatype)
        )
        inner += self.limits(datatype) if self.chance.random() < 0.6 else ""
        content = self.chance.choice(_CONTENTS) if kind in ("label", "hidden", "locked") or self.odd() else ""
        inner += self.text("inhalt", content)
        if (kind == "select" and not self.odd()) or self.odd():
            inner += self.values()
        if datatype in ("file", "obj") and self.chance.random() < 0.5 and self.is_new:
            inner += self.text("maxSize", self.chance.choice(["1000000", "0", "10 MB"]))
            inner += self.text(
                "mediaType", self.chance.choice(["application/pdf", "image/png", "text/plain", "pdf"])
            )
        return self.tag("datenfeld", inner + self.rules())

    def group(self, depth: int, size: int) -> str:
        number = len(self.groups) + 1
        inner = self.head("G", number, f"Gruppe {number}")
        if self.is_new and self.odd(2):
            inner += self.code("art", "X")
        inner += self.places(depth - 1, size)
        if self.odd(0.5):
            # A group in itself, as tools write it that expand references only once.
            own = self.tag("identifikation", self.text("id", self.groups[number - 1]))
            inner += self.placed(self.tag("datenfeldgruppe", own + self.text("name", "Gruppe")))
        return self.tag("datenfeldgruppe", inner + self.rules())

    def placed(self, element: str, count: str = "") -> str:
        written = count or (self.chance.choice(_COUNTS) if self.odd(2) else self.chance.choice(_COUNTS[:14]))
        amount = "" if self.odd(0.2) else self.text("anzahl", written)
        return self.tag("struktur", amount + self.tag("enthaelt", element))

    def places(self, depth: int, size: int) -> str:
        parts = []
        for _ in range(size):
            if depth > 0 and self.chance.random() < 0.4:
                parts.append(self.placed(self.group(depth, self.chance.choice([0, 1, 2, 3, 5]))))
            else:
                parts.append(self.placed(self.field()))
        if self.odd():
            parts.append(self.tag("struktur", self.text("anzahl", "1:1") + self.tag("enthaelt", "")))
        return "".join(parts)

    def body(self) -> str:
        if self.shape == "none":
            return self.chance.choice(["", self.placed(self.group(1, 0)), self.placed(self.field(), "0:0")])
        if self.shape == "one":
            return self.placed(self.field())
        if self.shape == "wide":
            return self.placed(self.group(1, 60))
        if self.shape == "deep":
            inner = self.placed(self.field()) + self.placed(self.field())
            for level in range(4):
                own = self.head("G", len(self.groups) + 1, f"Ebene {level}") + inner
                inner = self.placed(
                    self.tag("datenfeldgruppe", own), self.chance.choice(["0:*", "1:*", "1:3", "2:2"])
                )
            return inner + self.placed(self.field())
        return self.places(3, self.chance.choice([2, 4, 9]))

    def document(self) -> bytes:
        name = self.words("Antrag auf Probe")
        identifier = "S05000000001" if self.is_new else "S05000001"
        inner = self.tag("identifikation", self.text("id", identifier) + self.text("version", "1.0"))
        inner += self.text("name", name) + self.record()
        inner += self.text("bezeichnung" if self.is_new else "bezeichnungEingabe", self.words(name))
        inner += self.body() + "".join(self.rule() for _ in range(self.chance.choice([0, 1, 4])))
        space = NAMESPACE if self.is_new else NAMESPACE_2
        where = f' xmlns:{self.prefix}="{space}"' if self.prefix else f' xmlns="{space}"'
        header = self.tag(
            "header",
            self.text("nachrichtID", "1") + self.text("erstellungszeitpunkt", "2024-01-01T00:00:00Z"),
        )
        root = self.tag(
            "xdatenfelder.stammdatenschema.0102", header + self.tag("stammdatenschema", inner), where
        )
        return self.stored(root)

    def stored(self, root: str) -> bytes:
        encoding = self.chance.choice(_ENCODINGS)
        declared = encoding.removesuffix("-sig")
        head = f'<?xml version="1.0" encoding="{declared}"?>'
        if encoding.startswith("utf-8") and self.odd(2):
            head = self.chance.choice(["", "\n" + head, " " + head, "<?xml version='1.0' standalone='yes'?>"])
        if self.odd(2):
            head += '\n<!-- Erzeugt – mit „Editor“ --><?xml-stylesheet href="a.xsl"?>\n'
        text = head + root.replace("><", ">\n  <" if self.odd(2) else "><")
        if self.odd(2):
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        return text.encode(encoding, "xmlcharrefreplace")


def _allowed(text: str) -> str:
    """The text without what XML cannot hold at all."""
    return "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 0x20)
