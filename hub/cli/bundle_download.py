"""A bundle and its shards from a hub over HTTP, as anybody gets them."""

import http.client
import json
import time
from contextlib import closing
from hashlib import sha256
from http import HTTPStatus
from types import TracebackType
from typing import Self

import click

from hub.cli.http_client import HubAddress, place_of
from signing.bundle.errors import BundleFormError, BundleShardError
from signing.bundle.loading import MAX_FILE_BYTES
from signing.bundle.plates import MAX_SHARD_BYTES

BUNDLE = "/api/v1/bundle"
SHARDS = BUNDLE + "/shards/"
WAIT_SECONDS = 10.0  # when the hub says that it is asked too often and not for how long
MAX_WAIT_SECONDS = 60.0
ATTEMPTS = 20  # a minute's allowance is some thousand shards


class HubAnswerError(click.ClickException):
    """The hub at the address gave something else."""


class Fetcher:
    """Asks one hub over one connection; use it as a context."""

    def __init__(self, address: str) -> None:
        """Raises: HubAnswerError for what is no address of http or https."""
        place = place_of(address)
        if place is None:
            raise HubAnswerError(f"{address}: not an address of http or https. 不是网址。")
        self._place: HubAddress = place
        self._connection = place.connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def bundle(self) -> dict[str, object]:
        """Return the document, not believed yet. Raises: HubAnswerError, BundleFormError, OSError."""
        try:
            document = json.loads(self._get(BUNDLE, limit=MAX_FILE_BYTES))
        except ValueError as error:
            raise BundleFormError from error
        if not isinstance(document, dict):
            raise BundleFormError
        return document

    def shard(self, name: str) -> bytes:
        """Return a shard, which is held to its name. Raises: HubAnswerError, BundleShardError, OSError."""
        content = self._get(SHARDS + name, limit=MAX_SHARD_BYTES)
        if sha256(content).hexdigest() != name:
            raise BundleShardError
        return content

    def _get(self, path: str, *, limit: int) -> bytes:
        for _ in range(ATTEMPTS):
            status, wait, content = self._ask(path, limit)
            if status == HTTPStatus.OK and len(content) <= limit:
                return content
            if status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
                break
            time.sleep(wait)
        raise HubAnswerError(f"{path}: the hub answered {status}. 系统未能给出离线包。")

    def _ask(self, path: str, limit: int) -> tuple[int, float, bytes]:
        """Status, seconds to wait before the next attempt, and at most `limit` bytes and one more."""
        try:
            self._connection.request("GET", path, headers={"Accept-Encoding": "identity"})
            answer = self._connection.getresponse()
            with closing(answer):
                content = answer.read(limit + 1)
                is_over = answer.isclosed()
        except http.client.HTTPException as error:
            raise HubAnswerError(f"{path}: {type(error).__name__}. 网络应答有误。") from error
        if not is_over:
            self._connection.close()  # what is left of a long answer is nobody's next answer
        told = answer.headers.get("Retry-After", "")
        seconds = float(told) if told.isdecimal() else WAIT_SECONDS
        return answer.status, min(seconds, MAX_WAIT_SECONDS), content
