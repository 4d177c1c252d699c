"""Reading a process definition: BPMN 2.0 with our extension elements, and nothing that could run code.

Only the elements listed here are understood; anything else (script tasks, messages, loops …) is refused with its
line, because an element that is silently ignored would be a process other than the one drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rathaus.said import said
from rathaus.standards.safe_xml import Limits, Node, XmlError, read_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
RATHAUS = "urn:rathaus:bpmn:1"
APPLICANT_LANE = "antragsteller"

MACHINE_TASKS = frozenset(["serviceTask", "businessRuleTask", "sendTask"])
GATEWAYS = frozenset(["exclusiveGateway", "parallelGateway", "inclusiveGateway"])
CHOOSING_GATEWAYS = frozenset(["exclusiveGateway", "inclusiveGateway"])
FLOW_NODES = (
    MACHINE_TASKS
    | GATEWAYS
    | {"startEvent", "endEvent", "userTask", "intermediateCatchEvent", "boundaryEvent", "subProcess"}
)
_SILENT = frozenset(
    [
        "laneSet",
        "sequenceFlow",
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "textAnnotation",
        "association",
        "group",
    ]
)
_EVENT_DEFINITIONS = {
    "endEvent": frozenset(["terminateEventDefinition"]),
    "intermediateCatchEvent": frozenset(["timerEventDefinition"]),
    "boundaryEvent": frozenset(["timerEventDefinition"]),
}
_CEL_NAMES = frozenset(["", "urn:cel", "cel", "https://cel.dev"])
_LIMITS = Limits(bytes=5_000_000, depth=60, elements=100_000)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a process definition, with its line (0: the whole file) and how to mend it."""

    line: int
    rule: str
    message: str
    remedy: str = ""


class DefinitionError(ValueError):
    """The file is not a process we can run."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"line {problem.line}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a person may end a step."""

    value: str
    labels: Mapping[str, str]  # language → text on the button
    requires_reason: bool


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node of the process."""

    id: str
    kind: str  # local name of the BPMN element
    names: Mapping[str, str]  # language → name
    lane: str
    line: int
    scope: str  # id of the sub-process it lies in, "" at the top
    operation: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    four_eyes_after: tuple[str, ...] = ()  # ids of steps whose doer must not do this one
    timer: str = ""
    attached_to: str = ""  # of a boundary event
    interrupting: bool = True  # of a boundary event: whether it ends the task
    default: str = ""  # id of the flow taken when no condition holds

    def outcome(self, value: str) -> Outcome | None:
        """The outcome with this value."""
        return next((outcome for outcome in self.outcomes if outcome.value == value), None)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is CEL, "" for none, `line` where its text begins."""

    id: str
    source: str
    target: str
    condition: str
    line: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A process as it was drawn."""

    process: str  # id of the process
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """The elements of these kinds, in file order."""
        return (element for element in self.elements.values() if element.kind in kinds)


def read_definition(xml: bytes) -> Definition:
    """Read a BPMN file with exactly one process; raises `DefinitionError` with everything that is not understood."""
    try:
        root = read_xml(xml, drop=frozenset(["BPMNDiagram"]), limits=_LIMITS)
    except XmlError as error:
        raise DefinitionError([Problem(error.line, "bpmn-xml", error.message)]) from None
    if root.name != "definitions" or root.namespace != BPMN:
        raise DefinitionError([Problem(root.line, "bpmn-root", "the root must be <definitions> of BPMN 2.0")])
    processes = [node for node in root.all("process") if node.namespace == BPMN]
    if len(processes) != 1:
        message = said("the file must hold exactly one process, it holds %(count)s", count=len(processes))
        raise DefinitionError([Problem(root.line, "bpmn-one-process", message)])
    return _Reader().read(processes[0])


class _Reader:
    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._elements: dict[str, Element] = {}
        self._flows: list[Flow] = []

    def read(self, process: Node) -> Definition:
        if not process.attributes.get("id"):
            self._report(process, "bpmn-id", "the process needs an id")
        if process.attributes.get("isExecutable", "true") != "true":
            self._report(
                process, "bpmn-executable", "the process says isExecutable=false", "Remove the attribute."
            )
        lanes = dict(_lanes(process))
        self._read_scope(process, lanes, "")
        known = self._elements
        ids: set[str] = set()
        for flow in self._flows:
            if not flow.id or flow.id in ids or flow.id in known:
                self._problems.append(
                    Problem(
                        flow.line,
                        "bpmn-id",
                        said("the flow needs an id of its own, not %(flow)r", flow=flow.id),
                    )
                )
            ids.add(flow.id)
            for end in (flow.source, flow.target):
                if end not in known:
                    self._problems.append(
                        Problem(
                            flow.line,
                            "bpmn-flow",
                            said(
                                "the flow %(flow)s points to %(end)r, which is not there",
                                flow=flow.id,
                                end=end,
                            ),
                        )
                    )
        if self._problems:
            raise DefinitionError(sorted(self._problems, key=lambda problem: problem.line))
        return Definition(process.attributes["id"], self._elements, tuple(self._flows))

    def _report(self, node: Node, rule: str, message: str, remedy: str = "") -> None:
        self._problems.append(Problem(node.line, rule, message, remedy))

    def _read_scope(self, scope: Node, lanes: Mapping[str, str], scope_id: str) -> None:
        for node in scope.children:
            if node.namespace != BPMN:
                self._report(
                    node,
                    "bpmn-element",
                    said("<%(node)s> does not belong into a process", node=node.name),
                )
            elif node.name == "sequenceFlow":
                self._read_flow(node)
            elif node.name in FLOW_NODES:
                self._read_element(node, lanes, scope_id)
            elif node.name not in _SILENT:
                self._report(
                    node,
                    "bpmn-element",
                    said("<%(node)s> is not supported", node=node.name),
                    said("Supported are %(known)s.", known=_listed(FLOW_NODES)),
                )

    def _read_flow(self, node: Node) -> None:
        condition = node.first("conditionExpression")
        text, line = "", node.line
        if condition is not None:
            if condition.attributes.get("language", "") not in _CEL_NAMES:
                language = condition.attributes["language"]
                self._report(
                    condition,
                    "bpmn-language",
                    said("conditions are CEL, not %(language)s", language=language),
                )
            text = condition.text.strip()
            line = condition.line + _leading_lines(condition.text)
        given = node.attributes
        self._flows.append(
            Flow(given.get("id", ""), given.get("sourceRef", ""), given.get("targetRef", ""), text, line)
        )

    def _read_element(self, node: Node, lanes: Mapping[str, str], scope: str) -> None:
        element_id = node.attributes.get("id", "")
        if not element_id or element_id in self._elements:
            self._report(
                node,
                "bpmn-id",
                said(
                    "<%(node)s> needs an id of its own, not %(element)r",
                    node=node.name,
                    element=element_id,
                ),
            )
            return
        extensions = node.first("extensionElements")
        own = [child for child in extensions.children if child.namespace == RATHAUS] if extensions else []
        operations = [child for child in own if child.name == "operation"]
        if len(operations) > 1:
            self._report(operations[1], "bpmn-operation", "a task does one operation", "Draw two tasks.")
        lane = lanes.get(element_id) or lanes.get(scope, "")
        self._elements[element_id] = Element(
            id=element_id,
            kind=node.name,
            names=_names(node, own),
            lane=lane,
            line=node.line,
            scope=scope,
            operation=operations[0].attributes.get("name", "") if operations else "",
            parameters=self._parameters([*own, *(operations[0].children if operations else [])]),
            outcomes=tuple(_outcome(child) for child in own if child.name == "outcome"),
            four_eyes_after=tuple(
                child.attributes.get("after", "") for child in own if child.name in ("four-eyes", "fourEyes")
            ),
            timer=self._timer(node),
            attached_to=node.attributes.get("attachedToRef", ""),
            interrupting=node.attributes.get("cancelActivity", "true") == "true",
            default=node.attributes.get("default", ""),
        )
        for child in own:
            if child.name not in ("operation", "parameter", "outcome", "text", "four-eyes", "fourEyes"):
                self._report(
                    child,
                    "bpmn-extension",
                    said("<rathaus:%(child)s> is not known", child=child.name),
                )
        if node.name == "subProcess":
            if node.attributes.get("triggeredByEvent") == "true":
                self._report(node, "bpmn-element", "sub-processes started by events are not supported")
            self._read_scope(node, {**lanes, element_id: lane}, element_id)
        else:
            self._refuse_unknown_children(node)

    def _parameters(self, nodes: list[Node]) -> dict[str, str]:
        parameters: dict[str, str] = {}
        for node in nodes:
            if node.name != "parameter":
                continue
            name = node.attributes.get("name", "")
            if not name or name in parameters:
                self._report(
                    node,
                    "bpmn-parameter",
                    said("a parameter needs a name of its own, not %(name)r", name=name),
                )
            parameters[name] = node.attributes.get("value", node.text.strip())
        return parameters

    def _timer(self, node: Node) -> str:
        definition = node.first("timerEventDefinition")
        if definition is None:
            if node.name in ("intermediateCatchEvent", "boundaryEvent"):
                self._report(node, "bpmn-timer", "only timer events can be waited for")
            return ""
        if definition.first("timeCycle"):
            self._report(
                definition, "bpmn-timer", "timers that repeat are not supported", "Draw one timer each."
            )
            return ""
        text = definition.text_of("timeDuration") or definition.text_of("timeDate")
        if not text:
            self._report(definition, "bpmn-timer", "the timer says neither duration nor date")
        return text

    def _refuse_unknown_children(self, node: Node) -> None:
        allowed = _SILENT | _EVENT_DEFINITIONS.get(node.name, frozenset())
        for child in node.children:
            if child.namespace == BPMN and child.name not in allowed:
                self._report(
                    child,
                    "bpmn-element",
                    said(
                        "<%(child)s> in <%(node)s> is not supported",
                        child=child.name,
                        node=node.name,
                    ),
                )


def _lanes(process: Node) -> Iterator[tuple[str, str]]:
    """(id of a flow node, name of its innermost lane)."""
    pending = [lane for lane_set in process.all("laneSet") for lane in lane_set.all("lane")]
    while pending:
        lane = pending.pop(0)
        name = lane.attributes.get("name") or lane.attributes.get("id", "")
        for reference in lane.all("flowNodeRef"):
            yield reference.text.strip(), name
        pending += [inner for child in lane.all("childLaneSet") for inner in child.all("lane")]


def _names(node: Node, extensions: list[Node]) -> dict[str, str]:
    names = {"de": " ".join(node.attributes.get("name", node.attributes["id"]).split())}
    for extension in extensions:
        if extension.name == "text":
            names[extension.attributes.get("lang", "")] = extension.text.strip()
    return names


def _outcome(node: Node) -> Outcome:
    labels = {"de": node.attributes.get("label") or node.attributes.get("value", "")}
    for name, value in node.attributes.items():
        if name.startswith("label_"):
            labels[name.removeprefix("label_")] = value
    requires_reason = node.attributes.get("requires_reason", "false") == "true"
    return Outcome(node.attributes.get("value", ""), labels, requires_reason)


def _leading_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))
