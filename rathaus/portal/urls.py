"""The portal's addresses; those named in the contract stay."""

from __future__ import annotations

from django.urls import path

from rathaus.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.start, name="start"),
    path("suche/", pages.search, name="search"),
    path("leistungen/", pages.services, name="services"),
    path("leistungen/<slug:key>/", pages.service, name="service"),
    path("impressum/", pages.imprint, name="imprint"),
    path("datenschutz/", pages.privacy, name="privacy"),
    path("leichte-sprache/", pages.simple_language, name="simple_language"),
    path("gebaerdensprache/", pages.sign_language, name="sign_language"),
    path("sprache/", pages.choose_language, name="language"),
    path("stadt.css", pages.town_style, name="town_style"),
    path("wappen.svg", pages.town_arms, name="town_arms"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
]
