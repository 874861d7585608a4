"""How an operation is described: requests and answers by their shapes, problems always the same way."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from schemas.problem import ProblemSchema

Shape = type[Schema]
View = TypeVar("View", bound=Callable[..., object])

_PROBLEM = {"application/problem+json": {"schema": ProblemSchema}}
_ALWAYS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def operation(blueprint: Blueprint, method: str, path: str, **said: object) -> Callable[[View], View]:
    """Register a view and its description; the guard stands directly under this."""

    def register(view: View) -> View:
        described = blueprint.doc(**said)(view)
        blueprint.route(path, methods=[method])(described)
        return view

    return register


def takes_json(shape: Shape) -> dict[str, object]:
    return {"required": True, "content": {"application/json": {"schema": shape}}}


def answers(
    description: str,
    content: Mapping[str, object],
    *problems: HTTPStatus,
    success: HTTPStatus = HTTPStatus.OK,
) -> dict[str, dict[str, object]]:
    """Return the responses of an operation: `success` with `content`, and the problems it may answer with."""
    told: dict[str, dict[str, object]] = {
        str(int(success)): {"description": description, "content": dict(content)}
    }
    for status in (*problems, *_ALWAYS):
        told[str(int(status))] = {"description": status.phrase, "content": _PROBLEM}
    return told


def as_json(shape: Shape) -> dict[str, object]:
    return {"application/json": {"schema": shape}}


IDEMPOTENCY_KEY: Mapping[str, object] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": r"^[\x21-\x7e]+$"},
    "description": (
        "Sent again with the same key and body within 24 hours, the first answer is given again "
        "(`Idempotency-Replayed: true`); with another body 422; while the first is worked on 409 with `Retry-After`."
    ),
}
FORM_TOKEN: Mapping[str, object] = {
    "in": "header",
    "name": "X-CSRF-Token",
    "required": False,
    "schema": {"type": "string"},
    "description": "With a session cookie: the token that our own pages carry in `meta[name=csrf]`.",
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
