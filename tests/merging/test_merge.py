"""Merging packages: nothing that either side changed is lost, and what cannot go together is left to a person."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rathaus.catalogue.package import inspect_package
from rathaus.catalogue.packing import read_folder
from rathaus.editing import Edit, Files, MoveField, SetFieldText, SetPageText, SetServiceText, SplitPage, meet
from rathaus.editing.form import FormFiles, questions_of
from rathaus.editing.translations import STATE_FILE
from rathaus.merging import Side, merge

BASE = read_folder(Path(__file__).parents[2] / "services" / "gewerbeanmeldung")
PAGES = [page["id"] for page in tomllib.loads(BASE["form.toml"].decode())["page"]]
ASKED = questions_of(FormFiles(BASE))

edits = st.one_of(
    st.builds(
        SetPageText,
        st.sampled_from(PAGES),
        st.sampled_from(["de", "en"]),
        st.sampled_from(["title", "intro"]),
        st.sampled_from(["Eins?", "Zwei?"]),
    ),
    st.builds(
        SetFieldText,
        st.sampled_from(ASKED),
        st.sampled_from(["de", "en"]),
        st.sampled_from(["label", "help"]),
        st.sampled_from(["Drei", "Vier"]),
    ),
)


def meaning(files: Files) -> dict[str, object]:
    return {
        name: tomllib.loads(content.decode()) if name.endswith(".toml") else content
        for name, content in files.items()
    }


def made(*steps: Edit) -> Files:
    files: Files = BASE
    for edit in steps:
        files = edit.apply(files)
    return files


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(edits)
def test_a_change_of_one_side_alone_is_taken_byte_for_byte(edit: Edit) -> None:
    changed = made(edit)
    for ours, theirs in ((BASE, changed), (changed, BASE), (changed, changed)):
        merged = merge(BASE, ours, theirs)
        assert (merged.files, merged.conflicts) == (changed, ())


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(edits, min_size=1, max_size=4), st.lists(edits, min_size=1, max_size=4))
def test_disjoint_changes_merge_without_conflict_whichever_side_comes_first(
    mine: list[Edit], other: list[Edit]
) -> None:
    touched = frozenset[str]().union(*(edit.places() for edit in mine))
    other = [edit for edit in other if not meet(edit.places(), touched)]
    ours, theirs = made(*mine), made(*other)
    merged, turned = merge(BASE, ours, theirs), merge(BASE, theirs, ours)
    assert merged.conflicts == turned.conflicts == ()
    assert meaning(merged.files) == meaning(turned.files)
    one_after_the_other = made(*mine, *other)
    # Which German text a translation was made from depends on who came first, and only that.
    assert {name: content for name, content in meaning(merged.files).items() if name != STATE_FILE} == {
        name: content for name, content in meaning(one_after_the_other).items() if name != STATE_FILE
    }


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_no_question_is_lost_or_doubled_however_both_sides_move_them(data: st.DataObject) -> None:
    sides: list[Files] = []
    for _ in range(2):
        path, page = data.draw(st.sampled_from(ASKED)), data.draw(st.sampled_from(PAGES))
        try:
            sides.append(made(MoveField(path, page)))
        except ValueError:
            return
    ours, theirs = sides
    merged = merge(BASE, ours, theirs)
    assert sorted(questions_of(FormFiles(merged.files))) == sorted(ASKED)
    choices: tuple[Side, Side] = ("ours", "theirs")
    for choice in choices:
        chosen: dict[str, Side] = dict.fromkeys((row.place for row in merged.conflicts), choice)
        done = merge(BASE, ours, theirs, chosen)
        assert done.conflicts == ()
        assert sorted(questions_of(FormFiles(done.files))) == sorted(ASKED)


def test_one_splits_a_page_and_the_other_rewords_it() -> None:
    ours = made(SplitPage("taetigkeit", "taetigkeit.art", "art", "Welche Art?"))
    theirs = made(SetPageText("taetigkeit", "de", "title", "Was tun Sie?"))
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert b"Was tun Sie?" in merged.files["form.toml"]
    assert b"Welche Art?" in merged.files["form.toml"]
    package, problems = inspect_package(merged.files)
    assert package is not None, problems


@pytest.mark.parametrize(("choice", "title"), [("ours", "Ab wann?"), ("theirs", "Beginn?")])
def test_the_same_title_changed_twice_is_a_conflict_that_a_choice_resolves(choice: Side, title: str) -> None:
    ours, theirs = (made(SetPageText("beginn", "de", "title", text)) for text in ("Ab wann?", "Beginn?"))
    (conflict,) = merge(BASE, ours, theirs).conflicts
    assert str(conflict.words) == "Seite „beginn“: Überschrift"
    assert (conflict.base, conflict.ours, conflict.theirs) == ("Wann fangen Sie an?", "Ab wann?", "Beginn?")
    merged = merge(BASE, ours, theirs, {conflict.place: choice})
    assert merged.conflicts == ()
    pages = tomllib.loads(merged.files["form.toml"].decode())["page"]
    assert next(page["title"] for page in pages if page["id"] == "beginn") == title


def test_texts_are_merged_by_lines() -> None:
    text = BASE["texts/de.md"].decode()
    ours = made(SetServiceText("de", text + "\nUnser Zusatz.\n"))
    theirs = {**BASE, "texts/de.md": b"# Neu" + BASE["texts/de.md"]}
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert merged.files["texts/de.md"].startswith(b"# Neu")
    assert merged.files["texts/de.md"].endswith(b"Unser Zusatz.\n")


def test_a_file_that_one_side_deleted_and_the_other_changed_is_a_conflict_as_a_whole() -> None:
    name = "letters/nachforderung.typ"
    ours = {key: content for key, content in BASE.items() if key != name}
    theirs = {**BASE, name: BASE[name] + b"\n// neu\n"}
    (conflict,) = merge(BASE, ours, theirs).conflicts
    assert conflict.place == name
    assert conflict.ours == ""
    assert merge(BASE, ours, theirs, {name: "theirs"}).files[name] == theirs[name]
    assert name not in merge(BASE, ours, theirs, {name: "ours"}).files


def test_a_diagram_is_merged_only_if_its_elements_stay_unique() -> None:
    def with_task(marker: str) -> Files:
        process = BASE["process.bpmn"].decode()
        place = (
            process.index("</bpmn:process>") if "</bpmn:process>" in process else process.index("</process>")
        )
        line = process.rindex("\n", 0, place) + 1
        return {**BASE, "process.bpmn": (process[:line] + marker + process[line:]).encode()}

    ours, theirs = with_task("<!-- a -->\n"), {**BASE, "process.bpmn": BASE["process.bpmn"] + b"<!-- b -->\n"}
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert merged.files["process.bpmn"].count(b"<!--") >= 2
