"""One signed file (`.rathaus`) that carries a service from town to town: package, manifest, detached signature."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import MAXIMUM_BYTES, Files, PackingError, content_hash, unpack
from rathaus.catalogue.packing import pack as pack_files
from rathaus.editing.words import EditError, gettext_noop
from rathaus.letters.seal import SealError, own_seal
from rathaus.towns.context import current_town

FORMAT = "rathaus-service/1"
LICENCE = "EUPL-1.2"
_MANIFEST, _SIGNATURE, _PACKAGE = "manifest.json", "manifest.p7s", "package.zip"
_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,50}")
_LAST_VERSION = 2**31 - 1
_LIMITS = {_MANIFEST: 20_000, _SIGNATURE: 100_000, _PACKAGE: MAXIMUM_BYTES}


class ParcelError(EditError):
    """The file cannot be adopted; `words` say why and what to do."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shared service whose signature and digest are right. Whether the signer is trusted is another question."""

    town: str  # slug of the origin
    town_name: str
    key: str
    version: int
    date: str  # ISO 8601, when the version was published
    licence: str
    fingerprint: str  # SHA-256 of the signing certificate, hexadecimal
    signer: str
    files: Files


def pack(version: ServiceVersion) -> bytes:
    """A version of the active town as one file, signed with the town's seal."""
    row = ServiceVersion.objects.get(pk=version.pk)
    files = unpack(bytes(row.package))
    town = current_town()
    manifest = json.dumps(
        {
            "format": FORMAT,
            "town": town.slug,
            "town_name": town.official_name,
            "key": row.key,
            "version": row.number,
            "date": row.published_at.isoformat(),
            "licence": LICENCE,
            "sha256": content_hash(files),
        },
        ensure_ascii=False,
        sort_keys=True,
    ).encode()
    return pack_files(
        {_MANIFEST: manifest, _SIGNATURE: own_seal().sign(manifest), _PACKAGE: pack_files(files)}
    )


def inspect(data: bytes) -> Parcel:
    """Read a shared file and prove that it is what its signer signed. Raises `ParcelError`."""
    parts = _parts(data)
    certificate = _verified(parts[_SIGNATURE], parts[_MANIFEST])
    try:
        manifest: dict[str, Any] = json.loads(parts[_MANIFEST])
        files = unpack(parts[_PACKAGE])
        if manifest["format"] != FORMAT:
            raise ParcelError(
                gettext_noop("Diese Datei hat ein Format, das wir nicht kennen. Aktualisieren Sie Rathaus.")
            )
        if manifest["sha256"] != content_hash(files):
            raise ParcelError(
                gettext_noop("Der Inhalt der Datei wurde verändert. Lassen Sie sich die Datei neu geben.")
            )
        town, key, version = str(manifest["town"]), str(manifest["key"]), int(manifest["version"])
        if not (_SLUG.fullmatch(town) and _SLUG.fullmatch(key) and 0 < version <= _LAST_VERSION):
            raise _not_ours()
        names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return Parcel(
            town=town,
            town_name=str(manifest["town_name"])[:200],
            key=key,
            version=version,
            date=str(manifest["date"]),
            licence=str(manifest["licence"]),
            fingerprint=fingerprint_of(certificate),
            signer=str(names[0].value) if names else certificate.subject.rfc4514_string(),
            files=files,
        )
    except (PackingError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise _not_ours() from error
    except ParcelError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise _not_ours() from error


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hexadecimal: what people compare on the telephone."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def own_fingerprint() -> str:
    """The fingerprint of the seal that the active town signs with; empty if it has no usable one: no file fits it."""
    try:
        return fingerprint_of(own_seal().certificate)
    except SealError:
        return ""


def _not_ours() -> ParcelError:
    return ParcelError(
        gettext_noop(
            "Diese Datei ist keine geteilte Leistung. Wählen Sie eine Datei, die auf „.rathaus“ endet."
        )
    )


def _parts(data: bytes) -> dict[str, bytes]:
    if len(data) > sum(_LIMITS.values()):
        raise ParcelError(gettext_noop("Diese Datei ist größer, als eine Leistung sein darf (20 MB)."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sorted(entry.filename for entry in entries) != sorted(_LIMITS):
                raise _not_ours()
            if any(entry.file_size > _LIMITS[entry.filename] for entry in entries):
                raise ParcelError(
                    gettext_noop("Diese Datei ist größer, als eine Leistung sein darf (20 MB).")
                )
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise _not_ours() from error


def _verified(signature: bytes, content: bytes) -> x509.Certificate:
    """The certificate whose key signed `content` (CMS SignedData, RFC 5652 § 5.4). Raises `ParcelError`."""
    refused = ParcelError(
        gettext_noop("Die Unterschrift der Datei ist ungültig. Lassen Sie sich die Datei neu geben.")
    )
    try:
        signed = cms.ContentInfo.load(signature)["content"]
        signer = signed["signer_infos"][0]
        certificate = x509.load_der_x509_certificate(signed["certificates"][0].chosen.dump())
        digests = [
            attribute["values"][0].native
            for attribute in signer["signed_attrs"]
            if attribute["type"].native == "message_digest"
        ]
        if digests != [hashlib.sha256(content).digest()]:
            raise refused
        key, value = certificate.public_key(), signer["signature"].native
        attributes = signer["signed_attrs"].untag().dump()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, attributes, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(value, attributes, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise refused
    except (InvalidSignature, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise refused from error
    return certificate
