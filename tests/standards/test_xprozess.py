from __future__ import annotations

import base64
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.standards.xprozess.archive import BPMN_NAMESPACE, MAX_BYTES, MAX_MEMBERS, bpmn_of, unpack
from rathaus.standards.xprozess.model import FileKind, ModelFile, Participant, Process, ReferenceActivity
from rathaus.standards.xprozess.reader import NAMESPACE, XprozessError, read_processes
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

REAL = SHARED_DATA / "xprozess"
BPMN = f'<b:definitions xmlns:b="{BPMN_NAMESPACE}"/>'.encode()

MESSAGE = """<x:{root} xmlns:x="{namespace}" produkt="Werkzeug">
<x:nachrichtenkopf><x:autor>Amt</x:autor></x:nachrichtenkopf>
<x:prozesskatalog><x:name>Katalog</x:name><x:prozessklasse><x:id>99000000000001</x:id><x:version>01.00.00</x:version>
  <x:name>Bienenstand anzeigen</x:name><x:schlagwort>Biene|Honig | Biene</x:schlagwort>
  <x:handlungsform><code>310</code></x:handlungsform></x:prozessklasse></x:prozesskatalog>
<x:prozessbibliothek><x:prozess><x:id>99000000000001</x:id><x:version>01.00.00</x:version><x:name>Anzeigen</x:name>
  <x:prozesssteckbrief><x:ausloeser><x:formularID>D00000000007</x:formularID></x:ausloeser><x:ergebnis/>
    <x:prozessteilnehmer><x:name>Imkerin</x:name><x:rolle><code>1</code></x:rolle></x:prozessteilnehmer>
    <x:detaillierungsstufe><code>101</code></x:detaillierungsstufe>
    <x:verwaltungspolitischeKodierung><x:bundesland><code>03</code></x:bundesland></x:verwaltungspolitischeKodierung>
  </x:prozesssteckbrief>
  <x:prozessstrukturbeschreibung><x:strukturbeschreibungFIM>
    {groups}
  </x:strukturbeschreibungFIM></x:prozessstrukturbeschreibung>
  <x:prozessmodell><x:prozessmodelldatei><x:dateiname>Bild</x:dateiname><x:mimeType><code>1</code></x:mimeType>
    <x:inhalt>{content}</x:inhalt></x:prozessmodelldatei></x:prozessmodell>
</x:prozess></x:prozessbibliothek></x:{root}>"""

GROUP = """<x:aktivitaetengruppe><x:referenzaktivitaetengruppeTyp><code>{kind}</code></x:referenzaktivitaetengruppeTyp>
<x:id>{id}</x:id><x:subProzessID>_sub{id}</x:subProzessID><x:name>Schritt {id}</x:name>
<x:handlungsgrundlage><x:name>§ 1a BienG</x:name><x:art><code>104</code></x:art><x:uri>https://example.org/1a</x:uri>
</x:handlungsgrundlage>{data}<x:spezifischeAttribute><x:spezifischeAttribute{kind}>{specific}</x:spezifischeAttribute{kind}>
</x:spezifischeAttribute></x:aktivitaetengruppe>"""


def group(id: str, kind: str, specific: str = "", data: str = "") -> str:  # noqa: A002 - the element's name
    return GROUP.format(id=id, kind=kind, specific=specific, data=data)


def message(
    groups: str = "",
    content: str = "",
    root: str = "alleInhalte.export.0303",
    namespace: str = NAMESPACE,
) -> bytes:
    return MESSAGE.format(groups=groups, content=content, root=root, namespace=namespace).encode()


def process(document: bytes) -> Process:
    (found,) = read_processes(document).processes
    return found


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> str:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return base64.b64encode(buffer.getvalue()).decode()


def attached(encoded: str) -> ModelFile:
    return ModelFile(FileKind.MODEL, "Bild", "1", encoded, line=7)


def test_a_message_names_its_service_its_form_and_its_people() -> None:
    read = read_processes(message())
    (entry,), (found,) = read.classes, read.processes
    assert (read.message, read.product, read.author) == ("alleInhalte.export.0303", "Werkzeug", "Amt")
    assert (entry.leika_key, entry.form_of_action) == ("99000000000001", "310")
    assert entry.keywords == ("Biene", "Honig")
    assert (found.leika_key, found.triggers, found.results) == ("99000000000001", ("D00000000007",), ())
    assert found.participants == (Participant("Imkerin", "1"),)
    assert (found.level, found.regions) == ("101", ("03",))


def test_steps_come_in_the_order_of_their_ids_with_what_is_special_to_their_kind() -> None:
    transfer = (
        "<x:empfangeneDaten><x:formularverweis><x:formularverweis><x:formularsteckbriefID>D1</x:formularsteckbriefID>"
        "</x:formularverweis></x:formularverweis><x:sender>Imkerin</x:sender></x:empfangeneDaten>"
    )
    incoming = (
        "<x:eingehendeDaten><x:formularverweis><x:textuelleBeschreibung>Anzeige</x:textuelleBeschreibung>"
        "</x:formularverweis></x:eingehendeDaten>"
    )
    steps = process(
        message(
            group(
                "05",
                "5",
                "<x:hilfsmittel>Karte</x:hilfsmittel><x:entscheidungsart><code>2</code></x:entscheidungsart>",
            )
            + group("03", "3", "<x:formellePruefung><code>1</code></x:formellePruefung>" * 2)
            + group("01", "1", transfer, incoming)
            + group("07", "7", "<x:mitwirkungspflicht>true</x:mitwirkungspflicht>")
            + group("09", "9")
        )
    ).activity_groups
    received, checked, decided, involved, unknown = steps
    assert [step.id for step in steps] == ["01", "03", "05", "07", "09"]
    assert received.kind is ReferenceActivity.RECEIVE
    assert (received.attributes.received[0].sender, received.attributes.received[0].forms[0].profile) == (
        "Imkerin",
        "D1",
    )
    assert received.data_in[0].text == "Anzeige"
    assert (received.subprocess_id, received.legal_bases[0].uri) == ("_sub01", "https://example.org/1a")
    assert checked.attributes.formal_checks == ("1", "1")
    assert (decided.attributes.aids, decided.attributes.decision_kind) == (("Karte",), "2")
    assert involved.attributes.must_cooperate is True
    assert decided.attributes.must_cooperate is None
    assert unknown.kind is None


@needs_shared_data
def test_the_real_export_gives_back_its_diagram_byte_for_byte() -> None:
    (found,) = read_processes(REAL / "anzeige-beschaeftigung-schwangere.xprozess.xml").processes
    (diagram,) = bpmn_of(found)
    assert diagram.content == (REAL / "anzeige-beschaeftigung-schwangere.bpmn").read_bytes()
    assert (found.leika_key, len(found.triggers), len(found.participants)) == ("99006028261000", 1, 3)
    assert len(found.activity_groups) == 12
    assert all(step.subprocess_id.encode() in diagram.content for step in found.activity_groups)
    assert {step.kind for step in found.activity_groups} <= set(ReferenceActivity)
    pictures = [unpack(file) for file in found.files if file.kind is not FileKind.MODEL]
    assert all(file.content.startswith(b"%PDF") for (file,) in pictures)


@pytest.mark.parametrize("root", ["prozesskatalog.anfrage.0101", "prozessbibliothek.antwort.0202"])
def test_every_root_of_the_standard_is_read(root: str) -> None:
    assert read_processes(message(root=root)).message == root


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (b'<rss xmlns="urn:x"/>', "this is not XProzess: the root element is <rss> in namespace urn:x"),
        (b"<rss/>", "this is not XProzess: the root element is <rss> in no namespace"),
        (message(namespace="http://www.regierung-mv.de/xprozess/1"), "this is XProzess 1"),
        (message(root="irgendwas"), "<irgendwas> is no message of XProzess 2"),
        (b"kein XML", "not well-formed XML"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "DOCTYPE"),
        (message().replace(b"<x:id>99000000000001</x:id>", b""), "has no <id>"),
    ],
)
def test_anything_else_is_refused_with_what_was_found(document: bytes, found: str) -> None:
    with pytest.raises(XprozessError, match="line") as refused:
        read_processes(document)
    assert found in refused.value.message


def test_several_diagrams_in_one_archive_all_come_out_and_other_files_do_not() -> None:
    content = zipped({"eins.bpmn": BPMN, "tief/zwei.xml": BPMN, "bild.pdf": b"%PDF", "leer/": b""})
    assert [file.name for file in bpmn_of(process(message(content=content)))] == ["eins.bpmn", "zwei.xml"]


def test_a_diagram_that_is_not_zipped_is_taken_as_it_is() -> None:
    encoded = base64.encodebytes(BPMN).decode()
    assert [file.content for file in bpmn_of(process(message(content=encoded)))] == [BPMN]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\passwd", "C:\\x\\passwd"])
def test_no_name_of_a_member_leads_anywhere(name: str) -> None:
    (file,) = unpack(attached(zipped({name: b"x"})))
    assert file.name == "passwd"


def test_a_zip_bomb_is_stopped_while_it_unpacks() -> None:
    bomb = zipped({"bombe.xml": bytes(MAX_BYTES + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(XprozessError, match="unpacks to more than"):
        unpack(attached(bomb))


def test_what_several_members_yield_counts_together() -> None:
    half = bytes(MAX_BYTES // 2 + 1)
    with pytest.raises(XprozessError, match="unpacks to more than"):
        unpack(attached(zipped({"a": half, "b": half})))


def test_an_archive_with_too_many_files_is_refused() -> None:
    with pytest.raises(XprozessError, match=f"at most {MAX_MEMBERS}"):
        unpack(attached(zipped({str(number): b"" for number in range(MAX_MEMBERS + 1)})))


@pytest.mark.parametrize(
    ("encoded", "found"),
    [
        ("kein base64!", "is not base64"),
        (base64.b64encode(b"PK\x03\x04 abgeschnitten").decode(), "broken ZIP"),
        (zipped({"a": b"x"}, zipfile.ZIP_BZIP2), "method other than deflate"),
    ],
)
def test_a_broken_attachment_is_named_with_its_line(encoded: str, found: str) -> None:
    with pytest.raises(XprozessError, match="line 7: the attached file 'Bild'") as refused:
        unpack(attached(encoded))
    assert found in refused.value.message


def test_nothing_attached_is_no_diagram() -> None:
    assert bpmn_of(process(message())) == ()


@given(st.binary(max_size=400), st.integers(0, 200), st.integers(0, 255))
def test_whatever_is_attached_it_is_unpacked_or_refused(noise: bytes, place: int, byte: int) -> None:
    archive = bytearray(base64.b64decode(zipped({"a.bpmn": noise})))
    archive[place % len(archive)] = byte
    with suppress(XprozessError):
        unpack(attached(base64.b64encode(bytes(archive)).decode()))
