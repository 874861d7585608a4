"""What a parser's process and the hub tell each other: JSON texts with their length in front."""

import json
import os
import struct

from hub.kernel.sandbox.errors import TooCostlyError

_LENGTH = struct.Struct(">I")


def write_frame(descriptor: int, value: object) -> None:
    """Write one value. Raises: OSError when nobody reads any more."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    left = memoryview(_LENGTH.pack(len(text)) + text)
    while left:
        left = left[os.write(descriptor, left) :]


class FrameReader:
    """Puts values together from what arrives in pieces; what is told altogether is bounded."""

    def __init__(self, *, max_bytes: int) -> None:
        self._left = max_bytes
        self._held = bytearray()

    def feed(self, piece: bytes) -> list[object]:
        """Return the values that are whole with this piece. Raises: TooCostlyError, ValueError for what is not JSON."""
        self._left -= len(piece)
        if self._left < 0:
            raise TooCostlyError
        self._held += piece
        values = []
        while len(self._held) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._held)
            end = _LENGTH.size + length
            if len(self._held) < end:
                break
            values.append(json.loads(self._held[_LENGTH.size : end]))
            del self._held[:end]
        return values
