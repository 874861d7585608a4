"""`ring.json`: the public facts of every key the ring ever held and what was done with them, sealed.

The seal is a keyed digest under a secret of the key source. Where the source is a device, `ring.checked.json`
remembers the digest of the ring that the device vouched for last: with the device away, exactly that ring is
opened, marked as unchecked, and no other.

A ring of a demonstration is of version 3, so that the mark is under the seal and older software does not take it.

Version 1 (before keys could be rotated) had no acts; it is read, and written anew as version 2 at the next change.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from keys.durable_files import locked, read_json, write_json
from keys.errors import KeysError, RingDamagedError, RingUncheckedError, SignerAwayError
from keys.history import RingContents, beginning
from keys.ring_entries import act_of, entry_of, entry_of_act, info_of
from keys.sources import KeySource
from keys.vault import binary

RING_FILE = "ring.json"
CHECKED_FILE = "ring.checked.json"
RING_VERSION, DEMONSTRATION_VERSION = 2, 3

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OpenedRing:
    """A ring as read. `is_checked`: whether the source vouched for it now, or only when it was there last."""

    book: RingContents
    is_checked: bool


def save_ring(folder: Path, book: RingContents, source: KeySource) -> None:
    """Replace the ring file, sealed by the source's secret."""
    document = {
        "version": DEMONSTRATION_VERSION if book.is_demonstration else RING_VERSION,
        "keys": [entry_of(info) for info in book.infos],
        "acts": [entry_of_act(act) for act in book.acts],
    }
    message = _message(document)
    seal = b64encode(source.seal(message)).decode("ascii")
    write_json(folder / RING_FILE, {**document, "seal": seal})
    if source.can_be_away:
        _remember(folder, message)


def load_ring(folder: Path, source: KeySource) -> OpenedRing:
    """Return what the ring file says, after the seal has been checked.

    Raises: FileNotFoundError, FolderModeError, RingDamagedError, RingUncheckedError (the device is away, and the
    ring is not the one that it vouched for last).
    """
    path = folder / RING_FILE
    document = read_json(path)
    message = _message(document)
    try:
        expected = source.seal(message)
    except SignerAwayError as error:
        if not _is_remembered(folder, message):
            raise RingUncheckedError(
                f"the device is away, and {path} is not the ring it vouched for last; bring the device back"
            ) from error
        return OpenedRing(_book(document), is_checked=False)
    if not hmac.compare_digest(expected, binary(document, "seal")):
        raise RingDamagedError(
            f"{path} was changed by something else than this software; restore it from a backup"
        )
    return OpenedRing(_book(document), is_checked=True)


def is_marked(folder: Path, default: bool) -> bool:  # noqa: FBT001  # what is said where there is no ring
    """Return whether the ring file says that it is a demonstration's, before its seal was checked; `default` without one."""
    try:
        return read_json(folder / RING_FILE).get("version") == DEMONSTRATION_VERSION
    except (OSError, KeysError):
        return default


def remember_checked(folder: Path, source: KeySource) -> None:
    """Keep the digest of a ring that the device vouched for, for a time when it is away."""
    if not source.can_be_away or _is_remembered(folder, _message(read_json(folder / RING_FILE))):
        return
    with locked(folder):
        if load_ring(folder, source).is_checked:
            _remember(folder, _message(read_json(folder / RING_FILE)))


def reseal_ring(folder: Path, source: KeySource) -> None:
    """Seal the ring with the secret of a new device: only the very ring that the lost one vouched for last.

    Raises: RingUncheckedError, FileNotFoundError, FolderModeError, RingDamagedError.
    """
    document = read_json(folder / RING_FILE)
    if not _is_remembered(folder, _message(document)):
        raise RingUncheckedError(f"{folder / RING_FILE} is not the ring that the device vouched for last")
    save_ring(folder, _book(document), source)


def _message(document: Document) -> bytes:
    """The bytes under the seal, in the form of the document's version.

    Raises: RingDamagedError.
    """
    version = document.get("version")
    members = _SEALED.get(version) if type(version) is int else None
    sealed = [document.get(name) for name in members or ()]
    if members is None or not all(isinstance(entries, list) for entries in sealed):
        raise RingDamagedError(f"{RING_FILE} is of a version this software does not know")
    return json.dumps([version, *sealed], sort_keys=True, separators=(",", ":")).encode("ascii")


def _book_1(document: Document) -> RingContents:
    infos = tuple(info_of(entry) for entry in _entries(document, "keys"))
    return RingContents(infos, beginning(infos))


def _book_2(document: Document) -> RingContents:
    return RingContents(
        tuple(info_of(entry) for entry in _entries(document, "keys")),
        tuple(act_of(entry) for entry in _entries(document, "acts")),
        is_demonstration=document["version"] == DEMONSTRATION_VERSION,
    )


_SEALED: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {1: ("keys",), RING_VERSION: ("keys", "acts"), DEMONSTRATION_VERSION: ("keys", "acts")}
)
_BOOKS: Mapping[int, Callable[[Document], RingContents]] = MappingProxyType(
    {1: _book_1, RING_VERSION: _book_2, DEMONSTRATION_VERSION: _book_2}
)


def _book(document: Document) -> RingContents:
    return _BOOKS[document["version"]](document)  # type: ignore[index]  # one that `_message` knows


def _entries(document: Document, name: str) -> list[dict[str, str]]:
    entries = document.get(name)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RingDamagedError(f"{RING_FILE} has no list of {name}")
    return entries


def _remember(folder: Path, message: bytes) -> None:
    digest = b64encode(sha256(message).digest()).decode("ascii")
    write_json(folder / CHECKED_FILE, {"version": RING_VERSION, "digest": digest})


def _is_remembered(folder: Path, message: bytes) -> bool:
    path = folder / CHECKED_FILE
    if not path.is_file():
        return False
    return hmac.compare_digest(binary(read_json(path), "digest"), sha256(message).digest())
