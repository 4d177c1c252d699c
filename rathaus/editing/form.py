"""form.toml and its translations while they are edited: pages by id, fields by path, and where each is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rathaus.editing.blocks import Block, Blocks
from rathaus.editing.edit import Files, with_file
from rathaus.editing.words import EditError, gettext_noop
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.tree import SCHEMA_FILE, FieldNode, GroupNode, SchemaTree
from rathaus.standards.genericode import CodeList, CodeListError, read_code_list
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema

TRANSLATIONS = ("en", "de-simple")
SOURCE = "de"


def translation_file(language: str) -> str:
    """Where the texts of a form in another language stand."""
    return f"texts/form.{language}.toml"


def at_language(language: str) -> str:
    """The end of a place that names a text in one language; the German text is the place itself."""
    return "" if language == SOURCE else f"@{language}"


@dataclass
class FormFiles:
    """The form of a package being edited; `write` gives the package back."""

    files: Files
    _open: dict[str, Blocks] = field(default_factory=dict)

    @property
    def form(self) -> Blocks:
        """form.toml."""
        return self._blocks(FORM_FILE)

    def translation(self, language: str) -> Blocks:
        """The texts in another language; an empty file if the package has none yet."""
        if language not in TRANSLATIONS:
            raise EditError(gettext_noop("Die Sprache %(language)s gibt es hier nicht."), language=language)
        return self._blocks(translation_file(language))

    def _blocks(self, name: str) -> Blocks:
        if name not in self._open:
            self._open[name] = Blocks.read(self.files.get(name, b""), name)
        return self._open[name]

    def write(self) -> Files:
        """The package with what was changed; files that say the same as before stay the same bytes."""
        files = self.files
        for name, blocks in self._open.items():
            content = blocks.write()
            if content != files.get(name, b""):
                files = with_file(files, name, content)
        return files

    @cached_property
    def tree(self) -> SchemaTree:
        """The fields of the schema."""
        return self._tree({})

    def _tree(self, lists: Mapping[str, CodeList]) -> SchemaTree:
        try:
            return SchemaTree.build(read_schema(self.files.get(SCHEMA_FILE, b"")), lists)
        except XdfError as error:
            raise EditError(
                gettext_noop("Die Datenfelder (schema.xdf.xml) sind nicht lesbar: %(error)s."),
                error=error.message,
            ) from None

    @cached_property
    def tree_with_codes(self) -> SchemaTree:
        """The fields with the choices of the package's code lists; a list that cannot be read gives none."""
        lists: dict[str, CodeList] = {}
        for name, content in self.files.items():
            if name.startswith("codelists/") and name.endswith(".xml"):
                try:
                    found = read_code_list(content)
                except CodeListError:
                    continue
                lists |= {uri: found for uri in (found.canonical_uri, found.canonical_version_uri) if uri}
        return self._tree(lists)

    def page(self, page_id: str) -> Block:
        """The page with this id; raises `EditError`."""
        found = self.form.entry("page", page_id)
        if found is None:
            raise EditError(gettext_noop("Die Seite „%(page)s“ gibt es nicht (mehr)."), page=page_id)
        return found

    def pages(self) -> list[Block]:
        """All pages, in order."""
        return self.form.entries("page")

    def translated(self, kind: str, name: str) -> Iterator[tuple[Blocks, Block]]:
        """The table `[kind.name]` of every other language that has one."""
        for language in TRANSLATIONS:
            if translation_file(language) in self.files:
                blocks = self.translation(language)
                if (table := blocks.table(kind, name)) is not None:
                    yield blocks, table

    def page_of(self, path: str) -> Block | None:
        """The page that asks for a field or group, by itself or with a group around it."""
        around = {".".join(path.split(".")[:length]) for length in range(1, path.count(".") + 2)}
        return next((page for page in self.pages() if around & set(fields_of(page))), None)

    def take_off(self, path: str) -> None:
        """Take a field or group off its page, and what lies below it off every page.

        Its siblings stay: a group that holds it is replaced by its other members.
        """
        for page in self.pages():
            fields = fields_of(page)
            rest = self.without(fields, path)
            if rest != fields:
                page.set("fields", rest)

    def without(self, fields: list[str], path: str) -> list[str]:
        """A page's list without a field or group; a group that holds it is replaced by its other members."""
        left: list[str] = []
        for listed in fields:
            if path == listed or listed.startswith(f"{path}."):
                continue
            left += (
                [*self.without(self._members(listed), path)] if path.startswith(f"{listed}.") else [listed]
            )
        return left

    def spread(self, fields: list[str], path: str) -> list[str]:
        """A page's list in which `path` stands by itself: groups around it are replaced by their members."""
        spread: list[str] = []
        for listed in fields:
            spread += self.spread(self._members(listed), path) if path.startswith(f"{listed}.") else [listed]
        return spread

    def _members(self, path: str) -> list[str]:
        group = self.tree.group(path)
        if group is None or group.is_partial_date:
            raise EditError(
                gettext_noop("„%(path)s“ lässt sich nicht teilen: Es ist eine einzige Frage."), path=path
            )
        return [child.address for child in group.children]

    def known(self, path: str) -> FieldNode | GroupNode:
        """The field or group of the schema at a path; raises `EditError`."""
        node = self.tree.nodes.get(path)
        if node is None:
            raise EditError(gettext_noop("Das Feld „%(path)s“ gibt es nicht (mehr)."), path=path)
        return node


def fields_of(page: Block) -> list[str]:
    """The paths a page asks for, in order."""
    found = page.values.get("fields", [])
    return [str(path) for path in found] if isinstance(found, list) else []


def questions_of(form: FormFiles) -> list[str]:
    """Every single question that is asked, in order: the fields below all listed paths."""
    asked: list[str] = []
    for page in form.pages():
        for path in fields_of(page):
            node = form.tree.nodes.get(path)
            if isinstance(node, GroupNode):
                asked += [inner.address for inner in node.fields()]
            else:
                asked.append(path)
    return asked
