"""From a FIM schema to a service package that passes the check: pages, process, letters, texts, rules, examples.

What the document does not say is not invented: it is drafted neutrally, and listed as open. Source of the structure:
XDatenfelder 3.0.0; of the package: docs/designing-a-service.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rathaus.drafting import rulebook, tomltext
from rathaus.drafting.code_lists import MISSING, CodeListStore, MissingCodeList, resolve
from rathaus.drafting.contradictions import contradiction_findings
from rathaus.drafting.examples import NoAnswersError, drafted_example
from rathaus.drafting.findings import DraftFinding, Severity, gettext_noop
from rathaus.drafting.letters import neutral_letters
from rathaus.drafting.looks import look_of
from rathaus.drafting.paging import DraftPage, clean, draft_pages, is_asked
from rathaus.drafting.process import neutral_process
from rathaus.drafting.proposing import TRANSLATED, proposed_rules, with_translations
from rathaus.drafting.rulebook import RuleEntry
from rathaus.drafting.service import OFFICE, key_of, service_page, service_toml, title_of
from rathaus.drafting.translating import translate_texts
from rathaus.forms.definition import FormDefinition
from rathaus.forms.engine import Form
from rathaus.forms.problems import DefinitionError, DefinitionProblem
from rathaus.forms.tree import SchemaTree
from rathaus.standards.xdatenfelder.model import Schema, Translation
from rathaus.standards.xdatenfelder.quality import QualityFinding
from rathaus.standards.xdatenfelder.translatedrules import TranslatedRules

Files = Mapping[str, bytes]
EXAMPLES = ("examples/01-noetig.toml", "examples/02-ausfuehrlich.toml")


class DraftError(ValueError):
    """No package can be made of the document; the message says why."""


@dataclass(frozen=True, slots=True)
class DraftedPackage:
    """A package made from a schema, and everything that is left to people.

    `quality`: FIM's quality rules that the schema itself breaks, for its editors; `read`: the findings about the files
    that the draft was made from. What the others say can be found out from the package at any time, this cannot.
    """

    key: str
    files: Files
    findings: tuple[DraftFinding, ...]
    quality: tuple[QualityFinding, ...]
    read: tuple[DraftFinding, ...]
    rules: tuple[RuleEntry, ...]
    missing_code_lists: tuple[MissingCodeList, ...]
    pages: int
    questions: int

    @property
    def open_rules(self) -> tuple[RuleEntry, ...]:
        """The rules that a person must confirm, write or dismiss."""
        return tuple(rule for rule in self.rules if rule.status == "open")

    @property
    def applied_rules(self) -> tuple[RuleEntry, ...]:
        """The rules that have effect as they were understood."""
        return tuple(rule for rule in self.rules if rule.status == "applied")

    @property
    def translated_rules(self) -> tuple[RuleEntry, ...]:
        """The rules that FITKO's translations added."""
        return tuple(rule for rule in self.rules if rule.name == TRANSLATED)

    def decided(self, files: Files) -> DraftedPackage:
        """The same draft after decisions over its rules; `files` are the package with them."""
        rules = rulebook.read(files)
        findings = [finding for finding in self.findings if finding.code != _OPEN]
        findings += [_open_rule(rule) for rule in rules if rule.status == "open"]
        return replace(self, files=files, rules=rules, findings=tuple(findings))


def draft_package(
    schema: Schema,
    source: bytes,
    *,
    today: date,
    key: str = "",
    code_lists: CodeListStore | None = None,
    office: str = OFFICE,
    findings: Sequence[DraftFinding] = (),
    quality: Sequence[QualityFinding] = (),
    translations: Sequence[Translation] = (),
    translated_rules: TranslatedRules = (),
) -> DraftedPackage:
    """The package of a schema; `source` is its XDatenfelder 3.0.0 document.

    `findings` and `quality` are what reading it found, `translations` its texts in other languages,
    `translated_rules` what FITKO made of the sentences of its rules.
    Raises `DraftError` if the schema asks for nothing.
    """
    key = key or key_of(schema)
    resolution = resolve(schema, code_lists or CodeListStore())
    tree = SchemaTree.build(schema, resolution.lists)
    pages = draft_pages(tree)
    if not pages:
        raise DraftError(f"{schema.id} asks for nothing: it has no field that a page could show.")
    rules = proposed_rules(schema, resolution.lists)
    found = [*findings, *resolution.findings]
    if translated_rules:
        rules, became = with_translations(rules, translated_rules, schema, tree, resolution.lists)
        found.append(became)
    form_text = _form_text(schema, tree, pages)
    translated = translate_texts(schema, resolution.lists, tree, translations)
    files: dict[str, bytes] = {
        "schema.xdf.xml": source,
        **resolution.files,
        "service.toml": service_toml(schema, tree, key, office, translated.titles).encode(),
        "form.toml": form_text.encode(),
        "process.bpmn": neutral_process(key, title_of(schema)),
        **neutral_letters(),
        "texts/de.md": service_page(schema, tree).encode(),
        **translated.files,
    }
    if rules:
        files[rulebook.RULES_FILE] = rulebook.write(rules)
    found += translated.findings
    read = tuple(finding for finding in found if finding.code != MISSING)
    form = _compiled(tree, form_text)
    found += map(_from_problem, form.problems)
    examples, failures = _examples(form, today)
    files |= examples
    found += failures
    found += [_open_rule(rule) for rule in rules if rule.status == "open"]
    found += contradiction_findings(tree, rules)
    return DraftedPackage(
        key=key,
        files=files,
        findings=tuple(found),
        quality=tuple(quality),
        read=read,
        rules=rules,
        missing_code_lists=resolution.missing,
        pages=len(pages),
        questions=sum(1 for node in tree.root.fields() if is_asked(node) and not node.is_label),
    )


def _form_text(schema: Schema, tree: SchemaTree, pages: Sequence[DraftPage]) -> str:
    version = f" {schema.version}" if schema.version else ""
    head = (
        f"# Entwurf aus dem Stammdatenschema {clean(schema.id)}{version}: Seiten aus seinen Gruppen, Fragen aus\n"
        "# seinen Texten. Formulieren Sie um, teilen und verschieben Sie: Was gefragt wird, ändert das nicht.\n\n"
    )
    body = "".join(tomltext.entry("page", page.table()) for page in pages)
    looks = ((address, look_of(node)) for address, node in tree.nodes.items())
    return (
        head
        + body
        + "".join(tomltext.table(f"field.{tomltext.text(address)}", look) for address, look in looks if look)
    )


def _compiled(tree: SchemaTree, text: str) -> Form:
    try:
        return Form.compile(tree, FormDefinition.from_toml(tomllib.loads(text), text))
    except DefinitionError as error:
        fatal = [problem for problem in error.problems if problem.level == "fatal"]
        raise DraftError("; ".join(map(str, fatal[:5]))) from None


def _from_problem(problem: DefinitionProblem) -> DraftFinding:
    values = {"message": problem.message, "remedy": problem.remedy}
    severity: Severity = "warning" if problem.level == "warning" else "error"
    return DraftFinding(problem.rule, "%(message)s %(remedy)s", values, problem.where, severity=severity)


def _open_rule(rule: RuleEntry) -> DraftFinding:
    values = {"name": rule.name or rule.id, "text": rule.text or "–"}
    if rule.is_doubted:
        return DraftFinding(_OPEN, _DOUBTED_RULE, values | {"why": rule.reason}, rule.bearer)
    return DraftFinding(_OPEN, _OPEN_RULE, values, rule.bearer, severity="hint")


def _examples(form: Form, today: date) -> tuple[dict[str, bytes], list[DraftFinding]]:
    files: dict[str, bytes] = {}
    for number, name in enumerate(EXAMPLES, start=1):
        try:
            files[name] = drafted_example(form, number, today)
        except NoAnswersError as error:
            return files, [DraftFinding("example.none", _NO_EXAMPLE, {"why": str(error)})]
    return files, []


_OPEN = "rule.open"
_OPEN_RULE = gettext_noop("Die Regel „%(name)s“ ist offen: %(text)s")
_DOUBTED_RULE = gettext_noop("Die Regel „%(name)s“ ist offen: %(text)s %(why)s")
_NO_EXAMPLE = gettext_noop("Zu diesem Formular fanden sich keine gültigen Beispielangaben: %(why)s")
