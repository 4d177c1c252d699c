"""Who gets to designs, how they begin, and what the overview says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import pack
from rathaus.design.models import Design, Origin
from rathaus.design.service import files_of, newest
from rathaus.designer.areas import AREAS
from rathaus.drafting.rulebook import read as rules_in
from rathaus.people.models import Role, User
from rathaus.sharing.models import Received
from rathaus.sharing.service import pack as pack_signed
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.conftest import PROJECT_ROOT
from tests.designer.conftest import Browse, address
from tests.office.staging import hire


def test_only_designers_and_administrators_come_in(design: Design, town: Town, browse: Browse) -> None:
    for role, status in ((Role.CASE_WORKER, 403), (Role.CONTROLLER, 403), (Role.ADMINISTRATOR, 200)):
        client = browse(hire(role.value, role))
        for path in ("/amt/leistungen/", "/amt/leistungen/neu/", address(design)):
            assert client.get(path).status_code == status, (role, path)


def test_a_design_of_another_town_is_not_there(design: Design, ahrensfurt: Town, browse: Browse) -> None:
    with acting_for(ahrensfurt):
        stranger = hire("Fritz", Role.DESIGNER)
    assert browse(stranger).get(address(design)).status_code == 404


def test_a_designer_who_works_on_no_case_comes_to_the_services(desk: Client) -> None:
    assert desk.get("/amt/")["Location"] == "/amt/leistungen/"
    assert 'href="/amt/leistungen/" aria-current="page"' in desk.get("/amt/leistungen/").content.decode()


def test_the_list_shows_designs_and_live_services(desk: Client, design: Design) -> None:
    page = desk.get("/amt/leistungen/").content.decode()
    assert f'href="{address(design)}"' in page
    assert "Dora Beispiel" in page
    assert "?leistung=gewerbeanmeldung" in page


def test_a_design_begins_with_a_live_service(desk: Client, published: ServiceVersion) -> None:
    form = desk.get("/amt/leistungen/neu/leistung/?leistung=gewerbeanmeldung").content.decode()
    assert '<option value="gewerbeanmeldung" selected>' in form
    given = {"service": "gewerbeanmeldung", "reason": "Kürzer fragen"}
    answer = desk.post("/amt/leistungen/neu/leistung/", given)
    design = Design.objects.get()
    assert answer["Location"] == address(design)
    assert newest(design).reason == "Kürzer fragen"


def test_a_beginning_without_a_reason_is_refused_and_what_was_chosen_stays(
    desk: Client, published: ServiceVersion
) -> None:
    page = desk.post("/amt/leistungen/neu/leistung/", {"service": "gewerbeanmeldung"}).content.decode()
    assert "Schreiben Sie in einem Satz, warum Sie den Entwurf beginnen." in page
    assert '<option value="gewerbeanmeldung" selected>' in page
    assert not Design.objects.exists()


def _upload(desk: Client, data: bytes, **more: str) -> str:
    package = SimpleUploadedFile("paket.zip", data)
    answer = desk.post("/amt/leistungen/neu/paket/", {"file": package, "reason": "Übernehmen", **more})
    return answer.content.decode()


def test_a_design_begins_with_a_package(desk: Client, design: Design) -> None:
    _upload(desk, pack(files_of(design)), key="gewerbe-neu")
    begun = Design.objects.get(origin=Origin.PACKAGE)
    assert (begun.key, begun.source) == ("gewerbe-neu", "paket.zip")


@pytest.mark.parametrize("data", [b"kein ZIP", pack({"anderes.txt": b"x"})], ids=["no-zip", "no-package"])
def test_a_file_that_is_no_package_is_refused(desk: Client, data: bytes) -> None:
    assert "Diese Datei ist kein Paket einer Leistung." in _upload(desk, data)
    assert not Design.objects.exists()


def test_a_signed_file_is_looked_at_before_it_is_adopted_and_a_damaged_one_refused(
    desk: Client, published: ServiceVersion
) -> None:
    data = pack_signed(published)
    for content in (b"kein ZIP", data):
        upload = SimpleUploadedFile("gewerbe.rathaus", content)
        given = {"file": upload, "reason": "Übernehmen", "key": "gewerbe-neu"}
        answer = desk.post("/amt/leistungen/neu/paket/", given)
        if content != data:
            assert "Diese Datei ist keine geteilte Leistung." in answer.content.decode()
            assert not Received.objects.exists()
    page = desk.get(answer["Location"]).content.decode()
    assert 'value="gewerbe-neu"' in page
    assert 'value="Übernehmen"' in page


def test_the_overview_says_what_is_open_and_who_works_on_it(desk: Client, design: Design) -> None:
    page = desk.get(address(design)).content.decode()
    assert "Der Entwurf besteht die Prüfung" in page
    assert "Daran arbeiten: Dora Beispiel" in page
    assert "Fragen verständlicher machen" in page


def test_every_area_opens(desk: Client, design: Design) -> None:
    for area in AREAS:
        page = desk.get(reverse(f"designer:{area.name}", args=[design.pk]))
        assert page.status_code == 200, area
        assert f'aria-current="page">{area.label}</a>' in page.content.decode(), area


def test_a_design_is_put_away_with_a_reason_and_changed_no_more(
    desk: Client, design: Design, dora: User
) -> None:
    assert desk.post(address(design, "ablegen/"))["Location"].endswith("#ablegen")
    desk.post(address(design, "ablegen/"), {"grund": "Doppelt"})
    design.refresh_from_db()
    assert design.closed_at is not None
    assert address(design) not in desk.get("/amt/leistungen/").content.decode()
    assert "Abgelegter Entwurf" in desk.get(address(design)).content.decode()
    assert desk.post(address(design, "ablegen/"), {"grund": "x"})["Location"] == address(design)


def test_a_design_begins_with_a_fim_schema(desk: Client) -> None:
    schemas = PROJECT_ROOT.parent / "shared/data/xdatenfelder/3.0.0"
    (file,) = schemas.glob("*S05000001299*")
    given = {
        "file": SimpleUploadedFile(file.name, file.read_bytes()),
        "office": "gewerbe",
        "reason": "Anbieten",
    }
    answer = desk.post("/amt/leistungen/neu/fim/", given)
    design = Design.objects.get()
    assert answer["Location"] == address(design)
    assert design.origin == Origin.DOCUMENT
    assert rules_in(files_of(design))
    assert "aus FIM wirken noch nicht" in desk.get(address(design)).content.decode()
    for rest in ("", "seiten/", "texte/", "angaben/", "veroeffentlichen/"):
        assert desk.get(address(design, rest)).status_code == 200, rest


def test_a_file_that_is_no_fim_schema_is_refused(desk: Client) -> None:
    given = {"file": SimpleUploadedFile("x.xml", b"<x>\n</y>"), "office": "gewerbe", "reason": "Anbieten"}
    page = desk.post("/amt/leistungen/neu/fim/", given).content.decode()
    assert (
        "Aus dieser Datei lässt sich keine Leistung machen. Zeile 2: Das ist kein wohlgeformtes XML" in page
    )
    assert "Ein Element wird anders geschlossen, als es geöffnet wurde" in page


def test_a_design_begins_with_the_translated_rules_of_a_schema(desk: Client) -> None:
    shared = PROJECT_ROOT.parent / "shared/data/xdatenfelder"
    given = {
        "file": SimpleUploadedFile("x.xml", (shared / "3.0.0/S00000000380.xdf.xml").read_bytes()),
        "translated_rules": SimpleUploadedFile("r.jsonl", (shared / "translated_rules.jsonl").read_bytes()),
        "confirm_rules": "on",
        "office": "gewerbe",
        "reason": "Anbieten",
    }
    answer = desk.post("/amt/leistungen/neu/fim/", given, follow=True)
    assert "1 davon kamen aus den übersetzten Regeln dazu" in answer.content.decode()
    design = Design.objects.get()
    assert [rule.is_doubted for rule in rules_in(files_of(design)) if rule.status == "open"] == [True]
    page = desk.get(address(design, "regeln/")).content.decode()
    assert "Übersetzung der FITKO" in page
    assert "Wortlaut der Übersetzung" in page
    assert "Vorsicht:</strong> Sie widerspricht einer anderen Regel" in page
    assert "verstandenen Regeln bestätigen" not in page


def test_a_file_without_translated_rules_is_refused_in_german(desk: Client) -> None:
    given = {
        "file": SimpleUploadedFile("x.xml", b"<x/>"),
        "translated_rules": SimpleUploadedFile("r.jsonl", b"<x/>"),
        "office": "gewerbe",
        "reason": "Anbieten",
    }
    page = desk.post("/amt/leistungen/neu/fim/", given).content.decode()
    assert (
        "Aus dieser Datei lassen sich keine Regeln lesen. Zeile 1: Das ist kein JSON, ab Zeichen 1." in page
    )
    assert not Design.objects.exists()
