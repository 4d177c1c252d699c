"""Edits of the process step by step: what a step is called, who does it, how long it waits, and when a way is taken.

Each changes the diagram (`process.bpmn`) where it says so, and leaves every other byte as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal

from rathaus.editing.decisions import table_file
from rathaus.editing.diagram import PROCESS, Drawn, NewFlow, NewStep
from rathaus.editing.edit import Edit, Files, stored, with_file
from rathaus.editing.form import SOURCE
from rathaus.editing.parts import SetServiceValue
from rathaus.editing.spans import Span
from rathaus.editing.words import EditError, Words, gettext_noop, named

NewKind = Literal["person", "decision", "letter"]
Unit = Literal["H", "D", "W", "M", "Y"]
_PERIOD = re.compile(r"P(?:T(?P<hours>\d+)H|(?P<amount>\d+)(?P<unit>[DWMY]))")
_LANE = re.compile(r"[a-z][a-z0-9_]{0,40}")
_NAMED = ("letters/", "decisions/", "service.toml", PROCESS)


@dataclass(frozen=True, slots=True)
class Period:
    """How long a timer waits: a number of hours, days, weeks, months or years."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"PT{self.amount}H" if self.unit == "H" else f"P{self.amount}{self.unit}"


def period_in(timer: str) -> Period | None:
    """The one period a timer names: alone, or in quotes in an expression; None if there is none or several."""
    found = [match for match in _PERIOD.finditer(timer) if _stands_alone(timer, match)]
    if len(found) != 1:
        return None
    hours = found[0]["hours"]
    if hours:
        return Period(int(hours), "H")
    unit: dict[str, Unit] = {"D": "D", "W": "W", "M": "M", "Y": "Y"}
    return Period(int(found[0]["amount"]), unit[found[0]["unit"]])


def with_period(timer: str, period: Period) -> str:
    """The timer with another period in place of the one `period_in` finds."""
    found = next(match for match in _PERIOD.finditer(timer) if _stands_alone(timer, match))
    return timer[: found.start()] + str(period) + timer[found.end() :]


def _stands_alone(timer: str, match: re.Match[str]) -> bool:
    around = timer[: match.start()][-1:], timer[match.end() :][:1]
    return around in (("", ""), ("'", "'"), ('"', '"'))


def drawn(files: Files) -> Drawn:
    """The process of a package, to be read or changed. Raises `EditError`."""
    return Drawn(files.get(PROCESS, b""))


def step_name(files: Files, step: str) -> str:
    """What people call a step; its id if it has no name, is gone, or the process cannot be read."""
    try:
        found = drawn(files).by_id.get(step)
    except EditError:
        return step
    return (" ".join(found.attributes.get("name", "").split()) if found else "") or step


def ends_of(files: Files, way: str) -> tuple[str, str] | None:
    """The steps a way leads from and to; None if it is gone."""
    try:
        found = drawn(files).by_id.get(way)
    except EditError:
        return None
    if found is None or found.name != "sequenceFlow":
        return None
    return found.attributes.get("sourceRef", ""), found.attributes.get("targetRef", "")


def way_name(files: Files, way: str) -> str:
    """A way as the steps it joins; its id if it is gone."""
    ends = ends_of(files, way)
    return " → ".join(step_name(files, end) for end in ends) if ends else way


def text_at(files: Files, place: str) -> str:
    """What stands at a place of the process (`step:…`, `way:…`, `lane:…`, `drawing:…`), as people can read it."""
    kind, _, rest = place.partition(":")
    rest, _, language = rest.partition("@")
    name, _, key = rest.partition("/")
    try:
        process = drawn(files)
    except EditError:
        return ""
    if kind == "drawing":
        shape = process.shapes.get(name)
        return process.document.text(shape) if shape else ""
    element = process.by_id.get(name)
    if element is None:
        return (
            name if kind == "lane" and name in (lane.attributes.get("name") for lane in process.lanes) else ""
        )
    if kind == "way":
        condition = element.first("conditionExpression")
        if key == "condition":
            return _plain(process, condition) if condition else ""
        return element.attributes.get("name", "")
    if key == "timer":
        timer = _timer(element)
        return _plain(process, timer) if timer else ""
    if key == "deadline":
        parameter = _parameter(element, "deadline_days")
        return parameter.attributes.get("value", "") if parameter else ""
    if key == "lane":
        return process.lane_of(name)
    if key.startswith("outcome/"):
        found = _outcome(element, key.removeprefix("outcome/"))
        return found.attributes.get(_label(language or SOURCE), "") if found else ""
    if language:
        text = _translation(element, language)
        return _plain(process, text) if text else ""
    return element.attributes.get("name", name)


@dataclass(frozen=True, slots=True)
class _OfStep(Edit):
    """An edit of one step of the process."""

    step: str

    def _step(self, process: Drawn) -> Span:
        found = process.by_id.get(self.step)
        if found is None or found.name in ("sequenceFlow", "lane"):
            raise EditError(gettext_noop("Der Ablauf hat keinen Schritt „%(step)s“ (mehr)."), step=self.step)
        return found


@stored
@dataclass(frozen=True, slots=True)
class SetStepName(_OfStep):
    """What a step is called, in one language."""

    language: str
    name: str

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        step = self._step(process)
        name = " ".join(self.name.split())
        if not name:
            raise EditError(gettext_noop("Geben Sie dem Schritt einen Namen."))
        if self.language == SOURCE:
            process.document.set_attribute(step, "name", name)
        elif (text := _translation(step, self.language)) is not None:
            process.document.set_text(text, name)
        else:
            process.into_extensions(
                step, f'<{{r}}:text lang="{escape(self.language)}">{_literal(name)}</{{r}}:text>'
            )
        return with_file(files, PROCESS, process.document.write())

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.step}/name{_at(self.language)}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Schritt „%(step)s“ heißt jetzt „%(name)s“ (%(language)s)"),
            {"step": self.step, "name": self.name, "language": named(self.language)},
        )


@stored
@dataclass(frozen=True, slots=True)
class SetStepLane(_OfStep):
    """Who does a step: the lane it lies in."""

    lane: str

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        self._step(process)
        if process.lane_of(self.step) == self.lane:
            return files
        return with_file(files, PROCESS, process.move_to_lane(self.step, self.lane))

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.step}/lane"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Schritt „%(step)s“ liegt jetzt in der Bahn „%(lane)s“"),
            {"step": self.step, "lane": self.lane},
        )


@stored
@dataclass(frozen=True, slots=True)
class SetStepTimer(_OfStep):
    """When a timer is due: a date, a period (ISO 8601) or an expression that gives one."""

    timer: str

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        found = _timer(self._step(process))
        if found is None:
            raise EditError(gettext_noop("An diesem Schritt hängt keine Frist."))
        if not self.timer.strip():
            raise EditError(gettext_noop("Sagen Sie, wie lange gewartet wird."))
        process.document.set_text(found, self.timer.strip())
        return with_file(files, PROCESS, process.document.write())

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.step}/timer"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Frist „%(step)s“ geändert in %(timer)s"), {"step": self.step, "timer": self.timer}
        )


@stored
@dataclass(frozen=True, slots=True)
class SetStepDeadline(_OfStep):
    """How many days an applicant has to answer, if the person who asks does not say."""

    days: int

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        step = self._step(process)
        if self.days < 1:
            raise EditError(gettext_noop("Geben Sie die Frist als Zahl von Tagen an, mindestens 1."))
        if (parameter := _parameter(step, "deadline_days")) is not None:
            process.document.set_attribute(parameter, "value", str(self.days))
        else:
            process.into_extensions(step, f'<{{r}}:parameter name="deadline_days" value="{self.days}"/>')
        return with_file(files, PROCESS, process.document.write())

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.step}/deadline"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Frist bei „%(step)s“: %(days)s Tage"), {"step": self.step, "days": self.days}
        )


@stored
@dataclass(frozen=True, slots=True)
class SetOutcomeLabel(_OfStep):
    """What stands on the button that ends a step in one way."""

    outcome: str
    language: str
    label: str

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        found = _outcome(self._step(process), self.outcome)
        if found is None:
            raise EditError(
                gettext_noop("Der Schritt „%(step)s“ hat kein Ergebnis „%(outcome)s“ (mehr)."),
                step=self.step,
                outcome=self.outcome,
            )
        label = " ".join(self.label.split())
        if not label:
            raise EditError(gettext_noop("Jedes Ergebnis braucht einen Namen auf Deutsch und Englisch."))
        process.document.set_attribute(found, _label(self.language), label)
        return with_file(files, PROCESS, process.document.write())

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.step}/outcome/{self.outcome}{_at(self.language)}"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Schritt „%(step)s“: Ein Ergebnis heißt jetzt „%(label)s“ (%(language)s)"),
            {"step": self.step, "label": self.label, "language": named(self.language)},
        )


@stored
@dataclass(frozen=True, slots=True)
class SetWayCondition(Edit):
    """When a way that leaves a choice is taken (CEL)."""

    way: str
    rule: str

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        way = process.by_id.get(self.way)
        if way is None or way.name != "sequenceFlow":
            raise EditError(gettext_noop("Diesen Weg gibt es im Ablauf nicht (mehr)."))
        condition = way.first("conditionExpression")
        if condition is None or not self.rule.strip():
            raise EditError(
                gettext_noop("Sagen Sie, wann es diesen Weg nimmt. „Sonst“ ist immer ein anderer.")
            )
        process.document.set_text(condition, self.rule.strip())
        return with_file(files, PROCESS, process.document.write())

    def places(self) -> frozenset[str]:
        return frozenset({f"way:{self.way}/condition"})

    def words(self) -> Words:
        return Words(
            gettext_noop("Wann es den Weg „%(way)s“ nimmt: %(rule)s"), {"way": self.way, "rule": self.rule}
        )


@stored
@dataclass(frozen=True, slots=True)
class AddStep(Edit):
    """A new step on a way between two others: a person's, a question to a decision table, or a letter."""

    way: str
    id: str
    kind: NewKind
    name: str
    english: str
    lane: str = ""  # of a person's step
    what: str = ""  # table or letter

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        way = process.by_id.get(self.way)
        if way is None or way.name != "sequenceFlow":
            raise EditError(gettext_noop("Diesen Weg gibt es im Ablauf nicht (mehr)."))
        name, english = (" ".join(text.split()) for text in (self.name, self.english))
        if not name or not english:
            raise EditError(gettext_noop("Geben Sie dem Schritt einen Namen auf Deutsch und auf Englisch."))
        kind, inner = _made(files, self.kind, name, english, self.what)
        step = NewStep(self.id, kind, name, english, 0, self.lane if kind == "userTask" else "", inner)
        flow = NewFlow(process.unlike(f"{self.id}_weiter"), self.id, "")
        return with_file(files, PROCESS, process.insert_on(way, (step,), (flow,)))

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.id}", f"way:{self.way}/end"})

    def words(self) -> Words:
        return Words(gettext_noop("Neuer Schritt „%(name)s“ im Ablauf"), {"name": self.name})


def _made(files: Files, kind: NewKind, name: str, english: str, what: str) -> tuple[str, str]:
    """The element of a new step and what it holds. Raises `EditError`."""
    if kind == "person":
        return "userTask", '<{r}:outcome value="erledigt" label="Erledigt" label_en="Done"/>'
    if kind == "decision":
        if table_file(what) not in files:
            raise EditError(gettext_noop("Wählen Sie die Tabelle, die der Schritt fragt."))
        return "businessRuleTask", _operation("decision", {"table": what})
    if f"letters/{what}.typ" not in files:
        raise EditError(gettext_noop("Wählen Sie den Brief, den der Schritt erstellt."))
    titles = {"title": name, "title_en": english}
    return "serviceTask", _operation("letter", {"template": what, "seal": "true", **titles})


def _operation(name: str, parameters: Mapping[str, str]) -> str:
    inner = "".join(
        f'<{{r}}:parameter name="{key}" value="{_literal(value)}"/>' for key, value in parameters.items()
    )
    return f'<{{r}}:operation name="{name}">{inner}</{{r}}:operation>'


@stored
@dataclass(frozen=True, slots=True)
class RemoveStep(_OfStep):
    """Take a step out: what led to it leads to the next. Refused while a rule or letter still names it."""

    def apply(self, files: Files) -> Files:
        process = drawn(files)
        self._step(process)
        users = sorted({file for name in _known_as(process, self.step) for file in _users(files, name)})
        if users:
            raise EditError(
                gettext_noop("Der Schritt wird noch gebraucht in: %(files)s. Ändern Sie zuerst das."),
                files=", ".join(users),
            )
        return with_file(files, PROCESS, process.remove(self.step))

    def places(self) -> frozenset[str]:
        return frozenset({f"step:{self.step}"})

    def words(self) -> Words:
        return Words(gettext_noop("Schritt „%(step)s“ aus dem Ablauf genommen"), {"step": self.step})


def _known_as(process: Drawn, step: str) -> Iterator[str]:
    """The names under which rules know what a step found out: its own, and that of a table only this step asks."""
    yield step
    asked = [(key, table) for key, element in process.by_id.items() for table in _tables(element)]
    yield from (
        table for key, table in asked if key == step and sum(other == table for _, other in asked) == 1
    )


def _tables(step: Span) -> Iterator[str]:
    for operation in _in_extensions(step, "operation"):
        if operation.attributes.get("name") == "decision":
            yield from (
                one.attributes.get("value", "")
                for one in operation.all("parameter")
                if one.attributes.get("name") == "table"
            )


def _users(files: Files, step: str) -> Iterator[str]:
    """The files that name a step, or what it found out."""
    fact = re.compile(
        rf"""\bfacts\.{re.escape(step)}\b|facts\.at\("{re.escape(step)}"|after="{re.escape(step)}\""""
    )
    quoted = f'"{step}"'
    for name, content in files.items():
        if name.startswith(_NAMED) and (
            fact.search(text := content.decode("utf-8", "replace"))
            or (name == "service.toml" and quoted in text)
        ):
            yield name


@stored
@dataclass(frozen=True, slots=True)
class AddLane(Edit):
    """A lane for one more office that takes part. Steps are put into it afterwards."""

    lane: str
    office: str

    def apply(self, files: Files) -> Files:
        if not _LANE.fullmatch(self.lane) or not self.office:
            raise EditError(
                gettext_noop(
                    "Eine Bahn braucht einen Namen aus kleinen Buchstaben und eine Stelle der Stadt."
                )
            )
        changed = with_file(files, PROCESS, drawn(files).add_lane(self.lane))
        return SetServiceValue(f"lanes.{self.lane}", self.office).apply(changed)

    def places(self) -> frozenset[str]:
        return frozenset({f"service:lanes/{self.lane}", f"lane:{self.lane}"})

    def words(self) -> Words:
        return Words(gettext_noop("Neue Bahn „%(lane)s“ im Ablauf"), {"lane": self.lane})


def _at(language: str) -> str:
    return "" if language == SOURCE else f"@{language}"


def _label(language: str) -> str:
    return "label" if language == SOURCE else f"label_{language}"


def _literal(text: str) -> str:
    """A text as it stands in an element or attribute; braces of `{r}` cannot be meant."""
    return escape(text).replace("{r}", "")


def _plain(process: Drawn, span: Span) -> str:
    """The text of an element as it was typed."""
    text = process.text_in(span)
    if text.startswith("<![CDATA["):
        return text.removeprefix("<![CDATA[").removesuffix("]]>").strip()
    return unescape(text)


def _in_extensions(step: Span, name: str) -> Iterator[Span]:
    extensions = step.first("extensionElements")
    return extensions.all(name) if extensions else iter(())


def _translation(step: Span, language: str) -> Span | None:
    return next((one for one in _in_extensions(step, "text") if one.attributes.get("lang") == language), None)


def _outcome(step: Span, value: str) -> Span | None:
    return next(
        (one for one in _in_extensions(step, "outcome") if one.attributes.get("value") == value), None
    )


def _parameter(step: Span, name: str) -> Span | None:
    return next(
        (one for one in _in_extensions(step, "parameter") if one.attributes.get("name") == name), None
    )


def _timer(step: Span) -> Span | None:
    definition = step.first("timerEventDefinition")
    return (definition.first("timeDuration") or definition.first("timeDate")) if definition else None
