"""Addresses of the workplace, below `/amt/`. Every one asks for sign-in (see people.middleware)."""

from __future__ import annotations

from django.urls import path

from rathaus.office import case_views, files, views

app_name = "office"
_CASE = "vorgang/<str:reference>/"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("von-selbst/", views.automatic, name="automatic"),
    path("personen/", views.people, name="people"),
    path("personen/neu/", views.new_person, name="new_person"),
    path("personen/<int:person_id>/", views.edit_person, name="edit_person"),
    path("personen/<int:person_id>/zugang/", views.switch_person, name="switch_person"),
    path("protokoll/", views.journal, name="journal"),
    path(_CASE, case_views.case_page, name="case"),
    path(f"{_CASE}uebernehmen/", case_views.take, name="take"),
    path(f"{_CASE}zurueckgeben/", case_views.hand_back, name="hand_back"),
    path(f"{_CASE}zuweisen/", case_views.assign, name="assign"),
    path(f"{_CASE}notiz/", case_views.note, name="note"),
    path(f"{_CASE}nachricht/", case_views.message, name="message"),
    path(f"{_CASE}anfrage/", case_views.ask, name="ask"),
    path(f"{_CASE}wiederholen/", case_views.retry, name="retry"),
    path(f"{_CASE}aufgabe/<int:step_id>/", case_views.complete, name="complete"),
    path(f"{_CASE}aufgabe/<int:step_id>/vorschau/<slug:template>/", files.preview, name="preview"),
    path(f"{_CASE}unterlage/<uuid:attachment_id>/", files.attachment, name="attachment"),
    path(f"{_CASE}schreiben/<int:letter_id>/", files.letter, name="letter"),
]
