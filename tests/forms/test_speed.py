"""How long an evaluation may take. CPU time of the best of several runs, with room for slow machines."""

from __future__ import annotations

import time
from collections.abc import Callable

from rathaus.forms import Answers
from tests.forms.building import TODAY, TOWN, a_field, a_form, a_group, a_tree


def milliseconds(work: Callable[[], object], runs: int = 8) -> float:
    work()
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(runs):
            work()
        best = min(best, (time.process_time() - start) / runs)
    return best * 1000


def test_ten_pages_of_twenty_fields_with_a_hundred_rules_take_milliseconds() -> None:
    tree = a_tree(
        *(a_group(f"G{g}", *(a_field(f"F{f}", max_length=80) for f in range(20))) for g in range(10))
    )
    pages = [f'[[page]]\nid = "s{g}"\ntitle = "S"\nfields = ["g{g}"]\n' for g in range(10)]
    shows = [
        f'[field."g{g}.f{f}"]\nshow = "g{(g + 1) % 10}.f{f + 6} != \'x{f}\'"\n'
        for g in range(10)
        for f in range(5)
    ]
    checks = [
        f'[[check]]\nid = "c{n}"\nvalid = "g{n % 10}.f{n % 7 + 6} != \'z{n}\'"\n'
        f'fields = ["g{n % 10}.f{n % 7 + 6}"]\nmessage = "m"\n'
        for n in range(50)
    ]
    form = a_form(tree, "".join([*pages, *shows, *checks]))
    answers: Answers = {f"g{g}": {f"f{f}": "Hallo Welt" for f in range(20)} for g in range(10)}
    assert form.evaluate(answers, town=TOWN, today=TODAY).complete
    # Aim: 5 ms; measured 2.3 ms on a busy 2-core machine. The peer's rule check takes 80 ms for a form of this size.
    assert milliseconds(lambda: form.evaluate(answers, town=TOWN, today=TODAY)) < 10
