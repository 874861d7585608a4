"""The plate of a place of business as a file to print, for those who manage it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from hub.api.operations import BINARY, answers, operation
from hub.codes import printing
from hub.codes.plates.maker import require_plates
from hub.codes.plates.queries import plate_at
from hub.codes.printing import PlateFace
from hub.codes.verification.visibility import PLATE
from hub.kernel.actor import Role
from hub.kernel.errors import NotFoundError
from hub.web.context import clearance, require_actor, services
from hub.web.guards import roles
from hub.web.limits import Rate

blueprint = Blueprint(
    "plates", __name__, url_prefix="/api/v1/premises", description="码牌 · Plates as files to print."
)


@dataclass(frozen=True, slots=True)
class Format:
    mimetype: str
    render: Callable[[PlateFace], bytes]


FORMATS: Mapping[str, Format] = {
    "png": Format("image/png", printing.png),
    "svg": Format("image/svg+xml", lambda face: printing.svg(face).encode()),
    "pdf": Format("application/pdf", printing.pdf),
}


@operation(
    blueprint,
    "GET",
    "/<uuid:premises_id>/plate.<extension>",
    operationId="plateFile",
    summary="码牌文件 · The plate as PNG, SVG or PDF",
    security=[{"session": []}],
    parameters=[
        {
            "in": "path",
            "name": "premises_id",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
        {
            "in": "path",
            "name": "extension",
            "required": True,
            "schema": {"type": "string", "enum": [*FORMATS]},
        },
    ],
    responses=answers(
        "The plate.",
        {each.mimetype: BINARY for each in FORMATS.values()},
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    ),
)
@roles(Role.OWNER, Role.MANAGER, Role.OFFICIAL, rate=Rate.EXPORT)
def plate_file(premises_id: UUID, extension: str) -> Response:
    chosen = FORMATS.get(extension)
    row = plate_at(premises_id, db=services().db)
    if chosen is None or row is None:
        raise NotFoundError
    require_plates(require_actor(), row.plate.uscc)
    settings = services().settings
    row = clearance().kept(row, PLATE)
    face = printing.plate_face(row, base_url=settings.base_url, demo=settings.demo)
    response = Response(chosen.render(face), mimetype=chosen.mimetype)
    name = f"plate-{row.plate.plate_id}.{extension}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
