"""A code in an officer's hands: scanned, photographed, typed or opened by its address; the verdict comes first."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from urllib.parse import urlsplit

from flask import render_template, request

from hub.access.looks import PURPOSES, standing_look
from hub.codes.picture_reading import MAX_PICTURE_BYTES
from hub.codes.pictures import sort_out, texts_in, worst
from hub.codes.plates.queries import group_plate_id
from hub.codes.rules import Viewer
from hub.codes.verification.service import Looker
from hub.codes.verification.verdicts import CodeVerdict
from hub.codes.verification.words import OUTCOME_COLOURS, license_is_bad, verdict_word
from hub.ends.enforcement.blueprint import blueprint
from hub.ends.enforcement.remarks import OfficerRemarks, place_of, split_position
from hub.kernel.actor import Role
from hub.kernel.errors import InvalidInputError
from hub.kernel.outcomes import Outcome
from hub.licenses.colours.rules import Colour
from hub.supervision.clones.geography import Position
from hub.web import forms
from hub.web.budgets import PICTURE_BYTES, Budget
from hub.web.context import now, require_actor, services
from hub.web.guards import may_cost, roles, scan_page
from hub.web.limits import Rate
from schemas.enforcement import ScannedTextSchema, TypedPlateSchema
from signing import trimmed

MAX_HOST_CHARS = 253  # the longest name of a host (RFC 1035)
MAX_READ = 50  # texts of one form: a camera's reader tells sixteen at most
DYNAMIC = "D"  # first letter of every code shown on a screen
GRAVITY = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREY, None)  # what matters at the door comes first
PICTURES: Mapping[Outcome, str] = {  # icons large enough to be read at arm's length
    Outcome.VALID: "circle-check",
    Outcome.ATTENTION: "triangle-alert",
    Outcome.REFUSED: "octagon-alert",
    Outcome.UNKNOWN: "cloud-off",
}


class PictureMissingError(InvalidInputError):
    reason = "PICTURE_MISSING"
    field = "picture"
    zh = "请先选择一张照片。"
    en = "Choose a picture first."


@blueprint.get("/scan")
@scan_page
@roles(Role.OFFICER)
def scanner() -> str:
    return render_template("enforcement/scan.html")


@blueprint.post("/scan")
@roles(Role.OFFICER)
def scan() -> str:
    """Show the verdict on a scanned text. A shown code is used up by this, so the answer is this page and no other."""
    (form, position), shape = split_position(forms.submitted()), ScannedTextSchema()
    more = request.form.getlist("text")[1:MAX_READ]  # where a camera saw several
    texts = [shape.load(form)["text"], *(shape.load({"text": text})["text"] for text in more)]
    return _result(texts, by=require_actor(), position=position)


@blueprint.post("/picture")
@may_cost(Budget(body=PICTURE_BYTES, is_heavy=True))
@roles(Role.OFFICER, rate=Rate.FORM)
def picture() -> str:
    """Show the verdict on a photograph, read here when the browser could not."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        raise PictureMissingError
    with closing(sent):
        texts = texts_in(sent.stream.read(MAX_PICTURE_BYTES + 1), sandbox=services().sandbox)
    return _result(texts, by=require_actor())


@blueprint.post("/plate")
@roles(Role.OFFICER, rate=Rate.FORM)
def typed() -> str:
    """Show the verdict on a typed plate number; the rate of forms and the number's own check make guessing hopeless."""
    plate = TypedPlateSchema().load(forms.submitted())["plate"]
    verdict = services().verification.verify_typed(plate, now=now(), by=require_actor())
    return _page(verdict, typed_id=plate)


@blueprint.get("/code/<code>")
@roles(Role.OFFICER)
def scan_result(code: str) -> str:
    """Show a code opened by its address: no act, so that the scan is counted and stands in nobody's name.

    A shown code is used up only by pressing the button.
    """
    if trimmed(code).startswith(DYNAMIC):
        return render_template("enforcement/shown.html", code=code)
    return _result([code], by=Viewer.OFFICER)


def _result(texts: Sequence[str], *, by: Looker, position: Position | None = None) -> str:
    """Of several codes of ours the worst counts; those of others are passed over and named."""
    verification = services().verification
    codes = sort_out(texts, verification.scanned)
    verdicts = [verification.verify(text, now=now(), by=by) for text in codes.judged]
    verdict = worst(verdicts)
    text = codes.judged[verdicts.index(verdict)]
    host = foreign_host(text, own=services().settings.host)
    place = place_of(verdict, position)
    return _page(verdict, host=host, passed_over=codes.passed_over, judged=len(verdicts), place=place)


def foreign_host(text: str, *, own: str) -> str | None:
    """Return the host that a refused code leads to, in letters that cannot imitate others; None for our own or for none."""
    try:
        netloc = urlsplit(text).netloc
        host = netloc.rpartition("@")[2].encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    return host[:MAX_HOST_CHARS] if host and host != own else None


def _page(
    verdict: CodeVerdict,
    *,
    host: str | None = None,
    typed_id: str = "",
    passed_over: tuple[str, ...] = (),
    judged: int = 1,
    place: OfficerRemarks | None = None,
) -> str:
    is_grave = license_is_bad(verdict)
    shown = Outcome.REFUSED if is_grave else verdict.outcome
    first = verdict.enterprise.reason if verdict.enterprise and is_grave else None
    reasons = verdict.reasons[::-1]  # what is wrong stands behind what is in order
    return render_template(
        "enforcement/verdict.html",
        verdict=verdict,
        word=verdict_word(verdict),
        colour=OUTCOME_COLOURS[shown],
        picture=PICTURES[shown],
        reasons=sorted(reasons, key=lambda reason: reason != first),
        licenses=sorted(verdict.licenses, key=lambda one: GRAVITY.index(one.colour)),
        host=None if verdict.genuine else host,
        typed_id=typed_id,
        passed_over=passed_over,
        judged=judged,
        place=place or place_of(verdict, None),
        plate_id=group_plate_id(verdict.plate_id) if verdict.plate_id else "",
        purposes=PURPOSES,
        is_open=verdict.enterprise is not None and _may_see(verdict.enterprise.uscc),
    )


def _may_see(uscc: str) -> bool:
    return standing_look(actor=require_actor(), uscc=uscc, now=now(), db=services().db) is not None
