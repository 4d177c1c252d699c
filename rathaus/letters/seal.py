"""The town's electronic seal (PAdES): who sealed a letter, and whether it is unchanged since.

A demo installation makes a key and a self-signed certificate for each town on first use, under `DATA_DIR/seal`. A real
one names its own with `SEAL_P12`: a PKCS#12 file, or a directory with one `<slug>.p12` a town, and
`SEAL_P12_PASSPHRASE`. A qualified seal that replaces the written form (§ 3a Abs. 3 Nr. 3 VwVfG) needs the seal
service of a trust service provider; this module is the place to connect it.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from django.conf import settings
from django.utils import timezone

from rathaus.delivery.service import HandOverError
from rathaus.letters.cms import SealKey, SignedDataBuilder
from rathaus.letters.incremental import signed
from rathaus.towns.context import current_town

if TYPE_CHECKING:
    # pyHanko is loaded where a seal is checked: a process that does not saves 18 MB.
    from pyhanko_certvalidator import ValidationContext

logger = logging.getLogger(__name__)

_FIELD = "Siegel"
_DEMO_VALIDITY = timedelta(days=3650)
_LARGEST_PDF = 50_000_000


class SealError(HandOverError):
    """The configured seal cannot be used; the message says what to mend."""


@dataclass(frozen=True)
class SealReport:
    """What the seal of a PDF says.

    `intact`: the bytes are exactly those that were sealed. `signer`: the name in the certificate. `signed_at`: the time
    the sealing system claims. `trusted`: it is the active town's own seal, or its certificate leads to the same root.
    """

    intact: bool
    signer: str
    signed_at: datetime | None
    trusted: bool


class Seal:
    """One town's key and certificate, loaded once."""

    def __init__(self, key: SealKey, certificate: x509.Certificate, chain: list[x509.Certificate]) -> None:
        self.certificate = certificate
        self.chain = chain
        self._builder = SignedDataBuilder.for_certificate(key, certificate, chain)
        names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        self.name = str(names[0].value) if names else certificate.subject.rfc4514_string()

    def seal(self, pdf: bytes, *, at: datetime) -> bytes:
        """`pdf` with an invisible seal field, as an incremental update: what was typeset stays byte for byte."""
        return signed(
            pdf,
            field=_FIELD,
            name=self.name,
            at=at.astimezone(timezone.get_default_timezone()),
            room=self._reserved,
            sign=self._builder.sign,
        )

    def sign(self, content: bytes) -> bytes:
        """A detached CMS signature (DER) over any content, such as a service that is shared."""
        return self._builder.sign(hashlib.sha256(content).digest())

    @cached_property
    def _reserved(self) -> int:
        """Room for the signature in bytes; ECDSA signatures differ by a few."""
        return len(self._builder.sign(bytes(32))) + 32

    @cached_property
    def trust(self) -> ValidationContext:
        """Trusts our certificate and the top of its chain; never asks the network."""
        from asn1crypto import x509 as asn1_x509
        from pyhanko_certvalidator import ValidationContext

        roots = [self.certificate, *self.chain[-1:]]
        return ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(item.public_bytes(Encoding.DER)) for item in roots],
            allow_fetching=False,
        )


def own_seal() -> Seal:
    """The active town's seal; raises `SealError` if the configured one cannot be read."""
    town = current_town()
    return _load(_file_of(town.slug, town.official_name), settings.SEAL_P12_PASSPHRASE)


def seal(pdf: bytes) -> bytes:
    """`pdf` sealed by the active town, now."""
    return own_seal().seal(pdf, at=timezone.now())


def validate_seal(pdf: bytes) -> SealReport | None:
    """What the last seal of `pdf` says, or None if it is no PDF or carries none."""
    if len(pdf) > _LARGEST_PDF or b"%PDF-" not in pdf[:1024]:
        return None

    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
        if not signatures:
            return None
        status = validate_pdf_signature(signatures[-1], signer_validation_context=own_seal().trust)
    except (PdfError, SignatureValidationError, ValueError, RecursionError) as error:
        # Anybody may upload anything here: what cannot be read carries no seal that we could confirm.
        logger.info("no seal could be read", extra={"reason": type(error).__name__})
        return None
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return SealReport(
        intact=bool(status.intact and status.valid and whole),
        signer=str(status.signing_cert.subject.native.get("common_name", "")),
        signed_at=status.signer_reported_dt,
        trusted=bool(status.trusted),
    )


def _file_of(slug: str, official_name: str) -> Path:
    if not settings.SEAL_P12:
        file = Path(settings.DATA_DIR) / "seal" / f"{slug}.p12"
        if not file.exists():
            _make_demo_seal(file, official_name)
        return file
    configured = Path(settings.SEAL_P12)
    return configured / f"{slug}.p12" if configured.is_dir() else configured


@cache
def _load(file: Path, passphrase: str) -> Seal:
    try:
        content = file.read_bytes()
        key, certificate, chain = pkcs12.load_key_and_certificates(content, passphrase.encode() or None)
    except OSError as error:
        raise SealError(f"{file} cannot be read: {error.strerror}. Check SEAL_P12.") from error
    except ValueError as error:
        raise SealError(f"{file} cannot be opened. Check SEAL_P12_PASSPHRASE.") from error
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SealError(f"{file} needs one certificate with its RSA or elliptic curve key.")
    return Seal(key, certificate, chain)


def _make_demo_seal(file: Path, official_name: str) -> None:
    """A new P-256 key with a certificate that says itself that nobody vouches for it."""
    if settings.SEAL_P12_PASSPHRASE:
        raise SealError("SEAL_P12_PASSPHRASE is set, but SEAL_P12 is not.")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, official_name[:64]),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Demo-Siegel {official_name}"[:64]),
        ]
    )
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _DEMO_VALIDITY)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    content = pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, NoEncryption())
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent)  # readable by us only
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    # Web server and worker may start together: the first to link wins, the other uses the winner's key.
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(unfinished)
