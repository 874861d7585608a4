"""`hub serve` and its worker: started again when it is killed, and gone with the server."""

import os
import signal
import subprocess
import sys

from tests.functional.test_operator_commands import _answer, _free_port, fresh, hub
from tests.support.processes import children_of, is_there, until

__all__ = ["fresh"]


def workers_of(server: int, kind: str = "hub-worker") -> list[int]:
    """The children that work in the background, or of another kind."""
    return [pid for pid, name in children_of(server).items() if name == kind]


def serving(environ: dict[str, str], port: int) -> "subprocess.Popen[str]":
    hub("init", environ=environ, code=0)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve", "--port", str(port)],
        env=clean | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def test_ctrl_c_that_reaches_every_process_ends_the_server_also_where_one_of_them_hangs(
    fresh: dict[str, str],
) -> None:
    port = _free_port()
    server = serving(fresh, port)
    try:
        _answer(f"http://127.0.0.1:{port}/")
        (helper,) = workers_of(server.pid)
        (hanging,) = workers_of(server.pid, "hub-web-1")  # the one that checked the start may still be there
        os.kill(hanging, signal.SIGSTOP)
        os.killpg(server.pid, signal.SIGINT)
        said, _ = server.communicate(timeout=60)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)

    assert not is_there(helper)
    assert not is_there(hanging)
    assert "Traceback" not in said


def test_a_killed_worker_is_started_again_and_ends_with_the_server(
    fresh: dict[str, str],
) -> None:  # a fixture
    port = _free_port()
    server = serving(fresh, port)
    try:
        _answer(f"http://127.0.0.1:{port}/")
        (first,) = workers_of(server.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: not is_there(first) and len(workers_of(server.pid)) == 1)
        (second,) = workers_of(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=60)

    assert "hub-worker ended (-9) and is started again" in said
    assert not is_there(second)
