"""Parsers that behave as hostile files make them behave."""

import ctypes
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from hub.kernel.sandbox import ParserRefusalError

Found = Iterator[Any]


def lines(file: BinaryIO, arguments: Mapping[str, Any]) -> Found:
    for line in file:
        yield arguments.get("before", "") + line.decode().rstrip("\n")


def refusing(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    yield "one"
    raise ParserRefusalError("TOO_ODD", "row 2")


def failing(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    yield 1
    raise KeyError("a library met what it never expected")


def computing(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    while True:
        sum(range(10_000))
    yield


def sleeping(_file: BinaryIO, arguments: Mapping[str, Any]) -> Found:
    yield os.getpid()
    time.sleep(arguments.get("seconds", 600))


def hoarding(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    yield len(b"x" * 4_000_000_000)


def talking(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    while True:
        yield "x" * 10_000


def dying(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    yield ctypes.string_at(0)


def ignoring(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    """A library that catches signals and goes on."""
    for number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    while True:
        sum(range(10_000))
    yield


def curious(_file: BinaryIO, arguments: Mapping[str, Any]) -> Found:
    """What a parser can reach: its environment, open files, the disk, the network."""
    yield sorted(os.environ)
    yield [each for each in range(3, 1024) if _is_open(each)]
    yield _said(lambda: Path(arguments["folder"], "written").write_bytes(b"x" * 100))
    yield _said(lambda: socket.create_connection(("127.0.0.1", arguments["port"]), timeout=5))


def numbered(_file: BinaryIO, _arguments: Mapping[str, Any]) -> Found:
    yield os.getpid()


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _said(act: Any) -> str:
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"
