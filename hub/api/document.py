"""The API as a whole: its parts, the OpenAPI document, and a page for people made from that document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask_smorest import Api

from hub.api import (
    bundles,
    credential_types,
    credentials,
    enterprises,
    license_metadata,
    log,
    looks,
    plate_issue,
    plates,
    statuses,
    trust,
    verifications,
    wallets,
)
from hub.api.body import json_answer
from hub.web.guards import cacheable, public

OPENAPI_VERSION = "3.1.0"
API_VERSION = "1"
DOCUMENT_SECONDS = 300  # it changes only when the hub is installed anew

PARTS = (
    bundles,
    verifications,
    enterprises,
    license_metadata,
    looks,
    plates,
    plate_issue,
    trust,
    statuses,
    credentials,
    wallets,
    credential_types,
    log,
)
METHODS = ("get", "post", "put", "patch", "delete")

pages = Blueprint("api", __name__, template_folder="templates")


class HubApi(Api):  # type: ignore[misc]  # the library has no types
    """Documents the routes; errors and the serving of the document are the hub's own."""

    def _register_error_handlers(self) -> None:
        """`hub.web.problems` answers every error in one way."""

    def _register_doc_blueprint(self) -> None:
        """`openapi` below is guarded like every route."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it."""

    method: str
    path: str
    id: str
    summary: str
    description: str
    body: str | None
    responses: tuple[tuple[str, str], ...]
    needs_login: bool


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    description: str
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of the wire as the page shows it."""

    name: str
    members: tuple[Member, ...]


def install(app: Flask) -> None:
    """Register every part of the API, its document and its page."""
    app.config.update(
        API_TITLE="一照集成 Enterprise license hub", API_VERSION=API_VERSION, OPENAPI_VERSION=OPENAPI_VERSION
    )
    api = HubApi(app)
    api.spec.components.security_scheme(
        "session",
        {"type": "apiKey", "in": "cookie", "name": "hub_session", "description": "A logged-in browser."},
    )
    for part in PARTS:
        api.register_blueprint(part.blueprint)
    app.extensions["hub.openapi"] = _only_ours(api.spec.to_dict())
    app.register_blueprint(pages)


@pages.get("/openapi.json")
@cacheable(DOCUMENT_SECONDS)
@public
def openapi() -> Response:
    response = json_answer(_document())
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class


@pages.get("/docs")
@public
def docs() -> str:
    document = _document()
    return render_template(
        "api/docs.html",
        operations=tuple(operations(document)),
        shapes=tuple(shapes(document)),
        version=document["info"]["version"],
    )


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Return every operation of an OpenAPI document, in its order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(method, path, item[method])


def _operation(method: str, path: str, said: Mapping[str, Any]) -> Operation:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        method=method.upper(),
        path=path,
        id=said["operationId"],
        summary=said["summary"],
        description=said.get("description", ""),
        body=body["$ref"].rpartition("/")[2] if "$ref" in body else None,
        responses=tuple((code, each["description"]) for code, each in said["responses"].items()),
        needs_login="security" in said,
    )


def shapes(document: Mapping[str, Any]) -> Iterator[Shape]:
    """Return every shape that an OpenAPI document names, in its order."""
    for name, said in document["components"]["schemas"].items():
        mandatory = said.get("required", ())
        members = (
            Member(member, details.get("description", ""), member in mandatory)
            for member, details in said.get("properties", {}).items()
        )
        yield Shape(name, tuple(members))


def _only_ours(document: dict[str, Any]) -> dict[str, Any]:
    """Without the library's own error answers, which the hub never gives."""
    for item in document["paths"].values():
        for method in METHODS:
            item.get(method, {}).get("responses", {}).pop("default", None)
    document["components"].pop("responses", None)
    for name in ("Error", "PaginationMetadata"):
        document["components"]["schemas"].pop(name, None)
    return document


def _document() -> Mapping[str, Any]:
    found: Mapping[str, Any] = current_app.extensions["hub.openapi"]
    return found
