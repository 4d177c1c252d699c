"""One town shares a service, another adopts it, changes it, and merges what the first published since."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import pack as pack_files
from rathaus.catalogue.packing import unpack
from rathaus.cli import run
from rathaus.design.models import Design
from rathaus.design.service import change, files_of, publish, start_from_service
from rathaus.editing import SetPageText
from rathaus.letters.seal import own_seal
from rathaus.people.models import User
from rathaus.sharing.models import TrustedOrigin
from rathaus.sharing.service import ParcelError, adopt, inspect, pack, update
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town
from tests.sharing.conftest import designer


def republished(version: ServiceVersion, title: str) -> ServiceVersion:
    anna = designer(Office.objects.get(key="gewerbe"), "anna")
    design = start_from_service(version, by=anna, reason="Update")
    change(design, SetPageText("beginn", "de", "title", title), base_revision=1, by=anna, reason="Kürzer")
    return publish(design, by=anna, reason="Update")


def adopted(data: bytes, by: User) -> Design:
    return adopt(data, {"gewerbe": "ordnung"}, by=by, reason="Von Hannover")


def test_a_town_merges_the_origins_update_and_keeps_its_own_changes(
    published: ServiceVersion, other: Town
) -> None:
    first = pack(published)
    second = pack(republished(published, "Ab wann?"))
    with acting_for(other):
        bernd = designer(Office.objects.get(key="ordnung"), "bernd")
        design = adopted(first, bernd)
        own = SetPageText("anlass", "de", "title", "Warum jetzt?")
        change(design, own, base_revision=1, by=bernd, reason="Eigene Worte")
        assert update(design, second, by=bernd, reason="Neu").conflicts == ()
        files = files_of(design)
        assert b"Ab wann?" in files["form.toml"]
        assert b"Warum jetzt?" in files["form.toml"]
        assert b'office = "ordnung"' in files["service.toml"]
        with pytest.raises(ParcelError, match="schon"):
            update(design, second, by=bernd, reason="Neu")
    assert not Design.objects.filter(pk=design.pk).exists()  # the other town's work is not seen here


def test_the_same_title_changed_in_both_towns_waits_for_a_choice(
    published: ServiceVersion, other: Town
) -> None:
    first = pack(published)
    second = pack(republished(published, "Ab wann?"))
    with acting_for(other):
        bernd = designer(Office.objects.get(key="ordnung"), "bernd")
        design = adopted(first, bernd)
        own = SetPageText("beginn", "de", "title", "Wann geht es los?")
        change(design, own, base_revision=1, by=bernd, reason="Eigene Worte")
        (conflict,) = update(design, second, by=bernd, reason="Neu").conflicts
        assert (conflict.ours, conflict.theirs) == ("Wann geht es los?", "Ab wann?")
        chosen = update(design, second, by=bernd, reason="Neu", choices={conflict.place: "theirs"})
        assert chosen.conflicts == ()
        assert b"Ab wann?" in files_of(design)["form.toml"]


def test_a_file_says_who_shares_what(published: ServiceVersion, town: Town) -> None:
    parcel = inspect(pack(published))
    assert (parcel.town, parcel.key, parcel.version) == (town.slug, published.key, published.number)
    assert parcel.files == unpack(bytes(published.package))


@pytest.mark.parametrize("part", ["manifest.json", "package.zip", "manifest.p7s"])
def test_a_file_that_was_changed_is_refused(published: ServiceVersion, part: str) -> None:
    parts = dict(unpack(pack(published)))
    if part == "package.zip":
        parts[part] = pack_files({**unpack(parts[part]), "texts/de.md": b"# Anders"})
    else:
        parts[part] = parts[part][:-20] + b"X" * 20
    with pytest.raises(ParcelError):
        inspect(pack_files(parts))


def test_what_is_no_shared_service_or_too_large_is_refused_with_a_sentence() -> None:
    with pytest.raises(ParcelError, match="keine geteilte Leistung"):
        inspect(b"PK nothing")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(30_000_000))
        archive.writestr("manifest.p7s", b"")
        archive.writestr("package.zip", b"")
    with pytest.raises(ParcelError, match="größer"):
        inspect(buffer.getvalue())


def test_an_origin_with_another_key_than_before_has_to_be_confirmed(
    published: ServiceVersion, town: Town, other: Town
) -> None:
    data = pack(published)
    Town.objects.filter(pk=town.pk).update(slug="anderswo")  # the file comes from another installation
    with acting_for(other):
        bernd = designer(Office.objects.get(key="ordnung"), "bernd")
        adopted(data, bernd)
        TrustedOrigin.objects.update(fingerprint="0" * 64)
        with pytest.raises(ParcelError, match="anderen Schlüssel"):
            adopted(data, bernd)
        adopt(data, {"gewerbe": "ordnung"}, by=bernd, reason="Geprüft", confirm_key=True)


def test_nobody_signs_in_the_name_of_a_town_of_this_installation(
    published: ServiceVersion, town: Town, other: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_for(other):
        seal = own_seal()
    with monkeypatch.context() as forging:
        forging.setattr("rathaus.sharing.parcel.own_seal", lambda: seal)
        forged = pack(published)
    assert inspect(forged).town == town.slug
    with acting_for(other):
        bernd = designer(Office.objects.get(key="ordnung"), "bernd")
        with pytest.raises(ParcelError, match="trägt aber nicht das Siegel"):
            adopted(forged, bernd)
        assert not Design.objects.exists()
        assert not TrustedOrigin.objects.exists()


def test_commands_pack_inspect_and_adopt(
    published: ServiceVersion, town: Town, other: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gewerbe.rathaus"
    with acting_for(other):
        designer(Office.objects.get(key="ordnung"), "bernd")
    assert run(["service", "pack", published.key, "--town", town.slug, "--out", str(file)]) == 0
    assert run(["service", "inspect", str(file)]) == 0
    assert "fingerprint" in capsys.readouterr().out
    adopting = [
        "service",
        "adopt",
        str(file),
        "--town",
        "klein",
        "--reason",
        "Gut",
        "--office",
        "gewerbe=ordnung",
    ]
    assert run([*adopting, "--by", "nobody@town.example"]) == 1
    assert run([*adopting, "--by", "bernd@town.example"]) == 0
    with acting_for(other):
        assert Design.objects.get().origin == "package"
    file.write_bytes(b"no")
    assert run(["service", "inspect", str(file)]) == 1


def test_the_update_command_names_conflicts_and_takes_choices(
    published: ServiceVersion, other: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = pack(published)
    file = tmp_path / "new.rathaus"
    file.write_bytes(pack(republished(published, "Ab wann?")))
    with acting_for(other):
        bernd = designer(Office.objects.get(key="ordnung"), "bernd")
        design = adopted(first, bernd)
        own = SetPageText("beginn", "de", "title", "Wann geht es los?")
        change(design, own, base_revision=1, by=bernd, reason="Eigene Worte")
    words = ["service", "update", str(file), "--town", "klein", "--design", str(design.pk), "--reason", "Neu"]
    words += ["--by", "bernd@town.example"]
    assert run(words) == 1
    place = capsys.readouterr().out.splitlines()[0]
    assert run([*words, "--theirs", place]) == 0
    with acting_for(other):
        assert b"Ab wann?" in files_of(design)["form.toml"]
