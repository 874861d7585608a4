"""The web workers of `hub serve`: one application, made before they are forked and opened in each of them."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask

from hub.config import Settings
from hub.server.spool import Spool
from hub.server.worker import serve
from hub.server.wsgi import ServedApplication
from hub.web.context import EXTENSION, Services
from hub.web.siblings import Siblings

__all__ = ["Siblings", "WebWorkers"]


@dataclass(frozen=True, slots=True)
class WebWorkers:
    """What they share. `create` opens the application for a hub's settings, in the worker that calls it."""

    create: Callable[[Settings], Flask]
    listener: socket.socket
    siblings: Siblings

    def answer(self, settings: Settings, *, name: str, port: int, listening: Callable[[], None]) -> None:
        """Answer requests until SIGTERM or SIGINT; `listening` is called when the first one can come."""
        app = self.create(settings)
        services: Services = app.extensions[EXTENSION]
        services.metrics.join(name, partial(self.siblings.ask_others, name), kept=self.siblings.kept[name])
        self.siblings.tell(name, services.metrics.told)
        behind_proxy = settings.proxies > 0
        spool = Spool(files=settings.spool_files, size=settings.spool_megabytes << 20, is_shared=behind_proxy)
        gateway = ServedApplication(app, host=settings.host, port=port, multiprocess=True, spool=spool)
        serve(gateway, self.listener, behind_proxy=behind_proxy, listening=listening)
