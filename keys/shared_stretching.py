"""The master secret of a vault, handed on among the processes of one hub in memory that they share.

The memory is made before any of them is forked. It has no name and no file, the kernel takes it away with the last of
the processes, and a program that one of them starts does not inherit it.
"""

import hmac
import mmap
from hashlib import sha256

SECRET_BYTES = 32
_TAG_BYTES = 32
_USE = b"yizhao keys v1 handed on "


class SharedStretching:
    """Room for one master secret, and for what it was stretched from: a tag, which the secret alone can make.

    A reader that meets a half-written entry, an entry of another passphrase, salt or cost, or none, finds no tag that
    fits and stretches the passphrase itself. So nobody has to wait for anybody.
    """

    __slots__ = ("_memory",)

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SECRET_BYTES + _TAG_BYTES)  # anonymous and shared
        self._memory.madvise(mmap.MADV_DONTDUMP)

    def take(self, origin: bytes) -> bytes | None:
        """Return the secret that was stretched from this, if that is the one that was handed on."""
        entry = self._memory[:]
        secret, tag = entry[:SECRET_BYTES], entry[SECRET_BYTES:]
        return secret if hmac.compare_digest(tag, _tag(secret, origin)) else None

    def give(self, origin: bytes, secret: bytes) -> None:
        """Hand a secret on, in place of the one before. `secret`: 32 bytes that were seen to open their vault."""
        self._memory[:] = secret + _tag(secret, origin)

    def forget(self) -> None:
        """Overwrite the secret; who asks afterwards stretches the passphrase."""
        self._memory[:] = bytes(len(self._memory))


def _tag(secret: bytes, origin: bytes) -> bytes:
    return hmac.digest(secret, _USE + origin, sha256)
