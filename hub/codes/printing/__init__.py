"""Plates on paper and screen. Imported only where something is drawn: it needs reportlab and Pillow."""

from hub.codes.printing.fonts import GlyphMissingError, named_characters
from hub.codes.printing.images import png, svg
from hub.codes.printing.layout import PlateFace, plate_face
from hub.codes.printing.sheets import PrintResult, UnprintablePlate, pdf, write_sheets

__all__ = [
    "GlyphMissingError",
    "PlateFace",
    "PrintResult",
    "UnprintablePlate",
    "named_characters",
    "pdf",
    "plate_face",
    "png",
    "svg",
    "write_sheets",
]
