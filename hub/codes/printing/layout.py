"""What stands where on a plate: one drawing in millimetres, rendered as PDF, SVG and PNG alike.

Rules from the code profile: the symbol is at least 60 mm wide with four modules of white around it, the plate id
stands under it in clear, and the official host is named so that a look-alike address is noticed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from hub.codes.plates.queries import PlateListRow, group_plate_id
from hub.codes.printing.fonts import MM_PER_POINT, GlyphMissingError, PlateFonts, plate_fonts
from hub.codes.printing.lines import pieces
from signing.qr import QUIET_ZONE, plate_symbol

WIDTH, HEIGHT = 95.0, 137.0  # four plates on A4 with room for cut marks
MARGIN = 3.0
SYMBOL = 62.0  # the symbol itself; 60 is the least, 2 are for what a printer shrinks
LEADING = 1.25  # line height over type size


@dataclass(frozen=True, slots=True)
class PlateFace:
    """What is printed on one plate."""

    name: str
    uscc: str
    plate_id: str
    text: str
    host: str
    premises_name: str
    address: str
    demo: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    """`y` is the base line; x the middle of the line."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """Top left corner of the first module, and the width of a module."""

    x: float
    y: float
    module: float
    rows: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    lines: tuple[TextLine, ...]
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class _Block:
    """A place for text: top and height in millimetres, type sizes in points from the wished to the least."""

    top: float
    height: float
    sizes: tuple[float, ...]


_TITLE = _Block(3.0, 6.0, (13.0,))
_TITLE_EN = _Block(8.8, 3.2, (7.0,))
_DEMO = _Block(12.0, 4.4, (9.0,))
_NAME = _Block(16.4, 11.6, (13.0, 10.5, 8.0, 5.5, 4.0))
_QUIET_TOP, _QUIET_BOTTOM = 28.0, 101.0
_PLATE_ID = _Block(101.0, 8.0, (17.0,))
_USCC = _Block(109.0, 4.2, (9.0,))
_PREMISES = _Block(113.2, 4.2, (8.5, 6.5, 5.0, 3.2))
_ADDRESS = _Block(117.4, 6.6, (8.0, 6.5, 5.0, 3.8))
_HOST = _Block(124.6, 4.4, (9.0, 7.0, 5.5, 4.0))
_HOST_EN = _Block(129.0, 2.8, (6.0, 4.5))
_REPORT = _Block(131.8, 3.2, (6.5,))


def plate_face(row: PlateListRow, *, base_url: str, demo: bool) -> PlateFace:
    """Return what is printed for a listed plate. It leads to `base_url`, the hub's address today: the signature covers
    the identifier and not the address in front of it, so a plate printed again follows a hub that has moved.
    """
    plate = row.plate
    return PlateFace(
        row.enterprise_name,
        plate.uscc,
        plate.plate_id,
        f"{base_url}/c/{plate.text.rpartition('/')[2]}",
        urlsplit(base_url).netloc,
        row.premises_name,
        row.address,
        demo,
    )


def draw(face: PlateFace) -> Drawing:
    """Lay the plate out.

    Raises: GlyphMissingError when no font has a character of it.
    """
    fonts = plate_fonts()
    written = tuple(_written(face))
    missing = fonts.missing("".join(text for _, text in written))
    if missing:
        raise GlyphMissingError(missing)
    lines = tuple(line for block, text in written for line in _set(block, text, fonts))
    return Drawing(lines, _symbol(face.text))


def _written(face: PlateFace) -> Iterable[tuple[_Block, str]]:
    yield _TITLE, "企业身份码"
    yield _TITLE_EN, "Enterprise identity code"
    if face.demo:
        yield _DEMO, "示范 DEMONSTRATION"
    yield _NAME, face.name
    yield _PLATE_ID, group_plate_id(face.plate_id)
    yield _USCC, f"统一社会信用代码 {face.uscc}"
    yield _PREMISES, face.premises_name
    yield _ADDRESS, face.address
    yield _HOST, f"扫码后网址应为 {face.host}"
    yield _HOST_EN, f"The scan must open {face.host}"
    yield _REPORT, "与现场不符请扫码举报  Report a plate that hangs elsewhere"


def _symbol(text: str) -> Symbol:
    rows = plate_symbol(text).modules
    module = SYMBOL / len(rows)
    if QUIET_ZONE * module > (_QUIET_BOTTOM - _QUIET_TOP - SYMBOL) / 2:
        raise AssertionError("the quiet zone of this symbol does not fit")
    top = _QUIET_TOP + (_QUIET_BOTTOM - _QUIET_TOP - SYMBOL) / 2
    return Symbol((WIDTH - SYMBOL) / 2, top, module, rows)


def _set(block: _Block, text: str, fonts: PlateFonts) -> list[TextLine]:
    """The text in its block at the largest size that holds all of it; nothing is ever cut off."""
    width = WIDTH - 2 * MARGIN
    for size in block.sizes:
        rows = _wrap(text, width, size, fonts)
        if len(rows) * size * LEADING * MM_PER_POINT <= block.height:
            break
    leading = size * LEADING * MM_PER_POINT
    first = (
        block.top + (block.height - len(rows) * leading) / 2 + leading * 0.8
    )  # base line: four fifths down
    return [TextLine(WIDTH / 2, first + number * leading, size, row) for number, row in enumerate(rows)]


def _wrap(text: str, width: float, size: float, fonts: PlateFonts) -> list[str]:
    """Lines of at most `width`, as even as they come."""
    total = fonts.width(text, size)
    count = max(1, -(-int(total * 1000) // int(width * 1000)))
    aim = total / count
    rows: list[str] = []
    row, used = "", 0.0
    for piece in pieces(text, fits=lambda each: fonts.width(each, size) <= width):
        advance = fonts.width(piece.rstrip(), size)
        if row and (used + advance > width or (used + advance / 2 > aim and len(rows) < count - 1)):
            rows.append(row)
            row, used = "", 0.0
        row += piece
        used += fonts.width(piece, size)
    return [each.strip() for each in (*rows, row)]
