"""The texts of a form in one language: those of form.toml and the schema, or their translation.

A translation file (texts/form.<language>.toml) has `[page.<id>]` (title, intro, section, entry_label, overview_title,
overview_intro), `[field."path"]` (label, help, details, and content for label fields), `[codes."path"]`,
`[codelist."<canonical uri>"]` (code = "name") and `[check.<id>]` (message). What it lacks is shown in German.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rathaus.forms.definition import FieldDefinition, PageDefinition
from rathaus.forms.pageview import Option
from rathaus.forms.plan import DEFAULT_FIELD
from rathaus.forms.tree import FieldNode, Node

PAGE_TEXTS = ("title", "intro", "section", "entry_label", "overview_title", "overview_intro")
FIELD_TEXTS = ("label", "help", "details")

Translation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One code as it is offered."""

    code: str
    name: str
    help: str = ""


class Texts:
    """Looks up texts by node, page and check. Made once per form and language."""

    def __init__(
        self,
        language: str,
        fields: Mapping[str, FieldDefinition],
        translation: Translation | None = None,
        lacking: Callable[[str, str], None] | None = None,
    ) -> None:
        """`lacking(where, german)` is called for each text a translation should have and has not."""
        self.language = language
        self._fields = fields
        self._translation = translation
        self._lacking = lacking
        self._labels: dict[Node, str] = {}
        self._helps: dict[Node, str] = {}
        self._choices: dict[FieldNode, tuple[Choice, ...]] = {}
        self._options: dict[FieldNode, tuple[Option, ...]] = {}
        self._code_names: dict[FieldNode, dict[str, str]] = {}
        self._shared: dict[tuple[str, int], tuple[tuple[Choice, ...], dict[str, str]]] = {}

    def label(self, node: Node) -> str:
        """What the field or group is called."""
        known = self._labels.get(node)
        if known is None:
            known = self._labels[node] = self._of_field(
                node, "label", self._definition(node).label or node.label
            )
        return known

    def help(self, node: Node) -> str:
        """The hint under the label; empty if there is none."""
        known = self._helps.get(node)
        if known is None:
            known = self._helps[node] = self._of_field(node, "help", self._definition(node).help or node.help)
        return known

    def details(self, node: Node) -> str:
        """The longer explanation (Markdown); empty if there is none."""
        return self._of_field(node, "details", self._definition(node).details)

    def content(self, node: FieldNode) -> str:
        """The text of a label field."""
        return self._of_field(node, "content", node.content)

    def page(self, page: PageDefinition, text: str) -> str:
        """One of `PAGE_TEXTS` of a page."""
        return self._translated(("page", page.id), text, getattr(page, text))

    def check(self, check_id: str, german: str) -> str:
        """The message of a check."""
        return self._translated(("check", check_id), "message", german)

    def choices(self, node: FieldNode) -> tuple[Choice, ...]:
        """The codes of a field as they are offered, in the order of the list."""
        known = self._choices.get(node)
        if known is None:
            known = self._choices[node] = self._make_choices(node)[0]
        return known

    def options(self, node: FieldNode) -> tuple[Option, ...]:
        """The codes of a field as options of a control, none of them checked."""
        known = self._options.get(node)
        if known is None:
            options = tuple(Option(choice.code, choice.name, choice.help) for choice in self.choices(node))
            known = self._options[node] = options
        return known

    def code_names(self, node: FieldNode) -> dict[str, str]:
        """The name of each code of a field."""
        known = self._code_names.get(node)
        if known is None:
            known = self._code_names[node] = self._make_choices(node)[1]
        return known

    def _definition(self, node: Node) -> FieldDefinition:
        return self._fields.get(node.address, DEFAULT_FIELD)

    def _of_field(self, node: Node, text: str, german: str) -> str:
        return self._translated(("field", node.address), text, german)

    def _translated(self, table: tuple[str, str], text: str, german: str) -> str:
        if not german or self._translation is None:
            return german
        found = self._table(*table).get(text)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if self._lacking:
            self._lacking(f'[{table[0]}."{table[1]}"] {text}', german)
        return german

    def _table(self, kind: str, name: str) -> Mapping[str, Any]:
        tables = (self._translation or {}).get(kind, {})
        table = tables.get(name, {}) if isinstance(tables, Mapping) else {}
        return table if isinstance(table, Mapping) else {}

    def _make_choices(self, node: FieldNode) -> tuple[tuple[Choice, ...], dict[str, str]]:
        names = self._table("codes", node.address)
        uri = node.code_list.canonical_uri if node.code_list else ""
        listed = self._table("codelist", uri) if uri else {}
        shared = (uri, id(node.codes))
        if not names and shared in self._shared:
            return self._shared[shared]
        choices = tuple(
            Choice(
                code.code,
                self._code_name(node, names.get(code.code) or listed.get(code.code), code.name),
                help_,
            )
            for code, help_ in zip(node.codes, self._code_helps(node, names, listed), strict=True)
        )
        made = choices, {choice.code: choice.name for choice in choices}
        if not names and uri:
            self._shared[shared] = made
        return made

    def _code_name(self, node: FieldNode, found: Any, german: str) -> str:
        if isinstance(found, str) and found:
            return found
        if isinstance(found, Mapping) and isinstance(found.get("name"), str):
            return str(found["name"])
        if self._translation is not None and self._lacking:
            place = (
                f'[codelist."{node.code_list.canonical_uri}"]'
                if node.code_list
                else f'[codes."{node.address}"]'
            )
            self._lacking(place, german)
        return german

    def _code_helps(self, node: FieldNode, names: Mapping[str, Any], listed: Mapping[str, Any]) -> list[str]:
        """Help texts of codes: translated as `"01" = {name = "…", help = "…"}`, otherwise only shown in German."""
        helps = []
        for code in node.codes:
            found = names.get(code.code) or listed.get(code.code)
            if isinstance(found, Mapping) and isinstance(found.get("help"), str):
                helps.append(str(found["help"]))
            else:
                helps.append("" if self._translation is not None and self.language == "en" else code.help)
        return helps
