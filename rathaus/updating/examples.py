"""Examples that people wrote go along with the schema: what they answer stays, what is missing is filled in."""

from __future__ import annotations

import tomllib
from datetime import date

import tomlkit

from rathaus.drafting.examples import EXAMPLE_TOWN, NoAnswersError, completed_answers, renewed_examples
from rathaus.editing import Files, Words
from rathaus.editing.edit import with_file
from rathaus.editing.examples import FOLDER
from rathaus.editing.words import gettext_noop
from rathaus.forms.engine import Form
from rathaus.forms.moving import Move
from rathaus.updating.loss import Loss


def with_examples(files: Files, old: Form, new: Form) -> tuple[Files, list[Loss]]:
    """The package with examples the new form takes; those for which no answers are found are said and stay."""
    move, misfits = Move(old, new), list[tuple[str, str]]()
    for name in [name for name in files if name.startswith(FOLDER)]:
        try:
            data = tomllib.loads(files[name].decode("utf-8"))
            answers, today = data["answers"], date.fromisoformat(str(data["today"]))
        except (LookupError, ValueError):  # the check says what is wrong with it
            continue
        town = {**EXAMPLE_TOWN, **data.get("town", {}), "settings": data.get("town_settings", {})}
        moved = move(answers, town=town, today=today).answers
        if data.get("expect", {}).get("valid") and not new.accept(moved, town=town, today=today).ok:
            try:
                moved = completed_answers(new, moved, today=today, town=town)
            except NoAnswersError:
                misfits.append((name, str(data.get("title", name))))
        if moved != answers:
            files = with_file(files, name, tomlkit.dumps({**data, "answers": moved}).encode())
    renewed = renewed_examples(new, files)
    words = gettext_noop("Das Beispiel „%(title)s“ passt nicht mehr: Überarbeiten Sie es")
    losses = [Loss(Words(words, {"title": title})) for name, title in misfits if name not in renewed]
    return {**files, **renewed}, losses
