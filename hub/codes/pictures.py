"""Codes in a picture that somebody sent: unpacked and read in a process of its own, since pictures can be bombs."""

from collections.abc import Mapping
from types import MappingProxyType

from hub.codes.picture_reading import MAX_PICTURE_BYTES, PictureReason, codes_in
from hub.kernel.errors import InvalidInputError
from hub.kernel.messages import Message
from hub.kernel.sandbox import (
    Limits,
    ParserCrashedError,
    ParserRefusalError,
    Sandbox,
    TooCostlyError,
)

LIMITS = Limits(
    cpu_seconds=5,  # the costliest honest picture, 48 megapixels of a progressive JPEG, takes about one
    wall_seconds=15.0,
    memory_bytes=512 * 1024 * 1024,
    answer_bytes=1024 * 1024,  # some three hundred of the longest codes
)

SAID: Mapping[PictureReason, Message] = MappingProxyType(
    {
        PictureReason.UNREADABLE: Message(
            "这不是可以读取的照片，请重新拍摄。", "This is no picture that can be read; take another one."
        ),
        PictureReason.TOO_LARGE: Message(
            "照片过大(上限 8 MB；JPEG 6400 万像素，其他格式 1600 万像素)，请降低分辨率重新拍摄。",
            "The picture is too large (at most 8 MB; 64 megapixels as JPEG, 16 in any other format); take a smaller one.",
        ),
        PictureReason.TOO_COSTLY: Message(
            "读取这张照片所需的时间或内存超过上限，已停止。请重新拍摄。",
            "Reading this picture takes more time or memory than a photograph may, and was stopped; take another one.",
        ),
        PictureReason.WITHOUT_CODE: Message(
            "照片中没有读到二维码，请靠近、对正并避开反光。",
            "No QR code was found in the picture; go closer, hold straight, avoid glare.",
        ),
    }
)


def texts_in(picture: bytes, *, sandbox: Sandbox) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, at least one, in the order in which they were found.

    Raises: InvalidInputError with a PictureReason; ParserBusyError, ParserAwayError.
    """
    if len(picture) > MAX_PICTURE_BYTES:
        raise _refused(PictureReason.TOO_LARGE)
    try:
        found = sandbox.run(codes_in, picture, limits=LIMITS)
    except ParserRefusalError as error:
        raise _refused(PictureReason(error.code)) from error
    except TooCostlyError as error:
        raise _refused(PictureReason.TOO_COSTLY) from error
    except ParserCrashedError as error:
        raise _refused(PictureReason.UNREADABLE) from error
    texts = tuple(text for text in found if isinstance(text, str))
    if not texts:
        raise _refused(PictureReason.WITHOUT_CODE)
    return texts


def _refused(reason: PictureReason) -> InvalidInputError:
    return InvalidInputError("picture", reason.value, SAID[reason])
