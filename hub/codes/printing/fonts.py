"""The vendored Chinese font: widths, missing glyphs, subsets. Noto Sans SC, SIL Open Font License 1.1."""

import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFile

from hub.kernel.errors import HubError
from hub.kernel.messages import Message

FONT_FILE = Path(__file__).parents[1] / "fonts" / "NotoSansSC-Regular.ttf"
MM_PER_POINT = 25.4 / 72


def named_characters(characters: str) -> str:
    """Characters with their code points, for whoever must find them: 𠮷 (U+20BB7)."""
    return " ".join(f"{each} (U+{ord(each):04X})" for each in characters)


class GlyphMissingError(HubError):
    """The font cannot draw a character; a plate with a hole in the name is not printed."""

    reason = "GLYPH_MISSING"
    message = Message(
        "名称或地址中有字库缺少的字，无法制版。", "The name or address has a character the font lacks."
    )

    def __init__(self, characters: str) -> None:
        super().__init__(named_characters(characters))
        self.characters = characters


class PlateFont:
    """One TrueType font, loaded once; safe to share among threads."""

    def __init__(self, path: Path) -> None:
        self._file = TTFontFile(str(path))
        self._lock = threading.Lock()  # the parser has one read position
        self._glyphs: dict[int, int] = self._file.charToGlyph
        self._widths: dict[int, float] = self._file.charWidths

    @property
    def ascent(self) -> float:
        return float(self._file.ascent)

    @property
    def descent(self) -> float:
        return float(self._file.descent)

    @property
    def box(self) -> tuple[int, ...]:
        return tuple(self._file.bbox)

    def glyph(self, character: str) -> int:
        return self._glyphs[ord(character)]

    def advance(self, character: str) -> float:
        """In thousandths of the size."""
        return float(self._widths[ord(character)])

    def width(self, text: str, size: float) -> float:
        """Millimetres of `text` set at `size` points."""
        return sum(self.advance(each) for each in text) * size / 1000 * MM_PER_POINT

    def missing(self, text: str) -> str:
        """The characters of `text` that the font does not have, each once, in order."""
        return "".join(dict.fromkeys(each for each in text if ord(each) not in self._glyphs))

    def subset(self, characters: Iterable[str]) -> bytes:
        """A font file whose glyphs 1, 2, 3 … are those of `characters` (one of each glyph), in their order."""
        with self._lock:
            made: bytes = self._file.makeSubset([ord(each) for each in characters])
        return made


@cache
def plate_font() -> PlateFont:
    """Read at the first plate that is drawn, not at start."""
    return PlateFont(FONT_FILE)
