"""`hub serve`: granian with the background worker beside it; `hub worker` alone."""

import signal
import socket
import sys
import threading
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces

from hub.cli.addresses import reachable
from hub.cli.beside import Beside
from hub.cli.context import HubContext
from hub.cli.duties import Worker, run_all, run_until
from hub.cli.welcome import started, welcome
from hub.kernel.errors import SettingsError
from hub.trust.witnesses.rounds import ask_all

THREADS = 2  # per worker: a slow request leaves one free; 8 halve the verifications per second (measured: they fight for the interpreter)
LOG_FILE = "requests.jsonl"  # in HUB_HOME, unless --log names another
STOP_SECONDS = 10  # what a request under way may take to finish; whatever it stored is committed or gone


@click.command(epilog="Example: hub serve --host 0.0.0.0 --port 8000 --workers 2")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="HOST")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="PORT")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--log",
    envvar="HUB_LOG",
    metavar="FILE",
    help=f"Where request lines go, - for standard error; usually {LOG_FILE} in HUB_HOME. 请求日志文件。",
)
@click.pass_obj
def serve(hub: HubContext, *, host: str, port: int, workers: int, log: str | None) -> None:
    """Serve the hub over HTTP, with its background worker. 启动服务。"""
    hub.require_apart()
    hub.issuer()  # keys and database must be there before anything listens
    _require_free(host, port)
    lines = log or str(hub.settings.home / LOG_FILE)
    _require_writable(lines)
    hub.announce(
        port, host=reachable(host), log=lines
    )  # a start that is refused leaves the address of the hub that runs
    _ask_witnesses(hub)
    if hub.settings.demo and hub.db.read_only is None:  # links are written
        click.echo(welcome(hub))
    click.echo(started(hub.settings))
    hub.db.close()
    helper = Beside([sys.executable, "-m", "hub.cli", "worker"])  # our own interpreter and module
    helper.start()
    try:
        Granian(
            "wsgi:app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,  # a worker that does not end would be waited for without end
            websockets=False,
            log_enabled=False,  # its start and stop lines; the welcome says where, and requests have their own log
        ).serve()
    finally:
        helper.stop()


def _ask_witnesses(hub: HubContext) -> None:
    """A database that is behind what a witness remembers is found before anybody can write to it."""
    for told in ask_all(hub.db, keys=hub.issuer().key_set, home=hub.settings.home, now=hub.now()):
        if told.problem is not None:
            said = told.problem.message
            click.echo(f"hub: the log's witness {told.witness.url}: {said.en} {said.zh}", err=True)
    if hub.db.read_only is not None:
        click.echo(f"hub: READ-ONLY: {hub.db.read_only.en} {hub.db.read_only.zh}", err=True)


def _require_writable(log: str) -> None:
    """Raises: SettingsError when request lines cannot be written there."""
    if log == "-":
        return
    try:
        with Path(log).open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise SettingsError(
            f"cannot write request lines to {log}: {error.strerror}; choose another with --log. "
            "无法写入请求日志，请用 --log 另选文件。"
        ) from error


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
@click.option("--once", is_flag=True, help="Every duty once, then stop.")
@click.pass_obj
def worker(hub: HubContext, *, once: bool) -> None:
    """Keep kept figures right and forget what may not be kept longer. 后台任务。"""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    helper = Worker(hub.db, hub.settings, hub.following_issuer())
    if once:
        run_all(helper, now=hub.now)
        return
    run_until(stop, helper, now=hub.now)
