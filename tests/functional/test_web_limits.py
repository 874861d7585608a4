"""Rate classes where several machines share the count, and where the count is away."""

import logging
import socket
from dataclasses import replace

import pytest

from hub.config import Settings
from hub.kernel.errors import SettingsError
from hub.web.limits import PER_MINUTE, Limiter, Rate, TooManyRequestsError
from hub.web.links import local_path
from tests.support.applications import create_app, stop


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def use_up(limiter: Limiter, rate: Rate, who: str) -> int:
    """How many requests pass before the first refusal."""
    for passed in range(PER_MINUTE[rate] * 4):
        try:
            limiter.count(rate, who)
        except TooManyRequestsError:
            return passed
    raise AssertionError("never refused")


@pytest.mark.parametrize("rate", [Rate.LOGIN, Rate.FORM, Rate.EXPORT])
def test_each_class_has_its_own_count_per_person(rate: Rate) -> None:
    limiter = Limiter()

    assert use_up(limiter, rate, "one") == PER_MINUTE[rate]
    assert use_up(limiter, rate, "other") == PER_MINUTE[rate]
    limiter.count(Rate.PAGE, "one")


def test_no_rate_means_no_count() -> None:
    limiter = Limiter()
    for _ in range(5_000):
        limiter.count(Rate.NONE, "static files")


def test_every_class_but_none_has_a_number() -> None:
    assert set(Rate) - set(PER_MINUTE) == {Rate.NONE}


def test_without_the_shared_counter_each_process_counts_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    limiter = Limiter(redis_url=f"redis://127.0.0.1:{closed_port()}")

    with caplog.at_level(logging.WARNING, logger="hub.limits"):
        assert use_up(limiter, Rate.LOGIN, "one") == PER_MINUTE[Rate.LOGIN]

    assert [record.name for record in caplog.records].count("hub.limits") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("HUB_RATE_FACTOR", "0"), ("HUB_RATE_FACTOR", "x"), ("HUB_RATE_FACTOR", "٣"), ("HUB_PROXIES", "-1")],
)
def test_a_wrong_count_stops_the_start_and_is_named(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**environ, name: value})


def test_the_counts_are_read(environ: dict[str, str]) -> None:
    settings = Settings.from_env({**environ, "HUB_RATE_FACTOR": "50", "HUB_PROXIES": "1"})

    assert (settings.rate_factor, settings.proxies) == (50, 1)


@pytest.mark.parametrize("target", ["/", "/enterprise/?tab=1#x", "/c/P1.AB"])
def test_a_path_of_our_own_is_followed(target: str) -> None:
    assert local_path(target, default="/") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "enterprise",
        "//evil",
        "///evil",
        "////evil",
        "/////evil/c/",
        "/\\evil",
        "/a\\b",
        "/a\nb",
        "https://evil",
        "/" + "x" * 500,
    ],
)
def test_anything_else_is_not(target: str | None) -> None:
    assert local_path(target, default="/home") == "/home"


@pytest.mark.parametrize("given", ['"a', '"', '"a, "b', '"a"', 'x, "y, z', "203.0.113.1, ,", '\\", "'])
@pytest.mark.parametrize("count", [1, 2])
def test_no_quotation_mark_of_an_asker_hides_the_address_that_the_proxies_saw(
    settings: Settings, given: str, count: int
) -> None:
    app = create_app(replace(settings, proxies=count))
    proxies = "203.0.113.9" + ", 10.0.0.1" * (count - 1)

    told = app.test_client().get(
        "/whoami", base_url=settings.base_url, headers={"X-Forwarded-For": f"{given}, {proxies}"}
    )

    stop(app)
    assert told.get_json()["address"] == "203.0.113.9"
