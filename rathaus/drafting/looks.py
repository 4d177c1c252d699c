"""What a form says other than its schema: labels on one line, a short hint before a long explanation."""

from __future__ import annotations

from rathaus.drafting.paging import clean, name_of, shortened
from rathaus.forms.tree import GroupNode, Node

_LONG_HELP = 200


def look_of(node: Node, *, is_cut: bool = False) -> dict[str, str]:
    """Label, help and details where they differ from the node's own.

    `is_cut`: the help is cut in two whatever its length, as that of another language was.
    """
    look: dict[str, str] = {}
    label = name_of(node)
    if label != node.label:
        look["label"] = label
    help_ = node.help
    has_help = not (isinstance(node, GroupNode) and not node.is_partial_date)
    if has_help and help_ and (is_cut or len(help_) > _LONG_HELP):
        first, rest = _first_sentence(help_)
        if rest:
            look["help"], look["details"] = first, rest
        elif is_cut:
            look["help"], look["details"] = shortened(help_, _LONG_HELP), help_
    return look


def _first_sentence(text: str) -> tuple[str, str]:
    flat = clean(text)
    for end in (". ", "! ", "? ", ": "):
        position = flat.find(end)
        if 20 < position < _LONG_HELP:
            return flat[: position + 1], flat[position + 2 :].strip()
    return flat, ""
