"""Validating a message against the XSD of its standard: what the XSD objects to are warnings, never a stop.

The XSDs of XDatenfelder carry no open licence and are not shipped; who has them names their folder.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from rathaus.standards.xdatenfelder.mending import Finding, gettext_noop

_FILE = "xdatenfelder.xsd"
_MOST = 200
_NAMESPACE = re.compile(r"\{urn:[^}]*\}")
_PATTERN = re.compile(r" by the pattern '.*", re.DOTALL)  # that of String.Latin alone fills a screen


class NoXsdError(ValueError):
    """There is no XSD for this document; the message says what was looked for."""


def xsd_findings(document: bytes, folder: Path) -> tuple[Finding, ...]:
    """What the XSD of the document's version objects to, at most 200 findings.

    `folder` holds `xdatenfelder.xsd`, itself or in a folder for each version. The document must have been read before
    (`read_document`). Raises `NoXsdError`.
    """
    # Neither entities nor network; what is too deep or too large for libxml2 is a finding as well.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        return (_finding(str(error), error.lineno),)
    namespace = etree.QName(root).namespace or ""
    schema = _schema_for(namespace, folder)
    if schema.validate(root):
        return ()
    log: Any = schema.error_log
    return tuple(_finding(entry.message, entry.line) for entry in islice(log, _MOST))


def _schema_for(namespace: str, folder: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for path in sorted([*folder.glob(_FILE), *folder.glob(f"*/{_FILE}")]):
        try:
            tree = etree.parse(str(path), parser)
            if tree.getroot().get("targetNamespace") == namespace:
                return etree.XMLSchema(tree)
        except (etree.XMLSyntaxError, etree.XMLSchemaParseError, OSError) as error:
            raise NoXsdError(f"{path} cannot be used as an XSD: {error}") from None
    raise NoXsdError(f"{folder} holds no {_FILE} for {namespace}")


def _finding(message: str, line: int | None) -> Finding:
    said = " ".join(_PATTERN.sub(" by the pattern", _NAMESPACE.sub("", message)).split())
    return Finding("xsd", _OBJECTS, "", line or None, "warning", {"message": said[:500]})


_OBJECTS = gettext_noop("Das XML-Schema (XSD) des Standards beanstandet: %(message)s")
