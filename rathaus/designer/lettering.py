"""Letters on pages of the designer: what they can say, when they are sent, and how they look with example data."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext as _

from rathaus.building import Vocabulary
from rathaus.catalogue.package import Example, Package
from rathaus.designer.conditions import Conditions
from rathaus.designer.examples import name_of
from rathaus.designer.finding import in_language
from rathaus.designer.opened import Opened
from rathaus.designer.outcomes import Sent, case_for_letter, runnable
from rathaus.editing.lettering import Block, BlockKind, Letter, Names, plain_text
from rathaus.forms.tree import FieldNode
from rathaus.letters import service as letters
from rathaus.processes.examples import ExampleError, run_example

FOLDER = "letters/"
_MOST_PAGES = 6

KIND_NAMES: Mapping[BlockKind, str] = {
    "setup": gettext_noop("Vorbereitung"),
    "greeting": gettext_noop("Anrede"),
    "paragraph": gettext_noop("Absatz"),
    "heading": gettext_noop("Überschrift"),
    "subheading": gettext_noop("Zwischenüberschrift"),
    "note": gettext_noop("Hervorgehobener Hinweis"),
    "answers": gettext_noop("Übersicht der Angaben"),
    "payment": gettext_noop("Betrag und Bankverbindung"),
    "signature": gettext_noop("Unterschrift"),
    "remedy": gettext_noop("Rechtsbehelfsbelehrung"),
    "conditional": gettext_noop("Nur unter einer Bedingung"),
    "part": gettext_noop("Fester Teil"),
}
"""What each kind of block is called."""

NEW_KINDS: tuple[BlockKind, ...] = (
    "paragraph",
    "heading",
    "subheading",
    "note",
    "answers",
    "payment",
    "greeting",
    "signature",
    "remedy",
)
"""Blocks that people can add."""

# Facts every letter knows (docs/letters.md).
_FACTS: Mapping[str, str] = {
    gettext_noop("Aktenzeichen"): "#data.case.reference",
    gettext_noop("Name der Leistung"): "#data.case.service_title",
    gettext_noop("Datum des Eingangs"): "#day(data.case.received_at)",
    gettext_noop("Datum des Schreibens"): "#day(data.letter.date)",
    gettext_noop("Name der Empfängerin oder des Empfängers"): "#data.recipient.name",
    gettext_noop("Stadt"): "#data.town.name",
    gettext_noop("Amtlicher Name der Stadt"): "#data.town.official_name",
    gettext_noop("Zuständige Stelle"): "#data.town.office.name",
    gettext_noop("Telefon der Stelle"): "#data.town.office.phone",
    gettext_noop("E-Mail der Stelle"): "#data.town.office.email",
}
_FEE: Mapping[str, str] = {
    gettext_noop("Gebühr"): "#data.fee.amount_display",
    gettext_noop("Rechtsgrundlage der Gebühr"): "#data.fee.legal_basis",
}


def names_for(opened: Opened, package: Package | None) -> Names:
    """What the letters of a design can say: facts of the case, the fee if there is one, and every answer."""
    known = {gettext(name): source for name, source in _FACTS.items()}
    if package is None or package.service.fee:
        known |= {gettext(name): source for name, source in _FEE.items()}
    vocabulary = Conditions(opened).of_fields(())
    for path, node in vocabulary.tree.nodes.items():
        if isinstance(node, FieldNode) and not (node.is_label or node.is_file):
            label = _placeholder(vocabulary, path)
            known[label if label not in known else f"{label}, {path}"] = f'#answer("{path}")'
    also = {
        # Texts of the town's German in an English letter say so, for screen readers.
        f'#text(lang: "de", {source.removeprefix("#")})': gettext(name)
        for name, source in {**_FACTS, **_FEE}.items()
    }
    return Names.of(known, also)


def _placeholder(vocabulary: Vocabulary, path: str) -> str:
    """The name of an answer, without what placeholders cannot hold."""
    return " ".join(vocabulary.label(path).replace("{", "(").replace("}", ")").split())[:150]


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter of the package: what it is called when it is sent, and at which steps."""

    name: str
    title: str
    steps: tuple[str, ...]


def sendings(opened: Opened, package: Package | None) -> list[Sending]:
    """The letters of a design, by name."""
    files = sorted(name for name in opened.files if name.startswith(FOLDER) and name.endswith(".typ"))
    return [sending(name.removeprefix(FOLDER).removesuffix(".typ"), package) for name in files]


def sending(name: str, package: Package | None) -> Sending:
    """One letter: its title is the first one it is sent with, its steps those that send it."""
    program = runnable(package) if package else None
    elements = program.process.definition.elements.values() if program else ()
    language = (get_language() or "de")[:2]
    sent = [
        element
        for element in elements
        if element.operation == "letter" and element.parameters.get("template") == name
    ]
    titles = [
        element.parameters.get(f"title_{language}") or element.parameters.get("title", "") for element in sent
    ]
    steps = tuple(element.names.get(language) or element.names.get("de", element.id) for element in sent)
    return Sending(name, next(filter(None, titles), name), steps)


@dataclass(frozen=True, slots=True)
class Preview:
    """How a letter looks: pages as `data:` addresses of pictures, or why it cannot be shown."""

    pages: tuple[str, ...] = ()
    more: int = 0
    fault: str = ""
    note: str = ""


def preview(
    opened: Opened, package: Package, letter: Letter, template: str, example: Example | None, language: str
) -> Preview:
    """The letter as it is being written, with the data of an example or, without one, invented data."""
    files = other_letters(opened, template)
    content, note = content_for(opened, package, template, example, language)
    try:
        pages = letters.draft_pages(letter.source.encode(), content, files=files, name=template)
    except letters.LetterError as error:
        return Preview(fault=fault_text(letter, error))
    shown = tuple(f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages[:_MOST_PAGES])
    return Preview(shown, len(pages) - len(shown), note=note)


def content_for(
    opened: Opened, package: Package, template: str, example: Example | None, language: str
) -> tuple[Mapping[str, object], str]:
    """What the letter says of an example's application, and a note if it is not that."""
    if example is not None:
        program = runnable(package)
        try:
            if program is None:
                raise LookupError(template)
            done = run_example(package, program, example)
            title, case = case_for_letter(opened, _sent(package, example, language), done, template)
            return letters.draft_content(case, template, title=title, language=language), ""
        except (LookupError, ExampleError):
            return letters.example_data(language), _(
                "Dieses Beispiel führt nicht zu diesem Schreiben. Zu sehen sind erfundene Angaben."
            )
        except (letters.ContentError, letters.RemedyError) as error:
            return letters.example_data(language), in_language(str(error))
    return letters.example_data(language), ""


def _sent(package: Package, example: Example, language: str) -> Sent:
    return Sent(package, date.fromisoformat(str(example.data["today"])), language)


def example_leading_to(opened: Opened, package: Package, template: str) -> Example | None:
    """The first example whose application would get this letter."""
    program = runnable(package)
    for example in package.examples if program else ():
        try:
            done = run_example(package, program, example) if program else None
            if done is not None:
                case_for_letter(opened, _sent(package, example, "de"), done, template)
                return example
        except (LookupError, ExampleError):
            continue
    return None


def example_called(package: Package, name: str) -> Example | None:
    """The example of this name."""
    return next((one for one in package.examples if name_of(one) == name), None)


def other_letters(opened: Opened, template: str) -> dict[str, bytes]:
    """The templates a letter can import: the others of its package."""
    return {
        name.removeprefix(FOLDER): content
        for name, content in opened.files.items()
        if name.startswith(FOLDER) and name.endswith(".typ") and name != f"{FOLDER}{template}.typ"
    }


def fault_text(letter: Letter, error: letters.LetterError) -> str:
    """What the compiler faults, with the block in which it is."""
    number = block_at(letter, error.line)
    message = in_language(error.message)
    if number is None:
        return _("So lässt sich das Schreiben nicht setzen: %(fault)s") % {"fault": message}
    return _("So lässt sich das Schreiben nicht setzen. Block %(number)s (%(kind)s): %(fault)s") % {
        "number": number + 1,
        "kind": gettext(KIND_NAMES[letter.blocks[number].kind]),
        "fault": message,
    }


def block_at(letter: Letter, line: int) -> int | None:
    """The block in which a line of the template lies."""
    last = 0
    for number, (gap, block) in enumerate(zip(letter.gaps, letter.blocks, strict=False)):
        last += (gap + block.source).count("\n")
        if 0 < line <= last + 1:
            return number
    return None


def begins(block: Block, names: Names) -> str:
    """How a block begins, to tell it from others."""
    for slot in range(len(block.slots)):
        if text := plain_text(block.text(slot, "de"), names):
            return text.splitlines()[0][:60]
    return ""


def lacking(package: Package, template: str, letter: Letter) -> Iterator[str]:
    """Parts that the law demands of this letter and that it does not have."""
    kinds = {block.kind for block in letter.blocks}
    source = letter.source
    if _is_administrative_act(package, template):
        if "remedy" not in kinds and "#remedy(" not in source:
            yield _(
                "Ein Bescheid braucht die Rechtsbehelfsbelehrung (§ 37 Abs. 6 VwVfG). Fügen Sie den Block "
                "„Rechtsbehelfsbelehrung“ hinzu."
            )
        if "signature" not in kinds and "#signature(" not in source:
            yield _(
                "Ein Bescheid nennt, wer ihn erlässt, oder dass er automatisch erlassen ist (§ 37 Abs. 3 und 5 VwVfG). "
                "Fügen Sie den Block „Unterschrift“ hinzu."
            )


def _is_administrative_act(package: Package, template: str) -> bool:
    """Whether the service states a remedy against the letter."""
    stated = package.service.raw.get("remedy", {})
    lands: Sequence[object] = list(stated.values()) if isinstance(stated, Mapping) else []
    return any(isinstance(one, Mapping) and template in one.get("letters", ()) for one in lands)
