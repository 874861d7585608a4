"""After a fork the child ends what its parent began with a PKCS#11 library, alone, before anybody uses it."""

import os
import threading
from pathlib import Path

import pytest

from keys.pkcs11_device import Module

THREADS = 4
PATIENCE = 20.0  # a bound for a child that never ends, not a measure
LATE = 0.2  # seconds in which a second thread comes by, were it let in


class Watched(Module):
    """A module whose restart takes long, and which says who was there meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            Path("/nonexistent/module.so")
        )  # never started: the order of the calls is what is tested
        self.is_ending = False
        self.met: list[int] = []
        self.somebody = threading.Event()

    def restart(self) -> None:
        self.is_ending = True
        self.somebody.wait(LATE)
        super().restart()
        self.is_ending = False


def answer_of_child(module: Watched) -> list[int]:
    """How often the child ended the library, how many threads used it, and how many of them while it was ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            used = use(module)
            os.write(writing, bytes([module.generation, used, len(module.met)]))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = list(pipe.read())
    os.waitpid(child, 0)
    return told


def use(module: Watched) -> int:
    start, used = threading.Barrier(THREADS), []

    def work() -> None:
        start.wait(PATIENCE)
        with module.held():
            if module.is_ending:
                module.met.append(1)
                module.somebody.set()
            used.append(1)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return len(used)


@pytest.mark.parametrize("is_held", [False, True], ids=["free", "held by another thread of the parent"])
def test_a_child_ends_the_library_once_and_lets_nobody_in_meanwhile(*, is_held: bool) -> None:
    module = Watched()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with module.held():
            held.set()
            done.wait(PATIENCE)

    other = threading.Thread(target=hold)
    if is_held:
        other.start()
        held.wait(PATIENCE)
    told = answer_of_child(module)
    done.set()
    if is_held:
        other.join()

    assert told == [1, THREADS, 0]
    assert module.generation == 0
