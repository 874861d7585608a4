"""Make the font of rare characters: `python packaging/fonts/rare.py ROOT OUT`, as packaging/fonts/make.sh calls it.

ROOT holds the unpacked Debian packages that make.sh names. What the font of the plates has is left out; of the rest,
each character comes from the first source that has it. Glyphs are copied as they are, in 512 units to the em: a unit
at the largest type (26 points) is 0.018 mm, a dot of a printer with 1 400 dots per inch.
"""

import bz2
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

MAIN = Path("hub/codes/fonts/NotoSansSC-Regular.ttf")
UNIHAN = "usr/share/unicode/Unihan_{}.txt.bz2"
NAME = "Yizhao Rare Han"  # none of the sources' reserved names: OFL 1.1, condition 3
VERSION = "1.000"
UNITS = 512
ASCENT, DESCENT = 594, -147  # of the font of the plates (1160 and -288 of 1000), so that lines stand alike
SECONDS_1904 = 3_850_000_000  # a fixed moment in 2026, so that the file is the same each time
HAN = ((0x2E80, 0x2FDF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD))
COPYRIGHT = (
    "Copyright 2014-2021 Adobe, with Reserved Font Name 'Source'. Copyright 2008-2017 GlyphWiki Project, with Reserved "
    'Font Names "Hanazono Font", "HanaMinA", "HanaMinB". Copyright 2021-2023 LXGW, with Reserved Font Name "LXGW". '
    "Copyright 2020 The Klee Project Authors."
)
LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
ADDRESS = "https://scripts.sil.org/OFL"

# Of Hanazono only what is likely in a name today; the whole of it would be twenty megabytes.
# Chinese sources (Unihan kIRG_GSource): names of persons and places, sciences, dictionaries of the modern language.
# fmt: off
CHINESE = frozenset((
    "GIDC", "GDM", "GPGLG", "GXHZ", "GGFZ", "GOCD", "GLGYJ", "GXH", "GZH", "GFC", "GBK", "GU", "GCYY", "GKJ", "GRM",
    "GXC", "GCH", "GWZ", "GDZ", "GZYS", "G3", "GHF", "GHC", "GGH", "GXM", "GJZ", "GCY", "GZA", "GFZ", "G4K",
))
# fmt: on
# Taiwan's registers of households and of the Ministry of Education (planes of CNS 11643).
TAIWAN = frozenset(("T3", "T12", "T13", "TA", "TB", "TC", "TD", "TE", "TU"))
PROPERTIES = (
    "kHKSCS",
    "kTGH",
    "kIRG_MSource",
    "kDefinition",
    "kCantonese",
    "kSimplifiedVariant",
    "kTraditionalVariant",
)
FILES = ("IRGSources", "OtherMappings", "DictionaryLikeData", "Readings", "Variants")
URGENT = range(0x2B740, 0x2B820)  # extension D: urgently needed characters
COMPATIBLE = range(0xF900, 0xFB00)  # some family names of Japan and Korea are written with them


class Source(NamedTuple):
    """One font: where it lies, which of a collection, and whether all of its Han characters are taken."""

    path: str
    number: int
    is_whole: bool


SOURCES = (
    Source("usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2, is_whole=True),  # 2: the Chinese forms
    Source("usr/share/fonts/truetype/hanazono/HanaMinB.ttf", -1, is_whole=False),
    Source("usr/share/fonts/truetype/hanazono/HanaMinA.ttf", -1, is_whole=False),
    Source("usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", -1, is_whole=True),
)


def main() -> None:
    """Write the font and say what it holds."""
    root, out = Path(sys.argv[1]), Path(sys.argv[2])
    taken = set(TTFont(MAIN, lazy=True).getBestCmap())
    wanted = likely(root)
    glyphs, counts = {".notdef": _box()}, []
    for source in SOURCES:
        found = dict(drawn(root, source, None if source.is_whole else wanted, taken))
        taken |= set(found)
        glyphs |= {f"u{code:05X}": glyph for code, glyph in found.items()}
        counts.append(f"{len(found)} of {Path(source.path).name}")
    _build(dict(sorted(glyphs.items()))).save(out)
    print(f"{out}: {len(glyphs) - 1} characters, {out.stat().st_size} bytes ({', '.join(counts)})")


def likely(root: Path) -> set[int]:
    """Return the characters that are likely in a name, by the Unihan database."""
    found = {*URGENT, *COMPATIBLE}
    for name in FILES:
        with bz2.open(root / UNIHAN.format(name), "rt", encoding="utf-8") as lines:
            rows = (line.split("\t") for line in lines if line.startswith("U+"))
            found |= {int(code.removeprefix("U+"), 16) for code, key, value in rows if _is_likely(key, value)}
    return found


def _is_likely(key: str, value: str) -> bool:
    source = value.strip().partition("-")[0]
    match key:
        case "kIRG_GSource":
            return source in CHINESE
        case "kIRG_TSource":
            return source in TAIWAN
        case _:
            return key in PROPERTIES


def drawn(
    root: Path, source: Source, wanted: set[int] | None, taken: set[int]
) -> Iterator[tuple[int, object]]:
    """Yield each Han character of a source that nobody has yet, with its outline in our units."""
    font = TTFont(root / source.path, fontNumber=source.number, lazy=True)
    names, outlines = font.getBestCmap(), font.getGlyphSet()
    scale = UNITS / font["head"].unitsPerEm
    for code, name in sorted(names.items()):
        is_han = any(first <= code <= last for first, last in HAN)
        if is_han and code not in taken and (wanted is None or code in wanted):
            pen = TTGlyphPen(None)
            curves = Cu2QuPen(pen, max_err=0.5, reverse_direction="CFF " in font)
            scaled = TransformPen(curves, (scale, 0, 0, scale, 0, 0))
            outlines[name].draw(DecomposingFilterPen(scaled, outlines))
            yield code, pen.glyph()


def _box() -> object:
    """The glyph 0 that every font must have; nothing of ours is ever printed with it."""
    pen = TTGlyphPen(None)
    outside = ((40, -40), (40, 420), (472, 420), (472, -40))
    hole = ((60, -20), (452, -20), (452, 400), (60, 400))  # the other way round
    for first, *others in (outside, hole):
        pen.moveTo(first)
        for corner in others:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def _build(glyphs: dict[str, object]) -> TTFont:
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({int(name[1:], 16): name for name in glyphs if name != ".notdef"})
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (UNITS, getattr(table[name], "xMin", 0)) for name in glyphs})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable(
        {
            "copyright": COPYRIGHT,
            "familyName": NAME,
            "styleName": "Regular",
            "uniqueFontIdentifier": f"{VERSION};{NAME}",
            "fullName": NAME,
            "version": f"Version {VERSION}",
            "psName": NAME.replace(" ", ""),
            "licenseDescription": LICENCE,
            "licenseInfoURL": ADDRESS,
        },
        mac=False,
    )
    builder.setupOS2(
        sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT, fsType=0
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = SECONDS_1904
    return builder.font


if __name__ == "__main__":
    main()
