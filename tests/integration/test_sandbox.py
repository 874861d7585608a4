"""Parsers in processes of their own: what they find arrives, what they must not do ends them and nothing else."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from hub.kernel.sandbox import (
    Limits,
    Parser,
    ParserAwayError,
    ParserBusyError,
    ParserCrashedError,
    ParserRefusalError,
    Sandbox,
    TooCostlyError,
)
from tests.support import parsers

LIMITS = Limits(cpu_seconds=1, wall_seconds=20.0)
HASTY = Limits(cpu_seconds=20, wall_seconds=0.5)
MEMORY_KEPT = 10 * 1024 * 1024


OTHERS: set[int] = set()  # children of this process that other fixtures started


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    OTHERS.clear()
    OTHERS.update(each.pid for each in psutil.Process().children())
    made = Sandbox(patience=30.0)
    yield made
    made.close()


def test_what_a_parser_finds_arrives_whole_and_in_order(sandbox: Sandbox) -> None:
    text = "".join(f"row {number} 柯城区\n" for number in range(5_000))

    found = sandbox.run(parsers.lines, text.encode(), limits=LIMITS, arguments={"before": "> "})

    assert found == [f"> {line}" for line in text.splitlines()]


def test_an_open_file_is_read_from_its_beginning(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_text("one\ntwo\n")
    with path.open("rb") as file:
        file.read(3)

        assert sandbox.run(parsers.lines, file, limits=LIMITS) == ["one", "two"]


def test_a_parser_refuses_in_its_own_words(sandbox: Sandbox) -> None:
    with pytest.raises(ParserRefusalError) as raised:
        sandbox.run(parsers.refusing, b"", limits=LIMITS)

    assert (raised.value.code, raised.value.detail) == ("TOO_ODD", "row 2")


@pytest.mark.parametrize("parser", [parsers.failing, parsers.dying])
def test_an_unforeseen_end_is_a_damaged_file(sandbox: Sandbox, parser: Parser) -> None:
    with pytest.raises(ParserCrashedError):
        sandbox.run(parser, b"", limits=LIMITS)


@pytest.mark.parametrize("parser", [parsers.computing, parsers.ignoring, parsers.hoarding, parsers.talking])
def test_whoever_takes_too_much_is_ended(sandbox: Sandbox, parser: Parser) -> None:
    with pytest.raises(TooCostlyError):
        sandbox.run(parser, b"", limits=LIMITS)


def test_whoever_takes_too_long_is_ended_even_without_computing(sandbox: Sandbox) -> None:
    stream = sandbox.stream(parsers.sleeping, b"", limits=HASTY)
    pid = next(stream)
    with pytest.raises(TooCostlyError):
        next(stream)

    assert ends(pid)


def servers() -> list[psutil.Process]:
    """The parsers' servers among this process's children."""
    return [each for each in psutil.Process().children() if each.pid not in OTHERS]


def test_every_file_meets_a_process_of_its_own_forked_from_one(sandbox: Sandbox) -> None:
    pids = [sandbox.run(parsers.numbered, b"", limits=LIMITS)[0] for _ in range(5)]

    assert len({*pids, os.getpid()}) == 6
    assert len(servers()) == 1


def test_leaving_early_ends_the_parser(sandbox: Sandbox) -> None:
    stream = sandbox.stream(parsers.sleeping, b"", limits=LIMITS)
    pid = next(stream)
    stream.close()

    assert ends(pid)


def test_closing_ends_whatever_still_runs(sandbox: Sandbox) -> None:
    stream = sandbox.stream(parsers.sleeping, b"", limits=LIMITS)
    pid = next(stream)
    sandbox.close()

    assert ends(pid)
    with pytest.raises(ParserAwayError):
        next(stream)


def test_a_parser_has_no_secrets_no_disk_and_no_network(sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        reach = {"folder": str(tmp_path), "port": listener.getsockname()[1]}
        environment, descriptors, written, reached = sandbox.run(
            parsers.curious, b"", limits=LIMITS, arguments=reach
        )

    assert not [name for name in environment if name.startswith("HUB_")]
    assert len(descriptors) == 2  # the file, and where the answer goes
    assert written == "OSError"
    assert reached == ("OSError" if networks_can_be_left() else "done")


def test_no_more_than_allowed_run_at_once_and_others_are_told() -> None:
    small = Sandbox(at_once=1, patience=0.1)
    stream = small.stream(parsers.sleeping, b"", limits=LIMITS)
    next(stream)
    with pytest.raises(ParserBusyError):
        small.run(parsers.numbered, b"", limits=LIMITS)
    stream.close()

    assert small.run(parsers.numbered, b"", limits=LIMITS)
    small.close()


def test_many_threads_share_one_sandbox(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda number: sandbox.run(parsers.lines, f"{number}".encode(), limits=LIMITS), range(40)
        )

    assert list(found) == [[str(number)] for number in range(40)]


def test_an_ended_server_is_started_again(sandbox: Sandbox) -> None:
    sandbox.run(parsers.numbered, b"", limits=LIMITS)
    (server,) = servers()
    os.kill(server.pid, signal.SIGKILL)
    server.wait()

    assert sandbox.run(parsers.numbered, b"", limits=LIMITS)


def test_nothing_is_left_of_a_hundred_hostile_files(sandbox: Sandbox) -> None:
    sandbox.run(parsers.numbered, b"", limits=LIMITS)
    ours = psutil.Process()
    (server,) = servers()
    assert all(ends(each.pid) for each in server.children())
    before = (ours.num_fds(), server.num_fds(), server.memory_info().rss)
    for _ in range(100):
        with pytest.raises(ParserCrashedError):
            sandbox.run(parsers.failing, b"", limits=LIMITS)

    assert all(ends(each.pid) for each in server.children())
    until = (
        time.monotonic() + 10
    )  # an ended process is told of, and its pipe closed, a moment after it is gone
    while server.num_fds() != before[1] and time.monotonic() < until:
        time.sleep(0.02)
    assert (ours.num_fds(), server.num_fds()) == before[:2]
    assert server.memory_info().rss - before[2] < MEMORY_KEPT


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid)


def ends(pid: int) -> bool:
    until = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_running(pid)


def networks_can_be_left() -> bool:
    """Whether this kernel lets an ordinary user make a network namespace."""
    leave = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000 | 0x40000000) & 1)"
    return subprocess.run([sys.executable, "-c", leave], check=False).returncode == 0


def test_without_a_descriptor_left_whoever_asks_is_told_and_nothing_is_held(sandbox: Sandbox) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Path(os.devnull).open("rb") as next_one:
        free = next_one.fileno()
    for left in range(6):  # the file, two pipes, the socket to the server: each of them finds none once
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + left, hard))
        try:
            with pytest.raises(ParserAwayError):
                sandbox.run(parsers.numbered, b"", limits=LIMITS)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with Path(os.devnull).open("rb") as next_one:
            assert next_one.fileno() == free

    assert sandbox.run(parsers.numbered, b"", limits=LIMITS)
