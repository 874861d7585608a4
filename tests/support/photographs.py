"""Pictures of codes as people send them, and pictures made to hurt."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from qrcode.main import QRCode

CODE = "https://hub.example/c/P1.91330802MA2TEXT162.7K2M9QXT4K.AAAA"


def drawn(text: str = CODE, *, pixels: int = 6) -> Image.Image:
    """A code as black on white, without colour."""
    return _picture(text, pixels)


def written(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def clear(text: str = CODE) -> Image.Image:
    """Black modules on nothing, RGBA: what a design programme exports."""
    grey = drawn(text)
    image = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), mask=grey.point(lambda value: 255 - value))
    return image


def light(
    text: str = CODE, *, colour: tuple[int, int, int] = (255, 255, 255), dark_alpha: int = 0
) -> Image.Image:
    """Light modules on nothing, RGBA: an export of what was drawn on a dark page, or the light half of a code alone."""
    grey = drawn(text)
    image = Image.new("RGBA", grey.size, (255, 255, 255, dark_alpha))
    image.paste((*colour, 255), mask=grey.point(lambda value: 255 - value))
    return image


def beside(*texts: str) -> Image.Image:
    """Several codes in one picture, from left to right."""
    codes = [drawn(text, pixels=4) for text in texts]
    width, height = sum(each.width for each in codes), max(each.height for each in codes)
    sheet = Image.new("L", (width + 40 * len(codes), height), "white")
    left = 0
    for each in codes:
        sheet.paste(each, (left, 0))
        left += each.width + 40
    return sheet


def scan_bomb(*, side: int, repeats: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: a hundred bytes that cost a pass over the whole picture each."""
    raw = written(Image.effect_noise((64, 64), 50).resize((side, side)), "JPEG", progressive=True, quality=5)
    start, end = raw.rindex(b"\xff\xda"), raw.rindex(b"\xff\xd9")
    last = raw[start:end]
    return raw[:start] + last * repeats + raw[end:]


def flat_png(side: int) -> bytes:
    """A white picture of `side` by `side` pixels in RGBA, of which nearly nothing has to be sent."""
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (4 * side)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def lying_png(side: int) -> bytes:
    """A picture that says to be small and holds as much data as a large one."""
    packer = zlib.compressobj(9)
    rows = packer.compress(b"\0" * (4 * side * side)) + packer.flush()
    head = struct.pack(">IIBBBBB", 100, 100, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def text_chunk_bomb(size: int) -> bytes:
    """A small picture with a compressed remark that unpacks to `size` bytes."""
    png = written(drawn())
    remark = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * size, 9))
    return png[:33] + remark + png[33:]


def many_frames(count: int, side: int) -> bytes:
    """A GIF of many frames."""
    frames = [Image.new("P", (side, side), number % 256) for number in range(count)]
    return written(frames[0], "GIF", save_all=True, append_images=frames[1:])


def _picture(text: str, pixels: int) -> Image.Image:
    symbol = QRCode(border=4)
    symbol.add_data(text)
    rows = symbol.get_matrix()
    shades = bytes(0 if dark else 255 for row in rows for dark in row)
    small = Image.frombytes("L", (len(rows), len(rows)), shades)
    return small.resize((small.width * pixels,) * 2, Image.Resampling.NEAREST)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
