"""The grammar of FIM rules: German sentences to statements, by recursive descent. README.md has it in EBNF.

Every word must be accounted for: at the first one that the grammar has no place for, the rule is not understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rathaus.freetext.syntax import (
    Action,
    CalendarDate,
    Combination,
    Compare,
    Condition,
    Conditional,
    Demand,
    Filled,
    Negation,
    NotUnderstoodError,
    Statement,
    Value,
)
from rathaus.freetext.tokens import Token, tokenize

_SIGNS = {"=": "==", "==": "==", "===": "==", "<>": "!=", "!=": "!="} | {s: s for s in ("<", "<=", ">", ">=")}
_TRUTHS = {"ja": True, "wahr": True, "true": True, "nein": False, "falsch": False, "false": False}
_ARTICLES = {"das", "die", "den", "dem", "der", "in", "im", "bei"}
_NOUNS = {
    "feld",
    "felder",
    "datenfeld",
    "datenfelder",
    "datenfeldgruppe",
    "datenfeldgruppen",
    "feldgruppe",
} | {*("feldgruppen", "gruppe", "gruppen")}
_FILLED = {"befüllt", "ausgefüllt", "angegeben"}
_SHOWN = {"angezeigt", "eingeblendet"}
_BE = {"sein", "werden", "ist", "sind", "wird", "wurde", "wurden"}
_DUTIES = {"pflichtfeld", "pflichtangabe", "pflichtfeldgruppe", "pflicht"}
_MAX_DEPTH = 20
_MAX_DIGITS = 18


def parse(text: str, names: Mapping[str, tuple[str, ...]]) -> tuple[Statement, ...]:
    """The statements of a rule. Raises `NotUnderstoodError`, naming the first words that do not fit."""
    return _Parser(tokenize(text, names)).rule()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.subject: Token | None = None
        self.named: dict[str, list[Value]] = {}
        self.depth = 0

    # -- looking at tokens

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def ahead(self, count: int) -> Token:
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    def word(self, *words: str) -> bool:
        """Take the next word if it is one of these."""
        if self.now.kind == "word" and self.now.value in words:
            self.place += 1
            return True
        return False

    def mark(self, *marks: str) -> bool:
        if self.now.kind == "mark" and self.now.value in marks:
            self.place += 1
            return True
        return False

    def phrase(self, *words: str) -> bool:
        """Take these words if all follow."""
        if all(self.ahead(i).kind == "word" and self.ahead(i).value == word for i, word in enumerate(words)):
            self.place += len(words)
            return True
        return False

    def need(self, *words: str) -> None:
        if not self.word(*words):
            raise self.failure()

    def failure(self) -> NotUnderstoodError:
        if self.now.kind == "end":
            return NotUnderstoodError("Der Satz endet, bevor klar ist, was gelten soll.")
        words = " ".join(token.source for token in self.tokens[self.place : self.place + 4]).strip()
        return NotUnderstoodError(f"Nicht verstanden ab Zeichen {self.now.position}: „{words}“.")

    # -- sentences

    def rule(self) -> tuple[Statement, ...]:
        statements: list[Statement] = []
        while self.now.kind != "end":
            statements += self.sentence()
            while self.mark(".", ",", ";"):
                pass
        if not statements:
            raise NotUnderstoodError("Die Regel hat keinen Text.")
        return tuple(statements)

    def sentence(self) -> list[Statement]:
        if self.word("wenn", "falls"):
            return self.conditional()
        if self.now.value == "bei" and self.ahead(1).kind in ("id", "sign") and self.subject:
            self.place += 1
            condition = self.condition()
            self.mark(",")
            return [Conditional(condition, self.actions())]
        return self.demand()

    def conditional(self) -> list[Statement]:
        if self.word("alle"):
            return [self.calendar_date()]
        condition = self.condition()
        self.mark(",")
        self.word("dann")
        actions = self.actions()
        statements: list[Statement] = [Conditional(condition, actions)]
        after = self.place
        self.mark(",", ";", ".")
        if self.word("sonst", "ansonsten"):
            if self.word("nicht"):
                if any(action.kind != "activate" for action in actions):
                    self.place -= 1
                    raise self.failure()
                otherwise = tuple(Action("forbid", action.target) for action in actions)
            else:
                otherwise = self.actions()
            statements.append(Conditional(Negation(condition), otherwise))
        else:
            self.place = after
        return statements

    def calendar_date(self) -> Statement:
        """`Wenn alle drei Felder … befüllt sind, muss die Validität des sich ergebenden Kalenderdatums …`."""
        self.word("drei")
        parts = self.targets()
        self.need("befüllt", "ausgefüllt", "angegeben")
        self.need("sind")
        self.mark(",")
        self.word("dann")
        self.need("muss")
        for word in (
            "die",
            "validität",
            "des",
            "sich",
            "ergebenden",
            "kalenderdatums",
            "sichergestellt",
            "werden",
        ):
            self.need(word)
        if len(parts) != 3:
            raise NotUnderstoodError("Ein Kalenderdatum braucht genau drei Felder: Tag, Monat und Jahr.")
        self.mark(".")
        if self.word("d.h"):  # an explanation with examples ends the rule
            self.place = len(self.tokens) - 1
        return Demand(CalendarDate(*parts))

    # -- references

    def filler(self) -> None:
        while self.word(*_ARTICLES, *_NOUNS):
            pass

    def reference(self) -> Token:
        start = self.place
        self.filler()
        if self.now.kind != "id":
            self.place = start
            raise self.failure()
        self.place += 1
        return self.tokens[self.place - 1]

    def target(self) -> Token:
        """A reference with a name behind it that the schema no longer knows."""
        token = self.reference()
        if self.now.kind == "text":
            self.place += 1
        while self.now.kind == "word" and self.now.source[0].isupper() and not self.now.source.isupper():
            self.place += 1
        return token

    def targets(self, *joints: str) -> list[Token]:
        """References joined by commas and `und`; by `oder` only where the sentence speaks of alternatives."""
        found = [self.target()]
        while True:
            before = self.place
            if (self.mark(",") or self.word("und", *joints)) and self.is_reference():
                found.append(self.target())
            else:
                self.place = before
                return found

    def is_reference(self) -> bool:
        offset = 0
        while self.ahead(offset).kind == "word" and self.ahead(offset).value in _ARTICLES | _NOUNS:
            offset += 1
        return self.ahead(offset).kind == "id"

    # -- conditions

    def condition(self) -> Condition:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise NotUnderstoodError("Die Bedingung ist zu tief verschachtelt.")
        parts = [self.atom()]
        joint: Literal["and", "or"] | None = None
        while (word := self.now.value) in ("und", "oder") and self.now.kind == "word":
            this: Literal["and", "or"] = "and" if word == "und" else "or"
            if joint is not None and this != joint:
                raise NotUnderstoodError(
                    "UND und ODER stehen ohne Klammern nebeneinander: Was zusammengehört, ist unklar."
                )
            joint = this
            self.place += 1
            parts.append(self.atom(parts[-1]))
        self.depth -= 1
        return Combination(joint, tuple(parts)) if joint else parts[0]

    def atom(self, before: Condition | None = None) -> Condition:
        if self.mark("("):
            inner = self.condition()
            if not self.mark(")"):
                raise self.failure()
            return inner
        if self.word("eines", "eine", "einer"):
            return self.one_of()
        if self.now.kind in ("code", "text") and isinstance(before, Compare) and before.sign == "==":
            return Compare(before.reference, "==", self.value())
        if self.now.kind == "sign" and self.subject is not None:
            reference = before.reference if isinstance(before, Compare) else self.subject
        else:
            reference = self.subject = self.reference()
        return self.comparison(reference)

    def comparison(self, reference: Token) -> Condition:
        if self.now.kind == "text" and self.ahead(1).value in ("angegeben", "ausgewählt", "gewählt"):
            value = self.value()
            self.place += 1
            self.need(*_BE)
            return Compare(reference, "==", value)
        if self.now.kind == "text" and (self.ahead(1).kind in ("sign", "word")):
            self.place += 1  # a name the schema no longer knows
        self.word("auswahl")
        if self.now.kind == "sign":
            sign = _SIGNS[self.now.value]
            self.place += 1
            if self.now.kind == "sign":
                raise self.failure()
            if self.phrase("alle", "anderen", "möglichen", "ausprägungen", "der", "codeliste"):
                return self.all_others(reference, sign)
            value = self.value()
            if sign == "==":
                self.named.setdefault(reference.value, []).append(value)
            self.word("ist")
            return Compare(reference, sign, value)
        negated = self.word("nicht")
        if self.phrase("der", "wert") or self.phrase("den", "wert"):
            value = self.value()
            if not self.word("angegeben", "hat", "gewählt", "ausgewählt"):
                raise self.failure()
            self.word("wurde", "wird", "ist")
            return Compare(reference, "!=" if negated else "==", value)
        negated = self.word("nicht") or negated
        if self.word("leer"):
            self.word("ist")
            return Filled(reference) if negated else Negation(Filled(reference))
        if self.word(*_FILLED):
            self.word(*_BE)
            return Negation(Filled(reference)) if negated else Filled(reference)
        if self.now.value in _TRUTHS and self.ahead(1).value == "ist":
            value = self.value()
            self.place += 1
            return Compare(reference, "!=" if negated else "==", value)
        raise self.failure()

    def all_others(self, reference: Token, sign: str) -> Condition:
        named = self.named.get(reference.value)
        if sign != "==" or not named:
            raise NotUnderstoodError("„Alle anderen Ausprägungen“: Die Regel nennt vorher keine.")
        return Combination("and", tuple(Compare(reference, "!=", value) for value in named))

    def one_of(self) -> Condition:
        self.need("der")
        self.word("folgenden")
        references = self.targets("oder")
        if self.word("mit"):
            value = self.value()
            self.need("belegt", "beantwortet")
            self.need("ist", "wird", "wurde")
            return Combination("or", tuple(Compare(reference, "==", value) for reference in references))
        self.need(*_FILLED)
        self.need(*_BE)
        return Combination("or", tuple(Filled(reference) for reference in references))

    def value(self) -> Value:
        token = self.now
        if token.kind == "word" and token.value in _TRUTHS:
            self.place += 1
            return Value(truth=_TRUTHS[token.value], text=token.source)
        if token.kind == "text":
            self.place += 1
            if token.value.casefold() in _TRUTHS:
                return Value(truth=_TRUTHS[token.value.casefold()], text=token.value)
            code, _, name = token.value.partition(" ")
            if code.isdecimal() and len(code) <= _MAX_DIGITS:
                return Value(code=code, text=name.strip())
            return Value(text=token.value)
        if token.kind == "code":
            self.place += 1
            if self.now.value in ("=", "-", "–") and self.ahead(1).kind == "text":
                self.place += 1
            if self.now.kind == "text":
                name = self.now.value
                self.place += 1
                return Value(code=token.value, text=name)
            if self.mark("-", "–"):
                return Value(code=token.value, text=self.spoken_name())
            return Value(code=token.value)
        raise self.failure()

    def spoken_name(self) -> str:
        """An unquoted name of a code: all words up to the next joint, comma or end."""
        words = []
        while not (
            self.now.kind in ("end", "sign", "id", "text", "mark")
            or self.now.source in ("ODER", "UND", "DANN")
            or self.now.value == "dann"
        ):
            words.append(self.now.source)
            self.place += 1
        return " ".join(words)

    # -- actions

    def actions(self) -> tuple[Action, ...]:
        actions = self.action(None)
        while True:
            before = self.place
            joined = self.word("und") or self.mark(",")
            if joined and not self.starts_sentence():
                actions += self.action(actions[-1])
            else:
                self.place = before
                return tuple(actions)

    def starts_sentence(self) -> bool:
        return self.now.kind == "end" or self.now.value in ("wenn", "bei", "sonst", "ansonsten")

    def action(self, before: Action | None) -> list[Action]:
        if self.word("aktiviere"):
            return [Action("activate", target) for target in self.targets()]
        if self.word("deaktiviere", "verberge"):
            return [Action("forbid", target) for target in self.targets()]
        if self.word("zeige"):
            return self.show()
        if self.word("blende"):
            targets = self.targets()
            kind: Literal["forbid", "activate"] = "activate" if self.word("ein") else "forbid"
            if kind == "forbid":
                self.need("aus")
            return [Action(kind, target) for target in targets]
        if self.word("erscheint", "erscheinen"):
            return [Action("activate", target) for target in self.targets()]
        if before is not None and self.word("mache"):
            self.need("es", "sie", "ihn")
            self.need("zu", "zur", "zum")
            self.word("einer", "einem")
            self.need(*_DUTIES)
            return [Action("require", before.target)]
        if self.word("muss", "müssen", "soll", "sollen", "darf", "dürfen"):
            modal = self.tokens[self.place - 1].value
            if before is not None and not self.is_reference():
                return self.modal(modal, [before.target])
            return self.modal(modal, self.targets())
        if self.word("wird", "werden", "ist", "sind"):
            return self.being(self.targets())
        raise self.failure()

    def show(self) -> list[Action]:
        required = self.duty()
        targets = self.targets()
        required = self.duty() or required
        negated = self.word("nicht")
        self.word("an")
        if negated and required:
            raise self.failure()
        return [Action("forbid" if negated else "activate", target) for target in targets]

    def duty(self) -> bool:
        if self.now.value == "als" and self.ahead(1).value in _DUTIES:
            self.place += 2
            return True
        return False

    def modal(self, modal: str, targets: list[Token]) -> list[Action]:
        """`muss … befüllt werden`, `darf … nicht befüllt sein`, `… als Pflicht angezeigt UND … ausgeblendet werden`."""
        if self.word("zum", "zur"):
            self.need(*_DUTIES)
            self.need("werden")
            return self.unless_permitted(modal, [Action("require", target) for target in targets])
        duty = self.duty()
        negated = self.word("nicht")
        may = modal in ("darf", "dürfen")
        if may != negated:
            self.place -= negated
            raise self.failure()
        if may and self.word("leer"):
            self.need("sein")
            return [Action("require", target) for target in targets]
        actions = self.participle(targets, negated, duty)
        while not may and self.now.value == "und" and self.now.kind == "word":
            before = self.place
            self.place += 1
            more = self.targets() if self.is_reference() else targets
            if self.now.value not in _FILLED | _SHOWN | {"ausgeblendet", "als"}:
                self.place = before
                break
            actions += self.participle(more, False, self.duty())
        self.need("sein", "werden")
        return actions

    def unless_permitted(self, modal: str, actions: list[Action]) -> list[Action]:
        if modal in ("darf", "dürfen"):
            raise self.failure()
        return actions

    def participle(self, targets: list[Token], negated: bool, duty: bool) -> list[Action]:
        if self.word(*_FILLED):
            return [Action("forbid" if negated else "require", target) for target in targets]
        if self.word(*_SHOWN):
            return [Action("forbid" if negated else "activate", target) for target in targets]
        if not negated and not duty and self.word("ausgeblendet"):
            return [Action("forbid", target) for target in targets]
        raise self.failure()

    def being(self, targets: list[Token]) -> list[Action]:
        """`wird … ausgeblendet`, `wird … zur Pflichtangabe`, `ist … ein Pflichtfeld`."""
        if self.word("zur", "zum", "eine", "ein"):
            self.need(*_DUTIES)
            return [Action("require", target) for target in targets]
        negated = self.word("nicht")
        if self.word(*_SHOWN):
            return [Action("forbid" if negated else "activate", target) for target in targets]
        if not negated and self.word("ausgeblendet"):
            return [Action("forbid", target) for target in targets]
        raise self.failure()

    # -- demands

    def demand(self) -> list[Statement]:
        if self.phrase("es", "muss"):
            if self.word("entweder"):
                return [Demand(self.either())]
            self.need("mindestens")
            return [Demand(self.at_least_one())]
        if self.word("entweder"):
            self.need("muss", "müssen")
            return [Demand(self.either())]
        if self.word("mindestens"):
            return [Demand(self.at_least_one())]
        if self.phrase("das", "datum"):
            return [self.order()]
        return self.duty_first()

    def either(self) -> Condition:
        targets = [self.target()]
        while self.word("oder"):
            targets.append(self.target())
        if len(targets) != 2:
            raise self.failure()
        self.need(*_FILLED)
        self.need("sein", "werden")
        return Combination("xor", tuple(Filled(target) for target in targets))

    def at_least_one(self) -> Condition:
        self.need("eines", "eine", "einer")
        self.need("der")
        self.word("folgenden")
        targets = self.targets("oder")
        if self.word("muss") and self.phrase("den", "wert"):
            value = self.value()
            self.need("haben")
            return Combination("or", tuple(Compare(target, "==", value) for target in targets))
        self.need(*_FILLED)
        self.need("sein", "werden")
        return Combination("or", tuple(Filled(target) for target in targets))

    def order(self) -> Statement:
        first = self.target()
        self.need("muss", "darf")
        negated = self.tokens[self.place - 1].value == "darf"
        if negated:
            self.need("nicht")
        self.word("zeitlich")
        earlier = self.word("vor")
        if not earlier:
            self.need("nach")
        self.need("dem")
        self.need("datum")
        second = self.target()
        self.need("liegen")
        sign = ("<", ">", ">=", "<=")[2 * negated + (not earlier)]
        return Demand(Compare(first, sign, second))

    def duty_first(self) -> list[Statement]:
        """`F… ist ein Pflichtfeld, wenn …`, `Das Feld F… muss befüllt sein[, wenn …]`."""
        targets = self.targets()
        only = False
        if self.word("ist", "sind", "wird", "werden"):
            actions = self.being(targets)
        elif self.word("muss", "müssen", "darf", "dürfen"):
            modal = self.tokens[self.place - 1].value
            only = modal in ("darf", "dürfen") and self.word("nur")
            if only:
                self.need(*_FILLED, *_SHOWN)
                self.need("sein", "werden")
                actions = [Action("forbid", target) for target in targets]
            else:
                actions = self.modal(modal, targets)
        else:
            raise self.failure()
        if not only and (self.now.kind == "end" or self.now.value == "."):
            return [Conditional(Combination("and", ()), tuple(actions))]
        self.mark(",")
        self.need("wenn")
        condition = self.condition()
        return [Conditional(Negation(condition) if only else condition, tuple(actions))]
