"""A drawn process comes back into its file: what says the same stays byte for byte, what was drawn is all there."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from rathaus.catalogue.packing import read_folder
from rathaus.editing import AddLane, AddStep, Edit, EditError, Files, RemoveStep, SetStepLane, SetWayCondition
from rathaus.editing.redrawing import grafted, redraw
from rathaus.standards.safe_xml import Node, read_xml

FILES = read_folder(Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung")
BEFORE = FILES["process.bpmn"]
WAY = "ergebnis_nachfordern"


_SPACES = {
    "http://www.omg.org/spec/BPMN/20100524/MODEL": "bpmn",
    "http://www.omg.org/spec/BPMN/20100524/DI": "bpmndi",
    "http://www.omg.org/spec/DD/20100524/DC": "dc",
    "http://www.omg.org/spec/DD/20100524/DI": "di",
    "urn:rathaus:bpmn:1": "rathaus",
}


def rewritten(content: bytes) -> str:
    """The same file as a drawing program writes it: other blanks, other order of attributes, no comments."""

    def lines(node: Node, depth: int) -> str:
        tag = f"{_SPACES[node.namespace]}:{node.name}"
        inner = "".join(lines(child, depth + 1) for child in node.children)
        given = "".join(f' {key}="{escape(value)}"' for key, value in reversed(list(node.attributes.items())))
        spaces = "" if depth else "".join(f' xmlns:{short}="{uri}"' for uri, short in _SPACES.items())
        return f"\n{' ' * depth}<{tag}{given}{spaces}>{escape(node.text.strip(), quote=False)}{inner}</{tag}>"

    return '<?xml version="1.0" encoding="UTF-8"?>' + lines(read_xml(content), 0)


def made(edit: Edit) -> Files:
    return edit.apply(FILES)


def test_a_file_that_says_the_same_is_no_change() -> None:
    assert rewritten(BEFORE).encode() != BEFORE
    assert grafted(BEFORE, rewritten(BEFORE).encode()) == BEFORE
    assert redraw(FILES, rewritten(BEFORE)) is None


@pytest.mark.parametrize(
    "edit",
    [
        AddStep("gruen", "rueckruf", "person", "Rückruf", "Call back", "sachbearbeitung"),
        AddLane("fach", "bauen"),
        SetStepLane("erinnern", "system"),
        SetWayCondition(WAY, "1 < 2 && 'a' != 'b'"),
        RemoveStep("bescheinigt"),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_everything_drawn_arrives_and_the_rest_keeps_its_lines(edit: Edit) -> None:
    goal = made(edit)["process.bpmn"]
    drawn = redraw(FILES, rewritten(goal))
    assert drawn is not None
    content = drawn.apply(FILES)["process.bpmn"]
    assert redraw({**FILES, "process.bpmn": content}, rewritten(goal)) is None
    kept = set(BEFORE.splitlines()) & set(goal.splitlines())
    assert len(kept - set(content.splitlines())) <= 20


def test_the_places_of_a_drawing_are_the_steps_it_changed() -> None:
    text = rewritten(BEFORE).replace('name="Anzeige prüfen"', 'name="Anzeige lesen"')
    drawn = redraw(FILES, text)
    assert drawn is not None
    assert drawn.places() == {"step:anzeige_pruefen"}


def test_an_order_that_means_something_is_kept() -> None:
    first, second = (f'<rathaus:outcome value="{value}"' for value in ("bescheinigen", "nachfordern"))
    lines = BEFORE.decode().splitlines(keepends=True)
    places = [next(n for n, line in enumerate(lines) if part in line) for part in (first, second)]
    lines[places[0]], lines[places[1]] = lines[places[1]], lines[places[0]]
    drawn = redraw(FILES, "".join(lines))
    assert drawn is not None
    assert drawn.apply(FILES)["process.bpmn"].index(second.encode()) < BEFORE.index(second.encode())


def test_a_file_of_another_make_is_taken_as_it_is_and_what_is_none_refused() -> None:
    other = (
        rewritten(BEFORE)
        .replace("<bpmn:", "<b2:")
        .replace("</bpmn:", "</b2:")
        .replace("xmlns:bpmn=", "xmlns:b2=")
    )
    assert grafted(BEFORE, other.encode()) == BEFORE
    clash = (
        rewritten(BEFORE).replace("<di:", "<b3:").replace("</di:", "</b3:").replace("xmlns:di=", "xmlns:b3=")
    )
    clash = clash.replace("<dc:", "<di:").replace("</dc:", "</di:").replace("xmlns:dc=", "xmlns:di=")
    clash = clash.replace('name="Erinnert"', 'name="Ende"')
    assert grafted(BEFORE, clash.encode()) == clash.encode()
    assert grafted(b"<", rewritten(BEFORE).encode()) == rewritten(BEFORE).encode()
    with pytest.raises(EditError):
        redraw(FILES, "<definitions>")
    with pytest.raises(EditError):
        redraw(FILES, " " * 2_000_001)
