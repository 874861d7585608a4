"""The system's OpenSSL, reached by ctypes: the few EVP calls that SM2 needs (docs/adr/0015-sm2-through-libcrypto.md).

Nothing is loaded on import. Every object that OpenSSL allocates has one owner here, which frees it; after a call
that failed, the thread's error queue is emptied, so that no later user of OpenSSL finds our errors in it. An
`EVP_PKEY` is only read after it was made and may be shared among threads; each signature has a context of its own.
"""

import ctypes
import ctypes.util
import sys
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_ubyte, c_uint, c_ulong, c_void_p
from functools import cache
from types import MappingProxyType

from keys.errors import KeysError, Sm2UnavailableError

LIBRARIES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
OLDEST = 0x30000000  # OpenSSL 3.0.0: EVP_PKEY_fromdata and keys of type SM2 are from there on
SCALAR_BYTES = 32
POINT_BYTES = 65  # 04, x, y
MAX_DER_BYTES = 72  # a sequence of two integers of 33 bytes
ERROR_TEXT_BYTES = 256  # what the manual of ERR_error_string_n asks for

OCTET_STRING, UTF8_STRING, UNSIGNED_INTEGER = 5, 4, 2  # OSSL_PARAM data types
PUBLIC_KEY, KEY_PAIR = 0x86, 0x87  # EVP_PKEY_PUBLIC_KEY, EVP_PKEY_KEYPAIR
OPENSSL_VERSION = 0  # OpenSSL_version(OPENSSL_VERSION): the sentence with name and date


class OsslParam(ctypes.Structure):
    """OSSL_PARAM(3)."""

    _fields_ = (
        ("key", c_char_p),
        ("data_type", c_uint),
        ("data", c_void_p),
        ("data_size", c_size_t),
        ("return_size", c_size_t),
    )


_Prototype = tuple[type | None, tuple[type, ...]]

PROTOTYPES: Mapping[str, _Prototype] = MappingProxyType(
    {
        "OpenSSL_version_num": (c_ulong, ()),
        "OpenSSL_version": (c_char_p, (c_int,)),
        "ERR_get_error": (c_ulong, ()),
        "ERR_error_string_n": (None, (c_ulong, c_char_p, c_size_t)),
        "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
        "EVP_PKEY_CTX_new_from_pkey": (c_void_p, (c_void_p, c_void_p, c_char_p)),
        "EVP_PKEY_CTX_free": (None, (c_void_p,)),
        "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_int)),
        "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
        "EVP_PKEY_generate": (c_int, (c_void_p, POINTER(c_void_p))),
        "EVP_PKEY_fromdata_init": (c_int, (c_void_p,)),
        "EVP_PKEY_fromdata": (c_int, (c_void_p, POINTER(c_void_p), c_int, POINTER(OsslParam))),
        "EVP_PKEY_public_check": (c_int, (c_void_p,)),
        "EVP_PKEY_pairwise_check": (c_int, (c_void_p,)),
        "EVP_PKEY_get_bn_param": (c_int, (c_void_p, c_char_p, POINTER(c_void_p))),
        "EVP_PKEY_get_octet_string_param": (
            c_int,
            (c_void_p, c_char_p, c_char_p, c_size_t, POINTER(c_size_t)),
        ),
        "EVP_PKEY_free": (None, (c_void_p,)),
        "BN_bn2binpad": (c_int, (c_void_p, c_char_p, c_int)),
        "BN_clear_free": (None, (c_void_p,)),
        "EVP_MD_CTX_new": (c_void_p, ()),
        "EVP_MD_CTX_free": (None, (c_void_p,)),
        "EVP_DigestSignInit_ex": (
            c_int,
            (c_void_p, POINTER(c_void_p), c_char_p, c_void_p, c_char_p, c_void_p, POINTER(OsslParam)),
        ),
        "EVP_DigestVerifyInit_ex": (
            c_int,
            (c_void_p, POINTER(c_void_p), c_char_p, c_void_p, c_char_p, c_void_p, POINTER(OsslParam)),
        ),
        "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
        "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    }
)


class LibcryptoError(KeysError):
    """OpenSSL refused a call that cannot fail on right input, or was out of memory."""

    reason = "KEYS_LIBCRYPTO"
    zh = "系统密码库运算失败。"
    en = "The system's cryptographic library failed."


class NativeKey:
    """An `EVP_PKEY` of type SM2; freed with this object."""

    __slots__ = ("__weakref__", "pointer")

    def __init__(self, pointer: int, free: Callable[[int], None]) -> None:
        self.pointer = pointer
        weakref.finalize(self, free, pointer)


class Libcrypto:
    """The loaded library with typed functions. Safe to share among threads."""

    def __init__(self, library: ctypes.CDLL) -> None:
        try:
            for name, (result, arguments) in PROTOTYPES.items():
                function = getattr(library, name)
                function.restype, function.argtypes = result, arguments
        except AttributeError as error:
            raise Sm2UnavailableError(f"the system's libcrypto is too old for SM2: {error}") from error
        self._c = library
        if library.OpenSSL_version_num() < OLDEST:
            raise Sm2UnavailableError(f"SM2 needs OpenSSL 3.0 or newer, here is {self.version}")

    @property
    def version(self) -> str:
        """As the library says it: `OpenSSL 3.0.19 27 Jan 2026`."""
        text: bytes = self._c.OpenSSL_version(OPENSSL_VERSION)
        return text.decode("ascii", "replace")

    def generate(self) -> NativeKey:
        """Return a fresh key pair; the scalar is drawn by OpenSSL from 1 to n - 2."""
        with self._context(self._c.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)) as context:
            self._require(self._c.EVP_PKEY_keygen_init(context), "keygen_init")
            made = c_void_p()
            self._require(self._c.EVP_PKEY_generate(context, byref(made)), "generate")
        return self._own(made)

    def public_key(self, point: bytes) -> NativeKey:
        """Return the key of an uncompressed point (65 bytes), which OpenSSL checks once more.

        Raises: LibcryptoError for a point that is not one of the curve.
        """
        key = self._from_data(PUBLIC_KEY, (_octets(b"pub", point),))
        with self._context(self._c.EVP_PKEY_CTX_new_from_pkey(None, key.pointer, None)) as context:
            self._require(self._c.EVP_PKEY_public_check(context), "public_check")
        return key

    def private_key(self, scalar: bytes, point: bytes) -> NativeKey:
        """Return the key pair of a scalar (32 bytes, most significant first) and its point.

        Raises: LibcryptoError when the two do not belong together.
        """
        native = int.from_bytes(scalar, "big").to_bytes(SCALAR_BYTES, sys.byteorder)
        number = _parameter(b"priv", UNSIGNED_INTEGER, native)
        key = self._from_data(KEY_PAIR, (_octets(b"pub", point), number))
        with self._context(self._c.EVP_PKEY_CTX_new_from_pkey(None, key.pointer, None)) as context:
            self._require(self._c.EVP_PKEY_pairwise_check(context), "pairwise_check")
        return key

    def scalar_of(self, key: NativeKey) -> bytes:
        """Return the private scalar, 32 bytes, for the envelope of a key file and nothing else."""
        number = c_void_p()
        self._require(self._c.EVP_PKEY_get_bn_param(key.pointer, b"priv", byref(number)), "get priv")
        try:
            buffer = ctypes.create_string_buffer(SCALAR_BYTES)
            length = self._c.BN_bn2binpad(number, buffer, SCALAR_BYTES)
            self._require(length == SCALAR_BYTES, "bn2binpad")
            return buffer.raw
        finally:
            self._c.BN_clear_free(number)

    def point_of(self, key: NativeKey) -> bytes:
        """Return the public point, uncompressed, 65 bytes."""
        buffer, length = ctypes.create_string_buffer(POINT_BYTES), c_size_t()
        found = self._c.EVP_PKEY_get_octet_string_param(
            key.pointer, b"pub", buffer, POINT_BYTES, byref(length)
        )
        self._require(found == 1 and length.value == POINT_BYTES, "get pub")
        return buffer.raw

    def sign(self, key: NativeKey, message: bytes, *, distinguishing_id: bytes) -> bytes:
        """Return the signature in DER over SM3 of Z and the message."""
        context = self._digest_context()
        try:
            self._start(self._c.EVP_DigestSignInit_ex, context, key, distinguishing_id)
            buffer, length = ctypes.create_string_buffer(MAX_DER_BYTES), c_size_t(MAX_DER_BYTES)
            self._require(
                self._c.EVP_DigestSign(context, buffer, byref(length), message, len(message)), "sign"
            )
            return buffer.raw[: length.value]
        finally:
            self._c.EVP_MD_CTX_free(context)

    def verify(self, key: NativeKey, message: bytes, der: bytes, *, distinguishing_id: bytes) -> bool:
        """Return whether the key made this DER signature over this message."""
        context = self._digest_context()
        try:
            self._start(self._c.EVP_DigestVerifyInit_ex, context, key, distinguishing_id)
            is_good: bool = self._c.EVP_DigestVerify(context, der, len(der), message, len(message)) == 1
        finally:
            self._c.EVP_MD_CTX_free(context)
        if not is_good:
            self._drain()
        return is_good

    def _start(self, initialise: Callable[..., int], context: int, key: NativeKey, name: bytes) -> None:
        """Begin to sign or verify with SM3, and set the id: OpenSSL's own default is the empty one."""
        inner = c_void_p()  # belongs to `context`
        self._require(initialise(context, byref(inner), b"SM3", None, None, key.pointer, None), "init")
        self._require(self._c.EVP_PKEY_CTX_set1_id(inner, name, len(name)), "set1_id")

    def _digest_context(self) -> int:
        context: int | None = self._c.EVP_MD_CTX_new()
        if context is None:
            raise LibcryptoError("EVP_MD_CTX_new")
        return context

    def _from_data(self, selection: int, parameters: tuple[OsslParam, ...]) -> NativeKey:
        group = _parameter(b"group", UTF8_STRING, b"SM2")
        array = (OsslParam * (len(parameters) + 2))(group, *parameters, OsslParam())
        made = c_void_p()
        with self._context(self._c.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)) as context:
            self._require(self._c.EVP_PKEY_fromdata_init(context), "fromdata_init")
            done = self._c.EVP_PKEY_fromdata(context, byref(made), selection, array)
            if done != 1 and made.value is not None:
                self._c.EVP_PKEY_free(made)
            self._require(done, "fromdata")
        return self._own(made)

    @contextmanager
    def _context(self, pointer: int | None) -> Iterator[int]:
        if pointer is None:
            raise Sm2UnavailableError(f"{self.version} offers no SM2: {self._drain()}")
        try:
            yield pointer
        finally:
            self._c.EVP_PKEY_CTX_free(pointer)

    def _own(self, made: c_void_p) -> NativeKey:
        if made.value is None:
            raise LibcryptoError("no key was made")
        return NativeKey(made.value, self._c.EVP_PKEY_free)

    def _require(self, result: int, step: str) -> None:
        if result != 1:
            raise LibcryptoError(f"{step}: {self._drain()}")

    def _drain(self) -> str:
        """Empty this thread's error queue; its oldest entry is the cause."""
        first = 0
        while code := self._c.ERR_get_error():
            first = first or code
        text = ctypes.create_string_buffer(ERROR_TEXT_BYTES)
        self._c.ERR_error_string_n(first, text, ERROR_TEXT_BYTES)
        return text.value.decode("ascii", "replace")


@cache
def load() -> Libcrypto:
    """Return the system's libcrypto, loaded at the first call that succeeds.

    Raises: Sm2UnavailableError when there is none, or one before OpenSSL 3.0.
    """
    for name in (*LIBRARIES, ctypes.util.find_library("crypto")):
        library = _open(name)
        if library is not None:
            return Libcrypto(library)
    raise Sm2UnavailableError("no libcrypto was found; SM2 needs OpenSSL 3.0 or newer (Debian: libssl3)")


def _open(name: str | None) -> ctypes.CDLL | None:
    if name is None:
        return None
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _octets(key: bytes, data: bytes) -> OsslParam:
    return _parameter(key, OCTET_STRING, data)


def _parameter(key: bytes, data_type: int, data: bytes) -> OsslParam:
    """A parameter that keeps its buffer alive as long as itself."""
    buffer = (c_ubyte * len(data)).from_buffer_copy(data)
    made = OsslParam(key, data_type, ctypes.cast(buffer, c_void_p), len(data), 0)
    made.kept = buffer
    return made
