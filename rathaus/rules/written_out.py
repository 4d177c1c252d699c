"""The house's functions written out in plain CEL, so that a rule that calls them never leaves the engine.

A call into Python costs ten times what the engine's own functions cost, and the engine (0.1.3) never frees the
arguments of such a call, so every evaluation would leave some memory behind. After a rule was compiled and checked,
its calls are therefore replaced in the syntax tree:

`years_between`, `days_between`   by the engine's own functions of dates
`folded`, `contains_any`          by looking up the text in a table of prepared texts that is bound beside the answers
                                  (`TEXTS`, `WORDS`; prepared in Python from the answers the rule names)

An argument that is needed several times is bound once (`cel.bind`), except in rules that loop over entries: where a
loop ends early, the engine (0.1.3) leaves its entry in the place of the next bound value. There, it is repeated.

What stays a call is rare: a text that a rule puts together itself, and words that are not spelt out in the rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings

from rathaus.rules.functions import bare_words, folded, stem
from rathaus.rules.syntax import CheckedSyntax, Template

TEXTS, WORDS = "@texts", "@words"
"""Variables rules cannot name: texts → folded texts, texts → their words (see `PreparedTexts`)."""
TABLES = {name: cel.Type.Map(cel.Type.STRING, cel.Type.STRING) for name in (TEXTS, WORDS)}

_TEXT_FUNCTIONS = frozenset({"folded", "contains_any"})
_YEARS = """
{later}.getFullYear() - {earlier}.getFullYear()
- ({later}.getMonth() * 32 + {later}.getDayOfMonth() < {earlier}.getMonth() * 32 + {earlier}.getDayOfMonth() ? 1 : 0)
"""
# The engine counts from 1970; from the year 1 on, no moment is negative and division rounds down.
_DAYS = "(int({moment}) + 62135596800) / 86400"
_SOURCES = {
    "years_between": "start <= end ? "
    + _YEARS.format(earlier="start", later="end")
    + f": -({_YEARS.format(earlier='end', later='start')})",
    "days_between": f"{_DAYS.format(moment='end')} - {_DAYS.format(moment='start')}",
    "folded": "text in texts ? texts[text] : folded(text)",
}
_PARAMETERS = {"years_between": ("start", "end"), "days_between": ("start", "end"), "folded": ("text",)}


class PreparedTexts:
    """The folded forms of the texts given to some rules: made once for one binding of values."""

    def __init__(self) -> None:
        # What nobody answered is an empty text.
        self._tables: dict[str, dict[str, str]] = {TEXTS: {"": ""}, WORDS: {"": " "}}

    def tables(self, values: Mapping[str, object], paths: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """The tables with every text that stands at one of the template paths in `values`."""
        for path in paths:
            head, *steps = path.split(".")
            for text in _texts_at(values.get(head), steps):
                if text not in self._tables[TEXTS]:
                    self._tables[TEXTS][text] = folded(text)
                    self._tables[WORDS][text] = f" {bare_words(text)}"
        return self._tables


def _texts_at(value: object, steps: Sequence[str]) -> Iterable[str]:
    if isinstance(value, str):
        if not steps:
            yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts_at(item, steps)
    elif isinstance(value, Mapping) and steps:
        yield from _texts_at(value.get(steps[0]), steps[1:])


def write_out(syntax: CheckedSyntax) -> tuple[bool, bool]:
    """Replace the house's functions in a tree. Returns whether anything was replaced, and whether it needs `TABLES`."""
    replaced = needs_tables = False
    bound = not syntax.loops()
    for call in syntax.calls():
        template = _template_for(call, bound)
        if template is not None:
            needs_tables |= call.call_expr.function in _TEXT_FUNCTIONS
            syntax.replace_call(call, template)
            replaced = True
    return replaced, needs_tables


def _template_for(call: Any, bound: bool) -> Template | None:
    function = call.call_expr.function
    if function == "folded" and call.call_expr.args[0].const_expr.HasField("string_value"):
        return _template((), json.dumps(folded(call.call_expr.args[0].const_expr.string_value)), bound)
    if function in _SOURCES:
        return _template(_PARAMETERS[function], _SOURCES[function], bound)
    if function == "contains_any":
        return _words_template(call.call_expr.args[1], bound)
    return None


def _words_template(listed: Any, bound: bool) -> Template | None:
    """Words that stand in the rule are looked for one by one; None if they come from somewhere else."""
    if not all(word.const_expr.HasField("string_value") for word in listed.list_expr.elements):
        return None
    spelt = [word.const_expr.string_value for word in listed.list_expr.elements]
    if not spelt:
        return None
    found = [f"words[text].contains({json.dumps(f' {wanted}')})" for word in spelt if (wanted := stem(word))]
    looked_up = " || ".join(found) or "false"
    return _template(
        ("text",),
        f"text in words ? ({looked_up}) : contains_any(text, {json.dumps(spelt, ensure_ascii=False)})",
        bound,
    )


@cache
def _environment() -> Any:
    text, moment = cel.Type.STRING, cel.Type.TIMESTAMP
    parameters = {"start": moment, "end": moment, "text": text}
    parameters |= {f"{name}_": kind for name, kind in parameters.items()}
    tables = {name.removeprefix("@"): kind for name, kind in TABLES.items()}
    declared = [
        _declared("folded", cel.Type.STRING, text),
        _declared("contains_any", cel.Type.BOOL, text, cel.Type.List(text)),
    ]
    return cel.NewEnv(
        variables={**parameters, **tables}, functions=declared, extensions=[ext_bindings.ExtBindings()]
    )


def _declared(name: str, result: Any, *parameters: Any) -> Any:
    overload = cel.Overload(f"rathaus_{name}", return_type=result, parameters=parameters)
    return cel.FunctionDecl(name, [overload])


@lru_cache(maxsize=1024)
def _template(parameters: tuple[str, ...], source: str, bound: bool) -> Template:
    tables = [name.removeprefix("@") for name in TABLES]
    if not bound:
        return Template.read(_environment().compile(source).serialize(), parameters, tables)
    for parameter in reversed(parameters):
        source = f"cel.bind({parameter}, {parameter}_, {source})"
    compiled = _environment().compile(source)
    return Template.read(compiled.serialize(), [f"{name}_" for name in parameters], [*parameters, *tables])
