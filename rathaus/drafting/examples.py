"""Complete, valid answers for a form: for the examples of a draft, and for trying any form.

Answers are made from the schema, judged by the form itself (`Form.accept`), and mended where they do not pass: what is
missing is filled in, what is refused is made anew, and answers that a check reads are varied. The search is bounded
and depends on nothing but its arguments.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rathaus.drafting import tomltext
from rathaus.drafting.samples import partial_date, sample
from rathaus.forms.engine import Acceptance, Form
from rathaus.forms.keys import Answers, Path, copied, delete, get, put, template_of
from rathaus.forms.problems import Problem
from rathaus.forms.tree import FieldNode, GroupNode

_ROUNDS = 60
_VAIN = 8
_RESTARTS = 6
_OPTIONAL = 0.5
_MOST_ENTRIES = 2
DRAFTED = "drafted"  # the key that tells a drafted example from one somebody wrote; its value numbers them
EXAMPLE_TOWN: Mapping[str, Any] = {
    "slug": "beispiel",
    "name": "Beispielstadt",
    "ags": "03241001",
    "land": "NI",
    "postal_codes": ["30159", "30161", "30451"],
    "settings": {},
}


class NoAnswersError(ValueError):
    """No valid answers were found; `problems` are those of the best attempt."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.location}: {problem.message}" for problem in problems[:5]))
        self.problems = problems


def generate_answers(
    form: Form,
    seed: int,
    *,
    today: date,
    town: Mapping[str, Any] = EXAMPLE_TOWN,
    optional: float = _OPTIONAL,
) -> Answers:
    """Canonical answers that `form` accepts; the same for the same arguments.

    `optional` is the share of what need not be answered that is answered all the same. Raises `NoAnswersError`.
    """
    best: Acceptance | None = None
    for restart in range(_RESTARTS):
        chance = random.Random(f"{seed}/{restart}")  # noqa: S311 - examples, not secrets
        share = optional if restart < _RESTARTS // 2 else 0.0
        found = _Search(form, chance, today, town, share).run()
        if found.ok:
            return found.answers
        if best is None or len(found.problems) < len(best.problems):
            best = found
    raise NoAnswersError(best.problems if best else ())


def completed_answers(
    form: Form, answers: Answers, *, today: date, town: Mapping[str, Any] = EXAMPLE_TOWN
) -> Answers:
    """These answers, with as little as possible added and changed so that `form` accepts them.

    Raises `NoAnswersError`.
    """
    found = _Search(form, random.Random(0), today, town, 0.0).run(answers)  # noqa: S311 - examples, not secrets
    if not found.ok:
        raise NoAnswersError(found.problems)
    return found.answers


def drafted_example(form: Form, number: int, today: date) -> bytes:
    """An example that expects valid answers and a person to check them. Raises `NoAnswersError`.

    The first answers only what must be answered, the next more and more.
    """
    answers = generate_answers(form, number, today=today, optional=0.0 if number == 1 else 0.7)
    title = "Nur das Nötige" if number == 1 else "Ausführlich"
    head = {"title": title, "language": "de", "today": today.isoformat(), DRAFTED: number}
    expected = tomltext.table("expect", {"valid": True, "route": "person"})
    return f"{tomltext.pairs(head)}\n{tomltext.table('answers', answers)}{expected}".encode()


def renewed_examples(form: Form, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The drafted examples that the form does not accept any more, made anew.

    An example somebody wrote (it does not say `drafted`) is left alone, and so is one for which no answers are found:
    what is wrong with it is for people to see.
    """
    renewed: dict[str, bytes] = {}
    for name, number, today in _unfit(form, files):
        try:
            renewed[name] = drafted_example(form, number, today)
        except NoAnswersError:
            continue
    return renewed


def accepts_drafted_examples(form: Form, files: Mapping[str, bytes]) -> bool:
    """Whether the form takes all examples that were drafted for it."""
    return next(_unfit(form, files), None) is None


def _unfit(form: Form, files: Mapping[str, bytes]) -> Iterator[tuple[str, int, date]]:
    """The drafted examples that the form refuses: file, number and day."""
    for name in (name for name in files if name.startswith("examples/")):
        try:
            example = tomllib.loads(files[name].decode("utf-8"))
            number, today = int(example[DRAFTED]), date.fromisoformat(str(example["today"]))
            fits = form.accept(example["answers"], town=EXAMPLE_TOWN, today=today).ok
        except (LookupError, TypeError, ValueError):  # written by people, or not readable: the check says so
            continue
        if not fits:
            yield name, number, today


class _Search:
    def __init__(
        self, form: Form, chance: random.Random, today: date, town: Mapping[str, Any], optional: float
    ) -> None:
        self._form = form
        self._chance = chance
        self._today = today
        self._town = town
        self._optional = optional
        self._in_vain: Counter[str] = (
            Counter()
        )  # how often nothing was found for a field that must be answered

    def run(self, begin: Answers | None = None) -> Acceptance:
        answers = self._group(self._form.tree.root) if begin is None else begin
        judged = self._judge(answers)
        for attempt in range(1, _ROUNDS + 1):
            if judged.ok or max(self._in_vain.values(), default=0) > _VAIN:
                break
            changed: Answers = copied(answers if attempt % 7 else judged.answers)
            for problem in self._some(judged.problems):
                self._mend(changed, problem, attempt)
            again = self._judge(changed)
            # Sideways steps are allowed: two rules may have to be mended together.
            if len(again.problems) <= len(judged.problems) or self._chance.random() < 0.1:
                answers, judged = changed, again
        return judged

    def _judge(self, answers: Answers) -> Acceptance:
        return self._form.accept(answers, town=self._town, today=self._today)

    def _some(self, problems: tuple[Problem, ...]) -> list[Problem]:
        plain = [problem for problem in problems if not problem.code.startswith("check.")]
        checks = [problem for problem in problems if problem.code.startswith("check.")]
        return [*plain, *self._chance.sample(checks, min(len(checks), 2))]

    def _mend(self, answers: Answers, problem: Problem, attempt: int) -> None:
        path = problem.path
        node = self._form.tree.nodes.get(".".join(template_of(path)))
        if node is None:
            return
        try:
            if problem.code.startswith("check."):
                self._vary(answers, path, node, attempt)
            elif problem.code in ("choice.several", "choice.none") and isinstance(node, GroupNode):
                put(answers, path, self._group(node, needed=True))
            elif problem.code in ("too_few", "too_many"):
                put(answers, path, self._several(node))
            elif problem.code == "code.repeated":
                delete(answers, path)
            elif not self._fill(answers, path, node, attempt):
                self._in_vain[node.address] += 1
        except (LookupError, TypeError):
            return

    def _vary(self, answers: Answers, path: Path, node: FieldNode | GroupNode, attempt: int) -> None:
        """Answer anew, or take the answer back: a check may want either."""
        if get(answers, path) is not None and self._chance.random() < 0.4:
            delete(answers, path)
        else:
            self._fill(answers, path, node, attempt)

    def _fill(self, answers: Answers, path: Path, node: FieldNode | GroupNode, attempt: int) -> bool:
        """Answer anew; False, and no answer, if none is found."""
        single = not node.repeatable or isinstance(path[-1], int)
        made = self._one(node, attempt) if single else self._several(node)
        if made is None:
            delete(answers, path)
            return False
        put(answers, path, made)
        return True

    def _group(self, group: GroupNode, *, needed: bool = False) -> Answers:
        answers: Answers = {}
        children = list(group.children)
        if group.is_choice:
            open_ = [child for child in children if not (isinstance(child, FieldNode) and child.is_fixed)]
            children = [self._chance.choice(open_)] if open_ else []
        for child in children:
            if isinstance(child, FieldNode) and (child.is_label or child.is_fixed):
                continue
            wanted = child.needed or (needed and group.is_choice) or self._chance.random() < self._optional
            made = (self._several(child) if child.repeatable else self._one(child)) if wanted else None
            if made not in (None, [], {}):
                answers[child.key] = made
        return answers

    def _one(self, node: FieldNode | GroupNode, attempt: int = 0) -> Any:
        if isinstance(node, FieldNode):
            return sample(node, self._today, self._chance, attempt=attempt)
        if node.is_partial_date:
            return partial_date(node, self._today, self._chance)
        return self._group(node, needed=True)

    def _several(self, node: FieldNode | GroupNode) -> list[Any]:
        fewest = max(node.minimum, 1)
        most = fewest + _MOST_ENTRIES - 1
        if node.maximum is not None:
            most = min(most, node.maximum)
        made = [self._one(node) for _ in range(self._chance.randint(min(fewest, most), most))]
        if isinstance(node, FieldNode) and node.is_choice:
            codes = [code.code for code in node.codes]
            made = self._chance.sample(codes, min(len(made), len(codes)))
        return [entry for entry in made if entry is not None]
