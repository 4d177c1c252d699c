"""A newer version of another town's service comes into one's own: seen first, chosen where both changed, undoable."""

from __future__ import annotations

import tomllib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import live
from rathaus.design.models import Design
from rathaus.design.service import change, close, files_of, newest, publish, start_from_service, undo
from rathaus.editing import Edit, Files, SetPageText, SetServiceValue
from rathaus.people.models import Role, User
from rathaus.sharing.models import Adoption, Received, TrustedOrigin
from rathaus.sharing.service import adopt, fetch, offer, pack
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.designer.conftest import Browse
from tests.designer.test_queries import patience, queries
from tests.office.staging import hire

SERVICES = "/amt/leistungen/"
LIVE = f"{SERVICES}leistung/gewerbe/"
OURS = SetPageText("anlass", "de", "title", "Warum jetzt?")
THEIRS = SetPageText("beginn", "de", "title", "Ab wann?")


@pytest.fixture
def fritz(ahrensfurt: Town) -> User:
    """A designer of the other town."""
    with acting_for(ahrensfurt):
        return hire("Fritz", Role.DESIGNER)


@pytest.fixture
def there(fritz: User, browse: Browse) -> Client:
    """Fritz's browser."""
    return browse(fritz)


@pytest.fixture
def own(published: ServiceVersion, ahrensfurt: Town, fritz: User) -> Design:
    """What the other town adopted from Hannover, with a change of its own."""
    offer(published.key, by=None)
    with acting_for(ahrensfurt):
        data = fetch("hannover", published.key)
        assert data is not None
        design = adopt(data, {"gewerbe": "buergerservice"}, key="gewerbe", by=fritz, reason="Bewährt")
        make(design, fritz, OURS)
    return design


def make(design: Design, by: User, *edits: Edit) -> None:
    for edit in edits:
        change(design, edit, base_revision=newest(design).number, by=by, reason="Anders")


def republish(dora: User, *edits: Edit) -> ServiceVersion:
    """Hannover publishes a newer version."""
    version = live("gewerbeanmeldung")
    assert version is not None
    design = start_from_service(version, by=dora, reason="Besser")
    make(design, dora, *edits)
    return publish(design, by=dora, reason="Besser")


def page_of(design: Design) -> str:
    return f"{SERVICES}entwurf/{design.pk}/aktualisieren/"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def typed(page: str, **choices: str) -> dict[str, str]:
    """What the page's form would send: its hidden fields, a reason, and a side by the beginning of its legend."""
    given = {"reason": "Auf den neuen Stand"}
    for name in ("stand", "fassung"):
        given[name] = page.partition(f'name="{name}" value="')[2].partition('"')[0]
    for legend, side in choices.items():
        field = page.partition(legend)[2].partition('name="wahl-')[2].partition('"')[0]
        given[f"wahl-{field}"] = side
    return given


def files_in(town: Town, design: Design) -> Files:
    with acting_for(town):
        return files_of(design)


def test_a_newer_version_is_announced_where_the_service_is_worked_on(
    there: Client, own: Design, fritz: User, dora: User, ahrensfurt: Town
) -> None:
    places = (SERVICES, f"{SERVICES}katalog/", f"{SERVICES}entwurf/{own.pk}/")
    for place in places:
        assert page_of(own) not in text(there, place)
    assert "Es gibt nichts zu aktualisieren" in text(there, page_of(own))
    republish(dora, THEIRS)
    for place in places:
        assert f'href="{page_of(own)}"' in text(there, place)
    with acting_for(ahrensfurt):
        publish(own, by=fritz, reason="Los")
        close(own, by=fritz, reason="Fertig")
    for place in (SERVICES, LIVE):
        assert f'href="{LIVE}aktualisieren/"' in text(there, place)


def test_the_update_is_seen_in_words_and_taken_over_as_one_change(
    there: Client, own: Design, dora: User, ahrensfurt: Town
) -> None:
    republish(dora, THEIRS)
    page = text(there, page_of(own))
    assert "Aktualisieren auf Version 2 von Landeshauptstadt Hannover" in page
    coming, _, staying = page.partition("Das haben Sie selbst geändert")
    assert "Seite „Wann fangen Sie an?“: Überschrift umformuliert" in coming
    assert "Warum jetzt?" not in coming
    assert "Seite „Warum melden Sie das Gewerbe an?“: Überschrift umformuliert" in staying
    # That the work is done by the town's own offices is no change of its own.
    assert "1 Änderung ansehen" in staying
    assert there.post(page_of(own), {**typed(page), "reason": " "}).status_code == 422
    answer = there.post(page_of(own), typed(page))
    assert answer["Location"] == f"{SERVICES}entwurf/{own.pk}/"
    files = files_in(ahrensfurt, own)
    assert b"Ab wann?" in files["form.toml"]
    assert b"Warum jetzt?" in files["form.toml"]
    service = tomllib.loads(files["service.toml"].decode())
    assert (service["key"], service["office"]) == ("gewerbe", "buergerservice")
    assert set(service["lanes"].values()) == {"buergerservice"}
    with acting_for(ahrensfurt):
        assert newest(own).summary == "Aktualisiert auf Version 2 von Landeshauptstadt Hannover"
        assert (newest(own).reason, newest(own).number) == ("Auf den neuen Stand", 3)
    assert "Es gibt nichts zu aktualisieren" in text(there, page_of(own))


def test_where_both_changed_the_same_a_person_chooses(
    there: Client, own: Design, dora: User, fritz: User, ahrensfurt: Town
) -> None:
    with acting_for(ahrensfurt):
        make(own, fritz, SetPageText("beginn", "de", "title", "Wann geht es los?"))
    republish(dora, THEIRS)
    page = text(there, page_of(own))
    assert "An einer Stelle haben beide etwas geändert" in page
    assert "Seite „Wann geht es los?“: Überschrift" in page
    for side in ("Wann fangen Sie an?", "Wann geht es los?", "Ab wann?"):
        assert f"<dd>{side}</dd>" in page
    refused = there.post(page_of(own), typed(page))
    assert refused.status_code == 422
    assert "Wählen Sie, welche Fassung gelten soll." in refused.content.decode()
    assert there.post(page_of(own), typed(page, **{"Überschrift</legend>": "theirs"})).status_code == 302
    assert b"Ab wann?" in files_in(ahrensfurt, own)["form.toml"]
    # From here on both go on from the same state: the next update merges again.
    republish(dora, SetPageText("beginn", "de", "title", "Wann?"))
    page = text(there, page_of(own))
    assert "haben beide etwas geändert" not in page
    there.post(page_of(own), typed(page))
    files = files_in(ahrensfurt, own)
    assert b'"Wann?"' in files["form.toml"]
    assert b"Warum jetzt?" in files["form.toml"]


def test_whoever_changes_the_design_meanwhile_is_asked_about_only_where_it_matters(
    there: Client, own: Design, dora: User, fritz: User, ahrensfurt: Town
) -> None:
    with acting_for(ahrensfurt):
        make(own, fritz, SetPageText("beginn", "de", "title", "Wann geht es los?"))
    republish(dora, THEIRS)
    given = typed(text(there, page_of(own)), **{"Überschrift</legend>": "theirs"})
    with acting_for(ahrensfurt):
        make(own, fritz, SetPageText("beginn", "de", "title", "Und wann?"))
    refused = there.post(page_of(own), {**given, "reason": "Mein Grund"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Wählen Sie, welche Fassung gelten soll." in page
    assert "<dd>Und wann?</dd>" in page
    assert 'value="Mein Grund"' in page
    given = typed(page, **{"Überschrift</legend>": "ours"})
    with acting_for(ahrensfurt):
        make(own, fritz, SetPageText("firma", "de", "title", "Wie erreichen wir Sie?"))
    assert there.post(page_of(own), given).status_code == 302
    form = files_in(ahrensfurt, own)["form.toml"].decode()
    assert "Und wann?" in form
    assert "Wie erreichen wir Sie?" in form


def test_a_still_newer_version_is_looked_at_before_it_is_taken(
    there: Client, own: Design, dora: User
) -> None:
    republish(dora, THEIRS)
    given = typed(text(there, page_of(own)))
    republish(dora, SetPageText("beginn", "de", "title", "Wann?"))
    refused = there.post(page_of(own), given)
    assert refused.status_code == 422
    assert "Inzwischen gibt es Version 3." in refused.content.decode()


def test_a_service_that_is_live_is_updated_in_a_new_design(
    there: Client, own: Design, fritz: User, dora: User, ahrensfurt: Town
) -> None:
    with acting_for(ahrensfurt):
        publish(own, by=fritz, reason="Los")
        close(own, by=fritz, reason="Fertig")
    republish(dora, THEIRS)
    page = text(there, f"{LIVE}aktualisieren/")
    assert "Daraus wird ein neuer Entwurf" in page
    answer = there.post(f"{LIVE}aktualisieren/", typed(page))
    with acting_for(ahrensfurt):
        design = Design.objects.latest("pk")
        form = files_of(design)["form.toml"]
        assert Adoption.objects.filter(design=design).latest("pk").origin_version == 2
    assert answer["Location"] == f"{SERVICES}entwurf/{design.pk}/"
    assert b"Ab wann?" in form
    assert b"Warum jetzt?" in form
    # It is being worked on: the list does not ask for it twice, and the page leads to the design.
    assert f"{LIVE}aktualisieren/" not in text(there, SERVICES)
    assert "enthält schon Version 2" in text(there, f"{LIVE}aktualisieren/")


def test_an_update_that_is_taken_back_is_offered_again(
    there: Client, own: Design, fritz: User, dora: User, ahrensfurt: Town
) -> None:
    republish(dora, THEIRS)
    there.post(page_of(own), typed(text(there, page_of(own))))
    with acting_for(ahrensfurt):
        undo(own, 3, base_revision=3, by=fritz, reason="Zu früh")
    page = text(there, page_of(own))
    assert "Aktualisieren auf Version 2" in page
    there.post(page_of(own), typed(page))
    assert b"Ab wann?" in files_in(ahrensfurt, own)["form.toml"]


def test_new_settings_and_new_lanes_are_asked_for_and_what_was_mapped_stays(
    there: Client, own: Design, dora: User, ahrensfurt: Town
) -> None:
    republish(
        dora,
        SetServiceValue("fee.setting", "gewerbeanmeldung.neue_gebuehr"),
        SetServiceValue("lanes.kasse", "gewerbe"),
        SetServiceValue("office", "buergerservice"),
    )
    page = text(there, page_of(own))
    asked = page.partition("Das braucht die neue Fassung von Ihnen")[2]
    assert "<code>gewerbeanmeldung.neue_gebuehr</code>" in asked
    assert "court.administrative" not in asked
    assert "Stelle, die im Ablauf „kasse“ übernimmt" in asked
    assert '<option value="buergerservice" selected>' in asked  # who does this town's work of that office
    assert there.post(page_of(own), {**typed(page), "bahn.kasse": ""}).status_code == 422
    assert there.post(page_of(own), {**typed(page), "bahn.kasse": "gewerbe"}).status_code == 302
    service = tomllib.loads(files_in(ahrensfurt, own)["service.toml"].decode())
    assert service["lanes"] == {"sachbearbeitung": "buergerservice", "kasse": "gewerbe"}
    assert service["fee"]["setting"] == "gewerbeanmeldung.neue_gebuehr"


def test_a_newer_file_from_elsewhere_updates_once_its_seal_was_compared(
    there: Client, published: ServiceVersion, town: Town, dora: User, fritz: User, ahrensfurt: Town
) -> None:
    def packed(version: ServiceVersion) -> bytes:
        """A file of a town that is not of this installation."""
        Town.objects.filter(pk=town.pk).update(slug="anderswo")
        town.slug = "anderswo"
        data = pack(version)
        Town.objects.filter(pk=town.pk).update(slug="hannover")
        town.slug = "hannover"
        return data

    first, second = packed(published), packed(republish(dora, THEIRS))
    with acting_for(ahrensfurt):
        design = adopt(first, {"gewerbe": "gewerbe"}, key="gewerbe", by=fritz, reason="Bewährt")
    answer = there.post(f"{SERVICES}katalog/datei/", {"file": SimpleUploadedFile("x.rathaus", second)})
    assert f'href="{page_of(design)}"' in text(there, answer["Location"])
    page = text(there, page_of(design))
    assert "derselbe Schlüssel wie bisher" in page
    with acting_for(ahrensfurt):
        TrustedOrigin.objects.update(fingerprint="0" * 64)
    page = text(there, page_of(design))
    assert "mit einem anderen Schlüssel unterschrieben" in page
    assert there.post(page_of(design), typed(page)).status_code == 422
    assert there.post(page_of(design), {**typed(page), "seal": "on"}).status_code == 302
    with acting_for(ahrensfurt):
        assert not Received.objects.exists()
        assert b"Ab wann?" in files_of(design)["form.toml"]


def test_what_was_not_adopted_has_nothing_to_update(desk: Client, design: Design) -> None:
    assert desk.get(page_of(design)).status_code == 404
    assert desk.get(f"{SERVICES}leistung/gewerbeanmeldung/aktualisieren/").status_code == 404


@pytest.mark.usefixtures(patience.__name__)
def test_pages_cost_the_same_however_much_was_adopted(
    there: Client, own: Design, fritz: User, dora: User, ahrensfurt: Town
) -> None:
    republish(dora, THEIRS)
    places = (SERVICES, f"{SERVICES}katalog/", f"{SERVICES}entwurf/{own.pk}/", page_of(own))
    before = {place: queries(there, place) for place in places}
    with acting_for(ahrensfurt):
        publish(own, by=fritz, reason="Los")
        version = live("gewerbe")
        assert version is not None
        for number in range(4):
            begun = start_from_service(version, by=fritz, reason=f"Versuch {number}")
            make(begun, fritz, SetPageText("firma", "de", "title", f"Wie heißt sie {number}?"))
        data = fetch("hannover", "gewerbeanmeldung")
        assert data is not None
        for number in range(4):
            adopt(data, {"gewerbe": "gewerbe"}, key=f"gewerbe-{number}", by=fritz, reason="Noch einmal")
    # With something live there are three more: how it came to be live, what is in it, and what was taken back.
    for place, more in zip(places, (3, 0, 0, 0), strict=True):
        after = queries(there, place)
        assert len(after) <= len(before[place]) + more, "\n".join(after)
