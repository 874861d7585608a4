"""QR symbols: exact to the standard, small enough, and read again by two decoders, also when damaged."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter
from qrcode.main import QRCode
from qrcode.util import QRData, lost_point

from signing import SigningError
from signing.qr import QUIET_ZONE, QrLevel, QrSymbol, code_symbol, dynamic_symbol, plate_symbol, svg_text
from signing.qr_mask import MASKS, penalty, remasked
from tests.support.forger import LOCAL, ORIGIN, Workshop, bare

VECTORS = (
    Path(__file__).parents[2] / "vectors" / "codes"
)  # fixed texts: a picture is readable or not, never by chance
PLATE = json.loads((VECTORS / "plate.json").read_text())["text"]
DYNAMIC = json.loads((VECTORS / "dynamic.json").read_text())["text"]
SVG = "{http://www.w3.org/2000/svg}"
LEVEL_BITS = {QrLevel.M: 0, QrLevel.Q: 3, QrLevel.H: 2}


def picture(symbol: QrSymbol, *, scale: int = 8) -> Image.Image:
    """The symbol in black and white with its quiet zone, `scale` pixels a module."""
    shades = np.pad(np.where(symbol.modules, 0, 255).astype(np.uint8), QUIET_ZONE, constant_values=255)
    return Image.fromarray(shades.repeat(scale, axis=0).repeat(scale, axis=1))


def zxing(image: Image.Image) -> str | None:
    found = zxingcpp.read_barcodes(np.asarray(image), formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else None


def opencv(image: Image.Image) -> str | None:
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(np.asarray(image))
    return text or None


def patched(symbol: QrSymbol, share: float) -> Image.Image:
    """An opaque patch over a share of the symbol's area, off the three corners that carry the finder patterns."""
    image = picture(symbol)
    pixels: NDArray[np.uint8] = np.array(image)
    side = round(share**0.5 * len(symbol.modules) * 8)
    start = (image.width - side) // 2
    pixels[start : start + side, start : start + side] = 90
    return Image.fromarray(pixels)


def noisy(image: Image.Image) -> Image.Image:
    grains = np.random.default_rng(1).normal(0, 30, image.size[::-1])
    return Image.fromarray(np.clip(np.asarray(image) + grains, 0, 255).astype(np.uint8))


Distort = Callable[[Image.Image], Image.Image]
Decoder = Callable[[Image.Image], str | None]
DISTORTIONS: dict[str, Distort] = {
    "clean": lambda image: image,
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(2.5)),
    "rotated by a quarter": lambda image: image.rotate(90),
    "rotated by 17 degrees": lambda image: image.rotate(17, expand=True, fillcolor=255),
    "low contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.25),
    "small": lambda image: image.resize((image.width * 5 // 16,) * 2, Image.Resampling.BILINEAR),
    "noisy, as a camera sees it": lambda image: noisy(image).filter(ImageFilter.GaussianBlur(1.5)),
}


DECODERS: dict[str, Decoder] = {"zxing": zxing, "opencv": opencv}


@pytest.mark.parametrize("read", DECODERS.values(), ids=DECODERS.keys())
@pytest.mark.parametrize("distort", DISTORTIONS.values(), ids=DISTORTIONS.keys())
def test_plates_and_dynamic_codes_are_read_by_two_decoders(distort: Distort, read: Decoder) -> None:
    assert read(distort(picture(plate_symbol(PLATE)))) == PLATE
    assert read(distort(picture(dynamic_symbol(DYNAMIC)))) == DYNAMIC


@pytest.mark.parametrize("read", DECODERS.values(), ids=DECODERS.keys())
def test_a_plate_with_a_patch_over_fifteen_per_cent_is_read_by_two_decoders(read: Decoder) -> None:
    assert read(patched(plate_symbol(PLATE), 0.15)) == PLATE


def test_a_patch_over_half_of_a_plate_is_too_much() -> None:
    assert zxing(patched(plate_symbol(PLATE), 0.5)) is None


def test_a_bare_code_makes_a_smaller_symbol_that_is_read_too(workshop: Workshop) -> None:
    symbol = plate_symbol(bare(workshop.plate))

    assert zxing(picture(symbol)) == bare(workshop.plate)
    assert symbol.version < plate_symbol(f"https://{'a' * 40}/c/{bare(workshop.plate)}").version


@pytest.mark.parametrize(
    ("host", "versions"),
    [
        ("a" * 13, (7, 9, 10)),
        ("a" * 16, (7, 9, 11)),
        ("a" * 31, (8, 10, 11)),
        ("a" * 46, (8, 11, 12)),
        ("a" * 59, (9, 11, 13)),
    ],
)
def test_a_symbol_is_as_small_as_documented(workshop: Workshop, host: str, versions: tuple[int, ...]) -> None:
    text = f"https://{host}/c/{bare(workshop.plate)}"

    assert tuple(code_symbol(text, level=level).version for level in QrLevel) == versions


def test_plates_are_level_h_and_dynamic_codes_level_m(workshop: Workshop) -> None:
    plate, dynamic = plate_symbol(workshop.plate), dynamic_symbol(workshop.dynamic)

    assert (plate.level, dynamic.level) == (QrLevel.H, QrLevel.M)
    assert len(plate.modules) == 17 + 4 * plate.version
    assert all(len(row) == len(plate.modules) for row in plate.modules)


@pytest.mark.parametrize("level", QrLevel)
@pytest.mark.parametrize("origin", ["", LOCAL, ORIGIN, f"https://{'a' * 90}.example"])
def test_every_mask_is_what_the_encoder_makes_and_weighs_the_same(
    workshop: Workshop, level: QrLevel, origin: str
) -> None:
    text = f"{origin}/c/{bare(workshop.plate)}" if origin else bare(workshop.plate)
    plain = _encoded(text, level, 0)
    rows, version = _rows(plain), plain.version

    for mask in MASKS:
        expected = _encoded(text, level, mask)
        masked = remasked(rows, mask, version=version, level_bits=LEVEL_BITS[level])
        assert masked == _rows(expected)
        assert penalty(masked) == lost_point(expected.modules)
    best = min(penalty(remasked(rows, mask, version=version, level_bits=LEVEL_BITS[level])) for mask in MASKS)
    chosen = code_symbol(text, level=level)
    assert lost_point([list(row) for row in chosen.modules]) == best


def test_a_symbol_too_dark_or_too_light_weighs_as_much_as_the_encoder_says() -> None:
    size = 21
    order = np.random.default_rng(seed=7).permutation(size * size)
    for dark in range(0, size * size, 8):
        modules = (order < dark).reshape(size, size).tolist()
        rows = tuple(int("".join("01"[each] for each in row), 2) for row in modules)
        assert penalty(rows) == lost_point(modules), dark


@pytest.mark.parametrize("version", range(1, 8))
def test_small_symbols_are_masked_as_the_encoder_does(version: int) -> None:
    encoder = QRCode(version=version, mask_pattern=0)
    encoder.add_data(QRData(b"P1"), optimize=0)
    encoder.make(fit=False)
    rows = _rows(encoder)
    encoder.mask_pattern = 5
    encoder.make(fit=False)

    assert remasked(rows, 5, version=version, level_bits=0) == _rows(encoder)


def test_an_svg_draws_exactly_the_dark_modules_without_styles_or_scripts(workshop: Workshop) -> None:
    symbol = plate_symbol(workshop.plate)
    text = svg_text(symbol, title='<b>"一照通"</b>')
    root = ET.fromstring(text)  # noqa: S314  # our own text
    side = len(symbol.modules) + 8

    assert root.get("viewBox") == f"0 0 {side} {side}"
    assert root.findtext(f"{SVG}title") == '<b>"一照通"</b>'
    assert not any(word in text for word in ("style", "script", "<b>"))
    assert _drawn(root.find(f"{SVG}path").get("d")) == {  # type: ignore[union-attr,arg-type]
        (y + 4, x + 4) for y, row in enumerate(symbol.modules) for x, dark in enumerate(row) if dark
    }


def test_an_svg_without_a_title_is_hidden_from_screen_readers(workshop: Workshop) -> None:
    assert 'aria-hidden="true"' in svg_text(plate_symbol(workshop.plate))


def test_an_svg_with_a_negative_quiet_zone_is_refused(workshop: Workshop) -> None:
    with pytest.raises(ValueError, match="quiet zone"):
        svg_text(plate_symbol(workshop.plate), quiet_zone=-1)


@pytest.mark.parametrize(
    "text", ["", "A" * 301, "https://a.cn/c/", "p1.abc", "https://码.cn/c/P1", "P1 .A", "https://a.cn/d/P1"]
)
def test_a_text_that_is_no_code_of_ours_gets_no_symbol(text: str) -> None:
    with pytest.raises(SigningError):
        plate_symbol(text)


def _encoded(text: str, level: QrLevel, mask: int) -> QRCode:
    encoder = QRCode(error_correction=LEVEL_BITS[level], mask_pattern=mask)
    start, path, rest = text.rpartition("/c/")
    for part in filter(None, (start + path, rest)):
        encoder.add_data(QRData(part.encode()), optimize=0)
    encoder.make(fit=True)
    return encoder


def _rows(encoder: QRCode) -> tuple[int, ...]:
    return tuple(int("".join(str(int(bool(dark))) for dark in row), 2) for row in encoder.modules)


def _drawn(path: str) -> set[tuple[int, int]]:
    cells = set()
    for command in path.split("z")[:-1]:
        start, rest = command[1:].split("h", 1)
        x, y = map(int, start.split(" "))
        cells |= {(y, x + step) for step in range(int(rest.split("v")[0]))}
    return cells
