"""The neutral process of a draft, with its diagram: receive, check by a person, ask back, decide, write."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

CHECK = "antrag_pruefen"
LETTERS = ("bescheid", "ablehnung", "nachforderung")
_LANES = {"antragsteller": 60, "system": 260, "sachbearbeitung": 560}
_LANE_HEIGHT = {"antragsteller": 200, "system": 300, "sachbearbeitung": 200}
_SIZES = {
    "startEvent": (36, 36),
    "endEvent": (36, 36),
    "boundaryEvent": (36, 36),
    "exclusiveGateway": (50, 50),
}
_TASK = (120, 80)
_RIGHT = 1700
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
        "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
        "dc": "http://www.omg.org/spec/DD/20100524/DC",
        "di": "http://www.omg.org/spec/DD/20100524/DI",
        "rathaus": "urn:rathaus:bpmn:1",
    }.items()
)
_DOCUMENTATION = (
    "Entwurf: Eine Person prüft, fragt bei Bedarf nach und entscheidet. Passen Sie ihn an Ihre Leistung an."
)


@dataclass(frozen=True, slots=True)
class _Node:
    id: str
    kind: str
    lane: str
    x: int
    y: int  # middle, inside the lane
    name: str = ""
    english: str = ""
    inner: str = ""
    attributes: str = ""
    tail: str = ""

    @property
    def size(self) -> tuple[int, int]:
        return _SIZES.get(self.kind, _TASK)

    @property
    def box(self) -> tuple[int, int, int, int]:
        width, height = self.size
        return self.x, _LANES[self.lane] + self.y - height // 2, width, height


@dataclass(frozen=True, slots=True)
class _Flow:
    source: str
    target: str
    name: str = ""
    condition: str = ""
    id: str = field(default="")


def _letter(template: str, title: str, english: str, *, seal: bool) -> str:
    return (
        '<rathaus:operation name="letter">'
        f'<rathaus:parameter name="template" value="{template}"/>'
        f'<rathaus:parameter name="seal" value="{str(seal).lower()}"/>'
        f'<rathaus:parameter name="title" value="{escape(title)}"/>'
        f'<rathaus:parameter name="title_en" value="{escape(english)}"/>'
        "</rathaus:operation>"
    )


def _decide(outcome: str) -> str:
    return (
        '<rathaus:operation name="decide">'
        f'<rathaus:parameter name="outcome" value="{outcome}"/></rathaus:operation>'
    )


def _outcome(value: str, label: str, english: str, *, reason: bool = False) -> str:
    required = ' requires_reason="true"' if reason else ""
    return f'<rathaus:outcome value="{value}" label="{label}" label_en="{english}"{required}/>'


_CLOSE = '<rathaus:operation name="close"/>'
_DEADLINE = f"has(facts.{CHECK}.deadline) ? string(facts.{CHECK}.deadline) : 'P14D'"


def _nodes() -> list[_Node]:
    return [
        _Node("eingang", "startEvent", "system", 180, 150, "Eingegangen", "Received"),
        _Node(
            "fakten",
            "serviceTask",
            "system",
            260,
            150,
            "Daten abgleichen",
            "Compare data",
            '<rathaus:operation name="facts"/>',
        ),
        _Node("zusammen_pruefung", "exclusiveGateway", "sachbearbeitung", 420, 100),
        _Node(
            CHECK,
            "userTask",
            "sachbearbeitung",
            520,
            100,
            "Antrag prüfen",
            "Check the application",
            _outcome("stattgeben", "Dem Antrag stattgeben", "Grant the application")
            + _outcome(
                "nachfordern",
                "Angaben oder Unterlagen nachfordern",
                "Ask for information or documents",
                reason=True,
            )
            + _outcome("ablehnen", "Antrag ablehnen", "Reject the application", reason=True),
        ),
        _Node(
            "ergebnis",
            "exclusiveGateway",
            "sachbearbeitung",
            700,
            100,
            "Ergebnis?",
            "Result?",
            attributes=' default="ergebnis_bescheid"',
        ),
        _Node(
            "bescheid",
            "serviceTask",
            "system",
            820,
            80,
            "Bescheid erstellen",
            "Write the decision",
            _letter("bescheid", "Bescheid über Ihren Antrag", "Decision on your application", seal=True),
        ),
        _Node(
            "stattgegeben", "serviceTask", "system", 1000, 80, "Stattgeben", "Grant", _decide("stattgegeben")
        ),
        _Node(
            "abschluss", "serviceTask", "system", 1180, 80, "Vorgang abschließen", "Close the case", _CLOSE
        ),
        _Node("ende", "endEvent", "system", 1360, 80, "Stattgegeben", "Granted"),
        _Node(
            "ablehnung",
            "serviceTask",
            "system",
            820,
            220,
            "Ablehnung erstellen",
            "Write the rejection",
            _letter("ablehnung", "Ablehnung Ihres Antrags", "Rejection of your application", seal=True),
        ),
        _Node("abgelehnt", "serviceTask", "system", 1000, 220, "Ablehnen", "Reject", _decide("abgelehnt")),
        _Node(
            "abschluss_ablehnung",
            "serviceTask",
            "system",
            1180,
            220,
            "Vorgang abschließen",
            "Close the case",
            _CLOSE,
        ),
        _Node("ende_abgelehnt", "endEvent", "system", 1360, 220, "Abgelehnt", "Rejected"),
        _Node(
            "nachforderung",
            "serviceTask",
            "system",
            620,
            220,
            "Nachforderung erstellen",
            "Write the request",
            _letter(
                "nachforderung",
                "Bitte ergänzen Sie Ihren Antrag",
                "Please complete your application",
                seal=False,
            ),
        ),
        _Node(
            "angaben_ergaenzen",
            "userTask",
            "antragsteller",
            520,
            80,
            "Angaben ergänzen",
            "Complete your application",
            '<rathaus:parameter name="deadline_days" value="14"/>'
            + _outcome("ergaenzt", "Ergänzung absenden", "Send"),
        ),
        _Node(
            "erinnerung",
            "boundaryEvent",
            "antragsteller",
            600,
            120,
            "Nach 7 Tagen erinnern",
            "Remind after 7 days",
            attributes=' attachedToRef="angaben_ergaenzen" cancelActivity="false"',
            tail="<bpmn:timerEventDefinition><bpmn:timeDuration>P7D</bpmn:timeDuration></bpmn:timerEventDefinition>",
        ),
        _Node(
            "frist",
            "boundaryEvent",
            "antragsteller",
            505,
            120,
            "Frist abgelaufen",
            "Deadline passed",
            attributes=' attachedToRef="angaben_ergaenzen"',
            tail=f"<bpmn:timerEventDefinition><bpmn:timeDuration>{escape(_DEADLINE, quote=False)}"
            "</bpmn:timeDuration></bpmn:timerEventDefinition>",
        ),
        _Node(
            "erinnern",
            "sendTask",
            "antragsteller",
            740,
            120,
            "Erinnern",
            "Remind",
            '<rathaus:operation name="notify"><rathaus:parameter name="template" value="erinnerung"/>'
            "</rathaus:operation>",
        ),
        _Node("erinnert", "endEvent", "antragsteller", 920, 120, "Erinnert", "Reminded"),
    ]


_FLOWS = [
    _Flow("eingang", "fakten"),
    _Flow("fakten", "zusammen_pruefung"),
    _Flow("zusammen_pruefung", CHECK),
    _Flow(CHECK, "ergebnis"),
    _Flow("ergebnis", "bescheid", "stattgeben", id="ergebnis_bescheid"),
    _Flow("ergebnis", "nachforderung", "nachfordern", f"facts.{CHECK}.outcome == 'nachfordern'"),
    _Flow("ergebnis", "ablehnung", "ablehnen", f"facts.{CHECK}.outcome == 'ablehnen'"),
    _Flow("bescheid", "stattgegeben"),
    _Flow("stattgegeben", "abschluss"),
    _Flow("abschluss", "ende"),
    _Flow("ablehnung", "abgelehnt"),
    _Flow("abgelehnt", "abschluss_ablehnung"),
    _Flow("abschluss_ablehnung", "ende_abgelehnt"),
    _Flow("nachforderung", "angaben_ergaenzen"),
    _Flow("angaben_ergaenzen", "zusammen_pruefung"),
    _Flow("frist", "zusammen_pruefung"),
    _Flow("erinnerung", "erinnern"),
    _Flow("erinnern", "erinnert"),
]


def neutral_process(key: str, title: str) -> bytes:
    """process.bpmn of a draft. `key` is the service's key, `title` its German title."""
    nodes = _nodes()
    process_id = "".join(char if char.isalnum() and char.isascii() else "_" for char in key)
    process_id = process_id if process_id[:1].isalpha() else f"leistung_{process_id}"
    name = escape(title)
    lanes = "\n".join(_lane(lane, nodes) for lane in _LANES)
    elements = "\n".join(map(_element, nodes))
    flows = "\n".join(map(_flow, _FLOWS))
    diagram = "\n".join(
        [*map(_lane_shape, _LANES), *map(_shape, nodes), *(_edge(flow, nodes) for flow in _FLOWS)]
    )
    height = sum(_LANE_HEIGHT.values())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {_NAMESPACES} id="{process_id}_definitions" targetNamespace="urn:rathaus:services:{process_id}">
  <bpmn:collaboration id="zusammenarbeit">
    <bpmn:participant id="teilnehmer" name="{name}" processRef="{process_id}"/>
  </bpmn:collaboration>
  <bpmn:process id="{process_id}" name="{name}" isExecutable="true">
    <bpmn:documentation>{_DOCUMENTATION}</bpmn:documentation>
    <bpmn:laneSet id="bahnen">
{lanes}
    </bpmn:laneSet>
{elements}
{flows}
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagramm">
    <bpmndi:BPMNPlane id="ebene" bpmnElement="zusammenarbeit">
      <bpmndi:BPMNShape id="teilnehmer_di" bpmnElement="teilnehmer" isHorizontal="true">
        <dc:Bounds x="100" y="60" width="{_RIGHT - 100}" height="{height}"/>
      </bpmndi:BPMNShape>
{diagram}
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
""".encode()


def _lane(lane: str, nodes: list[_Node]) -> str:
    members = "".join(
        f"        <bpmn:flowNodeRef>{node.id}</bpmn:flowNodeRef>\n" for node in nodes if node.lane == lane
    )
    return f'      <bpmn:lane id="bahn_{lane}" name="{lane}">\n{members}      </bpmn:lane>'


def _element(node: _Node) -> str:
    name = f' name="{escape(node.name)}"' if node.name else ""
    english = f'<rathaus:text lang="en">{escape(node.english)}</rathaus:text>' if node.english else ""
    inner = f"{english}{node.inner}"
    extension = f"      <bpmn:extensionElements>{inner}</bpmn:extensionElements>\n" if inner else ""
    incoming = "".join(
        f"      <bpmn:incoming>{_id(flow)}</bpmn:incoming>\n" for flow in _FLOWS if flow.target == node.id
    )
    outgoing = "".join(
        f"      <bpmn:outgoing>{_id(flow)}</bpmn:outgoing>\n" for flow in _FLOWS if flow.source == node.id
    )
    tail = f"      {node.tail}\n" if node.tail else ""
    return (
        f'    <bpmn:{node.kind} id="{node.id}"{name}{node.attributes}>\n'
        f"{extension}{incoming}{outgoing}{tail}    </bpmn:{node.kind}>"
    )


def _id(flow: _Flow) -> str:
    return flow.id or f"{flow.source}_{flow.target}"


def _flow(flow: _Flow) -> str:
    name = f' name="{flow.name}"' if flow.name else ""
    start = (
        f'    <bpmn:sequenceFlow id="{_id(flow)}"{name} sourceRef="{flow.source}" targetRef="{flow.target}"'
    )
    if not flow.condition:
        return f"{start}/>"
    condition = escape(flow.condition, quote=False)
    return (
        f'{start}><bpmn:conditionExpression language="urn:cel">{condition}</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
    )


def _lane_shape(lane: str) -> str:
    return (
        f'      <bpmndi:BPMNShape id="bahn_{lane}_di" bpmnElement="bahn_{lane}" isHorizontal="true">'
        f'<dc:Bounds x="130" y="{_LANES[lane]}" width="{_RIGHT - 130}" height="{_LANE_HEIGHT[lane]}"/>'
        "</bpmndi:BPMNShape>"
    )


def _shape(node: _Node) -> str:
    x, y, width, height = node.box
    marker = ' isMarkerVisible="true"' if node.kind == "exclusiveGateway" else ""
    return (
        f'      <bpmndi:BPMNShape id="{node.id}_di" bpmnElement="{node.id}"{marker}>'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
    )


def _edge(flow: _Flow, nodes: list[_Node]) -> str:
    boxes = {node.id: node.box for node in nodes}
    points = _way(boxes[flow.source], boxes[flow.target])
    waypoints = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return (
        f'      <bpmndi:BPMNEdge id="{_id(flow)}_di" bpmnElement="{_id(flow)}">{waypoints}</bpmndi:BPMNEdge>'
    )


_Box = tuple[int, int, int, int]


def _way(source: _Box, target: _Box) -> list[tuple[int, int]]:
    """From the right of one to the left of the other; between lanes, from top or bottom, with one corner."""
    x, y, width, height = source
    to_x, to_y, to_width, to_height = target
    middle, to_middle = y + height // 2, to_y + to_height // 2
    if abs(middle - to_middle) < 10 and to_x > x:
        return [(x + width, middle), (to_x, to_middle)]
    start = (x + width // 2, y if to_middle < middle else y + height)
    if to_x > x + width // 2:
        return [start, (start[0], to_middle), (to_x, to_middle)]
    if to_x + to_width < x + width // 2:
        return [start, (start[0], to_middle), (to_x + to_width, to_middle)]
    return [start, (start[0], to_y if to_middle > middle else to_y + to_height)]
