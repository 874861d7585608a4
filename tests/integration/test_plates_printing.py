"""Plates on paper: what a scanner and a reader get from the printed file is what was meant."""

import re
import subprocess
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFont
from pypdf import PdfReader

from hub.codes import printing
from hub.codes.printing import GlyphMissingError, PlateFace
from hub.codes.printing.fonts import FONT_FILES
from hub.codes.printing.layout import SYMBOL, WIDTH, draw
from signing.qr import QUIET_ZONE

TEXT = (
    "https://yizhao.example.cn/c/P1.91330802MA2TEXT162.7K2M9QXT4R."
    "QQJEYGMOEL7OTAEKYL3PP7WEC66SYDJDLUY7IUNGDDRJC2DUPT5D2ZLD53I4CJDNZL5ENPIJECIG4K2VEHFUPJSGQXOOKYHIRJBJPJI"
)
FACE = PlateFace(
    name="衢州示例餐饮有限公司",
    uscc="91330802MA2TEXT162",
    plate_id="7K2M9QXT4R",
    text=TEXT,
    host="yizhao.example.cn",
    premises_name="荷花店",
    address="浙江省衢州市柯城区荷花一路12号",
    demo=False,
)
LONG = replace(
    FACE, name="衢州市名称极长的示例企业" * 16, premises_name="店" * 150, address="荷花一路12号" * 42
)


def scanned(picture: Image.Image) -> list[str]:
    return [each.text for each in zxingcpp.read_barcodes(picture.convert("L"))]


def pages(pdf: bytes, folder: Path, *, dpi: int = 150) -> list[Image.Image]:
    source = folder / "plates.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", source, folder / "page"], check=True)
    return [Image.open(path) for path in sorted(folder.glob("page*.pgm"))]


def in_one_line(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("face", [FACE, LONG], ids=["usual", "longest names"])
def test_a_printed_plate_scans_to_its_exact_text(face: PlateFace, tmp_path: Path) -> None:
    (page,) = pages(printing.pdf(face), tmp_path)

    assert scanned(page) == [TEXT]


@pytest.mark.parametrize("face", [FACE, LONG], ids=["usual", "longest names"])
def test_a_plate_picture_scans_to_its_exact_text(face: PlateFace) -> None:
    assert scanned(Image.open(BytesIO(printing.png(face)))) == [TEXT]


@pytest.mark.parametrize("face", [FACE, LONG], ids=["usual", "longest names"])
def test_everything_a_person_must_read_is_text_in_the_file(face: PlateFace) -> None:
    text = in_one_line(PdfReader(BytesIO(printing.pdf(face))).pages[0].extract_text())

    for wanted in (
        face.name,
        face.uscc,
        "7K2M9QXT4R",
        face.premises_name,
        face.address,
        "扫码后网址应为yizhao.example.cn",
        "Thescanmustopenyizhao.example.cn",
    ):
        assert in_one_line(wanted) in text


def test_a_demonstration_plate_says_so_and_a_real_one_does_not() -> None:
    def read(face: PlateFace) -> str:
        return PdfReader(BytesIO(printing.pdf(face))).pages[0].extract_text()

    assert "示范 DEMONSTRATION" in read(replace(FACE, demo=True))
    assert "示范" not in read(FACE)
    assert "示范 DEMONSTRATION" in printing.svg(replace(FACE, demo=True))


def test_the_symbol_is_at_least_sixty_millimetres_with_four_white_modules_around_it() -> None:
    drawing = draw(LONG)
    symbol = drawing.symbol
    quiet = QUIET_ZONE * symbol.module
    bottom = symbol.y + SYMBOL

    assert SYMBOL >= 60
    assert symbol.module * len(symbol.rows) == pytest.approx(SYMBOL)
    assert symbol.x >= quiet
    assert symbol.x + SYMBOL + quiet <= WIDTH
    for line in drawing.lines:
        descent = line.size * 0.3528 * 0.3
        height = line.size * 0.3528
        assert line.y + descent <= symbol.y - quiet or line.y - height >= bottom + quiet


def test_the_picture_in_svg_is_the_symbol_itself() -> None:
    svg = printing.svg(FACE)
    symbol = draw(FACE).symbol
    size = len(symbol.rows)
    picture = Image.new("L", (size + 2 * QUIET_ZONE, size + 2 * QUIET_ZONE), 255)
    path = re.search(r' d="([^"]+)"', svg)
    assert path is not None
    for left, top, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", path[1]):
        for column in range(int(length)):
            picture.putpixel((int(left) + column + QUIET_ZONE, int(top) + QUIET_ZONE), 0)

    assert scanned(picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)) == [
        TEXT
    ]
    assert "<script" not in printing.svg(replace(FACE, name="<script>alert(1)</script>"))


def test_a_character_the_font_lacks_is_named_and_not_printed() -> None:
    with pytest.raises(GlyphMissingError) as caught:
        printing.pdf(replace(FACE, name="衢州\U0002a6d6\ue000公司"))

    assert caught.value.characters == "\U0002a6d6\ue000"
    assert str(caught.value) == "\U0002a6d6 (U+2A6D6) \ue000 (U+E000)"


@pytest.mark.parametrize("name", ["བོད་ཁུལ", "ئۇيغۇر", "葛\U000e0100城", "😀店", "\U000323af店"])
def test_scripts_that_need_shaping_and_what_no_font_has_are_named_by_every_format(name: str) -> None:
    """Tibetan and Uyghur want letters joined and stacked; a selector asks for a form of its own: neither is done by halves."""
    face = replace(FACE, name=name)

    for render in (printing.pdf, printing.png, printing.svg):
        with pytest.raises(GlyphMissingError) as caught:
            render(face)
        assert set(caught.value.characters) <= set(name)
        for language in (caught.value.message.zh, caught.value.message.en):
            assert f"(U+{ord(caught.value.characters[0]):04X})" in language


def text_of(pdf: bytes, folder: Path) -> str:
    """What poppler copies out of it."""
    source = folder / "text.pdf"
    source.write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-layout", source, "-"], capture_output=True, text=True, check=True)
    return told.stdout


def named(name: str) -> Image.Image:
    """The strip of the plate's picture that holds the name."""
    return Image.open(BytesIO(printing.png(replace(FACE, name=name)))).crop((0, 190, 1122, 335))


RARE = "𠮷𪚥𠜎鿰䶶﨏"  # extension B, Hong Kong's set, the ends of the first block and of extension A, compatibility


@pytest.mark.parametrize("character", RARE)
def test_a_rare_character_is_drawn_on_the_picture(character: str) -> None:
    """Neither left blank nor as the box that stands for a missing glyph, which would look the same for every one."""
    strip = named(f"衢州{character}商行")
    others = [named(f"衢州{other}商行") for other in RARE if other != character]

    assert ImageChops.difference(strip, named("衢州\u3000商行")).getbbox() is not None
    assert all(ImageChops.difference(strip, other).getbbox() is not None for other in others)


def test_rare_characters_are_copied_out_of_a_plate_and_a_sheet_as_they_are(tmp_path: Path) -> None:
    face = replace(FACE, name=f"{RARE}野家（衢州）Yoshinoya", premises_name="𠮷店", address="𡌅埠𠮷路1号")
    out = BytesIO()

    printed = printing.write_sheets([FACE, face], out, title="sheet")

    assert printed.unprintable == ()
    for pdf in (printing.pdf(face), out.getvalue()):
        text = text_of(pdf, tmp_path)
        assert all(said in text for said in (face.name, face.premises_name, face.address))


def test_characters_that_share_a_glyph_are_copied_each_as_itself(tmp_path: Path) -> None:
    """A radical (U+2F08) looks like the character (U+4EBA), and is another in a name that a register is asked for."""
    assert "人\u2f08商行" in text_of(printing.pdf(replace(FACE, name="人\u2f08商行")), tmp_path)


def test_a_rare_character_is_an_outline_in_svg_for_sign_makers_have_no_font_of_it() -> None:
    """The polygon of the path covers what the font's own renderer covers, but for the grey of its edges."""
    svg = printing.svg(replace(FACE, name="衢州𪚥商行"))
    made = re.search(
        r'<path transform="translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+) -[\d.]+\)" d="([^"]+)"', svg
    )
    assert made is not None
    scale = 256 / 512
    drawn, meant = (Image.new("1", (256, 320), 0) for _ in range(2))
    for contour in made[4].split("M")[1:]:
        corners = [tuple(map(float, each.split())) for each in re.findall(r"-?[\d.]+ -?[\d.]+", contour)]
        ImageDraw.Draw(drawn).polygon([(x * scale, 256 - y * scale) for x, y in corners], fill=1)
    font = ImageFont.truetype(str(FONT_FILES[1]), 256)
    ImageDraw.Draw(meant).text((0, 256), "𪚥", font=font, fill=1, anchor="ls")

    assert 'aria-label="衢州𪚥商行"' in svg
    assert ">衢州</text>" in svg
    assert (
        ImageChops.logical_xor(drawn, meant).convert("L").histogram()[255]
        < 0.25 * meant.convert("L").histogram()[255]
    )
    assert "<path" not in printing.svg(FACE).split("</g>")[0]


def test_a_long_name_in_two_fonts_stays_between_the_margins(tmp_path: Path) -> None:
    face = replace(FACE, name="𠮷野家與𪚥吉A" * 24)

    drawing = draw(face)
    (page,) = pages(printing.pdf(face), tmp_path, dpi=100)
    ink = ImageChops.invert(page.crop((40, 40, page.width - 40, page.height - 40))).getbbox()

    assert "".join(line.text for line in drawing.lines if "野" in line.text) == face.name
    assert ink is not None
    assert ink[0] > 0
    assert ink[2] < page.width - 80
    assert face.name in in_one_line(text_of(printing.pdf(face), tmp_path))


def rows_of_name(name: str) -> list[str]:
    return [line.text for line in draw(replace(FACE, name=name)).lines if 17 < line.y < 29]


@pytest.mark.parametrize("extra", range(20))
def test_words_stay_whole_and_no_line_begins_with_what_closes(extra: int) -> None:
    name = (
        "店" * extra
        + "Yoshinoya Holdings（衢州）（Quzhou）Company Limited 餐饮，管理《连锁》有限公司（有限合伙）"
    )

    rows = rows_of_name(name)

    assert in_one_line("".join(rows)) == in_one_line(name)
    assert len(rows) > 1
    for row in rows:
        assert row[0] not in "）》，"
        assert row[-1] not in "（《"
    words = re.findall(r"[A-Za-z]+", " ".join(rows))
    assert words == ["Yoshinoya", "Holdings", "Quzhou", "Company", "Limited"]


def test_a_word_longer_than_a_line_is_broken() -> None:
    rows = rows_of_name("A" * 300)

    assert "".join(rows) == "A" * 300
    assert len(rows) > 1


def test_a_sheet_holds_four_plates_and_leaves_out_what_cannot_be_printed(tmp_path: Path) -> None:
    faces = [replace(FACE, premises_name=f"第{number}店") for number in range(6)]
    faces.insert(2, replace(FACE, name="\ue000公司", plate_id="0000000000"))
    out = BytesIO()

    printed = printing.write_sheets(faces, out, title="南湖商圈")

    assert (printed.plates, printed.pages) == (6, 2)
    assert [(each.face.plate_id, each.characters) for each in printed.unprintable] == [
        ("0000000000", "\ue000")
    ]
    assert [scanned(page) for page in pages(out.getvalue(), tmp_path)] == [[TEXT] * 4, [TEXT] * 2]
    reader = PdfReader(BytesIO(out.getvalue()))
    assert reader.metadata is not None
    assert reader.metadata.title == "南湖商圈"
    assert float(reader.pages[0].mediabox.width) == pytest.approx(595.28, abs=0.1)
    assert "第5店" in reader.pages[1].extract_text()


def test_an_area_without_plates_is_a_file_without_pages() -> None:
    out = BytesIO()

    assert printing.write_sheets([], out, title="空").pages == 0
    assert len(PdfReader(BytesIO(out.getvalue())).pages) == 0


def _peak(count: int, path: str) -> int:
    tracemalloc.start()
    with Path(path).open("wb") as file:
        printing.write_sheets((FACE for _ in range(count)), file, title="many")
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def test_memory_does_not_grow_with_the_number_of_plates(tmp_path: Path) -> None:
    """In a process of its own: threads and garbage of other tests would be measured as well."""
    path = str(tmp_path / "many.pdf")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        alone.submit(_peak, 4, path).result()  # the font is loaded once
        few, many = alone.submit(_peak, 20, path).result(), alone.submit(_peak, 80, path).result()

    assert many < few + 100_000
