"""Text on a ReportLab canvas in the fonts of the plates: measured, broken into lines, drawn run by run."""

from typing import cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStream
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont
from reportlab.pdfgen.canvas import Canvas

from hub.codes.printing.fonts import PlateFont, plate_fonts
from hub.codes.printing.lines import pieces
from hub.codes.printing.pdf import to_unicode


class _CopyableFont(TTFont):
    """A font whose supplementary characters can be copied out of the file.

    ReportLab writes their code points as they are, where a CMap has UTF-16 (ISO 32000-1, 9.10.3).
    """

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  # ReportLab's name
        subsets = list(self.state[doc].subsets)
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
            characters = dict(enumerate(map(chr, subset)))
            stream = cast("PDFStream", doc.idToObject[f"toUnicodeCMap:{name}"])
            stream.content = to_unicode(characters, digits=2).decode("ascii")


def draw_text(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """Draw one line from `x`, its base line at `y`, in points. One thread at a time: fonts are the process's.

    Raises: GlyphMissingError.
    """
    for run in plate_fonts().runs(text):
        canvas.setFont(_registered(run.font), size)
        canvas.drawString(x, y, run.text)
        x += width_of(run.text, size)


def draw_centred(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """Draw one line with its middle at `x`. Raises: GlyphMissingError."""
    draw_text(canvas, x - width_of(text, size) / 2, y, text, size)


def width_of(text: str, size: float) -> float:
    """Return the width in points. Raises: GlyphMissingError."""
    return plate_fonts().advance(text) * size / 1000


def wrap(text: str, width: float, size: float) -> list[str]:
    """Return lines of at most `width` points; a word longer than a line is broken. Raises: GlyphMissingError."""
    lines, line = [], ""
    for word in pieces(text, fits=lambda each: width_of(each, size) <= width):
        if line and width_of((line + word).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()]


def _registered(font: PlateFont) -> str:
    if font.name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(_CopyableFont(font.name, str(font.path)))
    return font.name
