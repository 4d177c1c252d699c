"""Writing TOML as people would: tables in order, one key a line, long lists over several lines.

Editing keeps what people wrote (`rathaus.editing.blocks`); this writes files that did not exist before, many times
faster than a parser that remembers every blank.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LINE = 110


def key(name: str) -> str:
    """A key, quoted where TOML needs it."""
    return name if _BARE.fullmatch(name) else text(name)


def text(content: str) -> str:
    """A text as a basic string. JSON's escapes are TOML's, but for DEL."""
    # Half characters cannot be encoded; no file may hold them.
    clean = content.encode("utf-8", "replace").decode()
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")


def value(content: Any) -> str:
    """A value on one line. Raises `TypeError` for what TOML does not know (None)."""
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, (int, float)):
        return str(content)
    if isinstance(content, str):
        return text(content)
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, Mapping):
        inner = ", ".join(f"{key(str(name))} = {value(item)}" for name, item in content.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(content, Sequence):
        return f"[{', '.join(map(value, content))}]"
    raise TypeError(f"TOML has no {type(content).__name__}")


def pairs(table: Mapping[str, Any]) -> str:
    """The lines of a table without its heading."""
    return "".join(f"{key(name)} = {_wrapped(key(name), content)}\n" for name, content in table.items())


def _wrapped(name: str, content: Any) -> str:
    line = value(content)
    is_list = isinstance(content, Sequence) and not isinstance(content, str)
    if not is_list or len(name) + 3 + len(line) <= _LINE:
        return line
    return "[\n" + "".join(f"    {value(item)},\n" for item in content) + "]"


def table(heading: str, content: Mapping[str, Any]) -> str:
    """`[heading]` with its lines and a blank line behind; nested mappings become tables of their own."""
    plain = {name: item for name, item in content.items() if not _is_table(item)}
    written = f"[{heading}]\n{pairs(plain)}\n" if plain or not content else ""
    return written + "".join(
        table(f"{heading}.{key(name)}", item) for name, item in content.items() if _is_table(item)
    )


def _is_table(content: Any) -> bool:
    return isinstance(content, Mapping) and bool(content)


def entry(heading: str, content: Mapping[str, Any]) -> str:
    """`[[heading]]` with its lines and a blank line behind."""
    return f"[[{heading}]]\n{pairs(content)}\n"
