"""Codes in a photograph, for browsers that cannot read one themselves."""

from io import BytesIO

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from hub.kernel.errors import InvalidInputError
from hub.kernel.messages import Message

MAX_PICTURE_BYTES = 8 * 1024 * 1024  # the largest photograph of a telephone at its usual quality is 6 MB
MAX_PIXELS = 64_000_000  # a 48-megapixel camera; more is not a photograph of a plate
READ_AT = (2_400, 2_400)  # a plate that fills a tenth of this is still four pixels a module
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

UNREADABLE = Message(
    "这不是可以读取的照片，请重新拍摄。", "This is no picture that can be read; take another one."
)
TOO_LARGE = Message(
    "照片过大(上限 8 MB)，请降低分辨率重新拍摄。",
    "The picture is too large (8 MB at most); take a smaller one.",
)
NO_CODE = Message(
    "照片中没有读到二维码，请靠近、对正并避开反光。",
    "No QR code was found in the picture; go closer, hold straight, avoid glare.",
)


def texts_in(picture: bytes) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, at least one.

    Raises: InvalidInputError with PICTURE_TOO_LARGE, PICTURE_UNREADABLE or PICTURE_WITHOUT_CODE.
    """
    if len(picture) > MAX_PICTURE_BYTES:
        raise _refused("PICTURE_TOO_LARGE", TOO_LARGE)
    grey = _grey(picture)
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = tuple(each.text for each in zxingcpp.read_barcodes(grey, formats=formats))
    if not found:
        raise _refused("PICTURE_WITHOUT_CODE", NO_CODE)
    return found


def _grey(picture: bytes) -> Image.Image:
    """The picture upright, without colour and of a bounded size; looked at before it is unpacked."""
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refused("PICTURE_TOO_LARGE", TOO_LARGE)
            image.draft("L", READ_AT)
            grey = ImageOps.exif_transpose(image).convert("L")
    except Image.DecompressionBombError as error:
        raise _refused("PICTURE_TOO_LARGE", TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise _refused("PICTURE_UNREADABLE", UNREADABLE) from error
    grey.thumbnail(READ_AT)
    return grey


def _refused(code: str, text: Message) -> InvalidInputError:
    return InvalidInputError("picture", code, text)
