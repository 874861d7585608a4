"""What departments report of enterprises and of their places of business, read from the texts of a row."""

from datetime import date
from typing import Final

from hub.kernel.identifiers import REGIONS, region_warnings
from hub.registry.annual_reports import ANNUAL_REPORTS
from hub.registry.premises_store import VERSIONED as PLACES_STORED
from hub.registry.reading.amounts import read_capital
from hub.registry.reading.cells import CellForm
from hub.registry.reading.days import read_optional_day
from hub.registry.reading.doubts import code_doubts, flags, period
from hub.registry.reading.errors import StateUnknownError
from hub.registry.reading.kinds import FieldText, ReadingContext, RowKind, Texts, Watched
from hub.registry.reading.values import (
    holds_markup,
    read_name,
    read_phone,
    read_position,
    read_text,
    read_uscc,
)
from hub.registry.records import EnterpriseRecord, PremisesRecord
from hub.registry.rules import EntityState, entity_type, parse_state
from hub.registry.store import VERSIONED as ENTERPRISES_STORED

REGION_DIGITS: Final = 6


def _check_enterprise(texts: Texts, _rest: Texts, context: ReadingContext) -> EnterpriseRecord:
    uscc, org_holds = read_uscc(texts["uscc"], "uscc", context.exceptions)
    name = read_name(texts["name"], "name")
    type_text, person, authority, industry, address, scope_text = (
        read_text(texts.get(field, ""), field)
        for field in ("type_text", "person", "authority", "industry", "address", "scope_text")
    )
    established_on, term_to = period(texts, "established_on", "term_to", context)
    approved_on = read_optional_day(texts.get("approved_on", ""), "approved_on", context.zone)
    state = _entity_state(texts["state"])
    capital, capital_doubt = read_capital(texts.get("capital", ""), "capital")
    region, region_doubts = _region(texts.get("region", ""), uscc, context.today)
    doubts = flags(
        STATE_UNCONFIRMED=state is EntityState.UNCONFIRMED,
        FACE_INCOMPLETE=not (type_text and person and authority and scope_text),
        IN_FUTURE=established_on > context.today,
        AMOUNT_TEXT=capital_doubt,
        MARKUP_IN_NAME=holds_markup(name),
    )
    return EnterpriseRecord(
        uscc=uscc,
        name=name,
        entity_type=entity_type(uscc, type_text),
        type_text=type_text,
        person=person,
        capital=capital,
        established_on=established_on,
        term_to=term_to,
        authority=authority,
        approved_on=approved_on,
        state=state,
        state_text=read_text(texts["state"], "state"),
        address=address,
        region=region,
        industry=industry,
        scope_text=scope_text,
        quality=(*code_doubts(uscc, context, org_holds=org_holds), *doubts, *region_doubts),
    )


def _entity_state(text: str) -> EntityState:
    state = parse_state(text)
    if state is None:
        raise StateUnknownError("state", text)
    return state


def _region(text: str, uscc: str, today: date) -> tuple[str, tuple[str, ...]]:
    """A GB/T 2260 code from a code or a name, else the registry's own from the credit code; and doubts about it."""
    by_name = next((region.code for region in REGIONS if region.name.zh == text), None)
    if by_name is None and text and not _is_region(text):
        return uscc[2:8], ("REGION_UNKNOWN",)
    code = by_name or text or uscc[2:8]
    return code, tuple(problem.reason for problem in region_warnings(code, on=today))


def _is_region(text: str) -> bool:
    return len(text) == REGION_DIGITS and text.isascii() and text.isdigit()


def _check_premises(texts: Texts, _rest: Texts, context: ReadingContext) -> PremisesRecord:
    uscc, _ = read_uscc(texts["uscc"], "uscc", context.exceptions)
    region, _ = _region(texts.get("region", ""), uscc, context.today)
    position = read_position(texts.get("latitude", ""), texts.get("longitude", ""))
    return PremisesRecord(
        uscc=uscc,
        name=read_name(texts["name"], "name"),
        address=read_text(texts["address"], "address"),
        region=region,
        area=read_text(texts.get("area", ""), "area"),
        latitude=None if position is None else position[0],
        longitude=None if position is None else position[1],
        phone=read_phone(texts.get("phone", ""), "phone"),
    )


ENTERPRISES = RowKind(
    name="enterprises",
    record=EnterpriseRecord,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60),
        FieldText("name", CellForm.KEPT, 200),
        FieldText("type_text", CellForm.KEPT, 100),
        FieldText("person", CellForm.KEPT, 100),
        FieldText("capital", CellForm.KEPT, 40),
        FieldText("established_on", CellForm.DAY, 40),
        FieldText("term_to", CellForm.END, 40),
        FieldText("authority", CellForm.KEPT, 100),
        FieldText("state", CellForm.KEPT, 40),
        FieldText("address", CellForm.KEPT, 300),
        FieldText("region", CellForm.NUMBER, 30),
        FieldText("industry", CellForm.NUMBER, 10),
        FieldText("scope_text", CellForm.KEPT, 20_000),  # twenty times an ordinary one
        FieldText("approved_on", CellForm.DAY, 40),
    ),
    check=_check_enterprise,
    finders=(),
    stored=ENTERPRISES_STORED,
    watched=Watched(
        told={"state": "state", "name": "name", "from": "established_on", "to": "term_to"},
        days=("approved_on",),
    ),
)
PREMISES = RowKind(
    name="premises",
    record=PremisesRecord,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60),
        FieldText("name", CellForm.KEPT, 200),
        FieldText("address", CellForm.KEPT, 300),
        FieldText("region", CellForm.NUMBER, 30),
        FieldText("area", CellForm.KEPT, 60),
        FieldText("latitude", CellForm.FOLDED, 30),
        FieldText("longitude", CellForm.FOLDED, 30),
        FieldText("phone", CellForm.NUMBER, 30),
    ),
    check=_check_premises,
    stored=PLACES_STORED,
)
KINDS = (ENTERPRISES, PREMISES, ANNUAL_REPORTS)
