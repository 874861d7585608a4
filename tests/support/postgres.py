"""A real PostgreSQL server of the suite's own: on a Unix socket in a temporary folder, as another user when root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.disk import quick_folder


def server_binaries() -> Path:
    """The folder of the newest installed PostgreSQL server. Fails the tests that need it when there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not folders:
        raise RuntimeError("PostgreSQL is not installed: sudo apt-get install postgresql")
    return folders[-1].parent


@contextmanager
def postgres_server(*, fsync: str = "off") -> Iterator[str]:
    """Yield the folder of the socket of a fresh server; it is stopped and removed at the end."""
    binaries = server_binaries()
    place = quick_folder() if fsync == "off" else Path("/tmp")  # noqa: S108  # a path short enough for a socket
    folder = Path(tempfile.mkdtemp(prefix="hubpg", dir=place))
    prefix = _as_other_user(folder)
    data = folder / "data"
    subprocess.run(
        [
            *prefix,
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "hub",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = subprocess.Popen(
        [
            *prefix,
            binaries / "postgres",
            "-D",
            data,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            f"fsync={fsync}",
            "-c",
            "max_connections=200",
            "-c",
            "log_min_messages=panic",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(binaries, folder, prefix)
        yield str(folder)
    finally:
        subprocess.run(
            [*prefix, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
        )
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def stop_server(socket: str) -> None:
    """End the server of a socket at once, as a crash or an upgrade does."""
    folder = Path(socket)
    command = [*_as_other_user(folder), server_binaries() / "pg_ctl", "-D", folder / "data"]
    subprocess.run([*command, "-m", "immediate", "-w", "stop"], check=True, stdout=subprocess.DEVNULL)


def start_server(socket: str) -> None:
    """Start it again where it was; the block of `postgres_server` stops it."""
    folder = Path(socket)
    options = (
        f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=200 -c log_min_messages=panic"
    )
    command = [*_as_other_user(folder), server_binaries() / "pg_ctl", "-D", folder / "data", "-o", options]
    subprocess.run(
        [*command, "-l", folder / "data" / "again.log", "-w", "start"], check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def fresh_database(socket: str, name: str, *, template: str = "template1") -> Iterator[str]:
    """Yield the URL of a database made from `template`, dropped at the end."""
    with psycopg.connect(f"host={socket} user=hub dbname=postgres", autocommit=True) as admin:
        quickly = "STRATEGY FILE_COPY" if admin.info.server_version >= 150_000 else ""  # 14 knows no other
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {quickly}')
    try:
        yield f"postgresql+psycopg://hub@/{name}?host={socket}"
    finally:
        with psycopg.connect(f"host={socket} user=hub dbname=postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _as_other_user(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _wait_until_ready(binaries: Path, folder: Path, prefix: list[str]) -> None:
    subprocess.run(
        [
            *prefix,
            "sh",
            "-c",
            f"for i in $(seq 150); do {binaries}/pg_isready -q -h {folder} && exit 0; sleep 0.2; done; exit 1",
        ],
        check=True,
    )
