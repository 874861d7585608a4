"""`python -m bench.hostile ENTERPRISES COUNT`: memory of a hub with one worker before and after 10⁵ requests of which no two are alike."""

import sys
from collections.abc import Iterator

import psutil

from bench.city import City, city
from bench.http import HUB_PORT
from bench.measure import Figure
from bench.overload import served
from tests.support.hostile import KINDS, send

COUNT = 100_000
WARMING = 5_000  # what fills once, fills before: templates, drivers, caches with a bound


def figures(city: City, *, count: int = COUNT) -> Iterator[Figure]:
    with served(city, 1) as process:
        host = f"127.0.0.1:{HUB_PORT}"
        (web,) = (each for each in process.children() if each.name().startswith("hub-web"))
        send(HUB_PORT, host, first=0, count=WARMING)
        before = memory_of(web)
        send(HUB_PORT, host, first=WARMING, count=count)
        after = memory_of(web)
    note = (
        f"{before / 2**20:.1f} MiB before, {after / 2**20:.1f} after {count} requests of {len(KINDS)} kinds"
    )
    yield Figure(
        "P13", "a worker's memory after hostile requests / before", after / before, "≤ 1.05", note=note
    )


def memory_of(process: psutil.Process) -> int:
    """Return the bytes that are the process's own (USS)."""
    return int(process.memory_full_info().uss)


def main() -> None:
    for figure in figures(city(int(sys.argv[1])), count=int(sys.argv[2])):
        print(f"{figure.value:.3f} {figure.note}")


if __name__ == "__main__":
    main()
