"""What a request may cost before its caller is known: a table beside the guards, checked at the start like them."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

SMALL_BYTES = 64 * 1024  # whatever the route; the longest code of ours is 300 characters, a report 2 000
FORM_BYTES = 512 * 1024  # forms of people who are logged in
MAX_PAIRS = 500  # fields of a form; the longest of ours, an inspection, has some sixty
PUBLIC_PAIRS = 100  # fields of a form that anyone may send; the longest, a report, has ten
PICTURE_BYTES = 9 * 1024 * 1024  # a photograph of 8 MB and the form around it
MAX_BODY_BYTES = 16 * 1024 * 1024  # no route may ask for more


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes and fields of a body, and whether an answer may take long (it then waits in a lane of its own)."""

    body: int = SMALL_BYTES
    pairs: int = MAX_PAIRS
    is_heavy: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.body <= MAX_BODY_BYTES or not 0 < self.pairs <= MAX_PAIRS:
            raise ValueError(f"no route may cost this: {self}")


class Budgets(Protocol):
    """Where the budget of a route stands."""

    def __call__(self, endpoint: str, method: str) -> Budget: ...


class RouteCosts:
    """The budgets by address, for a server that reads a body before the application sees the request."""

    def __init__(self, app: Flask, budget_of: Budgets) -> None:
        self._addresses: MapAdapter = app.url_map.bind("localhost")
        self._budget_of = budget_of
        self._heavy_starts = tuple(
            {
                rule.rule.partition("<")[0]
                for rule in app.url_map.iter_rules()
                for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
                if budget_of(rule.endpoint, method).is_heavy
            }
        )

    def body_limit(self, method: str, path: str) -> int:
        """Return how many bytes of body this request may have."""
        return self._budget(method, path).body

    def is_heavy(self, method: str, path: str) -> bool:
        """Return whether it may take long. Most cannot by how their address begins: a match costs a tenth of a scan."""
        plain = unquote(path) if "%" in path else path
        if plain.startswith("//"):  # as routes are matched
            plain = f"/{plain.lstrip('/')}"
        if not plain.startswith(self._heavy_starts):
            return False
        return self._budget(method, path).is_heavy

    def _budget(self, method: str, path: str) -> Budget:
        try:
            endpoint, _ = self._addresses.match(unquote(path), method)
        except HTTPException:  # no such address or method: it will be refused
            return Budget()
        return self._budget_of(endpoint, method)
