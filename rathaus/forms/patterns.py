"""Patterns of a schema (HTML `pattern`: ECMAScript, anchored at both ends), checked in time linear to the text.

They run on RE2, through the rule engine's `matches()`: no pattern, however written, can hang a worker. What RE2 does
not know (look-around, back references) and what is no pattern at all (real schemata hold prose there) never blocks
anybody: `Pattern.compile` says why, the field is then checked by its other limits only, and the check of a service
reports it.
"""

from __future__ import annotations

import json
import re

from rathaus.rules.expressions import STRING, Environment, Expression, RuleError

_TEXT = Environment({"text": STRING})
_ESCAPE = re.compile(
    r"\\u\{([0-9A-Fa-f]{1,6})\}|\\u([0-9A-Fa-f]{4})|\\c([A-Za-z])|\(\?<(?=[A-Za-z_])|\\(.)", re.DOTALL
)
_NEGATED_NOTHING = re.compile(r"\[\^\]")


class Pattern:
    """One compiled pattern. `source` is what the schema says."""

    __slots__ = ("_expression", "source")

    def __init__(self, source: str) -> None:
        """Raises `ValueError` saying why the pattern cannot be used."""
        self.source = source
        literal = json.dumps(f"^(?:{_to_re2(source)})$", ensure_ascii=False)
        try:
            self._expression: Expression = _TEXT.compile(f"text.matches({literal})")
            self._expression.evaluate({"text": ""})
        except RuleError as error:
            raise ValueError(error.message) from None

    def matches(self, text: str) -> bool:
        """Whether the whole text has this form."""
        return bool(self._expression.evaluate({"text": text}))


def _to_re2(source: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        codepoint = found[1] or found[2]
        if codepoint:
            return rf"\x{{{codepoint}}}"
        if found[3]:
            return rf"\x{{{ord(found[3].upper()) - 64:x}}}"
        if found[0] == "(?<":
            return "(?P<"
        return found[0]

    return _ESCAPE.sub(replaced, _NEGATED_NOTHING.sub(r"[\\s\\S]", source))
