"""What the sandbox runs on a picture: unpack it, lay it on white or black, read its QR codes. Nothing else may call it.

What a picture says of itself is looked at before it is unpacked; what it does not say is left to the sandbox's limits.
"""

import warnings
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import BinaryIO

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.MpoImagePlugin import MpoImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from hub.kernel.sandbox import ParserRefusalError

MAX_PICTURE_BYTES = 8 * 1024 * 1024  # the largest photograph of a telephone at its usual quality is 6 MB
MAX_JPEG_PIXELS = 64_000_000  # a 48-megapixel camera; JPEG can be unpacked at a fraction of its size
MAX_PIXELS = 16_000_000  # of every other format, which is unpacked whole: four screens of a desk
MAX_SCANS = (
    100  # of a JPEG, counted with its previews; progressive ones have about ten, and each costs a whole pass
)
READ_AT = (2_400, 2_400)  # a plate that fills a tenth of this is still four pixels a module
_FORMATS = tuple(  # named here so that they are loaded before a process is forked, not in every one anew
    kind.format
    for kind in (JpegImageFile, PngImageFile, WebPImageFile, GifImageFile, BmpImageFile, TiffImageFile)
)
_JPEG = frozenset({JpegImageFile.format, MpoImageFile.format})  # MPO: with its preview or its depth behind it
_START_OF_SCAN = b"\xff\xda"
_DEEP = ("I", "F")  # first letter of modes with more than 8 bits a pixel


class PictureReason(StrEnum):
    UNREADABLE = "PICTURE_UNREADABLE"
    TOO_LARGE = "PICTURE_TOO_LARGE"
    TOO_COSTLY = "PICTURE_TOO_COSTLY"
    TOO_MANY_CODES = "PICTURE_TOO_MANY_CODES"
    WITHOUT_CODE = "PICTURE_WITHOUT_CODE"


def codes_in(file: BinaryIO, _arguments: Mapping[str, object]) -> Iterator[str]:
    """Return the texts of the QR codes in a picture. Raises: ParserRefusalError with a PictureReason, MemoryError."""
    warnings.simplefilter(
        "ignore"
    )  # the library's remarks on odd pictures; this process ends with this picture
    raw = file.read(MAX_PICTURE_BYTES + 1)
    file.seek(0)
    if len(raw) > MAX_PICTURE_BYTES:
        raise ParserRefusalError(PictureReason.TOO_LARGE)
    try:
        found = _codes(_upright(file, scans=raw.count(_START_OF_SCAN)))
    except Image.DecompressionBombError as error:
        raise ParserRefusalError(PictureReason.TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise ParserRefusalError(PictureReason.UNREADABLE) from error
    for each in found:
        yield each.text


def _upright(file: BinaryIO, *, scans: int) -> Image.Image:
    """The picture unpacked, as its camera was held."""
    with Image.open(file, formats=_FORMATS) as image:
        is_jpeg = image.format in _JPEG
        if image.width * image.height > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
            raise ParserRefusalError(PictureReason.TOO_LARGE)
        if is_jpeg and scans > MAX_SCANS:
            raise ParserRefusalError(PictureReason.TOO_COSTLY)
        image.draft("L", READ_AT)
        return ImageOps.exif_transpose(image)


def _codes(image: Image.Image) -> list[zxingcpp.Barcode]:
    """Those on white; of a picture with a clear ground without any, those on black: light modules vanish on white."""
    if image.mode.startswith(_DEEP):
        return _read(_shallow(image))
    if not image.has_transparency_data:
        return _read(image.convert("L"))
    clear = image.convert("RGBA")
    return _read(_laid_on("white", clear)) or _read(_laid_on("black", clear))


def _laid_on(ground: str, clear: Image.Image) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", clear.size, ground), clear).convert("L")


def _shallow(image: Image.Image) -> Image.Image:
    """Eight bits of sixteen or more: the library would cut off everything above 255, which makes the picture white."""
    whole = image.convert("F")
    low, high = whole.getextrema()
    if not isinstance(low, float) or not isinstance(high, float) or high <= low:
        return Image.new("L", image.size, "white")
    scale = 255 / (high - low)
    return whole.point(lambda value: value * scale - low * scale).convert("L")


def _read(grey: Image.Image) -> list[zxingcpp.Barcode]:
    """At a size that is quick to search first; small codes in a large picture need all of it."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    plain = zxingcpp.TextMode.Plain  # otherwise what is not printed comes as words in brackets
    small = grey.copy()
    small.thumbnail(READ_AT)
    found = zxingcpp.read_barcodes(small, formats=formats, text_mode=plain)
    if found or small.size == grey.size:
        return list(found)
    return list(zxingcpp.read_barcodes(grey, formats=formats, text_mode=plain))
