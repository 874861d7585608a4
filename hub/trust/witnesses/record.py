"""What witnesses have cosigned, kept in files beside the database and never in it: a restored database forgets.

`HUB_HOME/log/witnesses.json` lists the witnesses with their keys and the largest tree each has cosigned;
`HUB_HOME/log/cosigned-checkpoint` is the newest of our checkpoints that anyone has cosigned, as a signed note.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hub.trust.witnesses.errors import RecordDamagedError
from keys.durable_files import locked
from signing import SigningError
from signing.log import Checkpoint, NoteKey
from signing.log.note import parse_note

FOLDER, WITNESSES, CHECKPOINT = "log", "witnesses.json", "cosigned-checkpoint"
MODE, FOLDER_MODE = 0o600, 0o700
MAX_FILE_BYTES = 256 * 1024  # a thousand witnesses


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: its address and pinned key, and the largest tree of ours that it says it has cosigned.

    `root` is None while only the size is known. `trouble` is the reason code of what it last refused, or "".
    """

    url: str
    vkey: str
    size: int = 0
    root: bytes | None = None
    at: datetime | None = None
    trouble: str = ""

    @property
    def key(self) -> NoteKey:
        return NoteKey.read(self.vkey)


class WitnessRecord:
    """The two files. Written whole or not at all; every change is on the disk when the call returns.

    One at a time: the worker and a command line change them at the same moment.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    @property
    def folder(self) -> Path:
        return self._folder

    def exists(self) -> bool:
        return any((self._folder / name).exists() for name in (WITNESSES, CHECKPOINT))

    def witnesses(self) -> tuple[Witness, ...]:
        """Return the witnesses on record. Raises: RecordDamagedError."""
        text = self._read(WITNESSES)
        if text is None:
            return ()
        try:
            return tuple(_witness(each) for each in json.loads(text)["witnesses"])
        except (ValueError, KeyError, TypeError, SigningError) as error:
            raise RecordDamagedError(str(self._folder / WITNESSES)) from error

    def checkpoint(self) -> Checkpoint | None:
        """Return the newest cosigned checkpoint. Raises: RecordDamagedError."""
        text = self._read(CHECKPOINT)
        if text is None:
            return None
        try:
            return Checkpoint.read(parse_note(text).text)
        except SigningError as error:
            raise RecordDamagedError(str(self._folder / CHECKPOINT)) from error

    def put(self, witness: Witness, *, only_known: bool = False) -> None:
        """Add a witness or replace the one at its address; with `only_known` none is added.

        Raises: RecordDamagedError.
        """
        with self._alone():
            known = self.witnesses()
            others = [each for each in known if each.url != witness.url]
            if not only_known or len(others) < len(known):
                self._write_witnesses((*others, witness))

    def remove(self, url: str) -> bool:
        """Remove the witness at an address; return whether there was one. Raises: RecordDamagedError."""
        with self._alone():
            known = self.witnesses()
            self._write_witnesses(tuple(each for each in known if each.url != url))
            return any(each.url == url for each in known)

    def keep_checkpoint(self, note: str) -> None:
        """Keep a cosigned checkpoint when it is the largest so far. Raises: RecordDamagedError."""
        with self._alone():
            kept = self.checkpoint()
            if kept is None or Checkpoint.read(parse_note(note).text).size >= kept.size:
                self._write(CHECKPOINT, note)

    def forget(self) -> tuple[Path, ...]:
        """Set the files aside (`.before-loss`); what the witnesses remember is their own affair."""
        moved = []
        for name in (WITNESSES, CHECKPOINT):
            path = self._folder / name
            if path.exists():
                moved.append(path.replace(path.with_name(f"{name}.before-loss")))
        return tuple(moved)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with locked(self._folder):
            yield

    def _write_witnesses(self, witnesses: tuple[Witness, ...]) -> None:
        document = {"witnesses": [_written(each) for each in sorted(witnesses, key=lambda each: each.url)]}
        self._write(WITNESSES, json.dumps(document, indent=1, ensure_ascii=False) + "\n")

    def _read(self, name: str) -> str | None:
        try:
            with (self._folder / name).open("rb") as file:
                # One byte more than allowed: it tells a file that is too long from one that just fits.
                raw = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            return None
        try:
            return raw.decode() if len(raw) <= MAX_FILE_BYTES else ""
        except UnicodeDecodeError as error:
            raise RecordDamagedError(str(self._folder / name)) from error

    def _write(self, name: str, text: str) -> None:
        target = self._folder / name
        fresh = target.with_name(f".{name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        # The new name is an entry of the folder: without this a power cut could bring the old file back.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _witness(written: Mapping[str, object]) -> Witness:
    size, root, at = written["size"], written["root"], written["at"]
    # `isinstance` would take true for 1.
    if type(size) is not int or size < 0:
        raise ValueError("size")
    found = Witness(str(written["url"]), str(written["vkey"]), size, trouble=str(written["trouble"]))
    NoteKey.read(found.vkey)
    return replace(
        found,
        root=None if root is None else b64decode(str(root), validate=True),
        at=None if at is None else datetime.fromisoformat(str(at)),
    )


def _written(witness: Witness) -> dict[str, object]:
    return {
        "url": witness.url,
        "vkey": witness.vkey,
        "size": witness.size,
        "root": None if witness.root is None else b64encode(witness.root).decode("ascii"),
        "at": None if witness.at is None else witness.at.isoformat(),
        "trouble": witness.trouble,
    }
