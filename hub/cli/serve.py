"""`hub serve`: granian with the background worker beside it; `hub worker` alone."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime

import click
from granian import Granian
from granian.constants import Interfaces

from hub.access import housekeeping
from hub.cli.context import HubContext
from hub.cli.welcome import welcome
from hub.codes import scans
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import SettingsError
from hub.licenses import summaries

WORKER_PAUSE_SECONDS = 60.0  # colours change at midnight; a minute late is soon enough
THREADS = 2  # per worker: a slow request leaves one free; 8 halve the verifications per second (measured: they fight for the interpreter)
STALE_CHUNK = 2_000  # enterprises brought up to date in one transaction


@click.command(epilog="Example: hub serve --host 0.0.0.0 --port 8000 --workers 2")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="HOST")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="PORT")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.pass_obj
def serve(hub: HubContext, *, host: str, port: int, workers: int) -> None:
    """Serve the hub over HTTP, with its background worker. 启动服务。"""
    hub.issuer()  # keys and database must be there before anything listens
    _require_free(host, port)
    if hub.settings.demo:
        click.echo(welcome(hub))
    hub.db.close()
    helper = subprocess.Popen([sys.executable, "-m", "hub.cli", "worker"])  # our own interpreter and module
    try:
        Granian(
            "wsgi:app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            websockets=False,
        ).serve()
    finally:
        helper.terminate()
        helper.wait(timeout=10)


def _require_free(host: str, port: int) -> None:
    """The server shares a port that is taken already, without a word; two hubs would answer in turns."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --host or --port. "
            "无法监听该地址或端口，请另选。"
        ) from error


@click.command(epilog="Example: hub worker --once")
@click.option("--once", is_flag=True, help="One round, then stop.")
@click.pass_obj
def worker(hub: HubContext, *, once: bool) -> None:
    """Keep kept figures right and forget what may not be kept longer. 后台任务。"""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while True:
        run_round(hub.db, hub.settings, now=hub.now)
        if once or stop.wait(WORKER_PAUSE_SECONDS):
            return


def run_round(db: Database, settings: Settings, *, now: Callable[[], datetime]) -> None:
    """One round: colours that changed since yesterday, expired public scans, sessions, challenges."""
    moment = now()
    while summaries.refresh_stale(db, on=settings.today(moment), limit=STALE_CHUNK):
        pass
    scans.forget_expired(db, now=moment)
    housekeeping.forget_expired(db, now=moment)
