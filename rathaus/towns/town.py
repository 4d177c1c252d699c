"""The town itself and the hosts it answers to: the only rows that belong to no town."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from rathaus.towns.look import MINIMUM_TEXT_CONTRAST, BadColourError, contrast


class Land(models.TextChoices):
    """The sixteen Länder by their ISO 3166-2 code without `DE-`; decides public holidays and remedies."""

    BADEN_WUERTTEMBERG = "BW", "Baden-Württemberg"
    BAYERN = "BY", "Bayern"
    BERLIN = "BE", "Berlin"
    BRANDENBURG = "BB", "Brandenburg"
    BREMEN = "HB", "Bremen"
    HAMBURG = "HH", "Hamburg"
    HESSEN = "HE", "Hessen"
    MECKLENBURG_VORPOMMERN = "MV", "Mecklenburg-Vorpommern"
    NIEDERSACHSEN = "NI", "Niedersachsen"
    NORDRHEIN_WESTFALEN = "NW", "Nordrhein-Westfalen"
    RHEINLAND_PFALZ = "RP", "Rheinland-Pfalz"
    SAARLAND = "SL", "Saarland"
    SACHSEN = "SN", "Sachsen"
    SACHSEN_ANHALT = "ST", "Sachsen-Anhalt"
    SCHLESWIG_HOLSTEIN = "SH", "Schleswig-Holstein"
    THUERINGEN = "TH", "Thüringen"


class Town(models.Model):
    """A municipality of this installation."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)  # "Hannover"
    official_name = models.CharField(max_length=120)  # "Landeshauptstadt Hannover"
    ags = models.CharField(max_length=8)  # Amtlicher Gemeindeschlüssel
    land = models.CharField(max_length=2, choices=Land.choices)
    reference_prefix = models.CharField(max_length=4)  # first letters of every case reference
    is_default = models.BooleanField(default=False)  # answers to unknown hosts in demo mode
    postal_codes = models.JSONField(default=list)  # list of five-digit strings inside the town's area
    # Look: colours as `#rrggbb`; `clean()` refuses pairs below the contrast WCAG 2.2 asks for.
    brand_colour = models.CharField(max_length=7, default="#1f4e79")
    brand_text_colour = models.CharField(max_length=7, default="#ffffff")
    arms_svg = models.TextField(blank=True)
    contact = models.JSONField(default=dict)  # street, postal_code, city, phone, email, website
    imprint = models.JSONField(default=dict)  # representative, vat_id, supervisory_authority …
    bank_account = models.JSONField(default=dict)  # holder, iban, bic, bank
    extra_holidays = models.JSONField(default=list, blank=True)  # ISO dates beyond the Land's public holidays

    class Meta:
        app_label = "towns"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse colours that people cannot read: text on the brand colour, and the brand colour on white."""
        for field, background in (("brand_text_colour", self.brand_colour), ("brand_colour", "#ffffff")):
            try:
                ratio = contrast(getattr(self, field), background)
            except BadColourError as error:
                raise ValidationError({field: str(error)}) from error
            if ratio < MINIMUM_TEXT_CONTRAST:
                raise ValidationError(
                    {
                        field: f"Kontrast {ratio:.1f}:1 auf {background}; nötig sind {MINIMUM_TEXT_CONTRAST}:1 "
                        "(WCAG 2.2, 1.4.3). Wählen Sie eine dunklere oder hellere Farbe."
                    }
                )


class TownHost(models.Model):
    """A host name under which a town answers (lower case, without port)."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField(max_length=253, unique=True)

    class Meta:
        app_label = "towns"

    def __str__(self) -> str:
        return self.host
