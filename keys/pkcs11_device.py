"""One PKCS#11 token at work in this process: one session, one lock, found again when it was away.

The wrapper initialises the module without telling it to lock, so that all calls of a process into one module go
through one lock (`Module`). A process that was forked makes its own beginning: a session of the parent is not used.
A call that fails is tried once more over a new session; when that fails too, the device is away (SignerAwayError) and
the next call looks again, at most twice a second. A PIN that the token refused is never tried again by this process:
tokens lock themselves after a few wrong ones.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pkcs11
from pkcs11 import exceptions as failures
from pkcs11.types import Session

from keys.errors import KeyFileMissingError, SignerAwayError, SourceUriError, WrongPassphraseError
from keys.pkcs11_uri import TokenAddress

LOOK_AGAIN_SECONDS = 0.5  # an absent device costs a request milliseconds, not a library start each
ATTEMPTS, PAUSE_SECONDS = 4, 0.02  # four workers of a server start within a few milliseconds of each other

Answer = TypeVar("Answer")
WRONG_PIN = (
    failures.PinIncorrect,
    failures.PinInvalid,
    failures.PinLenRange,
    failures.PinLocked,
    failures.PinExpired,
    failures.UserPinNotInitialized,
)
ABSENT = (failures.NoSuchKey, failures.MultipleObjectsReturned)


class Module:
    """A PKCS#11 library in this process and the lock in front of it; `generation` counts its starts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._is_stale = False
        os.register_at_fork(after_in_child=self._forked)  # for the life of the process, as a module is
        self._library: pkcs11._lib_type | None = None  # type: ignore[name-defined]  # the stub hides its class
        self.generation = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """The lock of this process. The first to hold it after a fork ends what the parent began, before any other use."""
        with self._lock:
            if self._is_stale:
                self._is_stale = False
                self.restart()
            yield

    def _forked(self) -> None:
        """In the child, while it has one thread: a lock that the parent held at the fork is left to the parent."""
        self._lock = threading.RLock()
        self._is_stale = True

    def find(self, address: TokenAddress) -> pkcs11.Token:
        """Return the token, on a started library. Raises: PKCS11Error."""
        if self._library is None:
            self._library = pkcs11.lib(str(self._path))
        if not self._library.initialized:
            self._library.initialize()
        serial = None if address.serial is None else address.serial.encode("ascii", "replace")
        return self._library.get_token(token_label=address.label, token_serial=serial)

    def restart(self) -> None:
        """Forget everything the library knows, so that a token that was away is seen again."""
        self.generation += 1
        if self._library is not None and self._library.initialized:
            with suppress(failures.PKCS11Error):  # it counts as ended either way; the next `find` starts it
                self._library.finalize()


class TokenDevice:
    """A token and the session that is open on it."""

    def __init__(self, address: TokenAddress, pin: str, module: Module) -> None:
        self._address = address
        self._pin = pin
        self._module = module
        self._session: Session | None = None
        self._generation = -1
        self._found: dict[str, Any] = {}  # private and secret keys; the stubs do not say that they sign
        self._look_at = 0.0
        self._refused: str | None = None

    @property
    def name(self) -> str:
        return self._address.label or self._address.serial or "token"

    def run(self, work: Callable[[Session], Answer]) -> Answer:
        """Do something over the session; again over a new one when the first attempt fails.

        Raises: SignerAwayError, WrongPassphraseError, KeyFileMissingError (the token is there, the object not).
        """
        with self._module.held():
            had_session = self._is_open()
            try:
                return work(self._opened())
            except failures.PKCS11Error as error:
                self._drop()
                if not had_session:
                    raise _fact(error, self.name) from error
            try:
                return work(self._opened())
            except failures.PKCS11Error as error:
                self._drop()
                raise _fact(error, self.name) from error

    def sign(self, label: str, message: bytes, mechanism: pkcs11.Mechanism) -> bytes:
        """Return the raw signature by the private or secret key of that label. Raises as `run`."""

        def work(session: Session) -> bytes:
            key = self._found.get(label)
            if key is None:
                key = self._found[label] = _key_of(session, label, mechanism)
            return bytes(key.sign(message, mechanism=mechanism))

        return self.run(work)

    def _is_open(self) -> bool:
        return self._session is not None and self._generation == self._module.generation

    def _opened(self) -> Session:
        if self._refused is not None:
            raise WrongPassphraseError(self._refused)
        if self._session is not None and self._is_open():
            return self._session
        if time.monotonic() < self._look_at:
            raise SignerAwayError(f"the token {self.name} is away")
        self._found.clear()
        self._session = self._login()
        self._generation = self._module.generation
        return self._session

    def _login(self) -> Session:
        """A session, in a few attempts: a library that starts in several processes at once may miss its token."""
        for _ in range(ATTEMPTS - 1):
            with suppress(failures.PKCS11Error):
                return self._session_of_token()
            time.sleep(PAUSE_SECONDS)
        try:
            return self._session_of_token()
        except failures.PKCS11Error:
            self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS
            raise

    def _session_of_token(self) -> Session:
        try:
            return self._module.find(self._address).open(rw=True, user_pin=self._pin)
        except WRONG_PIN as error:
            self._refused = f"the token {self.name} refuses the PIN ({type(error).__name__}); set HUB_KEYS_PASSPHRASE to its PIN"
            raise WrongPassphraseError(self._refused) from error
        except failures.UserAlreadyLoggedIn as error:
            raise WrongPassphraseError(
                f"the token {self.name} is open in this process with another PIN"
            ) from error
        except failures.PKCS11Error:
            self._module.restart()
            raise

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None and self._generation == self._module.generation:
            with suppress(failures.PKCS11Error):  # it is of no use any more, whatever the module says to this
                session.close()
            self._module.restart()


def open_device(address: TokenAddress, pin: str) -> TokenDevice:
    """Return the one device of this process for a token and a PIN.

    Raises: SourceUriError when there is no such module.
    """
    if not address.module.is_file():
        raise SourceUriError(f"HUB_KEYS: there is no PKCS#11 module at {address.module}")
    with _REGISTERING:
        module = _MODULES.get(address.module)
        if module is None:
            module = _MODULES[address.module] = Module(address.module)
        name = (address.module, address.label, address.serial, sha256(pin.encode()).digest())
        return _DEVICES.setdefault(name, TokenDevice(address, pin, module))


def _key_of(session: Session, label: str, mechanism: pkcs11.Mechanism) -> Any:
    is_secret = mechanism is pkcs11.Mechanism.SHA256_HMAC
    kind = pkcs11.ObjectClass.SECRET_KEY if is_secret else pkcs11.ObjectClass.PRIVATE_KEY
    return session.get_key(object_class=kind, label=label)


def _fact(error: Exception, name: str) -> SignerAwayError | KeyFileMissingError:
    if isinstance(error, ABSENT):
        return KeyFileMissingError(
            f"the token {name} lacks a key that the ring names: {type(error).__name__}"
        )
    return SignerAwayError(f"the token {name} does not answer: {type(error).__name__}")


_REGISTERING = threading.RLock()
os.register_at_fork(
    before=_REGISTERING.acquire, after_in_parent=_REGISTERING.release, after_in_child=_REGISTERING.release
)
_MODULES: dict[Path, Module] = {}
_DEVICES: dict[tuple[Path, str | None, str | None, bytes], TokenDevice] = {}
