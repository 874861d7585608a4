"""Pictures that people send: codes on any ground are read, bombs are refused and cost little."""

from collections.abc import Iterator

import psutil
import pytest
from PIL import Image

from hub.codes.picture_reading import MAX_PICTURE_BYTES
from hub.codes.pictures import LIMITS, MAX_CODES, TooManyCodesError, sort_out, texts_in
from hub.kernel.errors import InvalidInputError
from hub.kernel.sandbox import Sandbox
from signing import ScanReader
from tests.support import photographs
from tests.support.photographs import CODE, beside, clear, drawn, light, written

FLOOR = 40  # megabytes: the hub's own process must not grow by what a bomb would unpack to


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(patience=60.0)
    yield made
    made.close()


def palette() -> bytes:
    image = clear().convert("RGBA").quantize(16)
    return written(image)


def one_clear_colour() -> bytes:
    image = drawn().convert("P")
    return written(image, "GIF", transparency=image.getpixel((0, 0)))


def sixteen_bits() -> bytes:
    return written(drawn().point(lambda value: value * 257, "I").convert("I;16"))


def rotated() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return written(drawn().rotate(90, expand=True), "JPEG", exif=exif)


def small_in_large() -> bytes:
    sheet = Image.new("L", (3_900, 3_900), "white")
    sheet.paste(drawn(pixels=2), (3_000, 3_200))
    return written(sheet)


GOOD = {
    "black on white": written(drawn()),
    "RGBA on nothing": written(clear()),
    "RGBA with another colour under it": written(
        Image.merge("RGBA", (*[Image.new("L", clear().size, 30)] * 3, clear().getchannel("A")))
    ),
    "LA": written(clear().convert("LA")),
    "palette": palette(),
    "white on nothing": written(light()),
    "white on nothing, LA": written(light().convert("LA")),
    "white on nothing, WebP": written(light(), "WEBP", lossless=True),
    "white on nothing, palette": written(light().quantize(16)),
    "nearly white on nothing": written(light(colour=(250, 252, 248))),
    "the light half of a code on nothing": written(
        Image.merge("RGBA", (*[Image.new("L", drawn().size, 255)] * 3, drawn()))
    ),
    "one colour of a palette that is clear": one_clear_colour(),
    "WebP": written(clear(), "WEBP", lossless=True),
    "WebP with loss": written(clear(), "WEBP", quality=60),
    "TIFF": written(clear(), "TIFF"),
    "BMP": written(drawn().convert("RGB"), "BMP"),
    "sixteen bits": sixteen_bits(),
    "turned by its camera": rotated(),
    "four colours for paper": written(drawn().convert("CMYK"), "JPEG"),
    "progressive": written(drawn().convert("RGB"), "JPEG", progressive=True),
    "white on black": written(drawn().point(lambda value: 255 - value)),
    "small in a large one": small_in_large(),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_code_is_read_on_any_ground_and_in_any_format(sandbox: Sandbox, name: str) -> None:
    assert texts_in(GOOD[name], sandbox=sandbox) == (CODE,)


def test_every_code_in_a_picture_is_read(sandbox: Sandbox) -> None:
    found = texts_in(written(beside(CODE, "wxp://f2f0abc", CODE + "A")), sandbox=sandbox)

    assert sorted(found) == sorted([CODE, "wxp://f2f0abc", CODE + "A"])


BAD = {
    "no picture": (b"GIF89a nonsense", "PICTURE_UNREADABLE"),
    "nothing": (b"", "PICTURE_UNREADABLE"),
    "cut off": (written(drawn().convert("RGB"), "JPEG")[:400], "PICTURE_UNREADABLE"),
    "a page": (b"%PDF-1.7 ...", "PICTURE_UNREADABLE"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PICTURE_UNREADABLE"),
    "a program": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PICTURE_UNREADABLE"),
    "without a code": (written(Image.new("L", (300, 300), "white")), "PICTURE_WITHOUT_CODE"),
    "too many bytes": (b"\xff\xd8" + bytes(MAX_PICTURE_BYTES), "PICTURE_TOO_LARGE"),
    "a JPEG of many scans": (photographs.scan_bomb(side=2_000, repeats=200), "PICTURE_TOO_COSTLY"),
    "a PNG of many megapixels": (photographs.flat_png(4_001), "PICTURE_TOO_LARGE"),
    "a PNG of very many megapixels": (photographs.flat_png(6_000), "PICTURE_TOO_LARGE"),
    "a WebP of many megapixels": (written(Image.new("RGB", (5_000, 5_000)), "WEBP", quality=1), "PICTURE_TOO_LARGE"),
    "a TIFF of many megapixels": (written(Image.new("1", (20_000, 20_000)), "TIFF", compression="group4"), "PICTURE_TOO_LARGE"),
    "a JPEG of too many megapixels": (written(Image.new("L", (8_100, 8_100)), "JPEG"), "PICTURE_TOO_LARGE"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_photograph_of_a_code_is_refused_in_words(sandbox: Sandbox, name: str) -> None:
    picture, reason = BAD[name]
    with pytest.raises(InvalidInputError) as raised:
        texts_in(picture, sandbox=sandbox)

    assert raised.value.reason == reason


BOMBS = {
    "data beyond its size": photographs.lying_png(5_000),
    "a remark that unpacks": photographs.text_chunk_bomb(200_000_000),
    "many frames": photographs.many_frames(30, 1_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_the_hub_neither_memory_nor_more_than_its_limit(sandbox: Sandbox, name: str) -> None:
    """Whether it is read or refused does not matter: the limits hold either way."""
    process = psutil.Process()
    before = process.memory_info().rss
    with pytest.raises(InvalidInputError):
        texts_in(BOMBS[name], sandbox=sandbox)

    assert process.memory_info().rss - before < FLOOR * 1024 * 1024


def test_the_largest_photograph_of_a_telephone_fits_into_the_limits(sandbox: Sandbox) -> None:
    """48 megapixels, progressive, without subsampling of its colours: the costliest that a camera makes."""
    photograph = Image.new("RGB", (8_000, 6_000), "white")
    photograph.paste(drawn(pixels=20).convert("RGB"), (2_000, 2_000))
    picture = written(photograph, "JPEG", progressive=True, quality=90)

    assert LIMITS.cpu_seconds == 5
    assert texts_in(picture, sandbox=sandbox) == (CODE,)


def test_more_codes_than_a_sheet_of_plates_could_hold_are_refused() -> None:
    texts = [f"{CODE}{number}" for number in range(MAX_CODES + 1)]

    with pytest.raises(TooManyCodesError):
        sort_out(texts, ScanReader(()))
    assert len(sort_out(texts[1:], ScanReader(())).judged) == MAX_CODES
