"""The letters of a service: their blocks reworded, moved, added and removed, with a look at the real page beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rathaus.catalogue.package import Example, Package
from rathaus.designer import lettering
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save
from rathaus.designer.examples import name_of
from rathaus.designer.lettering import FOLDER, KIND_NAMES, NEW_KINDS, fault_text
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.designer.trial_filling import package_or_none
from rathaus.designer.wording import language_name, words_text
from rathaus.editing import ChangeFiles, Words
from rathaus.editing.lettering import (
    LANGUAGES,
    Block,
    BlockKind,
    Letter,
    Names,
    TextError,
    new_block,
    plain_text,
    read_letter,
    typst_text,
)
from rathaus.editing.words import gettext_noop
from rathaus.letters import service as letters
from rathaus.office.files import inline_pdf

# Blocks whose Typst can be looked at and changed by those who know it.
_RAW: tuple[BlockKind, ...] = ("setup", "conditional", "part")


@dataclass(frozen=True, slots=True)
class TextView:
    """A text of a block in one language, as its field shows it."""

    name: str
    language: str
    language_name: str
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block as the page shows it. `raw`: the Typst of blocks that are not texts alone."""

    number: int
    kind: str
    begins: str
    is_setup: bool
    texts: tuple[tuple[TextView, ...], ...]
    raw: str | None


@dataclass(frozen=True)
class Typed:
    """A letter as somebody has it in front of them: with their texts, and what of it cannot be taken."""

    letter: Letter
    errors: Mapping[str, str]
    texts: Mapping[str, str]  # as typed, by control name


@require_GET
@of_design
def letter_list(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`briefe/`: the letters of the service, and when each is sent."""
    found = lettering.sendings(opened, package_or_none(opened))
    return design_page(request, opened, "designer/letters.html", {"letters": found})


@require_http_methods(["GET", "POST"])
@of_design
def letter(request: HttpRequest, opened: Opened, template: str) -> HttpResponse:
    """`briefe/<template>/`: one letter, block by block."""
    stored = opened.files.get(f"{FOLDER}{template}.typ")
    if stored is None:
        raise Http404
    package = package_or_none(opened)
    names = lettering.names_for(opened, package)
    button, refused = request.POST.get("tun", ""), ""
    typed = _typed(
        request, read_letter(request.POST.get("quelle", stored.decode()).replace("\r\n", "\n")), names
    )
    if typed.errors:
        refused = _("Berichtigen Sie die Texte, an denen ein Hinweis steht.")
    elif button == "speichern":
        outcome = _save(request, opened, package, template, typed.letter)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome.text
    else:
        typed = Typed(_acted(request, typed.letter, button), {}, {})
    language = request.POST.get("sprache", "de")
    language = language if language in LANGUAGES.values() else "de"
    example = _example(request, opened, package, template)
    if button == "pdf" and package and not typed.errors:
        return _pdf(opened, package, typed.letter, template, example, language)
    context = {
        "template": template,
        "sending": lettering.sending(template, package),
        "source": typed.letter.source,
        "blocks": _views(typed, names),
        "new_kinds": [(kind, gettext(KIND_NAMES[kind])) for kind in NEW_KINDS],
        "placeholders": list(names.expressions),
        "examples": [(name_of(one), one.title) for one in package.examples] if package else [],
        "example": name_of(example) if example else "",
        "languages": [(code, language_name(code)) for code in LANGUAGES.values()],
        "language": language,
        "preview": lettering.preview(opened, package, typed.letter, template, example, language)
        if package
        else None,
        "refused": refused,
        "typed": request.POST,
        "pressed": button,
    }
    status = 422 if refused and button else 200
    return design_page(request, opened, "designer/letter.html", context, status=status)


def _example(request: HttpRequest, opened: Opened, package: Package | None, template: str) -> Example | None:
    if package is None:
        return None
    if "beispiel" in request.POST:
        return lettering.example_called(package, request.POST["beispiel"])
    return lettering.example_leading_to(opened, package, template)


def _typed(request: HttpRequest, letter: Letter, names: Names) -> Typed:
    """The letter with what was typed into its fields; what cannot be taken is kept beside it."""
    errors: dict[str, str] = {}
    texts: dict[str, str] = {}
    for number, block in enumerate(letter.blocks):
        raw = request.POST.get(f"b{number}.typst")
        if (
            raw is not None
            and (given := raw.replace("\r\n", "\n").strip("\n")) != block.source
            and given.strip()
        ):
            letter = _replaced(letter, number, given)
            continue
        changed: dict[tuple[int, str], str] = {}
        for slot in range(len(block.slots)):
            for language in LANGUAGES:
                name = f"b{number}.{slot}.{language}"
                if (plain := request.POST.get(name)) is None:
                    continue
                before = block.text(slot, language)
                texts[name] = plain.replace("\r\n", "\n")
                try:
                    written = typst_text(plain, before, names)
                except TextError as error:
                    errors[name] = words_text(error.words)
                    continue
                if written != before:
                    changed[slot, language] = written
        if changed:
            letter = letter.with_block(number, block.with_texts(changed))
    return Typed(letter, errors, texts)


def _replaced(letter: Letter, number: int, source: str) -> Letter:
    """The letter with other Typst in place of a block, which may hold several blocks or none."""
    block = Block(letter.blocks[number].kind, source)
    return read_letter(letter.with_block(number, block).source)


def _acted(request: HttpRequest, letter: Letter, button: str) -> Letter:
    """The letter after a button of a block was pressed."""
    act, _colon, place = button.partition(":")
    if not place.isdecimal() or len(place) > 4 or int(place) >= len(letter.blocks):
        return letter
    number = int(place)
    match act:
        case "hoch":
            return letter.moved(number, -1)
        case "runter":
            return letter.moved(number, 1)
        case "weg":
            return letter.without(number)
        case "dazu":
            kind = request.POST.get(f"b{number}.dazu", "")
            if kind in NEW_KINDS:
                first = {"de": _("Neuer Text"), "en": "New text"}
                return letter.with_new(number, new_block(kind, first))
    return letter


def _views(typed: Typed, names: Names) -> list[BlockView]:
    views = []
    for number, block in enumerate(typed.letter.blocks):
        texts = tuple(
            tuple(
                TextView(
                    name := f"b{number}.{slot}.{language}",
                    code[:2],
                    language_name(code),
                    typed.texts.get(name, plain_text(block.text(slot, language), names)),
                    typed.errors.get(name, ""),
                )
                for language, code in LANGUAGES.items()
            )
            for slot in range(len(block.slots))
        )
        is_raw = block.kind in _RAW or (not texts and block.kind in ("note", "heading", "paragraph"))
        views.append(
            BlockView(
                number,
                gettext(KIND_NAMES[block.kind]),
                lettering.begins(block, names),
                block.kind == "setup",
                texts,
                block.source if is_raw else None,
            )
        )
    return views


def _save(
    request: HttpRequest, opened: Opened, package: Package | None, template: str, letter: Letter
) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    name = f"{FOLDER}{template}.typ"
    if package and (lacking := list(lettering.lacking(package, template, letter))):
        return Refused(" ".join(lacking))
    others = lettering.other_letters(opened, template)
    if error := letters.draft_fault(letter.source.encode(), files=others, name=template):
        return Refused(fault_text(letter, error))
    after = {**seen.files, name: letter.source.encode()}
    back = reverse("designer:letter", args=[opened.design.pk, template])
    if after == seen.files:
        return save(request, opened, [], back=back)
    words = Words(gettext_noop("Schreiben „%(name)s“ geändert"), {"name": template})
    touches = _touched(name, read_letter(seen.files[name].decode()), letter)
    return save(request, opened, [ChangeFiles.between(seen.files, after, words, touches=touches)], back=back)


def _touched(name: str, before: Letter, after: Letter) -> frozenset[str]:
    """The places of a change: single blocks if only their texts are others, else the letter as a whole."""
    kinds: Sequence[BlockKind] = [block.kind for block in before.blocks]
    if kinds != [block.kind for block in after.blocks]:
        return frozenset({f"file:{name}"})
    pairs = zip(before.blocks, after.blocks, strict=True)
    return frozenset(
        f"file:{name}/{number}" for number, (one, other) in enumerate(pairs, start=1) if one != other
    )


def _pdf(
    opened: Opened, package: Package, letter: Letter, template: str, example: Example | None, language: str
) -> HttpResponse:
    content, _note = lettering.content_for(opened, package, template, example, language)
    try:
        files = lettering.other_letters(opened, template)
        pdf = letters.render(letter.source.encode(), content, files=files, name=template)
    except letters.LetterError as error:
        text = fault_text(letter, error)
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    return inline_pdf(pdf, f"{_('Entwurf')} {lettering.sending(template, package).title}")


urls = [
    path("entwurf/<int:design>/briefe/", letter_list, name="letters"),
    path("entwurf/<int:design>/briefe/<slug:template>/", letter, name="letter"),
]
