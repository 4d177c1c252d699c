"""Colours of a town and whether people can read them."""

from __future__ import annotations

import re

# WCAG 2.2, success criterion 1.4.3 (AA): contrast of normal text against its background.
MINIMUM_TEXT_CONTRAST = 4.5

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


class BadColourError(ValueError):
    """A colour is not written as `#rrggbb`."""


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours `#rrggbb`, from 1 (equal) to 21 (black on white).

    Source: WCAG 2.2, definitions of *contrast ratio* and *relative luminance*.
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    if not _COLOUR.fullmatch(colour):
        raise BadColourError(f"{colour!r} is not a colour like #1f4e79")
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
