"""Code lists for a draft: found among genericode files by canonical URI, and named where they are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rathaus.drafting.findings import DraftFinding, gettext_noop
from rathaus.drafting.walking import fields_of
from rathaus.forms.keys import key_from_name
from rathaus.standards.genericode import CodeList, CodeListError, read_code_list
from rathaus.standards.xdatenfelder.model import CodeListReference, FieldKind, Schema

MISSING = "code-list.missing"
"""The code of a finding about a list that no file brings."""
_LARGEST_FILE = 50_000_000


@dataclass
class CodeListStore:
    """Genericode files by the URIs that schemata name them by. `unreadable`: file name → why."""

    lists: dict[str, CodeList] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path) -> CodeListStore:
        """All genericode files of a folder and its folders; other XML is passed over, broken lists are noted."""
        store = cls()
        for path in sorted(folder.rglob("*.xml")):
            if path.is_file() and path.stat().st_size <= _LARGEST_FILE:
                store.add(path.relative_to(folder).as_posix(), path.read_bytes())
        return store

    def add(self, name: str, content: bytes) -> None:
        """Read one file, if it is a code list."""
        try:
            code_list = read_code_list(content)
        except CodeListError as error:
            if b"CodeList" in content[:4000]:
                self.unreadable[name] = error.message
            return
        for uri in (code_list.canonical_version_uri, code_list.canonical_uri):
            if uri:
                self.lists[uri] = code_list
                self.files[uri] = content

    def find(self, reference: CodeListReference) -> str | None:
        """The URI under which a reference's list is here: the very version, else any version of it."""
        wanted = [reference.canonical_version_uri or ""]
        if reference.version:
            wanted.append(f"{reference.canonical_uri}_{reference.version}")
        wanted.append(reference.canonical_uri)
        return next((uri for uri in wanted if uri in self.lists), None)

    @classmethod
    def of_package(cls, files: Mapping[str, bytes]) -> CodeListStore:
        """The code lists that a package has."""
        store = cls()
        for name in sorted(files):
            if name.startswith("codelists/"):
                store.add(name, files[name])
        return store


@dataclass(frozen=True, slots=True)
class MissingCodeList:
    """A list that no file brings. `fields` are the template paths that ask for it."""

    uri: str
    version: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a schema's references: files for the package, and lists that are missing."""

    files: Mapping[str, bytes]
    lists: Mapping[str, CodeList]
    missing: tuple[MissingCodeList, ...]
    findings: tuple[DraftFinding, ...]


def resolve(schema: Schema, store: CodeListStore) -> Resolution:
    """The code lists of all selections of a schema."""
    files: dict[str, bytes] = {}
    lists: dict[str, CodeList] = {}
    missing: dict[tuple[str, str], list[str]] = {}
    findings: list[DraftFinding] = []
    for address, reference in _references(schema):
        uri = store.find(reference)
        version = reference.version or ""
        if uri is None or not _has_codes(store.lists[uri], reference, address, findings):
            missing.setdefault((reference.canonical_uri, version), []).append(address)
            continue
        found = store.lists[uri]
        if reference.version and found.version and found.version != reference.version:
            values = {"uri": reference.canonical_uri, "wanted": reference.version, "found": found.version}
            findings.append(DraftFinding("code-list.version", _OTHER_VERSION, values, address))
        lists[found.canonical_uri] = found
        if found.canonical_version_uri:
            lists[found.canonical_version_uri] = found
        files[f"codelists/{_file_name(found, files, store.files[uri])}.xml"] = store.files[uri]
    named = tuple(MissingCodeList(uri, version, tuple(paths)) for (uri, version), paths in missing.items())
    for entry in named:
        values = {"uri": entry.uri, "version": entry.version or "–", "fields": ", ".join(entry.fields)}
        findings.append(DraftFinding(MISSING, _MISSING, values, entry.fields[0]))
    for name, why in store.unreadable.items():
        findings.append(DraftFinding("code-list.unreadable", _UNREADABLE, {"file": name, "why": why}))
    return Resolution(files, lists, named, tuple(findings))


def _references(schema: Schema) -> Iterator[tuple[str, CodeListReference]]:
    for address, element in fields_of(schema):
        if element.kind is FieldKind.SELECT and element.code_list is not None and not element.codes:
            yield address, element.code_list


def _has_codes(
    code_list: CodeList, reference: CodeListReference, address: str, findings: list[DraftFinding]
) -> bool:
    try:
        return bool(code_list.codes(reference.code_column, reference.name_column, reference.help_column))
    except CodeListError as error:
        values = {"uri": reference.canonical_uri, "why": error.message}
        findings.append(DraftFinding("code-list.column", _COLUMN, values, address))
        return False


def _file_name(found: CodeList, files: Mapping[str, bytes], content: bytes) -> str:
    base = name = key_from_name(found.short_name or found.canonical_uri.rpartition(":")[2])[:60]
    count = 1
    while files.get(f"codelists/{name}.xml", content) != content:
        count += 1
        name = f"{base}_{count}"
    return name


_MISSING = gettext_noop(
    "Die Codeliste %(uri)s (Version %(version)s) fehlt. Bis sie da ist, wird ein Text gefragt: %(fields)s."
)
_OTHER_VERSION = gettext_noop(
    "Die Codeliste %(uri)s liegt in Version %(found)s vor, das Schema nennt %(wanted)s. Prüfen Sie die Auswahl."
)
_UNREADABLE = gettext_noop("Die Codeliste in %(file)s ist nicht lesbar: %(why)s.")
_COLUMN = gettext_noop("Aus der Codeliste %(uri)s lässt sich keine Auswahl machen: %(why)s.")
