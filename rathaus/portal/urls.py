"""The portal's addresses; those named in the contract stay."""

from __future__ import annotations

from django.urls import path

from rathaus.portal import cases, drafts, feedback, form_pages, pages, sending, uploads, verify

app_name = "portal"
urlpatterns = [
    path("", pages.start, name="start"),
    path("suche/", pages.search, name="search"),
    path("leistungen/", pages.services, name="services"),
    path("leistungen/<slug:key>/", pages.service, name="service"),
    path("leistungen/<slug:key>/antrag/", drafts.apply, name="apply"),
    path("leistungen/<slug:key>/antrag/<uuid:draft_id>/", form_pages.enter, name="draft"),
    path("leistungen/<slug:key>/antrag/<uuid:draft_id>/loeschen/", drafts.give_up, name="give_up"),
    path("leistungen/<slug:key>/antrag/<uuid:draft_id>/pruefen/", sending.review, name="review"),
    path("leistungen/<slug:key>/antrag/<uuid:draft_id>/dateien/", uploads.create, name="uploads"),
    path(
        "leistungen/<slug:key>/antrag/<uuid:draft_id>/dateien/<uuid:attachment_id>/",
        uploads.upload,
        name="upload",
    ),
    path("leistungen/<slug:key>/antrag/<uuid:draft_id>/<str:page>/", form_pages.form_page, name="form_page"),
    path("weitermachen/", drafts.go_on, name="resume"),
    path("vorgang/", cases.find, name="find_case"),
    path("vorgang/verlassen/", cases.leave, name="leave_cases"),
    path("vorgang/<str:reference>/", cases.status, name="status"),
    path("vorgang/<str:reference>/eingang/", cases.receipt, name="receipt"),
    path("vorgang/<str:reference>/kopie.pdf", cases.copy, name="copy"),
    path("vorgang/<str:reference>/dokumente/<int:letter>/", cases.document, name="document"),
    path("vorgang/<str:reference>/antwort/", cases.answer, name="answer"),
    path("vorgang/<str:reference>/zurueckziehen/", cases.withdraw, name="withdraw"),
    path("pruefen/", verify.verify, name="verify"),
    path("barrierefreiheit/", feedback.accessibility, name="accessibility"),
    path("impressum/", pages.imprint, name="imprint"),
    path("datenschutz/", pages.privacy, name="privacy"),
    path("leichte-sprache/", pages.simple_language, name="simple_language"),
    path("gebaerdensprache/", pages.sign_language, name="sign_language"),
    path("sprache/", pages.choose_language, name="language"),
    path("stadt.css", pages.town_style, name="town_style"),
    path("wappen.svg", pages.town_arms, name="town_arms"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
]
