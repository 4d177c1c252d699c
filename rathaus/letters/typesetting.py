"""Typst: from a template and data to a PDF that is PDF/UA-1 (accessible) and PDF/A-2a (lasting) in one file.

Nothing here knows Django. Templates see only our shared ones under `/rathaus/` and the files of their own package;
data is JSON in `sys.inputs.data` and therefore always literal text, whatever it holds. The same template, files and
data give the same bytes on every machine: fonts are ours, the document's date comes from the data.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from rathaus.letters.coverage import FONTS, showable_data
from rathaus.said import said

if TYPE_CHECKING:
    # Loaded with the first letter: most web processes never typeset one and save 7 MB.
    import typst

STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
SHARED = Path(__file__).parent / "typst"

# What Typst would fetch from its package server. Computed names are not caught; the compiler then fails offline.
_PACKAGE_IMPORT = re.compile(rb'"\s*@[a-z]')
_PLACE = re.compile(r"┌─ (?P<file>\S+):(?P<line>\d+):\d+")
_MAIN = "__typst_py_bytes__.typ"  # the name Typst gives a main file passed as bytes
_EPOCH = date(2000, 1, 1)
_TYPST_REMEMBERS = 10  # documents
_LETTERS_REMEMBERED = 4

# Typst would spread one letter over all cores. Several workers use the cores better: one thread spends 0.83 times the
# processor time on a letter of three pages. Read by Typst at its first letter.
os.environ.setdefault("RAYON_NUM_THREADS", "1")


class LetterError(ValueError):
    """A template cannot be typeset: which file, which line (0: unknown), and what the compiler says."""

    def __init__(self, template: str, line: int, message: str) -> None:
        super().__init__(f"{template}:{line}: {message}" if line else f"{template}: {message}")
        self.template = template
        self.line = line
        self.message = message


def typeset(
    source: bytes,
    data: Mapping[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    name: str = "letter.typ",
) -> bytes:
    """One PDF from the template `source` and JSON-like `data`.

    `files` are further files the template may import or read, by their path inside the package; `name` is what the
    template is called in errors. The document's date is `data["letter"]["date"]` (ISO), so that typesetting twice
    gives the same file. Raises `LetterError`.
    """
    pdf = _compiled(source, data, files or {}, name, format="pdf", pdf_standards=STANDARDS)
    if not isinstance(pdf, bytes):
        raise LetterError(name, 0, said("the compiler gave no file"))
    return pdf


def pictures(
    source: bytes,
    data: Mapping[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    name: str = "letter.typ",
    ppi: int = 80,
) -> list[bytes]:
    """The pages that `typeset` would give, as PNG pictures. Raises `LetterError`."""
    pages = _compiled(source, data, files or {}, name, format="png", ppi=ppi)
    return list(pages) if isinstance(pages, list) else [pages]


def _compiled(
    source: bytes, data: Mapping[str, Any], files: Mapping[str, bytes], name: str, **form: Any
) -> bytes | list[bytes]:
    import typst

    for path, content in {name: source, **files}.items():
        if match := _PACKAGE_IMPORT.search(content):
            line = content.count(b"\n", 0, match.start()) + 1
            raise LetterError(
                path, line, said("packages from the network are not available; put the file beside")
            )
    compiler = _compiler()
    try:
        made = compiler.compile(
            input=source,
            root=_root(_frozen(files)),
            sys_inputs={"data": json.dumps(showable_data(data))},
            timestamp=_timestamp(data),
            **form,
        )
    except typst.TypstError as error:
        raise _located(error, name) from error
    finally:
        _forget(compiler)
    if made is None:
        raise LetterError(name, 0, said("the compiler gave no file"))
    return made


_of_thread = threading.local()


def _compiler() -> typst.Compiler:
    """One compiler per thread: it remembers fonts and parsed files, and must not be shared while it works."""
    compiler: typst.Compiler | None = getattr(_of_thread, "compiler", None)
    if compiler is None:
        import typst

        nothing = _private_directory() / "no-packages"
        nothing.mkdir(exist_ok=True)
        compiler = typst.Compiler(font_paths=_fonts(), package_path=nothing, package_cache_path=nothing)
        _of_thread.compiler = compiler
    return compiler


def _forget(compiler: typst.Compiler) -> None:
    """Now and then, let Typst forget what it computed for letters.

    It keeps the results of the last ten documents, which letters to different people hardly share, and searches all
    of them. Ten empty documents push them out, the first of them also the data. After every letter that would be a
    tenth of a letter's time; after every fourth it is a fortieth, and a worker holds 4 MB more.
    """
    _of_thread.letters = getattr(_of_thread, "letters", 0) + 1
    if _of_thread.letters % _LETTERS_REMEMBERED == 0:
        compiler.compile(input=b"", format="pdf", sys_inputs={})
        for _ in range(_TYPST_REMEMBERS - 1):
            # Setting the data anew, even to nothing, would build Typst's library again: six times the work.
            compiler.compile(input=b"", format="pdf")


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _kept_directory() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="rathaus-letters-")  # removed when the process ends


def _private_directory() -> Path:
    return Path(_kept_directory().name)


_FrozenFiles = tuple[tuple[str, bytes], ...]


def _frozen(files: Mapping[str, bytes]) -> _FrozenFiles:
    return tuple(sorted(files.items()))


@cache
def _shared() -> _FrozenFiles:
    return _frozen({f"rathaus/{file.name}": file.read_bytes() for file in SHARED.glob("*.typ")})


def _root(files: _FrozenFiles) -> Path:
    """A directory with exactly our shared templates and `files`; made once per content and process."""
    digest = hashlib.sha256()
    everything = files + _shared()
    for path, content in everything:
        digest.update(f"{len(path.encode())}:{path}:{len(content)}:".encode() + content)
    root = _private_directory() / digest.hexdigest()
    if root.exists():
        return root
    building = Path(tempfile.mkdtemp(dir=_private_directory()))
    for path, content in everything:
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts:
            raise LetterError(path, 0, said("this path leaves the package"))
        target = building / parts
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    try:
        building.rename(root)
    except OSError:
        if not root.exists():  # else another thread was faster with the same content
            raise
    return root


def _timestamp(data: Mapping[str, Any]) -> datetime:
    day = data.get("letter", {}).get("date")
    return datetime.combine(date.fromisoformat(day) if day else _EPOCH, time(12), UTC)


def _located(error: typst.TypstError, name: str) -> LetterError:
    """The error with the place a template's author can mend: in their own file if the trace passes through it."""
    places = [
        (Path(match["file"]).name, int(match["line"]))
        for text in (error.diagnostic, *error.trace)
        for match in _PLACE.finditer(text)
    ]
    own = next((place for place in places if place[0] == _MAIN), places[0] if places else (_MAIN, 0))
    hints = "".join(f" ({hint})" for hint in error.hints)
    return LetterError(name if own[0] == _MAIN else own[0], own[1], error.message + hints)
