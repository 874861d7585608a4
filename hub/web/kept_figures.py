"""What each worker process last told of its counters, in memory that all share: they go on when one is killed."""

import json
import mmap
import threading
from typing import Any

Told = list[Any]  # JSON: name, description and kind of each family, and its samples
COUNTED = frozenset({"counter", "histogram"})
SLOT_BYTES = 2 * 1024 * 1024  # some 1 000 series are 200 KB; pages that are not written cost nothing
_LENGTH_BYTES = 4


class KeptFigures:
    """Made before the workers are forked. One writer, its worker; a killed one leaves the slot before as it was."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1 + 2 * SLOT_BYTES)
        self._lock = threading.Lock()

    def keep(self, told: Told) -> None:
        """Keep the counters among the figures; more than fit are not kept."""
        content = json.dumps([family for family in told if family[2] in COUNTED]).encode()
        if len(content) > SLOT_BYTES - _LENGTH_BYTES:
            return
        with self._lock:
            slot = 1 - self._memory[0]
            start = 1 + slot * SLOT_BYTES
            self._memory[start : start + _LENGTH_BYTES] = len(content).to_bytes(_LENGTH_BYTES)
            begin = start + _LENGTH_BYTES
            self._memory[begin : begin + len(content)] = content
            self._memory[0] = slot

    def read(self) -> Told:
        """Return what was kept last; nothing when there is none or it is being written over."""
        start = 1 + self._memory[0] * SLOT_BYTES
        begin = start + _LENGTH_BYTES
        length = int.from_bytes(self._memory[start:begin])
        try:
            told: Told = json.loads(self._memory[begin : begin + length] or b"[]")
        except ValueError:
            return []
        return told


def added(told: Told, before: Told) -> Told:
    """Return the figures with what an earlier process of the same name had counted; of `_created` the earlier moment."""
    families = {family[0]: family for family in told}
    for name, documentation, kind, samples in before:
        family = families.setdefault(name, [name, documentation, kind, []])
        own = {_series(sample): sample for sample in family[3]}
        for sample in samples:
            same = own.get(_series(sample))
            if same is None:
                family[3].append(list(sample))
            elif sample[0].endswith("_created"):
                same[2] = min(same[2], sample[2])
            else:
                same[2] += sample[2]
    return list(families.values())


def _series(sample: list[Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return sample[0], tuple(sorted(sample[1].items()))
