"""Figures for operation, in registries of our own.

What a worker process counts carries its `worker` label where several may serve: every answer holds the figures of all
of them, so that it does not matter who is asked. What the database says is asked once and has no such label.
"""

import threading
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.registry import Collector

from hub.web.kept_figures import KeptFigures, Told, added

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"  # a method that a caller made up: each name would be a series for ever


class Metrics:
    """Counters by rule, never by path: a path may hold a code."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._shared = CollectorRegistry()
        self._name: str | None = None
        self._others: Callable[[], Mapping[str, Told]] = dict
        self._before: Told = []
        self._kept: KeptFigures | None = None
        self._telling = threading.Lock()  # what is kept must not be older than what was told
        self._requests = Counter("hub_requests", "Requests", ["rule", "method", "status"], registry=self._own)
        self._seconds = Histogram(
            "hub_request_seconds", "Time to answer", ["rule"], buckets=BUCKETS, registry=self._own
        )
        self._verdicts = Counter("hub_verdicts", "Verdicts given", ["verdict", "kind"], registry=self._own)
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}  # to look them up by
        self._told: dict[tuple[str, str], Counter] = {}  # labels takes longer than to count
        self._waiting = Gauge(
            "hub_open_intents", "Intents recorded and not yet issued", ["kind"], registry=self._shared
        )
        self._oldest = Gauge(
            "hub_oldest_waiting_seconds",
            "Age of what waits longest for the worker",
            ["work"],
            registry=self._shared,
        )
        self._started = Gauge(
            "hub_started_timestamp_seconds", "When this process was ready", registry=self._own
        )
        self._shared.register(_AllWorkers(self._families))

    def join(self, name: str, others: Callable[[], Mapping[str, Told]], *, kept: KeptFigures) -> None:
        """From now on this is one worker of several; `others` gives what the others' `told` gives, by their names.

        `kept` has what a worker of this name told before it was killed: its counters go on from there.
        """
        self._name = name
        self._others = others
        self._before = kept.read()
        self._kept = kept

    def started(self, timestamp: float) -> None:
        self._started.set(timestamp)

    def watch_ring(self, is_checked: Callable[[], bool]) -> None:
        """Whether the key ring in use is the one on disk, vouched for by its device; asked at every scrape."""
        ring = Gauge(
            "hub_key_ring_checked",
            "1 while the key device vouches for the ring and no older one lies in its place",
            registry=self._own,
        )
        ring.set_function(lambda: float(is_checked()))

    def answered(self, *, rule: str, method: str, status: int, seconds: float) -> None:
        key = rule, method if method in METHODS else OTHER, status // 100
        series = self._series.get(key)
        if series is None:
            count = self._requests.labels(*key[:2], f"{key[2]}xx")
            series = self._series[key] = count, self._seconds.labels(rule)
        series[0].inc()
        series[1].observe(seconds)

    def verdict(self, verdict: str, kind: str) -> None:
        """Called by the ends and the API for every verdict they hand out."""
        series = self._told.get((verdict, kind))
        if series is None:
            series = self._told[verdict, kind] = self._verdicts.labels(verdict, kind)
        series.inc()

    def waiting(self, counts: Mapping[str, int]) -> None:
        """Count the open intents by kind, as the database has them now."""
        self._waiting.clear()
        for kind, count in counts.items():
            self._waiting.labels(kind).set(count)

    def oldest(self, seconds: Mapping[str, float]) -> None:
        """For how long the oldest of each kind of work waits for the worker; 0: nothing waits."""
        self._oldest.clear()
        for what, each in seconds.items():
            self._oldest.labels(what).set(each)

    def told(self) -> Told:
        """Return this worker's figures as JSON: name, description and kind of each family, and its samples."""
        with self._telling:
            told = added(self._counted(), self._before)
            if self._kept is not None:
                self._kept.keep(told)
            return told

    def _counted(self) -> Told:
        return [
            [
                family.name,
                family.documentation,
                family.type,
                [[sample.name, sample.labels, sample.value] for sample in family.samples],
            ]
            for family in self._own.collect()
        ]

    def text(self) -> bytes:
        """Return the figures in the Prometheus text format."""
        return generate_latest(self._shared)

    def _families(self) -> Iterator[Metric]:
        by_worker = {self._name: self.told()} | dict(self._others())
        families: dict[str, Metric] = {}
        for worker, told in sorted(by_worker.items(), key=lambda each: each[0] or ""):
            more = {} if worker is None else {"worker": worker}
            for name, documentation, kind, samples in told:
                family = families.setdefault(name, Metric(name, documentation, kind))
                for sample, labels, value in samples:
                    family.add_sample(sample, labels | more, value)
        yield from families.values()


class _AllWorkers(Collector):
    """Every worker's figures, asked for when they are read."""

    def __init__(self, families: Callable[[], Iterator[Metric]]) -> None:
        self._families = families

    def describe(self) -> Iterator[Metric]:
        """Nothing: the library would ask every worker to find the names."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        return self._families()
