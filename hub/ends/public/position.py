"""Whether someone stands where a plate is registered: asked for by himself, by a button, and answered in a class.

The position comes by POST, is compared and dropped (`hub.supervision.clones`). Without JavaScript nothing is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template

from hub.codes.rules import Viewer
from hub.codes.verification.verdicts import CodeVerdict
from hub.ends.public.blueprint import blueprint
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour
from hub.supervision.clones.geography import Nearness, Position
from hub.supervision.clones.service import Asker, SeenPlate, note_sighting
from hub.web import forms
from hub.web.askers import asker
from hub.web.context import now, services
from hub.web.guards import address, public
from hub.web.limits import Rate
from schemas.positions import PhonePositionSchema


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor is told about where he stands: a fact with its colour, and what to do about it."""

    colour: Colour
    fact: Message
    advice: Message | None = None


ANSWERS: Mapping[Nearness, Answer] = {
    Nearness.HERE: Answer(
        Colour.BLUE, Message("您所在位置与码牌登记的场所一致。", "You stand where this plate is registered.")
    ),
    Nearness.AWAY: Answer(
        Colour.YELLOW,
        Message("您的手机不在码牌登记的场所。", "Your phone is not where this plate is registered."),
        Message(
            "如果您正站在码牌前，它可能是仿制的。请核对地址，如不符请举报。",
            "If you stand before the plate, it may be a copy. Compare the address, and report what does not match.",
        ),
    ),
    Nearness.UNKNOWN: Answer(
        Colour.GREY,
        Message(
            "该场所未登记坐标，请核对地址。",
            "The position of this place is not on record. Compare the address.",
        ),
    ),
    Nearness.VAGUE: Answer(
        Colour.GREY,
        Message(
            "手机定位不够准确，请核对地址。",
            "Your phone does not know precisely enough where it is. Compare the address.",
        ),
    ),
}


@blueprint.get("/c/<code>/place")
@public(rate=Rate.VERIFICATION)
def place_page(code: str) -> str:
    verdict, _ = _plate(code)
    return render_template("public/place.html", code=code, premises=verdict.premises, answer=None)


@blueprint.post("/c/<code>/place")
@public
def place_check(code: str) -> str:
    """Compare the phone's position with the plate's.

    The answer is this page and no address: a link to it would say where somebody stood.
    """
    position = Position(**PhonePositionSchema().load(forms.submitted()))
    verdict, plate = _plate(code)
    near = note_sighting(plate, position, asker=asker_here(), now=now(), db=services().db)
    return render_template("public/place.html", code=code, premises=verdict.premises, answer=ANSWERS[near])


def asker_here() -> Asker:
    """Return who asks, for counting him once; nothing of it is stored but a keyed digest."""
    return Asker(f"address:{asker(address())}", services().settings.secret_key)


def _plate(code: str) -> tuple[CodeVerdict, SeenPlate]:
    """Raises: NotFoundError for what is not the genuine plate of a place."""
    verdict = services().verification.verify(code, now=now(), by=Viewer.PUBLIC)
    if verdict.enterprise is None or verdict.plate_id is None or verdict.premises is None:
        raise NotFoundError
    return verdict, SeenPlate(verdict.enterprise.uscc, verdict.plate_id, verdict.premises.id)
