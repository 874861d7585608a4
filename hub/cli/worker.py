"""`hub worker`: the duties of the background, in a process of their own."""

import signal
import threading

import click

from hub.cli.context import HubContext
from hub.cli.duties import Worker, run_all, run_until


@click.command(epilog="Example: hub worker --once")
@click.option("--once", is_flag=True, help="Every duty once, then stop.")
@click.pass_obj
def worker(hub: HubContext, *, once: bool) -> None:
    """Keep kept figures right and forget what may not be kept longer. 后台任务。"""
    if once:
        run_all(_worker(hub), now=hub.now)
        return
    run(hub)


def run(hub: HubContext) -> None:
    """Every duty when it is due, until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_until(stop, _worker(hub), now=hub.now)


def _worker(hub: HubContext) -> Worker:
    return Worker(hub.db, hub.settings, hub.following_issuer(), hub.tables, hub.sandbox)
