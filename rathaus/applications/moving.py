"""Drafts whose service has a newer version: what becomes of their answers, before it is published and when it is live.

A draft moves when its applicant comes back, once; what it kept of the move is `Draft.moved`:

    {"revision": of the draft when it moved, "kept": number of answers, "new": [template paths asked only now],
     "aside": [{"version": primary key, "path": [steps], "value": …, "why": "gone" | "refused"}, …]}

Answers set aside stay with the draft, through further moves too, until it is sent or deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from rathaus.applications.models import Draft
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package
from rathaus.catalogue.service import package_of, version_with
from rathaus.forms.keys import Path, html_name, path_from_html_name
from rathaus.forms.moving import Move, SetAside
from rathaus.forms.tree import FieldNode
from rathaus.towns.service import rule_context

_LOOKED_AT = 100  # drafts, the last edited ones: moving them takes up to some hundredths of a second each


def moved_values(draft: Draft, live: ServiceVersion, language: str) -> dict[str, Any]:
    """What of a draft changes when it moves to the live version: answers, typed, visited, moved."""
    old, new = package_of(draft.service), package_of(live)
    before = draft.moved.get("aside", [])
    if old.content_hash == new.content_hash:
        return {"moved": {"aside": before} if before else {}}
    move = Move(old.form, new.form)
    found = move(draft.answers, language=language, **rule_context(timezone.localdate()))
    keys = new.form.page_ids
    kept_typed, refused = _typed(draft.typed, move, keys)
    aside = [
        {"version": draft.service_id, "path": list(one.path), "value": one.value, "why": one.why}
        for one in (*found.set_aside, *(typed for typed in refused if not _is_told(typed, found.set_aside)))
    ]
    moved: dict[str, Any] = {}
    if aside or found.newly_open:
        moved = {
            "revision": draft.revision + 1,
            "kept": len(found.kept) + len(found.moved),
            "new": list(found.newly_open),
        }
    if aside or before:
        moved["aside"] = [*before, *aside]
    return {
        "answers": found.answers,
        "typed": kept_typed,
        "visited": [key for key in draft.visited if key.rpartition(".")[2] in keys or key in move.paths],
        "moved": moved,
    }


def _typed(
    typed: Mapping[str, Mapping[str, Sequence[str]]], move: Move, keys: Collection[str]
) -> tuple[dict[str, Any], list[SetAside]]:
    """What was typed and did not pass yet: it goes along with its question; without one, it is set aside."""
    kept: dict[str, Any] = {}
    aside: list[SetAside] = []
    for page, inputs in typed.items():
        for name, values in inputs.items():
            path = path_from_html_name(name)
            target = _target(path, move)
            if target and page.rpartition(".")[2] in keys:
                kept.setdefault(page, {})[html_name(target)] = list(values)
            else:
                aside += [SetAside(path, value, "gone") for value in values if value]
    return kept, aside


def _is_told(typed: SetAside, aside: Sequence[SetAside]) -> bool:
    """Whether an answer was set aside where something was typed: a page that does not pass keeps both."""
    return any(typed.path[: len(one.path)] == one.path for one in aside)


def _target(path: Path, move: Move) -> Path | None:
    """Where a control's name leads in the new form; day, month and year of a date lie below the date."""
    for length in (len(path), len(path) - 1):
        if target := move.target(path[:length]):
            return (*target, *path[length:])
    return None


@dataclass(frozen=True, slots=True)
class Aside:
    """An answer that has no place any more, as people read it; `is_gone`: its question is not asked any more."""

    label: str
    value: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class News:
    """What an applicant reads of a move. `asked` are the questions that are new, `is_fresh` until they save a page."""

    kept: int
    asked: tuple[str, ...]
    aside: tuple[Aside, ...]
    is_fresh: bool


def news_of(draft: Draft, language: str) -> News | None:
    """What the last move changed; None if there is nothing to say."""
    moved = draft.moved
    if not moved:
        return None
    form = package_of(draft.service).form
    asked = [form.label(path, language) for path in moved.get("new", []) if path in form.tree.nodes]
    return News(
        kept=moved.get("kept", 0),
        asked=tuple(dict.fromkeys(asked)),
        aside=tuple(_aside(moved.get("aside", []), language)),
        is_fresh=moved.get("revision") == draft.revision,
    )


def _aside(entries: Sequence[Mapping[str, Any]], language: str) -> Iterator[Aside]:
    for entry in entries:
        form = package_of(version_with(entry["version"])).form
        address = ".".join(step for step in entry["path"] if isinstance(step, str))
        node, value = form.tree.nodes.get(address), entry["value"]
        is_gone = entry["why"] == "gone"
        if not isinstance(node, FieldNode):
            yield Aside(address, str(value), is_gone)
            continue
        label = form.label(address, language)
        if node.parent is not None and node.parent.is_partial_date:
            label = f"{form.label(node.parent.address, language)}: {label}"
        try:
            shown = form.display(address, [value] if node.repeatable else value, language)
        except (ValueError, TypeError, LookupError):  # typed, and no answer yet
            shown = str(value)
        yield Aside(label, shown, is_gone)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a version would do to drafts that are being filled in: numbers only.

    `drafts`: all of the service; `looked_at`: the last edited of them, to which the other numbers belong. `quiet`:
    nobody would notice; `with_aside`: some answer fits no more; `with_new`: something is asked that was not.
    """

    drafts: int
    looked_at: int
    quiet: int
    with_aside: int
    with_new: int


def outlook(key: str, package: Package) -> Outlook:
    """What would become of the active town's drafts of a service if this package were live."""
    begun = Draft.objects.filter(service__key=key, submitted_at=None)
    context = rule_context(timezone.localdate())
    moves: dict[int, Move] = {}
    looked_at = quiet = with_aside = with_new = 0
    for version, answers in begun.order_by("-updated_at").values_list("service_id", "answers")[:_LOOKED_AT]:
        if version not in moves:
            moves[version] = Move(package_of(version_with(version)).form, package.form)
        found = moves[version](answers, **context)
        looked_at += 1
        quiet += found.is_quiet
        with_aside += bool(found.set_aside)
        with_new += bool(found.newly_open)
    drafts = begun.count() if looked_at == _LOOKED_AT else looked_at
    return Outlook(drafts, looked_at, quiet, with_aside, with_new)
