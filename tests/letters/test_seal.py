"""The seal: who sealed, whether anything changed since, and which keys may be used."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django.fixtures import Settings

from rathaus.letters.incremental import UnexpectedPdfError
from rathaus.letters.sample import example_data
from rathaus.letters.seal import SealError, own_seal, seal, validate_seal
from rathaus.letters.typesetting import SHARED, typeset
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return typeset((SHARED / "kopie.typ").read_bytes(), example_data())


@pytest.fixture(autouse=True)
def _own_data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""


def test_a_sealed_letter_names_its_town_and_is_trusted(town: Town, pdf: bytes) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    report = validate_seal(seal(pdf))
    assert report is not None
    assert (report.intact, report.trusted) == (True, True)
    assert report.signer == "Demo-Siegel Landeshauptstadt Hannover"
    assert report.signed_at is not None
    assert before <= report.signed_at <= datetime.now(UTC)


def test_sealing_adds_to_the_file_and_changes_nothing_before(town: Town, pdf: bytes) -> None:
    assert seal(pdf).startswith(pdf)


def test_every_changed_byte_of_the_content_is_noticed(town: Town, pdf: bytes) -> None:
    sealed = seal(pdf)
    for position in range(200, len(pdf), len(pdf) // 20):
        changed = sealed[:position] + bytes((sealed[position] ^ 1,)) + sealed[position + 1 :]
        report = validate_seal(changed)
        assert report is None or not report.intact


def test_something_appended_after_sealing_is_noticed(town: Town, pdf: bytes) -> None:
    report = validate_seal(seal(pdf) + b"\n1 0 obj\n<<>>\nendobj\n")
    assert report is None or not report.intact


def test_another_towns_seal_is_intact_but_not_trusted(hannover: Town, ahrensfurt: Town, pdf: bytes) -> None:
    with acting_for(hannover):
        sealed = seal(pdf)
    with acting_for(ahrensfurt):
        report = validate_seal(sealed)
    assert report is not None
    assert (report.intact, report.trusted) == (True, False)


@pytest.mark.parametrize(
    "upload", [b"", b"no pdf", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + bytes(10_000), b"%PDF-" * 999]
)
def test_what_is_no_sealed_pdf_carries_no_seal(town: Town, upload: bytes) -> None:
    assert validate_seal(upload) is None


def test_an_unsealed_letter_and_a_cut_off_one_carry_no_seal(town: Town, pdf: bytes) -> None:
    assert validate_seal(pdf) is None
    assert validate_seal(seal(pdf)[:-400]) is None


def test_the_demo_key_is_kept_and_readable_by_its_owner_only(town: Town, tmp_path: Path) -> None:
    certificate = own_seal().certificate
    file = tmp_path / "seal" / "hannover.p12"
    assert file.stat().st_mode & 0o077 == 0
    assert own_seal().certificate == certificate
    assert [path.name for path in file.parent.iterdir()] == ["hannover.p12"]


def _p12(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, passphrase: bytes) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siegel der Stadt")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        None, key, certificate, None, BestAvailableEncryption(passphrase)
    )


@pytest.mark.parametrize("kind", ["rsa", "p384"])
def test_a_configured_key_seals(
    town: Town, pdf: bytes, settings: Settings, tmp_path: Path, kind: str
) -> None:
    key = rsa.generate_private_key(65537, 3072) if kind == "rsa" else ec.generate_private_key(ec.SECP384R1())
    file = tmp_path / "own.p12"
    file.write_bytes(_p12(key, b"geheim"))
    settings.SEAL_P12, settings.SEAL_P12_PASSPHRASE = str(file), "geheim"
    report = validate_seal(seal(pdf))
    assert report is not None
    assert (report.intact, report.trusted, report.signer) == (True, True, "Siegel der Stadt")


def test_a_directory_of_seals_gives_each_town_its_own(
    town: Town, pdf: bytes, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "hannover.p12").write_bytes(_p12(ec.generate_private_key(ec.SECP256R1()), b"geheim"))
    settings.SEAL_P12, settings.SEAL_P12_PASSPHRASE = str(tmp_path), "geheim"
    assert own_seal().name == "Siegel der Stadt"


def test_a_wrong_passphrase_and_a_missing_file_say_what_to_mend(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "own.p12"
    file.write_bytes(_p12(ec.generate_private_key(ec.SECP256R1()), b"geheim"))
    settings.SEAL_P12, settings.SEAL_P12_PASSPHRASE = str(file), "falsch"
    with pytest.raises(SealError, match="SEAL_P12_PASSPHRASE"):
        own_seal()
    settings.SEAL_P12 = str(tmp_path / "fehlt.p12")
    with pytest.raises(SealError, match="SEAL_P12"):
        own_seal()


def test_sealing_takes_milliseconds(town: Town, pdf: bytes) -> None:
    seal(pdf)
    started = time.process_time()
    for _ in range(10):
        seal(pdf)
    # Measured 0.2 ms; loading the key for every letter would cost more than this.
    assert (time.process_time() - started) / 10 < 0.01


def test_a_sealed_letter_of_many_pages_keeps_its_links(town: Town) -> None:
    source = b'#set document(title: [Brief])\n#link("https://example.org")[Seite]' + b"\n#pagebreak()\nx" * 40
    pdf = typeset(source, {})
    assert b"/Annots" in pdf
    sealed = seal(pdf)
    report = validate_seal(sealed)
    assert report is not None
    assert report.intact
    reader = PdfFileReader(io.BytesIO(sealed))
    page = reader.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0]
    assert [annotation.get_object()["/Subtype"] for annotation in page["/Annots"]] == ["/Link", "/Widget"]


def test_a_pdf_that_is_not_typsts_is_refused_instead_of_broken(town: Town, pdf: bytes) -> None:
    for foreign in (b"%PDF-1.7\n%%EOF\n", seal(pdf), pdf.replace(b"xref\n0 ", b"xref\n1 ")):
        with pytest.raises(UnexpectedPdfError):
            seal(foreign)
