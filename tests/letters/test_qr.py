"""The QR code of a letter: drawn in few pieces, and still the code."""

from __future__ import annotations

import re

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from rathaus.letters.qr import qr_svg

ADDRESS = "https://stadt.example/pruefen/?code=7K3M-9Q2X-AAAA-BCDE"


def _drawn(svg: str) -> set[tuple[int, int]]:
    """Row and column of every dark module in the picture."""
    return {
        (int(row), int(column) + step)
        for column, row, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", svg)
        for step in range(int(width))
        if width == back
    }


def test_what_is_drawn_is_the_code_with_its_quiet_zone() -> None:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=2)
    code.add_data(ADDRESS)
    dark = {
        (row, column)
        for row, line in enumerate(code.get_matrix())
        for column, is_dark in enumerate(line)
        if is_dark
    }
    assert _drawn(qr_svg(ADDRESS)) == dark


def test_dark_modules_side_by_side_are_one_piece() -> None:
    svg = qr_svg(ADDRESS)
    assert svg.count("M") - 1 < 0.6 * len(_drawn(svg))
