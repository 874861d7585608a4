"""A PDF written page by page (ISO 32000-1): what is on a finished page is on the disk, not in memory.

A library that keeps its pages until the end holds some 23 KB a plate; an area of 5 000 plates is a hundred
megabytes there. Here a page leaves memory at once and only the numbers of its objects stay; the font subset with
the characters met on the way is written last.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from hub.codes.printing.fonts import MM_PER_POINT, PlateFont, PlateFonts
from hub.codes.printing.layout import Drawing, Symbol, TextLine

HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"
SUBSET_TAG = b"AAAAAA+"  # six letters: a subset (ISO 32000-1, 9.6.4)
CMAP_BLOCK = 100  # entries in one block of a CMap, as the specification allows
CATALOG, PAGES, INFO = 1, 2, 3  # object numbers that pages refer to before they are written


@dataclass
class _Embedded:
    """One font of the file: the number of its object, and the characters met so far with their numbers (CIDs)."""

    font: PlateFont
    number: int
    cids: dict[str, int] = field(default_factory=dict)

    def text(self, run: str) -> str:
        """Return the run as hexadecimal CIDs, from 1. A character is a CID and not a glyph is one, so that it can be copied as it is."""
        return "".join(f"{self.cids.setdefault(each, len(self.cids) + 1):04X}" for each in run)

    def glyph_numbers(self) -> bytes:
        """Return the CIDToGIDMap: which glyph of the subset each CID is; radicals share theirs with the characters they are."""
        numbers: dict[int, int] = {}
        glyphs = (self.font.glyph(each) for each in self.cids)
        return b"\0\0" + b"".join(numbers.setdefault(each, len(numbers) + 1).to_bytes(2) for each in glyphs)


class PdfWriter:
    """Write pages, then `close`. `out` needs no seek."""

    def __init__(self, out: BinaryIO, *, title: str, fonts: PlateFonts) -> None:
        self._out = out
        self._title = title
        self._fonts = fonts
        self._embedded: dict[PlateFont, _Embedded] = {}
        self._at = 0
        self._offsets: dict[int, int] = {}
        self._next = INFO + 1
        self._pages: list[int] = []
        self._write(HEADER)

    def page(self, width: float, height: float, content: bytes) -> None:
        """One page in millimetres; `content` as made by `plate`, `cut_marks`."""
        stream = self._stream(b"", content)
        number = self._take()
        box = b"[0 0 %.3f %.3f]" % (width / MM_PER_POINT, height / MM_PER_POINT)
        fonts = b"".join(b"/F%d %d 0 R" % (each.number, each.number) for each in self._embedded.values())
        self._object(
            number,
            b"<</Type/Page/Parent %d 0 R/MediaBox%s/Resources<</Font<<%s>>>>/Contents %d 0 R>>"
            % (PAGES, box, fonts, stream),
        )
        self._pages.append(number)

    def plate(self, drawing: Drawing, *, left: float, top: float, page_height: float) -> bytes:
        """Return the operators of one plate whose top left corner is there; y grows downwards in drawings, upwards here."""
        scale = 1 / MM_PER_POINT
        start = b"q %.5f 0 0 %.5f %.3f %.3f cm\n" % (scale, scale, left * scale, (page_height - top) * scale)
        texts = b"".join(self._text(line) for line in drawing.lines)
        return start + b"BT\n" + texts + b"ET\n" + _symbol(drawing.symbol) + b"Q\n"

    def close(self) -> None:
        """Write the page tree, the fonts and the table of objects; `out` stays open."""
        kids = b" ".join(b"%d 0 R" % number for number in self._pages)
        self._object(CATALOG, b"<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)>>" % PAGES)
        self._object(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._pages), kids))
        for embedded in self._embedded.values():
            self._write_font(embedded)
        title = b"\xfe\xff" + self._title.encode("utf-16-be")
        self._object(INFO, b"<</Title<%s>>>" % title.hex().encode())
        start, count = self._at, self._next
        rows = b"".join(b"%010d 00000 n \n" % self._offsets[number] for number in range(1, count))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n" % (count, CATALOG, INFO))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _text(self, line: TextLine) -> bytes:
        left = line.x - self._fonts.width(line.text, line.size) / 2
        runs = [(self._embed(run.font), run.text) for run in self._fonts.runs(line.text)]
        size = line.size * MM_PER_POINT
        shown = (b"/F%d %.4f Tf <%s> Tj\n" % (to.number, size, to.text(run).encode()) for to, run in runs)
        return b"1 0 0 1 %.4f %.4f Tm " % (left, -line.y) + b"".join(shown)

    def _embed(self, font: PlateFont) -> _Embedded:
        if font not in self._embedded:
            self._embedded[font] = _Embedded(font, self._take())
        return self._embedded[font]

    def _write_font(self, embedded: _Embedded) -> None:
        """A Type 0 font with the identity encoding (ISO 32000-1, 9.7): the subset, widths, the way back to text."""
        font, characters = embedded.font, list(embedded.cids)
        name = b"/" + SUBSET_TAG + font.name.encode()
        program = font.subset(characters)
        file = self._stream(b"/Length1 %d" % len(program), program)
        to_text = self._stream(b"", to_unicode(dict(enumerate(characters, start=1)), digits=4))
        to_glyphs = self._stream(b"", embedded.glyph_numbers())
        descriptor, descendant = self._take(), self._take()
        self._object(
            descriptor,
            b"<</Type/FontDescriptor/FontName%s/Flags 4/FontBBox[%s]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d"
            b"/StemV 80/FontFile2 %d 0 R>>"
            % (name, _numbers(font.box), font.ascent, font.descent, font.ascent, file),
        )
        widths = _numbers(font.advance(each) for each in characters)
        self._object(
            descendant,
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/DW 1000/W[1[%s]]>>"
            % (name, descriptor, to_glyphs, widths),
        )
        self._object(
            embedded.number,
            b"<</Type/Font/Subtype/Type0/BaseFont%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (name, descendant, to_text),
        )

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    def _stream(self, entries: bytes, data: bytes) -> int:
        number = self._take()
        packed = zlib.compress(data)
        head = b"<</Filter/FlateDecode/Length %d%s>>stream\n" % (len(packed), entries)
        self._object(number, head + packed + b"\nendstream")
        return number

    def _object(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def cut_marks(corners: Iterable[tuple[float, float]], *, page_height: float) -> bytes:
    """Return a hairline cross, 2 mm to each side, at every corner where plates are cut apart."""
    scale = 1 / MM_PER_POINT
    marks = b"".join(
        b"%.3f %.3f m %.3f %.3f l %.3f %.3f m %.3f %.3f l S\n"
        % (x - 2, page_height - y, x + 2, page_height - y, x, page_height - y - 2, x, page_height - y + 2)
        for x, y in corners
    )
    return b"q %.5f 0 0 %.5f 0 0 cm 0.1 w\n%sQ\n" % (scale, scale, marks)


def _symbol(symbol: Symbol) -> bytes:
    """The modules as a one-bit stencil: exact squares at any resolution, without seams between them."""
    size = len(symbol.rows)
    side = size * symbol.module
    packed = b"".join(_bits(row) for row in symbol.rows)
    return b"q %.4f 0 0 %.4f %.4f %.4f cm\nBI /W %d /H %d /IM true /BPC 1 /D[1 0] /F/AHx ID\n%s>\nEI\nQ\n" % (
        side,
        side,
        symbol.x,
        -symbol.y - side,
        size,
        size,
        packed.hex().encode(),
    )


def _bits(row: tuple[bool, ...]) -> bytes:
    width = -(-len(row) // 8)
    value = int("".join("1" if dark else "0" for dark in row), 2) << (width * 8 - len(row))
    return value.to_bytes(width)


def _numbers(values: Iterable[float]) -> bytes:
    return " ".join(f"{value:.0f}" for value in values).encode()


def to_unicode(characters: Mapping[int, str], *, digits: int) -> bytes:
    """Return the CMap that leads from codes of so many hexadecimal digits back to text (ISO 32000-1, 9.10.3)."""
    entries = [f"<{code:0{digits}X}> <{each.encode('utf-16-be').hex()}>" for code, each in characters.items()]
    blocks = (entries[start : start + CMAP_BLOCK] for start in range(0, len(entries), CMAP_BLOCK))
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange <{'0' * digits}> <{'F' * digits}> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()
