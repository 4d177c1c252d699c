"""Letters as blocks of text: what is read is written again to the byte, and what is typed is only text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.drafting.letters import neutral_letters
from rathaus.editing.lettering import (
    LANGUAGES,
    Letter,
    Names,
    TextError,
    new_block,
    plain_text,
    read_letter,
    typst_text,
)
from rathaus.letters.sample import example_data
from rathaus.letters.typesetting import typeset
from tests.conftest import PROJECT_ROOT

NAMES = Names.of(
    {
        "Aktenzeichen": "#data.case.reference",
        "Datum des Eingangs": "#day(data.case.received_at)",
        "Name der Leistung": "#data.case.service_title",
    },
    {'#text(lang: "de", data.case.service_title)': "Name der Leistung"},
)
SOURCES = [
    *(path.read_text(encoding="utf-8") for path in sorted(PROJECT_ROOT.glob("services/*/letters/*.typ"))),
    *(source.decode() for source in neutral_letters().values()),
]
HEAD = '#import "/rathaus/letter.typ": *\n\n#show: letter\n\n'
SIGNS = "ab ÄÖ„“\"'.,:;!?-–=+*/_~#$@<>[]()\\`1234\u00a0\n"
TYPED = st.text(st.sampled_from(SIGNS), max_size=40)
ANYTHING = st.text(
    st.sampled_from(SIGNS) | st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40
)


def settled(text: str) -> str:
    """What typing means: blanks at the ends of lines and doubled ones mean nothing."""
    text = re.sub(r"[ \t]+", " ", text.replace("\r", ""))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", text)).strip()


@pytest.mark.parametrize("source", SOURCES, ids=range(len(SOURCES)))
def test_a_letter_that_nobody_changed_is_the_same_to_the_byte(source: str) -> None:
    letter = read_letter(source)
    assert letter.source == source
    assert {"greeting", "paragraph", "signature"} <= {block.kind for block in letter.blocks}
    for block in letter.blocks:
        for slot in range(len(block.slots)):
            for language in LANGUAGES:
                text = block.text(slot, language)
                assert typst_text(plain_text(text, NAMES), text, NAMES) == text


@settings(max_examples=150)
@given(st.text('#[](){}"\\/*`$ \n=a-by-language(de: [x], en: [y])', max_size=60))
def test_any_text_is_read_as_a_letter_and_is_still_itself(source: str) -> None:
    assert read_letter(source).source == source


@settings(max_examples=300)
@given(ANYTHING)
def test_what_is_typed_is_read_back_as_it_was_typed(typed: str) -> None:
    typed = re.sub(r"[{}]", "", typed).replace("\\", "").replace("*", "")
    written = typst_text(typed, "", NAMES)
    assert plain_text(written, NAMES) == settled(typed)


@settings(max_examples=25, deadline=None)
@given(TYPED, TYPED)
def test_whatever_is_typed_can_be_typeset(german: str, english: str) -> None:
    texts = {
        language: typst_text(re.sub(r"[{}]", "", text), "", NAMES) or "–"
        for language, text in (("de", german), ("en", english))
    }
    source = HEAD + "\n\n".join(
        new_block(kind, texts).source for kind in ("paragraph", "heading", "subheading", "note")
    )
    assert typeset(source.encode(), example_data("en")).startswith(b"%PDF")


def test_facts_and_answers_stand_in_the_text_by_their_names() -> None:
    typst = (
        "Ihr Antrag „#data.case.service_title“ vom #day(data.case.received_at) \\\n"
        "  hat das Zeichen *#data.case.reference*."
    )
    plain = "Ihr Antrag „{Name der Leistung}“ vom {Datum des Eingangs}\nhat das Zeichen *{Aktenzeichen}*."
    assert plain_text(typst, NAMES) == plain
    assert typst_text(plain.replace("Ihr Antrag", "Der Antrag"), typst, NAMES) == typst.replace(
        "Ihr Antrag", "Der Antrag"
    ).replace("\\\n  hat", "\\\n    hat")


def test_what_only_typst_can_say_stays_as_it_is_and_can_be_moved() -> None:
    typst = "Rechtsgrundlage: #data.fee.legal_basis. #if count > 1 [Es sind #count Personen.]"
    plain = plain_text(typst, NAMES)
    assert plain == "Rechtsgrundlage: {Fester Teil 1}. {Fester Teil 2}"
    assert typst_text("{Fester Teil 2} Nach {Fester Teil 1}.", typst, NAMES) == (
        "#if count > 1 [Es sind #count Personen.] Nach #data.fee.legal_basis."
    )


def test_an_expression_is_ended_where_the_text_would_go_on_with_it() -> None:
    assert typst_text("{Aktenzeichen}(alt)", "", NAMES) == "#data.case.reference;(alt)"
    assert typst_text("{Aktenzeichen}.", "", NAMES) == "#data.case.reference."
    assert typst_text("{Aktenzeichen}.neu", "", NAMES) == "#data.case.reference;.neu"


def test_an_unknown_placeholder_is_refused_with_what_to_do() -> None:
    with pytest.raises(TextError, match=r"Den Platzhalter „\{Unsinn\}“ gibt es nicht"):
        typst_text("Hallo {Unsinn}", "", NAMES)


def test_a_language_is_added_and_texts_are_changed_in_place() -> None:
    block = read_letter("== #by-language(de: [Kosten], en: [Fee])").blocks[0]
    changed = block.with_texts({(0, "de"): "Gebühr", (0, "simple"): "Das kostet Geld"})
    assert changed.source == "== #by-language(de: [Gebühr], en: [Fee], simple: [Das kostet Geld])"
    assert changed.text(0, "simple") == "Das kostet Geld"


def _shown(letter: Letter) -> list[str]:
    return [block.source for block in letter.blocks]


def test_blocks_are_moved_over_what_is_not_seen_removed_and_added() -> None:
    letter = read_letter("#let a = 1\n\nEins\n\n#let b = 2\n\nZwei\n")
    assert _shown(letter.moved(3, -1)) == ["#let a = 1", "Zwei", "Eins", "#let b = 2"]
    assert letter.moved(1, -1) == letter
    assert letter.without(3).source == "#let a = 1\n\nEins\n\n#let b = 2\n"
    assert letter.without(0).source == "Eins\n\n#let b = 2\n\nZwei\n"
    added = letter.with_new(3, new_block("signature", {}))
    assert added.source == "#let a = 1\n\nEins\n\n#let b = 2\n\nZwei\n\n#signature()\n"
    assert read_letter(added.source) == added


def test_a_definition_before_what_uses_it_belongs_to_that_block() -> None:
    letter = read_letter(
        "#let deadline = none\n#if deadline != none [\n  #by-language(de: [Bis], en: [Until])\n]\n"
    )
    assert [block.kind for block in letter.blocks] == ["conditional"]
    assert letter.blocks[0].text(0, "en") == "Until"
