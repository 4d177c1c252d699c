"""Making a plan from a schema tree and a definition: everything is looked at once, every problem is collected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from rathaus.forms.definition import FORM_FILE, CheckDefinition, FieldDefinition, FormDefinition, line_of
from rathaus.forms.keys import Template
from rathaus.forms.placement import Placer, suggestion
from rathaus.forms.plan import Askable, Check, Cluster, Page, Plan, Reads, Several, touches
from rathaus.forms.problems import DefinitionProblem
from rathaus.forms.ruletypes import RuleTypes, value_type
from rathaus.forms.texts import PAGE_TEXTS, Texts
from rathaus.forms.tree import FieldNode, GroupNode, Node, SchemaTree
from rathaus.forms.values import ValueProblem, parse_value
from rathaus.rules.expressions import BOOL, Expression, ListOf, RuleError, ValueType
from rathaus.said import said

_CONTENT_DAY = date(
    2000, 1, 1
)  # fixed contents are written out in full; only two-digit years would need a today


def compile_plan(tree: SchemaTree, definition: FormDefinition) -> tuple[Plan, list[DefinitionProblem]]:
    """The plan of a form and everything wrong with its definition; a plan with fatal problems must not be run."""
    compiler = _Compiler(tree, definition)
    return compiler.plan, compiler.problems


def compile_texts(
    plan: Plan, definition: FormDefinition, translations: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Texts], list[DefinitionProblem]]:
    """The texts of every language; a missing text of any language but plain German is a warning."""
    texts = {"de": Texts("de", definition.fields)}
    problems: list[DefinitionProblem] = []
    for language, translation in translations.items():
        lacking: dict[str, str] = {}
        texts[language] = Texts(language, definition.fields, translation, lacking.__setitem__)
        _ask_for_everything(texts[language], plan, definition)
        if language != "de-simple":
            file = f"texts/form.{language}.toml"
            problems += [
                DefinitionProblem(
                    file,
                    where,
                    "translation.missing",
                    said("“%(german)s” is not translated.", german=german[:60]),
                    "Add it.",
                    "warning",
                )
                for where, german in lacking.items()
            ]
        problems += _unknown_texts(plan, definition, language, translation)
        texts[language] = Texts(language, definition.fields, translation)
    return texts, problems


def _ask_for_everything(texts: Texts, plan: Plan, definition: FormDefinition) -> None:
    for page in plan.pages():
        for text in PAGE_TEXTS:
            texts.page(page.definition, text)
        _ask_for_blocks(texts, page)
    for check in definition.checks:
        texts.check(check.id, check.message)


def _ask_for_blocks(texts: Texts, holder: Page | Several | Cluster) -> None:
    for block in holder.blocks:
        texts.label(block.node)
        texts.help(block.node)
        texts.details(block.node)
        if isinstance(block, (Cluster, Several)):
            _ask_for_blocks(texts, block)
        elif isinstance(block.node, FieldNode):
            if block.node.is_label:
                texts.content(block.node)
            texts.choices(block.node)


def _unknown_texts(
    plan: Plan, definition: FormDefinition, language: str, translation: Mapping[str, Any]
) -> list[DefinitionProblem]:
    known = {
        "page": {page.id for page in definition.pages},
        "check": {check.id for check in definition.checks},
        "field": set(plan.tree.nodes),
        "codes": set(plan.tree.nodes),
    }
    file = f"texts/form.{language}.toml"
    return [
        DefinitionProblem(
            file,
            f"[{kind}.{name}]",
            "translation.unknown",
            "The form has no such place.",
            "Remove it.",
            "warning",
        )
        for kind, names in known.items()
        for name in (translation.get(kind) if isinstance(translation.get(kind), Mapping) else None) or ()
        if name not in names
    ]


class _Compiler:
    def __init__(self, tree: SchemaTree, definition: FormDefinition) -> None:
        self.problems: list[DefinitionProblem] = [*tree.problems, *definition.problems]
        self.definition = definition
        self.tree = tree
        self._expressions: dict[tuple[str, GroupNode, ValueType | None], Expression] = {}
        self.plan = Plan(tree, RuleTypes(tree), fields=dict(definition.fields))
        self._fields()
        placer = Placer(self.plan, self._report)
        pages = [placer.page(page) for page in definition.pages]
        for page in pages:
            page.show = self._compile(page.definition.show, f"page {page.id}", page.scope)
            self._round_texts(page)
        self.plan.items = placer.rounds(pages)
        self._guards()
        self._fixed()
        self._checks()
        self._addresses()
        self._unasked()
        self._never_needed(pages)
        self.plan.choices = [
            node for node in tree.nodes.values() if isinstance(node, GroupNode) and node.is_choice
        ]

    def _report(self, where: str, rule: str, message: str, remedy: str) -> None:
        self._add(where, rule, message, remedy)

    def _add(
        self, where: str, rule: str, message: str, remedy: str, *, warning: bool = False, line: int = 0
    ) -> None:
        line = line or line_of(self.definition.source, where)
        level: Literal["fatal", "warning"] = "warning" if warning else "fatal"
        self.problems.append(DefinitionProblem(FORM_FILE, where, rule, message, remedy, level, line))

    def _compile(
        self, source: str, where: str, scope: GroupNode, expects: ValueType | None = BOOL
    ) -> Expression | None:
        if not source:
            return None
        # The same rule on several pages is one expression, so that it is evaluated once.
        known = self._expressions.get((source, scope, expects))
        if known is not None:
            return known
        try:
            expression = self.plan.types.environment_of(scope).compile(source, expects)
        except RuleError as error:
            remedy = said(
                "The rule is %(source)r, the place %(line)s:%(column)s.",
                source=source,
                line=error.line,
                column=error.column,
            )
            self._add(
                where,
                "rule",
                said("The rule cannot be used: %(why)s.", why=error.message),
                remedy,
            )
            return None
        roots = {path.partition(".")[0] for path in expression.references}
        self.plan.reads_answers |= "answers" in roots
        self.plan.reads_town |= "town" in roots
        self._expressions[source, scope, expects] = expression
        self.plan.reads[expression] = Reads(self._reads(expression, scope))
        return expression

    def _fields(self) -> None:
        for address, field in self.definition.fields.items():
            where = f"field {address}"
            node = self.tree.nodes.get(address)
            if node is None:
                remedy = suggestion(address, self.tree)
                self._add(
                    where, "field.path", said("The schema has no %(address)s.", address=address), remedy
                )
                continue
            self._rules(where, node, field)

    def _rules(self, where: str, node: FieldNode | GroupNode, field: FieldDefinition) -> None:
        plan = self.plan
        if show := self._compile(field.show, where, node.scope):
            plan.show[node] = show
        if require := self._compile(field.require, where, node.scope):
            plan.require[node] = require
        if not field.default:
            return
        if isinstance(node, GroupNode) or node.is_label or node.is_file:
            self._add(
                where, "field.default", "Only a field with a value can have a default.", "Remove default."
            )
            return
        single = value_type(node)
        if default := self._compile(
            field.default, where, node.scope, ListOf(single) if node.repeatable else single
        ):
            plan.default[node] = default

    def _round_texts(self, page: Page) -> None:
        for key in page.definition.entry_name:
            if key not in page.scope.by_key:
                message = said(
                    "entry_name names %(key)s, which is no part of %(found)s.",
                    key=key,
                    found=page.scope.address or "the form",
                )
                known = ", ".join(page.scope.by_key)
                self._add(
                    f"page {page.id}",
                    "page.entry_name",
                    message,
                    said("Known are %(known)s.", known=known),
                )

    def _guards(self) -> None:
        for node in self.tree.nodes.values():
            above = node.parent
            if node in self.plan.show or (above is not None and above in self.plan.guarded):
                self.plan.guarded.add(node)

    def _fixed(self) -> None:
        for node in self.tree.root.fields():
            if not node.is_fixed or node.is_label or node.is_file:
                continue
            if node in self.plan.default:
                self.plan.fixed.append(node)
            elif node.content:
                value = parse_value(node, node.content, _CONTENT_DAY, "de")
                if value is None or isinstance(value, ValueProblem):
                    message = said(
                        "%(address)s cannot have the content %(content)r.",
                        address=node.address,
                        content=node.content,
                    )
                    self._add(
                        f"field {node.address}",
                        "schema.content",
                        message,
                        "Correct inhalt in the schema.",
                    )
                else:
                    self.plan.content[node] = [value] if node.repeatable else value
                    self.plan.fixed.append(node)
        self._order_computed()

    def _order_computed(self) -> None:
        """Each computed value after those it reads; values that read each other have no order."""
        reads = {node: self._reads(self.plan.default.get(node), node.scope) for node in self.plan.fixed}
        waiting, done = list(self.plan.fixed), list[FieldNode]()
        while waiting:
            ready = [
                node for node in waiting if not any(touches(other.address, reads[node]) for other in waiting)
            ]
            if not ready:
                names = ", ".join(node.address for node in waiting)
                remedy = "Let one of them read only what people answer."
                self._add(
                    f"field {waiting[0].address}",
                    "field.cycle",
                    said("%(names)s depend on each other.", names=names),
                    remedy,
                )
                break
            done += ready
            waiting = [node for node in waiting if node not in ready]
        self.plan.fixed = done + waiting

    @staticmethod
    def _reads(expression: Expression | None, scope: GroupNode) -> frozenset[str]:
        """The template paths a rule reads: `self` and `answers` resolved, `today` and `town` left out."""
        paths = set()
        for path in expression.references if expression else ():
            head, _, rest = path.partition(".")
            if head == "self":
                paths.add(".".join(filter(None, (scope.address, rest))))
            elif head == "answers":
                paths.add(rest)
            elif head not in ("today", "town"):
                paths.add(path)
        return frozenset(paths)

    def _checks(self) -> None:
        for check in self.definition.checks:
            where = f"check {check.id}"
            targets = []
            for address in check.fields:
                node = self.tree.nodes.get(address)
                if node is None:
                    remedy = suggestion(address, self.tree)
                    self._add(
                        where, "check.field", said("The schema has no %(address)s.", address=address), remedy
                    )
                else:
                    targets.append(node.parent if node.parent and node.parent.is_partial_date else node)
            self._check(where, check, targets)

    def _check(self, where: str, check: CheckDefinition, targets: list[Askable]) -> None:
        scopes: set[Template] = {target.scope.path for target in targets}
        scope = targets[0].scope if targets else self.tree.root
        if len(scopes) > 1:
            scope = self.tree.root
            remedy = "Show the message at fields of one entry, or only at fields outside of entries."
            self._add(where, "check.scope", "Its fields lie in different repeatable groups.", remedy)
        valid = self._compile(check.valid, where, scope)
        when = self._compile(check.when, where, scope)
        if valid is None:
            return
        reads = self._reads(valid, scope) | self._reads(when, scope)
        self.plan.checks.append(
            Check(check.id, scope, tuple(targets), valid, when, check.level, check.message, reads)
        )

    def _addresses(self) -> None:
        """An overview has the path of its group as key; no page may have the same."""
        overviews = {page.scope.address for page in self.plan.pages()}
        for page in self.plan.pages():
            if page.scope is self.tree.root and page.id in overviews:
                message = said("The overview of %(page)s has the same address as this page.", page=page.id)
                self._add(f"page {page.id}", "page.id", message, "Give the page another id.")

    def _unasked(self) -> None:
        """Required fields that no page asks for. Answers that no page asks for are not part of the form."""
        for node in self.tree.root.fields():
            asked = node if node.parent is None or not node.parent.is_partial_date else node.parent
            if asked in self.plan.placed or node.is_label or node.is_fixed:
                continue
            if self._always_needed(node):
                remedy = "Add it to the fields of a page, or make it optional in the schema."
                message = said(
                    "The schema requires %(address)s, but no page asks for it.",
                    address=node.address,
                )
                self._add("the file", "page.missing", message, remedy)

    def _always_needed(self, node: Node) -> bool:
        """Required, together with everything above it up to a group that is asked for at all."""
        above = node.parent
        while node.needed and above is not None and above.parent is not None:
            if any(field in self.plan.placed for field in above.fields()):
                return True
            node, above = above, above.parent
        return node.needed

    def _never_needed(self, pages: list[Page]) -> None:
        """Optional groups that are asked conditionally and never required: their pages may be left empty."""
        for page in pages:
            for group in sorted({self._optional_above(ask.node) for ask in page.asks} - {None}, key=str):
                conditional = page.show is not None or group in self.plan.guarded
                if group is None or group in self.plan.require or not conditional:
                    continue
                self._add(
                    f"page {page.id}",
                    "page.optional",
                    said(
                        "%(group)s is optional in the schema, so this page may be left empty.",
                        group=group.address,
                    ),
                    said(
                        'If it must be answered when it is shown, add require to [field."%(group)s"].',
                        group=group.address,
                    ),
                    warning=True,
                )

    @staticmethod
    def _optional_above(node: Askable) -> GroupNode | None:
        if not node.needed:
            return None
        above = node.parent
        while above is not None and above.parent is not None and not above.repeatable:
            if not above.needed:
                return above
            above = above.parent
        return None
