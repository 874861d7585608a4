"""The page of a license on A4, by ReportLab; the used glyphs of the fonts are embedded."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from hub.codes.plates.queries import group_plate_id
from hub.codes.printing.fonts import GlyphMissingError, plate_fonts
from hub.documents.paper import LicensePaper, PaperCode, PaperField
from hub.documents.typesetting import draw_centred, draw_text, width_of, wrap
from hub.licenses.colours.rules import Colour
from signing.qr import QUIET_ZONE, QrLevel, code_symbol

WIDTH, HEIGHT = A4
LEFT, RIGHT = 24 * mm, WIDTH - 24 * mm
LABEL_WIDTH = 44 * mm
VALUE_WIDTH = RIGHT - LEFT - LABEL_WIDTH
QR_SIZE = 42 * mm
INK, QUIET, LINE, SEAL = (
    HexColor(0x1A1F27),
    HexColor(0x5B6675),
    HexColor(0xC9D1DC),
    HexColor(0x1D3F72),
)
STATE_INKS = MappingProxyType(
    {
        Colour.BLUE: HexColor(0x1D5FA8),
        Colour.YELLOW: HexColor(0x9A6700),
        Colour.RED: HexColor(0xB3261E),
        Colour.GREY: HexColor(0x5B6675),
    }
)
LEADING = 1.42  # line height over type size
VALUE_SIZES = (11.5, 9.5, 8.0, 6.5, 5.0)  # the first in which all fields fit; nothing is ever cut off
LABEL_HEIGHT = (9.5 + 7) * LEADING  # the two lines of a label
FIELD_GAP = 4.2 * mm  # above and below the rule under a field
FIELDS_ROOM = (
    HEIGHT - 24 * mm - 44 * mm - 28 * mm - 85 * mm
)  # between the heading and the state, the foot apart
TITLE_SIZES = (26.0, 22.0, 18.0, 14.0)  # the first in which the whole title stands on one line
_LOCK = (
    threading.Lock()
)  # ReportLab's parser of a font has one read position, and its registry is the process's


@dataclass(frozen=True, slots=True)
class TextStyle:
    size: float
    colour: Color = INK


def draw(paper: LicensePaper) -> bytes:
    """Draw the page as an unsigned PDF.

    Raises: GlyphMissingError when no font has a character of it.
    """
    missing = plate_fonts().missing(paper.text)
    if missing:
        raise GlyphMissingError(missing)
    out = BytesIO()
    with _LOCK:
        canvas = Canvas(out, pagesize=A4, pageCompression=1, lang="zh-CN")
        canvas.setTitle(f"{paper.title.zh} {paper.title.en}")
        canvas.setAuthor(paper.host)
        canvas.setSubject("平台签名 Platform signature")
        canvas.setCreator("一照集成")
        _Page(canvas, paper).draw()
        canvas.showPage()
        canvas.save()
    return out.getvalue()


class _Page:
    """Draws from the top down; `y` is where the next thing begins."""

    def __init__(self, canvas: Canvas, paper: LicensePaper) -> None:
        self.canvas, self.paper, self.y = canvas, paper, HEIGHT - 24 * mm

    def draw(self) -> None:
        self._frame()
        if self.paper.demo:
            self._watermark()
        self._head()
        size = _value_size(self.paper.fields)
        for field in self.paper.fields:
            self._field(field, size)
        self._state()
        self._foot()

    def _frame(self) -> None:
        canvas = self.canvas
        canvas.setStrokeColor(SEAL)
        for inset, width in ((11 * mm, 1.4), (12.6 * mm, 0.4)):
            canvas.setLineWidth(width)
            canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)

    def _watermark(self) -> None:
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(38)
        canvas.setFillColor(Color(0.70, 0.15, 0.12, alpha=0.10))
        draw_centred(canvas, 0, 0, "示范 DEMONSTRATION", 50)
        canvas.restoreState()

    def _head(self) -> None:
        self._centred("电子证照信息 · License record", TextStyle(9, QUIET))
        self.y -= 7 * mm
        self._centred(self.paper.title.zh, TextStyle(_title_size(self.paper.title.zh), SEAL))
        self._centred(self.paper.title.en, TextStyle(10.5, QUIET))
        if self.paper.demo:
            self.y -= 1 * mm
            self._centred(
                "示范数据，不具效力 · Demonstration data, of no effect", TextStyle(9, STATE_INKS[Colour.RED])
            )
        self.y -= 3 * mm
        self._rule(SEAL, 1.0)
        self.y -= 3 * mm

    def _field(self, field: PaperField, size: float) -> None:
        top = self.y
        self._write([field.label.zh], LEFT, TextStyle(9.5, QUIET))
        self._write(wrap(field.label.en, LABEL_WIDTH - 4 * mm, 7), LEFT, TextStyle(7, QUIET))
        under_label, self.y = self.y, top
        self._write(wrap(field.value, VALUE_WIDTH, size), LEFT + LABEL_WIDTH, TextStyle(size))
        self.y = min(self.y, under_label) - FIELD_GAP * 0.4
        self._rule(LINE, 0.4)
        self.y -= FIELD_GAP * 0.6

    def _state(self) -> None:
        paper, ink = self.paper, STATE_INKS[self.paper.colour or Colour.GREY]
        self.y -= 3 * mm
        top, inner = self.y, LEFT + 6 * mm
        self._write([f"状态 State　{paper.as_of}（北京时间 UTC+8）"], inner, TextStyle(8.5, QUIET))
        self._write([f"{paper.state.zh}　{paper.state.en}"], inner, TextStyle(16, ink))
        for text, size in ((paper.reason.zh, 10.0), (paper.reason.en, 8.5)):
            self._write(wrap(text, RIGHT - inner, size), inner, TextStyle(size))
        self.canvas.setFillColor(ink)
        self.canvas.rect(LEFT, self.y, 1.6 * mm, top - self.y, stroke=0, fill=1)

    def _foot(self) -> None:
        bottom = 33 * mm
        self._symbol(LEFT, bottom)
        x = LEFT + QR_SIZE + 9 * mm
        self.y = bottom + QR_SIZE
        self._write(["平台签名　Platform signature"], x, TextStyle(11, SEAL))
        self.y -= 1 * mm
        for each in self.paper.statements:
            for text, size, ink in ((each.zh, 8.2, INK), (each.en, 6.8, QUIET)):
                self._write(wrap(text, RIGHT - x, size), x, TextStyle(size, ink))
            self.y -= 0.8 * mm
        self.y = 19.5 * mm
        self._centred(
            f"文件编号 Document {self.paper.document}　·　{self.paper.host}　·　1 / 1", TextStyle(7, QUIET)
        )

    def _symbol(self, x: float, y: float) -> None:
        code = self.paper.code
        rows = _modules(code)
        module = QR_SIZE / (len(rows) + 2 * QUIET_ZONE)
        self.canvas.setFillColor(HexColor(0xFFFFFF))
        self.canvas.rect(x, y, QR_SIZE, QR_SIZE, stroke=0, fill=1)
        self.canvas.setFillColor(HexColor(0x000000))
        path = self.canvas.beginPath()
        for number, row in enumerate(rows):
            top = y + QR_SIZE - (QUIET_ZONE + number + 1) * module
            for start, length in _runs(row):
                path.rect(x + (QUIET_ZONE + start) * module, top, length * module, module)
        self.canvas.drawPath(path, stroke=0, fill=1)
        said = "官方网址 Official address" if code.plate_id is None else group_plate_id(code.plate_id)
        for offset, text, size in ((3.2, said, 9.0), (6.6, "扫码核验现状 Scan for its state now", 6.6)):
            self.canvas.setFillColor(INK if size > 7 else QUIET)  # noqa: PLR2004  # the small line is the quiet one
            draw_centred(self.canvas, x + QR_SIZE / 2, y - offset * mm, text, size)

    def _rule(self, colour: Color, width: float) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)
        self.canvas.line(LEFT, self.y, RIGHT, self.y)

    def _centred(self, text: str, style: TextStyle) -> None:
        self.canvas.setFillColor(style.colour)
        draw_centred(self.canvas, WIDTH / 2, self.y - style.size, text, style.size)
        self.y -= style.size * LEADING

    def _write(self, lines: Iterable[str], x: float, style: TextStyle) -> None:
        self.canvas.setFillColor(style.colour)
        for line in lines:
            draw_text(self.canvas, x, self.y - style.size, line, style.size)
            self.y -= style.size * LEADING


def _modules(code: PaperCode) -> Sequence[Sequence[bool]]:
    if code.plate_id is not None:
        return code_symbol(code.text, level=QrLevel.M).modules
    encoder = QRCode(error_correction=ERROR_CORRECT_M)
    encoder.add_data(code.text)
    encoder.make(fit=True)
    return [[bool(dark) for dark in row] for row in encoder.modules]


def _value_size(fields: Iterable[PaperField]) -> float:
    """The largest type in which every field's value has its room."""
    for size in VALUE_SIZES:
        rows = (len(wrap(field.value, VALUE_WIDTH, size)) for field in fields)
        if sum(max(LABEL_HEIGHT, count * size * LEADING) + FIELD_GAP for count in rows) <= FIELDS_ROOM:
            break
    return size


def _title_size(title: str) -> float:
    return next((size for size in TITLE_SIZES if width_of(title, size) <= RIGHT - LEFT), TITLE_SIZES[-1])


def _runs(row: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    start = None
    for place, is_dark in enumerate((*row, False)):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            yield start, place - start
            start = None
