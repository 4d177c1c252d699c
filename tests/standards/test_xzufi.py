from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rathaus.standards.xzufi.fragments import markdown_of, text_of
from rathaus.standards.xzufi.model import (
    Cost,
    Identifier,
    Link,
    Service,
    Span,
    TextKind,
    TextModule,
    TimeUnit,
    Timing,
)
from rathaus.standards.xzufi.pages import ServicePage, service_of_pages, service_page
from rathaus.standards.xzufi.reader import XzufiError, read_xzufi
from rathaus.standards.xzufi.writer import NAMESPACE, write_service

TRANSFER = f"""<x:uebermittlung xmlns:x="{NAMESPACE}" xzufiVersion="2.2.0"><x:nachrichtenkopf/>
<x:schreibe><x:leistung>
  <x:id schemeAgencyID="L03" schemeID="LB">L100003.LB.7</x:id>
  <x:referenzLeiKa><code>99102013104000</code></x:referenzLeiKa>
  <x:modulText><x:inhalt languageCode="de">Hundesteuer Anmeldung</x:inhalt>
    <x:inhalt languageCode="en">Dog tax</x:inhalt>
    <x:leikaTextmodul><code>02</code></x:leikaTextmodul></x:modulText>
  <x:modulText><x:inhalt languageCode="de">&lt;p&gt;Sie haben einen &lt;b&gt;Hund&lt;/b&gt;?&lt;/p&gt;</x:inhalt>
    <x:leikaTextmodul><code>06</code></x:leikaTextmodul></x:modulText>
  <x:modulText><x:inhalt languageCode="de">Satzung</x:inhalt>
    <x:weiterfuehrenderLink languageCode="de"><x:uri>https://example.org/satzung</x:uri><x:titel>Hundesteuersatzung</x:titel>
    </x:weiterfuehrenderLink><x:leikaTextmodul><code>07</code></x:leikaTextmodul></x:modulText>
  <x:modulFrist><x:frist><x:typ><code>002</code></x:typ><x:dauer>14</x:dauer><x:einheit><code>TAG</code></x:einheit>
    <x:beschreibung languageCode="de">nach der Anschaffung</x:beschreibung></x:frist></x:modulFrist>
  <x:modulKosten><x:kosten><x:typ><code>001</code></x:typ><x:betrag currencyCode="EUR">132.5</x:betrag>
    <x:vorkasse>false</x:vorkasse></x:kosten><x:beschreibung languageCode="de">im Jahr</x:beschreibung></x:modulKosten>
  <x:modulBearbeitungsdauer><x:beschreibung languageCode="de">zwei Wochen</x:beschreibung></x:modulBearbeitungsdauer>
</x:leistung></x:schreibe>
<x:schreibe><x:organisationseinheit><x:id>9</x:id><x:name><x:name languageCode="de">Steueramt</x:name></x:name>
  <x:zustaendigkeit><x:leistungID>L100003.LB.7</x:leistungID><x:gebietID>032410001001</x:gebietID></x:zustaendigkeit>
</x:organisationseinheit></x:schreibe>
<x:schreibe><x:onlinedienst><x:id>3</x:id><x:bezeichnung languageCode="de">Online</x:bezeichnung>
  <x:link><x:typ><code>01</code></x:typ><x:link>https://example.org/hund</x:link></x:link></x:onlinedienst></x:schreibe>
</x:uebermittlung>""".encode()


def test_a_transfer_names_services_organisations_and_online_services() -> None:
    read = read_xzufi(TRANSFER)
    (service,), (unit,), (online,) = read.services, read.units, read.online_services
    assert read.version == "2.2"
    assert service.id == Identifier("L100003.LB.7", "L03", "LB")
    assert service.leika_keys == ("99102013104000",)
    assert service.text(TextKind.NAME) == "Hundesteuer Anmeldung"
    assert service.text(TextKind.NAME, "en") == "Dog tax"
    assert service.languages() == ("de", "en")
    assert service.deadlines == (
        Timing("002", Span(Decimal(14), TimeUnit.DAY), description={"de": "nach der Anschaffung"}),
    )
    assert service.costs == (Cost("001", Decimal("132.5"), in_advance=False, description={"de": "im Jahr"}),)
    assert service.processing_times == (Timing(description={"de": "zwei Wochen"}),)
    assert unit.names == {"de": "Steueramt"}
    assert unit.responsibilities[0].service.value == "L100003.LB.7"
    assert unit.responsibilities[0].regions == ("032410001001",)
    assert online.addresses == ("https://example.org/hund",)


def test_a_service_page_answers_what_the_modules_say() -> None:
    page = service_page(read_xzufi(TRANSFER).services[0])
    assert page.title == "Hundesteuer Anmeldung"
    assert page.sections == {
        "what": "Sie haben einen **Hund**?",
        "law": "Satzung\n\n- [Hundesteuersatzung](<https://example.org/satzung>)",
        "cost": "132,50 €\n\nim Jahr",
        "how-long": "zwei Wochen\n\n14 Tage\n\nnach der Anschaffung",
    }


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            b"<schema xmlns='urn:xoev-de:fim:standard:xdatenfelder_2'/>",
            "this is not XZuFi: the root element is <schema>",
        ),
        (b"<a xmlns='http://xoev.de/schemata/xzufi/1_0_0'/>", "this is XZuFi 1.0"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "DOCTYPE"),
        (b"Hallo", "not well-formed"),
    ],
)
def test_other_documents_are_refused_with_a_sentence_that_says_what_was_found(
    document: bytes, said: str
) -> None:
    with pytest.raises(XzufiError, match=re.escape(said)):
        read_xzufi(document)


@pytest.mark.parametrize("figure", ["1E+999999999", "NaN", "viel", "9" * 400])
def test_what_is_no_figure_stays_out_of_the_figures(figure: str) -> None:
    document = TRANSFER.replace(b"132.5", figure.encode())
    (cost,) = read_xzufi(document).services[0].costs
    assert cost.amount is None


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Eins</p><p>Zwei<br>Drei</p>", "Eins\n\nZwei\\\nDrei"),
        ("<ul><li>Ausweis</li><li>Foto<ul><li>farbig</li></ul></li></ul>", "- Ausweis\n- Foto\n   - farbig"),
        ("<ol><li>Antrag</li><li>Bescheid</li></ol>", "1. Antrag\n2. Bescheid"),
        ("<h3>Kosten</h3>Keine", "**Kosten**\n\nKeine"),
        ("<b> wichtig </b>ist", "**wichtig** ist"),
        ('<a href="https://example.org/a?b=1&amp;c=2">Amt</a>', "[Amt](<https://example.org/a?b=1&c=2>)"),
        ('<a href="javascript:alert(1)">Amt</a>', "Amt"),
        ("vor<script>alert(1)</script>nach", "vornach"),
        ("1 * 2 * 3 _und_ [x](y)", r"1 \* 2 \* 3 \_und\_ \[x\](y)"),
        ("# kein Titel", r"\# kein Titel"),
        ("<p>a", "a"),
        ("ganz ohne Auszeichnung", "ganz ohne Auszeichnung"),
    ],
)
def test_fragments_keep_what_people_read(html: str, markdown: str) -> None:
    assert markdown_of(html) == markdown


fragments = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
    | st.sampled_from(
        ["<script>alert(1)</script>", "&lt;script&gt;", '<a href="javascript:x">', "<", "*", "**", "`"]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["p", "b", "em", "ul", "li", "ol", "div", "a", "h2", "x"]), inner, inner
    ).map(lambda parts: f"<{parts[0]}>{parts[1]}{parts[2]}</{parts[0]}>"),
    max_leaves=12,
)


@given(fragments)
def test_no_fragment_becomes_a_link_that_acts_or_an_element(html: str) -> None:
    rendered = MarkdownIt("commonmark", {"html": False}).render(markdown_of(html))
    tags = set(re.findall(r"<([a-z0-9]+)", rendered))
    assert tags <= {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "hr"}
    assert "javascript:" not in " ".join(re.findall(r'href="([^"]*)"', rendered)).lower()


def test_a_line_of_text_carries_no_elements() -> None:
    assert text_of("<p>Hund &amp; <b>Herr</b></p><script>alert(1)</script>\n") == "Hund & Herr"


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
).filter(lambda text: text == text.strip() and not any(char in text for char in "\ufffe\uffff"))
texts = st.dictionaries(st.sampled_from(["de", "en", "de-x-ls"]), words, max_size=2)
amounts = st.decimals(min_value=0, max_value=100_000, places=2)
services = st.builds(
    Service,
    id=st.builds(Identifier, words, st.sampled_from(["", "L03"])),
    leika_keys=st.sampled_from([(), ("99102013104000",)]),
    modules=st.lists(
        st.builds(
            TextModule,
            st.sampled_from([*TextKind]).map(str),
            texts,
            st.lists(st.builds(Link, st.just("https://example.org"), words), max_size=1).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    deadlines=st.lists(
        st.builds(
            Timing,
            st.just("001"),
            st.none() | st.builds(Span, amounts, st.none() | st.sampled_from(TimeUnit), st.none() | amounts),
            description=texts,
        ),
        max_size=2,
    ).map(tuple),
    costs=st.lists(
        st.builds(Cost, st.just("003"), amounts, in_advance=st.none() | st.booleans(), description=texts)
        | st.builds(
            Cost, st.just("002"), lowest=amounts, highest=amounts, currency=st.sampled_from(["EUR", "CHF"])
        ),
        max_size=2,
    ).map(tuple),
    audiences=st.sampled_from([(), ("001", "002")]),
    regions=st.sampled_from([(), ("03241",)]),
)


@given(services)
def test_what_is_written_is_read_back_equal(service: Service) -> None:
    assert read_xzufi(write_service(service)).services == (service,)


def test_a_page_of_a_town_becomes_a_service_that_others_can_read() -> None:
    page = ServicePage(
        "Hund anmelden", intro="<p>Hier.</p>", sections={"what": "<p>Ein Hund</p>", "cost": "<p>viel</p>"}
    )
    service = service_of_pages(Identifier("hund", "hannover"), "99102013104000", {"de": page})
    again = service_page(read_xzufi(write_service(service)).services[0])
    assert again == ServicePage(
        "Hund anmelden", summary="Hier.", intro="Hier.", sections={"what": "Ein Hund", "cost": "viel"}
    )
