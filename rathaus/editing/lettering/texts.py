r"""Texts of letters as people type them, and as Typst has them.

People type plain text: a new line is one, an empty line begins a paragraph, `*…*` is bold, `{Familienname}` stands for
what a case says there. Nothing else means anything, whatever Typst would make of it. What a template says by means
of its own (`#if …`, a formula) is shown as `{Fester Teil 1}`; it can be moved within its text, not changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.editing.lettering import scanning
from rathaus.editing.words import EditError, gettext_noop

_FIXED = "Fester Teil"
_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,200})\}")
# Characters that mean something anywhere in markup, and those that do at the beginning of a line.
_SPECIAL = frozenset("\\#$`@<>[]~_{}")
_LIST_SIGNS = frozenset("=-+/")
_NUMBERED = re.compile(r"(\d+)\.")
_SHORTHAND = re.compile(r"//|/\*|-\?|--|\.\.\.")
_INDENT = "    "


class TextError(EditError):
    """A text cannot be taken; the words say why and what to do."""


@dataclass(frozen=True)
class Names:
    """What people call the facts and answers a letter can say: name → Typst expression, as in `#day(data.letter.date)`.

    `also` are other expressions for the same; they are shown by the name and kept as they are.
    """

    expressions: Mapping[str, str]
    also: Mapping[str, str]

    @classmethod
    def of(cls, expressions: Mapping[str, str], also: Mapping[str, str] | None = None) -> Names:
        """Names for expressions; `also` gives further expressions and the name each is shown by."""
        return cls(expressions, {**{source: name for name, source in expressions.items()}, **(also or {})})


def plain_text(typst: str, names: Names) -> str:
    """A text as people read and type it."""
    return _read(typst, names)[0]


def typst_text(plain: str, before: str, names: Names) -> str:
    """What was typed, as Typst. `before` is the Typst text it was typed over: its fixed parts can be named.

    The text itself where nothing changed. Raises `TextError` for a placeholder that is not known.
    """
    shown, known = _read(before, names)
    typed = "\n".join(line.rstrip() for line in plain.replace("\r\n", "\n").strip().split("\n"))
    if typed == shown:
        return before
    expressions = {**names.expressions, **known}
    pieces: list[str] = []
    place = 0
    for found in _PLACEHOLDER.finditer(typed):
        name = found[1].strip()
        if name not in expressions:
            raise TextError(
                gettext_noop(
                    "Den Platzhalter „{%(name)s}“ gibt es nicht. Wählen Sie einen aus der Liste, oder schreiben Sie "
                    "ohne geschweifte Klammern."
                ),
                name=name,
            )
        pieces += (typed[place : found.start()], f"\0{name}\0")
        place = found.end()
    pieces.append(typed[place:])
    return _written("".join(pieces), expressions)


def _read(typst: str, names: Names) -> tuple[str, dict[str, str]]:
    """The text in plain, and its placeholders with the expressions that stand there."""
    shown: list[str] = []
    known: dict[str, str] = {}
    text, place = typst.strip(), 0
    while place < len(text):
        char = text[place]
        end = scanning.after_markup(text, place)
        piece = text[place:end]
        if char.isspace():
            while end < len(text) and text[end].isspace():
                end += 1
            shown.append("\n\n" if text.count("\n", place, end) > 1 else " ")
        elif char == "\\" and (place + 1 == len(text) or text[place + 1].isspace()):
            end = place + 1
            while end < len(text) and text[end].isspace():
                end += 1
            shown.append("\n")
        elif char == "\\" and text[place + 1] != "u":
            # The stars of bold text stay stars; a star that is meant as one keeps its backslash.
            shown.append(piece if text[place + 1] == "*" else text[place + 1])
        elif char == "~":
            shown.append("\u00a0")
        elif len(piece) > 1 or char in _SPECIAL:
            name = names.also.get(piece) or _number(piece, known)
            known.setdefault(name, piece)
            shown.append(f"{{{name}}}")
        else:
            shown.append(char)
        place = end
    return re.sub(r" *\n *", "\n", "".join(shown)).strip(), known


def _number(piece: str, known: Mapping[str, str]) -> str:
    """The name of a fixed part."""
    for name, source in known.items():
        if source == piece and name.startswith(_FIXED):
            return name
    return f"{_FIXED} {sum(name.startswith(_FIXED) for name in known) + 1}"


def _written(typed: str, expressions: Mapping[str, str]) -> str:
    is_bold = len(re.findall(r"(?<!\\)\*", typed)) % 2 == 0
    paragraphs = []
    for paragraph in re.split(r"\n{2,}", typed):
        lines = [_line(line.strip(), is_bold) for line in paragraph.split("\n")]
        paragraphs.append(f" \\\n{_INDENT}".join(lines))
    written = f"\n\n{_INDENT}".join(paragraphs)
    return re.sub("\0(.+?)\0", lambda found: _ended(expressions[found[1]], written, found.end()), written)


def _ended(expression: str, written: str, end: int) -> str:
    """An expression, ended with `;` where what follows would be read as part of it."""
    follows = written[end : end + 1]
    needs_end = follows in ("(", "[", ";") or (follows == "." and written[end + 1 : end + 2].isalpha())
    return f"{expression};" if needs_end and follows and not expression.endswith(";") else expression


def _line(line: str, is_bold: bool) -> str:
    """One line with everything escaped that Typst would take for more than a character."""
    shorthand = {found.start() for found in _SHORTHAND.finditer(line)}
    numbered = _NUMBERED.match(line)
    written: list[str] = []
    place = 0
    while place < len(line):
        char = line[place]
        if line.startswith("\\*", place):
            written.append("\\*")
            place += 2
            continue
        if char == "\0":  # a placeholder, kept as it is
            end = line.index("\0", place + 1) + 1
            written.append(line[place:end])
            place = end
            continue
        is_special = char in _SPECIAL or (char == "*" and not is_bold) or place in shorthand
        starts_list = place == 0 and char in _LIST_SIGNS
        ends_number = numbered is not None and place == numbered.end() - 1
        if char == "\u00a0":
            written.append("~")
        else:
            written.append(f"\\{char}" if is_special or starts_list or ends_number else char)
        place += 1
    return "".join(written)
