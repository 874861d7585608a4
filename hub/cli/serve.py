"""`hub serve`: the web workers and the background worker, each a process; `hub worker` alone."""

import resource
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from hub.cli.addresses import reachable
from hub.cli.context import HubContext
from hub.cli.duties import Worker, run_all, run_until
from hub.cli.welcome import started, welcome
from hub.kernel.errors import SettingsError
from hub.server import bounds
from hub.server.processes import Kind, Processes, run_once
from hub.server.spool import Spool
from hub.server.worker import serve as serve_requests
from hub.server.wsgi import Gateway
from hub.trust.witnesses.rounds import ask_all
from hub.web.current import EXTENSION, Services
from hub.web.siblings import Siblings

APPLICATION = (
    "hub.app"  # loaded before the processes are made, so that they share it; it stands above this module
)
FILES = bounds.MAX_CONNECTIONS + 1024  # descriptors: besides connections, files and database connections
LOG_FILE = "requests.jsonl"  # in HUB_HOME, unless --log names another


@dataclass(frozen=True, slots=True)
class Place:
    """Where the hub is served, and where request lines go."""

    host: str
    port: int
    log: str | None

    def announce(self, hub: HubContext) -> None:
        """Tell this process, and later commands, of it."""
        hub.announce(self.port, host=reachable(self.host), log=self.lines(hub))

    def lines(self, hub: HubContext) -> str:
        return self.log or str(hub.settings.home / LOG_FILE)


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
    listener = _bound(host, port)
    place = Place(host, port, log)
    refused = run_once(  # this process itself opens neither keys nor database
        partial(_prepare, hub, place), meanwhile=partial(import_module, APPLICATION)
    )
    if refused:
        sys.exit(refused)
    _allow_files()
    siblings = Siblings(workers)
    web = [
        Kind(f"hub-web-{number}", partial(_answer, hub, place, listener, siblings, str(number)))
        for number in range(1, workers + 1)
    ]
    Processes([*web, Kind("hub-worker", partial(_work, hub, place, listener))]).run()


def _prepare(hub: HubContext, place: Place) -> None:
    """Keys and database must be there before anything listens; a start that is refused changes no address."""
    hub.require_apart()
    hub.issuer()
    _require_writable(place.lines(hub))
    place.announce(hub)
    _ask_witnesses(hub)
    if hub.settings.demo and hub.db.read_only is None:  # links are written
        click.echo(welcome(hub))
    click.echo(started(hub.settings))


def _answer(hub: HubContext, place: Place, listener: socket.socket, siblings: Siblings, name: str) -> None:
    """One web worker, until it is told to stop."""
    place.announce(hub)
    app = import_module("wsgi").app
    services: Services = app.extensions[EXTENSION]
    services.metrics.join(name, partial(siblings.ask_others, name))
    siblings.tell(name, services.metrics.told)
    settings = services.settings
    behind_proxy = settings.proxies > 0
    spool = Spool(files=settings.spool_files, size=settings.spool_megabytes << 20, is_shared=behind_proxy)
    gateway = Gateway(app, host=settings.host, port=place.port, multiprocess=True, spool=spool)
    serve_requests(gateway, listener, behind_proxy=behind_proxy)


def _work(hub: HubContext, place: Place, listener: socket.socket) -> None:
    """The background worker, until it is told to stop."""
    listener.close()
    place.announce(hub)
    _run_duties(hub)


def _allow_files() -> None:
    """As many open files as the connections may need, where the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


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


def _bound(host: str, port: int) -> socket.socket:
    """A socket at the address; whoever answers first listens, so that nobody waits for a start that fails.

    Raises: SettingsError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --host or --port. "
            "无法监听该地址或端口，请另选。"
        ) from error
    return listener


@click.command(epilog="Example: hub worker --once")
@click.option("--once", is_flag=True, help="Every duty once, then stop.")
@click.pass_obj
def worker(hub: HubContext, *, once: bool) -> None:
    """Keep kept figures right and forget what may not be kept longer. 后台任务。"""
    if once:
        run_all(Worker(hub.db, hub.settings, hub.following_issuer(), hub.sandbox), now=hub.now)
        return
    _run_duties(hub)


def _run_duties(hub: HubContext) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_until(stop, Worker(hub.db, hub.settings, hub.following_issuer(), hub.sandbox), now=hub.now)
