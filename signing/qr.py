"""Codes as QR symbols (ISO/IEC 18004), as a matrix or an SVG.

The address in front, up to and with `/c/`, is one byte segment, the rest one alphanumeric segment. A plate at
level H is version 10 with a host of up to 13 characters, version 11 up to 31; in bytes alone it would be 13 or 14.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import QRData

from signing.codes import MAX_CODE_CHARS, PATH
from signing.errors import CodeAlphabetError, CodeTooLongError
from signing.qr_mask import Rows, best_masked

QUIET_ZONE = 4  # modules of white on every side (ISO/IEC 18004:2015, 6.3.8)

_DIGITS = b"01" + bytes(254)  # of a byte 0 or 1
_IS_DARK = {"0": False, "1": True}
_ALPHANUMERIC = re.compile(r"[0-9A-Z.]+\Z")


class QrLevel(StrEnum):
    """How much of a symbol may be damaged: about 15, 25 and 30 per cent of its code words."""

    M = "M"
    Q = "Q"
    H = "H"


_LEVEL_BITS = {QrLevel.M: ERROR_CORRECT_M, QrLevel.Q: ERROR_CORRECT_Q, QrLevel.H: ERROR_CORRECT_H}


@dataclass(frozen=True, slots=True)
class QrSymbol:
    """A symbol without its quiet zone: `modules[row][column]` is True where dark."""

    version: int
    level: QrLevel
    modules: tuple[tuple[bool, ...], ...]


def plate_symbol(text: str) -> QrSymbol:
    """Draw the symbol of a plate, which is outdoors for years: level H."""
    return code_symbol(text, level=QrLevel.H)


def dynamic_symbol(text: str) -> QrSymbol:
    """Draw the symbol of a dynamic code, which is on a lit screen: level M, for larger modules."""
    return code_symbol(text, level=QrLevel.M)


def code_symbol(text: str, *, level: QrLevel) -> QrSymbol:
    """Return the smallest symbol that holds a code's text.

    Raises: CodeTooLongError, CodeAlphabetError for a text that no printer of ours makes.
    """
    if len(text) > MAX_CODE_CHARS:
        raise CodeTooLongError
    start, path, rest = text.rpartition(PATH)
    if not _ALPHANUMERIC.match(rest) or not (start + path).isascii():
        raise CodeAlphabetError
    encoder = QRCode(error_correction=_LEVEL_BITS[level], mask_pattern=0)
    if path:  # the lower-case letter in the path makes this a byte segment, the rest is alphanumeric by its alphabet
        encoder.add_data(QRData((start + path).encode("ascii")), optimize=0)
    encoder.add_data(QRData(rest.encode("ascii")), optimize=0)
    encoder.make(fit=True)
    rows = tuple(int(bytes(map(bool, row)).translate(_DIGITS), 2) for row in encoder.modules)
    rows = best_masked(rows, version=encoder.version, level_bits=_LEVEL_BITS[level])
    return QrSymbol(encoder.version, level, _matrix(rows))


def svg_text(symbol: QrSymbol, *, quiet_zone: int = QUIET_ZONE, title: str | None = None) -> str:
    """Return an SVG of one path in module units, without styles or scripts, so that a strict CSP lets it stand in a page.

    `title` is what a screen reader says; without one the picture is marked as decoration.

    Raises: ValueError for a negative quiet zone.
    """
    if quiet_zone < 0:
        raise ValueError("the quiet zone is not negative")
    side = len(symbol.modules) + 2 * quiet_zone
    path = "".join(_row_path(row, quiet_zone, quiet_zone + y) for y, row in enumerate(symbol.modules))
    role = 'aria-hidden="true"' if title is None else 'role="img"'
    label = "" if title is None else f"<title>{escape(title)}</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" {role}>'
        f'{label}<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )


def _row_path(row: tuple[bool, ...], left: int, top: int) -> str:
    commands, x = [], left
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            commands.append(f"M{x} {top}h{width}v1h-{width}z")
        x += width
    return "".join(commands)


def _matrix(rows: Rows) -> tuple[tuple[bool, ...], ...]:
    size = len(rows)
    return tuple(tuple(map(_IS_DARK.__getitem__, f"{row:0{size}b}")) for row in rows)
