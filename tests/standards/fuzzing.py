"""Mutated files of XDatenfelder, read and written again: nothing may crash, hang or grow.

`script/fuzz` runs this file; the tests run a short version. Every file is made from its number alone, so a finding is
repeated with `--first N --count 1`. The originals are the real files beside the project and one of our own.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.reader import XdfError
from rathaus.standards.xdatenfelder.writer import write_schema

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5
MEGABYTES = 500
_HOSTILE = [
    b"<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]>",
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    b"&b;",
    b"&#x0;",
    b"&#xD800;",
    b"<![CDATA[",
    b"]]>",
    b"<?xml version='1.1'?>",
    b"<?xml version='1.0' encoding='utf-7'?>",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"99999999999999999999999",
    b"-1:0",
    b"0:0",
    b"*:*",
    b"1:1:1",
    "1²:٣".encode(),
    b'{"minLength":"1e999","pattern":"(((("}',
    b"[[[[[[[[[[[[" * 50,
    "„≤“\u202e\u0000".encode(),
    b"<xdf3:datenfeldgruppe>" * 60,
    b' a="' + b"x" * 5000 + b'"',
]
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([\w.]+)(?:\s[^<>]*)?>[^<>]*</(?:[\w.-]+:)?\1>")
_TEXT = re.compile(rb">([^<>]{1,60})<")


def originals() -> list[bytes]:
    """What is mutated, the small files more often than the large ones."""
    files = [PROJECT_ROOT / "services/gewerbeanmeldung/schema.xdf.xml"]
    files += sorted((PROJECT_ROOT.parent / "shared/data/xdatenfelder").glob("[123]*/*.xml"))
    contents = [file.read_bytes() for file in files]
    return [content for content in contents for _ in range(max(1, 600_000 // len(content)))]


def mutated(number: int, contents: list[bytes]) -> bytes:
    """The file with this number."""
    chance = random.Random(number)
    data = bytearray(chance.choice(contents))
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = _mutate(data, chance)
    return bytes(data)


def _mutate(data: bytearray, chance: random.Random) -> bytearray:
    if not data:
        return bytearray(b"<a/>")
    place = chance.randrange(len(data))
    kind = chance.randrange(9)
    if kind == 0:
        data[place] = chance.randrange(256)
    elif kind == 1:
        del data[place : place + chance.choice((1, 2, 20, 2000))]
    elif kind == 2:
        start = chance.randrange(len(data))
        data[place:place] = data[start : start + chance.choice((1, 30, 3000))]
    elif kind == 3:
        data[place:place] = chance.choice(_HOSTILE)
    elif kind == 4:
        del data[place:]
    elif kind in (5, 6):
        pattern = _TEXT if kind == 5 else _ELEMENT
        found = pattern.search(data, place) or pattern.search(data)
        if found:
            group = 1 if kind == 5 else 0
            other = pattern.search(data, chance.randrange(len(data))) or found
            replacement = chance.choice((chance.choice(_HOSTILE), b"", bytes(other[group])))
            data[found.start(group) : found.end(group)] = replacement
    elif kind == 7:
        # A subtree twice, or inside itself.
        found = _ELEMENT.search(data, place)
        if found:
            data[found.end() : found.end()] = bytes(found[0]) * chance.choice((1, 2, 40))
    else:
        name = chance.choice(
            (b"id", b"anzahl", b"enthaelt", b"code", b"struktur", b"name", b"werte", b"datenfeld")
        )
        data = bytearray(re.sub(rb"(</?(?:[\w.-]+:)?)" + name + rb"\b", rb"\1x", bytes(data), count=2))
    return data


def read_and_write(content: bytes) -> bool:
    """Whether the content is a schema; what is written of it must be read and written again the same.

    Bytes are compared: what a broken file leaves out is written as the standard's placeholder.
    """
    try:
        schema = read_document(content).schema
    except XdfError:
        return False
    written = write_schema(schema)
    assert write_schema(read_document(written).schema) == written, (
        "written and read again, the schema is another"
    )
    return True


def _largest_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(first: int, count: int) -> int:
    """Mutate and read files of these numbers in this process; returns how many were schemata."""
    contents = originals()
    accepted = 0
    # What the process held before counts for nobody: the tests share one with many others.
    before = _largest_megabytes()
    for number in range(first, first + count):
        content = mutated(number, contents)
        # Ends the process with a traceback if one file takes longer, even inside C.
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        try:
            accepted += read_and_write(content)
        except BaseException:
            print(f"file {number}", file=sys.stderr)
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
        used = _largest_megabytes() - before
        if used > MEGABYTES:
            raise SystemExit(f"file {number}: {used} MB")
    print(f"{accepted} {_largest_megabytes()}")
    return accepted


def main() -> int:
    """Spread the numbers over processes; exit code 1 if one of them crashed, hung or grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many files (default 100,000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--here", action="store_true", help="in this process")
    options = parser.parse_args()
    if options.here:
        run(options.first, options.count)
        return 0
    started = time.monotonic()
    batch = max(1, min(1000, -(-options.count // options.processes)))
    waiting = [
        (first, min(batch, options.first + options.count - first))
        for first in range(options.first, options.first + options.count, batch)
    ]
    running: list[tuple[int, int, subprocess.Popen[str]]] = []
    done = accepted = largest = failed = 0
    while waiting or running:
        while waiting and len(running) < options.processes:
            first, count = waiting.pop(0)
            command = [sys.executable, "-m", "tests.standards.fuzzing", "--here"]
            command += ["--first", str(first), "--count", str(count)]
            process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            running.append((first, count, process))
        first, count, process = running.pop(0)
        output, errors = process.communicate()
        done += count
        if process.returncode:
            failed += 1
            print(
                f"files {first} to {first + count - 1}: exit code {process.returncode}\n{errors}",
                file=sys.stderr,
            )
        else:
            schemata, megabytes = map(int, output.split())
            accepted, largest = accepted + schemata, max(largest, megabytes)
        print(
            f"\r{done} files, {accepted} schemata, at most {largest} MB, {failed} failed", end="", flush=True
        )
    print(f", {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
