"""Codes in a picture that somebody sent: unpacked and read in a process of its own, since pictures can be bombs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.codes.picture_reading import MAX_PICTURE_BYTES, codes_in
from hub.codes.verification.verdicts import CodeVerdict
from hub.kernel.errors import InvalidInputError
from hub.kernel.sandbox import (
    Limits,
    ParserCrashedError,
    ParserRefusalError,
    Sandbox,
    TooCostlyError,
)
from keys.messages import leaves
from signing import ScanReader

MAX_CODES = 50  # a printed sheet of plates has twelve
SHOWN_CHARS = 60
LIMITS = Limits(
    cpu_seconds=5,  # the costliest honest picture, 48 megapixels of a progressive JPEG, takes about one
    wall_seconds=15.0,
    memory_bytes=512 * 1024 * 1024,
    answer_bytes=1024 * 1024,  # some three hundred of the longest codes
)


class PictureError(InvalidInputError):
    """A picture cannot be read, or not as one of codes. Only its leaves are raised."""

    field = "picture"


class PictureUnreadableError(PictureError):
    reason = "PICTURE_UNREADABLE"
    zh = "这不是可以读取的照片，请重新拍摄。"
    en = "This is no picture that can be read; take another one."


class PictureTooLargeError(PictureError):
    reason = "PICTURE_TOO_LARGE"
    zh = "照片过大(上限 8 MB；JPEG 6400 万像素，其他格式 1600 万像素)，请降低分辨率重新拍摄。"
    en = "The picture is too large (at most 8 MB; 64 megapixels as JPEG, 16 in any other format); take a smaller one."


class PictureTooCostlyError(PictureError):
    reason = "PICTURE_TOO_COSTLY"
    zh = "读取这张照片所需的时间或内存超过上限，已停止。请重新拍摄。"
    en = "Reading this picture takes more time or memory than a photograph may, and was stopped; take another one."


class PictureWithoutCodeError(PictureError):
    reason = "PICTURE_WITHOUT_CODE"
    zh = "照片中没有读到二维码，请靠近、对正并避开反光。"
    en = "No QR code was found in the picture; go closer, hold straight, avoid glare."


class TooManyCodesError(PictureError):
    reason = "PICTURE_TOO_MANY_CODES"
    zh = "照片中的码过多(上限 50 个)，请靠近要核验的码重新拍摄。"
    en = "There are too many codes in the picture (50 at most); go closer to the one to be verified."


_REFUSALS = {
    leaf.reason: leaf for leaf in leaves(PictureError)
}  # what the process that reads tells by its code


@dataclass(frozen=True, slots=True)
class PictureCodes:
    """The codes in a picture: those to be verified, of which the worst counts, and those of others, named only."""

    judged: tuple[str, ...]
    passed_over: tuple[str, ...]


def sort_out(texts: Iterable[str], scanned: ScanReader) -> PictureCodes:
    """Codes of ours before all others; where none is of ours, all are verified, and so refused. Each text once.

    Raises: TooManyCodesError.
    """
    read = tuple(dict.fromkeys(scanned.read(text) for text in texts))
    ours = tuple(text for text in read if scanned.is_ours(text))
    judged = ours or read
    if len(judged) > MAX_CODES:
        raise TooManyCodesError
    return PictureCodes(judged, tuple(_named(text) for text in read if text not in judged))


def worst(verdicts: Sequence[CodeVerdict]) -> CodeVerdict:
    """Return the gravest of at least one; the first of equals."""
    return max(verdicts, key=lambda each: each.outcome.gravity)


def _named(text: str) -> str:
    """Another one's code as it may be shown: where it leads, else how it begins; nothing that imitates or hides."""
    scheme, is_address, rest = text.partition("://")
    shown = f"{scheme}://{rest.partition('/')[0]}" if is_address else text
    plain = "".join(character if character.isprintable() else "�" for character in shown)
    return plain if len(plain) <= SHOWN_CHARS else f"{plain[:SHOWN_CHARS]}…"


def texts_in(picture: bytes, *, sandbox: Sandbox) -> tuple[str, ...]:
    """Return the texts of the QR codes in a picture, at least one, in the order in which they were found.

    Raises: PictureError leaves; ParserBusyError, ParserAwayError.
    """
    if len(picture) > MAX_PICTURE_BYTES:
        raise PictureTooLargeError
    try:
        found = sandbox.run(codes_in, picture, limits=LIMITS)
    except ParserRefusalError as error:
        raise _REFUSALS[error.code] from error
    except TooCostlyError as error:
        raise PictureTooCostlyError from error
    except ParserCrashedError as error:
        raise PictureUnreadableError from error
    texts = tuple(text for text in found if isinstance(text, str))
    if not texts:
        raise PictureWithoutCodeError
    return texts
