"""Texts from XZuFi become texts of a package: what they say replaces, what they are silent on stays."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.catalogue.package import inspect_package
from rathaus.catalogue.packing import read_folder
from rathaus.drafting.sections import Page, compose, split
from rathaus.editing import Files
from rathaus.editing.described import edits_from
from rathaus.standards.xzufi.model import Identifier, Service, TextKind, TextModule

FILES: Files = read_folder(Path(__file__).parents[2] / "services" / "gewerbeanmeldung")


def service(*modules: TextModule, leika: str = "99050012104000") -> Service:
    return Service(Identifier("1"), (leika,), modules)


def applied(described: Service, files: Files = FILES) -> Files:
    for edit in edits_from(described, files):
        files = edit.apply(files)
    return files


def test_a_section_that_is_described_replaces_its_own_and_the_others_stay() -> None:
    after = split(
        applied(service(TextModule(TextKind.DOCUMENTS, {"de": "<ul><li>Ausweis</li></ul>"})))[
            "texts/de.md"
        ].decode()
    )
    before = split(FILES["texts/de.md"].decode())
    assert after.sections["needed"] == "- Ausweis"
    assert {**after.sections, "needed": ""} == {**before.sections, "needed": ""}
    assert (after.title, after.intro, after.headings) == (before.title, before.intro, before.headings)


def test_a_language_that_was_missing_begins_with_a_whole_page() -> None:
    files = {name: content for name, content in FILES.items() if name != "texts/en.md"}
    described = service(
        TextModule(TextKind.NAME, {"en": "Register a trade"}),
        TextModule(TextKind.FULL, {"en": "<p>Do it.</p>"}),
    )
    after = applied(described, files)
    page = split(after["texts/en.md"].decode())
    assert (page.title, page.sections["what"]) == ("Register a trade", "Do it.")
    assert [problem for problem in inspect_package(after)[1] if problem.level == "error"] == []


def test_what_says_the_same_changes_nothing() -> None:
    assert edits_from(service(), FILES) == []
    once = applied(service(TextModule(TextKind.FULL, {"de": "<p>Neu.</p>"}), leika="99000000000001"))
    assert (
        edits_from(service(TextModule(TextKind.FULL, {"de": "<p>Neu.</p>"}), leika="99000000000001"), once)
        == []
    )


_lines = st.text("abc ÄÖ#*_{}<>\n-", max_size=30)
_described = st.dictionaries(st.sampled_from(list(TextKind)), _lines, max_size=5)


@settings(deadline=None, max_examples=40)
@given(_described)
def test_whatever_strangers_write_the_package_passes_the_check(texts: dict[TextKind, str]) -> None:
    described = service(*(TextModule(kind, {"de": text, "de-x-ls": text}) for kind, text in texts.items()))
    problems = inspect_package(applied(described))[1]
    assert [problem for problem in problems if problem.level == "error"] == []


_words = st.text("abc äöü.", min_size=1, max_size=20).map(str.strip).filter(bool)


@given(_words, _words, st.dictionaries(st.sampled_from(["what", "cost", "after"]), _words))
def test_a_page_is_read_as_it_was_written(title: str, intro: str, sections: dict[str, str]) -> None:
    page = split(compose(Page(title, intro, sections), "de"))
    assert (page.title, page.intro) == (title, intro)
    assert {name: page.sections[name] for name in sections} == sections
