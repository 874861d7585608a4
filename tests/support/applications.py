"""Applications for tests: routes and templates are made ready once in each process, everything else for each application.

That takes a third of a second, which a hub spends once at its start and a suite of a thousand applications spent as
often. Nothing is replaced: `hub.app.create_app` takes routes made before, and Jinja keeps what it compiled.
"""

import copy
from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from hub import app as made_by_hub
from hub.access.matrix import MATRIX, Matrix
from hub.app import Application, routes
from hub.config import Settings
from hub.web.context import EXTENSION

FLAT = frozenset({"blueprints", "config", "extensions", "view_functions"})  # nothing changes what is in them


class Compiled(BytecodeCache):
    """What templates compiled to, by name and text, as long as the process lives."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def create_app(
    settings: Settings, *, matrix: Matrix = MATRIX, more: Callable[[Flask], None] | None = None
) -> Flask:
    """As `hub.app.create_app`, from routes that are made once; `more` adds the routes of a test to them, also once."""
    return made_by_hub.create_app(settings, matrix=matrix, app=_copied(_routes(more)))


def stop(app: Flask) -> None:
    """End what an application has begun: the thread that writes scans, and connections to a database that will go."""
    services = app.extensions[EXTENSION]
    services.verification.close()
    services.db.close()
    services.db.engine.clear_compiled_cache()  # the process keeps the engine to its end


@cache
def _routes(more: Callable[[Flask], None] | None) -> Application:
    app = routes()
    app.jinja_env.bytecode_cache = COMPILED
    if more is not None:
        more(app)
    return app


def _copied(app: Application) -> Application:
    """An application with the same routes, whose hooks, handlers, settings and extensions are its own."""
    made = copy.copy(app)
    for name, value in vars(app).items():
        if isinstance(value, dict | list):
            setattr(made, name, copy.copy(value) if name in FLAT else _own(value))
    made.jinja_env = _environment(app, made)
    made.add_url_rule = _refuse  # the map of addresses is that of all
    return made


def _refuse(*_: object, **__: object) -> None:
    raise RuntimeError("these routes are shared by many tests: add to them with `more`")


def _own(value: Any) -> Any:
    """Containers anew, however deep, with what is in them as it is."""
    if isinstance(value, dict):
        made = copy.copy(value)  # a dictionary with defaults keeps how it makes them
        made.update({key: _own(each) for key, each in value.items()})
        return made
    return [_own(each) for each in value] if isinstance(value, list) else value


def _environment(app: Application, made: Application) -> Environment:
    environment = app.jinja_env.overlay()
    environment.app = made
    for name in ("globals", "filters", "tests", "policies"):
        setattr(environment, name, dict(getattr(environment, name)))
    bound: dict[str, Callable[..., Any] | dict[str, Any]] = {"url_for": made.url_for, "config": made.config}
    environment.globals |= bound
    return environment
