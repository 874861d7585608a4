"""`make bench`: one table of ratios, also written as JSON under `bench/results/`."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bench import (
    bundles,
    credentials,
    hostile,
    http,
    issuing,
    loading,
    log,
    offline,
    overload,
    printing,
    signers,
    space,
    starting,
    status,
)
from bench.city import city
from bench.measure import Figure

RESULTS = Path("bench/results/latest.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--enterprises", type=int, default=20_000)
    enterprises: int = parser.parse_args().enterprises
    rows = []
    for figure in _figures(enterprises):
        rows.append(figure)
        print(
            f"{figure.name:4} {figure.what:52} {figure.value:12.2f} {figure.unit:8} {figure.target:12} {figure.note}",
            flush=True,
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False), encoding="utf-8"
    )


def _figures(enterprises: int) -> Iterator[Figure]:
    yield from offline.figures()
    yield from signers.figures()
    yield from credentials.figures()
    made = city(enterprises)
    yield from space.figures(made)
    yield from starting.figures(made)
    yield from http.figures(made)
    yield from overload.figures(made)
    yield from hostile.figures(made)
    yield from loading.figures()
    yield from log.figures()
    yield from status.figures(made)
    yield from printing.figures()
    yield from bundles.figures()
    yield from issuing.figures()


if __name__ == "__main__":
    main()
