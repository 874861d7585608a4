"""Figures for operation, in a registry of our own.

Each worker process counts for itself: with several workers a scrape reads one of them, so scrape often and
sum over time, or run one worker per address.
"""

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Counters by rule, never by path: a path may hold a code."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "hub_requests", "Requests", ["rule", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "hub_request_seconds", "Time to answer", ["rule"], buckets=BUCKETS, registry=self._registry
        )
        self._verdicts = Counter(
            "hub_verdicts", "Verdicts given", ["verdict", "kind"], registry=self._registry
        )
        self._waiting = Gauge(
            "hub_open_intents", "Intents recorded and not yet issued", ["kind"], registry=self._registry
        )
        self._oldest = Gauge(
            "hub_oldest_waiting_seconds",
            "Age of what waits longest for the worker",
            ["work"],
            registry=self._registry,
        )
        self._started = Gauge(
            "hub_started_timestamp_seconds", "When this process was ready", registry=self._registry
        )

    def started(self, timestamp: float) -> None:
        self._started.set(timestamp)

    def watch_ring(self, is_checked: Callable[[], bool]) -> None:
        """Whether the key ring in use is the one on disk, vouched for by its device; asked at every scrape."""
        ring = Gauge(
            "hub_key_ring_checked",
            "1 while the key device vouches for the ring and no older one lies in its place",
            registry=self._registry,
        )
        ring.set_function(lambda: float(is_checked()))

    def answered(self, *, rule: str, method: str, status: int, seconds: float) -> None:
        self._requests.labels(rule, method, f"{status // 100}xx").inc()
        self._seconds.labels(rule).observe(seconds)

    def verdict(self, verdict: str, kind: str) -> None:
        """Called by the ends and the API for every verdict they hand out."""
        self._verdicts.labels(verdict, kind).inc()

    def waiting(self, counts: Mapping[str, int]) -> None:
        """The open intents by kind, as the database has them now."""
        self._waiting.clear()
        for kind, count in counts.items():
            self._waiting.labels(kind).set(count)

    def oldest(self, seconds: Mapping[str, float]) -> None:
        """For how long the oldest of each kind of work waits for the worker; 0: nothing waits."""
        self._oldest.clear()
        for what, each in seconds.items():
            self._oldest.labels(what).set(each)

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._registry)
