"""Plates by commercial area: coverage, issue, print sheets, confirm in place, suspend, lost, void."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from tempfile import TemporaryFile

from flask import Response, render_template, request, send_file, url_for
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from hub.codes.plates import pages
from hub.codes.plates.areas import MAX_PLATES_AT_ONCE, PlateFilter, issue_some, place_plates
from hub.codes.plates.proposals import ask_reinstatement
from hub.codes.plates.queries import PlateListRow
from hub.codes.plates.service import change_plate, end_plate
from hub.codes.printing import GlyphMissingError, PlateFace, named_characters, plate_face, write_sheets
from hub.codes.rules import PLATE_ACTION_NAMES, PLATE_ENDS, PlateAction, PlateEnd, actions_from
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.context import argument, back_to, cursor, press
from hub.kernel.actor import Role
from hub.kernel.errors import InvalidInputError, NotFoundError
from hub.kernel.messages import Message
from hub.web import forms, notices
from hub.web.context import clearance, now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import said
from hub.web.limits import Rate
from hub.web.navigation import pager
from schemas.government import ActReasonSchema, AreaChoiceSchema, PlateEndingSchema

VOIDED = Message("码牌已作废。", "The plate is void.")
SHOWN: Mapping[PlateFilter, LazyString] = {
    PlateFilter.ALL: lazy_gettext("All"),
    PlateFilter.WITHOUT: lazy_gettext("Without a plate"),
    PlateFilter.TO_PLACE: lazy_gettext("To be put up"),
    PlateFilter.PLACED: lazy_gettext("In place"),
    PlateFilter.HELD: lazy_gettext("Suspended or lost"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What an official can do with a plate: the last part of its address, what it means, what is said afterwards.

    `done` None: a second official decides, and nothing is done yet.
    """

    address: str
    action: PlateAction
    meaning: LazyString
    done: Message | None = None
    is_danger: bool = False

    @property
    def name(self) -> Message:
        return PLATE_ACTION_NAMES[self.action]


_TOLD = lazy_gettext("Whoever scans it will be told that it is not in use.")
_BELIEVED = lazy_gettext("The plate is believed again; confirm that it hangs in its place.")
STEPS: Mapping[str, Step] = {
    step.address: step
    for step in (
        Step(
            "place",
            PlateAction.PLACE,
            lazy_gettext("The plate hangs in its place."),
            Message("已确认铺设。", "Confirmed in its place."),
        ),
        Step(
            "suspend",
            PlateAction.SUSPEND,
            _TOLD,
            Message("已停用，扫码将提示不在使用中。", "Suspended; whoever scans it is told."),
            is_danger=True,
        ),
        Step(
            "lost",
            PlateAction.REPORT_LOST,
            _TOLD,
            Message("已挂失，扫码将提示不在使用中。", "Reported lost; whoever scans it is told."),
            is_danger=True,
        ),
        Step("resume", PlateAction.RESUME, _BELIEVED),
        Step("found", PlateAction.FIND, _BELIEVED),
    )
}
ASKED = Message("已提请第二人决定。", "A second person has been asked to decide.")


class NothingTickedError(InvalidInputError):
    reason = "NOTHING_TICKED"
    field = "plate"
    zh = "请先勾选已张贴的码牌。"
    en = "Tick the plates that hang in their places first."


class PlateEndUnknownError(InvalidInputError):
    reason = "PLATE_END"
    field = "reason"
    zh = "请选择作废原因。"
    en = "Choose why the plate ends."


@blueprint.get("/plates")
@roles(Role.OFFICIAL)
def plates() -> str:
    areas, counts = pages.coverage(by=require_actor(), db=services().db)
    return render_template("government/plates.html", areas=areas, counts=counts)


@blueprint.get("/plates/area")
@roles(Role.OFFICIAL)
def area() -> str:
    name, wanted = argument("name"), argument("show")
    show = PlateFilter(wanted) if wanted in set(PlateFilter) else PlateFilter.ALL
    found = pages.area(
        name,
        by=require_actor(),
        clearance=clearance(),
        show=show,
        cursor=cursor(),
        limit=PAGE,
        db=services().db,
    )
    state, page = found.state, found.premises
    return render_template(
        "government/area.html",
        state=state,
        page=page,
        tab_items=[
            (
                url_for("government.area", name=name, show=None if one is PlateFilter.ALL else one),
                text,
                one is show,
            )
            for one, text in SHOWN.items()
        ],
        can_tick=any(row.can_place for row in page.rows),
        pager=pager(
            "government.area", is_first=not cursor(), older=page.next_cursor, name=state.area, show=show
        ),
        is_issuing=argument("issuing") == "1" and state.waiting > 0,
    )


@blueprint.post("/plates/area/issue")
@roles(Role.OFFICIAL)
def issue() -> Response:
    """Make plates for the area, a bounded number per request; the page goes on until all are made."""
    name = AreaChoiceSchema().load(forms.submitted())["area"]
    made = issue_some(name, press=press(), by=require_actor(), now=now(), db=services().db)
    if made >= MAX_PLATES_AT_ONCE:
        return back_to(url_for("government.area", name=name, issuing=1))
    report = Message(f"本次制码 {made} 块，该区域已全部制码。", f"{made} plates made; the area is complete.")
    return back_to(url_for("government.area", name=name), report)


@blueprint.post("/plates/area/placed")
@roles(Role.OFFICIAL)
def placed() -> Response:
    """Confirm that the ticked plates hang in their places."""
    name = AreaChoiceSchema().load({"area": request.form.get("area", "")})["area"]
    ticked = request.form.getlist("plate")
    if not ticked:
        raise NothingTickedError
    done = place_plates(ticked, by=require_actor(), now=now(), db=services().db)
    report = Message(
        f"已确认铺设 {done.placed} 块，跳过 {done.passed_over} 块。",
        f"{done.placed} confirmed in place, {done.passed_over} passed over.",
    )
    return back_to(url_for("government.area", name=name, show=PlateFilter.TO_PLACE), report)


@blueprint.get("/plates/area/sheets.pdf")
@roles(Role.OFFICIAL, rate=Rate.EXPORT)
def sheets() -> Response:
    """Send the print sheets of an area, written to a temporary file: memory does not grow with the number."""
    name = argument("name")
    rows = pages.plates_to_print(name, by=require_actor(), clearance=clearance(), db=services().db)
    out = TemporaryFile()  # noqa: SIM115  # closed by the answer once it is sent
    with ExitStack() as undo:
        undo.callback(out.close)
        printed = write_sheets((_face(row) for row in rows), out, title=name)
        undo.pop_all()
    shown = printed.unprintable[:10]
    if not printed.plates:
        out.close()
        if shown:
            raise GlyphMissingError("".join(dict.fromkeys("".join(one.characters for one in shown))))
        raise NotFoundError
    if shown:
        ids = "、".join(f"{one.face.plate_id} {named_characters(one.characters)}" for one in shown)
        notices.say(
            Message(f"有码牌因字库缺字未能打印：{ids}", f"Not printed, as no font has the characters: {ids}"),
            tone="warn",
        )
    out.seek(0)
    return send_file(out, mimetype="application/pdf", as_attachment=True, download_name="plates.pdf")


@blueprint.get("/plates/<plate_id>")
@roles(Role.OFFICIAL)
def plate(plate_id: str) -> str:
    row = pages.plate(plate_id, by=require_actor(), clearance=clearance(), db=services().db)
    actions = actions_from(row.plate.state)
    return render_template(
        "government/plate.html",
        row=row,
        steps=sorted(
            (step for step in STEPS.values() if step.action in actions),
            key=lambda step: actions.index(step.action),
        ),
        ends=[("", _("Choose")), *((end, said(name)) for end, name in PLATE_ENDS.items())],
        void=said(PLATE_ACTION_NAMES[PlateAction.VOID]) if PlateAction.VOID in actions else None,
    )


@blueprint.post("/plates/<plate_id>/<any(place, suspend, lost):step>")
@roles(Role.OFFICIAL)
def step_plate(plate_id: str, step: str) -> Response:
    chosen = STEPS[step]
    change_plate(plate_id, action=chosen.action, by=require_actor(), now=now(), db=services().db)
    return back_to(url_for("government.plate", plate_id=plate_id), chosen.done)


@blueprint.post("/plates/<plate_id>/<any(resume, found):step>")
@roles(Role.OFFICIAL)
def bring_back(plate_id: str, step: str) -> Response:
    """Ask that the plate is believed again; a second official decides."""
    reason = ActReasonSchema().load(forms.submitted())["words"]
    asked = ask_reinstatement(
        plate_id, action=STEPS[step].action, reason=reason, by=require_actor(), now=now(), db=services().db
    )
    return back_to(url_for("government.proposal", proposal_id=asked), ASKED)


@blueprint.post("/plates/<plate_id>/void")
@roles(Role.OFFICIAL)
def void_plate(plate_id: str) -> Response:
    reason = PlateEndingSchema().load(forms.submitted())["reason"]
    if reason not in set(PlateEnd):
        raise PlateEndUnknownError
    end_plate(plate_id, reason=PlateEnd(reason), by=require_actor(), now=now(), db=services().db)
    return back_to(url_for("government.plate", plate_id=plate_id), VOIDED)


def _face(row: PlateListRow) -> PlateFace:
    """What is printed, with the address under which the hub answers today; it is no part of what is signed."""
    settings = services().settings
    face = plate_face(row, base_url=settings.base_url, demo=settings.demo)
    return replace(face, text=f"{settings.base_url}/c/{face.text.rpartition('/')[2]}")
