"""Operations that tell the applicant something: letters and notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rathaus.cases.service import open_request, tell_applicant
from rathaus.catalogue.package import Package
from rathaus.letters import service as letters
from rathaus.processes.definition import Element
from rathaus.processes.operations.registry import OperationError, Parameter, operation
from rathaus.processes.work import Work
from rathaus.said import said

REMINDER = "erinnerung"


def _check_letter(package: Package, parameters: Mapping[str, str]) -> Iterable[str]:
    if parameters["template"] not in package.letters:
        known = ", ".join(sorted(package.letters)) or "none"
        yield said(
            "there is no letter %(found)r under letters/; there are %(known)s",
            found=parameters["template"],
            known=known,
        )
    if parameters.get("seal", "false") not in ("true", "false"):
        yield "the parameter seal is true or false"


@operation(
    "letter",
    parameters=[
        Parameter("template", "name of the file under letters/ without .typ", required=True),
        Parameter("title", "title in German", required=True),
        Parameter("title_en", "title in English"),
        Parameter("title_de-simple", "title in plain German"),
        Parameter("seal", "true: the PDF is sealed"),
    ],
    check=_check_letter,
)
def letter(work: Work, element: Element) -> None:
    """Promise a letter with the answers and facts of this moment; it is typeset, sealed and provided afterwards."""
    given = element.parameters
    title = given.get(f"title_{work.language}") or given["title"]
    written = letters.promise_letter(
        work.case,
        given["template"],
        title=title,
        seal=given.get("seal") == "true",
        language=work.language,
        signer=str(work.person) if work.person else None,  # § 37 Abs. 3 and 5 VwVfG
    )
    work.record("letter.promised", template=given["template"], letter=written.pk)


def _check_notice(package: Package, parameters: Mapping[str, str]) -> Iterable[str]:
    template, text = parameters.get("template", ""), parameters.get("text", "")
    if bool(template) == bool(text):
        yield "the operation notify needs either template or text"
    elif template and template != REMINDER and template not in package.letters:
        yield said(
            "template is %(reminder)r or the name of a letter, not %(template)r",
            reminder=REMINDER,
            template=template,
        )


@operation(
    "notify",
    parameters=[
        Parameter("template", f"{REMINDER!r} or the letter it is about"),
        Parameter("text", "one sentence in German for the applicant's timeline"),
        Parameter("text_en", "the same in English"),
        Parameter("text_de-simple", "the same in plain German"),
    ],
    check=_check_notice,
)
def notify(work: Work, element: Element) -> None:
    """Tell the applicant that there is news.

    About a letter they are told by the letter itself, on the day it is provided (§ 9 Abs. 1 OZG), not before it can
    be opened; a reminder names the day until which an answer is awaited; a text is shown on the timeline.
    """
    given = element.parameters
    if given.get("template") == REMINDER:
        request = open_request(work.case)
        if request is None or request.answer_until is None:
            raise OperationError("there is no open request to remind of")
        work.record("information.reminded", public=True, until=request.answer_until.isoformat())
    elif given.get("text"):
        texts = {"de": given["text"]}
        texts |= {key.removeprefix("text_"): text for key, text in given.items() if key.startswith("text_")}
        work.record("notice", public=True, text=texts)
    else:
        return
    tell_applicant(work.case)
