"""Letters as files: the same bytes every time, only literal data, errors with their place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.letters.coverage import covered, showable
from rathaus.letters.sample import example_data
from rathaus.letters.typesetting import SHARED, LetterError, typeset

LETTER = b"""#import "/rathaus/letter.typ": *
#show: letter
#greeting()

#data.answers.taetigkeit
"""
DATATYPES = Path(__file__).resolve().parents[2] / "../shared/data/din91379/din-norm-91379-datatypes.xsd"


def with_text(text: str) -> bytes:
    data = example_data()
    data["answers"] = {"taetigkeit": text}
    return typeset(LETTER, data)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """What a reader of the PDF gets; with CI=true a missing reader is a failure, elsewhere a named gap."""
    if shutil.which("pdftotext") is None:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out("the text of letters is not compared; missing: pdftotext (Debian: poppler-utils)")
    file = tmp_path / "letter.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_the_same_data_gives_the_same_bytes() -> None:
    first = typeset(LETTER, example_data())
    typeset(LETTER, example_data("en"))
    assert typeset(LETTER, example_data()) == first


def test_the_date_in_the_file_is_the_letters_date() -> None:
    assert b"D:20261021" in typeset(LETTER, example_data())


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "/rathaus/letter.typ": *',
        '#read("/etc/passwd") $x^2$ *fett* _kursiv_ = Titel // weg',
        "\"; #panic('x') \\u{41} `raw` <label> @ref [#] {x}",
        "<b>&amp;</b> %PDF-1.7 endobj",
    ],
)
def test_markup_in_data_stays_literal(hostile: str, tmp_path: Path) -> None:
    assert " ".join(hostile.split()) in " ".join(text_of(with_text(hostile), tmp_path).split())


@pytest.mark.parametrize(
    "text",
    [
        "מרחבא שלום",
        "مرحبا",
        "日本語",
        "😀👩‍💻",
        "\u202eabc",
        "\x00\x07\x1b",
        "a\r\nb\tc",
        "\ud800",
        "\ufffe",
        "e\u0301\u0328",
        "",
    ],
)
def test_no_character_stops_a_letter(text: str) -> None:
    assert with_text(text).startswith(b"%PDF-1.7")


def test_what_no_font_shows_is_named_by_its_code_point(tmp_path: Path) -> None:
    assert showable("日") == "[U+65E5]"
    assert "[U+65E5]" in text_of(with_text("日本"), tmp_path)


def test_a_character_that_turns_the_reading_direction_becomes_visible() -> None:
    assert showable("10\u202e99") == "10[U+202E]99"


def test_text_of_german_names_is_not_touched() -> None:
    name = "Ĳsbrand Ğül Łukasz Đặng M̂ö̀ßẞ §€–„“ ∞≤≥"
    assert showable(name) == name


def test_ten_thousand_characters_without_a_space_stay_on_the_paper(tmp_path: Path) -> None:
    text = text_of(with_text("Ä" * 10_000), tmp_path)
    assert text.count("Ä") == 10_000
    assert max(line.count("Ä") for line in text.splitlines()) < 100


@pytest.mark.skipif(not DATATYPES.exists(), reason="the shared DIN 91379 data is not on this machine")
def test_the_fonts_cover_every_character_of_din_91379() -> None:
    patterns = re.findall(r'<xs:pattern value="(.*?)"/>', DATATYPES.read_text(), re.DOTALL)
    ranges = re.findall(r"&#x([0-9A-F]+);(?:-\\?&#x([0-9A-F]+);)?", "".join(patterns))
    wanted = {
        point
        for first, last in ranges
        for point in range(int(first, 16), int(last or first, 16) + 1)
        if point >= 0x20
    }
    assert len(wanted) > 700
    missing = {hex(point) for point in wanted - covered() if not 0x7F <= point < 0xA0}
    assert not missing


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_typeset(text: str) -> None:
    assert with_text(text).startswith(b"%PDF")


def test_an_error_names_template_and_line() -> None:
    with pytest.raises(LetterError) as caught:
        typeset(
            b'#import "/rathaus/letter.typ": *\n#show: letter\n\n#nonsense()',
            example_data(),
            name="brief.typ",
        )
    assert (caught.value.template, caught.value.line) == ("brief.typ", 4)
    assert "nonsense" in caught.value.message


def test_an_error_inside_the_shared_template_points_to_the_authors_line() -> None:
    with pytest.raises(LetterError) as caught:
        typeset(
            b'#import "/rathaus/letter.typ": *\n#show: letter\n#day("gestern")',
            example_data(),
            name="brief.typ",
        )
    assert (caught.value.template, caught.value.line) == ("brief.typ", 3)


def test_a_skipped_heading_level_is_refused() -> None:
    with pytest.raises(LetterError, match="heading"):
        typeset(LETTER + b"\n==== Viel zu tief", example_data())


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(LetterError, match="alt"):
        typeset(LETTER + b'\n#image(bytes(data.town.arms_svg), format: "svg")', example_data())


def test_a_template_reads_its_own_package_only() -> None:
    files = {"teil.typ": b"#let gruss = [Hallo]"}
    assert typeset(LETTER + b'\n#import "teil.typ": gruss\n#gruss', example_data(), files=files)
    for path in ("../../etc/passwd", "/etc/passwd", "anderes.typ"):
        with pytest.raises(LetterError):
            typeset(LETTER + f'\n#read("{path}")'.encode(), example_data(), files=files)


def test_files_of_one_package_are_not_there_for_another() -> None:
    typeset(LETTER, example_data(), files={"geheim.typ": b"#let x = 1"})
    with pytest.raises(LetterError):
        typeset(LETTER + b'\n#import "geheim.typ": x', example_data(), files={"teil.typ": b""})


def test_a_path_that_leaves_the_package_is_refused() -> None:
    with pytest.raises(LetterError, match="leaves the package"):
        typeset(LETTER, example_data(), files={"../x.typ": b""})


def test_packages_from_the_network_are_refused_before_anything_is_fetched() -> None:
    with pytest.raises(LetterError) as caught:
        typeset(b'\n#import "@preview/tablex:0.0.9": *', example_data(), name="brief.typ")
    assert caught.value.line == 2


def test_threads_typeset_at_the_same_time() -> None:
    texts = [f"Tätigkeit {number}" for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(with_text, texts))
    assert together == [with_text(text) for text in texts]


def test_a_letter_takes_milliseconds() -> None:
    for number in range(3):
        with_text(f"warm {number}")
    started = time.process_time()
    for number in range(10):
        with_text(f"Blumen {number}")
    # Measured 14 ms; a compiler started anew for every letter would need more than this.
    assert (time.process_time() - started) / 10 < 0.1


@pytest.mark.parametrize("language", ["de", "en", "de-simple"])
def test_the_copy_of_the_application_holds_every_answer(language: str, tmp_path: Path) -> None:
    data = example_data(language)
    text = text_of(typeset((SHARED / "kopie.typ").read_bytes(), data), tmp_path)
    for section in data["review"]:
        for entry in section["entries"]:
            assert entry["label"] in text
            assert entry["value"] in text
    assert data["case"]["reference"] in text
