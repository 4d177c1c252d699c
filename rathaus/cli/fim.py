"""`rathaus fim`: look at a FIM data schema, convert it, and derive the formats of its data."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rathaus.editing.differences import Difference
    from rathaus.standards.xdatenfelder.document import Document
    from rathaus.standards.xdatenfelder.model import Code, Schema

_FAULTS = ("critical", "method")
_GRADES = (*_FAULTS, "warning", "hint")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `fim` and its sub-commands."""
    fim = commands.add_parser("fim", help="check and convert data schemata of FIM (XDatenfelder)")
    actions = fim.add_subparsers(required=True, metavar="ACTION")

    check = actions.add_parser("check", help="name what a schema breaks of FIM's quality rules")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--xsd", type=Path, metavar="DIR", help="folder of the standard's XSDs; validate as well"
    )
    check.add_argument("--json", action="store_true", help="report as JSON")
    check.set_defaults(run=run_check)

    diff = actions.add_parser("diff", help="say in plain words what differs between two releases of a schema")
    diff.add_argument("old", type=Path, metavar="OLD")
    diff.add_argument("new", type=Path, metavar="NEW")
    diff.set_defaults(run=run_diff)

    convert = actions.add_parser("convert", help="write a schema as XDatenfelder 3.0.0")
    convert.add_argument("file", type=Path, metavar="FILE")
    convert.add_argument("--out", required=True, type=Path, metavar="FILE")
    convert.set_defaults(run=run_convert)

    for name, run, help_ in (
        ("json-schema", run_json_schema, "derive the JSON Schema 2020-12 of a schema's data"),
        ("xsd", run_xsd, "derive the XSD of a schema's data"),
    ):
        derive = actions.add_parser(name, help=help_)
        derive.add_argument("file", type=Path, metavar="FILE")
        derive.add_argument("--code-lists", type=Path, metavar="DIR", help="folder of genericode files")
        derive.add_argument("--out", type=Path, metavar="FILE", help="write there instead of standard output")
        derive.set_defaults(run=run)


def run_check(arguments: argparse.Namespace) -> int:
    """Name every finding; exit code 1 if the file cannot be read or the standard calls one of them a fault."""
    from rathaus.standards.xdatenfelder.validation import NoXsdError, xsd_findings

    document = _read(arguments.file, relations=True)
    if document is None:
        return 1
    mended = list(document.findings)
    if arguments.xsd:
        try:
            mended += xsd_findings(arguments.file.read_bytes(), arguments.xsd)
        except NoXsdError as error:
            return _refused(f"{error}.")
    faults = sum(finding.grade in _FAULTS for finding in document.quality)
    if arguments.json:
        report = {
            "file": str(arguments.file),
            "schema": document.schema.id,
            "version": document.schema.version,
            "xdatenfelder": document.version,
            "xsd_checked": bool(arguments.xsd),
            "quality": [
                asdict(finding) | {"grade": finding.grade, "message": finding.message}
                for finding in document.quality
            ],
            "reading": [asdict(finding) | {"message": finding.message} for finding in mended],
        }
        print(json.dumps(report, ensure_ascii=False))
        return 1 if faults else 0
    counted: Counter[str] = Counter(finding.grade for finding in document.quality)
    counts = [f"{counted[grade]} {grade}" for grade in _GRADES if counted[grade]]
    print(
        f"{arguments.file}: {document.schema.id} in XDatenfelder {document.version}: {', '.join(counts) or 'ok'}"
        + ("" if arguments.xsd else "; not validated against the XSD (name its folder with --xsd)")
    )
    for finding in document.quality:
        places = f", {finding.places} places" if finding.places > 1 else ""
        print(
            f"  {finding.grade}: {finding.line}: {finding.place}: {finding.message} [{finding.code}{places}]"
        )
    for entry in mended:
        where = ": ".join(filter(None, (str(entry.line or ""), entry.place)))
        print(f"  {entry.severity}: {where}: {entry.message} [{entry.code}]")
    return 1 if faults else 0


def run_diff(arguments: argparse.Namespace) -> int:
    """Say what differs, in German and by area; exit code 1 if one of the files cannot be read."""
    from rathaus.editing.differences.schema import schemata

    documents = _read(arguments.old), _read(arguments.new)
    if documents[0] is None or documents[1] is None:
        return 1
    found = sorted(schemata(documents[0].schema, documents[1].schema, texts=True), key=_area)
    counted = "1 Unterschied" if len(found) == 1 else f"{len(found) or 'keine'} Unterschiede"
    print(f"{arguments.old} → {arguments.new}: {counted}")
    for area, differences in groupby(found, key=lambda one: one.area):
        print(f"{area.words()}:")
        for one in differences:
            print(f"  - {one.words}")
            for mark, side in (("vorher", one.before), ("jetzt", one.after)):
                for line in str(side).splitlines():
                    print(f"      {mark}: {line}")
    return 0


def _area(difference: Difference) -> int:
    """The place of a difference's area in the order they are read."""
    return list(type(difference.area)).index(difference.area)


def run_convert(arguments: argparse.Namespace) -> int:
    """Write the schema as 3.0.0 and name what had to be mended; exit code 1 if it cannot be read or written."""
    from rathaus.standards.xdatenfelder.writer import write_schema

    document = _read(arguments.file)
    if document is None:
        return 1
    if not _written(write_schema(document.schema), arguments.out):
        return 1
    print(f"{arguments.out}: {document.schema.id} in XDatenfelder 3.0.0, read from {document.version}")
    for entry in document.findings:
        print(f"  {entry.place}: {entry.message} [{entry.code}]")
    return 0


def run_json_schema(arguments: argparse.Namespace) -> int:
    """Print or write the JSON Schema; exit code 1 if the file cannot be read."""
    from rathaus.standards.xdatenfelder.derived import json_schema

    document = _read(arguments.file)
    if document is None:
        return 1
    derived = json_schema(document.schema, _codes(document.schema, arguments.code_lists))
    return _given((json.dumps(derived, ensure_ascii=False, indent=2) + "\n").encode(), arguments.out)


def run_xsd(arguments: argparse.Namespace) -> int:
    """Print or write the XSD; exit code 1 if the file cannot be read."""
    from rathaus.standards.xdatenfelder.derived import xml_schema

    document = _read(arguments.file)
    if document is None:
        return 1
    return _given(xml_schema(document.schema, _codes(document.schema, arguments.code_lists)), arguments.out)


def _read(file: Path, *, relations: bool = False) -> Document | None:
    """The schema in a file; None after saying what was found instead."""
    from rathaus.standards.xdatenfelder.document import read_document
    from rathaus.standards.xdatenfelder.reader import XdfError

    try:
        return read_document(file, relations=relations)
    except OSError as error:
        _refused(f"{file} cannot be read: {error.strerror}.")
    except XdfError as error:
        _refused(f"{file}: {error}.")
    return None


def _codes(schema: Schema, folder: Path | None) -> dict[str, tuple[Code, ...]]:
    """The codes of a schema's lists that are in the folder, by the URI the schema names them by."""
    from rathaus.drafting.code_lists import CodeListStore, resolve
    from rathaus.drafting.walking import fields_of

    if folder is None:
        return {}
    lists = resolve(schema, CodeListStore.in_folder(folder)).lists
    found: dict[str, tuple[Code, ...]] = {}
    for _, field in fields_of(schema):
        reference = field.code_list
        if reference is None:
            continue
        uri = reference.canonical_version_uri or reference.canonical_uri
        code_list = lists.get(uri) or lists.get(reference.canonical_uri)
        if code_list is not None:
            found[uri] = code_list.codes(reference.code_column, reference.name_column, reference.help_column)
    return found


def _given(content: bytes, out: Path | None) -> int:
    if out is not None:
        return 0 if _written(content, out) else 1
    sys.stdout.write(content.decode())
    return 0


def _written(content: bytes, path: Path) -> bool:
    try:
        path.write_bytes(content)
    except OSError as error:
        _refused(f"{path} cannot be written: {error.strerror}.")
        return False
    return True


def _refused(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
