"""`hub serve`: the web workers and the background worker, each a process.

What a start takes is spread over two processors: one process opens keys and database and looks whether all is in order,
while this one loads the application, which the processes forked from it share; the background waits until the first
request can come.
"""

import resource
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.addresses import reachable
from hub.cli.context import HubContext
from hub.cli.module_loading import loading
from hub.kernel.errors import SettingsError
from hub.server import bounds
from hub.server.processes import Preparation, Processes, ProcessKind, ProcessSignal
from hub.trust.witnesses.rounds import ask_all
from keys import SharedStretching

if TYPE_CHECKING:
    from hub.cli.web_workers import WebWorkers

# Loaded by name while the start is checked: the first stands above this module, and together they are most of a start.
APPLICATION, WEB, DUTIES, WELCOME = "hub.app", "hub.cli.web_workers", "hub.cli.worker", "hub.cli.welcome"
DUTIES_SECONDS = 30.0  # duties begin by then, also where no web worker can start
FILES = bounds.MAX_CONNECTIONS + 1024  # descriptors: besides connections, files and database connections
LOG_FILE = "requests.jsonl"  # in HUB_HOME, unless --log names another


@dataclass(frozen=True, slots=True)
class ServeAddress:
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
    place = ServeAddress(host, port, log)
    hub.handed_on = SharedStretching()  # before the first fork
    checked = Preparation(
        partial(_prepare, hub, place)
    )  # this process itself opens neither keys nor database
    with loading():
        application, web, duties = (import_module(name) for name in (APPLICATION, WEB, DUTIES))
        create = partial(application.create_app, app=application.routes(), handed_on=hub.handed_on)
    refused = checked.wait()
    if refused:
        sys.exit(refused)
    _allow_files()
    shared = web.WebWorkers(create, listener, web.Siblings(workers))
    listening = ProcessSignal()
    kinds = [
        ProcessKind(f"hub-web-{number}", partial(_answer, hub, place, shared, str(number), listening))
        for number in range(1, workers + 1)
    ]
    duty = ProcessKind(
        "hub-worker", partial(_work, hub, place, listening, partial(duties.run, hub), listener)
    )
    Processes([*kinds, duty]).run()
    hub.handed_on.forget()  # here in the parent alone: a forked process ends in `run`, and the others go on


def _prepare(hub: HubContext, place: ServeAddress, is_right: Callable[[], None]) -> None:
    """Keys and database must be there before anything listens; a start that is refused changes no address."""
    hub.require_apart()
    hub.issuer()
    _require_writable(place.lines(hub))
    place.announce(hub)
    _ask_witnesses(hub)
    is_right()
    words = import_module(WELCOME)
    if hub.settings.demo and hub.db.read_only is None:  # links are written
        click.echo(words.welcome(hub))
    click.echo(words.started(hub.settings))


def _answer(
    hub: HubContext, place: ServeAddress, shared: "WebWorkers", name: str, listening: ProcessSignal
) -> None:
    """One web worker, until it is told to stop."""
    place.announce(hub)
    shared.answer(hub.settings, name=name, port=place.port, listening=listening.set)


def _work(
    hub: HubContext,
    place: ServeAddress,
    listening: ProcessSignal,
    run: Callable[[], None],
    listener: socket.socket,
) -> None:
    """The background worker, until it is told to stop."""
    listener.close()
    place.announce(hub)
    listening.wait(DUTIES_SECONDS)
    run()


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
