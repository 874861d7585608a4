"""Figures of several worker processes: no counter goes down from one scrape to the next, a killed worker's neither."""

import time
from collections.abc import Iterator

import psutil
import pytest

from tests.support.crowds import silent
from tests.support.servers import Server, running_hub

WORKERS = 3
BACK_SECONDS = 60.0  # a killed worker is there again in some three seconds; the machine may be very busy
COUNTING = ("_total", "_bucket", "_count", "_sum")
Series = dict[str, float]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("figures") / "var"
    with running_hub(home, enterprises=20, host="127.0.0.1", workers=WORKERS) as served:
        yield served


def ask(hub: Server, path: str) -> str:
    request = f"GET {path} HTTP/1.1\r\nHost: {hub.settings.host}\r\nConnection: close\r\n\r\n".encode()
    with silent(hub.port, 1, request) as (one,):
        text = b""
        while part := one.recv(65536):
            text += part
    return text.decode()


def scraped(hub: Server) -> Series:
    lines = [line.rpartition(" ") for line in ask(hub, "/metrics").splitlines() if line.startswith("hub_")]
    return {name: float(value) for name, _, value in lines}


def counted(series: Series) -> Series:
    return {name: value for name, value in series.items() if name.partition("{")[0].endswith(COUNTING)}


def started(series: Series) -> set[float]:
    return {value for name, value in series.items() if name.startswith("hub_started_timestamp_seconds{")}


def fallen(before: Series, after: Series) -> dict[str, tuple[float, float | None]]:
    return {
        name: (value, after.get(name))
        for name, value in counted(before).items()
        if after.get(name, -1.0) < value
    }


def web_processes(hub: Server) -> list[psutil.Process]:
    return [each for each in psutil.Process(hub.pid).children() if each.name().startswith("hub-web")]


def check_histogram(series: Series) -> None:
    """Buckets of one rule and worker never shrink with their bound, and the last one is the count."""
    for name, count in series.items():
        if name.startswith("hub_request_seconds_count{"):
            labels = name.partition("{")[2].rstrip("}").split(",")
            buckets = [
                value
                for other, value in series.items()
                if other.startswith("hub_request_seconds_bucket{") and all(each in other for each in labels)
            ]
            assert buckets == sorted(buckets)
            assert buckets[-1] == count


def test_no_counter_goes_down_while_many_are_asked(hub: Server) -> None:
    before = scraped(hub)
    for _ in range(15):
        ask(hub, "/healthz")
        after = scraped(hub)
        assert fallen(before, after) == {}
        before = after
    check_histogram(before)
    assert len(started(before)) == WORKERS


def test_no_counter_goes_down_when_a_worker_is_killed(hub: Server) -> None:
    for _ in range(10):
        ask(hub, "/healthz")
    before = scraped(hub)
    earlier = started(before)
    web_processes(hub)[0].kill()

    deadline = time.monotonic() + BACK_SECONDS
    while True:
        after = scraped(hub)
        assert fallen(before, after) == {}
        before = after
        if len(started(after)) == WORKERS and started(after) != earlier:
            break
        assert time.monotonic() < deadline
    for _ in range(5):
        ask(hub, "/healthz")
        after = scraped(hub)
        assert fallen(before, after) == {}
        before = after
    check_histogram(before)
