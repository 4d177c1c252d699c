"""Reading BPMN: what is understood, and what is refused with its line."""

from __future__ import annotations

import pytest

from rathaus.processes.definition import DefinitionError, read_definition
from tests.processes.drawing import drawn, flow, lane, machine, path, person, timer

SIMPLE = path("start", "do", "end")


def refused(xml: bytes) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        read_definition(xml)
    return caught.value


def test_operation_parameters_outcomes_lane_and_translations_are_read() -> None:
    task = person(
        "check",
        "accept",
        "reject!",
        extra='<rathaus:text lang="en">Check it</rathaus:text><rathaus:four-eyes after="other"/>',
    )
    letter = machine("letter", "letter", template="receipt", title="Bescheinigung")
    definition = read_definition(
        drawn(task, letter, path("start", "check", "letter", "end"), lanes=lane("sachbearbeitung", "check"))
    )
    check = definition.elements["check"]
    assert check.lane == "sachbearbeitung"
    assert check.names == {"de": "check", "en": "Check it"}
    assert [(outcome.value, outcome.requires_reason) for outcome in check.outcomes] == [
        ("accept", False),
        ("reject", True),
    ]
    assert check.four_eyes_after == ("other",)
    assert definition.elements["letter"].parameters == {"template": "receipt", "title": "Bescheinigung"}


def test_a_script_task_is_refused() -> None:
    script = '<bpmn:scriptTask id="do"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>\n'
    error = refused(drawn(script, SIMPLE))
    assert error.problems[0].line == 6
    assert "scriptTask" in error.problems[0].message


def test_conditions_in_another_language_are_refused() -> None:
    condition = flow("start", "end").replace(
        "></", '><bpmn:conditionExpression language="python">1</bpmn:conditionExpression></'
    )
    assert "CEL, not python" in str(refused(drawn(condition)))


@pytest.mark.parametrize(
    "inner",
    [
        "<bpmn:multiInstanceLoopCharacteristics/>",
        "<bpmn:standardLoopCharacteristics/>",
        "<bpmn:ioSpecification/>",
        "<bpmn:dataInputAssociation/>",
    ],
)
def test_what_would_be_evaluated_elsewhere_is_refused(inner: str) -> None:
    task = machine("do").replace("</bpmn:serviceTask>", f"{inner}</bpmn:serviceTask>")
    assert "not supported" in str(refused(drawn(task, SIMPLE)))


def test_events_other_than_timers_are_refused() -> None:
    event = '<bpmn:intermediateCatchEvent id="do"><bpmn:signalEventDefinition/></bpmn:intermediateCatchEvent>'
    assert "only timer events" in str(refused(drawn(event, SIMPLE)))


def test_timers_that_repeat_are_refused() -> None:
    cycle = timer("do", "R3/P1D").replace("timeDuration", "timeCycle")
    assert "repeat" in str(refused(drawn(cycle, SIMPLE)))


def test_entities_are_refused() -> None:
    xml = drawn(machine("do"), SIMPLE).replace(
        b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n', 1
    )
    assert "DOCTYPE" in str(refused(xml))


def test_all_problems_are_told_at_once() -> None:
    error = refused(drawn(machine("do"), machine("do"), flow("start", "nowhere"), flow("start", "nowhere")))
    assert [problem.rule for problem in error.problems].count("bpmn-id") == 2
    assert any("nowhere" in problem.message for problem in error.problems)


def test_a_flow_needs_an_id_of_its_own() -> None:
    error = refused(drawn(machine("do"), flow("start", "do", flow_id="a"), flow("do", "end", flow_id="a")))
    assert error.problems[0].rule == "bpmn-id"
