"""Folders of a restored hub: merged with what must not be forgotten, and exchanged for what was there."""

import shutil
from pathlib import Path

from hub.trust.witnesses.record import CHECKPOINT, WITNESSES, WitnessRecord

_PRIVATE_FOLDER = 0o700


def clear(folder: Path) -> None:
    """Remove what an earlier run left there."""
    if folder.exists():
        shutil.rmtree(folder)


def merge_witnesses(fresh: Path, *, kept: Path) -> None:
    """What the witnesses have seen according to this machine comes before what they had seen when the backup was made.

    A record that cannot be read stays as it is: the hub is then read-only, and says so.
    """
    names = (WITNESSES, CHECKPOINT)
    if not any((kept / name).exists() for name in names):
        return
    known = WitnessRecord(fresh.parent).witnesses()
    checkpoint = _text(fresh / CHECKPOINT)
    fresh.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
    for name in names:
        (fresh / name).unlink(missing_ok=True)
        if (kept / name).exists():
            shutil.copy2(kept / name, fresh / name)
    record = WitnessRecord(fresh.parent)
    here = {each.url: each for each in record.witnesses()}
    for witness in known:
        if witness.url not in here or here[witness.url].size < witness.size:
            record.put(witness)
    if checkpoint:
        record.keep_checkpoint(checkpoint)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def swap(fresh: Path, place: Path, *, aside: Path) -> None:
    """Put a folder in a place; what was there is moved aside, or, on another file system, beside it."""
    place.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    if place.exists():
        aside.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        shutil.move(place, aside)
    shutil.move(fresh, place)
