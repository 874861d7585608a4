"""P2 and P3: the hub and Flask "hello" on the same server with the same workers, in turn."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from bench.city import City
from bench.measure import Figure
from hub.codes.models import Plate
from hub.trust.record.database import open_database

HELLO_PORT, HUB_PORT = 8124, 8123
CONNECTIONS = 16
ROUNDS, ROUND_SECONDS = 5, 3
CODES = 400  # plates that hang in a busy quarter; the first visit of each is among the requests
START_SECONDS = 20


def figures(city: City) -> Iterator[Figure]:
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is not installed: sudo apt-get install wrk")
    texts = codes(city)
    with (
        _server("bench.hello:app", HELLO_PORT, {}) as _hello,
        _server("wsgi:app", HUB_PORT, city.environ) as _hub,
    ):
        with tempfile.TemporaryDirectory() as folder:
            post = _verifications(Path(folder), texts)
            pages = _pages(Path(folder), texts)
            yield Figure("P2", "POST /api/v1/verifications / Flask hello", _ratio(post), "≥ 0.45")
            yield Figure("P3", "public page of a plate / Flask hello", _ratio(pages), "≥ 0.25")
        page = urllib.request.urlopen(f"http://127.0.0.1:{HUB_PORT}{path_of(texts[0])}").read()
        yield Figure("P3", "public page, HTML", len(page), "≤ 10240", unit="bytes")


def codes(city: City) -> list[str]:
    database = open_database(city.settings.database_url)
    with database.read() as session:
        texts = list(session.scalars(select(Plate.text).where(Plate.state == "已铺设").limit(CODES)))
    database.close()
    return texts


def path_of(text: str) -> str:
    return "/c/" + text.rsplit("/", 1)[1]


def _verifications(folder: Path, texts: list[str]) -> Path:
    bodies = ",\n".join(json.dumps(json.dumps({"code": text})) for text in texts)
    return _script(
        folder / "verify.lua",
        f"""
local bodies = {{ {bodies} }}
local i = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
  i = i % #bodies + 1
  return wrk.format("POST", "/api/v1/verifications", wrk.headers, bodies[i])
end
""",
    )


def _pages(folder: Path, texts: list[str]) -> Path:
    paths = ",\n".join(json.dumps(path_of(text)) for text in texts)
    return _script(
        folder / "pages.lua",
        f"""
local paths = {{ {paths} }}
local i = 0
function request()
  i = i % #paths + 1
  return wrk.format("GET", paths[i])
end
""",
    )


def _script(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _ratio(script: Path) -> float:
    ratios = []
    _load(HUB_PORT, script)
    for _ in range(ROUNDS):
        hello = _load(HELLO_PORT, None)
        hub = _load(HUB_PORT, script)
        ratios.append(hub / hello)
    return statistics.median(ratios)


def _load(port: int, script: Path | None) -> float:
    """Requests per second; anything but 2xx stops the benchmark."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_SECONDS}s"]
    command += ["-s", str(script)] if script else []
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"bench: refused requests\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None:
        raise SystemExit(f"bench: no figure in\n{said}")
    return float(found[1])


@contextmanager
def _server(target: str, port: int, environ: dict[str, str]) -> Iterator[None]:
    started = time.monotonic()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "hub.server",
            "--port",
            str(port),
            target,
        ],
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, started)
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait(port: int, started: float) -> None:
    while time.monotonic() - started < START_SECONDS:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"bench: nothing answers on port {port}")
