"""Rules of a FIM schema in the workplace: read beside their meaning, confirmed, written, dismissed, opened again."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import change, files_of, newest, start_from_fim, start_from_service
from rathaus.drafting.rulebook import RuleEntry, read
from rathaus.editing import Edit, RemoveCheck, SetFieldRule
from rathaus.people.models import User
from rathaus.processes.publishing import check_files
from tests.designer.conftest import address
from tests.drafting.schemata import DATA
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data

FILE = DATA / "3.0.0" / "S05000001299.xdf.xml"


@pytest.fixture
def design(town: object, dora: User) -> Design:
    """The Kindertagespflege, with all of its rules still open."""
    data = FILE.read_bytes()
    return start_from_fim(
        data, today=date(2026, 12, 1), office="buergerservice", by=dora, reason="Neu", confirm_rules=False
    )


def rules_of(design: Design) -> dict[str, RuleEntry]:
    return {entry.key: entry for entry in read(files_of(design))}


def understood(design: Design) -> RuleEntry:
    return next(entry for entry in rules_of(design).values() if entry.status == "open" and entry.effects)


def not_understood(design: Design) -> RuleEntry:
    return next(entry for entry in rules_of(design).values() if entry.status == "open" and not entry.effects)


def at(design: Design, entry: RuleEntry) -> str:
    return address(design, f"regeln/{quote(entry.key)}/")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def faults(design: Design) -> list[str]:
    return [str(problem) for problem in check_files(files_of(design))[1] if problem.level != "warning"]


def decide(desk: Client, design: Design, entry: RuleEntry, what: str, **given: str) -> RuleEntry:
    answer = desk.post(at(design, entry), {"tun": what, "stand": str(newest(design).number), **given})
    assert answer.status_code == 302, plain(answer.content.decode())
    assert faults(design) == []
    return rules_of(design)[entry.key]


def test_open_rules_stand_beside_their_meaning_and_the_answers_that_show_it(
    desk: Client, design: Design
) -> None:
    page = plain(desk.get(address(design, "regeln/")).content.decode())
    opened = [entry for entry in rules_of(design).values() if entry.status == "open"]
    assert f"{len(opened)} Regeln sind offen" in page
    for entry in opened:
        assert entry.id in page
        assert entry.text.splitlines()[0][:30].replace("&", "&amp;").replace('"', "&#34;") in page
    assert re.search(r"(erscheint|beantwortet werden|richtig), wenn „", page)
    assert "nicht beantwortet" in page
    assert "Nicht sicher zu verstehen." in page


def test_a_rule_is_confirmed_and_opened_again_to_the_byte(desk: Client, design: Design) -> None:
    before, entry = files_of(design), understood(design)
    confirmed = decide(desk, design, entry, "bestaetigen")
    assert confirmed.status == "applied"
    assert files_of(design)["form.toml"] != before["form.toml"]
    assert decide(desk, design, entry, "oeffnen").status == "open"
    assert files_of(design)["form.toml"] == before["form.toml"]


def test_all_understood_rules_are_confirmed_at_once_with_one_entry_in_the_history(
    desk: Client, design: Design
) -> None:
    proposed = [entry for entry in rules_of(design).values() if entry.status == "open" and entry.effects]
    assert f"Alle {len(proposed)} verstandenen Regeln bestätigen" in plain(
        desk.get(address(design, "regeln/")).content.decode()
    )
    assert desk.post(address(design, "regeln/"), {"stand": "1"}).status_code == 302
    assert newest(design).number == 2
    assert {rules_of(design)[entry.key].status for entry in proposed} == {"applied"}
    assert faults(design) == []
    page = plain(desk.get(address(design, "regeln/")).content.decode())
    assert f"bestätigt: {len(proposed)} Regeln" in page
    assert "verstandenen Regeln bestätigen" not in page


def test_a_rule_that_was_not_understood_is_written_in_rows(desk: Client, design: Design) -> None:
    entry = not_understood(design)
    page = desk.get(at(design, entry)).content.decode()
    assert 'name="w0.wirkung"' in page
    tree_path = re.search(r'<select id="w0-0-feld".*?<option value="([^"]+)">', page, re.DOTALL)
    assert tree_path
    question = re.search(r'id="feld-w0-ziel".*?<option value="([^"]+\.[^"]+)"', page, re.DOTALL)
    assert question
    given = {
        "w0.wirkung": "show",
        "w0.ziel": question[1],
        "w0.art": "wenn",
        "w0.verbindung": "all",
        "w0.0.feld": tree_path[1],
        "w0.0.vergleich": "filled",
    }
    looked = desk.post(at(design, entry), {**given, "tun": "pruefen"}).content.decode()
    assert "Diese Frage erscheint, wenn" in looked
    written = decide(desk, design, entry, "schreiben", **given, grund="So meint es die Fachabteilung")
    assert (written.status, written.own[0].kind, written.own[0].target) == ("written", "show", question[1])
    assert newest(design).reason == "So meint es die Fachabteilung"


def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: Client, design: Design) -> None:
    entry = not_understood(design)
    given = {
        "w0.wirkung": "valid",
        "w0.ziel": "",
        "w0.art": "formel",
        "w0.formel": "gibt.es.nicht ==",
        "w0.hinweis": "Mein Hinweis",
        "grund": "Mein Grund",
        "tun": "schreiben",
        "stand": "1",
    }
    answer = desk.post(at(design, entry), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Wählen Sie die Frage, um die es geht." in page
    for typed in ("gibt.es.nicht ==", "Mein Hinweis", "Mein Grund"):
        assert typed in page
    assert newest(design).number == 1


def test_effects_are_added_and_taken_away(desk: Client, design: Design) -> None:
    entry = not_understood(design)
    given = {"w0.wirkung": "require", "w0.ziel": "", "w0.art": "formel", "w0.formel": "eins"}
    page = desk.post(at(design, entry), {**given, "tun": "wirkung:dazu"}).content.decode()
    assert 'name="w1.wirkung"' in page
    second = {"w1.wirkung": "show", "w1.ziel": "", "w1.art": "formel", "w1.formel": "zwei"}
    page = desk.post(at(design, entry), {**given, **second, "tun": "wirkung:weg:0"}).content.decode()
    assert 'name="w1.wirkung"' not in page
    assert "zwei" in page
    assert "eins" not in page


def test_the_condition_is_read_out_while_it_is_typed(desk: Client, design: Design) -> None:
    entry = not_understood(design)
    typed = {"w0.wirkung": "require", "w0.ziel": "", "w0.art": "formel", "w0.formel": "1 =="}
    said = desk.post(at(design, entry) + "pruefen/", typed).json()
    assert said["w0"]["error"]


def test_a_rule_that_needs_nothing_says_why(desk: Client, design: Design) -> None:
    entry = not_understood(design)
    refused = desk.post(at(design, entry), {"tun": "entfaellt", "stand": "1", "warum": " "})
    assert refused.status_code == 422
    assert "Schreiben Sie in einem Satz, warum die Regel nichts braucht." in refused.content.decode()
    dismissed = decide(desk, design, entry, "entfaellt", warum="Prüft die Fachkraft")
    assert (dismissed.status, dismissed.note) == ("dismissed", "Prüft die Fachkraft")
    assert "Prüft die Fachkraft" in desk.get(at(design, entry)).content.decode()


def test_what_somebody_changed_by_hand_stays_if_they_say_so(desk: Client, design: Design, dora: User) -> None:
    entry = understood(design)
    confirmed = decide(desk, design, entry, "bestaetigen")
    place = confirmed.written[0].place
    path = place.removeprefix("field:").rpartition("/")[0]
    by_hand: Edit = SetFieldRule(path, place.rpartition("/")[2], "true")
    if place.startswith("check:"):
        by_hand = RemoveCheck(place.removeprefix("check:"))
    change(design, by_hand, base_revision=newest(design).number, by=dora, reason="Von Hand")
    changed = files_of(design)["form.toml"]
    refused = desk.post(at(design, entry), {"tun": "oeffnen", "stand": str(newest(design).number)})
    assert refused.status_code == 422
    assert "von Hand geändert" in refused.content.decode()
    assert decide(desk, design, entry, "oeffnen", bleibt="1").status == "open"
    assert files_of(design)["form.toml"] == changed


def test_a_rule_that_is_not_there_is_not_found(desk: Client, design: Design) -> None:
    assert desk.get(address(design, "regeln/gibt-es-nicht/")).status_code == 404


def test_a_service_without_rules_says_so(desk: Client, published: ServiceVersion, dora: User) -> None:
    own = start_from_service(published, by=dora, reason="Ohne FIM")
    page = desk.get(address(own, "regeln/")).content.decode()
    assert "Keine Regel ist offen" in page
    assert desk.post(address(own, "regeln/"), {"stand": "1"}).status_code == 422
