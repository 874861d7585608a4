"""A bundle as it is carried along: one file, or a folder with the shards of its table of plates beside it."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from signing.bundle.loading import BUNDLE_FILE, SHARDS_FOLDER

OWNER_ONLY = 0o600  # a district's records are for the officer who carries them
FOR_ALL = 0o644


def write_file(path: Path, content: bytes, *, mode: int = FOR_ALL) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode=mode, exist_ok=False)
    try:
        beside.write_bytes(content)
        beside.chmod(mode)  # the command's umask keeps from others what is for all
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_folder(
    folder: Path, document: Mapping[str, object], names: Iterable[str], shard: Callable[[str], bytes]
) -> int:
    """Write a bundle and its shards into a folder; how many shards had to be brought.

    What is there already and is right stays. The bundle is replaced when all its shards are there, and only then are
    those removed that no bundle names any more. Raises: OSError, and what `shard` raises.
    """
    shards, wanted = folder / SHARDS_FOLDER, list(names)
    shards.mkdir(parents=True, exist_ok=True)
    brought = 0
    for name in wanted:
        path = shards / name
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == name:
            continue
        write_file(path, shard(name))
        brought += 1
    write_file(
        folder / BUNDLE_FILE, json.dumps({name: document[name] for name in ("bundle", "root")}).encode()
    )
    for path in set(shards.iterdir()) - {shards / name for name in wanted}:
        path.unlink()
    return brought
