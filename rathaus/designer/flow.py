"""The process as a list in plain words: who does what, in which order, until when, and what follows under which
condition. What a screen reader gets and what the diagram shows are the same steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rathaus.building import clause, from_cel
from rathaus.building.parsing import Chain, Path, Relation, Text, Tree, UnreadableError, Word, parse
from rathaus.catalogue.package import Problem
from rathaus.designer.conditions import Conditions, Place, spoken_language
from rathaus.designer.finding import as_read
from rathaus.designer.opened import Opened
from rathaus.designer.tables import Tables, tables_of
from rathaus.editing import EditError
from rathaus.editing.naming import table_title
from rathaus.editing.process import Period, drawn, period_in
from rathaus.processes.checks import PROCESS, SYSTEM_LANE, check_process
from rathaus.processes.definition import APPLICANT_LANE, GATEWAYS, Definition, Element, Flow
from rathaus.rules.cells import quoted, text_of
from rathaus.rules.decisions import LITERALS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_KINDS: Mapping[str, StrOrPromise] = {
    "startEvent": gettext_lazy("Beginn"),
    "endEvent": gettext_lazy("Ende"),
    "userTask": gettext_lazy("Eine Person ist dran"),
    "exclusiveGateway": gettext_lazy("Verzweigung: genau ein Weg"),
    "inclusiveGateway": gettext_lazy("Verzweigung: ein Weg oder mehrere"),
    "parallelGateway": gettext_lazy("Alle Wege zugleich"),
    "intermediateCatchEvent": gettext_lazy("Warten"),
    "subProcess": gettext_lazy("Teilablauf"),
}
_OPERATIONS: Mapping[str, StrOrPromise] = {
    "decision": gettext_lazy("Entscheidungstabelle"),
    "letter": gettext_lazy("Brief"),
    "decide": gettext_lazy("Entscheidung festhalten"),
    "close": gettext_lazy("Vorgang abschließen"),
    "facts": gettext_lazy("Daten abgleichen"),
    "transmit": gettext_lazy("Daten übermitteln"),
    "notify": gettext_lazy("Nachricht an Antragstellende"),
}
UNITS: Mapping[str, StrOrPromise] = {
    "H": gettext_lazy("Stunden"),
    "D": gettext_lazy("Tage"),
    "W": gettext_lazy("Wochen"),
    "M": gettext_lazy("Monate"),
    "Y": gettext_lazy("Jahre"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """What follows a step. `condition` says when, in words or as a formula; "" where it always does."""

    id: str
    rule: str  # CEL
    condition: str
    is_formula: bool  # there are no words for the rule
    is_default: bool  # taken if nothing else is
    target: str
    target_name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step as people read it."""

    id: str
    number: int
    name: str
    kind: str
    who: str
    says: tuple[str, ...]
    table: str  # the decision table it asks
    table_title: str
    ways: tuple[Way, ...]
    hanging: tuple[Step, ...]  # deadlines and reminders while it is open
    depth: int  # sub-processes around it


class Course:
    """The process of one state of a design; `offices`: the town's, key → name."""

    def __init__(self, opened: Opened, offices: Mapping[str, str]) -> None:
        self.opened = opened
        self.offices = offices
        self.tables: Tables = tables_of(opened)

    @property
    def definition(self) -> Definition | None:
        """The process, None if it cannot be read or holds what the town hall cannot run."""
        return self.tables.definition

    @property
    def elements(self) -> Mapping[str, Element]:
        """Everything a way can lead to, by its id."""
        return self.definition.elements if self.definition else {}

    @cached_property
    def lanes(self) -> Mapping[str, str]:
        """Lane → key of the office that works in it, as service.toml says."""
        package = self.tables.package
        return package.service.lanes if package else {}

    @cached_property
    def drawn_lanes(self) -> list[str]:
        """The lanes of offices in the diagram, from top to bottom, and those service.toml knows besides."""
        try:
            found = [lane.attributes.get("name", "") for lane in drawn(self.opened.files).lanes]
        except EditError:
            found = []
        every = dict.fromkeys([*found, *self.lanes])
        return [lane for lane in every if lane not in ("", SYSTEM_LANE, APPLICANT_LANE)]

    def faults(self) -> list[Problem]:
        """Why the process cannot run as it is, in the language of the page; nothing if the package has worse faults."""
        package = self.tables.package
        found = check_process(package) if package else []
        return [as_read(problem) for problem in found if problem.file == PROCESS]

    def lane_choices(self) -> list[tuple[str, str]]:
        """The lanes a person's step can lie in, with the office that works there."""
        return [(lane, f"{self.who(lane)} ({lane})") for lane in self.drawn_lanes]

    def who(self, lane: str) -> str:
        """Who works in a lane."""
        if lane in (SYSTEM_LANE, ""):
            return _("Automatisch")
        if lane == APPLICANT_LANE:
            return _("Antragstellende Person")
        office = self.lanes.get(lane, "")
        return self.offices.get(office, "") or _("Noch keine Stelle")

    def steps(self) -> list[Step]:
        """Every step in order: first what comes first, branch by branch, where they meet after them."""
        if self.definition is None:
            return []
        shown = [element for element in self._ordered(self.definition) if not self._is_joint(element)]
        hanging = [element for element in shown if element.attached_to]
        numbers = {
            element.id: number
            for number, element in enumerate((one for one in shown if not one.attached_to), start=1)
        }
        return [
            self._step(
                element,
                numbers[element.id],
                tuple(self._step(one, 0) for one in hanging if one.attached_to == element.id),
            )
            for element in shown
            if not element.attached_to
        ]

    def step(self, key: str) -> Step | None:
        """One step by its id."""
        every = [one for step in self.steps() for one in (step, *step.hanging)]
        return next((step for step in every if step.id == key), None)

    def _ordered(self, definition: Definition) -> list[Element]:
        """Each step before what follows it, except on the way back; steps nothing leads to come last."""
        found: list[str] = []
        seen: set[str] = set()
        starts = [element.id for element in definition.of_kind("startEvent") if not element.scope]
        # Without recursion: a process may be as long as it likes.
        for start in [*starts, *definition.elements]:
            pending = [(start, False)]
            later: list[str] = []
            while pending:
                key, is_done = pending.pop()
                if is_done:
                    later.append(key)
                elif key not in seen:
                    seen.add(key)
                    pending.append((key, True))
                    # The last pushed is looked at first and so comes last: the first way is read first.
                    pending += [(one, False) for one in self._after(definition, key) if one not in seen]
            found += reversed(later)
        return [definition.elements[key] for key in found]

    def _after(self, definition: Definition, key: str) -> list[str]:
        inside = [one.id for one in definition.of_kind("startEvent") if one.scope == key and key]
        hanging = [one.id for one in definition.of_kind("boundaryEvent") if one.attached_to == key]
        return [*inside, *(flow.target for flow in definition.flows if flow.source == key), *hanging]

    def _is_joint(self, element: Element) -> bool:
        """Whether it only brings ways together: people read on with what follows."""
        return element.kind == "exclusiveGateway" and len(self._leaving(element.id)) <= 1

    def _leaving(self, key: str) -> list[Flow]:
        return [flow for flow in self.definition.flows if flow.source == key] if self.definition else []

    def _step(self, element: Element, number: int, hanging: tuple[Step, ...] = ()) -> Step:
        return Step(
            element.id,
            number,
            self.name(element),
            self._kind(element),
            "" if element.kind in GATEWAYS or element.attached_to else self.who(element.lane),
            tuple(self._says(element)),
            table := element.parameters.get("table", "") if element.operation == "decision" else "",
            table_title(self.opened.form, table) if table else "",
            # "Otherwise" is read after everything it is not.
            tuple(
                sorted(
                    (self._way(element, flow) for flow in self._leaving(element.id)),
                    key=lambda way: way.is_default,
                )
            ),
            hanging,
            self._depth(element),
        )

    def _depth(self, element: Element) -> int:
        depth, scope = 0, element.scope
        while scope:
            depth, scope = depth + 1, self.elements[scope].scope
        return depth

    def name(self, element: Element) -> str:
        """What people call a step, in the language of the page."""
        name = element.names.get(spoken_language()) or element.names["de"]
        return str(self._kind(element)) if name == element.id and element.kind in GATEWAYS else name

    def _kind(self, element: Element) -> str:
        if element.kind == "boundaryEvent":
            return _("Frist") if element.interrupting else _("Unterdessen")
        if element.kind == "userTask" and element.lane == APPLICANT_LANE:
            return _("Antragstellende sind dran")
        if element.operation in _OPERATIONS:
            return str(_OPERATIONS[element.operation])
        return str(_KINDS.get(element.kind, _("Automatischer Schritt")))

    def _says(self, element: Element) -> Iterator[str]:
        given = element.parameters
        if element.outcomes and element.kind == "userTask":
            labels = [
                f"„{one.labels.get(spoken_language()) or one.labels['de']}“" for one in element.outcomes
            ]
            yield _("Endet mit: %(outcomes)s") % {"outcomes": ", ".join(labels)}
        for other in element.four_eyes_after:
            yield _("Vier Augen: nicht dieselbe Person wie bei „%(step)s“.") % {"step": self._named(other)}
        if days := given.get("deadline_days"):
            yield _("Antwort innerhalb von: %(period)s") % {"period": period_words(Period(int(days), "D"))}
        if element.operation == "letter":
            template = given.get("template", "")
            text = _("Brief „%(name)s“, gesiegelt") if given.get("seal") == "true" else _("Brief „%(name)s“")
            yield text % {"name": template}
        if element.operation in ("decide", "close") and given.get("outcome"):
            yield _("Ergebnis: %(outcome)s") % {"outcome": given["outcome"]}
        if element.operation == "transmit":
            yield _("Empfänger: %(names)s") % {"names": given.get("only") or _("alle, die es betrifft")}
        if element.timer:
            yield self._timer_words(element)
        if element.attached_to:
            yield (
                _("Danach endet der Schritt, an dem sie hängt.")
                if element.interrupting
                else _("Der Schritt läuft dabei weiter.")
            )

    def _timer_words(self, element: Element) -> str:
        period = period_in(element.timer)
        if period is None:
            return _("Wann: %(timer)s") % {"timer": element.timer}
        if element.timer == str(period):
            return after_words(period)
        return _("%(period)s, wenn niemand eine andere Frist setzt") % {"period": after_words(period)}

    def _named(self, key: str) -> str:
        element = self.elements.get(key)
        return self.name(element) if element else key

    def _way(self, element: Element, flow: Flow) -> Way:
        target, passed = flow.target, {flow.target}
        while self._is_joint(self.elements[target]):
            following = self._leaving(target)
            if not following or following[0].target in passed:
                break
            target = following[0].target
            passed.add(target)
        words = self.told(flow.condition)
        return Way(
            flow.id,
            flow.condition,
            words or flow.condition,
            bool(flow.condition) and not words,
            element.default == flow.id,
            target,
            self._named(target),
        )

    def told(self, rule: str) -> str:
        """When a way is taken, in words; "" if there are none."""
        if not rule:
            return ""
        for value, text in self.known_conditions:
            if value == rule:
                return text
        try:
            tree = parse(rule)
        except UnreadableError:
            return ""
        parts = tree.parts if isinstance(tree, Chain) else (tree,)
        said = [self._part(part) for part in parts]
        if all(said):
            joint = _(" oder ") if isinstance(tree, Chain) and tree.sign == "||" else _(" und ")
            return joint.join(said)
        return self._of_answers(rule)

    def _part(self, tree: Tree) -> str:
        match tree:
            case Relation(Path(name), "==", Text(text)):
                rule = f"{name} == {quoted(text)}"
            case Relation(Path(name), "==", Word(value)):
                rule = f"{name} == {'true' if value else 'false'}"
            case _:
                return ""
        return dict(self.known_conditions).get(rule, "")

    def _of_answers(self, rule: str) -> str:
        """A condition that asks for answers only."""
        if any(name in rule for name in ("facts", "town", "case", "today")):
            return ""
        try:
            vocabulary = Conditions(self.opened).vocabulary(Place("seite", ""))
        except EditError:
            return ""
        condition = from_cel(rule.replace("answers.", ""), vocabulary)
        return clause(condition, vocabulary, spoken_language()) if condition else ""

    @cached_property
    def known_conditions(self) -> list[tuple[str, str]]:
        """Conditions of ways that can be chosen: how a person's step ended, what a table the process asks says."""
        if self.definition is None:
            return []
        found: dict[str, str] = {}
        language = spoken_language()
        for element in self.definition.of_kind("userTask"):
            for outcome in element.outcomes:
                found[f"facts.{element.id}.outcome == {quoted(outcome.value)}"] = _(
                    "bei „%(step)s“ wurde „%(outcome)s“ gewählt"
                ) % {
                    "step": self.name(element),
                    "outcome": outcome.labels.get(language) or outcome.labels["de"],
                }
        asked = dict.fromkeys(
            element.parameters.get("table", "")
            for element in self.definition.elements.values()
            if element.operation == "decision"
        )
        for name in asked:
            found.update(self._results(name))
        return list(found.items())

    def _results(self, name: str) -> Iterator[tuple[str, str]]:
        try:
            table = self.tables.table(name)
        except EditError:
            return
        for position, output in enumerate(table.outputs):
            for source in dict.fromkeys(rule.results[position].source for rule in table.rules):
                if LITERALS.fullmatch(source) or source in ("true", "false"):
                    yield (
                        f"facts.{name}.{output.name} == {source}",
                        _("„%(table)s“ sagt bei „%(column)s“: %(value)s")
                        % {
                            "table": table.name,
                            "column": output.label or output.name,
                            "value": text_of(source) or source,
                        },
                    )


def period_words(period: Period) -> str:
    """How long a period is."""
    count = period.amount
    words = {
        "H": ngettext("%(num)s Stunde", "%(num)s Stunden", count),
        "D": ngettext("%(num)s Tag", "%(num)s Tage", count),
        "W": ngettext("%(num)s Woche", "%(num)s Wochen", count),
        "M": ngettext("%(num)s Monat", "%(num)s Monate", count),
        "Y": ngettext("%(num)s Jahr", "%(num)s Jahre", count),
    }
    return words[period.unit] % {"num": count}


def after_words(period: Period) -> str:
    """When a period is over."""
    count = period.amount
    words = {
        "H": ngettext("Nach %(num)s Stunde", "Nach %(num)s Stunden", count),
        "D": ngettext("Nach %(num)s Tag", "Nach %(num)s Tagen", count),
        "W": ngettext("Nach %(num)s Woche", "Nach %(num)s Wochen", count),
        "M": ngettext("Nach %(num)s Monat", "Nach %(num)s Monaten", count),
        "Y": ngettext("Nach %(num)s Jahr", "Nach %(num)s Jahren", count),
    }
    return words[period.unit] % {"num": count}
