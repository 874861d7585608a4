"""The vendored Chinese fonts: widths, missing glyphs, subsets. SIL Open Font License 1.1.

Noto Sans SC has nearly everything; what it lacks is taken from Yizhao Rare Han, rare characters of the basic and the
supplementary planes out of three fonts (packaging/fonts).
"""

import threading
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from hub.kernel.errors import HubError

FOLDER = Path(__file__).parents[1] / "fonts"
FONT_FILES = (FOLDER / "NotoSansSC-Regular.ttf", FOLDER / "YizhaoRareHan.ttf")  # in the order they are asked
MM_PER_POINT = 25.4 / 72


def named_characters(characters: str) -> str:
    """Characters with their code points, for whoever must find them: 𠮷 (U+20BB7)."""
    return " ".join(f"{each} (U+{ord(each):04X})" for each in characters)


class GlyphMissingError(HubError):
    """No font can draw a character; a paper with a hole in the name is not printed. The message names what lacks."""

    reason = "GLYPH_MISSING"
    zh = "名称或地址中有字库缺少的字，无法印制：{named}。"
    en = "Cannot be printed: the name or address has characters that no font of the hub has: {named}."

    def __init__(self, characters: str) -> None:
        self.characters = characters
        self.named = named_characters(characters)
        super().__init__(self.named)


class PlateFont:
    """One TrueType font, loaded once; safe to share among threads."""

    def __init__(self, path: Path) -> None:
        from reportlab.pdfbase.ttfonts import TTFontFile  # noqa: PLC0415  # for those who print alone

        self.path = path
        self._file = TTFontFile(str(path))
        self._lock = threading.Lock()  # the parser has one read position
        self._glyphs: dict[int, int] = self._file.charToGlyph
        self._widths: dict[int, float] = self._file.charWidths

    @property
    def name(self) -> str:
        """The PostScript name."""
        return bytes(self._file.name).decode("ascii")

    @property
    def ascent(self) -> float:
        return float(self._file.ascent)

    @property
    def descent(self) -> float:
        return float(self._file.descent)

    @property
    def box(self) -> tuple[int, ...]:
        return tuple(self._file.bbox)

    def has(self, character: str) -> bool:
        return ord(character) in self._glyphs

    def glyph(self, character: str) -> int:
        return self._glyphs[ord(character)]

    def advance(self, character: str) -> float:
        """In thousandths of the size."""
        return float(self._widths[ord(character)])

    @property
    def units(self) -> int:
        """To the em."""
        return int(self._file.unitsPerEm)

    def outline(self, character: str) -> bytes:
        """Return the glyph as it stands in the table `glyf`."""
        start, end = (
            self._file.glyphPos[self.glyph(character)],
            self._file.glyphPos[self.glyph(character) + 1],
        )
        table = self._file.get_table_pos("glyf")[0]
        return self._file.get_chunk(table + start, end - start)

    def subset(self, characters: Iterable[str]) -> bytes:
        """Return a font file whose glyphs 1, 2, 3 … are those of `characters`, in their order, each glyph once."""
        with self._lock:
            made: bytes = self._file.makeSubset([ord(each) for each in characters])
        return made


class FontRun(NamedTuple):
    """A stretch of text that one font draws."""

    font: PlateFont
    text: str


class PlateFonts:
    """Fonts in the order in which they are asked for a character; one is read when those before it lack one."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._known: dict[
            str, PlateFont
        ] = {}  # no more than there are glyphs; a sheet asks for few, thousands of times

    def runs(self, text: str) -> list[FontRun]:
        """Return the text cut where the font changes.

        Raises: GlyphMissingError.
        """
        return [FontRun(font, "".join(run)) for font, run in groupby(text, key=self._font)]

    def advance(self, text: str) -> float:
        """Return the width in thousandths of the size. Raises: GlyphMissingError."""
        return sum(self._font(each).advance(each) for each in text)

    def width(self, text: str, size: float) -> float:
        """Millimetres of `text` set at `size` points. Raises: GlyphMissingError."""
        return self.advance(text) * size / 1000 * MM_PER_POINT

    def missing(self, text: str) -> str:
        """Return the characters of `text` that no font has, each once, in order."""
        return "".join(
            each for each in dict.fromkeys(text) if each not in self._known and self._find(each) is None
        )

    def _font(self, character: str) -> PlateFont:
        found = self._known.get(character) or self._find(character)
        if found is None:
            raise GlyphMissingError(character)
        self._known[character] = found
        return found

    def _find(self, character: str) -> PlateFont | None:
        fonts = (_opened(path) for path in self._paths)
        return next((font for font in fonts if font.has(character)), None)


@cache
def plate_fonts() -> PlateFonts:
    """Return the fonts that we ship, each read when a plate first needs it, not at start."""
    return PlateFonts(FONT_FILES)


@cache
def _opened(path: Path) -> PlateFont:
    return PlateFont(path)
