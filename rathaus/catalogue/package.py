"""A service package in memory: every file read, checked and compiled, or every fault named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from rathaus.catalogue.info import LANGUAGES, InfoError, ServiceInfo
from rathaus.catalogue.packing import Files, content_hash
from rathaus.catalogue.texts import REQUIRED_SECTIONS, ServiceText, TextError, read_text
from rathaus.forms.definition import FormDefinition
from rathaus.forms.engine import Form
from rathaus.forms.problems import DefinitionError, DefinitionProblem
from rathaus.forms.tree import SchemaTree
from rathaus.rules.decisions import DecisionError, DecisionTable, read_decision
from rathaus.said import said
from rathaus.standards.genericode import CodeList, CodeListError, read_code_list
from rathaus.standards.xdatenfelder.model import Schema
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema

Problem = DefinitionProblem
Level = Literal["fatal", "error", "warning"]

# Last parts of the portal's own addresses below an application; a page of the same name could not be reached.
RESERVED_PAGES = frozenset({"pruefen", "dateien", "loeschen"})
T = TypeVar("T")


class PackageError(Exception):
    """The package cannot be published; `problems` holds everything that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Example:
    """An application with its expected outcome: a test of the service."""

    file: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Package:
    """A service package whose every part is ready to use."""

    files: Files
    content_hash: str
    service: ServiceInfo
    schema: Schema
    tree: SchemaTree
    form: Form
    decisions: Mapping[str, DecisionTable]
    texts: Mapping[str, ServiceText]
    examples: tuple[Example, ...]
    # What was found that does not stop the package from being loaded (see `DefinitionProblem.level`).
    problems: tuple[Problem, ...]

    @property
    def key(self) -> str:
        """The service's key."""
        return self.service.key

    @property
    def process_xml(self) -> bytes:
        """The BPMN file."""
        return self.files["process.bpmn"]

    @cached_property
    def letters(self) -> Mapping[str, bytes]:
        """Typst sources by name (file name without `.typ`)."""
        return {
            name.removeprefix("letters/").removesuffix(".typ"): content
            for name, content in self.files.items()
            if name.startswith("letters/") and name.endswith(".typ")
        }

    @property
    def recipients(self) -> tuple[Any, ...]:
        """Bodies that receive data of an application."""
        return self.service.recipients

    def text(self, language: str) -> ServiceText:
        """The service page in a language; German where there is none."""
        return self.texts.get(language) or self.texts["de"]


@dataclass
class _Loader:
    """Reads part after part and collects what is wrong instead of stopping at the first fault."""

    files: Files
    problems: list[Problem] = field(default_factory=list)

    def report(
        self,
        file: str,
        rule: str,
        message: str,
        remedy: str,
        *,
        where: str = "",
        line: int = 0,
        level: Level = "fatal",
    ) -> None:
        self.problems.append(Problem(file, where or file, rule, message, remedy, level, line))

    def toml(self, name: str, *, missing: Level | None = "fatal") -> dict[str, Any] | None:
        """A parsed file; `missing` is how bad it is if there is none, None: not bad at all."""
        content = self.files.get(name)
        if content is None:
            if missing:
                remedy = said("Add %(name)s to the package.", name=name)
                self.report(name, "file-missing", "The file is missing.", remedy, level=missing)
            return None
        try:
            return tomllib.loads(content.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            line = int(digits[0]) if (digits := _numbers_after(str(error), "line")) else 0
            self.report(
                name, "toml-syntax", said("%(error)s.", error=error), "Mend the TOML syntax.", line=line
            )
            return None

    def service(self) -> ServiceInfo | None:
        data = self.toml("service.toml")
        if data is None:
            return None
        try:
            info = ServiceInfo.from_toml(data)
        except InfoError as error:
            line = _line_of(self.files["service.toml"], error.key.split(".")[0])
            self.report(
                "service.toml",
                "service-info",
                said("%(why)s.", why=error.message),
                "See docs/designing-a-service.md.",
                where=error.key,
                line=line,
            )
            return None
        for missing in info.incomplete:
            self.report(
                "service.toml",
                "service-info",
                said("%(missing)s is missing.", missing=missing),
                "Add it; until then people see German, or nothing." if "." in missing else "Add it.",
                where=missing,
                line=_line_of(self.files["service.toml"], missing.partition(".")[0]),
                level="warning",
            )
        return info

    def code_lists(self) -> dict[str, CodeList]:
        lists: dict[str, CodeList] = {}
        for name in self.names("codelists/", ".xml"):
            try:
                code_list = read_code_list(self.files[name])
            except CodeListError as error:
                self.report(
                    name,
                    "code-list",
                    said("%(why)s.", why=error.message),
                    "Mend the genericode file.",
                    line=error.line,
                )
                continue
            lists[code_list.canonical_uri] = code_list
            if code_list.canonical_version_uri:
                lists[code_list.canonical_version_uri] = code_list
        return lists

    def schema(self) -> Schema | None:
        if "schema.xdf.xml" not in self.files:
            self.report(
                "schema.xdf.xml", "file-missing", "The file is missing.", "Add the XDatenfelder schema."
            )
            return None
        try:
            return read_schema(self.files["schema.xdf.xml"])
        except XdfError as error:
            self.report(
                "schema.xdf.xml",
                "xdatenfelder",
                said("%(why)s.", why=error.message),
                "Mend the schema.",
                line=error.line,
            )
            return None

    def tree(self, schema: Schema, lists: Mapping[str, CodeList]) -> SchemaTree | None:
        return self._guarded(lambda: SchemaTree.build(schema, lists))

    def form(self, tree: SchemaTree) -> Form | None:
        data = self.toml("form.toml")
        if data is None:
            return None
        translations = {
            language: texts
            for language in LANGUAGES[1:]
            if (
                texts := self.toml(
                    f"texts/form.{language}.toml", missing="warning" if language == "en" else None
                )
            )
            is not None
        }
        source = self.files["form.toml"].decode("utf-8")
        form = self._guarded(lambda: Form.compile(tree, FormDefinition.from_toml(data, source), translations))
        if form is not None:
            self.problems += form.problems
        pages = data.get("page", [])  # no list, or no tables in it: reported by the compiler
        ids = [str(entry.get("id")) for entry in pages if isinstance(entry, dict)]
        for page in RESERVED_PAGES.intersection(ids):
            self.report(
                "form.toml",
                "page-reserved",
                said("The page %(page)r has the name of one of the portal's own.", page=page),
                "Choose another id.",
                where=f"page {page}",
                level="error",
            )
        return form

    def _guarded(self, build: Callable[[], T]) -> T | None:
        try:
            return build()
        except DefinitionError as error:
            self.problems += error.problems
            return None

    def decisions(self) -> dict[str, DecisionTable]:
        tables: dict[str, DecisionTable] = {}
        for name in self.names("decisions/", ".dmn"):
            try:
                tables[name.removeprefix("decisions/").removesuffix(".dmn")] = read_decision(self.files[name])
            except DecisionError as error:
                self.report(
                    name,
                    "decision-table",
                    said("%(why)s.", why=error.message),
                    "Mend the table.",
                    line=error.line,
                )
        return tables

    def texts(self) -> dict[str, ServiceText]:
        texts: dict[str, ServiceText] = {}
        for language in LANGUAGES:
            name = f"texts/{language}.md"
            if name not in self.files:
                if language != "de-simple":
                    self.report(
                        name,
                        "file-missing",
                        "The service page is missing.",
                        "Write it.",
                        level="fatal" if language == "de" else "warning",
                    )
                continue
            try:
                texts[language] = read_text(self.files[name].decode("utf-8"))
            except TextError as error:
                self.report(
                    name,
                    "service-text",
                    said("%(why)s.", why=error.message),
                    "Mend the heading.",
                    line=error.line,
                )
                continue
            if language == "de-simple":
                continue
            for section in REQUIRED_SECTIONS:
                if texts[language].section(section) is None:
                    self.report(
                        name,
                        "service-text",
                        said("The section %(section)r is missing.", section=section),
                        said("Add a heading ending in {#%(section)s}.", section=section),
                        where=section,
                        level="error" if language == "de" else "warning",
                    )
        return texts

    def examples(self) -> tuple[Example, ...]:
        read = ((name, self.toml(name)) for name in self.names("examples/", ".toml"))
        return tuple(
            Example(name, str(data.get("title", name)), data) for name, data in read if data is not None
        )

    def names(self, folder: str, suffix: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(folder) and name.endswith(suffix))


def inspect_package(files: Files) -> tuple[Package | None, list[Problem]]:
    """Read a package; None where a fault leaves nothing to work with. All faults found are in the list."""
    loader = _Loader(files)
    service = loader.service()
    lists = loader.code_lists()
    schema = loader.schema()
    tree = loader.tree(schema, lists) if schema else None
    form = loader.form(tree) if tree else None
    decisions, texts, examples = loader.decisions(), loader.texts(), loader.examples()
    if "process.bpmn" not in files:
        loader.report("process.bpmn", "file-missing", "The file is missing.", "Draw the process.")
    problems = loader.problems
    if service is None or schema is None or tree is None or form is None or _has_fatal(problems):
        return None, problems
    digest = content_hash(files)
    return (
        Package(files, digest, service, schema, tree, form, decisions, texts, examples, tuple(problems)),
        problems,
    )


def load_package(files: Files) -> Package:
    """A package that can run; raises `PackageError` if a fault leaves nothing to work with."""
    package, problems = inspect_package(files)
    if package is None:
        raise PackageError(problems)
    return package


def _has_fatal(problems: list[Problem]) -> bool:
    return any(problem.level == "fatal" for problem in problems)


def _numbers_after(text: str, word: str) -> list[str]:
    _, found, rest = text.partition(f"{word} ")
    digits = "".join(char for char in rest.split(",")[0].split(")")[0] if char.isdigit()) if found else ""
    return [digits] if digits else []


def _line_of(content: bytes, key: str) -> int:
    """The line on which a top-level key or table of a TOML file begins, 0 if it is not there."""
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        if line.replace("[", "").strip().startswith(key):
            return number
    return 0
