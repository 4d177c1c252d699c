"""The verification address as a QR code: vector graphics without any library for pictures."""

from __future__ import annotations

import re

import qrcode
from qrcode.constants import ERROR_CORRECT_M

# All eight masks are valid; choosing one saves four fifths of the time, readers do not mind.
_MASK = 2
_QUIET_ZONE = 4  # modules, ISO/IEC 18004
_RUN = re.compile(rb"\x01+")  # dark modules side by side: one rectangle, half as many for Typst to read


def qr_svg(text: str) -> str:
    """`text` as an SVG of black modules on white with the quiet zone the standard asks for."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    side = len(modules) + 2 * _QUIET_ZONE
    path = "".join(
        f"M{run.start() + _QUIET_ZONE} {row + _QUIET_ZONE}h{len(run[0])}v1h-{len(run[0])}z"
        for row, line in enumerate(modules)
        for run in _RUN.finditer(bytes(line))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
