"""Whether someone stands where a plate is registered: asked for by himself, by a button, and answered in a class.

The position comes by POST, is compared and dropped (`hub.supervision.clones`). Without JavaScript nothing is sent.
"""

from flask import render_template

from hub.codes.rules import Viewer
from hub.codes.verification.verdicts import Verdict
from hub.ends.public.blueprint import blueprint
from hub.kernel.errors import NotFoundError
from hub.supervision.clones.geography import Position
from hub.supervision.clones.service import Asker, SeenPlate, note_sighting
from hub.web import forms
from hub.web.askers import asker
from hub.web.current import now, services
from hub.web.guards import address, public
from hub.web.limits import Rate
from schemas.positions import PhonePosition


@blueprint.get("/c/<code>/place")
@public(rate=Rate.VERIFICATION)
def place_page(code: str) -> str:
    verdict, _ = _plate(code)
    return render_template("public/place.html", code=code, premises=verdict.premises, near=None)


@blueprint.post("/c/<code>/place")
@public
def place_check(code: str) -> str:
    """The answer is this page and no address: a link to it would say where somebody stood."""
    position = Position(**PhonePosition().load(forms.submitted()))
    verdict, plate = _plate(code)
    near = note_sighting(plate, position, asker=asker_here(), now=now(), db=services().db)
    return render_template("public/place.html", code=code, premises=verdict.premises, near=near)


def asker_here() -> Asker:
    """Who asks, for counting him once; nothing of it is stored but a keyed digest."""
    return Asker(f"address:{asker(address())}", services().settings.secret_key)


def _plate(code: str) -> tuple[Verdict, SeenPlate]:
    """Raises: NotFoundError for what is not the genuine plate of a place."""
    verdict = services().verification.verify(code, now=now(), by=Viewer.PUBLIC)
    if verdict.enterprise is None or verdict.plate_id is None or verdict.premises is None:
        raise NotFoundError
    return verdict, SeenPlate(verdict.enterprise.uscc, verdict.plate_id, verdict.premises.id)
