"""Counters that outlive the process that counted them."""

from hub.web.kept_figures import SLOT_BYTES, KeptFigures, added
from hub.web.metrics import Metrics


def lines(metrics: Metrics, beginning: str) -> list[str]:
    told = metrics.text().decode().splitlines()
    return [line for line in told if line.startswith(beginning)]


def test_a_worker_of_the_same_name_counts_on_from_what_was_told_last() -> None:
    kept, rings = KeptFigures(), []
    for time in range(1, 4):
        metrics = Metrics()
        metrics.join("1", dict, kept=kept)
        metrics.started(float(time))
        metrics.answered(rule="/x", method="GET", status=200, seconds=0.01)
        metrics.verdict("valid", "plate")
        assert lines(metrics, "hub_requests_total") == [
            f'hub_requests_total{{method="GET",rule="/x",status="2xx",worker="1"}} {time}.0'
        ]
        assert lines(metrics, 'hub_request_seconds_bucket{le="+Inf"')[0].endswith(f" {time}.0")
        assert lines(metrics, "hub_verdicts_total")[0].endswith(f" {time}.0")
        assert lines(metrics, "hub_started_timestamp_seconds{")[0].endswith(
            f" {time}.0"
        )  # a gauge is its own
        metrics.text()
        rings.append(len(metrics.text()))
    assert rings[0] == rings[-1]


def test_what_is_killed_while_it_keeps_leaves_what_was_kept_before() -> None:
    kept = KeptFigures()
    family = ["hub_x", "X", "counter", [["hub_x_total", {}, 1.0]]]
    kept.keep([family, ["hub_g", "G", "gauge", [["hub_g", {}, 1.0]]]])
    assert kept.read() == [family]

    kept.keep([["hub_x", "X" * SLOT_BYTES, "counter", []]])  # more than fits

    assert kept.read() == [family]
    assert KeptFigures().read() == []


def test_series_of_before_and_of_now_are_joined_and_the_earlier_moment_stays() -> None:
    before = [
        ["hub_x", "X", "counter", [["hub_x_total", {"a": "1"}, 2.0], ["hub_x_created", {"a": "1"}, 5.0]]]
    ]
    now = [["hub_x", "X", "counter", [["hub_x_total", {"a": "1"}, 1.0], ["hub_x_created", {"a": "1"}, 9.0]]]]

    assert added(now, before)[0][3] == [["hub_x_total", {"a": "1"}, 3.0], ["hub_x_created", {"a": "1"}, 5.0]]
    assert added([], before) == before
