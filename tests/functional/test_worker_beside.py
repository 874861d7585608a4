"""`hub serve` and its worker: started again when it is killed, and gone with the server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.functional.test_operator_commands import _answer, _free_port, fresh, hub
from tests.unit.cli.test_beside import is_there, until

__all__ = ["fresh"]


def workers_of(server: int) -> list[int]:
    """The children of a process that run `hub worker`."""
    found = []
    for task in Path(f"/proc/{server}/task").glob("*/children"):
        for pid in task.read_text().split():
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and command.read_bytes().split(b"\0")[-2:-1] == [b"worker"]:
                found.append(int(pid))
    return found


def test_a_killed_worker_is_started_again_and_ends_with_the_server(
    fresh: dict[str, str],
) -> None:  # a fixture
    port = _free_port()
    hub("init", environ=fresh, code=0)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(port)],
        env=clean | fresh,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _answer(f"http://127.0.0.1:{port}/")
        (first,) = workers_of(server.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: not is_there(first) and len(workers_of(server.pid)) == 1)
        (second,) = workers_of(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=60)

    assert "worker ended (-9) and is started again" in said
    assert not is_there(second)
