"""A fee added to a drafted service: a package that passes its check, whose examples show the fee."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from rathaus.drafting import draft_empty
from rathaus.editing import AddDecisionRow, AddFeeRule, EditError, Files
from rathaus.editing.fees import APPROVE, FEE
from rathaus.processes.definition import read_definition
from rathaus.processes.publishing import check_files
from rathaus.standards.safe_xml import Node, read_xml
from tests.drafting.schemata import DATA, TODAY, drafted
from tests.standards.shared_data import needs_shared_data

SETTING = "kindertagespflege.gebuehr"
RULE = AddFeeRule(SETTING, "§ 3 NVwKostG", "stattgegeben", "sachbearbeitung")


def faults(files: Files) -> list[str]:
    """What speaks against publishing."""
    return [str(problem) for problem in check_files(files)[1] if problem.level != "warning"]


@pytest.fixture
def imported() -> Files:
    return drafted(DATA / "3.0.0/S05000001299.xdf.xml").files


@needs_shared_data
def test_a_fee_is_added_to_a_real_draft_and_depends_on_an_answer(imported: Files) -> None:
    assert faults(imported) == []
    question = _choice(imported)
    files = AddFeeRule(
        SETTING, "§ 3 NVwKostG", "stattgegeben", "sachbearbeitung", (("Frage", f"answers.{question}"),)
    ).apply(imported)
    assert faults(files) == []
    cells = ("'nirgends'",), ("'kindertagespflege.ermaessigt'", "1", "'§ 4'")
    files = AddDecisionRow(FEE, "gebuehr_1", *cells, before="gebuehr_sonst").apply(files)
    assert faults(files) == []
    examples = [tomllib.loads(files[name].decode()) for name in files if name.startswith("examples/")]
    assert {example["expect"]["fee"] for example in examples} == {SETTING}
    # Where a row holds, the example's fee is another one: the check says so.
    files = AddDecisionRow(FEE, "gebuehr_2", ("-",), cells[1], before="gebuehr_1").apply(files)
    assert any("kindertagespflege.ermaessigt" in fault for fault in faults(files))


def _choice(files: Files) -> str:
    package = check_files(files)[0]
    assert package is not None
    return next(
        node.address
        for node in package.tree.root.fields()
        if node.scope is package.tree.root and not node.is_file and node.datatype.name.startswith("TEXT")
    )


def test_a_fee_is_added_to_an_empty_draft_once() -> None:
    files = draft_empty("Angelschein", key="angelschein", office="buergerservice", today=TODAY).files
    changed = RULE.apply(files)
    assert faults(changed) == []
    service = tomllib.loads(changed["service.toml"].decode())
    assert service["fee"]["decision"] == FEE
    assert "gebuehrenbescheid" in service["remedy"]["town"]["letters"]
    assert "gebuehrenbescheid" in service["notice"]["letters"]
    with pytest.raises(EditError, match="schon eine Gebührenregel"):
        RULE.apply(changed)
    with pytest.raises(EditError, match="nichts einfügen"):
        AddFeeRule("x", "§ 1", "ergebnis", "sachbearbeitung").apply(files)


@needs_shared_data
def test_the_steps_of_a_fee_come_between_decision_and_close_in_their_lanes(imported: Files) -> None:
    elements = read_definition(RULE.apply(imported)["process.bpmn"])
    following = {flow.source: flow.target for flow in elements.flows}
    assert (following["stattgegeben"], following[FEE]) == (FEE, APPROVE)
    assert following["zusammen_gebuehr"] == "abschluss"
    assert elements.elements[APPROVE].lane == "sachbearbeitung"
    assert elements.elements[FEE].lane == "system"


@needs_shared_data
def test_the_diagram_shows_every_step_in_its_lane_and_none_on_top_of_another(imported: Files) -> None:
    content = RULE.apply(imported)["process.bpmn"]
    definition = read_definition(content)
    boxes = dict(_boxes(read_xml(content)))
    lanes = {name.removeprefix("bahn_"): box for name, box in boxes.items() if name.startswith("bahn_")}
    drawn = {name: box for name, box in boxes.items() if name in definition.elements}
    assert drawn.keys() == definition.elements.keys()
    for name, (x, y, width, height) in drawn.items():
        left, top, wide, high = lanes[definition.elements[name].lane]
        assert left <= x, name
        assert x + width <= left + wide, name
        assert top <= y + height / 2 <= top + high, name
    tasks = [(n, b) for n, b in drawn.items() if definition.elements[n].kind != "boundaryEvent"]
    for number, (name, one) in enumerate(tasks):
        for other_name, other in tasks[number + 1 :]:
            assert not _overlap(one, other), (name, other_name)
    edges = set(re.findall(r'BPMNEdge id="[^"]+" bpmnElement="([^"]+)"', content.decode()))
    assert edges == {flow.id for flow in definition.flows}


Box = tuple[float, float, float, float]


def _boxes(root: Node) -> Iterator[tuple[str, Box]]:
    for node in root.children:
        bounds = node.first("Bounds")
        if node.name == "BPMNShape" and bounds is not None:
            x, y, width, height = (float(bounds.attributes[key]) for key in ("x", "y", "width", "height"))
            yield node.attributes["bpmnElement"], (x, y, width, height)
        yield from _boxes(node)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
