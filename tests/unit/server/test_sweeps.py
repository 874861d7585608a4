"""Deadlines are looked at while anybody is connected, and again when somebody comes after a time without."""

import asyncio

import pytest

from hub.server import bounds
from hub.server.connection import Connection
from hub.server.worker import SWEEP_SECONDS, Server
from hub.server.wsgi import ServedApplication


async def outstays(port: int) -> bytes:
    """What a caller who says nothing gets until its connection is ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await asyncio.wait_for(reader.read(), 30)  # a bound for a server that forgot it
    finally:
        writer.close()


async def two_callers() -> list[int]:
    server = Server(
        ServedApplication(lambda _environ, _start: [], host="localhost", port=80, multiprocess=False)
    )
    listening = await asyncio.get_running_loop().create_server(lambda: Connection(server), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    left = []
    for _ in range(2):
        await outstays(port)
        await asyncio.sleep(2 * SWEEP_SECONDS)  # it has seen by then that nobody is left
        left.append(len(server.table))
    listening.close()
    await server.stop()
    return left


def test_who_says_nothing_is_ended_also_after_a_time_with_nobody_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "HEAD_SECONDS", 0.0)  # ten seconds would be waited for twice

    assert asyncio.run(two_callers()) == [0, 0]
