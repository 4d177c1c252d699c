"""Reading a schema of XDatenfelder that somebody brings: any version we know, as far as it makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from rathaus.said import said
from rathaus.standards.xdatenfelder.conversion import NAMESPACE_2, to_version_3
from rathaus.standards.xdatenfelder.mending import Finding, mend
from rathaus.standards.xdatenfelder.model import Schema
from rathaus.standards.xdatenfelder.quality import QualityFinding, check
from rathaus.standards.xdatenfelder.reader import (
    NAMESPACE,
    SCHEMA_ROOT,
    XdfError,
    read_message,
    schema_of,
)

_NAMESPACES = "urn:xoev-de:fim:standard:xdatenfelder_"
_KNOWN = {NAMESPACE_2: "2.0", NAMESPACE: "3.0.0"}


@dataclass(frozen=True, slots=True)
class Document:
    """A schema in the form of 3.0.0, the version it was written in, and what a person should look at.

    `findings`: what was mended to make sense of it; `quality`: which of FIM's quality rules the file breaks.
    """

    schema: Schema
    version: Literal["2.0", "3.0.0"]
    findings: tuple[Finding, ...] = ()
    quality: tuple[QualityFinding, ...] = ()


def read_document(source: BinaryIO | bytes | Path, *, relations: bool = False) -> Document:
    """Read a Stammdatenschema (message 0102) of XDatenfelder 2.0 or 3.0.0.

    What makes no sense in it is mended and listed; with `relations` the quality check reads those, too. Raises
    `XdfError`, with a sentence that says what was found, for other versions, other messages, foreign or broken XML,
    and a schema without a single usable element.
    """
    root = read_message(source, relations=relations)
    version = _KNOWN.get(root.namespace)
    if version is None:
        if root.namespace.startswith(_NAMESPACES):
            found = root.namespace.removeprefix(_NAMESPACES)
            raise XdfError(
                said("this is XDatenfelder %(found)s; versions 2.0 and 3.0.0 are read here", found=found),
                root.line,
            )
        home = (
            said("namespace %(namespace)s", namespace=root.namespace)
            if root.namespace
            else said("no namespace")
        )
        raise XdfError(
            said(
                "this is not XDatenfelder: the root element is <%(root)s> in %(home)s",
                root=root.name,
                home=home,
            ),
            root.line,
        )
    if root.name != SCHEMA_ROOT:
        raise XdfError(
            said(
                "this is the message %(root)s; expected %(expected)s",
                root=root.name,
                expected=SCHEMA_ROOT,
            ),
            root.line,
        )
    if version == "2.0":
        root = to_version_3(root)
    schema = root.first("stammdatenschema")
    if schema is None:
        raise XdfError(said("the message holds no <stammdatenschema>"), root.line)
    quality = check(schema)
    findings = mend(schema)
    if schema.first("struktur") is None:
        raise XdfError(said("the schema holds no data field that could be read"), schema.line)
    return Document(schema_of(root), "2.0" if version == "2.0" else "3.0.0", tuple(findings), quality)
