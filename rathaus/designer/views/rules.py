"""The rules that a FIM schema brought: confirmed, written by people, dismissed, and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rathaus.building import Frame
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save
from rathaus.designer.opened import Opened
from rathaus.designer.rulebook import KINDS, RuleCards
from rathaus.designer.rules import fault_of
from rathaus.designer.sheet import FORMULA, WHEN, Sheet
from rathaus.designer.shell import design_page
from rathaus.designer.wording import field_label, words_text
from rathaus.drafting.rulebook import RulebookError, RuleEffect, RuleEntry
from rathaus.editing import (
    ConfirmRule,
    DismissRule,
    Edit,
    EditError,
    RenewExamples,
    ReopenRule,
    WriteRule,
    confirm_understood,
)

_MOST_EFFECTS = 8


@dataclass(frozen=True, slots=True)
class TypedEffect:
    """An effect as somebody writes it: what it does (`kind`), to which question (`target`), when (`sheet`)."""

    name: str
    kind: str
    target: str
    message: str
    sheet: Sheet

    @property
    def effect(self) -> RuleEffect:
        """The effect as the rulebook has it."""
        return RuleEffect(self.kind, self.target, self.sheet.rule, self.message.strip())


@require_http_methods(["GET", "POST"])
@of_design
def rules(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`regeln/`: every rule of the schema; those that are open first, with what they mean and when they hold."""
    try:
        cards = RuleCards(opened)
    except RulebookError as error:
        return design_page(request, opened, "designer/rules.html", {"unreadable": str(error)})
    refused = None
    if request.method == "POST":
        outcome = _confirm_all(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    return design_page(
        request,
        opened,
        "designer/rules.html",
        {
            "unreadable": "",
            "refused": refused.text if refused else "",
            "open": [cards.card(entry, tables=True) for entry in cards.open_entries],
            "proposed": sum(1 for entry in cards.open_entries if entry.is_certain),
            "decided": list(cards.decided()),
        },
        status=422 if refused else 200,
    )


def _confirm_all(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    try:
        found = confirm_understood(seen.files)
    except EditError as error:
        return Refused(words_text(error.words))
    if not found.confirmed:
        return Refused(
            _(
                "Diese Regeln passen nicht zusammen oder lassen sich so nicht anwenden. Sehen Sie sie einzeln an."
            )
        )
    if found.left:
        names = ", ".join(entry.name or entry.id for entry in found.left)
        text = ngettext(
            "Offen bleibt eine Regel, die mit den anderen nicht zusammenpasst: %(names)s.",
            "Offen bleiben %(count)s Regeln, die mit den anderen nicht zusammenpassen: %(names)s.",
            len(found.left),
        )
        messages.warning(request, text % {"count": len(found.left), "names": names})
    return save(request, opened, [found.edit], back=reverse("designer:rules", args=[opened.design.pk]))


@require_http_methods(["GET", "POST"])
@of_design
def rule(request: HttpRequest, opened: Opened, rule: str) -> HttpResponse:
    """`regeln/<rule>/`: one rule beside what it means; confirm it, write it, dismiss it, or open it again."""
    cards, entry = _found(opened, rule)
    button, refused, looked = request.POST.get("tun", ""), None, False
    if request.method == "POST":
        if button in _ACTS:
            outcome = _ACTS[button](request, opened, entry)
            if not isinstance(outcome, Refused):
                return outcome
            refused = outcome
        looked = button in ("schreiben", "pruefen")
    effects = [_pressed(one, button) for one in _effects(request, cards, entry)]
    if button == "wirkung:dazu" and len(effects) < _MOST_EFFECTS:
        effects.append(_new_effect(cards, entry, len(effects)))
    return design_page(
        request,
        opened,
        "designer/rule.html",
        {
            "card": cards.card(entry, tables=True),
            "effects": [
                (one, one.sheet.items(faults=looked), one.sheet.error if looked else "") for one in effects
            ],
            "kinds": [(kind, gettext(text)) for kind, text in KINDS.items()],
            "targets": _targets(cards, effects),
            "may_add": len(effects) < _MOST_EFFECTS,
            "writes": button not in ("", "bestaetigen", "entfaellt", "oeffnen") or not entry.effects,
            "pressed": button,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


@require_POST
@of_design
def check_rule(request: HttpRequest, opened: Opened, rule: str) -> JsonResponse:
    """`regeln/<rule>/pruefen/`: the conditions typed so far as sentence and formula, and what is wrong with them."""
    cards, entry = _found(opened, rule)
    sheets = [one.sheet for one in _effects(request, cards, entry)]
    return JsonResponse(
        {
            sheet.name: {"sentence": sheet.sentence, "rule": sheet.rule, "error": sheet.error}
            for sheet in sheets
        }
    )


def _found(opened: Opened, key: str) -> tuple[RuleCards, RuleEntry]:
    try:
        cards = RuleCards(opened)
    except RulebookError:
        raise Http404 from None
    entry = cards.entry(key)
    if entry is None:
        raise Http404
    return cards, entry


def _effects(request: HttpRequest, cards: RuleCards, entry: RuleEntry) -> list[TypedEffect]:
    """What was typed; before anything was, what is written or proposed, or one empty effect."""
    if "w0.wirkung" not in request.POST:
        stated = entry.own or entry.effects
        return [_stated(cards, number, effect) for number, effect in enumerate(stated)] or [
            _new_effect(cards, entry, 0)
        ]
    removed = request.POST.get("tun", "").removeprefix("wirkung:weg:")
    effects: list[TypedEffect] = []
    for number in range(_MOST_EFFECTS):
        name = f"w{number}"
        if f"{name}.wirkung" not in request.POST:
            break
        kind = request.POST[f"{name}.wirkung"]
        kind = kind if kind in KINDS else next(iter(KINDS))
        target = request.POST.get(f"{name}.ziel", "")
        message = request.POST.get(f"{name}.hinweis", "").replace("\r\n", "\n")
        sheet = _sheet(cards, name, kind, target, request.POST.get(f"{name}.regel", "")).typed(request.POST)
        effects.append(TypedEffect(name, kind, target, message, sheet))
    if removed.isdecimal() and int(removed) < len(effects) > 1:
        del effects[int(removed)]
        return [_renamed(one, number) for number, one in enumerate(effects)]
    return effects


def _stated(cards: RuleCards, number: int, effect: RuleEffect) -> TypedEffect:
    target = effect.target or next(iter(effect.fields), "")
    sheet = _sheet(cards, f"w{number}", effect.kind, target, effect.condition)
    return TypedEffect(f"w{number}", effect.kind, target, effect.message, sheet)


def _new_effect(cards: RuleCards, entry: RuleEntry, number: int) -> TypedEffect:
    kind = next(iter(KINDS))
    target = entry.bearer if entry.bearer in cards.conditions.tree.nodes else ""
    return TypedEffect(f"w{number}", kind, target, "", _sheet(cards, f"w{number}", kind, target, ""))


def _sheet(cards: RuleCards, name: str, kind: str, target: str, condition: str) -> Sheet:
    return Sheet.of_rule(name, cast(Frame, kind), (WHEN, FORMULA), cards.vocabulary(kind, target), condition)


def _renamed(one: TypedEffect, number: int) -> TypedEffect:
    name = f"w{number}"
    return replace(one, name=name, sheet=replace(one.sheet, name=name))


def _pressed(one: TypedEffect, button: str) -> TypedEffect:
    name, _colon, act = button.partition(":")
    return replace(one, sheet=one.sheet.pressed(act)) if name == one.name else one


def _targets(cards: RuleCards, effects: Sequence[TypedEffect]) -> list[tuple[str, str]]:
    """Questions and groups that a rule can be about."""
    vocabulary = cards.conditions.of_fields(())
    known = [(node.address, vocabulary.label(node.address)) for node in cards.conditions.tree.nodes.values()]
    missing = {one.target for one in effects if one.target} - {address for address, _label in known}
    return [*known, *((address, field_label(cards.opened, address)) for address in sorted(missing))]


def _confirm(request: HttpRequest, opened: Opened, entry: RuleEntry) -> HttpResponse | Refused:
    return _decide(request, opened, ConfirmRule.of(entry))


def _write(request: HttpRequest, opened: Opened, entry: RuleEntry) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    effects = _effects(request, RuleCards(seen), entry)
    for number, one in enumerate(effects, start=1):
        about = _("Wirkung %(number)s: ") % {"number": number} if len(effects) > 1 else ""
        if not one.target:
            return Refused(about + _("Wählen Sie die Frage, um die es geht."))
        if not one.sheet.rule or one.sheet.error:
            return Refused(about + (one.sheet.error or _("Stellen Sie auf, wann die Regel gilt.")))
    edit = WriteRule.of(entry.key, *(one.effect for one in effects))
    if fault := fault_of(seen, edit):
        return fault
    return _decide(request, opened, edit)


def _dismiss(request: HttpRequest, opened: Opened, entry: RuleEntry) -> HttpResponse | Refused:
    return _decide(request, opened, DismissRule(entry.key, request.POST.get("warum", "").strip()))


def _reopen(request: HttpRequest, opened: Opened, entry: RuleEntry) -> HttpResponse | Refused:
    return _decide(request, opened, ReopenRule.of(entry, keep="bleibt" in request.POST))


_ACTS = {"bestaetigen": _confirm, "schreiben": _write, "entfaellt": _dismiss, "oeffnen": _reopen}


def _decide(request: HttpRequest, opened: Opened, edit: Edit) -> HttpResponse | Refused:
    """Save a decision; drafted examples that the form does not accept any more are made anew with it."""
    edits = [edit]
    try:
        changed = edit.apply(opened.files)
        if RenewExamples().apply(changed) != changed:
            edits.append(RenewExamples())
    except EditError:  # said when it is saved, or shown as a conflict with what others did
        pass
    return save(request, opened, edits, back=reverse("designer:rules", args=[opened.design.pk]))


urls = [
    path("entwurf/<int:design>/regeln/", rules, name="rules"),
    path("entwurf/<int:design>/regeln/<str:rule>/", rule, name="rule"),
    path("entwurf/<int:design>/regeln/<str:rule>/pruefen/", check_rule, name="check_rule"),
]
