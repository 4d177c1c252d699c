"""Every letter is PDF/UA-1 and PDF/A-2a, before and after sealing: judged by veraPDF."""

from __future__ import annotations

from pathlib import Path

from pytest_django.fixtures import Settings

from rathaus.letters.sample import example_data
from rathaus.letters.seal import seal
from rathaus.letters.typesetting import SHARED, typeset
from rathaus.towns.models import Town
from tests.letters import verapdf

PROJECT_ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [SHARED / "kopie.typ", *sorted(PROJECT_ROOT.glob("services/*/letters/*.typ"))]
HOSTILE = '#import "x" $ <b> 😀 مرحبا \u202e Ğ M̂ 日本 ' + "Ä" * 10_000


def _letters() -> dict[str, bytes]:
    letters = {}
    for template in TEMPLATES:
        files = {
            file.name: file.read_bytes() for file in template.parent.glob("*.typ") if file.parent != SHARED
        }
        for language in ("de", "en", "de-simple"):
            name = f"{template.relative_to(PROJECT_ROOT)} {language}"
            letters[name] = typeset(
                template.read_bytes(), example_data(language), files=files, name=template.name
            )
    hostile = example_data()
    hostile["recipient"]["name"] = "Erika " + "Ğ" * 200
    hostile["review"] = [{"title": HOSTILE[:50], "entries": [{"label": HOSTILE[:60], "value": HOSTILE}] * 3}]
    letters["hostile data"] = typeset((SHARED / "kopie.typ").read_bytes(), hostile)
    bare = example_data()
    bare["letter"].update(verification_code="", draft=True, signer="Max Muster")
    bare["town"].update(arms_svg="")
    source = b"""#import "/rathaus/letter.typ": *
#show: letter
#entries(data.review, level: 2)
#payment()
#signature()
#remedy()
"""
    letters["draft without arms"] = typeset(source, bare)
    return letters


def test_every_letter_is_accessible_and_lasting_also_when_sealed(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    verapdf.require()
    settings.DATA_DIR = tmp_path
    unsealed = _letters()
    sealed = {
        f"{name} (sealed)": seal(pdf) for name, pdf in unsealed.items() if not name.endswith(("en", "simple"))
    }
    findings = verapdf.findings({**unsealed, **sealed}, tmp_path)
    assert {key: rules for key, rules in findings.items() if rules} == {}


def test_the_validator_finds_what_is_wrong(town: Town, settings: Settings, tmp_path: Path) -> None:
    verapdf.require()
    settings.DATA_DIR = tmp_path
    pdf = typeset((SHARED / "kopie.typ").read_bytes(), example_data())
    untitled = pdf.replace(b"DisplayDocTitle true", b"DisplayDocTitle null")
    assert untitled != pdf
    findings = verapdf.findings({"untitled": untitled, "good": pdf}, tmp_path)
    assert findings["untitled", "ua1"]
    assert not findings["good", "ua1"]
