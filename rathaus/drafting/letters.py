"""The letters of a draft, as Typst: decision, rejection, request for information. Plain, and ready to be reworded.

They take every word about the service from the case, so that a new title needs no change here.
"""

from __future__ import annotations

from rathaus.drafting.process import CHECK

_HEAD = """#import "/rathaus/letter.typ": *

#show: letter

#let check = data.facts.at("%(check)s", default: (:))
#let reason = check.at("text", default: check.at("reason", default: ""))

#greeting()

"""

_DECISION = """// Bescheid: Dem Antrag wird stattgegeben. Ein Verwaltungsakt mit Rechtsbehelfsbelehrung
// (§ 37 Abs. 6 VwVfG).

%(head)s#by-language(
  de: [über Ihren Antrag „#data.case.service_title“ vom #day(data.case.received_at) haben wir entschieden:],
  en: [we have decided on your application “#text(lang: "de", data.case.service_title)” of
    #day(data.case.received_at):],
)

#hint(strong(by-language(de: [Wir geben Ihrem Antrag statt.], en: [Your application is granted.])))

== #by-language(de: [Begründung], en: [Reasons])

#by-language(
  de: [Wir haben Ihre Angaben und Unterlagen geprüft. Die Voraussetzungen liegen vor.],
  en: [We have checked your information and documents. The conditions are met.],
)

#if reason != "" [#text(lang: "de", reason)]

== #by-language(de: [Ihre Angaben], en: [Your information])

#entries(data.review)

#signature()

#remedy()
"""

_REJECTION = """// Ablehnung mit Gründen (§ 39 VwVfG) und Rechtsbehelfsbelehrung (§ 37 Abs. 6 VwVfG).

%(head)s#by-language(
  de: [über Ihren Antrag „#data.case.service_title“ vom #day(data.case.received_at) haben wir entschieden:],
  en: [we have decided on your application “#text(lang: "de", data.case.service_title)” of
    #day(data.case.received_at):],
)

#hint(strong(by-language(de: [Wir lehnen Ihren Antrag ab.], en: [Your application is rejected.])))

== #by-language(de: [Begründung], en: [Reasons])

#block(inset: (left: 8pt), text(lang: "de", reason))

== #by-language(de: [Was Sie tun können], en: [What you can do])

#by-language(
  de: [Ändert sich der Sachverhalt, können Sie den Antrag neu stellen. Rufen Sie uns an, wenn Sie Fragen haben.],
  en: [If the facts change you can apply again. Please call us if you have questions.],
)

#signature()

#remedy()
"""

_REQUEST = """// Bitte um Angaben oder Unterlagen, mit Frist. Kein Verwaltungsakt, daher ohne Rechtsbehelfsbelehrung.

%(head)s#by-language(
  de: [danke für Ihren Antrag „#data.case.service_title“ vom #day(data.case.received_at). Damit wir ihn bearbeiten
    können, brauchen wir noch etwas von Ihnen:],
  en: [thank you for your application “#text(lang: "de", data.case.service_title)” of #day(data.case.received_at). To
    process it we need something more from you:],
)

#hint(text(lang: "de", reason))

== #by-language(de: [So antworten Sie], en: [How to answer])

#by-language(
  de: [Öffnen Sie im Portal Ihren Vorgang mit dem Aktenzeichen und dem Zugangscode aus der Eingangsbestätigung. Dort
    können Sie antworten und Dateien hochladen.],
  en: [Open your case in the portal with the reference and the access code from your confirmation of receipt. There
    you can answer and upload files.],
)

#let deadline = check.at("deadline", default: none)
#if deadline != none [
  #by-language(
    de: [Bitte antworten Sie bis zum *#day(deadline)*. Antworten Sie nicht, entscheiden wir nach den Angaben, die uns
      vorliegen.],
    en: [Please answer by *#day(deadline)*. If you do not answer we decide on the basis of what we have.],
  )
]

#signature()
"""


def neutral_letters() -> dict[str, bytes]:
    """The files under letters/."""
    head = _HEAD % {"check": CHECK}
    sources = {"bescheid": _DECISION, "ablehnung": _REJECTION, "nachforderung": _REQUEST}
    return {f"letters/{name}.typ": (source % {"head": head}).encode() for name, source in sources.items()}
