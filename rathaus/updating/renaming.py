"""Paths of answers that changed, changed wherever a package names them: form, translations, rules, tables, process.

FIM may rename an element; the key of its answer is made of the name (ADR 0004). What is written in the rule language is
read by its words, not parsed: a path that cannot be told for certain is left alone, and the check names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import tomlkit

from rathaus.editing import Files
from rathaus.editing.blocks import Block, Blocks
from rathaus.editing.edit import with_file
from rathaus.editing.form import TRANSLATIONS, translation_file
from rathaus.editing.translations import STATE_FILE
from rathaus.forms.corresponding import correspondence
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.tree import SchemaTree

_CHAIN = r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"  # names joined by dots
_TEXT = r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_IN_RULES = re.compile(f"{_TEXT}|{_CHAIN}")
_ANYWHERE = re.compile(_CHAIN)  # beside other markup, what looks like a text may be none
_LOOP = re.compile(r"\.(?:exists|exists_one|all|filter|map)\Z")
_VARIABLE = re.compile(r"\(\s*([A-Za-z_]\w*)\s*,")
_CONDITIONS = ("show", "require", "default", "when", "valid")
_WITH_RULES = ("service.toml", "process.bpmn", "decisions/")


@dataclass
class Renaming:
    """From the paths of one schema to those of another."""

    old: SchemaTree
    new: SchemaTree

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Template path before → after, of every element that is still there, whether it changed or not."""
        return correspondence(self.old, self.new)

    @property
    def is_empty(self) -> bool:
        """Whether everything that is still there is called as before."""
        return all(old == new for old, new in self.paths.items())

    @cached_property
    def vanished(self) -> tuple[str, ...]:
        """The paths that lead nowhere any more."""
        return tuple(path for path in self.old.nodes if path not in self.paths)

    def path(self, path: str) -> str:
        """A path, or what begins with one: its longest known beginning counts."""
        steps = path.split(".")
        for length in range(len(steps), 0, -1):
            known = self.paths.get(".".join(steps[:length]))
            if known is not None:
                return ".".join([known, *steps[length:]])
        return path

    def scope(self, path: str) -> str:
        """The list in whose entries an element lay; empty: in none."""
        node = self.old.nodes.get(path)
        return node.scope.address if node else ""

    def rule(self, source: str, scope: str = "") -> str:
        """A rule of form.toml. `scope`: the list whose entry `self` is."""
        return self._words(_IN_RULES, source, scope)

    def anywhere(self, text: str) -> str:
        """A file that holds rules among other things: what stands below `answers` there."""
        return self._words(_ANYWHERE, text, None)

    def _words(self, pattern: re.Pattern[str], source: str, scope: str | None) -> str:
        bases = {} if scope is None else {"self": scope}  # variable → the list whose entry it is

        def changed(found: re.Match[str]) -> str:
            chain = found.group()
            head, _, rest = chain.partition(".")
            if chain[0] in "\"'" or (scope is None and head != "answers" and head not in bases):
                return chain
            base = bases.get(head, "")
            prefix = head if head in bases or head == "answers" else ""
            old = ".".join(filter(None, (base, rest if prefix else chain)))
            loop = _LOOP.search(old)
            if loop and (variable := _VARIABLE.match(source, found.end())):
                bases[variable[1]] = old[: loop.start()]
            new, above = self.path(old), self.path(base)
            if new == old or not new.startswith(f"{above}." if above else ""):
                return chain
            return ".".join(filter(None, (prefix, new[len(above) + 1 :] if above else new)))

        return pattern.sub(changed, source)


def renamed(files: Files, renaming: Renaming) -> Files:
    """The package with the new paths; rules.toml and the examples are not touched. Raises `EditError`."""
    if renaming.is_empty:
        return files
    files = with_file(files, FORM_FILE, _form(files[FORM_FILE], renaming))
    for name in map(translation_file, TRANSLATIONS):
        if name in files:
            blocks = Blocks.read(files[name], name)
            for block in blocks.blocks:
                _rename(block, renaming)
            files = with_file(files, name, blocks.write())
    if STATE_FILE in files:
        files = with_file(files, STATE_FILE, _state(files[STATE_FILE], renaming))
    for name in [name for name in files if name.startswith(_WITH_RULES)]:
        text = renaming.anywhere(files[name].decode("utf-8", "surrogateescape"))
        files = with_file(files, name, text.encode("utf-8", "surrogateescape"))
    return files


def _form(content: bytes, renaming: Renaming) -> bytes:
    blocks = Blocks.read(content, FORM_FILE)
    for page in blocks.entries("page"):
        scope = str(page.values.get("repeat", ""))
        _rules(page, renaming, scope)
        if "entry_name" in page.values:
            names = [renaming.path(f"{scope}.{key}") for key in page.values["entry_name"]]
            page.set("entry_name", [name.rpartition(".")[2] for name in names])
        page.set("fields", [renaming.path(path) for path in page.values.get("fields", [])])
        page.set("repeat", renaming.path(scope) if scope else None)
    for table in blocks.tables("field"):
        _rules(table, renaming, renaming.scope(table.name[1]))
        _rename(table, renaming)
    for check in blocks.entries("check"):
        fields = [str(path) for path in check.values.get("fields", [])]
        _rules(check, renaming, renaming.scope(fields[0]) if fields else "")
        check.set("fields", [renaming.path(path) for path in fields] or None)
    return blocks.write()


def _rules(block: Block, renaming: Renaming, scope: str) -> None:
    for key in _CONDITIONS:
        if isinstance(rule := block.values.get(key), str):
            block.set(key, renaming.rule(rule, scope))


def _rename(block: Block, renaming: Renaming) -> None:
    """A table `[field."path"]` or `[codes."path"]` under its new name."""
    if len(block.name) > 1 and block.name[0] in ("field", "codes"):
        kind, path, *rest = block.name
        block.rename((kind, renaming.path(path), *rest))


def _state(content: bytes, renaming: Renaming) -> bytes:
    document = tomlkit.parse(content.decode("utf-8"))
    for table in document.values():
        for place in list(table):
            kind, _, rest = place.partition(":")
            path, slash, key = rest.partition("/")
            new = f"{kind}:{renaming.path(path)}{slash}{key}"
            if kind in ("field", "codes") and new != place:
                table[new] = table.pop(place)
    return tomlkit.dumps(document).encode()
