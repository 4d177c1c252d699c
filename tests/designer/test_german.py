"""What the check says in English is said in German on German pages."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from rathaus.catalogue.package import Problem
from rathaus.design.models import Design
from rathaus.designer.finding import as_read, found_in_file
from rathaus.designer.german import SENTENCES
from rathaus.said import Said, in_words_of, said
from rathaus.standards.genericode import read_code_list
from rathaus.standards.safe_xml import XmlError
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xzufi.reader import read_xzufi
from tests.conftest import PROJECT_ROOT
from tests.designer.conftest import address

# Calls whose arguments people read, with the places of what they say.
_SAYING = {
    "DefinitionProblem",
    "Problem",
    "PackageProblem",
    "_problem",
    "_add",
    "_report",
    "report",
    "problem",
}
_CHECKING = ("forms", "catalogue", "processes", "rules", "letters", "standards")


def sentences(file: Path) -> Iterator[str]:
    """Every sentence, or template of one, that a module says."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "said":
                assert isinstance(node.args[0], ast.Constant), (file, node.lineno)
                yield str(node.args[0].value)
            elif name in _SAYING:
                yield from (text for argument in node.args for text in constants(argument) if " " in text)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("message", "remedy"):
            yield from constants(node.value)


def constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def everything_said() -> dict[str, Path]:
    return {
        text: file
        for part in _CHECKING
        for file in sorted((PROJECT_ROOT / "rathaus" / part).rglob("*.py"))
        for text in sentences(file)
    }


def test_every_sentence_of_the_check_has_a_german_one() -> None:
    lacking = {text: file.name for text, file in everything_said().items() if text not in SENTENCES}
    assert lacking == {}
    assert len(everything_said()) > 150


def test_german_sentences_say_what_the_english_ones_say() -> None:
    values = re.compile(r"%\((\w+)\)")
    for english, german in SENTENCES.items():
        assert set(values.findall(german)) == set(values.findall(english)), english


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy])
def test_a_sentence_that_is_copied_still_knows_how_it_was_made(copied: object) -> None:
    assert callable(copied)
    sentence = copied(said("The schema has no %(address)s.", address="plz"))
    assert sentence == "The schema has no plz."
    assert in_words_of(SENTENCES, sentence) == "Das Datenschema hat kein plz."


def test_a_sentence_inside_a_sentence_is_translated_as_well() -> None:
    unknown = said(
        "%(place)s; did you mean %(near)r?", place=said("%(name)r is not known here", name="a"), near="b"
    )
    assert unknown == "'a' is not known here; did you mean 'b'?"
    german = in_words_of(SENTENCES, said("The rule cannot be used: %(why)s.", why=unknown))
    assert german == "Die Regel lässt sich nicht verwenden: „a“ ist hier nicht bekannt; meinten Sie „b“?."


def test_a_problem_is_read_in_the_language_of_the_page() -> None:
    problem = Problem(
        "form.toml", "page beginn", "page.id", "The form has no page.", said("Use %(known)s.", known="x")
    )
    with translation.override("de"):
        read = as_read(problem)
    assert (read.message, read.remedy, read.where) == (
        "Das Formular hat keine Seite.",
        "Nehmen Sie x.",
        "Seite beginn",
    )
    with translation.override("en"):
        assert as_read(problem) == problem


def test_a_condition_that_cannot_be_used_is_refused_in_german(desk: Client, design: Design) -> None:
    given = {"show": "gibt.es.nicht == 1", "stand": "1"}
    page = desk.post(address(design, "frage/inhaber.anschrift.plz/"), given).content.decode()
    assert "Die Regel lässt sich nicht verwenden: „gibt“ ist hier nicht bekannt" in page
    assert "The rule cannot be used" not in page


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a",
        b"<a>\xe4</a>",
        b"<a>\xe4",
        b"<a x='1' x='2'/>",
        b"<a/><b/>",
        b"<a>&b;</a>",
        b"<a>&#0;</a>",
        b"<!DOCTYPE a><a/>",
        b"<a><![CDATA[",
        b"<x:a/>",
        b" <?xml version='1.0'?><a/>",
        b"<?xml version='1.0' encoding='klingon'?><a/>",
        b"<?xml version='1.0' encoding='shift_jis'?><a/>",
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"<?xml?><a/>",
        b"<a xmlns:b=''/>",
        b"<a xmlns:xml='urn:b'/>",
        b"<a xmlns:xmlns='urn:b'/>",
        b"<a xmlns:b='http://www.w3.org/2000/xmlns/'/>",
        b"<a>" * 300,
        b"<a/>",
        b"<a xmlns='urn:b'/>",
        b"<a xmlns='urn:xoev-de:fim:standard:xdatenfelder_1.0'/>",
    ],
)
@pytest.mark.parametrize("read", [read_document, read_xzufi, read_code_list])
def test_why_a_file_cannot_be_read_is_said_in_german(read: Callable[[bytes], object], content: bytes) -> None:
    with pytest.raises(XmlError) as refused:
        read(content)
    message = refused.value.message

    def untranslated(text: object) -> bool:
        inside = text.values.values() if isinstance(text, Said) else ()
        return (isinstance(text, Said) and text.template not in SENTENCES) or any(map(untranslated, inside))

    assert isinstance(message, Said)
    assert not untranslated(message)
    reason = message.values.get("reason")
    assert reason is None or isinstance(reason, Said), reason
    with translation.override("de"):
        assert found_in_file(message, 3) == f"Zeile 3: {in_words_of(SENTENCES, message)}"
