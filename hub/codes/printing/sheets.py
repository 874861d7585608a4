"""Print-ready PDF: one plate with cut marks, or a whole area four to a sheet of A4, written as it is drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from hub.codes.printing.fonts import GlyphMissingError, plate_fonts
from hub.codes.printing.layout import HEIGHT, WIDTH, Drawing, PlateFace, draw
from hub.codes.printing.pdf import PdfWriter, cut_marks

BLEED = 8.0  # white around a single plate, with room for the cut marks
A4 = (210.0, 297.0)
COLUMNS, ROWS = 2, 2


@dataclass(frozen=True, slots=True)
class UnprintablePlate:
    """A plate left out because no font has a character of its name or address."""

    face: PlateFace
    characters: str


@dataclass(frozen=True, slots=True)
class PrintResult:
    plates: int
    pages: int
    unprintable: tuple[UnprintablePlate, ...]


def pdf(face: PlateFace) -> bytes:
    """Return one plate on a page of its own size.

    Raises: GlyphMissingError.
    """
    out = BytesIO()
    writer = PdfWriter(out, title=f"{face.name} {face.plate_id}", fonts=plate_fonts())
    width, height = WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED
    corners = [(x, y) for x in (BLEED, BLEED + WIDTH) for y in (BLEED, BLEED + HEIGHT)]
    plate = writer.plate(draw(face), left=BLEED, top=BLEED, page_height=height)
    writer.page(width, height, plate + cut_marks(corners, page_height=height))
    writer.close()
    return out.getvalue()


def write_sheets(faces: Iterable[PlateFace], out: BinaryIO, *, title: str) -> PrintResult:
    """Plates four to a page into `out`; memory does not grow with their number."""
    writer = PdfWriter(out, title=title, fonts=plate_fonts())
    unprintable: list[UnprintablePlate] = []
    drawings = _drawn(faces, unprintable)
    plates = pages = 0
    while group := list(islice(drawings, COLUMNS * ROWS)):
        writer.page(*A4, _sheet(writer, group))
        plates += len(group)
        pages += 1
    writer.close()
    return PrintResult(plates, pages, tuple(unprintable))


def _drawn(faces: Iterable[PlateFace], unprintable: list[UnprintablePlate]) -> Iterator[Drawing]:
    for face in faces:
        try:
            yield draw(face)
        except GlyphMissingError as error:
            unprintable.append(UnprintablePlate(face, error.characters))


def _sheet(writer: PdfWriter, group: list[Drawing]) -> bytes:
    left, top = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] - ROWS * HEIGHT) / 2
    parts = [
        writer.plate(
            drawing,
            left=left + WIDTH * (number % COLUMNS),
            top=top + HEIGHT * (number // COLUMNS),
            page_height=A4[1],
        )
        for number, drawing in enumerate(group)
    ]
    corners = [(left + WIDTH * x, top + HEIGHT * y) for x in range(COLUMNS + 1) for y in range(ROWS + 1)]
    return b"".join(parts) + cut_marks(corners, page_height=A4[1])
