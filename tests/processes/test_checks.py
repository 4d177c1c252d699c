"""`rathaus service check` finds what would go wrong later, with its line."""

from __future__ import annotations

from functools import partial

import pytest

from rathaus.catalogue.package import load_package
from rathaus.processes.checks import check_process, unknown_offices
from tests.processes.drawing import drawn, flow, gateway, lane, machine, path, person, timer

DECIDE = machine("gut", "decide", outcome="bescheinigt")


def problems(files: dict[str, bytes], process: bytes) -> list[tuple[str, int, str]]:
    package = load_package({**files, "process.bpmn": process})
    return [(problem.rule, problem.line, problem.message) for problem in check_process(package)]


def rules(files: dict[str, bytes], process: bytes) -> list[str]:
    return [rule for rule, _line, _message in problems(files, process)]


def around(*parts: str, task: str = "do", lanes: str = "") -> bytes:
    return drawn(*parts, DECIDE, path("start", task, "gut", "end"), lanes=lanes)


def test_the_shipped_process_has_no_problems(service_files: dict[str, bytes]) -> None:
    assert check_process(load_package(service_files)) == []


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        (machine("do", "teleport"), "unknown-operation"),
        (machine("do", "letter", template="fehlt", title="x"), "operation-letter"),
        (machine("do", "letter", title="x"), "operation-letter"),
        (machine("do", "decision", table="fehlt"), "operation-decision"),
        (machine("do", "transmit", only="ihk mond"), "operation-transmit"),
        (machine("do", "facts", colour="red"), "operation-facts"),
        (machine("do", "notify"), "operation-notify"),
        (person("do", "ok"), "unknown-lane"),
        (machine("do-it"), "bpmn-id"),
    ],
)
def test_a_faulty_task_is_found_with_its_line(service_files: dict[str, bytes], part: str, rule: str) -> None:
    task = "do-it" if "do-it" in part else "do"
    found = problems(service_files, around(part, task=task))
    assert [(name, line) for name, line, _message in found] == [(rule, 6)]


def test_an_unknown_lane_is_found(service_files: dict[str, bytes]) -> None:
    process = around(person("do", "ok"), lanes=lane("mars", "do"))
    assert rules(service_files, process) == ["unknown-lane"]


def test_steps_of_people_need_outcomes_and_existing_first_eyes(service_files: dict[str, bytes]) -> None:
    in_lane = partial(around, lanes=lane("sachbearbeitung", "do"))
    assert rules(service_files, in_lane(person("do"))) == ["no-outcome"]
    eyes = person("do", "ok", extra='<rathaus:four-eyes after="nobody"/>')
    assert rules(service_files, in_lane(eyes)) == ["four-eyes"]


def test_a_misspelt_answer_in_a_condition_is_found_with_line_and_suggestion(
    service_files: dict[str, bytes],
) -> None:
    process = drawn(
        gateway("exclusive", "wahl", default="sonst"),
        DECIDE,
        path("start", "wahl"),
        flow("wahl", "gut", "\n\n answers.inhaber.vornahmen == 'X'"),
        flow("wahl", "gut", flow_id="sonst"),
        path("gut", "end"),
    )
    [(rule, line, message)] = problems(service_files, process)
    assert rule == "rule"
    assert process.decode().splitlines()[line - 1].strip().startswith("answers.inhaber.vornahmen")
    assert "vornamen" in message


def test_python_is_no_condition(service_files: dict[str, bytes]) -> None:
    process = drawn(
        gateway("exclusive", "wahl", default="sonst"),
        DECIDE,
        path("start", "wahl"),
        flow("wahl", "gut", "__import__('os').system('true') == 0"),
        flow("wahl", "gut", flow_id="sonst"),
        path("gut", "end"),
    )
    assert rules(service_files, process) == ["rule"]


def test_a_choice_needs_conditions_and_a_default(service_files: dict[str, bytes]) -> None:
    process = drawn(
        gateway("exclusive", "wahl"),
        DECIDE,
        path("start", "wahl"),
        flow("wahl", "gut", flow_id="a"),
        flow("wahl", "gut", "true", flow_id="b"),
        path("gut", "end"),
    )
    assert rules(service_files, process) == ["no-default", "condition"]


def test_unreachable_tasks_and_dead_ends_are_found(service_files: dict[str, bytes]) -> None:
    found = problems(service_files, around(machine("do"), machine("island")))
    assert {(rule, "island" in message) for rule, _line, message in found} == {
        ("unreachable", True),
        ("no-way-on", True),
    }


def test_every_end_needs_a_decision_before_it(service_files: dict[str, bytes]) -> None:
    assert rules(service_files, drawn(machine("do"), path("start", "do", "end"))) == ["no-decision"]


def test_reminders_may_end_without_a_decision(service_files: dict[str, bytes]) -> None:
    process = around(
        person("do", "ok"),
        timer("spaet", "P3D", on="do", interrupting=False),
        machine("erinnern", "notify", "sendTask", text="Bitte denken Sie daran."),
        '<bpmn:endEvent id="erinnert"/>\n',
        path("spaet", "erinnern", "erinnert"),
        lanes=lane("antragsteller", "do"),
    )
    assert rules(service_files, process) == []


def test_a_timer_expression_is_checked(service_files: dict[str, bytes]) -> None:
    process = around(timer("do", "answers.gibtesnicht"))
    assert rules(service_files, process) == ["rule"]


def test_offices_the_town_lacks_are_named(service_files: dict[str, bytes]) -> None:
    [problem] = unknown_offices(load_package(service_files), {"buergeramt"})
    assert problem.rule == "unknown-office"
    assert "gewerbe" in problem.message
