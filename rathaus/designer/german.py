"""What the check of a package says, in German: the English sentence, or its template, to the German one.

Commands and logs say it in English, where it stands beside the check. A test holds that no sentence is missing here.
"""

from __future__ import annotations

from collections.abc import Mapping

from rathaus.drafting.contradictions import GERMAN as ANSWERS

# What the check says of service.toml, texts and files.
_PACKAGE = {
    "must be calendar or working": "muss calendar oder working sein",
    "must be one of %(known)s": "muss eines davon sein: %(known)s",
    "must be a text": "muss ein Text sein",
    "must be a list of texts": "muss eine Liste von Texten sein",
    "must be a whole number, 0 or more": "muss eine ganze Zahl ab 0 sein",
    'must be a table of languages, for example {de = "…", en = "…"}': (
        'muss die Sprachen nennen, zum Beispiel {de = "…", en = "…"}'
    ),
    "is missing": "fehlt",
    "unknown language %(unknown)s; known are %(known)s": (
        "nennt die unbekannte Sprache %(unknown)s; bekannt sind %(known)s"
    ),
    "The file is missing.": "Die Datei fehlt.",
    "Draw the process.": "Zeichnen Sie den Ablauf.",
    "Add it; until then people see German, or nothing.": (
        "Ergänzen Sie es. Bis dahin sehen Menschen den deutschen Text oder nichts."
    ),
    "Add it.": "Ergänzen Sie es.",
    "Add the XDatenfelder schema.": "Fügen Sie das Datenschema (XDatenfelder) hinzu.",
    "Choose another id.": "Wählen Sie eine andere Kennung.",
    "Add %(name)s to the package.": "Fügen Sie %(name)s zum Paket hinzu.",
    "Mend the TOML syntax.": "Berichtigen Sie die Schreibweise (TOML).",
    "See docs/designing-a-service.md.": "Die Angaben beschreibt docs/designing-a-service.md.",
    "%(missing)s is missing.": "%(missing)s fehlt.",
    "Mend the schema.": "Berichtigen Sie das Datenschema.",
    "The page %(page)r has the name of one of the portal's own.": (
        "Die Seite „%(page)s“ heißt wie eine Seite des Portals selbst."
    ),
    "%(error)s.": "%(error)s.",
    "%(why)s.": "%(why)s.",
    "Mend the genericode file.": "Berichtigen Sie die Codeliste (genericode).",
    "Mend the table.": "Berichtigen Sie die Tabelle.",
    "The service page is missing.": "Die Seite der Leistung fehlt.",
    "Write it.": "Schreiben Sie sie.",
    "Mend the heading.": "Berichtigen Sie die Überschrift.",
    "The section %(section)r is missing.": "Der Abschnitt „%(section)s“ fehlt.",
    "Add a heading ending in {#%(section)s}.": (
        "Fügen Sie eine Überschrift hinzu, die auf {#%(section)s} endet."
    ),
    "a heading needs an id at its end, for example `## Was kostet es? {#cost}`": (
        "Eine Überschrift braucht am Ende eine Kennung, zum Beispiel `## Was kostet es? {#cost}`"
    ),
    "unknown section %(found)r; known are %(known)s": (
        "Den Abschnitt „%(found)s“ gibt es nicht; es gibt %(known)s"
    ),
    "the section %(found)r stands here a second time": (
        "Der Abschnitt „%(found)s“ steht hier zum zweiten Mal"
    ),
    "Name the folder of a package.": "Nennen Sie den Ordner eines Pakets.",
    "The town has no office %(office)r.": "Die Stadt hat keine Stelle „%(office)s“.",
    "Add the office to the town or name one of %(known)s.": (
        "Legen Sie die Stelle an oder nennen Sie eine davon: %(known)s."
    ),
    "Mend the template; docs/letters.md says what it may use.": (
        "Berichtigen Sie die Vorlage; was sie verwenden darf, beschreibt docs/letters.md."
    ),
}
# Pages, questions, checks.
_FORM = {
    "the file": "die Datei",
    "The form has no such place.": "Diese Stelle gibt es im Formular nicht.",
    "Remove it.": "Entfernen Sie sie.",
    "Show the message at fields of one entry, or only at fields outside of entries.": (
        "Zeigen Sie den Hinweis an Fragen eines Eintrags oder nur an Fragen außerhalb von Einträgen."
    ),
    "Only a field with a value can have a default.": "Nur eine Frage mit einer Antwort kann vorbelegt sein.",
    "Remove default.": "Entfernen Sie die Vorbelegung.",
    "Let one of them read only what people answer.": (
        "Lassen Sie eine davon nur lesen, was Menschen beantworten."
    ),
    "Its fields lie in different repeatable groups.": "Ihre Fragen liegen in verschiedenen Wiederholungen.",
    "Add it to the fields of a page, or make it optional in the schema.": (
        "Stellen Sie die Frage auf einer Seite, oder machen Sie sie im Datenschema freiwillig."
    ),
    "The rule is %(source)r, the place %(line)s:%(column)s.": (
        "Die Regel lautet „%(source)s“, die Stelle ist Zeile %(line)s, Zeichen %(column)s."
    ),
    "entry_name names %(key)s, which is no part of %(found)s.": (
        "Der Name eines Eintrags nennt %(key)s; das gehört nicht zu %(found)s."
    ),
    "The overview of %(page)s has the same address as this page.": (
        "Die Übersicht zu „%(page)s“ hat dieselbe Adresse wie diese Seite."
    ),
    "Give the page another id.": "Geben Sie der Seite eine andere Kennung.",
    "The schema requires %(address)s, but no page asks for it.": (
        "Das Datenschema verlangt %(address)s, aber keine Seite fragt danach."
    ),
    "“%(german)s” is not translated.": "„%(german)s“ ist nicht übersetzt.",
    "The rule cannot be used: %(why)s.": "Die Regel lässt sich nicht verwenden: %(why)s.",
    "The schema has no %(address)s.": "Das Datenschema hat kein %(address)s.",
    "Known are %(known)s.": "Bekannt sind %(known)s.",
    "%(names)s depend on each other.": "%(names)s hängen voneinander ab.",
    "%(group)s is optional in the schema, so this page may be left empty.": (
        "%(group)s ist im Datenschema freiwillig. Diese Seite darf also leer bleiben."
    ),
    'If it must be answered when it is shown, add require to [field."%(group)s"].': (
        "Muss sie beantwortet werden, sobald sie gezeigt wird, machen Sie %(group)s zur Pflicht (require)."
    ),
    "%(address)s cannot have the content %(content)r.": (
        "%(address)s kann nicht den Inhalt „%(content)s“ haben."
    ),
    "Correct inhalt in the schema.": "Berichtigen Sie den Inhalt im Datenschema.",
    'Write [field."path.in.quotes"] with a table below.': (
        'Schreiben Sie [field."pfad.in.anfuehrungszeichen"] mit einer Tabelle darunter.'
    ),
    "Use lower case letters, digits, _ and -; it becomes part of the address.": (
        "Nehmen Sie Kleinbuchstaben, Ziffern, _ und -; die Kennung wird Teil der Adresse."
    ),
    "Give each its own id.": "Geben Sie jeder eine eigene Kennung.",
    "The form has no page.": "Das Formular hat keine Seite.",
    "Add [[page]] with id, title, fields.": "Fügen Sie eine Seite mit Überschrift und Fragen hinzu.",
    "field is not a table.": "field ist keine Tabelle.",
    "An entry of field is not a table.": "Ein Eintrag von field ist keine Tabelle.",
    "Use error or notice.": "Nehmen Sie error oder notice.",
    "%(kind)s is not a list of tables.": "%(kind)s ist keine Liste von Tabellen.",
    "Write [[%(kind)s]].": "Schreiben Sie [[%(kind)s]].",
    "%(page)r is no page id.": "„%(page)s“ taugt nicht als Kennung einer Seite.",
    "There is no widget %(widget)r.": "Ein Eingabefeld „%(widget)s“ gibt es nicht.",
    "Use %(known)s.": "Nehmen Sie %(known)s.",
    "There is no level %(level)r.": "Die Stufe „%(level)s“ gibt es nicht.",
    "%(key)s is not a text.": "%(key)s ist kein Text.",
    'Write %(key)s = "…".': 'Schreiben Sie %(key)s = "…".',
    "%(key)s is missing.": "%(key)s fehlt.",
    'Add %(key)s = "…".': 'Ergänzen Sie %(key)s = "…".',
    "%(key)s is not a list of texts.": "%(key)s ist keine Liste von Texten.",
    'Write %(key)s = ["…"].': 'Schreiben Sie %(key)s = ["…"].',
    'Add %(key)s = ["…"].': 'Ergänzen Sie %(key)s = ["…"].',
    "%(key)s is neither true nor false.": "%(key)s ist weder true noch false.",
    "Write %(key)s = true.": "Schreiben Sie %(key)s = true.",
    "The id %(twice)s is used twice.": "Die Kennung %(twice)s kommt zweimal vor.",
    "Did you mean %(near)s?": "Meinten Sie %(near)s?",
    "%(key)s is not known here.": "%(key)s ist hier nicht bekannt.",
    "Name a group of the schema that may occur several times, or drop repeat.": (
        "Nennen Sie eine Gruppe des Datenschemas, die mehrmals vorkommen darf, oder lassen Sie repeat weg."
    ),
    "Ask it once; a field of one page can be named in the rules of every other.": (
        "Fragen Sie einmal danach. Regeln jeder anderen Seite können die Antwort lesen."
    ),
    "%(group)s is not a repeatable group.": "%(group)s ist keine Gruppe, die mehrmals vorkommen darf.",
    "%(address)s is asked on page %(other)s and on page %(page)s.": (
        "%(address)s wird auf Seite „%(other)s“ und auf Seite „%(page)s“ gefragt."
    ),
    "Name only fields below %(group)s, or drop repeat.": (
        "Nennen Sie nur Fragen aus %(group)s, oder lassen Sie repeat weg."
    ),
    "%(address)s is not part of %(group)s.": "%(address)s gehört nicht zu %(group)s.",
    "A path joins the keys of the schema's names: inhaber.anschrift.plz.": (
        "Ein Pfad verbindet die Schlüssel der Namen im Datenschema: inhaber.anschrift.plz."
    ),
    "The field has no choices. Until it has some, it is asked as a text.": (
        "Die Frage hat keine Auswahl. Bis dahin wird sie als Text gestellt."
    ),
    "The choices are missing: code list %(uri)s. Until then it is asked as a text.": (
        "Die Auswahl fehlt: Codeliste %(uri)s. Bis dahin wird die Frage als Text gestellt."
    ),
    "Add the code list to codelists/.": "Laden Sie die Codeliste hoch (im Paket: codelists/).",
    "Give it values (werte) or a code list.": "Geben Sie ihr Werte oder eine Codeliste.",
    "Write it without look-around, or as a [[check]].": (
        "Schreiben Sie es ohne Vorausschau oder als Prüfung."
    ),
    "The pattern %(source)r is not used: %(error)s.": (
        "Das Muster „%(source)s“ wird nicht verwendet: %(error)s."
    ),
}
# The way through the town hall, its letters and examples.
_PROCESS = {
    "%(message)s.": "%(message)s.",
    "%(element)s %(what)s": "%(element)s %(what)s",
    "%(element)s: %(message)s": "%(element)s: %(message)s",
    "%(what)s: %(why)s in %(rule)r": "%(what)s: %(why)s in „%(rule)s“",
    "condition of %(flow)s": "Bedingung von %(flow)s",
    "timer of %(element)s": "Zeitpunkt von %(element)s",
    "%(element)r cannot be used in rules as facts.%(element)s": (
        "„%(element)s“ lässt sich in Regeln nicht als facts.%(element)s verwenden"
    ),
    "Use letters, digits and underscores.": "Nehmen Sie Buchstaben, Ziffern und Unterstriche.",
    "Known operations: %(known)s.": "Bekannt sind: %(known)s.",
    "names the unknown operation %(operation)r": "nennt den unbekannten Vorgang „%(operation)s“",
    "names no operation": "nennt keinen Vorgang",
    "Add <rathaus:outcome> elements.": "Geben Sie dem Schritt Ergebnisse.",
    "Mend the expression.": "Berichtigen Sie den Ausdruck.",
    "Draw a service task.": "Zeichnen Sie eine Aufgabe des Systems (Service-Task).",
    "%(element)s lies in the lane %(lane)r, which service.toml does not know": (
        "%(element)s liegt in der Bahn „%(lane)s“, die in den Angaben der Leistung nicht vorkommt"
    ),
    "Add it to `lanes` in service.toml, or use %(known)s.": (
        "Ordnen Sie der Bahn eine Stelle zu, oder nehmen Sie %(known)s."
    ),
    "%(element)s is for people but lies in no lane of an office": (
        "%(element)s ist für Menschen gedacht, liegt aber in keiner Bahn einer Stelle"
    ),
    "%(element)s has no outcome": "%(element)s hat kein Ergebnis",
    "%(element)s: deadline_days must be a number from 1": (
        "%(element)s: Die Frist in Tagen (deadline_days) ist keine Zahl ab 1"
    ),
    "Draw an end event.": "Zeichnen Sie ein Ende.",
    "the process needs exactly one start event, it has %(count)s": (
        "Der Ablauf braucht genau einen Anfang, er hat %(count)s"
    ),
    "Draw a task with the operation decide, or close with an outcome, before it.": (
        "Zeichnen Sie davor eine Aufgabe, die entscheidet, oder schließen Sie mit einem Ergebnis."
    ),
    "Mend `when`.": "Berichtigen Sie die Bedingung (when).",
    "%(element)s is a %(kind)s and does no operation": (
        "%(element)s ist ein Element der Art %(kind)s und tut selbst nichts"
    ),
    "an outcome of %(element)s needs value, label and label_en": (
        "Ein Ergebnis von %(element)s braucht einen Wert, eine deutsche und eine englische Aufschrift"
    ),
    "%(element)s names %(step)r, which is no step of a person": (
        "%(element)s nennt „%(step)s“; das ist kein Schritt eines Menschen"
    ),
    "%(gateway)s needs a default flow for when no condition holds": (
        "%(gateway)s braucht einen Weg für den Fall, dass keine Bedingung zutrifft"
    ),
    "%(element)s can never be reached": "%(element)s wird nie erreicht",
    "no flow leaves %(element)s": "Von %(element)s führt kein Weg weiter",
    "the end %(element)s can be reached without a decision": (
        "Das Ende %(element)s lässt sich ohne Entscheidung erreichen"
    ),
    "the flow %(flow)s has a condition but leaves no choosing gateway": (
        "Der Weg %(flow)s hat eine Bedingung, beginnt aber an keiner Verzweigung, die wählt"
    ),
    "the flow %(flow)s needs a condition, or must be the default of %(source)s": (
        "Der Weg %(flow)s braucht eine Bedingung oder muss der Standardweg von %(source)s sein"
    ),
    "the file must hold exactly one process, it holds %(count)s": (
        "Die Datei muss genau einen Ablauf enthalten, sie enthält %(count)s"
    ),
    "the process needs an id": "Der Ablauf braucht eine Kennung",
    "the process says isExecutable=false": "Der Ablauf ist als nicht ausführbar bezeichnet (isExecutable=false)",
    "Remove the attribute.": "Entfernen Sie das Attribut.",
    "a task does one operation": "Eine Aufgabe tut nur eines",
    "Draw two tasks.": "Zeichnen Sie zwei Aufgaben.",
    "timers that repeat are not supported": "Zeitpunkte, die sich wiederholen, sind nicht möglich",
    "Draw one timer each.": "Zeichnen Sie für jeden Zeitpunkt einen eigenen.",
    "the timer says neither duration nor date": "Der Zeitpunkt nennt weder Dauer noch Datum",
    "the root must be <definitions> of BPMN 2.0": "Das äußerste Element muss <definitions> von BPMN 2.0 sein",
    "<%(node)s> needs an id of its own, not %(element)r": (
        "<%(node)s> braucht eine eigene Kennung, nicht „%(element)s“"
    ),
    "sub-processes started by events are not supported": (
        "Teilabläufe, die durch Ereignisse beginnen, sind nicht möglich"
    ),
    "only timer events can be waited for": "Warten lässt sich nur auf Zeitpunkte",
    "<%(node)s> does not belong into a process": "<%(node)s> gehört nicht in einen Ablauf",
    "conditions are CEL, not %(language)s": "Bedingungen sind in CEL geschrieben, nicht in %(language)s",
    "<rathaus:%(child)s> is not known": "<rathaus:%(child)s> ist nicht bekannt",
    "a parameter needs a name of its own, not %(name)r": (
        "Ein Parameter braucht einen eigenen Namen, nicht „%(name)s“"
    ),
    "<%(child)s> in <%(node)s> is not supported": "<%(child)s> in <%(node)s> ist nicht möglich",
    "the flow needs an id of its own, not %(flow)r": "Der Weg braucht eine eigene Kennung, nicht „%(flow)s“",
    "the flow %(flow)s points to %(end)r, which is not there": (
        "Der Weg %(flow)s führt zu „%(end)s“; das gibt es nicht"
    ),
    "<%(node)s> is not supported": "<%(node)s> ist nicht möglich",
    "Supported are %(known)s.": "Möglich sind %(known)s.",
    "Mend the package, or the example if it is wrong.": (
        "Berichtigen Sie die Leistung, oder das Beispiel, wenn es falsch ist."
    ),
    "%(title)s: %(message)s": "%(title)s: %(message)s",
    "expected valid answers.": "Erwartet waren gültige Angaben.",
    "expected faulty answers.": "Erwartet waren fehlerhafte Angaben.",
    "expected the %(kind)s %(rule)s at %(path)s, which did not come.": (
        "Erwartet war bei %(path)s die Meldung %(rule)s (%(kind)s); sie kam nicht."
    ),
    "the %(kind)s %(rule)s at %(path)s was not expected.": (
        "Bei %(path)s kam die Meldung %(rule)s (%(kind)s), die nicht erwartet war."
    ),
    "needs today, [answers] and [expect] (%(error)s).": (
        "Das Beispiel braucht today, [answers] und [expect] (%(error)s)."
    ),
    "needs [answers] and [expect] as tables.": "Das Beispiel braucht die Tabellen [answers] und [expect].",
    "the process fails: %(error)s.": "Der Ablauf scheitert: %(error)s.",
    "expected %(what)s %(wanted)r, got %(got)r.": "Erwartet war %(what)s = %(wanted)r, heraus kam %(got)r.",
    "there is no decision table %(found)r under decisions/; there are %(known)s": (
        "Die Entscheidungstabelle „%(found)s“ gibt es nicht; es gibt %(known)s"
    ),
    "there is no letter %(found)r under letters/; there are %(known)s": (
        "Das Schreiben „%(found)s“ gibt es nicht; es gibt %(known)s"
    ),
    "template is %(reminder)r or the name of a letter, not %(template)r": (
        "Die Vorlage ist „%(reminder)s“ oder der Name eines Schreibens, nicht „%(template)s“"
    ),
    "the operation %(operation)s needs the parameter %(parameter)s: %(meaning)s": (
        "Der Vorgang %(operation)s braucht den Parameter %(parameter)s (%(meaning)s)"
    ),
    "the operation %(operation)s has no parameter %(parameter)r; it has %(known)s": (
        "Der Vorgang %(operation)s hat keinen Parameter „%(parameter)s“; er hat %(known)s"
    ),
    "there is no [[recipient]] with the key %(key)r": "Einen Empfänger mit dem Schlüssel „%(key)s“ gibt es nicht",
}
# Conditions and decision tables.
_RULES = {
    "this is not DMN 1.3: the root element is <%(root)s> in namespace %(namespace)r": (
        "Das ist kein DMN 1.3: Das äußerste Element ist <%(root)s> im Namensraum „%(namespace)s“"
    ),
    'expressionLanguage must be "%(wanted)s", found %(language)r': (
        "Als Sprache der Ausdrücke muss „%(wanted)s“ angegeben sein, nicht „%(language)s“"
    ),
    "the file must hold exactly one decision table, found %(count)s": (
        "Die Datei muss genau eine Entscheidungstabelle enthalten, sie enthält %(count)s"
    ),
    "a decision table needs outputs with different names": (
        "Eine Entscheidungstabelle braucht Ergebnisse mit verschiedenen Namen"
    ),
    "either every output has a default or none has": "Entweder hat jedes Ergebnis einen Standardwert oder keines",
    "the decision table has no rules": "Die Entscheidungstabelle hat keine Zeilen",
    "aggregation is not supported; collect the values and add them up where they are used": (
        "Zusammenzählen kann die Tabelle nicht; sammeln Sie die Werte und zählen Sie dort zusammen, wo Sie sie brauchen"
    ),
    "an output needs a name": "Ein Ergebnis braucht einen Namen",
    "rule %(number)s must have %(inputs)s input entries and %(outputs)s output entries": (
        "Zeile %(number)s muss %(inputs)s Bedingungen und %(outputs)s Ergebnisse haben"
    ),
    "<%(node)s> has no <%(name)s>": "<%(node)s> hat kein <%(name)s>",
    "the output %(output)r must be a %(type)s: %(found)s": (
        "Das Ergebnis „%(output)s“ muss vom Typ %(type)s sein: %(found)s"
    ),
    "%(table)s: the rules %(ids)s match together, but only one may (UNIQUE)": (
        "%(table)s: Die Zeilen %(ids)s treffen zugleich zu; erlaubt ist nur eine (UNIQUE)"
    ),
    "%(table)s: no rule matches, and the table has no default": (
        "%(table)s: Keine Zeile trifft zu, und die Tabelle hat keinen Standardwert"
    ),
    "the hit policy %(name)r is not supported; use %(known)s": (
        "Die Trefferregel „%(name)s“ ist nicht möglich; nehmen Sie %(known)s"
    ),
    "%(why)s in %(rule)r": "%(why)s in „%(rule)s“",
    "%(table)s: %(error)s": "%(table)s: %(error)s",
    "found no matching overload for '%(operation)s' applied to '%(types)s'": (
        "diese Arten von Werten passen nicht zusammen: %(types)s (%(operation)s)"
    ),
    "%(owner)s has no %(name)r": "%(owner)s hat kein „%(name)s“",
    "%(name)r is not known here": "„%(name)s“ ist hier nicht bekannt",
    "%(place)s; did you mean %(near)r?": "%(place)s; meinten Sie „%(near)s“?",
    "%(message)s; whole and decimal numbers do not mix: write 1000.0 beside a decimal number": (
        "%(message)s; ganze Zahlen und Dezimalzahlen lassen sich nicht mischen: Schreiben Sie neben einer "
        "Dezimalzahl 1000.0"
    ),
    "%(path)s is not answered; guard the rule with has(answers.%(path)s)": (
        "%(path)s ist nicht beantwortet; fragen Sie in der Regel zuerst has(answers.%(path)s)"
    ),
    "%(path)s is not answered; guard the rule with has(%(path)s)": (
        "%(path)s ist nicht beantwortet; fragen Sie in der Regel zuerst has(%(path)s)"
    ),
    "the result must be %(wanted)s, not %(found)s": "das Ergebnis muss vom Typ %(wanted)s sein, nicht %(found)s",
    "these values are bound to an unrelated environment": "diese Werte gehören zu einer anderen Umgebung",
    "the values were bound to another environment": "die Werte gehören zu einer anderen Umgebung",
    "the expression is longer than %(most)s characters": "der Ausdruck ist länger als %(most)s Zeichen",
    "the expression holds half a character (a lone surrogate)": "der Ausdruck enthält ein halbes Zeichen",
    "a list has no members; ask one entry (list[0].name) or all (list.exists(i, i.name == …))": (
        "eine Liste hat keine Bestandteile; fragen Sie einen Eintrag (liste[0].name) oder alle "
        "(liste.exists(i, i.name == …))"
    ),
    "Syntax error: %(what)s": "die Schreibweise stimmt nicht: %(what)s",
}
# Files that are no data schema, and XML that cannot be read.
_DOCUMENTS = {
    "this is XDatenfelder %(found)s; versions 2.0 and 3.0.0 are read here": (
        "Das ist XDatenfelder %(found)s; gelesen werden die Versionen 2.0 und 3.0.0"
    ),
    "this is XDatenfelder %(version)s; only XDatenfelder 3.0.0 is read here": (
        "Das ist XDatenfelder %(version)s; gelesen wird hier nur 3.0.0"
    ),
    "this is not XDatenfelder: the root element is <%(root)s> in %(home)s": (
        "Das ist kein XDatenfelder: Das äußerste Element ist <%(root)s>, %(home)s"
    ),
    "namespace %(namespace)s": "Namensraum %(namespace)s",
    "no namespace": "ohne Namensraum",
    "this is the message %(root)s; expected %(expected)s": (
        "Das ist die Nachricht %(root)s; erwartet ist %(expected)s"
    ),
    "this is not text in UTF-8": "Das ist kein Text in UTF-8",
    "the file holds no translated rule": "Die Datei enthält keine übersetzte Regel",
    "this is not JSON, from character %(place)s on": "Das ist kein JSON, ab Zeichen %(place)s",
    "this is nested too deeply": "Das ist zu tief verschachtelt",
    "this is no translated rule: it has no condition": (
        "Das ist keine übersetzte Regel: Ihr fehlt die Bedingung (condition)"
    ),
    "the translated rule does not name the element that it belongs to (rule_id)": (
        "Die übersetzte Regel nennt nicht das Element, zu dem sie gehört (rule_id)"
    ),
    "the message holds no <stammdatenschema>": "Die Nachricht enthält kein <stammdatenschema>",
    "the schema holds no data field that could be read": (
        "Das Schema enthält kein Datenfeld, das sich lesen lässt"
    ),
    "<%(name)s> has no <id>": "<%(name)s> hat keine <id>",
    "<enthaelt> holds neither <datenfeld> nor <datenfeldgruppe>": (
        "<enthaelt> enthält weder <datenfeld> noch <datenfeldgruppe>"
    ),
    "<anzahl> must read min:max, found %(found)r": "<anzahl> muss min:max lauten, hier steht „%(found)s“",
    "<anzahl> %(found)r can never be met": "<anzahl> „%(found)s“ ist nicht erfüllbar",
    "<%(name)s> %(code)r is unknown; known are %(known)s": (
        "<%(name)s> „%(code)s“ ist unbekannt; bekannt sind %(known)s"
    ),
    "%(name)s must be a whole number, found %(text)r": (
        "%(name)s muss eine ganze Zahl sein, hier steht „%(text)s“"
    ),
    "<wert> has no <code>": "<wert> hat keinen <code>",
    "<codelisteReferenz> names no code list": "<codelisteReferenz> nennt keine Codeliste",
    "<sprache> has no attribute lang": "<sprache> hat kein Attribut lang",
    "this is not XZuFi: the root element is <%(root)s> in %(home)s": (
        "Das ist kein XZuFi: Das äußerste Element ist <%(root)s>, %(home)s"
    ),
    "this is XZuFi %(version)s; %(known)s are read here": (
        "Das ist XZuFi %(version)s; gelesen werden %(known)s"
    ),
    "this is not Genericode 1.0: the root element is <%(root)s>": (
        "Das ist kein Genericode 1.0: Das äußerste Element ist <%(root)s>"
    ),
    "the code list %(uri)s has no column %(name)r; it has %(known)s": (
        "Die Codeliste %(uri)s hat keine Spalte „%(name)s“; sie hat %(known)s"
    ),
    "the code list has no <ColumnSet>": "Die Codeliste hat kein <ColumnSet>",
    "<ColumnSet> needs columns, each with an Id": "<ColumnSet> braucht Spalten, jede mit einer Id",
    "<Key> refers to the unknown column %(found)r": "<Key> nennt die unbekannte Spalte „%(found)s“",
    "<Value> refers to the unknown column %(found)r": "<Value> nennt die unbekannte Spalte „%(found)s“",
    "packages from the network are not available; put the file beside": (
        "Pakete aus dem Netz gibt es hier nicht; legen Sie die Datei daneben"
    ),
    "the compiler gave no file": "Aus der Vorlage entstand keine Datei",
    "this path leaves the package": "Dieser Pfad führt aus dem Paket heraus",
    "the package %(service)s has no such letter": "Die Leistung %(service)s hat kein solches Schreiben",
    "the document is larger than %(most)s bytes": "Die Datei ist größer als %(most)s Byte",
    "not well-formed XML: %(reason)s": "Das ist kein wohlgeformtes XML: %(reason)s",
    "not readable as XML: its encoding is unknown": (
        "Das lässt sich nicht als XML lesen: Die Zeichenkodierung ist unbekannt"
    ),
    "syntax error": "Hier steht etwas, das kein XML ist",
    "no element found": "Die Datei ist leer oder endet zu früh",
    "not well-formed (invalid token)": "Hier steht ein Zeichen, das nicht erlaubt ist",
    "unclosed token": "Etwas ist nicht zu Ende geschrieben",
    "partial character": "Ein Zeichen ist unvollständig",
    "mismatched tag": "Ein Element wird anders geschlossen, als es geöffnet wurde",
    "duplicate attribute": "Ein Attribut steht zweimal an einem Element",
    "junk after document element": "Hinter dem äußersten Element steht noch etwas",
    "undefined entity": "Ein Zeichenkürzel (&…;) ist nicht erklärt",
    "reference to invalid character number": "Eine Zeichennummer (&#…;) bezeichnet kein erlaubtes Zeichen",
    "XML or text declaration not at start of entity": "Vor der XML-Deklaration (<?xml …?>) steht etwas",
    "unknown encoding": "Die Zeichenkodierung ist unbekannt",
    "encoding specified in XML declaration is incorrect": "Die angegebene Zeichenkodierung ist nicht die der Datei",
    "unclosed CDATA section": "Ein CDATA-Abschnitt ist nicht geschlossen",
    "unbound prefix": "Ein Namensraum-Präfix ist nicht erklärt",
    "must not undeclare prefix": "Ein Namensraum-Präfix hat einen leeren Namensraum",
    "XML declaration not well-formed": "Die XML-Deklaration (<?xml …?>) ist fehlerhaft",
    "reserved prefix (xml) must not be undeclared or bound to another namespace name": (
        "Das Präfix „xml“ darf nicht für einen anderen Namensraum stehen"
    ),
    "reserved prefix (xmlns) must not be declared or undeclared": "Das Präfix „xmlns“ darf nicht erklärt werden",
    "prefix must not be bound to one of the reserved namespace names": (
        "Ein Präfix steht für einen Namensraum, der XML vorbehalten ist"
    ),
    "the document is empty": "Die Datei ist leer",
    "document type declarations (DOCTYPE) are not accepted": (
        "Dokumenttyp-Deklarationen (DOCTYPE) werden nicht angenommen"
    ),
    "elements are nested deeper than %(most)s": "Elemente sind tiefer als %(most)s Stufen verschachtelt",
    "the document has more than %(most)s elements": "Die Datei hat mehr als %(most)s Elemente",
}
_CONTRADICTIONS = {
    "The rules cannot be read: %(error)s.": "Die Regeln sind nicht lesbar: %(error)s.",
    "Take back the last change to it.": "Nehmen Sie die letzte Änderung daran zurück.",
    "Change or dismiss one of the rules.": "Ändern oder verwerfen Sie eine der Regeln.",
    "The rule “%(first)s” forbids “%(target)s”, the schema always demands it. "
    "Both meet with these answers: %(answers)s.": (
        "Die Regel „%(first)s“ verbietet „%(target)s“, das Datenschema verlangt die Angabe immer. "
        "Das trifft zusammen bei diesen Antworten: %(answers)s."
    ),
    "The rules “%(first)s” and “%(second)s” cannot be kept together. "
    "With these answers, for example, only the first holds: %(answers)s.": (
        "Die Regeln „%(first)s“ und „%(second)s“ lassen sich nicht zugleich einhalten. "
        "Bei diesen Antworten gilt zum Beispiel nur die erste: %(answers)s."
    ),
    "The rule “%(first)s” demands “%(target)s”, the rule “%(second)s” forbids it. "
    "Both are so with these answers: %(answers)s.": (
        "Die Regel „%(first)s“ verlangt „%(target)s“, die Regel „%(second)s“ verbietet die Angabe. "
        "Beides gilt zugleich bei diesen Antworten: %(answers)s."
    ),
    **ANSWERS,
}
SENTENCES: Mapping[str, str] = {**_CONTRADICTIONS, **_PACKAGE, **_FORM, **_PROCESS, **_RULES, **_DOCUMENTS}
PLACES: Mapping[str, str] = {"page": "Seite", "field": "Frage", "check": "Prüfung", "recipient": "Empfänger"}
"""How the kinds of places in form.toml are called: `page beginn`."""
