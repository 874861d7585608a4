"""One plate as a picture: SVG for a sign maker, PNG for a screen or an office printer."""

from functools import cache
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from hub.codes.printing import outlines
from hub.codes.printing.fonts import FONT_FILES, MM_PER_POINT, FontRun, plate_fonts
from hub.codes.printing.layout import HEIGHT, WIDTH, PlateFace, Symbol, TextLine, draw

MAIN_FONT = FONT_FILES[0]
PIXELS_PER_MM = 300 / 25.4  # 300 dots per inch: a module is 13 pixels


def svg(face: PlateFace) -> str:
    """In millimetres; the name is text, so that it stays searchable, in a font every sign maker has. Characters that
    only our second font has are outlines: a sign maker's computer would cut a box.

    Raises: GlyphMissingError.
    """
    drawing = draw(face)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{escape(face.name)} {escape(face.plate_id)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<g font-family="Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, sans-serif" text-anchor="middle">'
        f"{''.join(_svg_line(line) for line in drawing.lines)}</g>{_svg_symbol(drawing.symbol)}</svg>\n"
    )


def png(face: PlateFace) -> bytes:
    """Return the plate at 300 dots per inch, two colours.

    Raises: GlyphMissingError.
    """
    drawing = draw(face)
    image = Image.new("L", (_pixels(WIDTH), _pixels(HEIGHT)), 255)
    pen = ImageDraw.Draw(image)
    for line in drawing.lines:
        _draw_line(pen, line)
    _paste_symbol(image, drawing.symbol)
    out = BytesIO()
    image.save(out, "PNG", dpi=(300, 300), optimize=True)
    return out.getvalue()


def _draw_line(pen: ImageDraw.ImageDraw, line: TextLine) -> None:
    pixels = _pixels(line.size * MM_PER_POINT)
    runs = [(_font(run.font.path, pixels), run.text) for run in plate_fonts().runs(line.text)]
    left = _pixels(line.x) - sum(font.getlength(text) for font, text in runs) / 2
    for font, text in runs:
        pen.text((left, _pixels(line.y)), text, font=font, fill=0, anchor="ls")
        left += font.getlength(text)


def _svg_line(line: TextLine) -> str:
    size, fonts = line.size * MM_PER_POINT, plate_fonts()
    runs = fonts.runs(line.text)
    if all(run.font.path == MAIN_FONT for run in runs):
        return f'<text x="{line.x:.3f}" y="{line.y:.3f}" font-size="{size:.3f}">{escape(line.text)}</text>'
    parts, left = [], line.x - fonts.width(line.text, line.size) / 2
    for run in runs:
        place = f'x="{left:.3f}" y="{line.y:.3f}" font-size="{size:.3f}"'
        if run.font.path == MAIN_FONT:
            parts.append(f'<text {place} text-anchor="start" xml:space="preserve">{escape(run.text)}</text>')
        else:
            parts.append(_svg_outlines(run, left, line.y, size))
        left += fonts.width(run.text, line.size)
    return f'<g aria-label="{escape(line.text)}">{"".join(parts)}</g>'


def _svg_outlines(run: FontRun, left: float, base: float, size: float) -> str:
    """The characters of a run one after the other, `size` millimetres to the em."""
    scale, drawn = size / run.font.units, []
    for character in run.text:
        place = f"translate({left:.3f} {base:.3f}) scale({scale:.6f} {-scale:.6f})"
        drawn.append(f'<path transform="{place}" d="{outlines.path(run.font.outline(character))}"/>')
        left += run.font.advance(character) * size / 1000
    return "".join(drawn)


def _svg_symbol(symbol: Symbol) -> str:
    """Runs of dark modules in one path, in units of a module."""
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z"
        for y, row in enumerate(symbol.rows)
        for start, length in _dark_runs(row)
    )
    place = f"translate({symbol.x:.4f} {symbol.y:.4f}) scale({symbol.module:.6f})"
    return f'<path transform="{place}" d="{path}" shape-rendering="crispEdges"/>'


def _dark_runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    runs, at = [], 0
    for is_dark, group in groupby(row):
        length = len(list(group))
        if is_dark:
            runs.append((at, length))
        at += length
    return runs


def _paste_symbol(image: Image.Image, symbol: Symbol) -> None:
    """Whole pixels to a module, centred on its place: edges stay sharp."""
    size = len(symbol.rows)
    scale = int(symbol.module * PIXELS_PER_MM)
    small = Image.new("L", (size, size), 255)
    small.putdata([0 if dark else 255 for row in symbol.rows for dark in row])
    side = size * scale
    middle = (_pixels(symbol.x + symbol.module * size / 2), _pixels(symbol.y + symbol.module * size / 2))
    corner = (middle[0] - side // 2, middle[1] - side // 2)
    image.paste(small.resize((side, side), Image.Resampling.NEAREST), corner)


def _pixels(millimetres: float) -> int:
    return round(millimetres * PIXELS_PER_MM)


@cache
def _font(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels)
